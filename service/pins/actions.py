"""Moving a review to a newer version of its ladder, with its owner's consent."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from service import clock
from service.audit.actions import record
from service.errors import Stale, VersionRequired
from service.permissions import SYSTEM, Actor, Permission, require
from service.pins import queries
from service.pins.rules import Move, check_open
from service.reviews import history
from service.reviews.models import Assessment, Review, SkillRating
from service.reviews.queries import find_review
from service.reviews.rules import AssessmentStatus, ReviewStatus
from service.reviews.views import rating_words


def move_review(session: Session, actor: Actor, review_id: UUID, to: str, version: int | None) -> Review:
    """Pin a review to the newer version `to`; `version` is that of the review as it was seen. Answers stand where the skill
    reads the same, and are asked again where it does not; a submitted assessment in which something is asked becomes a draft.
    Comments and evidence stay where they are.

    Raises: NotFound, Forbidden (not the owner), Conflict (revealed, or no such newer version, or a level is gone), VersionRequired,
        Stale.
    """
    review = find_review(session, actor, review_id, lock=True)
    require(actor, Permission.MOVE_REVIEW, review)
    check_open(ReviewStatus(review.status))
    if version is None:
        raise VersionRequired("Send the version of the review you saw (If-Match, or the field version).")
    if version != review.version:
        raise Stale("The review was changed since you opened this page. Look at what stands now before you move it.")
    version_id, move = queries.plan_of(session, actor, review, to)

    history.keep_pin(session, review)
    for assessment in review.assessments:
        if assessment.is_current:
            _carry(session, assessment, move)
    review.ladder_version_id = version_id
    review.current_level, review.target_level = move.current.id, move.target.id
    record(session, actor, "review.moved", review)
    session.refresh(review, ["ladder_version"])
    return review


def _carry(session: Session, assessment: Assessment, move: Move) -> None:
    is_submitted = assessment.status == AssessmentStatus.SUBMITTED
    if is_submitted:
        history.keep_assessment(session, assessment)
    ids = {**move.carried, **move.again}
    mine = (
        select(SkillRating).where(SkillRating.assessment_id == assessment.id).options(lazyload(SkillRating.assessment))
    )
    rows = list(session.scalars(mine))
    for row in rows:
        if row.skill_id in move.again:
            row.asked_again = row.asked_again or rating_words(move.before, row.rating)
        elif row.skill_id in move.carried and not row.asked_again:
            row.rung = move.rating(row.rating).rung
    _rename(session, rows, ids)
    if is_submitted and move.asks:
        assessment.status, assessment.submitted_at = AssessmentStatus.DRAFT, None
        assessment.reopened_at = clock.now()
        assessment.reopen_reason = f"{move.after.title} {move.after.version} asks for something else."
        record(session, SYSTEM, "assessment.asked_again", assessment)


def _rename(session: Session, rows: list[SkillRating], ids: dict[str, str]) -> None:
    """Give the rows their ids of the newer version. Two skills may have changed names with each other, so all step aside first."""
    renamed = [row for row in rows if ids.get(row.skill_id, row.skill_id) != row.skill_id]
    new_ids = [ids[row.skill_id] for row in renamed]
    for place, row in enumerate(renamed):
        row.skill_id = f"-{place}"
    session.flush()
    for row, new_id in zip(renamed, new_ids, strict=True):
        row.skill_id = new_id
