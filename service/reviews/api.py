"""JSON doors of reviews, assessments and agreed ratings."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response
from pydantic import Field

from service.ladders.inputs import ID_PATTERN
from service.ladders.rules import Expectation, Importance
from service.permissions import Permission
from service.reviews import actions, cycles, queries
from service.reviews.inputs import (
    AgreedInput,
    AssessorInput,
    ConfirmationInput,
    EvidenceAnswer,
    EvidenceInput,
    RatingInput,
    ReasonInput,
    SheetInput,
)
from service.reviews.rules import AssessmentStatus, Rating, Side
from service.reviews.views import AgreedStand, AgreementView, EvidenceView, OfferView, RatingView, ReviewView
from service.web.answers import refusals
from service.web.etags import SeenVersion, set_etag
from service.web.forms import AsOf
from service.web.paging import After, Limit, link_next
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="reviews")

SkillId = Annotated[str, Path(pattern=ID_PATTERN, max_length=80, examples=["okr"])]
STEP = refusals(409)
EDIT = refusals(409, 412, 428)


@dataclass(frozen=True, slots=True)
class SkillToRate:
    """One skill of an assessment. `rungs` are the level ids to choose from; `rating.version` is what If-Match takes."""

    skill_id: str
    name: str
    category: str
    importance: Importance
    now: Expectation | None
    next: Expectation | None
    rungs: tuple[str, ...]
    rating: RatingView


@dataclass(frozen=True, slots=True)
class AssessmentAnswer:
    """An assessment with its ratings; `answered` counts the skills that have one."""

    id: UUID
    review: ReviewView
    side: Side
    rater_name: str
    status: AssessmentStatus
    may_rate: bool
    answered: int
    skills: tuple[SkillToRate, ...]


@dataclass(frozen=True, slots=True)
class AgreedSkill:
    """Both sides' answers and the agreed one. Version 0 means that `agreed` is only proposed, as both said the same."""

    skill_id: str
    name: str
    self_: Annotated[RatingView, Field(serialization_alias="self")]
    manager: RatingView
    agreed: Rating | None
    note: str
    version: int
    differs: bool


@dataclass(frozen=True, slots=True)
class AgreementAnswer:
    review: ReviewView
    may_agree: bool
    skills: tuple[AgreedSkill, ...]
    as_of: date | None


@router.get("/reviews", permission=Permission.READ_REVIEW)
def list_reviews(
    response: Response,
    session: DbSession,
    actor: SignedIn,
    cycle_id: UUID | None = None,
    after: After = None,
    limit: Limit = 50,
) -> list[ReviewView]:
    """The reviews the caller may see, by name: who, what is pinned, which step; never a rating."""
    found = queries.list_reviews(session, actor, cycle_id=cycle_id, after=after, limit=limit)
    link_next(response, "/api/v1/reviews", found, cycle_id=str(cycle_id or ""), limit=str(limit))
    return list(found.rows)


@router.get("/reviews/{review_id}", permission=Permission.READ_REVIEW)
def show_review(review_id: UUID, session: DbSession, actor: SignedIn) -> ReviewView:
    """One review without its ratings."""
    return queries.get_review(session, actor, review_id)


@router.put("/reviews/{review_id}/assessor", permission=Permission.NAME_ASSESSOR, responses=STEP)
def name_assessor(review_id: UUID, session: DbSession, actor: SignedIn, given: AssessorInput) -> ReviewView:
    """Name who assesses, where there is no manager or the manager is in conflict."""
    cycles.name_assessor(session, actor, review_id, given.assessor_id)
    return queries.get_review(session, actor, review_id)


@router.post("/reviews/{review_id}/release", permission=Permission.SHARE_REVIEW, responses=STEP)
def create_release(review_id: UUID, session: DbSession, actor: SignedIn) -> ReviewView:
    """Open the manager's view to the person, where the cycle waits for calibration. In person only."""
    actions.share_review(session, actor, review_id)
    return queries.get_review(session, actor, review_id)


@router.get("/reviews/{review_id}/agreement", permission=Permission.READ_AGREEMENT)
def show_agreement(
    review_id: UUID, response: Response, session: DbSession, actor: SignedIn, as_of: AsOf = None
) -> AgreementAnswer:
    """Self, manager and agreed ratings beside each other, once shared; where the two differ comes first. As of a day it has no
    ETag, since nothing is agreed or confirmed in the past."""
    return _agreement(queries.get_agreement(session, actor, review_id, as_of), response)


@router.put("/reviews/{review_id}/agreement/{skill_id}", permission=Permission.AGREE_RATINGS, responses=EDIT)
def save_agreed(
    review_id: UUID,
    skill_id: SkillId,
    response: Response,
    session: DbSession,
    actor: SignedIn,
    version: SeenVersion,
    given: AgreedInput,
) -> AgreedStand:
    """Write one agreed rating; If-Match "0" for the first. In person only."""
    row = actions.save_agreed(session, actor, review_id, skill_id, given.model_copy(update={"version": version}))
    set_etag(response, row.version)
    return queries.agreed_stand(row)


@router.post("/reviews/{review_id}/agreement/acceptance", permission=Permission.AGREE_RATINGS, responses=STEP)
def accept_same(review_id: UUID, response: Response, session: DbSession, actor: SignedIn) -> AgreementAnswer:
    """Agree on every skill where both said the same and nothing is agreed yet. In person only."""
    actions.accept_same(session, actor, review_id)
    return _agreement(queries.get_agreement(session, actor, review_id), response)


@router.post("/reviews/{review_id}/confirmation", permission=Permission.CONFIRM_REVIEW, responses=EDIT)
def create_confirmation(
    review_id: UUID, session: DbSession, actor: SignedIn, version: SeenVersion, given: ConfirmationInput
) -> ReviewView:
    """One side's "this is what we said", with a comment beside it; If-Match is the agreement's ETag. In person only."""
    actions.confirm_review(session, actor, review_id, given.comment, version)
    return queries.get_review(session, actor, review_id)


@router.get("/assessments/{assessment_id}", permission=Permission.READ_SELF_ASSESSMENT)
def show_assessment(assessment_id: UUID, session: DbSession, actor: SignedIn) -> AssessmentAnswer:
    """An assessment with its ratings: one's own draft, or the other side's once it is open to the caller."""
    view = queries.get_assessment(session, actor, assessment_id)
    skills = tuple(
        SkillToRate(
            skill_id=item.skill.id,
            name=item.skill.name,
            category=item.category,
            importance=item.skill.importance,
            now=item.now,
            next=item.next,
            rungs=tuple(level.id for level, _ in item.rungs),
            rating=item.rating,
        )
        for item in view.items
    )
    return AssessmentAnswer(
        view.id, view.review, view.side, view.rater_name, view.status, view.may_rate, view.answered, skills
    )


@router.put("/assessments/{assessment_id}/ratings", permission=Permission.RATE, responses=STEP)
def save_ratings(assessment_id: UUID, session: DbSession, actor: SignedIn, given: SheetInput) -> AssessmentAnswer:
    """Keep a whole sheet of answers of one's own draft, all or none; each names the version it replaces, 0 for none."""
    actions.save_ratings(session, actor, assessment_id, given.ratings)
    return show_assessment(assessment_id, session, actor)


@router.get("/assessments/{assessment_id}/ratings/{skill_id}", permission=Permission.READ_SELF_ASSESSMENT)
def show_rating(
    assessment_id: UUID, skill_id: SkillId, response: Response, session: DbSession, actor: SignedIn
) -> RatingView:
    """One answer as it stands; its ETag is "0" where there is none yet."""
    rating = queries.get_rating(session, actor, assessment_id, skill_id)
    set_etag(response, rating.version)
    return rating


@router.put("/assessments/{assessment_id}/ratings/{skill_id}", permission=Permission.RATE, responses=EDIT)
def save_rating(
    assessment_id: UUID,
    skill_id: SkillId,
    response: Response,
    session: DbSession,
    actor: SignedIn,
    version: SeenVersion,
    given: RatingInput,
) -> RatingView:
    """Keep one answer of one's own draft; If-Match "0" for the first."""
    rating = actions.save_rating(session, actor, assessment_id, skill_id, given.model_copy(update={"version": version}))
    set_etag(response, rating.version)
    return rating


@router.post(
    "/assessments/{assessment_id}/ratings/{skill_id}/evidence",
    permission=Permission.RATE,
    status_code=201,
    responses=STEP,
)
def add_evidence(
    assessment_id: UUID,
    skill_id: SkillId,
    response: Response,
    session: DbSession,
    actor: SignedIn,
    given: EvidenceInput,
) -> EvidenceView:
    """Put a dated note or link beside an answer of one's own draft."""
    evidence_id = actions.add_evidence(session, actor, assessment_id, skill_id, given)
    response.headers["location"] = f"/api/v1/evidence/{evidence_id}"
    rating = queries.get_rating(session, actor, assessment_id, skill_id)
    return next(item for item in rating.evidence if item.id == evidence_id)


@router.get("/assessments/{assessment_id}/ratings/{skill_id}/offers", permission=Permission.RATE)
def list_offers(assessment_id: UUID, skill_id: SkillId, session: DbSession, actor: SignedIn) -> tuple[OfferView, ...]:
    """What a closed plan showed of a skill, to be taken over as evidence into one's own draft. `url` is a page's path here."""
    return queries.list_offers(session, actor, assessment_id, skill_id)


@router.post(
    "/assessments/{assessment_id}/ratings/{skill_id}/offers/{offer_id}",
    permission=Permission.RATE,
    status_code=201,
    responses=STEP,
)
def take_offer(
    assessment_id: UUID, skill_id: SkillId, offer_id: UUID, response: Response, session: DbSession, actor: SignedIn
) -> EvidenceView:
    """Put what is offered beside an answer of one's own draft."""
    evidence_id = actions.take_offer(session, actor, assessment_id, skill_id, offer_id)
    response.headers["location"] = f"/api/v1/evidence/{evidence_id}"
    rating = queries.get_rating(session, actor, assessment_id, skill_id)
    return next(item for item in rating.evidence if item.id == evidence_id)


@router.delete("/evidence/{evidence_id}", permission=Permission.RATE, status_code=204, responses=STEP)
def remove_evidence(evidence_id: UUID, session: DbSession, actor: SignedIn) -> None:
    """Take a piece of evidence away from one's own draft."""
    actions.remove_evidence(session, actor, evidence_id)


@router.put(
    "/evidence/{evidence_id}/answer", permission=Permission.RESPOND_TO_EVIDENCE, status_code=204, responses=STEP
)
def answer_evidence(evidence_id: UUID, session: DbSession, actor: SignedIn, given: EvidenceAnswer) -> None:
    """Confirm or dispute a piece of the other side's evidence."""
    actions.answer_evidence(session, actor, evidence_id, given)


@router.post("/assessments/{assessment_id}/submission", permission=Permission.SUBMIT_ASSESSMENT, responses=STEP)
def create_submission(assessment_id: UUID, session: DbSession, actor: SignedIn) -> ReviewView:
    """Hand one's finished draft over; the second of a review reveals both. In person only."""
    assessment = actions.submit_assessment(session, actor, assessment_id)
    return queries.get_review(session, actor, assessment.review_id)


@router.post("/assessments/{assessment_id}/reopening", permission=Permission.REOPEN_ASSESSMENT, responses=STEP)
def create_reopening(assessment_id: UUID, session: DbSession, actor: SignedIn, given: ReasonInput) -> ReviewView:
    """Take one's submitted assessment back, with a reason, while the other side is not in. In person only."""
    assessment = actions.reopen_assessment(session, actor, assessment_id, given.reason)
    return queries.get_review(session, actor, assessment.review_id)


def _agreement(view: AgreementView, response: Response) -> AgreementAnswer:
    if view.as_of is None:
        set_etag(response, view.version)
    skills = tuple(
        AgreedSkill(
            item.skill.id, item.skill.name, item.self_, item.manager, item.agreed, item.note, item.version, item.differs
        )
        for item in view.items
    )
    return AgreementAnswer(view.review, view.may_agree, skills, view.as_of)
