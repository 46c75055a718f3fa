"""What a reader gets of cycles and reviews: frozen read models, one for each audience's need."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from service.ladders.rules import Expectation, Ladder, Level, Skill
from service.reviews.rules import Answer, AssessmentStatus, EvidenceState, Rating, ReviewStatus, ShareRule, Side


@dataclass(frozen=True, slots=True)
class CycleView:
    """A cycle and how far its reviews are, counted over the reviews the reader may see."""

    id: UUID
    name: str
    starts_on: date
    assess_by: date
    share_by: date
    ends_on: date
    share_rule: ShareRule
    closed_at: datetime | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Half:
    """The other side of a review as far as anybody may see it before the reveal: not yet, or submitted, and when."""

    id: UUID
    side: Side
    rater_name: str
    status: AssessmentStatus
    submitted_at: datetime | None
    reopened_at: datetime | None
    may_read: bool
    may_rate: bool


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review without any rating: who, what is pinned, which step; and why the reader sees it."""

    id: UUID
    cycle_id: UUID
    cycle_name: str
    assess_by: date
    share_by: date
    ends_on: date
    share_rule: ShareRule
    person_id: UUID
    person_name: str
    employee_id: str
    unit_name: str
    assessor_id: UUID | None
    assessor_name: str
    ladder_id: str
    ladder_title: str
    ladder_version: str
    current: Level
    target: Level
    status: ReviewStatus
    revealed_at: datetime | None
    shared_at: datetime | None
    person_confirmed_at: datetime | None
    assessor_confirmed_at: datetime | None
    person_comment: str
    assessor_comment: str
    halves: tuple[Half, ...]
    is_own: bool
    is_assessor: bool
    version: int
    why: tuple[str, ...]

    def half(self, side: Side) -> Half | None:
        """The current assessment of one side; the manager's is missing while nobody is named to assess."""
        return next((half for half in self.halves if half.side == side), None)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    id: UUID
    dated: date
    note: str
    url: str
    state: EvidenceState
    answer: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """Something that can be taken over as evidence in one press; `url` is a place in this program."""

    id: UUID
    dated: date
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class RatingView:
    """One answer as it stands; `version` 0 means that there is none yet. `asked_again` is what was answered under the version
    before, in words, where the skill reads differently now."""

    skill_id: str
    answer: Answer | None
    rung: str | None
    toward_next: bool
    reason: str
    comment: str
    version: int
    saved_at: datetime | None
    evidence: tuple[EvidenceView, ...]
    asked_again: str = ""

    @property
    def rating(self) -> Rating | None:
        return Rating(self.answer, self.rung, self.toward_next, self.reason) if self.answer else None


@dataclass(frozen=True, slots=True)
class SkillItem:
    """One skill to rate: what is expected now and next, the rungs to choose from, and the answer so far."""

    skill: Skill
    category: str
    now: Expectation | None
    next: Expectation | None
    rungs: tuple[tuple[Level, Expectation], ...]
    rating: RatingView


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """An assessment with its ratings, for somebody who may read them."""

    id: UUID
    review: ReviewView
    side: Side
    rater_name: str
    status: AssessmentStatus
    submitted_at: datetime | None
    may_rate: bool
    items: tuple[SkillItem, ...]
    why: tuple[str, ...]

    @property
    def answered(self) -> int:
        return sum(item.rating.answer is not None for item in self.items)

    @property
    def is_open(self) -> bool:
        """Whether its rater can write now."""
        return self.may_rate and self.status is AssessmentStatus.DRAFT and self.review.status is ReviewStatus.OPEN

    @property
    def places(self) -> dict[str, int]:
        """Skill id → its place in `items`."""
        return {item.skill.id: place for place, item in enumerate(self.items)}

    def next_open(self, after: str = "") -> Skill | None:
        """The next skill without an answer behind the one named, from the start again behind the last; None if none."""
        start = self.places.get(after, -1) + 1
        in_turn = self.items[start:] + self.items[:start]
        return next((item.skill for item in in_turn if item.rating.answer is None), None)

    @property
    def groups(self) -> tuple[tuple[str, tuple[SkillItem, ...]], ...]:
        """The items by category, in the order of the ladder."""
        return tuple((category, tuple(items)) for category, items in groupby(self.items, lambda item: item.category))


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What the same side said of a skill in the review before this one, and what was agreed then, in words; under which
    `version` of the ladder, "" where it is the same one."""

    cycle_name: str
    words: str
    rating: RatingView
    agreed: str
    note: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class AgreedView:
    """An agreed answer beside the two it came from; `version` 0 means that it is only proposed."""

    skill: Skill
    self_: RatingView
    manager: RatingView
    agreed: Rating | None
    note: str
    version: int
    differs: bool


@dataclass(frozen=True, slots=True)
class AgreedStand:
    """An agreed answer as it stands when somebody else saved in between."""

    answer: Answer
    rung: str | None
    toward_next: bool
    note: str
    version: int

    @property
    def rating(self) -> Rating:
        return Rating(self.answer, self.rung, self.toward_next)


@dataclass(frozen=True, slots=True)
class AgreementView:
    """`version` grows with every agreed rating that is written. With `as_of` it is the sheet at the end of that day."""

    review: ReviewView
    ladder: Ladder
    items: tuple[AgreedView, ...]
    may_agree: bool
    version: int
    why: tuple[str, ...]
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class CyclePlan:
    """Whom a new cycle would take, and whom not and why. `leads`: of those who lead the reader, who are in neither list, some
    are chosen too."""

    included: tuple[tuple[UUID, str, str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    leads: bool = False


def rating_words(ladder: Ladder, rating: Rating | None) -> str:
    """A rating in words: "Middle, parts of the next show"; "not yet" where none was given."""
    if rating is None:
        return "not yet"
    if rating.answer is Answer.NOT_ASSESSED:
        return "not assessed"
    if rating.answer is Answer.NOT_APPLICABLE:
        return "not applicable"
    title = ladder.level(rating.rung).title if rating.rung else "before the first rung"
    return f"{title}, parts of the next show" if rating.toward_next else title
