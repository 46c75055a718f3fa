"""JSON doors of agreeing to a plan, its revisions, and changing what was agreed."""

from uuid import UUID

from fastapi import Response

from service.errors import NotFound
from service.permissions import Permission
from service.plans.api import EDIT, answer_plan
from service.plans.queries import get_plan
from service.plans.views import PlanView
from service.revisions import actions, queries
from service.revisions.inputs import ChangeInput
from service.revisions.queries import ChangeView, RevisionChange
from service.web.etags import SeenVersion, set_etag
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")


@router.post("/plans/{plan_id}/agreement", permission=Permission.AGREE_PLAN, responses=EDIT)
def agree_plan(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Sign the plan as it stands; with both signatures it becomes a revision. In person only."""
    actions.agree_plan(session, actor, plan_id, version)
    return answer_plan(response, get_plan(session, actor, plan_id))


DATA = {200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "nextrung-growth-plan/1"}}


@router.get(
    "/plans/{plan_id}/revisions/{number}", permission=Permission.READ_PLAN, response_class=Response, responses=DATA
)
def show_revision(plan_id: UUID, number: int, session: DbSession, actor: SignedIn) -> Response:
    """The agreed text as the canonical JSON that was hashed and printed. Its ETag is its SHA-256."""
    revision = queries.get_revision(session, actor, plan_id, number)
    response = Response(revision.data, media_type="application/json")
    set_etag(response, revision.sha256)
    return response


@router.get("/plans/{plan_id}/change", permission=Permission.WRITE_PLAN)
def show_change(plan_id: UUID, response: Response, session: DbSession, actor: SignedIn) -> ChangeView:
    """The change that is being written, and what differs so far from the revision in force; for the two sides."""
    change = queries.get_change(session, actor, plan_id)
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
    return answer_plan(response, get_plan(session, actor, plan_id))


@router.delete("/plans/{plan_id}/change", permission=Permission.WRITE_PLAN, responses=EDIT)
def remove_change(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Take the change back: the plan stands again as it was agreed last."""
    actions.take_change_back(session, actor, plan_id, version)
    return answer_plan(response, get_plan(session, actor, plan_id))


@router.get("/plans/{plan_id}/revisions/{number}/changes", permission=Permission.READ_PLAN)
def show_revision_change(plan_id: UUID, number: int, session: DbSession, actor: SignedIn) -> RevisionChange:
    """What a revision changed of the one before, by the ids of objectives and key results."""
    return queries.get_revision_change(session, actor, plan_id, number)
