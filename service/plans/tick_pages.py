"""HTML doors of the steps of an onboarding plan; they stand on the plan's own page."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from fastapi.responses import Response

from service.permissions import Permission
from service.plans import ticks
from service.plans.inputs import TickInput
from service.plans.pages import show_plan
from service.web.again import or_again
from service.web.forms import Form, parse
from service.web.pages import see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)
Key = Annotated[str, Path(max_length=200)]


@router.post("/plans/{plan_id}/ticks/{step}", permission=Permission.WRITE_PLAN)
@or_again(show_plan)
def create_tick(session: DbSession, actor: SignedIn, plan_id: UUID, step: Key, form: Form) -> Response:
    """Tick a step off, or give its tick another day."""
    ticks.tick_step(session, actor, plan_id, step, parse(TickInput, form).done_on)
    return see_other(f"/plans/{plan_id}#step-{step}", flash="Ticked off.")


@router.post("/plans/{plan_id}/ticks/{step}/removal", permission=Permission.WRITE_PLAN)
def remove_tick(session: DbSession, actor: SignedIn, plan_id: UUID, step: Key) -> Response:
    """Take a tick back."""
    ticks.untick_step(session, actor, plan_id, step)
    return see_other(
        f"/plans/{plan_id}#step-{step}", flash="The tick is taken back; the record keeps that it was there."
    )
