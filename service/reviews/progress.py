"""How far reviews are: what each waits for and by when, and what is late. Steps and dates only, never an answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from service.people.models import Person
from service.permissions import Actor, Role
from service.reviews.history import step_then
from service.reviews.models import Assessment, Cycle, Review
from service.reviews.queries import visible_reviews
from service.reviews.rules import AssessmentStatus, ReviewStatus, Side
from service.reviews.views import ReviewView

TALKING = (ReviewStatus.REVEALED, ReviewStatus.SHARED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a review waits for, in words, and by when; nothing and None once nothing is asked of anybody."""

    what: str = ""
    by: date | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class CycleWork:
    """What one cycle asks of HR: reviews without an assessor, views to share, and how many are late."""

    cycle_id: UUID
    name: str
    assess_by: date
    share_by: date
    unassigned: int
    to_share: int
    late: int


@dataclass(frozen=True, slots=True)
class LateOf:
    """How many reviews of one assessor are late; both None and "" where nobody is named."""

    assessor_id: UUID | None
    name: str
    count: int


def waiting_for(review: ReviewView, today: date) -> Waiting:
    """The one thing that comes next in a review."""
    what, by = _next(review)
    return Waiting(what, by, by is not None and by < today)


def _next(review: ReviewView) -> tuple[str, date | None]:
    if review.status == ReviewStatus.OPEN:
        sides = {half.side for half in review.halves if half.status == AssessmentStatus.DRAFT}
        if review.assessor_id is None:
            return "an assessor", review.assess_by
        if len(sides) == 2:
            return "both assessments", review.assess_by
        return ("the self-assessment" if Side.SELF in sides else "the manager’s assessment"), review.assess_by
    if review.status == ReviewStatus.REVEALED:
        return "HR to share it", review.share_by
    if review.status == ReviewStatus.SHARED:
        if review.person_confirmed_at is None and review.assessor_confirmed_at is None:
            return "the talk", review.share_by
        return ("the assessor" if review.person_confirmed_at else "the person") + " to confirm", review.share_by
    return "", None


def is_late(today: date, step: ColumnElement[ReviewStatus] | None = None) -> ColumnElement[bool]:
    """The same as `waiting_for(…).is_late`, in SQL; `step` is another expression than the review's status now."""
    status = Review.status if step is None else step
    return or_(
        and_(status == ReviewStatus.OPEN, _in_cycles(Cycle.assess_by < today)),
        and_(status.in_(TALKING), _in_cycles(Cycle.share_by < today)),
    )


def is_unassigned(end: datetime | None = None) -> ColumnElement[bool]:
    """Nobody to assess: now, or before the moment `end`."""
    if end is None:
        return and_(Review.status == ReviewStatus.OPEN, Review.assessor_id.is_(None))
    named = select(Assessment.review_id).where(Assessment.side == Side.MANAGER, Assessment.begun_at < end)
    return and_(step_then(end) == ReviewStatus.OPEN, Review.id.not_in(named))


def is_running(end: datetime | None = None) -> ColumnElement[bool]:
    """In a cycle that is not closed, or was not before `end`."""
    return _in_cycles(
        Cycle.closed_at.is_(None) if end is None else or_(Cycle.closed_at.is_(None), Cycle.closed_at >= end)
    )


def count_work(session: Session, actor: Actor, today: date) -> list[CycleWork]:
    """What each running cycle asks of the reader as HR or as HR partner, the oldest first; nothing of anybody else."""
    if not actor.roles & {Role.HR, Role.PARTNER}:
        return []
    office = visible_reviews(actor).join(Cycle, Cycle.id == Review.cycle_id)
    office = office.where(Review.person_id != actor.person_id, Cycle.closed_at.is_(None))
    if Role.HR not in actor.roles:  # a partner's own reports outside the units are no office work
        office = office.where(Person.unit_id.in_(actor.units))
    counts = (is_unassigned(), Review.status == ReviewStatus.REVEALED, is_late(today))
    grouped = _grouped(office, Cycle.id, Cycle.name, Cycle.assess_by, Cycle.share_by)
    rows = session.execute(grouped.add_columns(*map(_count, counts)).order_by(Cycle.assess_by, Cycle.name))
    return [CycleWork(*row) for row in rows]


def count_late(session: Session, actor: Actor, cycle_id: UUID, today: date) -> list[LateOf]:
    """Who has late reviews in a cycle and how many, the most first, of those that the reader may see."""
    late = visible_reviews(actor).where(Review.cycle_id == cycle_id, is_late(today))
    counted = _grouped(late, Review.assessor_id).add_columns(func.count()).order_by(func.count().desc())
    found = session.execute(counted).all()
    ids = {row.assessor_id for row in found}
    names = {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    lines = [LateOf(assessor_id, names.get(assessor_id, ""), count) for assessor_id, count in found]
    return sorted(lines, key=lambda line: (-line.count, line.name))


def _grouped(reviews: Select[Review], *columns: object) -> Select[tuple[object, ...]]:
    return reviews.with_only_columns(*columns, maintain_column_froms=True).group_by(*columns)  # type: ignore[call-overload, no-any-return]


def _count(what: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((what, 1), else_=0))


def _in_cycles(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return Review.cycle_id.in_(select(Cycle.id).where(*conditions))
