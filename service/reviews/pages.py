"""HTML doors of reviews and of the talk about them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.errors import Invalid, NotFound, Problem, Stale
from service.people.queries import find_person
from service.permissions import Actor, Permission, may, require
from service.reviews import actions, cycles, queries
from service.reviews.forms import OTHER_ANSWERS, answer_fields
from service.reviews.inputs import AgreedInput, AssessorEmail, ConfirmationInput
from service.reviews.views import rating_words
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


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
    try:
        given = parse(AgreedInput, answer_fields(form, "note"))
        actions.save_agreed(session, actor, review_id, skill_id, given)
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
