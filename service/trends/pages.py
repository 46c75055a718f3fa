"""HTML doors of a person's way over the years."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.permissions import Permission
from service.trends import queries
from service.web.pages import page
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/people/{person_id}/trend", permission=Permission.READ_GAPS)
def show_trend(request: Request, person_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    """A person's reviews beside each other, and where they cannot be compared."""
    trend = queries.get_trend(session, actor, person_id)
    return page(request, "trends/trend.html", trend=trend, why=trend.why)
