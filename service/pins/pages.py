"""HTML doors: moving one's review to a newer version, and what a version changes for whom."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.ladders.queries import get_version
from service.permissions import Permission
from service.pins import actions, queries
from service.web.again import or_again
from service.web.forms import Form, version_of
from service.web.pages import page, see_other
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/reviews/{review_id}/move/{to}", permission=Permission.MOVE_REVIEW)
def show_move(request: Request, review_id: UUID, to: str, session: DbSession, actor: SignedIn) -> Response:
    """What would change for the owner of the review, before they say yes."""
    found = queries.get_move(session, actor, review_id, to)
    return page(request, "pins/move.html", found=found)


@router.post("/reviews/{review_id}/move/{to}", permission=Permission.MOVE_REVIEW)
@or_again(show_move)
def create_move(review_id: UUID, to: str, session: DbSession, actor: SignedIn, form: Form) -> Response:
    actions.move_review(session, actor, review_id, to, version_of(form))
    return see_other(f"/reviews/{review_id}", flash=f"Your review is on {to} now.")


@router.get("/ladders/{ladder}/{version}/impact", permission=Permission.READ_IMPACT)
def show_impact(
    request: Request, ladder: str, version: str, session: DbSession, actor: SignedIn, after: After = None
) -> Response:
    """Who is pinned to other versions of the ladder, and what this one changes for them."""
    view = get_version(session, actor, ladder, version)
    found = queries.get_impact(session, actor, view.ladder, after=after)
    return page(request, "pins/impact.html", found=found, after=after, state=view.status, draft=None)


@router.get("/drafts/{draft_id}/impact", permission=Permission.READ_IMPACT)
def show_draft_impact(
    request: Request, draft_id: UUID, session: DbSession, actor: SignedIn, after: After = None
) -> Response:
    """What a draft would change for whom, before it is published."""
    draft, found = queries.get_draft_impact(session, actor, draft_id, after=after)
    return page(request, "pins/impact.html", found=found, after=after, state=draft.status, draft=draft)
