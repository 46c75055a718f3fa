"""What differs between two texts of a draft, line by line. The one place that a finer comparison takes over from."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from service.ladderdrafts.matching import matching
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
    lines = list(_lines(old, new))
    kinds = [line.kind for line in lines]
    return FileDifference(file, tuple(_places(lines)), kinds.count(Kind.REMOVED), kinds.count(Kind.ADDED))


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    """Every line, those removed before those added in their place."""
    stayed = matching(old, new) if max(len(old), len(new)) <= MOST_LINES else []
    one = other = 0
    for old_at, new_at in [*stayed, (len(old), len(new))]:
        yield from (Line(Kind.REMOVED, at + 1, old[at]) for at in range(one, old_at))
        yield from (Line(Kind.ADDED, at + 1, new[at]) for at in range(other, new_at))
        if new_at < len(new):
            yield Line(Kind.SAME, new_at + 1, new[new_at])
        one, other = old_at + 1, new_at + 1


def _places(lines: list[Line]) -> Iterator[tuple[Line, ...]]:
    """The changes, each with what is around it."""
    near = {
        n for at, line in enumerate(lines) if line.kind is not Kind.SAME for n in range(at - AROUND, at + AROUND + 1)
    }
    for is_near, group in groupby(enumerate(lines), key=lambda it: it[0] in near):
        if is_near:
            yield tuple(line for _, line in group)
