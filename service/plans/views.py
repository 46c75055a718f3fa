"""A plan as a reader gets it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from service.ladders.rules import Kpi, Ladder, Level
from service.plans.checks import Remark, errors
from service.plans.rules import Direction, Kind, PlanStatus, Start


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


@dataclass(frozen=True, slots=True)
class RevisionView:
    """`pages` is None while the PDF is still being made."""

    number: int
    sha256: str
    agreed_at: datetime
    pages: int | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as a document: the name of its file, its canonical JSON, and what its PDF is stored under."""

    file_name: str
    data: str
    key: str


class Verdict(StrEnum):
    """What can be said of a PDF that claims to be a plan."""

    ISSUED = "issued"
    FILE_CHANGED = "file changed"
    DATA_CHANGED = "data changed"
    NOT_ISSUED = "not issued"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict and the revision it is about; `fault` says why nothing could be read."""

    verdict: Verdict
    fault: str = ""
    plan_id: UUID | None = None
    number: int = 0
    agreed_on: date | None = None


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
class Starter:
    """Somebody for whom an onboarding plan can be started."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class StartingPoints:
    """What the ladder and its blueprint offer to an objective: texts to begin with, and metrics for its key results."""

    ladder: Ladder
    starts: tuple[Start, ...]
    metrics: tuple[Kpi, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    id: UUID
    title: str
    kind: Kind
    status: PlanStatus
    person_id: UUID
    person_name: str
    assessor_name: str
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
    why: tuple[str, ...] = ()

    @property
    def unserved(self) -> tuple[str, ...]:
        """The chosen gaps that no objective serves, by skill id."""
        served = {skill_id for objective in self.objectives for skill_id in objective.serves_gaps}
        return tuple(skill_id for skill_id, _ in self.chosen if skill_id not in served)

    @property
    def errors(self) -> int:
        return sum(len(errors(objective.remarks)) for objective in self.objectives)
