"""What differs between two texts of a draft, line by line. The one place that a finer comparison takes over from."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from service.ladders.inputs import LadderTexts

AROUND = 2
"""So many lines that are the same stand around each change."""

MOST_LINES = 4000
"""Beyond this a difference is told as a whole, since nobody reads it line by line."""


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts in the text it stands in: the old one of what was removed, else the new one."""

    kind: Kind
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class FileDifference:
    """The changed places of one file, each with a little of what is around it."""

    file: str
    places: tuple[tuple[Line, ...], ...]
    removed: int
    added: int


def differences(before: LadderTexts | None, after: LadderTexts) -> tuple[FileDifference, ...]:
    """What differs, file by file; files that are the same are left out. Before the first text nothing stood."""
    pairs = (
        ("ladder.yaml", before.ladder_yaml if before else "", after.ladder_yaml),
        ("blueprint.yaml", (before.blueprint_yaml if before else "") or "", after.blueprint_yaml or ""),
    )
    found = [_difference(file, old.splitlines(), new.splitlines()) for file, old, new in pairs if old != new]
    return tuple(each for each in found if each.places)


def _difference(file: str, old: list[str], new: list[str]) -> FileDifference:
    places = tuple(tuple(_lines(old, new, group)) for group in _groups(old, new))
    kinds = [line.kind for place in places for line in place]
    return FileDifference(file, places, kinds.count(Kind.REMOVED), kinds.count(Kind.ADDED))


Step = tuple[str, int, int, int, int]


def _groups(old: list[str], new: list[str]) -> Iterator[list[Step]]:
    if not old or not new or max(len(old), len(new)) > MOST_LINES:
        yield [("replace", 0, len(old), 0, len(new))]
        return
    yield from SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)


def _lines(old: list[str], new: list[str], group: list[Step]) -> Iterator[Line]:
    for kind, old_from, old_to, new_from, new_to in group:
        if kind == "equal":
            yield from (Line(Kind.SAME, n + 1, new[n]) for n in range(new_from, new_to))
            continue
        yield from (Line(Kind.REMOVED, n + 1, old[n]) for n in range(old_from, old_to))
        yield from (Line(Kind.ADDED, n + 1, new[n]) for n in range(new_from, new_to))
