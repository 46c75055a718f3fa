"""The checks of ladder files on data from elsewhere, with each problem told at its place in the file it came from. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.formats.rules import Note, Understood, sentence
from service.ladders.files import read_parsed, read_texts
from service.ladders.rules import Blueprint, Ladder
from service.ladders.writing import to_texts
from service.ladders.yamltext import UNPRINTABLE, Parsed, Path, Place

MOST_TOLD = 200


@dataclass(frozen=True)
class Checked:
    """The ladder with the text of its files, where there are no problems; else the first 200 of them, and how many there are."""

    ladder: Ladder | None
    blueprint: Blueprint | None
    texts: tuple[str, str | None] | None
    problems: tuple[Note, ...]
    found: int


def check(understood: Understood) -> Checked:
    """What a filled-in reading makes, or every problem of it."""
    if understood.ladder is None or understood.faults:
        return _refused(list(understood.faults))
    ladder = _place("ladder", understood.ladder, understood.places)
    blueprint = None
    if understood.blueprint is not None:
        blueprint = _place("blueprint", understood.blueprint, understood.blueprint_places)
    reading = read_parsed("", ladder, blueprint)
    if reading.ladder is None:
        files = {file.path: file for file in (ladder, blueprint) if file}
        return _refused([files[each.path].note(each.line, each.message) for each in reading.problems])
    texts = to_texts(reading.ladder, reading.blueprint)
    again = read_texts(texts[0].encode(), texts[1].encode() if texts[1] else None)
    if again.problems:  # too large as a file of ours
        return _refused([Note("", each.message) for each in again.problems])
    return Checked(reading.ladder, reading.blueprint, texts, (), 0)


def _refused(problems: list[Note]) -> Checked:
    return Checked(None, None, None, tuple(problems[:MOST_TOLD]), len(problems))


@dataclass
class _Placed(Parsed):
    """Data whose values have a number instead of a line, and the words for their place beside it."""

    told: Mapping[Path, str] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)

    def where(self, path: Path) -> str:
        place = self._nearest(path)
        return f"at {place}" if place else "in this file"

    def note(self, number: int, message: str) -> Note:
        """A problem of the checks in the words of the file."""
        path = self.paths[number - 1]
        return Note(self._nearest(path) or _fields(path), sentence(message))

    def _nearest(self, path: Path) -> str:
        return next((self.told[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.told), "")


def _fields(path: Path) -> str:
    """A place in words where the file has none: "levels 2, title"."""
    return re.sub(r", (?=\d)", " ", ", ".join(str(step + 1) if isinstance(step, int) else step for step in path))


def _place(path: str, data: dict[str, Any], told: Mapping[Path, str]) -> _Placed:
    placed = _Placed(path, data, usable=True, told=told)
    for at, value in _walk(data, ()):
        placed.paths.append(at)
        placed.places[at] = Place(len(placed.paths), 1, str(value) if isinstance(value, int | float) else "")
        if isinstance(value, str) and UNPRINTABLE.search(value):
            placed.problems.append(placed.problem(at, "character", "the text holds a control character; take it out"))
            placed.broken.add(at)
    return placed


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from _walk(child, (*path, key))
