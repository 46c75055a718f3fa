"""Reading check-ins: how a plan stands, and which of one's own plans asks for one."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from uuid import UUID, uuid5

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, lazyload

from reports import contract
from reports.contract import GrowthPlan
from service import clock
from service.checkins import rules
from service.checkins.models import CheckIn
from service.checkins.rules import Course, Point
from service.checkins.views import (
    CheckInView,
    DueCheckIn,
    KeyResultProgress,
    ObjectiveProgress,
    PlanProgress,
    TakenOut,
)
from service.errors import Conflict
from service.objectives.checks import check_rhythm
from service.objectives.progress import mean_of, percent
from service.objectives.rules import Direction
from service.people.models import Person
from service.permissions import Actor, Permission, may, require
from service.plans.history import plans_then
from service.plans.models import Plan, Revision
from service.plans.queries import find_plan, visible_plans
from service.plans.rules import PlanStatus
from service.reasons import why
from service.reviews.history import end_of

OfPlan = aliased(Revision)


def get_progress(
    session: Session, actor: Actor, plan_id: UUID, *, as_of: date | None = None,
    permission: Permission = Permission.READ_CHECK_INS,
) -> PlanProgress:  # fmt: skip
    """How each key result of a plan's text in force stands, with all its check-ins; `permission` is what it is read for. With
    `as_of` as it stood at the end of that day: by the text of then and what had been said by then, of days up to that one.

    Raises: NotFound (to those who read the plan but not its check-ins too), Forbidden, NotSignedIn, Conflict (not agreed
    yet, or then), Invalid (a day to come).
    """
    plan = find_plan(session, actor, plan_id)
    require(actor, permission, plan)
    check_agreed(plan)
    found = _progress(session, actor, plan, as_of)
    if found is None:
        raise Conflict(f"This plan was not agreed by {as_of:%-d %b %Y}; check-ins begin with that.")
    return found


def find_progress(session: Session, actor: Actor, plan_id: UUID, as_of: date | None = None) -> PlanProgress | None:
    """The same for a page about the plan; None where there is nothing, or nothing for this reader."""
    plan = find_plan(session, actor, plan_id)
    if not plan.revisions or not may(actor, Permission.READ_CHECK_INS, plan):
        return None
    return _progress(session, actor, plan, as_of)


def get_last_values(session: Session, actor: Actor, plan_id: UUID) -> dict[UUID, Decimal]:
    """The last value of each key result of a plan that has one, by its id. Raises: NotFound, NotSignedIn."""
    require(actor, Permission.READ_CHECK_INS, find_plan(session, actor, plan_id))
    return last_values(session, [plan_id])


def last_values(session: Session, plan_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """The same of several plans, whose check-ins the caller's actor may read."""
    query = select(CheckIn.key_result_id, CheckIn.value).where(CheckIn.plan_id.in_(plan_ids))
    rows = session.execute(query.order_by(CheckIn.on, CheckIn.number))
    return {row.key_result_id: Decimal(row.value) for row in rows}


def list_due(session: Session, actor: Actor) -> tuple[DueCheckIn, ...]:
    """The own running plans on which a check-in is due today or earlier, by date."""
    today, found = clock.today(), []
    own = visible_plans(actor).where(Plan.person_id == actor.person_id, Plan.status != PlanStatus.CLOSED)
    for plan, revision, last_on in in_force(session, own):
        text = read_text(revision)
        since, ends_on = max(text.plan.start_on, _agreed_on(revision)), rules.last_day(text.plan.start_on)
        due_on = rules.due_on(since, last_on)
        if due_on <= today <= ends_on:
            found.append(DueCheckIn(plan.id, plan.title, due_on))
    return tuple(sorted(found, key=lambda due: (due.due_on, due.plan_id)))


def check_agreed(plan: Plan) -> None:
    """Raises: Conflict before there is a text in force."""
    if not plan.revisions:
        raise Conflict("Check-ins and dates begin once both sides have agreed on the plan.")


def text_in_force(plan: Plan) -> GrowthPlan:
    """The text of the latest revision. Raises: Conflict before there is one."""
    check_agreed(plan)
    return read_text(plan.revisions[-1])


def read_text(revision: Revision) -> GrowthPlan:
    """The agreed text as typed parts."""
    return contract.read(json.loads(revision.data))


def id_of(plan_id: UUID, given: str | None, *places: int) -> UUID:
    """The id of an objective or key result in a text. The first texts had none: there its place stands for it."""
    return UUID(given) if given else uuid5(plan_id, "/".join(map(str, places)))


Result = tuple[contract.Objective, contract.KeyResult]


def results_of(plan_id: UUID, text: GrowthPlan) -> dict[UUID, Result]:
    """Each key result of a text by its id, with its objective."""
    return {
        id_of(plan_id, result.id, place, at): (objective, result)
        for place, objective in enumerate(text.objectives)
        for at, result in enumerate(objective.key_results)
    }


def results_taken_out(texts: Iterable[tuple[Revision, GrowthPlan]]) -> list[tuple[UUID, Result, Revision]]:
    """Of all the texts of a plan in order: each key result that the newest no longer has, as it was worded last, and the first
    revision without it."""
    last: dict[UUID, Result] = {}
    gone: dict[UUID, Revision] = {}
    for revision, text in texts:
        there = results_of(revision.plan_id, text)
        gone = {id_: gone.get(id_, revision) for id_ in last if id_ not in there}
        last |= there
    return [(id_, last[id_], revision) for id_, revision in gone.items()]


def in_force(session: Session, plans: Select[Plan]) -> Sequence[tuple[Plan, Revision, date | None]]:
    """Each of `plans` that was agreed, its text in force, and the day of its last check-in."""
    newest = select(func.max(OfPlan.number)).where(OfPlan.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    last_on = select(func.max(CheckIn.on)).where(CheckIn.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    query = plans.add_columns(Revision, last_on).join(Revision, Revision.plan_id == Plan.id)
    query = query.where(Revision.number == newest).order_by(Plan.id).options(lazyload(Revision.plan))
    return [(plan, revision, day) for plan, revision, day in session.execute(query).unique()]


def _agreed_on(revision: Revision) -> date:
    return revision.agreed_at.date()


def _progress(session: Session, actor: Actor, plan: Plan, as_of: date | None) -> PlanProgress | None:
    """None where there was no text in force yet."""
    end = end_of(as_of) if as_of else None
    texts = [(revision, read_text(revision)) for revision in plan.revisions if end is None or revision.agreed_at < end]
    if not texts:
        return None
    _, text = texts[-1]
    status = plans_then(session, [plan], end)[plan.id].status if end else plan.status
    today, start_on = as_of or clock.today(), text.plan.start_on
    ends_on, is_open = rules.last_day(start_on), status is not PlanStatus.CLOSED
    since, check_ins = _since(texts, start_on), _check_ins(session, plan.id, as_of)
    days = [found.on for of_one in check_ins.values() for found in of_one]
    began, last_on = max(start_on, _agreed_on(plan.revisions[0])), max(days, default=None)
    runs = is_open and start_on <= today <= ends_on
    return PlanProgress(
        plan_id=plan.id,
        title=text.plan.title,
        status=status,
        person_name=plan.person.name,
        assessor_name=plan.assessor.name if plan.assessor else "",
        revision=texts[-1][0].number,
        start_on=start_on,
        ends_on=ends_on,
        next_on=rules.due_on(began, last_on) if runs else None,
        remarks=tuple(check_rhythm(began, last_on, today)) if runs else (),
        objectives=_objectives(plan.id, text, since, check_ins, today),
        taken_out=_taken_out(texts, check_ins),
        may_check_in=not as_of and may(actor, Permission.CHECK_IN, plan) and is_open and start_on <= today,
        is_own=plan.person_id == actor.person_id,
        risk_rule=rules.AT_RISK,
        why=why(actor, Permission.READ_CHECK_INS, plan),
        as_of=as_of,
    )


def _since(texts: Iterable[tuple[Revision, GrowthPlan]], start_on: date) -> dict[UUID, date]:
    """From when each key result has run: the day it was first agreed, or the plan's first day where that is later."""
    found: dict[UUID, date] = {}
    for revision, text in texts:
        for id_ in results_of(revision.plan_id, text):
            found.setdefault(id_, max(start_on, _agreed_on(revision)))
    return found


def _taken_out(
    texts: Iterable[tuple[Revision, GrowthPlan]], check_ins: Mapping[UUID, tuple[CheckInView, ...]]
) -> tuple[TakenOut, ...]:
    """Those that somebody checked in on."""
    return tuple(
        TakenOut(
            id_, result.title, result.metric, result.unit, objective.title, revision.number, _agreed_on(revision),
            check_ins[id_],
        )
        for id_, (objective, result), revision in results_taken_out(texts)
        if id_ in check_ins
    )  # fmt: skip


def _check_ins(session: Session, plan_id: UUID, as_of: date | None) -> dict[UUID, tuple[CheckInView, ...]]:
    """Those that count, or counted at the end of a day, by key result, the oldest first."""
    query = select(CheckIn, Person.name).join(Person, Person.id == CheckIn.author_id).where(CheckIn.plan_id == plan_id)
    if as_of:
        query = query.where(CheckIn.created_at < end_of(as_of), CheckIn.on <= as_of)
    rows = session.execute(query.order_by(CheckIn.key_result_id, CheckIn.on, CheckIn.number)).all()
    found: dict[UUID, tuple[CheckInView, ...]] = {}
    for (id_, _), of_day in groupby(rows, lambda row: (row[0].key_result_id, row[0].on)):
        *earlier, stands = [view_of(row, name) for row, name in of_day]
        found[id_] = (*found.get(id_, ()), replace(stands, replaces=tuple(earlier)))
    return found


def view_of(row: CheckIn, author_name: str) -> CheckInView:
    return CheckInView(row.on, Decimal(row.value), row.confidence, row.note, author_name, row.created_at, row.number)


def _objectives(
    plan_id: UUID,
    text: GrowthPlan,
    since: dict[UUID, date],
    check_ins: dict[UUID, tuple[CheckInView, ...]],
    today: date,
) -> tuple[ObjectiveProgress, ...]:
    found = []
    for place, objective in enumerate(text.objectives):
        results, shares = [], []
        for at, given in enumerate(objective.key_results):
            id_ = id_of(plan_id, given.id, place, at)
            course = _course(given, since[id_], check_ins.get(id_, ()))
            shares.append(course.share)
            results.append(_key_result(id_, given, course, check_ins.get(id_, ()), today))
        found.append(
            ObjectiveProgress(
                id=id_of(plan_id, objective.id, place),
                title=objective.title,
                horizon=objective.horizon,
                due_on=objective.due_on,
                projects=tuple(objective.projects),
                percent=percent(mean_of(shares) or Fraction(0)),
                key_results=tuple(results),
            )
        )
    return tuple(found)


def _course(given: contract.KeyResult, since: date, check_ins: tuple[CheckInView, ...]) -> Course:
    last = check_ins[-1] if check_ins else None
    return Course(
        direction=Direction(given.direction.replace(" ", "-")),
        baseline=Decimal(given.baseline) if given.baseline else None,
        target=Decimal(given.target),
        since=since,
        due_on=given.due_on,
        last=Point(last.on, last.value, last.confidence) if last else None,
    )


def _key_result(
    id_: UUID, given: contract.KeyResult, course: Course, check_ins: tuple[CheckInView, ...], today: date
) -> KeyResultProgress:
    return KeyResultProgress(
        id=id_,
        title=given.title,
        metric=given.metric,
        unit=given.unit,
        direction=course.direction,
        baseline=course.baseline,
        target=course.target,
        since=course.since,
        due_on=course.due_on,
        owner=given.owner,
        percent=percent(course.share),
        state=rules.state_of(course, today),
        risks=rules.risks_of(course, today),
        check_ins=check_ins,
    )
