"""The steps of a review: allow → check → change → record → enqueue."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, lazyload

from service import clock
from service.audit.actions import record
from service.errors import Conflict, Invalid, NextrungError, Problem, Stale, VersionRequired
from service.people.models import Person
from service.permissions import SYSTEM, Actor, Permission, require
from service.reviews import history, queries, rules
from service.reviews.inputs import AgreedInput, EvidenceAnswer, EvidenceInput, RatingInput
from service.reviews.models import AgreedRating, Assessment, Evidence, EvidenceOffer, Review, SkillRating
from service.reviews.rules import AssessmentStatus, ReviewStatus, ShareRule, Side
from service.reviews.views import RatingView

NO_ANSWER = Problem("/note", "This skill has no answer yet.")


def save_rating(session: Session, actor: Actor, assessment_id: UUID, skill_id: str, given: RatingInput) -> RatingView:
    """Keep one answer of a draft. `given.version` is the version the writer saw, 0 for none.

    Raises: NotFound, Conflict (submitted, or the review is over), Invalid, VersionRequired, Stale with what stands now.
    """
    assessment = _draft(session, actor, assessment_id)
    review = assessment.review
    rules.check_rating(queries.ladder_of(session, review), review.target_level, skill_id, given.rating())
    row = _rating_row(session, assessment, skill_id)
    _check_version(given.version, row, queries.rating_view(row) if row else None)

    row = _write_rating(session, assessment, skill_id, row, given)
    record(session, actor, "rating.saved", row)
    return queries.rating_view(row)


def save_ratings(session: Session, actor: Actor, assessment_id: UUID, given: Mapping[str, RatingInput]) -> None:
    """Keep a whole sheet of answers of a draft, by skill id, at once: all or none. For programs that bring them along.

    Raises: as `save_rating`; Invalid with every answer that does not fit, at /{skill id}/….
    """
    refused = save_fitting(session, actor, assessment_id, given)
    if unfit := rules.problems_by_skill({id_: error for id_, error in refused.items() if error.problems}):
        raise Invalid("Some answers do not fit their skills; nothing was saved.", unfit)
    for error in refused.values():
        raise error


def save_fitting(
    session: Session, actor: Actor, assessment_id: UUID, given: Mapping[str, RatingInput]
) -> dict[str, NextrungError]:
    """Keep those answers of a sheet, by skill id, that fit and overwrite nothing unseen; skill id → why not, for the others.

    Raises: NotFound, Conflict.
    """
    assessment = _draft(session, actor, assessment_id)
    ladder, target = queries.ladder_of(session, assessment.review), assessment.review.target_level
    stands = {row.skill_id: row for row in session.scalars(_ratings_of(assessment))}
    refused: dict[str, NextrungError] = {}
    for skill_id, answer in given.items():
        row = stands.get(skill_id)
        try:
            rules.check_rating(ladder, target, skill_id, answer.rating())
            _check_version(answer.version, row, queries.rating_view(row) if row else None)
        except (Invalid, Stale, VersionRequired) as error:
            refused[skill_id] = error
        else:
            _write_rating(session, assessment, skill_id, row, answer)
    if len(refused) < len(given):
        record(session, actor, "ratings.saved", assessment)
    return refused


def add_evidence(session: Session, actor: Actor, assessment_id: UUID, skill_id: str, given: EvidenceInput) -> UUID:
    """Put a dated note or link beside an answer that is already there.

    Raises: NotFound, Conflict, Invalid (no answer yet, neither note nor link, dated in the future, or over 20 pieces).
    """
    assessment = _draft(session, actor, assessment_id)
    row = _rating_row(session, assessment, skill_id)
    if row is None:
        raise Invalid("Choose an answer first, then add what shows it.", [NO_ANSWER])
    if not (given.note or given.url):
        raise Invalid(
            "Evidence is a note, a link, or both.", [Problem("/note", "Write what happened, or give a link.")]
        )
    if given.dated > clock.today():
        raise Invalid("Evidence is about what has happened.", [Problem("/dated", "This date is still to come.")])
    return _put_evidence(session, actor, row, given)


def offer_evidence(
    session: Session, person: Person, assessor_id: UUID | None, skill_id: str, note: str, url: str
) -> None:
    """Lay what ended today ready, for later assessments of this person to take over as evidence for the skill. It is part of
    what ended the work, which is recorded there."""
    session.add(
        EvidenceOffer(
            person=person, assessor_id=assessor_id, skill_id=skill_id, dated=clock.today(), note=note, url=url,
            offered_at=clock.now(),
        )
    )  # fmt: skip


def take_offer(session: Session, actor: Actor, assessment_id: UUID, skill_id: str, offer_id: UUID) -> UUID:
    """Put what is offered for a skill beside an answer that is already there. Taken twice, it is there once. The offer stays,
    untouched: nobody learns from it who took it.

    Raises: NotFound, Conflict, Invalid (no answer yet, or 20 pieces already).
    """
    assessment = _draft(session, actor, assessment_id)
    offer = queries.find_offer(session, actor, assessment, skill_id, offer_id)
    row = _rating_row(session, assessment, skill_id)
    if row is None:
        raise Invalid("Choose an answer first, then take the evidence over.", [NO_ANSWER])
    return _put_evidence(session, actor, row, offer)


def _put_evidence(session: Session, actor: Actor, row: SkillRating, given: EvidenceInput | EvidenceOffer) -> UUID:
    told = {(piece.dated, piece.note, piece.url): piece.id for piece in row.evidence}
    if (given.dated, given.note, given.url) in told:  # the same form, sent twice
        return told[given.dated, given.note, given.url]
    if len(row.evidence) >= 20:
        raise Invalid(
            "Twenty pieces are enough for one skill.", [Problem("/note", "Remove one before adding another.")]
        )

    evidence = Evidence(dated=given.dated, note=given.note, url=given.url, rating_row=row)
    session.add(evidence)
    record(session, actor, "evidence.added", evidence)
    return evidence.id


def remove_evidence(session: Session, actor: Actor, evidence_id: UUID) -> tuple[UUID, str]:
    """Take a piece of evidence away from a draft; (assessment id, skill id) of where it was. Raises: NotFound, Conflict."""
    evidence = queries.find_evidence(session, evidence_id)
    assessment = _draft(session, actor, evidence.rating_row.assessment_id)
    record(session, actor, "evidence.removed", evidence)
    session.delete(evidence)
    return assessment.id, evidence.rating_row.skill_id


def answer_evidence(session: Session, actor: Actor, evidence_id: UUID, given: EvidenceAnswer) -> Assessment:
    """The other side confirms or disputes a piece of evidence, once it may read it.

    Raises: NotFound, Conflict (closed), Invalid (a dispute without a word on why).
    """
    evidence = queries.find_evidence(session, evidence_id)
    assessment = evidence.rating_row.assessment
    require(actor, queries.READS[Side(assessment.side)], assessment)
    require(actor, Permission.RESPOND_TO_EVIDENCE, assessment)
    _check_running(assessment.review)
    if assessment.shared_at is None:
        raise Conflict("Evidence is answered once the manager's view is shared.")
    if assessment.rater_id == actor.person_id:
        raise Conflict("This is your own evidence; the other side answers it.")
    if given.state is rules.EvidenceState.DISPUTED and not given.answer:
        raise Invalid("A dispute needs a word on why.", [Problem("/answer", "Say what you see differently.")])
    evidence.state, evidence.answer = given.state, given.answer
    record(session, actor, f"evidence.{given.state}", evidence)
    return assessment


def submit_assessment(session: Session, actor: Actor, assessment_id: UUID) -> Assessment:
    """Hand a finished draft over; from now on its ratings stand as written. The second submission reveals both.

    Raises: NotFound, Conflict (already submitted), Invalid (skills without an answer).
    """
    assessment = queries.find_assessment(session, actor, assessment_id, lock=True)
    require(actor, Permission.SUBMIT_ASSESSMENT, assessment)
    review = assessment.review
    _check_open(review)
    if assessment.status == AssessmentStatus.SUBMITTED:
        raise Conflict("This assessment is already submitted.")
    given = SkillRating.assessment_id == assessment.id, SkillRating.asked_again == ""
    answered = session.scalars(select(SkillRating.skill_id).where(*given)).all()
    rules.check_complete(queries.ladder_of(session, review), review.target_level, answered)

    assessment.status = AssessmentStatus.SUBMITTED
    assessment.submitted_at = clock.now()
    record(session, actor, "assessment.submitted", assessment)
    _reveal_if_both(session, review)
    return assessment


def reopen_assessment(session: Session, actor: Actor, assessment_id: UUID, reason: str) -> Assessment:
    """Take a submitted assessment back while the other side is not in; the other side is told that it happened.

    Raises: NotFound, Conflict.
    """
    assessment = queries.find_assessment(session, actor, assessment_id, lock=True)
    require(actor, Permission.REOPEN_ASSESSMENT, assessment)
    rules.check_reopen(AssessmentStatus(assessment.status), revealed=assessment.review.revealed_at is not None)
    _check_open(assessment.review)
    history.keep_assessment(session, assessment)
    assessment.status, assessment.submitted_at = AssessmentStatus.DRAFT, None
    assessment.reopened_at, assessment.reopen_reason = clock.now(), reason
    record(session, actor, "assessment.reopened", assessment)
    return assessment


def share_review(session: Session, actor: Actor, review_id: UUID) -> Review:
    """Open the manager's view to the person, where the cycle waits for calibration. Raises: NotFound, Forbidden, Conflict."""
    review = queries.find_review(session, actor, review_id, lock=True)
    require(actor, Permission.SHARE_REVIEW, review)
    review.status = rules.advance(ReviewStatus(review.status), to=ReviewStatus.SHARED)
    review.shared_at = clock.now()
    record(session, actor, "review.shared", review)
    return review


def save_agreed(session: Session, actor: Actor, review_id: UUID, skill_id: str, given: AgreedInput) -> AgreedRating:
    """Write one agreed rating in the talk. A change after somebody confirmed asks both to confirm again.

    Raises: NotFound, Forbidden, Conflict, Invalid (unfit answer, or a difference without a note), VersionRequired, Stale.
    """
    review = queries.find_review(session, actor, review_id, lock=True)
    require(actor, Permission.AGREE_RATINGS, review)
    if review.status != ReviewStatus.SHARED:
        raise Conflict(f"Ratings are agreed while a review is shared; this one is {review.status}.")
    rules.check_rating(queries.ladder_of(session, review), review.target_level, skill_id, given.rating())
    _check_note(session, review, skill_id, given)
    mine = AgreedRating.review_id == review_id, AgreedRating.skill_id == skill_id
    row = session.scalars(select(AgreedRating).where(*mine)).first()
    _check_version(given.version, row, queries.agreed_stand(row) if row else None)

    if row is None:
        row = AgreedRating(review=review, skill_id=skill_id, version=0)
        session.add(row)
    else:
        history.keep_agreed(session, row)
    row.answer, row.rung, row.toward_next = given.answer, given.rung, given.toward_next
    row.reason, row.note, row.saved_at = given.reason, given.note, clock.now()
    if actor.person_id is not None:
        row.saved_by = actor.person_id
    row.version += 1
    review.person_confirmed_at = review.assessor_confirmed_at = None
    record(session, actor, "agreement.saved", row)
    return row


def confirm_review(session: Session, actor: Actor, review_id: UUID, comment: str, version: int | None) -> Review:
    """One side's "this is what we said", about the agreement of `version`. Both together end the talk. Every skill needs an
    agreed rating first.

    Raises: NotFound, Forbidden, Conflict, Invalid (skills without an agreed rating), VersionRequired, Stale.
    """
    review = queries.find_review(session, actor, review_id, lock=True)
    require(actor, Permission.CONFIRM_REVIEW, review)
    if review.status != ReviewStatus.SHARED:
        raise Conflict(f"A review is confirmed while it is shared; this one is {review.status}.")
    agreed = queries.agreed_rows(session, review_id)
    rules.check_complete(queries.ladder_of(session, review), review.target_level, list(agreed))
    if version is None:
        raise VersionRequired("Send the version of the agreement you read (If-Match, or the field version).")
    if version != queries.agreement_version(agreed.values()):
        raise Stale("An agreed rating was written since you opened this. Read what stands now, then confirm it.")

    if review.person_id == actor.person_id:
        review.person_confirmed_at, review.person_comment = clock.now(), comment
    else:
        review.assessor_confirmed_at, review.assessor_comment = clock.now(), comment
    if review.person_confirmed_at and review.assessor_confirmed_at:
        review.status = rules.advance(ReviewStatus.SHARED, to=ReviewStatus.CONFIRMED)
    record(session, actor, "review.confirmed", review)
    return review


def accept_same(session: Session, actor: Actor, review_id: UUID) -> int:
    """Agree at once on every skill where both sides said the same and nothing is agreed yet; how many there were.

    Raises: NotFound, Forbidden, Conflict.
    """
    review = queries.find_review(session, actor, review_id, lock=True)
    require(actor, Permission.AGREE_RATINGS, review)
    if review.status != ReviewStatus.SHARED:
        raise Conflict(f"Ratings are agreed while a review is shared; this one is {review.status}.")
    items = [
        item for item in queries.get_agreement(session, actor, review_id).items if not item.version and item.agreed
    ]
    for item in items:
        rating = item.agreed
        if rating is None:
            continue
        values = {
            "answer": rating.answer,
            "rung": rating.rung,
            "toward_next": rating.toward_next,
            "reason": rating.reason,
        }
        session.add(
            AgreedRating(
                review=review, skill_id=item.skill.id, saved_by=actor.person_id, saved_at=clock.now(), **values
            )
        )
    if items:
        review.person_confirmed_at = review.assessor_confirmed_at = None
        record(session, actor, "agreement.accepted", review)
    return len(items)


def _draft(session: Session, actor: Actor, assessment_id: UUID) -> Assessment:
    assessment = queries.find_assessment(session, actor, assessment_id, lock=True)
    require(actor, Permission.RATE, assessment)
    _check_open(assessment.review)
    if assessment.status != AssessmentStatus.DRAFT:
        raise Conflict("This assessment is submitted. Ask to reopen it first, if that is still possible.")
    return assessment


def _write_rating(
    session: Session, assessment: Assessment, skill_id: str, row: SkillRating | None, given: RatingInput
) -> SkillRating:
    if row is None:
        row = SkillRating(assessment_id=assessment.id, skill_id=skill_id, version=0, evidence=[])
        row.assessment = assessment
        session.add(row)
    row.answer, row.rung, row.toward_next = given.answer, given.rung, given.toward_next
    row.reason, row.comment, row.saved_at = given.reason, given.comment, clock.now()
    row.asked_again = ""
    row.version += 1
    return row


def _ratings_of(assessment: Assessment) -> Select[SkillRating]:
    return (
        select(SkillRating).where(SkillRating.assessment_id == assessment.id).options(lazyload(SkillRating.assessment))
    )


def _rating_row(session: Session, assessment: Assessment, skill_id: str) -> SkillRating | None:
    mine = SkillRating.assessment_id == assessment.id, SkillRating.skill_id == skill_id
    return session.scalars(select(SkillRating).where(*mine)).unique().first()


def _check_version(seen: int | None, row: SkillRating | AgreedRating | None, current: object) -> None:
    stands = row.version if row else 0
    if seen is None:
        raise VersionRequired(
            "Send the version you saw (If-Match, or the field version), so that nobody's words are lost."
        )
    if seen != stands:
        raise Stale(
            "This answer was saved in another place since you opened it. Both texts are here: keep what you need.",
            current,
        )


def _check_note(session: Session, review: Review, skill_id: str, given: AgreedInput) -> None:
    current = [a for a in review.assessments if a.is_current]
    sides = {Side(a.side): queries.ratings_of(session, [a.id], skill_id) for a in current}
    said = [sides.get(side, {}).get(skill_id) for side in (Side.SELF, Side.MANAGER)]
    if not given.note and rules.needs_note(given.rating(), *(view.rating if view else None for view in said)):
        raise Invalid("A difference needs a note.", [Problem("/note", "Say how you came to this answer.")])


def _check_open(review: Review) -> None:
    if review.status != ReviewStatus.OPEN:
        raise Conflict(f"This review is {review.status}: its assessments stand as they were submitted.")


def _check_running(review: Review) -> None:
    if review.status == ReviewStatus.CLOSED:
        raise Conflict("This review is closed; nothing in it changes any more.")


def _reveal_if_both(session: Session, review: Review) -> None:
    """Set the reveal in the same transaction as the second submission; never at any other moment (invariant 3)."""
    current = [row for row in review.assessments if row.is_current]
    submitted = [row.submitted_at for row in current if row.status == AssessmentStatus.SUBMITTED and row.submitted_at]
    if len(current) < len(Side) or len(submitted) < len(Side):
        return
    review.status = rules.advance(ReviewStatus(review.status), to=ReviewStatus.REVEALED)
    review.revealed_at = max(submitted)
    if review.cycle.share_rule == ShareRule.AT_REVEAL:
        review.status = rules.advance(ReviewStatus.REVEALED, to=ReviewStatus.SHARED)
        review.shared_at = review.revealed_at
    record(session, SYSTEM, "review.revealed", review)
