"""JSON doors of the team view."""

from fastapi import Response

from service.permissions import Permission
from service.team import queries
from service.team.forms import View
from service.team.views import HeatMap, TeamLine
from service.web.paging import After, Limit, link_next
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="team")


@router.get("/team", permission=Permission.READ_TEAM)
def list_team(
    response: Response, session: DbSession, actor: SignedIn, view: View, after: After = None, limit: Limit = 50
) -> list[TeamLine]:
    """Who is at which step, what each review waits for and what is late, of those whom the caller leads or looks after."""
    found = queries.list_team(session, actor, view, after=after, limit=limit)
    link_next(response, "/api/v1/team", found, limit=str(limit), **view.query)
    return list(found.rows)


@router.get("/team/gaps", permission=Permission.READ_TEAM)
def show_gaps(session: DbSession, actor: SignedIn, view: View, after: After = None) -> HeatMap | None:
    """A team's gaps by skill on one ladder, from revealed reviews alone; null where there is none yet."""
    return queries.get_heat_map(session, actor, view, after=after)
