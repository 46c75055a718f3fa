"""Check-ins as a reader gets them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from service.checkins.rules import State
from service.objectives.checks import Remark
from service.objectives.rules import Direction
from service.plans.rules import PlanStatus


@dataclass(frozen=True, slots=True)
class CheckInView:
    """`version` counts the corrections of its day, from 1. `replaces` are the earlier ones, the oldest first."""

    on: date
    value: Decimal
    confidence: int
    note: str
    author_name: str
    created_at: datetime
    version: int
    replaces: tuple["CheckInView", ...] = ()


@dataclass(frozen=True, slots=True)
class KeyResultProgress:
    """`check_ins` are those that count, one a day, the oldest first. `risks` says in words why it is at risk."""

    id: UUID
    title: str
    metric: str
    unit: str
    direction: Direction
    baseline: Decimal | None
    target: Decimal
    since: date
    due_on: date
    owner: str
    percent: int
    state: State
    risks: tuple[str, ...]
    check_ins: tuple[CheckInView, ...]

    @property
    def last(self) -> CheckInView | None:
        return self.check_ins[-1] if self.check_ins else None

    def on(self, day: date) -> CheckInView | None:
        """What stands for one day."""
        return next((found for found in self.check_ins if found.on == day), None)


@dataclass(frozen=True, slots=True)
class ObjectiveProgress:
    """`percent` is the mean of its key results. `projects` support it and count for nothing."""

    id: UUID
    title: str
    horizon: int
    due_on: date
    projects: tuple[str, ...]
    percent: int
    key_results: tuple[KeyResultProgress, ...]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A key result that is no longer in the plan, as it was worded last; `revision` is the first one without it, agreed on
    `on`. Its `check_ins` are kept as in KeyResultProgress, and count for nothing any more."""

    id: UUID
    title: str
    metric: str
    unit: str
    objective: str
    revision: int
    on: date
    check_ins: tuple[CheckInView, ...]


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """The text in force with its check-ins. `next_on` is the day of the next one, None where none is asked for any more.

    `risk_rule` is the rule by which a key result is at risk, in words. `taken_out` are the key results with check-ins that a
    later revision left out. With `as_of` it is how the plan stood at the end of that day.
    """

    plan_id: UUID
    title: str
    status: PlanStatus
    person_name: str
    assessor_name: str
    revision: int
    start_on: date
    ends_on: date
    next_on: date | None
    remarks: tuple[Remark, ...]
    objectives: tuple[ObjectiveProgress, ...]
    taken_out: tuple[TakenOut, ...]
    may_check_in: bool
    is_own: bool
    risk_rule: str
    why: tuple[str, ...]
    as_of: date | None = None

    @property
    def key_results(self) -> dict[UUID, KeyResultProgress]:
        return {found.id: found for objective in self.objectives for found in objective.key_results}

    @property
    def check_ins(self) -> dict[UUID, tuple[CheckInView, ...]]:
        """All there are, by key result, also of those that are no longer in the plan."""
        measured = {id_: found.check_ins for id_, found in self.key_results.items() if found.check_ins}
        return measured | {found.id: found.check_ins for found in self.taken_out}

    @property
    def days(self) -> list[tuple[date, list[tuple[KeyResultProgress, CheckInView]]]]:
        """The check-ins by day, the newest first."""
        found: dict[date, list[tuple[KeyResultProgress, CheckInView]]] = {}
        for key_result in self.key_results.values():
            for check_in in key_result.check_ins:
                found.setdefault(check_in.on, []).append((key_result, check_in))
        return sorted(found.items(), reverse=True)


@dataclass(frozen=True, slots=True)
class DueCheckIn:
    """A plan of the reader's own that asks for a check-in."""

    plan_id: UUID
    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class DueDate:
    """When a key result is due; `objective` and `title` as they were agreed last."""

    id: UUID
    on: date
    objective: str
    title: str


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a plan's text in force: its reviews by day of the plan, and what is due when.

    `revision` and `agreed_at` say which text it is. `taken_out` was due by an earlier revision and is no longer in the plan.
    `closed_at` is set where the plan is closed. Of a plan that is not the reader's own both lists of what is due are empty.
    """

    plan_id: UUID
    title: str
    person_name: str
    is_own: bool
    revision: int
    agreed_at: datetime
    closed_at: datetime | None
    start_on: date
    ends_on: date
    reviews: tuple[tuple[int, date], ...]
    due: tuple[DueDate, ...]
    taken_out: tuple[DueDate, ...]
