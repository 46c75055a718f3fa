"""JSON doors of onboarding plans: how one begins, and its steps."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from service.onboarding import actions, queries
from service.onboarding.inputs import OnboardingPlanInput, TickInput
from service.onboarding.views import Steps
from service.permissions import Permission
from service.plans.api import answer_plan
from service.plans.queries import get_plan
from service.plans.views import PlanView
from service.web.answers import refusals
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")
Key = Annotated[str, Path(max_length=200, description="The `key` of a step.")]


@router.post("/plans", permission=Permission.WRITE_PLAN, status_code=201, responses=refusals(409))
def start_onboarding_plan(
    response: Response, session: DbSession, actor: SignedIn, given: OnboardingPlanInput
) -> PlanView:
    """A draft for a new starter, filled from the blueprint of their ladder."""
    plan = actions.start_onboarding_plan(session, actor, given)
    return answer_plan(response, get_plan(session, actor, plan.id), made="")


@router.get("/plans/{plan_id}/ticks", permission=Permission.READ_PLAN)
def show_steps(plan_id: UUID, session: DbSession, actor: SignedIn) -> Steps:
    """The goals, evidence and milestones of an onboarding plan, with the days on which they were ticked off."""
    return queries.get_steps(session, actor, plan_id)


@router.put("/plans/{plan_id}/ticks/{step}", permission=Permission.WRITE_PLAN, responses=refusals(409))
def tick_step(plan_id: UUID, step: Key, session: DbSession, actor: SignedIn, given: TickInput) -> Steps:
    """Tick a step of an agreed plan off; asked again, it changes the day."""
    actions.tick_step(session, actor, plan_id, step, given.done_on)
    session.flush()
    return queries.get_steps(session, actor, plan_id)


@router.delete("/plans/{plan_id}/ticks/{step}", permission=Permission.WRITE_PLAN, responses=refusals(409))
def untick_step(plan_id: UUID, step: Key, session: DbSession, actor: SignedIn) -> Steps:
    """Take a tick back; where there is none, nothing changes."""
    actions.untick_step(session, actor, plan_id, step)
    session.flush()
    return queries.get_steps(session, actor, plan_id)
