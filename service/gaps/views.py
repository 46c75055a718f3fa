"""The gap report as a reader gets it: every line with its text, its signs and both ratings where both may be seen."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from service.gaps.rules import Attainment, Count, Difference, Finding, Rung, gaps_of
from service.ladders.rules import Ladder, Level
from service.reviews.rules import Answer, Rating, same_answer
from service.reviews.views import AgreedView, AgreementView, ReviewView, rating_words


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


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One skill in the talk: what both said, what is agreed, and how far apart they are."""

    item: AgreedView
    finding: Finding
    difference: Difference | None
    ladder: Ladder

    @property
    def places(self) -> tuple[int | None, int | None, int | None, int]:
        """Self, manager, agreed and target as indexes of the ladder's levels; -1 for none yet, None for no rung to show."""
        agreed = self.item.agreed if self.item.version else None
        given = (self.item.self_.rating, self.item.manager.rating, agreed)
        own, manager, settled = (self._place(rating) for rating in given)
        return own, manager, settled, self.ladder.rank[self.finding.expectation.level]

    @property
    def partly(self) -> tuple[str, ...]:
        """The marks of the plot whose rating says that parts of the next level show already."""
        agreed = self.item.agreed if self.item.version else None
        sides = (("self", self.item.self_.rating), ("manager", self.item.manager.rating), ("agreed", agreed))
        return tuple(name for name, rating in sides if rating and rating.toward_next)

    @property
    def words(self) -> str:
        """The difference in rungs with its direction, as PRODUCT.md asks for it."""
        return self.difference.words if self.difference else "the same"

    @property
    def is_settled(self) -> bool:
        """Both said the same and agreed on just that."""
        same = same_answer(self.item.agreed, self.item.self_.rating) if self.item.agreed else False
        return self.item.version > 0 and not self.item.differs and same

    @property
    def evidence(self) -> int:
        """Pieces of evidence from both sides."""
        return len(self.item.self_.evidence) + len(self.item.manager.evidence)

    @property
    def comments(self) -> int:
        """How many of the two sides wrote a comment."""
        return sum(bool(half.comment) for half in (self.item.self_, self.item.manager))

    def _place(self, rating: Rating | None) -> int | None:
        if rating is None or rating.rung is None:
            return -1 if rating and rating.answer is Answer.NONE else None
        return self.ladder.rank[rating.rung]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one set of ratings stands: its levels, and what it meets of the target level, by category id. The agreed set
    counts only what is agreed."""

    basis: Basis
    attainment: Attainment
    categories: dict[str, Count]

    def rung(self, level: Level) -> Rung:
        return next(rung for rung in self.attainment.rungs if rung.level == level)


@dataclass(frozen=True, slots=True)
class Talk:
    """The sheet for the talk about a review: differences first, the widest on top, and where each set of ratings stands.

    `basis` is whose ratings the staircase and the signs count: the agreed ones once every skill has one, until then the
    manager's, since half a set says nothing about a level.
    """

    agreement: AgreementView
    lines: tuple[TalkLine, ...]
    stands: tuple[Stand, ...]
    basis: Basis

    @property
    def stand(self) -> Stand:
        return next(stand for stand in self.stands if stand.basis is self.basis)

    @property
    def agreed(self) -> int:
        return sum(line.item.version > 0 for line in self.lines)

    def following(self, skill_id: str = "") -> str | None:
        """The next skill without an agreed rating after `skill_id`, round to the beginning; None when all are agreed."""
        ids = [line.item.skill.id for line in self.lines]
        at = ids.index(skill_id) + 1 if skill_id in ids else 0
        return next((line.item.skill.id for line in self.lines[at:] + self.lines[:at] if not line.item.version), None)
