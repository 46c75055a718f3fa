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
class PlanProgress:
    """The text in force with its check-ins. `next_on` is the day of the next one, None where none is asked for any more.

    `risk_rule` is the rule by which a key result is at risk, in words.
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
    may_check_in: bool
    is_own: bool
    risk_rule: str
    why: tuple[str, ...]

    @property
    def key_results(self) -> dict[UUID, KeyResultProgress]:
        return {found.id: found for objective in self.objectives for found in objective.key_results}

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
class Dates:
    """The dates of a plan's text in force: its reviews by day of the plan, and what is due when.

    `revision` and `agreed_at` say which text it is. `due` has the title of the objective and of the key result.
    """

    plan_id: UUID
    title: str
    person_name: str
    is_own: bool
    revision: int
    agreed_at: datetime
    start_on: date
    ends_on: date
    reviews: tuple[tuple[int, date], ...]
    due: tuple[tuple[UUID, date, str, str], ...]
