"""What readers get of reviews and plans under another version of their ladder."""

from dataclasses import dataclass
from uuid import UUID

from service.ladders.rules import Ladder, Skill
from service.paging import Page
from service.pins.rules import Effect, Move
from service.plans.rules import PlanStatus
from service.reviews.views import ReviewView


@dataclass(frozen=True, slots=True)
class NewerVersion:
    """A published version that comes after the one a review is pinned to."""

    version: str
    title: str


@dataclass(frozen=True, slots=True)
class MoveView:
    """A review as it would be under a newer version, for its owner: `why_not` says why it cannot move, "" where it can.
    `reopens` are the sides whose submitted assessment becomes a draft again; `effect` counts the reader's own answers, None
    where there are none yet."""

    review: ReviewView
    to: Ladder
    move: Move | None
    effect: Effect | None
    reopens: tuple[str, ...]
    why_not: str = ""

    def skills(self, ids: tuple[str, ...]) -> tuple[Skill, ...]:
        """Skills of the newer version by id."""
        return tuple(self.to.skills_by_id[id_] for id_ in ids)

    @property
    def again(self) -> tuple[Skill, ...]:
        return self.skills(tuple(self.move.again.values())) if self.move else ()

    @property
    def new(self) -> tuple[Skill, ...]:
        return self.skills(self.move.new) if self.move else ()

    @property
    def dropped(self) -> tuple[Skill, ...]:
        return tuple(self.move.before.skills_by_id[id_] for id_ in self.move.dropped) if self.move else ()


@dataclass(frozen=True, slots=True)
class PinnedReview:
    """A review that is not closed and pinned to an older version. `effect` counts the ratings that the reader may see, None
    where they may see none; `why_not` says why it cannot move."""

    review: ReviewView
    asks: int
    dropped: int
    effect: Effect | None
    why_not: str


@dataclass(frozen=True, slots=True)
class PinnedPlan:
    """A plan that is not closed and pinned to an older version. It stays there: its review has its ratings under that one.
    `lost` are the names of gaps that its objectives serve and the newer version no longer asks for at the plan's target."""

    id: UUID
    title: str
    person_name: str
    status: PlanStatus
    version: str
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """Who is pinned to other versions of a ladder, and what the version `to` would change for each: reviews page by page, all
    plans with the first. `moved` counts reviews in the reader's sight that their owners moved to it."""

    to: Ladder
    reviews: Page[PinnedReview]
    plans: tuple[PinnedPlan, ...]
    moved: int
