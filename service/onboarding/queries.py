"""Reading for whom an onboarding plan can be started, and what of one is ticked off."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from service.ladders.queries import get_version_by_id
from service.onboarding import rules
from service.onboarding.models import Tick
from service.onboarding.rules import Stage
from service.onboarding.views import Starter, Steps
from service.people.models import Person
from service.permissions import Actor, Permission, may
from service.plans.models import Plan
from service.plans.queries import find_plan
from service.plans.rules import Kind
from service.plans.text import objectives_data


def list_starters(session: Session, actor: Actor) -> tuple[Starter, ...]:
    """For whom the actor may start an onboarding plan: oneself first, then one's own reports by name."""
    own = Person.id == actor.person_id
    query = select(Person.id, Person.name).where(or_(own, Person.manager_id == actor.person_id), Person.active)
    return tuple(
        Starter(row.id, row.name) for row in session.execute(query.order_by(own.desc(), Person.name, Person.id))
    )


def get_steps(session: Session, actor: Actor, plan_id: UUID) -> Steps:
    """What of a plan is ticked off, and what is to come. Raises: NotFound, NotSignedIn."""
    plan = find_plan(session, actor, plan_id)
    found = stages_of(session, plan)
    allowed = may(actor, Permission.WRITE_PLAN, plan) and plan.agreed_at is not None
    return Steps(plan.id, sum(s.done for s in found), sum(len(s.steps) for s in found), allowed, found)


def stages_of(session: Session, plan: Plan) -> tuple[Stage, ...]:
    """The steps of the text in force with their ticks, by stage; none where it is no onboarding plan."""
    if plan.kind != Kind.ONBOARDING:
        return ()
    later = rules.milestones(get_version_by_id(session, plan.ladder_version_id).blueprint, plan.start_on)
    rows = session.scalars(select(Tick).where(Tick.plan_id == plan.id).options(joinedload(Tick.by)))
    ticks = {tick.step: (tick.done_on, tick.by.name) for tick in rows}
    return rules.stages(plan.start_on, _in_force(plan), later, ticks)


def _in_force(plan: Plan) -> Sequence[Mapping[str, Any]]:
    """The objectives of the latest revision, or of the text as it is written where there is none. Revisions of before
    objectives had ids stand as the rows do, which could not be changed since."""
    written = objectives_data(plan)
    if not plan.revisions:
        return written
    agreed: list[Mapping[str, Any]] = json.loads(plan.revisions[-1].data).get("objectives", [])
    return agreed if all("id" in objective for objective in agreed) else written
