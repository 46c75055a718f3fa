"""What a review held at the end of an earlier day, and keeping what a later act writes over.

A day ends at midnight UTC. Drafts are nobody's word yet, so they are in no past. Names, units and reporting lines are told as
they are now, and whoever may read something now may read what it was then.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, literal, select
from sqlalchemy.orm import Session

from service import clock
from service.errors import Invalid, Problem
from service.ladders.rules import Ladder
from service.reviews.models import (
    AgreedRating,
    Assessment,
    Cycle,
    EarlierAgreedRating,
    EarlierAssessment,
    EarlierPin,
    RatedMixin,
    Review,
    SkillRating,
)
from service.reviews.rules import Answer, AssessmentStatus, Rating, ReviewStatus
from service.reviews.views import Half, ReviewView

Ratings = dict[str, Rating]

ANSWER = ("answer", "rung", "toward_next", "reason")
STEPS = ("revealed_at", "shared_at", "person_confirmed_at", "assessor_confirmed_at")


@dataclass(frozen=True, slots=True)
class Past:
    """What a review was pinned to and at which step it stood when the day before `end` was over; `submitted` are the ids of
    the assessments that were in."""

    end: datetime
    status: ReviewStatus
    ladder_version_id: UUID
    current_level: str
    target_level: str
    revealed_at: datetime | None
    shared_at: datetime | None
    person_confirmed_at: datetime | None
    assessor_confirmed_at: datetime | None
    submitted: frozenset[UUID]


def end_of(day: date) -> datetime:
    """The moment when a day is over. Raises: Invalid for a day that is still to come."""
    if day > clock.today():
        raise Invalid("That day is still to come.", [Problem("/as_of", "Choose today or a day before it.")])
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def get_pasts(session: Session, reviews: Sequence[Review], day: date) -> dict[UUID, Past]:
    """By review id, in two statements; a review that had not begun by then has no past. `Review.assessments` are loaded.

    Raises: Invalid for a day that is still to come.
    """
    end = end_of(day)
    then = [review for review in reviews if _began(review) < end]
    pins = select(EarlierPin).where(EarlierPin.review_id.in_([review.id for review in then]), EarlierPin.until >= end)
    pinned: dict[UUID, EarlierPin] = {}
    for pin in session.scalars(pins.order_by(EarlierPin.until)):
        pinned.setdefault(pin.review_id, pin)
    halves = [row for review in then for row in review.assessments]
    taken_back = _stood(end, [row.id for row in halves]).with_only_columns(EarlierAssessment.assessment_id)
    submitted = frozenset({row.id for row in halves if _is_in(row, end)} | set(session.scalars(taken_back)))
    return {review.id: _past(review, pinned.get(review.id, review), end, submitted) for review in then}


def ratings_then(
    session: Session, reader_id: UUID | None, assessments: Iterable[Assessment], end: datetime | None
) -> dict[UUID, Ratings]:
    """By assessment id, what each had submitted before `end`, or has now where it is None; one that had not is left out. At most
    two statements. The caller has asked which of them may be read. What was taken back was never revealed, so it is told to
    its rater alone."""
    halves = list(assessments)
    found: dict[UUID, Ratings] = {row.id: {} for row in halves if _is_in(row, end)}
    said = select(SkillRating.assessment_id, SkillRating.skill_id, *(getattr(SkillRating, name) for name in ANSWER))
    for id_, skill_id, *answer in session.execute(said.where(SkillRating.assessment_id.in_(found))):
        found[id_][skill_id] = Rating(*answer)
    if end is not None:  # what moved to another version was submitted once, and stood in other ids then
        by_id = {row.id: row for row in halves}
        for stood in session.scalars(_stood(end, list(by_id))):
            now = by_id[stood.assessment_id]
            if now.rater_id != reader_id and now.submitted_at != stood.submitted_at:
                continue
            found[stood.assessment_id] = {skill_id: _rating(said) for skill_id, said in json.loads(stood.data).items()}
    return found


def agreed_then(session: Session, review_ids: Collection[UUID], end: datetime | None) -> dict[UUID, Ratings]:
    """By review id, what was agreed before `end`, or is now where it is None; where nothing was, it is left out. At most two
    statements. The caller has asked whether it may be read."""
    found: dict[UUID, Ratings] = {}
    stood = _agreed(AgreedRating, review_ids)
    queries = [stood if end is None else stood.where(AgreedRating.saved_at < end)]
    if end is not None:
        earlier = _agreed(EarlierAgreedRating, review_ids)
        queries.append(earlier.where(EarlierAgreedRating.saved_at < end, EarlierAgreedRating.until >= end))
    for query in queries:
        for review_id, skill_id, *answer in session.execute(query):
            found.setdefault(review_id, {})[skill_id] = Rating(*answer)
    return found


def agreed_rows_then(session: Session, review_id: UUID, end: datetime) -> dict[str, AgreedRating | EarlierAgreedRating]:
    """By skill id, what was agreed before `end`, with its note. The caller has asked whether it may be read."""
    found: dict[str, AgreedRating | EarlierAgreedRating] = {}
    stands = select(AgreedRating).where(AgreedRating.review_id == review_id, AgreedRating.saved_at < end)
    found |= {row.skill_id: row for row in session.scalars(stands).unique()}
    earlier = select(EarlierAgreedRating).where(EarlierAgreedRating.review_id == review_id)
    stood = earlier.where(EarlierAgreedRating.saved_at < end, EarlierAgreedRating.until >= end)
    return found | {row.skill_id: row for row in session.scalars(stood)}


def step_then(end: datetime) -> ColumnElement[ReviewStatus]:
    """`Past.status`, in SQL over reviews."""
    closed = Review.cycle_id.in_(select(Cycle.id).where(Cycle.closed_at < end))
    return case(
        (closed, literal(ReviewStatus.CLOSED, Review.status.type)),
        (and_(Review.person_confirmed_at < end, Review.assessor_confirmed_at < end), ReviewStatus.CONFIRMED),
        (Review.shared_at < end, ReviewStatus.SHARED),
        (Review.revealed_at < end, ReviewStatus.REVEALED),
        else_=ReviewStatus.OPEN,
    )


def began_by(end: datetime) -> ColumnElement[bool]:
    """Whether a review has a past at `end`, in SQL."""
    return Review.id.in_(select(Assessment.review_id).where(Assessment.begun_at < end))


def as_it_was(view: ReviewView, past: Past, ladder: Ladder) -> ReviewView:
    """A review's view at the end of that day, under the version pinned then."""
    then: dict[str, Any] = {name: getattr(past, name) for name in ("status", *STEPS)}
    then["halves"] = tuple(_half_then(half, past) for half in view.halves)
    then |= {"ladder_title": ladder.title, "ladder_version": ladder.version}
    then |= {f"{side}_comment": "" for side in ("person", "assessor") if then[f"{side}_confirmed_at"] is None}
    return replace(view, current=ladder.level(past.current_level), target=ladder.level(past.target_level), **then)


def keep_assessment(session: Session, assessment: Assessment) -> None:
    """Before a submitted assessment is taken back."""
    rows = session.scalars(select(SkillRating).where(SkillRating.assessment_id == assessment.id))
    data = {row.skill_id: _answer(row) | {"comment": row.comment} for row in rows}
    session.add(
        EarlierAssessment(
            assessment_id=assessment.id, submitted_at=assessment.submitted_at, until=clock.now(),
            data=json.dumps(data, sort_keys=True, ensure_ascii=False),
        )
    )  # fmt: skip


def keep_agreed(session: Session, row: AgreedRating) -> None:
    """Before an agreed rating is written anew."""
    same = ("review_id", "skill_id", "note", "saved_by", "saved_at", "version")
    kept = {name: getattr(row, name) for name in same} | _answer(row)
    session.add(EarlierAgreedRating(**kept, until=clock.now()))


def keep_pin(session: Session, review: Review) -> None:
    """Before a review is pinned to another version."""
    same = ("ladder_version_id", "current_level", "target_level")
    kept = {name: getattr(review, name) for name in same}
    session.add(EarlierPin(review_id=review.id, **kept, until=clock.now()))


def _began(review: Review) -> datetime:
    return min(row.begun_at for row in review.assessments)


def _past(review: Review, pin: EarlierPin | Review, end: datetime, submitted: frozenset[UUID]) -> Past:
    at = {name: moment if (moment := getattr(review, name)) and moment < end else None for name in STEPS}
    pinned = (pin.ladder_version_id, pin.current_level, pin.target_level)
    step = _step(review, at, end)
    return Past(
        end, step, *pinned, at["revealed_at"], at["shared_at"], at["person_confirmed_at"], at["assessor_confirmed_at"], submitted
    )  # fmt: skip


def _step(review: Review, at: dict[str, datetime | None], end: datetime) -> ReviewStatus:
    if review.cycle.closed_at is not None and review.cycle.closed_at < end:
        return ReviewStatus.CLOSED
    if at["person_confirmed_at"] and at["assessor_confirmed_at"]:
        return ReviewStatus.CONFIRMED
    return ReviewStatus.SHARED if at["shared_at"] else ReviewStatus.REVEALED if at["revealed_at"] else ReviewStatus.OPEN


def _is_in(row: Assessment, end: datetime | None) -> bool:
    if row.status != AssessmentStatus.SUBMITTED or row.submitted_at is None:
        return False
    return end is None or row.submitted_at < end


def _agreed(model: type[AgreedRating] | type[EarlierAgreedRating], review_ids: Collection[UUID]) -> Select[Any]:
    columns = (getattr(model, name) for name in ("review_id", "skill_id", *ANSWER))
    return select(*columns).where(model.review_id.in_(review_ids))


def _stood(end: datetime, assessment_ids: list[UUID]) -> Select[EarlierAssessment]:
    """Submissions that stood at `end` and were taken back later."""
    kept = select(EarlierAssessment).where(EarlierAssessment.assessment_id.in_(assessment_ids))
    return kept.where(EarlierAssessment.submitted_at < end, EarlierAssessment.until >= end)


def _half_then(half: Half, past: Past) -> Half:
    if half.id in past.submitted:
        return replace(half, status=AssessmentStatus.SUBMITTED)
    return replace(half, status=AssessmentStatus.DRAFT, submitted_at=None, reopened_at=None)


def _answer(row: RatedMixin) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ANSWER}


def _rating(said: dict[str, Any]) -> Rating:
    return Rating(Answer(said["answer"]), said["rung"], said["toward_next"], said["reason"])
