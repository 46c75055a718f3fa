"""JSON doors of the steps of an onboarding plan."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from service.permissions import Permission
from service.plans import ticks
from service.plans.inputs import TickInput
from service.plans.ticks import Steps
from service.web.answers import refusals
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")
Key = Annotated[str, Path(max_length=200, description="The `key` of a step.")]


@router.get("/plans/{plan_id}/ticks", permission=Permission.READ_PLAN)
def show_steps(plan_id: UUID, session: DbSession, actor: SignedIn) -> Steps:
    """The goals, evidence and milestones of an onboarding plan, with the days on which they were ticked off."""
    return ticks.get_steps(session, actor, plan_id)


@router.put("/plans/{plan_id}/ticks/{step}", permission=Permission.WRITE_PLAN, responses=refusals(409))
def tick_step(plan_id: UUID, step: Key, session: DbSession, actor: SignedIn, given: TickInput) -> Steps:
    """Tick a step of an agreed plan off; asked again, it changes the day."""
    ticks.tick_step(session, actor, plan_id, step, given.done_on)
    session.flush()
    return ticks.get_steps(session, actor, plan_id)


@router.delete("/plans/{plan_id}/ticks/{step}", permission=Permission.WRITE_PLAN, responses=refusals(409))
def untick_step(plan_id: UUID, step: Key, session: DbSession, actor: SignedIn) -> Steps:
    """Take a tick back; where there is none, nothing changes."""
    ticks.untick_step(session, actor, plan_id, step)
    session.flush()
    return ticks.get_steps(session, actor, plan_id)
