"""JSON doors of plan files."""

from typing import Literal
from uuid import UUID

from fastapi import Response

from service.exchange import actions, files, queries
from service.exchange.inputs import PlanFile
from service.ladders.yamlwriting import to_yaml
from service.permissions import Permission
from service.plans.queries import get_plan
from service.plans.views import PlanView
from service.web.answers import refusals
from service.web.etags import set_etag
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")

FILE = {200: {"content": {"application/yaml": {}, "application/json": {}}, "description": files.FORMAT}}


@router.get("/plans/{plan_id}/file.{ending}", permission=Permission.READ_PLAN, response_class=Response, responses=FILE)
def show_file(plan_id: UUID, ending: Literal["json", "yaml"], session: DbSession, actor: SignedIn) -> Response:
    """The whole plan as a file, with the agreed texts; to keep, to edit, or to bring into another installation."""
    name, data = queries.get_file(session, actor, plan_id)
    text = files.to_json(data) if ending == "json" else to_yaml(data)
    headers = {"content-disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(text, media_type=f"application/{ending}", headers=headers)


@router.post("/plans/imports", permission=Permission.WRITE_PLAN, status_code=201, responses=refusals(409))
def import_plan(response: Response, session: DbSession, actor: SignedIn, given: PlanFile) -> PlanView:
    """A draft out of a plan file (as JSON). Both sides agree on it here; what was agreed elsewhere stays its history."""
    plan = actions.import_plan(session, actor, given)
    session.flush()
    set_etag(response, plan.version)
    response.headers["location"] = f"/api/v1/plans/{plan.id}"
    return get_plan(session, actor, plan.id)
