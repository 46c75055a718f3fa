"""What a reader gets of a team."""

from dataclasses import dataclass

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
