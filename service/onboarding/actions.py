"""Beginning an onboarding plan, and ticking off its steps beside the agreed text, without changing it."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.audit.actions import record
from service.errors import Conflict, NotFound
from service.ladders.queries import latest_published
from service.ladders.rules import Blueprint
from service.ladders.starts import reference
from service.objectives.rules import Direction, horizon_end
from service.onboarding import rules
from service.onboarding.inputs import OnboardingPlanInput
from service.onboarding.models import Tick
from service.onboarding.queries import stages_of
from service.onboarding.rules import SHOWN, Step
from service.people.models import Person
from service.permissions import Actor, Permission, require
from service.plans.models import KeyResultRow, ObjectiveRow, Plan
from service.plans.queries import find_draft, find_plan
from service.plans.rules import DAYS, Kind, PlanStatus


def start_onboarding_plan(session: Session, actor: Actor, given: OnboardingPlanInput) -> Plan:
    """A draft for a new starter: one objective a horizon out of the blueprint, its evidence of success as key results and
    its goals as what to work on. Where there is an onboarding draft of theirs already, that is it, as it stands.

    Raises: NotFound, Forbidden, Conflict (the ladder has no goals to start from).
    """
    person = session.get(Person, given.person_id)
    if person is None or not person.active:
        raise NotFound
    require(actor, Permission.READ_PERSON, person)
    plan = Plan(person=person, kind=Kind.ONBOARDING, start_on=given.start_on, created_at=clock.now(), chosen=[])
    plan.assessor = session.get(Person, person.manager_id) if person.manager_id else None
    plan.assessor_id = person.manager_id
    require(actor, Permission.WRITE_PLAN, plan)
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())  # of two at once, one begins it
    own = (Plan.person_id == person.id, Plan.kind == Kind.ONBOARDING)
    if (draft := find_draft(session, *own)) is not None:
        return draft
    version = latest_published(session, person.ladder) if person.ladder else None
    if version is None or version.blueprint is None or not any(g.horizon in DAYS for g in version.blueprint.goals):
        raise Conflict(
            f"The ladder of {person.name} has no blueprint with goals for the first 90 days; start from a review."
        )

    plan.ladder_version_id = version.id
    plan.title = f"First 90 days as {version.ladder.title}"
    plan.current_level = plan.target_level = person.level or version.ladder.levels[0].id
    plan.objectives = _onboarding_objectives(given.start_on, person.name, version.blueprint)
    session.add(plan)
    record(session, actor, "plan.started", plan)
    return plan


def tick_step(session: Session, actor: Actor, plan_id: UUID, key: str, done_on: date | None) -> None:
    """Say that a step is done, today or on an earlier day; said again, the later word counts.

    Raises: NotFound, Forbidden, Conflict (not agreed, or closed), Invalid (the day).
    """
    plan, _ = _tickable(session, actor, plan_id, key)
    day = done_on or clock.today()
    rules.check_done_on(day, plan.start_on, clock.today())
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
    rules.check_has_steps(plan.kind, plan.agreed_at is not None)
    step = next((step for stage in stages_of(session, plan) for step in stage.steps if step.key == key), None)
    if step is None:
        raise NotFound("The plan has no such step; its words may have changed since you opened it.")
    rules.check_open(PlanStatus(plan.status), step.kind)
    return plan, step


def _find(session: Session, plan: Plan, key: str) -> Tick | None:
    return session.scalars(select(Tick).where(Tick.plan_id == plan.id, Tick.step == key)).first()


def _onboarding_objectives(start_on: date, name: str, blueprint: Blueprint) -> list[ObjectiveRow]:
    rows = []
    for goals in blueprint.goals:
        if goals.horizon not in DAYS:
            continue
        days = DAYS[goals.horizon]
        due = horizon_end(start_on, days)
        key_results = [
            KeyResultRow(
                position=place,
                title=item.text,
                metric="Evidence of success",
                unit=SHOWN,
                direction=Direction.AT_LEAST,
                baseline=None,
                target="1",
                due_on=due,
                owner=name,
                source=reference(blueprint, f"evidence/{goals.horizon}.{item.id}"),
            )
            for place, item in enumerate(goals.evidence, start=1)
        ]
        rows.append(
            ObjectiveRow(
                position=1,
                horizon=days,
                title=goals.title,
                why=f"The role blueprint asks for it in the first {days} days.",
                serves=blueprint.title,
                serves_gaps=[],
                due_on=due,
                projects=[item.text for item in goals.goals],
                key_results=key_results,
                source=reference(blueprint, f"goals/{goals.horizon}"),
            )
        )
    return rows
