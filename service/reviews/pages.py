"""HTML doors of reviews."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.errors import Invalid, Problem
from service.people.queries import find_person
from service.permissions import Permission, may, require
from service.reviews import actions, cycles, queries
from service.reviews.inputs import AssessorEmail
from service.web.again import or_again
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
    """Where a review stands. The plan that grew out of it, the versions it can move to and the person's other reviews come from
    `app.state`: those features lie above reviews."""
    review = queries.get_review(session, actor, review_id)
    row = queries.find_review(session, actor, review_id)
    return page(
        request,
        "reviews/review.html",
        review=review,
        why=review.why,
        may_name=may(actor, Permission.NAME_ASSESSOR, row) and review.status == "open",
        may_release=may(actor, Permission.SHARE_REVIEW, row) and review.status == "revealed",
        may_agree=may(actor, Permission.READ_AGREEMENT, row),
        plan=request.app.state.plan_of_review(session, actor, review_id),
        trend=request.app.state.has_trend(session, actor, review.person_id),
        newer=request.app.state.newer_versions(session, actor, review_id) if review.is_own else (),
    )


@router.post("/reviews/{review_id}/assessor", permission=Permission.NAME_ASSESSOR)
@or_again(show_review)
def name_assessor(review_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    require(actor, Permission.NAME_ASSESSOR, queries.find_review(session, actor, review_id))
    assessor = find_person(session, parse(AssessorEmail, form).email)
    if assessor is None:
        raise Invalid("Nobody was named.", [Problem("/email", "Nobody here signs in with this address.")])
    cycles.name_assessor(session, actor, review_id, assessor.id)
    return see_other(f"/reviews/{review_id}", flash="Named. They can begin.")


@router.post("/reviews/{review_id}/release", permission=Permission.SHARE_REVIEW)
def create_release(review_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    actions.share_review(session, actor, review_id)
    return see_other(f"/reviews/{review_id}", flash="Shared. The person can read the manager's assessment now.")
