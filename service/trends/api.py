"""JSON doors of a person's way over the years."""

from uuid import UUID

from service.permissions import Permission
from service.trends import queries
from service.trends.views import Trend
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="gaps")


@router.get("/people/{person_id}/trend", permission=Permission.READ_GAPS)
def show_trend(person_id: UUID, session: DbSession, actor: SignedIn) -> Trend:
    """A person's revealed reviews, oldest first, in lines that can be compared; what cannot says why in words."""
    return queries.get_trend(session, actor, person_id)
