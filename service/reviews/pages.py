"""HTML doors of reviews and assessments."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.errors import Invalid, NotFound, Problem, Stale
from service.people.queries import find_person
from service.permissions import Actor, Permission, may, require
from service.reviews import actions, cycles, queries
from service.reviews.inputs import (
    AgreedInput,
    AssessorEmail,
    ConfirmationInput,
    EvidenceAnswer,
    EvidenceInput,
    RatingInput,
    ReasonInput,
)
from service.reviews.rules import Answer
from service.reviews.views import AssessmentView, rating_words
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)
OTHER_ANSWERS = (
    (Answer.NONE, "Before the first rung"),
    (Answer.NOT_ASSESSED, "Not assessed"),
    (Answer.NOT_APPLICABLE, "Does not apply"),
)


@router.get("/reviews", permission=Permission.READ_REVIEW)
def show_reviews(request: Request, session: DbSession, actor: SignedIn, after: After = None) -> Response:
    return page(request, "reviews/list.html", reviews=queries.list_reviews(session, actor, after=after))


@router.get("/reviews/{review_id}", permission=Permission.READ_REVIEW)
def show_review(request: Request, review_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    return _review(request, review_id, session, actor)


def _review(
    request: Request, review_id: UUID, session: DbSession, actor: Actor, problem: Invalid | None = None
) -> Response:
    review = queries.get_review(session, actor, review_id)
    row = queries.find_review(session, actor, review_id)
    return page(
        request,
        "reviews/review.html",
        status=problem.status if problem else 200,
        problem=problem,
        review=review,
        may_name=may(actor, Permission.NAME_ASSESSOR, row) and review.status == "open",
        may_release=may(actor, Permission.SHARE_REVIEW, row) and review.status == "revealed",
        may_agree=may(actor, Permission.READ_AGREEMENT, row),
    )


@router.post("/reviews/{review_id}/assessor", permission=Permission.NAME_ASSESSOR)
def name_assessor(request: Request, review_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    require(actor, Permission.NAME_ASSESSOR, queries.find_review(session, actor, review_id))
    try:
        assessor = find_person(session, parse(AssessorEmail, form).email)
        if assessor is None:
            raise Invalid("Nobody was named.", [Problem("/email", "Nobody here signs in with this address.")])
        cycles.name_assessor(session, actor, review_id, assessor.id)
    except Invalid as problem:
        session.rollback()
        return _review(request, review_id, session, actor, problem)
    return see_other(f"/reviews/{review_id}", flash="Named. They can begin.")


@router.post("/reviews/{review_id}/release", permission=Permission.SHARE_REVIEW)
def create_release(review_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    actions.share_review(session, actor, review_id)
    return see_other(f"/reviews/{review_id}", flash="Shared. The person can read the manager's assessment now.")


@router.get("/assessments/{assessment_id}", permission=Permission.READ_SELF_ASSESSMENT)
def show_assessment(request: Request, assessment_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    return _assessment(request, assessment_id, session, actor)


def _assessment(
    request: Request, assessment_id: UUID, session: DbSession, actor: Actor, problem: Invalid | None = None
) -> Response:
    assessment = queries.get_assessment(session, actor, assessment_id)
    return page(
        request,
        "reviews/assessment.html",
        status=problem.status if problem else 200,
        problem=problem,
        assessment=assessment,
        words=_words(session, actor, assessment),
        next_open=_next_open(assessment),
        answers_evidence=assessment.review.is_own or assessment.review.is_assessor,
    )


@router.get("/assessments/{assessment_id}/ratings/{skill_id}", permission=Permission.RATE)
def show_rating(request: Request, assessment_id: UUID, skill_id: str, session: DbSession, actor: SignedIn) -> Response:
    return _rating(request, assessment_id, skill_id, session, actor)


def _rating(
    request: Request,
    assessment_id: UUID,
    skill_id: str,
    session: DbSession,
    actor: Actor,
    problem: Invalid | Stale | None = None,
    values: Mapping[str, Any] | None = None,
) -> Response:
    assessment = queries.get_assessment(session, actor, assessment_id)
    places = {item.skill.id: place for place, item in enumerate(assessment.items)}
    if not assessment.may_rate or skill_id not in places:
        raise NotFound
    place = places[skill_id]
    return page(
        request,
        "reviews/rating.html",
        status=problem.status if problem else 200,
        problem=problem,
        values=values or {},
        stands=problem.current if isinstance(problem, Stale) else None,
        assessment=assessment,
        item=assessment.items[place],
        number=place + 1,
        before=assessment.items[place - 1].skill if place else None,
        after=assessment.items[place + 1].skill if place + 1 < len(assessment.items) else None,
        others=OTHER_ANSWERS,
    )


@router.post("/assessments/{assessment_id}/ratings/{skill_id}", permission=Permission.RATE)
def save_rating(
    request: Request, assessment_id: UUID, skill_id: str, session: DbSession, actor: SignedIn, form: Form
) -> Response:
    values, go_on = _answer_fields(form)
    try:
        actions.save_rating(session, actor, assessment_id, skill_id, parse(RatingInput, values))
    except (Invalid, Stale) as problem:
        session.rollback()
        return _rating(request, assessment_id, skill_id, session, actor, problem, form)
    if go_on == "stay":
        return see_other(f"/assessments/{assessment_id}/ratings/{skill_id}", flash="Saved.")
    following = _next_open(queries.get_assessment(session, actor, assessment_id)) if go_on == "next" else None
    return see_other(f"/assessments/{assessment_id}" + (f"/ratings/{following}" if following else ""), flash="Saved.")


@router.post("/assessments/{assessment_id}/ratings/{skill_id}/evidence", permission=Permission.RATE)
def add_evidence(
    request: Request, assessment_id: UUID, skill_id: str, session: DbSession, actor: SignedIn, form: Form
) -> Response:
    try:
        actions.add_evidence(session, actor, assessment_id, skill_id, parse(EvidenceInput, form))
    except Invalid as problem:
        session.rollback()
        return _rating(request, assessment_id, skill_id, session, actor, problem, form)
    return see_other(f"/assessments/{assessment_id}/ratings/{skill_id}", flash="Evidence added.")


@router.post("/evidence/{evidence_id}/removal", permission=Permission.RATE)
def remove_evidence(evidence_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    assessment_id, skill_id = actions.remove_evidence(session, actor, evidence_id)
    return see_other(f"/assessments/{assessment_id}/ratings/{skill_id}", flash="Evidence removed.")


@router.post("/evidence/{evidence_id}/answer", permission=Permission.RESPOND_TO_EVIDENCE)
def answer_evidence(evidence_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    assessment = actions.answer_evidence(session, actor, evidence_id, parse(EvidenceAnswer, form))
    return see_other(f"/assessments/{assessment.id}", flash="Your answer stands beside the evidence.")


@router.post("/assessments/{assessment_id}/submission", permission=Permission.SUBMIT_ASSESSMENT)
def create_submission(request: Request, assessment_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    try:
        assessment = actions.submit_assessment(session, actor, assessment_id)
    except Invalid as problem:
        session.rollback()
        return _assessment(request, assessment_id, session, actor, problem)
    return see_other(f"/reviews/{assessment.review_id}", flash="Submitted. It stands as you wrote it.")


@router.post("/assessments/{assessment_id}/reopening", permission=Permission.REOPEN_ASSESSMENT)
def create_reopening(
    request: Request, assessment_id: UUID, session: DbSession, actor: SignedIn, form: Form
) -> Response:
    try:
        actions.reopen_assessment(session, actor, assessment_id, parse(ReasonInput, form).reason)
    except Invalid as problem:
        session.rollback()
        return _assessment(request, assessment_id, session, actor, problem)
    return see_other(f"/assessments/{assessment_id}", flash="Open again. The other side sees that it is.")


@router.get("/reviews/{review_id}/agreement", permission=Permission.READ_AGREEMENT)
def show_agreement(request: Request, review_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    return _agreement(request, review_id, session, actor)


def _agreement(
    request: Request, review_id: UUID, session: DbSession, actor: Actor, problem: Invalid | Stale | None = None
) -> Response:
    agreement = queries.get_agreement(session, actor, review_id)
    return page(
        request,
        "reviews/agreement.html",
        status=problem.status if problem else 200,
        problem=problem,
        agreement=agreement,
        words=lambda rating: rating_words(agreement.ladder, rating),
    )


@router.get("/reviews/{review_id}/agreement/{skill_id}", permission=Permission.AGREE_RATINGS)
def show_agreed(request: Request, review_id: UUID, skill_id: str, session: DbSession, actor: SignedIn) -> Response:
    return _agreed(request, review_id, skill_id, session, actor)


def _agreed(
    request: Request,
    review_id: UUID,
    skill_id: str,
    session: DbSession,
    actor: Actor,
    problem: Invalid | Stale | None = None,
    values: Mapping[str, Any] | None = None,
) -> Response:
    agreement = queries.get_agreement(session, actor, review_id)
    items = [item for item in agreement.items if item.skill.id == skill_id]
    if not items or not agreement.may_agree:
        raise NotFound
    rungs = tuple((agreement.ladder.level(e.level), e) for e in items[0].skill.expectations)
    return page(
        request,
        "reviews/agreed.html",
        status=problem.status if problem else 200,
        problem=problem,
        values=values or {},
        stands=problem.current if isinstance(problem, Stale) else None,
        agreement=agreement,
        item=items[0],
        rungs=rungs,
        others=OTHER_ANSWERS,
        words=lambda rating: rating_words(agreement.ladder, rating),
    )


@router.post("/reviews/{review_id}/agreement/acceptance", permission=Permission.AGREE_RATINGS)
def create_acceptance(review_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    count = actions.accept_same(session, actor, review_id)
    return see_other(f"/reviews/{review_id}/agreement", flash=f"Agreed on {count} skills where both said the same.")


@router.post("/reviews/{review_id}/agreement/{skill_id}", permission=Permission.AGREE_RATINGS)
def save_agreed(
    request: Request, review_id: UUID, skill_id: str, session: DbSession, actor: SignedIn, form: Form
) -> Response:
    values, _ = _answer_fields(form)
    try:
        actions.save_agreed(session, actor, review_id, skill_id, parse(AgreedInput, values))
    except (Invalid, Stale) as problem:
        session.rollback()
        return _agreed(request, review_id, skill_id, session, actor, problem, form)
    return see_other(f"/reviews/{review_id}/agreement", flash="Agreed rating saved.")


@router.post("/reviews/{review_id}/confirmation", permission=Permission.CONFIRM_REVIEW)
def create_confirmation(request: Request, review_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    try:
        given = parse(ConfirmationInput, form)
        actions.confirm_review(session, actor, review_id, given.comment, given.version)
    except (Invalid, Stale) as problem:
        session.rollback()
        return _agreement(request, review_id, session, actor, problem)
    return see_other(f"/reviews/{review_id}", flash="Confirmed.")


def _answer_fields(form: Any) -> tuple[Any, str]:
    """The form with its one radio group split into `answer` and `rung`, and which button was pressed."""
    fields = [(key, value) for key, value in form.multi_items() if key not in ("answer", "then")]
    answer = form.get("answer")
    if answer in list(Answer):
        fields.append(("answer", answer))
    elif answer:
        fields += [("answer", Answer.RUNG.value), ("rung", answer)]
    return type(form)(fields), str(form.get("then", ""))


def _next_open(assessment: AssessmentView) -> str | None:
    return next((item.skill.id for item in assessment.items if item.rating.answer is None), None)


def _words(session: Any, actor: Any, assessment: AssessmentView) -> Any:
    ladder = queries.ladder_of(session, queries.find_review(session, actor, assessment.review.id))
    return lambda rating: rating_words(ladder, rating)
