"""Objectives of the company and its units: how far they are, and how they hang together. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from service.errors import Conflict, Invalid, Problem
from service.objectives.progress import mean_of, percent, share_of
from service.objectives.rules import Direction, Units

Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Measure:
    """A key result as progress reads it: from where, to where, and the last value."""

    direction: Direction
    baseline: Decimal | None
    target: Decimal | None
    value: Decimal | None

    @property
    def share(self) -> Fraction:
        """Without a number to reach there is no way to it (K1 asks for one)."""
        if self.target is None:
            return Fraction(0)
        return share_of(self.direction, self.baseline, self.target, self.value)


@dataclass(frozen=True, slots=True)
class Progress:
    """The plain mean of the key results' shares. `percent` is None without key results; `measured` of them have a value."""

    percent: int | None
    measured: int
    count: int


def progress_of(measures: Collection[Measure]) -> Progress:
    mean = mean_of([measure.share for measure in measures])
    measured = sum(measure.value is not None for measure in measures)
    return Progress(None if mean is None else percent(mean), measured, len(measures))


@dataclass(frozen=True, slots=True)
class RollUp:
    """The mean progress of the objectives directly aligned to one, as far as the reader may read them: beside its own
    progress, never in its place. `units` of them belong to units, `people` to persons; `unmeasured` of them have no value yet
    and count as nothing gone."""

    percent: int | None
    units: int
    people: int
    unmeasured: int


def roll_up(units: Collection[Collection[Measure]], people: Collection[Collection[Measure]]) -> RollUp:
    every = (*units, *people)
    mean = mean_of([mean_of([measure.share for measure in measures]) or Fraction(0) for measures in every])
    unmeasured = sum(all(measure.value is None for measure in measures) for measures in every)
    return RollUp(None if mean is None else percent(mean), len(units), len(people), unmeasured)


MOST_DEEP = 10
"""So many objectives below each other: company, departments and teams need five."""


def check_parent(
    units: Units, objective_id: UUID | None, unit_id: UUID | None, parent_id: UUID | None,
    standing: Mapping[UUID, tuple[UUID | None, UUID | None]],
) -> None:  # fmt: skip
    """Go on only if an objective of this unit may serve that one. `standing` are (unit, parent) of all there are.

    Raises: Invalid (not there, not above, or a circle), Conflict (objectives below it would no longer stand below).
    """
    if parent_id is not None and (parent_id not in standing or standing[parent_id][0] not in units.chain(unit_id)):
        words = "Choose an objective of the same unit, of one above it, or of the company."
        raise Invalid("An objective serves one above it.", [Problem("/parent_id", words)])
    here, above = parent_id, 0
    while here is not None:
        above += 1
        if here == objective_id:
            words = "That one serves this objective already, so they would serve each other in a circle. Choose another one."
            raise Invalid("An objective serves one above it.", [Problem("/parent_id", words)])
        here = standing[here][1]
    if above + _height(objective_id, standing) > MOST_DEEP:
        words = f"Objectives stand at most {MOST_DEEP} below each other. Choose one higher up."
        raise Invalid("An objective serves one above it.", [Problem("/parent_id", words)])
    below = [unit for unit, parent in standing.values() if objective_id is not None and parent == objective_id]
    if any(unit_id not in units.chain(unit) for unit in below):
        raise Conflict("Objectives of other units serve this one. Let them serve another one before it moves.")


def _height(objective_id: UUID | None, standing: Mapping[UUID, tuple[UUID | None, UUID | None]]) -> int:
    """How many rows of objectives there are from this one down, itself counted."""
    height, row = 1, {objective_id} - {None}
    while row and height <= MOST_DEEP:
        row = {id_ for id_, (_, parent) in standing.items() if parent in row}
        height += bool(row)
    return height


@dataclass(frozen=True, slots=True)
class Node:
    """An objective in the tree, with those that serve it; `id` is the objective's."""

    id: UUID
    below: tuple["Node", ...] = field(default=())


def grow(order: Sequence[UUID], parents: Mapping[UUID, UUID | None]) -> tuple[Node, ...]:
    """The tree of the objectives of `order`, which are shown; what serves none of them stands at the top."""
    below: dict[UUID | None, list[UUID]] = {}
    for objective_id in order:
        parent = parents[objective_id]
        below.setdefault(parent if parent in parents else None, []).append(objective_id)

    def nodes(parent: UUID | None) -> tuple[Node, ...]:
        return tuple(Node(objective_id, nodes(objective_id)) for objective_id in below.get(parent, ()))

    return nodes(None)


def quarter_of(day: date) -> str:
    """Such as 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def period_of(quarter: str) -> Period:
    """The first day of a quarter such as 2026-Q4, and the first one after it."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return date(year, number * 3 - 2, 1), date(year + number // 4, number * 3 % 12 + 1, 1)


def quarters(first: date, last: date, most: int = 12) -> list[str]:
    """The quarters from one day to another, the newest ones first."""
    found: list[str] = []
    start, _ = period_of(quarter_of(last))
    while start >= period_of(quarter_of(first))[0] and len(found) < most:
        found.append(quarter_of(start))
        start = period_of(f"{start.year - (start.month == 1)}-Q{(start.month // 3 - 1) % 4 + 1}")[0]
    return found


def day_before(day: date) -> date:
    return day - timedelta(days=1)
