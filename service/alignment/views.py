"""Objectives of the company and its units as a reader gets them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from service.alignment.rules import Progress, RollUp
from service.objectives.checks import Remark, errors
from service.objectives.queries import Above
from service.objectives.rules import Direction, ObjectiveStatus
from service.plans.rules import PlanStatus


@dataclass(frozen=True, slots=True)
class UnitObjectiveLine:
    """An objective in the tree. `unit` is empty for the company's, `label` says whose it is; `above` is the one it serves;
    `aligned` are the objectives directly aligned to it, `below` those of them that are shown."""

    id: UUID
    title: str
    unit_id: UUID | None
    unit: str
    label: str
    owner: str
    owner_left: bool
    starts_on: date
    due_on: date
    status: ObjectiveStatus
    progress: Progress
    aligned: RollUp
    above: Above | None
    below: tuple["UnitObjectiveLine", ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """`remarks` are the advice on how many run at once, `units` (id, name, depth) and `quarters` what can be chosen."""

    company: str
    lines: tuple[UnitObjectiveLine, ...]
    remarks: tuple[Remark, ...]
    units: tuple[tuple[UUID, str, int], ...]
    quarters: tuple[str, ...]
    may_add: bool


@dataclass(frozen=True, slots=True)
class UnitKeyResultView:
    """`percent` is the share of the way gone; `value_by` who brought the last value."""

    id: UUID
    title: str
    metric: str
    unit: str
    direction: Direction
    baseline: Decimal | None
    target: Decimal | None
    value: Decimal | None
    value_on: date | None
    value_by: str
    percent: int


@dataclass(frozen=True, slots=True)
class PersonalLine:
    """A person's objective that is aligned to one, in a plan that the reader may read."""

    title: str
    person: str
    plan_id: UUID
    plan_title: str
    status: PlanStatus
    progress: Progress


@dataclass(frozen=True, slots=True)
class UnitObjectiveView:
    """One objective. `remarks` have pointers relative to it; `people` are at most as many as a page shows, `more_people` how
    many else there are."""

    id: UUID
    title: str
    why: str
    unit_id: UUID | None
    unit: str
    label: str
    owner_id: UUID
    owner: str
    owner_left: bool
    starts_on: date
    due_on: date
    status: ObjectiveStatus
    progress: Progress
    aligned: RollUp
    above: Above | None
    key_results: tuple[UnitKeyResultView, ...]
    below: tuple[UnitObjectiveLine, ...]
    people: tuple[PersonalLine, ...]
    more_people: int
    remarks: tuple[Remark, ...]
    may_write: bool
    version: int

    @property
    def errors(self) -> int:
        return len(errors(self.remarks))


@dataclass(frozen=True, slots=True)
class Places:
    """What the form of an objective offers: (id, name, depth) of each unit whose objectives the reader may write, the company's
    id being None; and what it can serve, by whose it is."""

    units: tuple[tuple[UUID | None, str, int], ...]
    above: tuple[tuple[str, tuple[Above, ...]], ...]
