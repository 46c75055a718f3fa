"""HTML doors of onboarding plans: how one begins, and its steps, which stand on the plan's own page."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from fastapi.responses import Response

from service.onboarding import actions, queries
from service.onboarding.inputs import OnboardingPlanInput, TickInput
from service.permissions import Permission
from service.plans import forms
from service.plans.pages import show_plan
from service.web.again import or_again, refused
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)
Key = Annotated[str, Path(max_length=200)]


@router.get("/plans/new", permission=Permission.WRITE_PLAN)
def show_new_onboarding_plan(request: Request, session: DbSession, actor: SignedIn, person: str = "") -> Response:
    """For whom, and from when."""
    values = forms.filled(forms.start_values(person_id=person), refused(request))
    return page(request, "onboarding/new.html", starters=queries.list_starters(session, actor), values=values)


@router.post("/plans", permission=Permission.WRITE_PLAN)
@or_again(show_new_onboarding_plan)
def create_onboarding_plan(session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Begin a plan for a new starter out of the blueprint."""
    plan = actions.start_onboarding_plan(session, actor, parse(OnboardingPlanInput, form))
    session.flush()
    return see_other(f"/plans/{plan.id}", flash="The plan is begun, filled from the blueprint. Make it fit.")


@router.post("/plans/{plan_id}/ticks/{step}", permission=Permission.WRITE_PLAN)
@or_again(show_plan)
def create_tick(session: DbSession, actor: SignedIn, plan_id: UUID, step: Key, form: Form) -> Response:
    """Tick a step off, or give its tick another day."""
    actions.tick_step(session, actor, plan_id, step, parse(TickInput, form).done_on)
    return see_other(f"/plans/{plan_id}#step-{step}", flash="Ticked off.")


@router.post("/plans/{plan_id}/ticks/{step}/removal", permission=Permission.WRITE_PLAN)
def remove_tick(session: DbSession, actor: SignedIn, plan_id: UUID, step: Key) -> Response:
    """Take a tick back."""
    actions.untick_step(session, actor, plan_id, step)
    return see_other(
        f"/plans/{plan_id}#step-{step}", flash="The tick is taken back; the record keeps that it was there."
    )
