"""Checking in: allow → check → change → record."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.audit.actions import record
from service.checkins import queries, rules
from service.checkins.inputs import CheckInInput
from service.checkins.models import CheckIn
from service.errors import Invalid, NextrungError, Problem, Stale
from service.people.models import Person
from service.permissions import Actor, Permission, require
from service.plans.models import Plan
from service.plans.queries import find_plan


def check_in(
    session: Session, actor: Actor, plan_id: UUID, on: date | None, given: Mapping[UUID, CheckInInput]
) -> None:
    """Keep the check-ins of one day, today where `on` is None, by key result: all or none. For programs.

    Raises: as `check_in_fitting`; Invalid with every key result that is not in the plan, at /{key result id}; Stale where
    another check-in of that day stands than the one that was seen.
    """
    refused = check_in_fitting(session, actor, plan_id, on, given)
    if unknown := [problem for error in refused.values() for problem in error.problems]:
        raise Invalid("Some of these are not key results of the plan; nothing was saved.", unknown)
    for error in refused.values():
        raise error


def check_in_fitting(
    session: Session, actor: Actor, plan_id: UUID, on: date | None, given: Mapping[UUID, CheckInInput]
) -> dict[UUID, NextrungError]:
    """Keep those check-ins of one day that overwrite nothing unseen; key result → why not, for the others. What corrects
    an earlier one of that day stands in its place, and the earlier one is kept.

    Raises: NotFound, Forbidden, Conflict (a draft, closed, or not begun), Invalid (a day that is none of the plan's).
    """
    plan = find_plan(session, actor, plan_id, lock=True)
    require(actor, Permission.CHECK_IN, plan)
    text, today = queries.text_in_force(plan), clock.today()
    rules.check_taken(plan.status, text.plan.start_on, today)
    day = on or today
    rules.check_day(day, text.plan.start_on, today)

    known, stands = queries.results_of(plan.id, text), _standing(session, plan, day)
    refused: dict[UUID, NextrungError] = {}
    added = []
    for key_result_id, check in given.items():
        there = stands.get(key_result_id)
        if key_result_id not in known:
            wrong = Problem(f"/{key_result_id}", "This is no key result of the plan as it was agreed last.")
            refused[key_result_id] = Invalid("This key result is not in the plan.", [wrong])
        elif there and _says_the_same(there, check):
            continue  # the same form, sent twice
        elif check.version != (there.number if there else 0):
            refused[key_result_id] = _unseen(session, there)
        else:
            added.append(_row(actor, plan, key_result_id, day, there, check))
    if added:
        session.add_all(added)
        record(session, actor, "check_ins.saved", plan)
    return refused


def _standing(session: Session, plan: Plan, day: date) -> dict[UUID, CheckIn]:
    rows = session.scalars(
        select(CheckIn).where(CheckIn.plan_id == plan.id, CheckIn.on == day).order_by(CheckIn.number)
    )
    return {row.key_result_id: row for row in rows}


def _says_the_same(row: CheckIn, check: CheckInInput) -> bool:
    return (Decimal(row.value), row.confidence, row.note) == (check.value, check.confidence, check.note)


def _unseen(session: Session, there: CheckIn | None) -> Stale:
    if there is None:
        return Stale("There is no check-in of this day to correct.")
    name = session.get_one(Person, there.author_id).name
    words = f"{name} has checked in for this day already: look at what stands, and save again to correct it."
    return Stale(words, queries.view_of(there, name))


def _row(
    actor: Actor, plan: Plan, key_result_id: UUID, day: date, there: CheckIn | None, check: CheckInInput
) -> CheckIn:
    return CheckIn(
        plan_id=plan.id,
        key_result_id=key_result_id,
        on=day,
        number=there.number + 1 if there else 1,
        value=f"{check.value:f}",
        confidence=check.confidence,
        note=check.note,
        author_id=actor.person_id,
        created_at=clock.now(),
    )
