"""JSON doors of closing a plan."""

from uuid import UUID

from fastapi import Response

from service.closing import actions, queries
from service.closing.inputs import ClosingComment, ClosingInput
from service.closing.queries import ClosingView
from service.errors import NotFound
from service.permissions import Permission
from service.plans.api import EDIT, answer_plan
from service.plans.queries import get_plan
from service.plans.views import PlanView
from service.web.etags import SeenVersion, set_etag
from service.web.forms import AsOf
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")


@router.get("/plans/{plan_id}/closing", permission=Permission.READ_PLAN)
def show_closing(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, as_of: AsOf = None
) -> ClosingView:
    """How a plan ended, if by the end of a day it had. The reflection and the comment are for the two sides and the managers
    above; null for others."""
    closed = queries.get_closing(session, actor, plan_id, as_of)
    if closed is None:
        raise NotFound
    set_etag(response, closed.sha256)
    return closed


@router.post("/plans/{plan_id}/closing", permission=Permission.CLOSE_PLAN, status_code=201, responses=EDIT)
def close_plan(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion, given: ClosingInput
) -> ClosingView:
    """Close an agreed plan for good, with a final value for each key result. In person only."""
    actions.close_plan(session, actor, plan_id, given.model_copy(update={"version": version}))
    response.headers["location"] = f"/api/v1/plans/{plan_id}/closing"
    return show_closing(plan_id, response, session, actor)


@router.put("/plans/{plan_id}/closing-comment", permission=Permission.CLOSE_PLAN, responses=EDIT)
def write_closing_comment(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion, given: ClosingComment
) -> PlanView:
    """The manager's comment for the closing, kept until then. In person only."""
    actions.write_closing_comment(session, actor, plan_id, given.model_copy(update={"version": version}))
    return answer_plan(response, get_plan(session, actor, plan_id))
