"""JSON doors of pinned versions."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Response

from service.errors import Conflict
from service.ladders.queries import get_version
from service.permissions import Permission
from service.pins import actions, queries
from service.pins.views import Impact, MoveView, NewerVersion, PinnedPlan, PinnedReview
from service.reviews.queries import get_review
from service.reviews.views import ReviewView
from service.web.answers import refusals
from service.web.etags import SeenVersion, set_etag
from service.web.paging import After, Limit, link_next
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="reviews")


@dataclass(frozen=True, slots=True)
class ImpactAnswer:
    """`moved` counts the reviews that their owners moved to this version."""

    ladder: str
    version: str
    reviews: tuple[PinnedReview, ...]
    plans: tuple[PinnedPlan, ...]
    moved: int


@router.get("/reviews/{review_id}/move", permission=Permission.READ_REVIEW)
def list_newer(review_id: UUID, session: DbSession, actor: SignedIn) -> list[NewerVersion]:
    """The published versions that an open review can move to, the newest first."""
    return list(queries.newer_versions(session, actor, review_id))


@router.get("/reviews/{review_id}/move/{to}", permission=Permission.MOVE_REVIEW, responses=refusals(403))
def show_move(review_id: UUID, to: str, response: Response, session: DbSession, actor: SignedIn) -> MoveView:
    """What would change for the owner of the review; its ETag is that of the review, to move with."""
    found = queries.get_move(session, actor, review_id, to)
    set_etag(response, found.review.version)
    return found


@router.post(
    "/reviews/{review_id}/move/{to}", permission=Permission.MOVE_REVIEW, responses=refusals(403, 409, 412, 428)
)
def create_move(
    review_id: UUID, to: str, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> ReviewView:
    """Move one's own review to a newer version of its ladder. In person only."""
    actions.move_review(session, actor, review_id, to, version)
    found = get_review(session, actor, review_id)
    set_etag(response, found.version)
    return found


@router.get("/ladders/{ladder}/{version}/impact", permission=Permission.READ_IMPACT, responses=refusals(403))
def show_impact(
    ladder: str,
    version: str,
    response: Response,
    session: DbSession,
    actor: SignedIn,
    after: After = None,
    limit: Limit = 50,
) -> ImpactAnswer:
    """Who is pinned to other versions of the ladder, and what this one changes for them; plans come with the first page."""
    to = get_version(session, actor, ladder, version).ladder
    found = queries.get_impact(session, actor, to, after=after, limit=limit)
    link_next(response, f"/api/v1/ladders/{ladder}/{version}/impact", found.reviews, limit=str(limit))
    return _answer(found)


@router.get("/drafts/{draft_id}/impact", permission=Permission.READ_IMPACT, responses=refusals(403, 409))
def show_draft_impact(
    draft_id: UUID, response: Response, session: DbSession, actor: SignedIn, after: After = None, limit: Limit = 50
) -> ImpactAnswer:
    """The same of a draft, as if it were published as it stands."""
    _, found = queries.get_draft_impact(session, actor, draft_id, after=after, limit=limit)
    if found is None:
        raise Conflict(
            "The draft has problems that keep it from being a ladder. What it changes shows once they are mended."
        )
    link_next(response, f"/api/v1/drafts/{draft_id}/impact", found.reviews, limit=str(limit))
    return _answer(found)


def _answer(found: Impact) -> ImpactAnswer:
    return ImpactAnswer(found.to.id, found.to.version, found.reviews.rows, found.plans, found.moved)
