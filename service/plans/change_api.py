"""JSON doors of what comes after the agreement: changing a plan, comparing its revisions, closing it."""

from uuid import UUID

from fastapi import Response

from service.errors import NotFound
from service.permissions import Permission
from service.plans import actions, closing, history, queries
from service.plans.history import ChangeView, ClosingView, RevisionChange
from service.plans.inputs import ChangeInput, ClosingComment, ClosingInput
from service.plans.views import PlanView
from service.web.answers import refusals
from service.web.etags import SeenVersion, set_etag
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")

EDIT = refusals(409, 412, 428)


@router.get("/plans/{plan_id}/change", permission=Permission.WRITE_PLAN)
def show_change(plan_id: UUID, response: Response, session: DbSession, actor: SignedIn) -> ChangeView:
    """The change that is being written, and what differs so far from the revision in force; for the two sides."""
    change = history.get_change(session, actor, plan_id)
    if change is None:
        raise NotFound
    set_etag(response, change.version)
    return change


@router.post("/plans/{plan_id}/change", permission=Permission.WRITE_PLAN, status_code=201, responses=EDIT)
def begin_change(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion, given: ChangeInput
) -> PlanView:
    """Open an agreed plan to be written anew. Its newest revision stays in force until both have signed the new text."""
    actions.begin_change(session, actor, plan_id, given.model_copy(update={"version": version}))
    response.headers["location"] = f"/api/v1/plans/{plan_id}/change"
    return _plan(plan_id, response, session, actor)


@router.delete("/plans/{plan_id}/change", permission=Permission.WRITE_PLAN, responses=EDIT)
def remove_change(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Take the change back: the plan stands again as it was agreed last."""
    actions.take_change_back(session, actor, plan_id, version)
    return _plan(plan_id, response, session, actor)


@router.get("/plans/{plan_id}/revisions/{number}/changes", permission=Permission.READ_PLAN)
def show_revision_change(plan_id: UUID, number: int, session: DbSession, actor: SignedIn) -> RevisionChange:
    """What a revision changed of the one before, by the ids of objectives and key results."""
    return history.get_revision_change(session, actor, plan_id, number)


@router.get("/plans/{plan_id}/closing", permission=Permission.READ_PLAN)
def show_closing(plan_id: UUID, response: Response, session: DbSession, actor: SignedIn) -> ClosingView:
    """How a plan ended. The reflection and the comment are for the two sides and the managers above; null for others."""
    closed = history.get_closing(session, actor, plan_id)
    if closed is None:
        raise NotFound
    set_etag(response, closed.sha256)
    return closed


@router.post("/plans/{plan_id}/closing", permission=Permission.CLOSE_PLAN, status_code=201, responses=EDIT)
def close_plan(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion, given: ClosingInput
) -> ClosingView:
    """Close an agreed plan for good, with a final value for each key result. In person only."""
    closing.close_plan(session, actor, plan_id, given.model_copy(update={"version": version}))
    response.headers["location"] = f"/api/v1/plans/{plan_id}/closing"
    return show_closing(plan_id, response, session, actor)


@router.put("/plans/{plan_id}/closing-comment", permission=Permission.CLOSE_PLAN, responses=EDIT)
def write_closing_comment(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion, given: ClosingComment
) -> PlanView:
    """The manager's comment for the closing, kept until then. In person only."""
    closing.write_closing_comment(session, actor, plan_id, given.model_copy(update={"version": version}))
    return _plan(plan_id, response, session, actor)


def _plan(plan_id: UUID, response: Response, session: DbSession, actor: SignedIn) -> PlanView:
    plan = queries.get_plan(session, actor, plan_id)
    set_etag(response, plan.version)
    return plan
