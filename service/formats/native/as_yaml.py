"""Our own files as one: ladder.yaml, and after a line `---` blueprint.yaml where there is one. Lossless both ways."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.formats.rules import Given, Note, Path, Understood, sentence
from service.ladders.rules import Blueprint, Ladder
from service.ladders.writing import to_texts
from service.ladders.yamltext import Parsed, parse

NAME, TITLE = "yaml", "Nextrung YAML"
ENDINGS: tuple[str, ...] = (".yaml", ".yml")
MEDIA_TYPE = "application/yaml"
LADDER, BLUEPRINT = "nextrung-ladder/", "nextrung-blueprint/"
MOST_PARTS = 2
_BETWEEN = re.compile(rb"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_OURS = re.compile(
    rb"(?:\A|^)(?:\xef\xbb\xbf)?[\"']?format[\"']?:[ \t]*[\"']?nextrung-(?:ladder|blueprint)/", re.MULTILINE
)


@dataclass(frozen=True)
class _Part:
    """One document of the file, and the lines before it."""

    parsed: Parsed
    above: int

    @property
    def kind(self) -> str:
        data = self.parsed.data
        return str(data.get("format")) if isinstance(data, dict) else ""

    @property
    def places(self) -> dict[Path, str]:
        return {path: _words(self.above + at.line, at.column) for path, at in self.parsed.places.items()}

    @property
    def faults(self) -> list[Note]:
        return [Note(_words(self.above + p.line, p.column), sentence(p.message)) for p in self.parsed.problems]


def fits(_name: str, content: bytes) -> bool:
    return _OURS.search(content[:100_000]) is not None


def read(content: bytes, _given: Given) -> Understood:
    parts = list(_parts(content))
    faults = [fault for part in parts for fault in part.faults]
    if len(parts) > MOST_PARTS:
        at = _words(parts[MOST_PARTS].above + 1, 1)
        faults.append(Note(at, "Here a third document begins; a file holds one ladder and at most one blueprint."))
    found = {kind: [part for part in parts if part.kind.startswith(kind)] for kind in (LADDER, BLUEPRINT)}
    for same in found.values():
        words = "This is the second document of its kind; leave one."
        faults += [Note(_words(part.above + 1, 1), words) for part in same[1:]]
    ladder, blueprint = (next(iter(same), None) for same in found.values())
    if ladder is None and not faults:
        words = "There is no ladder in it, only its blueprint. A line “format: nextrung-ladder/1” begins a ladder."
        faults.append(Note("line 1", words))
    if faults or ladder is None:
        return Understood(None, faults=tuple(faults))
    return Understood(
        ladder.parsed.data,
        blueprint.parsed.data if blueprint else None,
        places=ladder.places,
        blueprint_places=blueprint.places if blueprint else {},
    )


def write(ladder: Ladder, blueprint: Blueprint | None) -> bytes:
    return "---\n".join(text for text in to_texts(ladder, blueprint) if text).encode()


def _parts(content: bytes) -> Iterator[_Part]:
    ends = [match.span() for match in _BETWEEN.finditer(content)]
    ends = [(start, end) for start, end in ends if content[:start].strip(b"\xef\xbb\xbf \t\r\n")][:MOST_PARTS]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(content)]
    for start, stop in zip(starts, stops, strict=True):
        yield _Part(parse("", content[start:stop]), content.count(b"\n", 0, start))


def _words(line: int, column: int) -> str:
    return f"line {line}, column {column}"
