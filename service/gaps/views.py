"""The gap report as a reader gets it: every line with its text, its signs and both ratings where both may be seen."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from service.gaps.rules import Attainment, Difference, Finding, gaps_of
from service.ladders.rules import Ladder, Level
from service.reviews.rules import Rating
from service.reviews.views import ReviewView, rating_words


class Basis(StrEnum):
    """Whose ratings a report counts: agreed ones if there are some, else the manager's, else one's own."""

    AGREED = "agreed"
    MANAGER = "manager"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class GapReport:
    """Attainment and gaps of one review against one level, from what its reader may see.

    `is_draft` says that the basis is still being written. `self_` and `manager` are empty where the reader may not see
    them yet. `at_top` says that there is no level above the target on this ladder; `neighbours` are ladders of the family.
    """

    review: ReviewView
    ladder: Ladder
    version_id: UUID
    sha256: str
    target: Level
    basis: Basis
    is_draft: bool
    attainment: Attainment
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    counted: dict[str, Rating]
    self_: dict[str, Rating]
    manager: dict[str, Rating]
    agreed: dict[str, Rating]
    at_top: bool
    neighbours: tuple[tuple[str, str, str], ...]
    why: tuple[str, ...] = ()

    @property
    def gaps(self) -> tuple[Finding, ...]:
        """What is open, unknown among it, in the stated order."""
        return gaps_of(self.findings)

    @property
    def unanswered(self) -> int:
        """How many expected skills a draft has no answer for yet; 0 once the basis is submitted."""
        return sum(f.skill.id not in self.counted for f in self.findings) if self.is_draft else 0

    def of_state(self, *states: str) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.state in states)

    def words(self, ratings: dict[str, Rating], skill_id: str) -> str:
        """A rating of one side in words, "–" where the reader sees none."""
        rating = ratings.get(skill_id)
        if rating is None:
            return "–"
        if rating.rung is not None and rating.rung not in self.ladder.rank:
            return rating.rung
        return rating_words(self.ladder, rating)
