"""Objectives and key results without a database: what they are made of, how they are measured, and whose they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

HORIZONS = (30, 60, 90)
"""Days from the start date of a person's plan."""

RHYTHM = timedelta(days=7)
"""From one check-in to the next."""

MOST_KEY_RESULTS = 10
"""Of one objective."""


class Direction(StrEnum):
    """The first two move away from a baseline; the last two are thresholds, met or not."""

    INCREASE = "increase"
    DECREASE = "decrease"
    AT_LEAST = "at-least"
    AT_MOST = "at-most"

    @property
    def is_threshold(self) -> bool:
        return self in (Direction.AT_LEAST, Direction.AT_MOST)

    @property
    def goes_up(self) -> bool:
        return self in (Direction.INCREASE, Direction.AT_LEAST)


class ObjectiveStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class KeyResult:
    """`baseline` and `target` are in `unit`."""

    title: str
    metric: str
    unit: str
    direction: Direction
    baseline: Decimal | None
    target: Decimal | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Objective:
    """`serves_gaps` are skill ids of the plan's target level, `serves` an objective above it, in words; `is_aligned` where one
    is chosen."""

    title: str
    horizon: int
    why: str
    serves_gaps: tuple[str, ...]
    serves: str
    due_on: date | None
    key_results: tuple[KeyResult, ...]
    is_aligned: bool = False


def horizon_end(start_on: date, horizon: int) -> date:
    """The last day of a horizon. The 30-day horizon of a plan that starts on 1 March ends on 31 March."""
    return start_on + timedelta(days=horizon)


def exact(number: Decimal | None) -> str | None:
    """A number as it is kept: exact decimal text."""
    return None if number is None else f"{number:f}"


def read_exact(text: str | None) -> Decimal | None:
    """The number that `exact` kept."""
    return None if text is None else Decimal(text)


@dataclass(frozen=True, slots=True)
class Unit:
    """An org unit; `parent_id` is the one above it."""

    id: UUID
    name: str
    parent_id: UUID | None


class Units:
    """The org units as a tree. The company is `None`: it stands above all of them, and where one unit alone stands at the
    top, that unit is the company."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.id: unit for unit in sorted(units, key=lambda unit: (unit.name, unit.id))}
        tops = [unit for unit in self._units.values() if unit.parent_id is None]
        self._company = tops[0] if len(tops) == 1 else None

    def place(self, unit_id: UUID | None) -> UUID | None:
        """The unit as objectives name it: None for the company, whichever way it was named."""
        return None if self._company and unit_id == self._company.id else unit_id

    def name(self, unit_id: UUID | None) -> str:
        if unit_id is None:
            return self._company.name if self._company else "The company"
        return self._units[unit_id].name

    def chain(self, unit_id: UUID | None) -> tuple[UUID | None, ...]:
        """The unit, those above it, and the company last."""
        found: list[UUID | None] = []
        here = self.place(unit_id)
        while here is not None:
            found.append(here)
            here = self.place(self._units[here].parent_id)
        return (*found, None)

    def listed(self) -> tuple[UUID | None, ...]:
        """The company first, then each unit before those below it, by name."""
        below: dict[UUID | None, list[UUID]] = {}
        for unit in self._units.values():
            if self.place(unit.id) is not None:
                below.setdefault(self.place(unit.parent_id), []).append(unit.id)
        return (None, *_down(below, None))

    def depth(self, unit_id: UUID | None) -> int:
        """0 for the company, 1 for a department, more below."""
        return len(self.chain(unit_id)) - 1

    def below(self, unit_id: UUID | None) -> frozenset[UUID | None]:
        """The unit and those below it; of the company, all."""
        return frozenset(each for each in self.listed() if self.place(unit_id) in self.chain(each))

    def __contains__(self, unit_id: UUID | None) -> bool:
        return unit_id is None or unit_id in self._units


def _down(below: Mapping[UUID | None, list[UUID]], top: UUID | None) -> Iterable[UUID]:
    for unit_id in below.get(top, ()):
        yield unit_id
        yield from _down(below, unit_id)


def title_of(unit_name: str, *, company: bool) -> str:
    """Whose objective it is, as pages and documents say before its title."""
    return "Company objective" if company else f"Objective of {unit_name}"


def most_at_once(periods: Iterable[tuple[date, date]]) -> int:
    """How many of these periods, first to last day, run on the same day at most."""
    days = sorted(day for first, last in periods for day in ((first, -1), (last, 1)))
    running = most = 0
    for _, step in days:  # what begins on a day (-1) comes before what ends on it
        running -= step
        most = max(most, running)
    return most
