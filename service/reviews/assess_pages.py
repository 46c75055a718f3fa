"""HTML doors of assessing: one skill at a time or all in a list, evidence, checking, handing over."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from service.errors import Conflict, Invalid, NotFound, Stale
from service.permissions import Actor, Permission
from service.reviews import actions, queries
from service.reviews.forms import OTHER_ANSWERS, says_more, typed_evidence, typed_rating, typed_sheet
from service.reviews.inputs import EvidenceAnswer, ReasonInput
from service.reviews.views import AssessmentView, rating_words
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)
Refusal = Invalid | Stale | Conflict
REFUSALS = (Invalid, Stale, Conflict)
"""After these the form stands again, with every word that was typed."""


@router.get("/assessments/{assessment_id}", permission=Permission.READ_SELF_ASSESSMENT)
def show_assessment(
    request: Request, assessment_id: UUID, session: DbSession, actor: SignedIn, view: str = ""
) -> Response:
    """To check and hand over while it is a draft, to read afterwards. `view=list` leads back into the list."""
    return _assessment(request, assessment_id, session, actor, in_list=view == "list")


def _assessment(
    request: Request,
    assessment_id: UUID,
    session: DbSession,
    actor: Actor,
    problem: Invalid | None = None,
    *,
    in_list: bool = False,
) -> Response:
    assessment = queries.get_assessment(session, actor, assessment_id)
    return page(
        request,
        "reviews/check.html" if assessment.is_open else "reviews/assessment.html",
        status=problem.status if problem else 200,
        problem=problem,
        assessment=assessment,
        why=assessment.why,
        words=_words(session, actor, assessment),
        next_open=assessment.next_open(),
        in_list=in_list,
        answers_evidence=assessment.review.is_own or assessment.review.is_assessor,
    )


@router.get("/assessments/{assessment_id}/ratings", permission=Permission.RATE)
def show_sheet(request: Request, assessment_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    """All skills in one list."""
    return _sheet(request, assessment_id, session, actor)


def _sheet(
    request: Request,
    assessment_id: UUID,
    session: DbSession,
    actor: Actor,
    problem: Refusal | None = None,
    typed: FormData | None = None,
) -> Response:
    assessment = _written(session, actor, assessment_id)
    if not assessment.is_open and problem is None:
        return see_other(f"/assessments/{assessment_id}")
    return page(
        request,
        "reviews/sheet.html",
        status=problem.status if problem else 200,
        problem=problem,
        values=typed or {},
        stands=problem.current if isinstance(problem, Stale) else None,
        assessment=assessment,
        earlier=queries.earlier_answers(session, actor, assessment),
        others=OTHER_ANSWERS,
        words=_words(session, actor, assessment),
    )


@router.post("/assessments/{assessment_id}/ratings", permission=Permission.RATE)
def save_sheet(request: Request, assessment_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Save what is new in the list, all or none."""
    try:
        given = typed_sheet(form, _written(session, actor, assessment_id))
        if given:
            actions.save_ratings(session, actor, assessment_id, given)
    except REFUSALS as problem:
        session.rollback()
        return _sheet(request, assessment_id, session, actor, problem, form)
    return see_other(f"/assessments/{assessment_id}?view=list", flash="Saved.")


@router.get("/assessments/{assessment_id}/ratings/{skill_id}", permission=Permission.RATE)
def show_rating(request: Request, assessment_id: UUID, skill_id: str, session: DbSession, actor: SignedIn) -> Response:
    """One skill, with the way to the one before and the one after."""
    return _rating(request, assessment_id, skill_id, session, actor)


def _rating(
    request: Request,
    assessment_id: UUID,
    skill_id: str,
    session: DbSession,
    actor: Actor,
    problem: Refusal | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Response:
    assessment = _written(session, actor, assessment_id)
    place = assessment.places.get(skill_id)
    if place is None:
        raise NotFound
    if not assessment.is_open and problem is None:
        return see_other(f"/assessments/{assessment_id}")
    return page(
        request,
        "reviews/rating.html",
        status=problem.status if problem else 200,
        problem=problem,
        values=typed or {},
        stands=problem.current if isinstance(problem, Stale) else None,
        assessment=assessment,
        item=assessment.items[place],
        earlier=queries.earlier_answers(session, actor, assessment, skill_id).get(skill_id),
        before=assessment.items[place - 1].skill if place else None,
        after=assessment.items[place + 1].skill if place + 1 < len(assessment.items) else None,
        next_open=assessment.next_open(skill_id),
        others=OTHER_ANSWERS,
        words=_words(session, actor, assessment),
    )


@router.post("/assessments/{assessment_id}/ratings/{skill_id}", permission=Permission.RATE)
def save_rating(
    request: Request, assessment_id: UUID, skill_id: str, session: DbSession, actor: SignedIn, form: Form
) -> Response:
    """Save the answer, and the evidence that stands in the form beside it."""
    try:
        _keep_answer(session, actor, assessment_id, skill_id, form)
        if form.get("note") or form.get("url"):
            actions.add_evidence(session, actor, assessment_id, skill_id, typed_evidence(form))
    except REFUSALS as problem:
        session.rollback()
        return _rating(request, assessment_id, skill_id, session, actor, problem, form)
    if form.get("then") == "stay":
        return _back_to(assessment_id, skill_id, "Saved.")
    following = queries.get_assessment(session, actor, assessment_id).next_open(skill_id)
    return see_other(
        f"/assessments/{assessment_id}" + (f"/ratings/{following.id}" if following else ""), flash="Saved."
    )


@router.post("/assessments/{assessment_id}/ratings/{skill_id}/evidence", permission=Permission.RATE)
def add_evidence(
    request: Request, assessment_id: UUID, skill_id: str, session: DbSession, actor: SignedIn, form: Form
) -> Response:
    """The same form by its other button: the answer is kept too."""
    try:
        if "answer" in form:
            _keep_answer(session, actor, assessment_id, skill_id, form)
        actions.add_evidence(session, actor, assessment_id, skill_id, typed_evidence(form))
    except REFUSALS as problem:
        session.rollback()
        return _rating(request, assessment_id, skill_id, session, actor, problem, form)
    return _back_to(assessment_id, skill_id, "Evidence added.")


@router.post("/evidence/{evidence_id}/removal", permission=Permission.RATE)
def remove_evidence(request: Request, evidence_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """As adding: the answer that stands in the form is kept."""
    assessment_id, skill_id = actions.remove_evidence(session, actor, evidence_id)
    try:
        if "answer" in form:
            _keep_answer(session, actor, assessment_id, skill_id, form)
    except REFUSALS as problem:
        session.rollback()
        return _rating(request, assessment_id, skill_id, session, actor, problem, form)
    return _back_to(assessment_id, skill_id, "Evidence removed.")


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


def _keep_answer(session: DbSession, actor: Actor, assessment_id: UUID, skill_id: str, form: FormData) -> None:
    """Save the answer of a form. One that stands already, from a press before or the page's own saving, is no conflict."""
    given = typed_rating(form)
    try:
        actions.save_rating(session, actor, assessment_id, skill_id, given)
    except Stale as stale:
        if stale.current is None or says_more(given, stale.current):
            raise


def _written(session: DbSession, actor: Actor, assessment_id: UUID) -> AssessmentView:
    """The assessment, for whoever writes it. Raises: NotFound, NotSignedIn."""
    assessment = queries.get_assessment(session, actor, assessment_id)
    if not assessment.may_rate:
        raise NotFound
    return assessment


def _back_to(assessment_id: UUID, skill_id: str, flash: str) -> Response:
    return see_other(f"/assessments/{assessment_id}/ratings/{skill_id}", flash=flash)


def _words(session: DbSession, actor: Actor, assessment: AssessmentView) -> Any:
    ladder = queries.ladder_of(session, queries.find_review(session, actor, assessment.review.id))
    return lambda rating: rating_words(ladder, rating)
