"""HTML doors of assessing: one skill at a time or all in a list, evidence, checking, handing over."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from service.errors import Invalid, NotFound, PartlySaved, Stale
from service.permissions import Actor, Permission
from service.reviews import actions, queries
from service.reviews.forms import OTHER_ANSWERS, not_saved, says_more, typed_evidence, typed_rating, typed_sheet
from service.reviews.inputs import EvidenceAnswer, ReasonInput
from service.reviews.rules import problems_by_skill
from service.reviews.views import AssessmentView, rating_words
from service.web.again import or_again, refused
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/assessments/{assessment_id}", permission=Permission.READ_SELF_ASSESSMENT)
def show_assessment(
    request: Request, assessment_id: UUID, session: DbSession, actor: SignedIn, view: str = ""
) -> Response:
    """To check and hand over while it is a draft, to read afterwards. `view=list` leads back into the list."""
    assessment = queries.get_assessment(session, actor, assessment_id)
    return page(
        request,
        "reviews/check.html" if assessment.is_open else "reviews/assessment.html",
        assessment=assessment,
        why=assessment.why,
        words=_words(session, actor, assessment),
        next_open=assessment.next_open(),
        in_list=view == "list",
        answers_evidence=assessment.review.is_own or assessment.review.is_assessor,
    )


@router.get("/assessments/{assessment_id}/ratings", permission=Permission.RATE)
def show_sheet(request: Request, assessment_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    """All skills in one list."""
    assessment, again = _written(session, actor, assessment_id), refused(request)
    if not assessment.is_open and again is None:
        return see_other(f"/assessments/{assessment_id}")
    return page(
        request,
        "reviews/sheet.html",
        assessment=assessment,
        typed=not_saved(again, assessment),
        earlier=queries.earlier_answers(session, actor, assessment),
        others=OTHER_ANSWERS,
        words=_words(session, actor, assessment),
    )


@router.post("/assessments/{assessment_id}/ratings", permission=Permission.RATE)
@or_again(show_sheet)
def save_sheet(assessment_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Save what is new in the list and fits; the rest stands again with its words."""
    assessment = _written(session, actor, assessment_id)
    given, open_ = typed_sheet(form, assessment)
    if given:
        open_ |= actions.save_fitting(session, actor, assessment_id, given)
    if open_:
        count = "One answer needs" if len(open_) == 1 else f"{len(open_)} answers need"
        in_order = dict(sorted(open_.items(), key=lambda refusal: assessment.places[refusal[0]]))
        raise PartlySaved(f"{count} another look. All else is saved.", problems_by_skill(in_order))
    return see_other(f"/assessments/{assessment_id}?view=list", flash="Saved.")


@router.get("/assessments/{assessment_id}/ratings/{skill_id}", permission=Permission.RATE)
def show_rating(request: Request, assessment_id: UUID, skill_id: str, session: DbSession, actor: SignedIn) -> Response:
    """One skill, with the way to the one before and the one after."""
    assessment = _written(session, actor, assessment_id)
    place = assessment.places.get(skill_id)
    if place is None:
        raise NotFound
    if not assessment.is_open and refused(request) is None:
        return see_other(f"/assessments/{assessment_id}")
    return page(
        request,
        "reviews/rating.html",
        assessment=assessment,
        item=assessment.items[place],
        earlier=queries.earlier_answers(session, actor, assessment, skill_id).get(skill_id),
        offers=queries.list_offers(session, actor, assessment_id, skill_id),
        before=assessment.items[place - 1].skill if place else None,
        after=assessment.items[place + 1].skill if place + 1 < len(assessment.items) else None,
        next_open=assessment.next_open(skill_id),
        others=OTHER_ANSWERS,
        words=_words(session, actor, assessment),
    )


@router.post("/assessments/{assessment_id}/ratings/{skill_id}", permission=Permission.RATE)
@or_again(show_rating)
def save_rating(assessment_id: UUID, skill_id: str, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Save the answer, and the evidence that stands in the form beside it."""
    _keep_answer(session, actor, assessment_id, skill_id, form)
    if form.get("note") or form.get("url"):
        _add_evidence(session, actor, assessment_id, skill_id, form)
    if form.get("then") == "stay":
        return _back_to(assessment_id, skill_id, "Saved.")
    following = queries.get_assessment(session, actor, assessment_id).next_open(skill_id)
    return see_other(
        f"/assessments/{assessment_id}" + (f"/ratings/{following.id}" if following else ""), flash="Saved."
    )


@router.post("/assessments/{assessment_id}/ratings/{skill_id}/evidence", permission=Permission.RATE)
@or_again(show_rating)
def add_evidence(assessment_id: UUID, skill_id: str, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """The same form by its other button: the answer is kept too."""
    if "answer" in form:
        _keep_answer(session, actor, assessment_id, skill_id, form)
    _add_evidence(session, actor, assessment_id, skill_id, form)
    return _back_to(assessment_id, skill_id, "Evidence added.", "#evidence")


@router.post("/assessments/{assessment_id}/ratings/{skill_id}/offers/{offer_id}", permission=Permission.RATE)
@or_again(show_rating)
def take_offer(
    assessment_id: UUID, skill_id: str, offer_id: UUID, session: DbSession, actor: SignedIn, form: Form
) -> Response:
    """Take over what a closed plan showed, by one more button of the same form: the answer is kept too."""
    if "answer" in form:
        _keep_answer(session, actor, assessment_id, skill_id, form)
    actions.take_offer(session, actor, assessment_id, skill_id, offer_id)
    return _back_to(assessment_id, skill_id, "Evidence added.")


def show_rating_of(request: Request, evidence_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    """The skill beside which a piece of evidence stands."""
    rating = queries.find_evidence(session, evidence_id).rating_row
    return show_rating(request, rating.assessment_id, rating.skill_id, session, actor)


@router.post("/evidence/{evidence_id}/removal", permission=Permission.RATE)
@or_again(show_rating_of)
def remove_evidence(evidence_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """As adding: the answer that stands in the form is kept."""
    assessment_id, skill_id = actions.remove_evidence(session, actor, evidence_id)
    if "answer" in form:
        _keep_answer(session, actor, assessment_id, skill_id, form)
    return _back_to(assessment_id, skill_id, "Evidence removed.", "#evidence")


def show_assessment_of(request: Request, evidence_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    """The assessment in which a piece of evidence stands."""
    assessment = queries.find_evidence(session, evidence_id).rating_row.assessment
    return show_assessment(request, assessment.id, session, actor)


@router.post("/evidence/{evidence_id}/answer", permission=Permission.RESPOND_TO_EVIDENCE)
@or_again(show_assessment_of)
def answer_evidence(evidence_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """The other side's word on a piece of evidence."""
    assessment = actions.answer_evidence(session, actor, evidence_id, parse(EvidenceAnswer, form))
    return see_other(f"/assessments/{assessment.id}", flash="Your answer stands beside the evidence.")


@router.post("/assessments/{assessment_id}/submission", permission=Permission.SUBMIT_ASSESSMENT)
@or_again(show_assessment)
def create_submission(assessment_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    assessment = actions.submit_assessment(session, actor, assessment_id)
    return see_other(f"/reviews/{assessment.review_id}", flash="Submitted. It stands as you wrote it.")


@router.post("/assessments/{assessment_id}/reopening", permission=Permission.REOPEN_ASSESSMENT)
@or_again(show_assessment)
def create_reopening(assessment_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    actions.reopen_assessment(session, actor, assessment_id, parse(ReasonInput, form).reason)
    return see_other(f"/assessments/{assessment_id}", flash="Open again. The other side sees that it is.")


def _keep_answer(session: DbSession, actor: Actor, assessment_id: UUID, skill_id: str, form: FormData) -> None:
    """Save the answer of a form. One that stands already, from a press before or the page's own saving, is no conflict."""
    given = typed_rating(form)
    try:
        actions.save_rating(session, actor, assessment_id, skill_id, given)
    except Stale as stale:
        if stale.current is None or says_more(given, stale.current):
            raise


def _add_evidence(session: DbSession, actor: Actor, assessment_id: UUID, skill_id: str, form: FormData) -> None:
    """Keep the evidence of a form; what is wrong with it undoes no answer that the form saved with it."""
    try:
        actions.add_evidence(session, actor, assessment_id, skill_id, typed_evidence(form))
    except Invalid as error:
        if "answer" not in form:
            raise
        raise PartlySaved("Answer saved; the evidence not yet.", error.problems) from error


def _written(session: DbSession, actor: Actor, assessment_id: UUID) -> AssessmentView:
    """The assessment, for whoever writes it. Raises: NotFound, NotSignedIn."""
    assessment = queries.get_assessment(session, actor, assessment_id)
    if not assessment.may_rate:
        raise NotFound
    return assessment


def _back_to(assessment_id: UUID, skill_id: str, flash: str, part: str = "") -> Response:
    return see_other(f"/assessments/{assessment_id}/ratings/{skill_id}{part}", flash=flash)


def _words(session: DbSession, actor: Actor, assessment: AssessmentView) -> Any:
    ladder = queries.ladder_of(session, queries.find_review(session, actor, assessment.review.id))
    return lambda rating: rating_words(ladder, rating)
