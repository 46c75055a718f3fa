"""Ticking off the steps of an onboarding plan: who did it and on which day, beside the agreed text and without changing it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service import clock
from service.audit.actions import record
from service.errors import NotFound
from service.ladders.queries import get_version_by_id
from service.permissions import Actor, Permission, may, require
from service.plans import steps
from service.plans.models import Plan, Tick
from service.plans.queries import find_plan
from service.plans.rules import Kind, PlanStatus
from service.plans.steps import Stage, Step
from service.plans.text import objectives_data


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a plan by stage; none where it is no onboarding plan."""

    plan_id: UUID
    done: int
    count: int
    may_tick: bool
    stages: tuple[Stage, ...]


def get_steps(session: Session, actor: Actor, plan_id: UUID) -> Steps:
    """What of a plan is ticked off, and what is to come. Raises: NotFound, NotSignedIn."""
    plan = find_plan(session, actor, plan_id)
    found = _stages(session, plan)
    allowed = may(actor, Permission.WRITE_PLAN, plan) and plan.agreed_at is not None
    return Steps(plan.id, sum(s.done for s in found), sum(len(s.steps) for s in found), allowed, found)


def tick_step(session: Session, actor: Actor, plan_id: UUID, key: str, done_on: date | None) -> None:
    """Say that a step is done, today or on an earlier day; said again, the later word counts.

    Raises: NotFound, Forbidden, Conflict (not agreed, or closed), Invalid (the day).
    """
    plan, _ = _tickable(session, actor, plan_id, key)
    day = done_on or clock.today()
    steps.check_done_on(day, plan.start_on, clock.today())
    tick = _find(session, plan, key)
    if tick is not None and tick.done_on == day:
        return
    if tick is None:
        tick = Tick(plan=plan, step=key)
        session.add(tick)
    assert actor.person_id is not None  # noqa: S101  # the permission says so
    tick.done_on, tick.by_id = day, actor.person_id
    record(session, actor, "step.ticked", tick)


def untick_step(session: Session, actor: Actor, plan_id: UUID, key: str) -> None:
    """Take a tick back; the record keeps that it was there. Raises: NotFound, Forbidden, Conflict."""
    plan, _ = _tickable(session, actor, plan_id, key)
    if (tick := _find(session, plan, key)) is not None:
        record(session, actor, "step.unticked", tick)
        session.delete(tick)


def _tickable(session: Session, actor: Actor, plan_id: UUID, key: str) -> tuple[Plan, Step]:
    plan = find_plan(session, actor, plan_id, lock=True)
    require(actor, Permission.WRITE_PLAN, plan)
    steps.check_has_steps(plan.kind, plan.agreed_at is not None)
    step = next((step for stage in _stages(session, plan) for step in stage.steps if step.key == key), None)
    if step is None:
        raise NotFound("The plan has no such step; its words may have changed since you opened it.")
    steps.check_open(PlanStatus(plan.status), step.kind)
    return plan, step


def _stages(session: Session, plan: Plan) -> tuple[Stage, ...]:
    if plan.kind != Kind.ONBOARDING:
        return ()
    later = steps.milestones(get_version_by_id(session, plan.ladder_version_id).blueprint, plan.start_on)
    rows = session.scalars(select(Tick).where(Tick.plan_id == plan.id).options(joinedload(Tick.by)))
    ticks = {tick.step: (tick.done_on, tick.by.name) for tick in rows}
    return steps.stages(plan.start_on, _in_force(plan), later, ticks)


def _in_force(plan: Plan) -> Sequence[Mapping[str, Any]]:
    """The objectives of the latest revision, or of the text as it is written where there is none. Revisions of before
    objectives had ids stand as the rows do, which could not be changed since."""
    written = objectives_data(plan)
    if not plan.revisions:
        return written
    agreed: list[Mapping[str, Any]] = json.loads(plan.revisions[-1].data).get("objectives", [])
    return agreed if all("id" in objective for objective in agreed) else written


def _find(session: Session, plan: Plan, key: str) -> Tick | None:
    return session.scalars(select(Tick).where(Tick.plan_id == plan.id, Tick.step == key)).first()
