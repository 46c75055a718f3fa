"""A plan as a reader gets it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from service.ladders.rules import Level
from service.ladders.starts import Origin
from service.objectives.checks import Remark, errors
from service.objectives.queries import Above
from service.objectives.rules import Direction
from service.plans.rules import Kind, PlanStatus


@dataclass(frozen=True, slots=True)
class KeyResultView:
    id: UUID
    title: str
    metric: str
    unit: str
    direction: Direction
    baseline: Decimal | None
    target: Decimal | None
    due_on: date | None
    owner: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """`remarks` are those of the checks, with pointers relative to the objective."""

    id: UUID
    horizon: int
    title: str
    why: str
    serves_gaps: tuple[str, ...]
    serves: str
    due_on: date | None
    projects: tuple[str, ...]
    key_results: tuple[KeyResultView, ...]
    remarks: tuple[Remark, ...]
    aligned: Above | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class RevisionView:
    """`pages` is None while the PDF is still being made."""

    number: int
    sha256: str
    agreed_at: datetime
    pages: int | None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in a list."""

    id: UUID
    title: str
    kind: Kind
    status: PlanStatus
    person_name: str
    start_on: date
    agreed_at: datetime | None
    latest_revision: int | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """While an agreed plan is being changed (`changing_since`), its two sides see the text to come, and everybody else what is
    in force, as if nothing was being changed. `signer_name` is the manager who signed, `assessor_name` the one there is now;
    they differ after the reporting line changed, and `former_name` is set while the one who signed still reads it for that.
    `closing_comment` is for the two sides, until the plan is closed. With `as_of` it is the plan at the end of that day:
    nothing may be done with it, and `signed_on` says who had signed on which day in place of the moments."""

    id: UUID
    title: str
    kind: Kind
    status: PlanStatus
    person_id: UUID
    person_name: str
    assessor_name: str
    signer_name: str
    review_id: UUID | None
    ladder_id: str
    ladder_title: str
    ladder_version: str
    current: Level
    target: Level
    start_on: date
    ends: tuple[tuple[int, date], ...]
    chosen: tuple[tuple[str, str], ...]
    objectives: tuple[ObjectiveView, ...]
    remarks: tuple[Remark, ...]
    person_signed_at: datetime | None
    manager_signed_at: datetime | None
    agreed_at: datetime | None
    revisions: tuple[RevisionView, ...]
    may_write: bool
    may_agree: bool
    is_own: bool
    version: int
    former_name: str = ""
    why: tuple[str, ...] = ()
    changing_since: datetime | None = None
    change_reason: str = ""
    may_change: bool = False
    may_close: bool = False
    closing_comment: str = ""
    carried_from_id: UUID | None = None
    as_of: date | None = None
    signed_on: tuple[tuple[str, date], ...] = ()

    origins: dict[str, Origin] = field(default_factory=dict)
    """What the sources of its objectives and key results are, by their names."""

    @property
    def is_written(self) -> bool:
        """Whether the reader looks at a text that can still be edited."""
        if self.as_of:
            return False
        return self.status == PlanStatus.DRAFT or self.changing_since is not None

    @property
    def unserved(self) -> tuple[str, ...]:
        """The chosen gaps that no objective serves, by skill id."""
        served = {skill_id for objective in self.objectives for skill_id in objective.serves_gaps}
        return tuple(skill_id for skill_id, _ in self.chosen if skill_id not in served)

    @property
    def errors(self) -> int:
        return sum(len(errors(objective.remarks)) for objective in self.objectives)
