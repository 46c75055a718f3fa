"""What a reader gets of a team."""

from dataclasses import dataclass
from uuid import UUID

from service.gaps.rules import OPEN, State
from service.ladders.rules import Requirement
from service.reviews.progress import Waiting
from service.reviews.views import ReviewView
from service.team.rules import Step


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One review of the team, and what it waits for."""

    review: ReviewView
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class StepCounts:
    """How many reviews of a view are at which step, those without an assessor counted as open too; and how many are late."""

    steps: tuple[tuple[Step, int], ...]
    late: int

    @property
    def total(self) -> int:
        return sum(count for step, count in self.steps if step is not Step.UNASSIGNED)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a heat map: whose review, and which level it is held against."""

    review_id: UUID
    name: str
    target: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a member stands with a skill that their target level asks for."""

    state: State
    requirement: Requirement

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One skill over all members; None for whom it is not expected. `open` of `expected` are not met, `must` of them
    must-haves."""

    skill_id: str
    name: str
    cells: tuple[Cell | None, ...]
    must: int
    open: int
    expected: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A team's gaps by skill on one ladder, from revealed reviews alone; `waiting` others of the view on this ladder are
    not revealed yet.

    Skills come with the most open must-haves first, then the most open, then as on the ladder. `next` is the cursor to
    further members.
    """

    ladder: str
    title: str
    version: str
    members: tuple[Member, ...]
    rows: tuple[SkillRow, ...]
    waiting: int
    next: str | None
