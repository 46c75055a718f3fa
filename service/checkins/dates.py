"""Reading the dates of agreed plans for calendars."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, lazyload

from service import clock
from service.checkins import queries, rules
from service.checkins.views import Dates, DueDate
from service.objectives.rules import HORIZONS
from service.people.models import Person
from service.permissions import Actor
from service.plans.models import Closing, Plan, Revision
from service.plans.queries import find_plan, visible_plans
from service.plans.rules import PlanStatus
from service.settings import Settings
from service.signin.queries import identify_by_calendar

Due = tuple[DueDate, ...]


def get_dates(session: Session, actor: Actor, plan_id: UUID) -> Dates:
    """The dates of a plan for a calendar. Raises: NotFound, NotSignedIn, Conflict (not agreed yet)."""
    plan = find_plan(session, actor, plan_id)
    queries.check_agreed(plan)
    taken_out = _taken_out(plan.revisions) if plan.person_id == actor.person_id else ()
    return _dates(actor, plan, plan.revisions[-1], taken_out, _closed(session, [plan]).get(plan.id))


def list_dates(session: Session, actor: Actor) -> tuple[Dates, ...]:
    """The dates of all plans that the actor writes, their own and those of whom they manage or assess, while they run. One
    that was closed stays until its last day has passed, so that calendars learn what falls away."""
    mine = or_(
        Plan.person_id == actor.person_id, Plan.assessor_id == actor.person_id, Person.manager_id == actor.person_id
    )
    not_over = Plan.start_on >= clock.today() - timedelta(days=HORIZONS[-1])
    plans = visible_plans(actor).where(mine, or_(Plan.status != PlanStatus.CLOSED, not_over))
    found = queries.in_force(session, plans)
    changed = [plan.id for plan, revision, _ in found if plan.person_id == actor.person_id and revision.number > 1]
    taken_out, closed = _taken_out_of(session, changed), _closed(session, [plan for plan, *_ in found])
    return tuple(
        _dates(actor, plan, revision, taken_out.get(plan.id, ()), closed.get(plan.id)) for plan, revision, _ in found
    )


def list_feed(session: Session, settings: Settings, secret: str) -> tuple[Dates, ...]:
    """What the calendar address of somebody shows them. Raises: NotFound for one that holds no more, or never did."""
    return list_dates(session, identify_by_calendar(session, settings, secret))


def _closed(session: Session, plans: Iterable[Plan]) -> dict[UUID, datetime]:
    """When those of them that are closed were."""
    ids = [plan.id for plan in plans if plan.status == PlanStatus.CLOSED]
    if not ids:
        return {}
    rows = session.execute(select(Closing.plan_id, Closing.closed_at).where(Closing.plan_id.in_(ids)))
    return dict(rows.all())


def _taken_out_of(session: Session, plan_ids: Collection[UUID]) -> dict[UUID, Due]:
    if not plan_ids:
        return {}
    query = select(Revision).where(Revision.plan_id.in_(plan_ids)).options(lazyload(Revision.plan))
    rows = session.scalars(query.order_by(Revision.plan_id, Revision.number))
    return {plan_id: _taken_out(revisions) for plan_id, revisions in groupby(rows, lambda row: row.plan_id)}


def _taken_out(revisions: Iterable[Revision]) -> Due:
    found = queries.results_taken_out((revision, queries.read_text(revision)) for revision in revisions)
    return tuple(_due(id_, result) for id_, result, _ in found)


def _due(id_: UUID, result: queries.Result) -> DueDate:
    objective, key_result = result
    return DueDate(id_, key_result.due_on, objective.title, key_result.title)


def _dates(actor: Actor, plan: Plan, revision: Revision, taken_out: Due, closed_at: datetime | None) -> Dates:
    text, is_own = queries.read_text(revision), plan.person_id == actor.person_id
    return Dates(
        plan_id=plan.id,
        title=text.plan.title,
        person_name=plan.person.name,
        is_own=is_own,
        revision=revision.number,
        agreed_at=revision.agreed_at,
        closed_at=closed_at,
        start_on=text.plan.start_on,
        ends_on=rules.last_day(text.plan.start_on),
        reviews=tuple((review.day, review.on) for review in text.check_ins),
        due=tuple(_due(*found) for found in queries.results_of(plan.id, text).items()) if is_own else (),
        taken_out=taken_out,
    )
