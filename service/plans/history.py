"""A plan at the end of an earlier day: the text that was in force then, under the same rules as service/reviews/history.py."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, lazyload

from service.errors import Conflict, NotFound
from service.ladders.queries import get_version_by_id
from service.objectives.rules import HORIZONS, horizon_end
from service.paging import Page
from service.people.models import ReportingLine
from service.permissions import Actor, Permission, may
from service.plans import queries, text
from service.plans.models import Closing, Plan, Revision
from service.plans.rules import PlanStatus
from service.plans.views import PlanLine, PlanView
from service.reviews.history import end_of


@dataclass(frozen=True, slots=True)
class Then:
    """Where a plan stood: `revision` is the one in force, None of a draft."""

    status: PlanStatus
    revision: Revision | None


def get_plan_then(session: Session, actor: Actor, plan_id: UUID, day: date) -> PlanView:
    """A plan as it stood at the end of a day, for whoever may read it now, with nothing to do about it. Of one that was a draft
    then its two sides learn that it was one: what was written in it was nobody's word yet.

    Raises: NotFound (no such plan for this reader, or it had not begun or, for others than the two sides, was not agreed by
    then), NotSignedIn, Invalid (a day to come), Conflict (a text from before texts held ids).
    """
    end = end_of(day)
    plan = queries.find_plan(session, actor, plan_id)
    then = plans_then(session, [plan], end)[plan.id]
    if then.revision is None and not (plan.created_at < end and may(actor, Permission.WRITE_PLAN, plan)):
        raise NotFound(f"There was no plan that you can read by the end of {day:%-d %b %Y}.")
    view = _without_actions(queries.get_plan(session, actor, plan_id), then, end, day)
    return view if then.revision is None else replace(view, **_in_force(session, plan, then.revision))


def list_plans_then(
    session: Session, actor: Actor, day: date, *, own: bool | None = None, review_id: UUID | None = None,
    after: str | None = None, limit: int = 50,
) -> Page[PlanLine]:  # fmt: skip
    """`queries.list_plans` at the end of a day: those that `get_plan_then` gives. Raises: as it; Invalid for a day to come."""
    end = end_of(day)
    agreed = Plan.id.in_(select(Revision.plan_id).where(Revision.agreed_at < end))
    reports = select(ReportingLine.person_id).where(
        ReportingLine.manager_id == actor.person_id, ReportingLine.distance == 1
    )
    sides = or_(Plan.person_id == actor.person_id, Plan.assessor_id == actor.person_id, Plan.person_id.in_(reports))
    known = queries.visible_plans(actor).where(or_(agreed, and_(Plan.created_at < end, sides)))
    page = queries.page_of(session, actor, known, own=own, review_id=review_id, after=after, limit=limit)
    found = plans_then(session, page.rows, end)
    return Page(tuple(_line(row, found[row.id]) for row in page.rows), page.next)


def plans_then(session: Session, plans: Collection[Plan], end: datetime) -> dict[UUID, Then]:
    """By plan id, where each stood before `end`; in two statements."""
    ids = [plan.id for plan in plans]
    agreed = select(Revision).where(Revision.plan_id.in_(ids), Revision.agreed_at < end)
    rows = session.scalars(agreed.order_by(Revision.number).options(lazyload(Revision.plan)))
    newest = {row.plan_id: row for row in rows}
    closed = set(session.scalars(select(Closing.plan_id).where(Closing.plan_id.in_(ids), Closing.closed_at < end)))
    return {id_: Then(_status(id_ in closed, id_ in newest), newest.get(id_)) for id_ in ids}


def _status(is_closed: bool, is_agreed: bool) -> PlanStatus:
    if is_closed:
        return PlanStatus.CLOSED
    return PlanStatus.AGREED if is_agreed else PlanStatus.DRAFT


def _without_actions(view: PlanView, then: Then, end: datetime, day: date) -> PlanView:
    """The frame of a plan: what it is, and nothing that was written in it."""
    return replace(
        view, as_of=day, status=then.status, chosen=(), objectives=(), remarks=(), origins={}, may_write=False, may_agree=False,
        may_change=False, may_close=False, closing_comment="", changing_since=None, change_reason="", person_signed_at=None,
        manager_signed_at=None, agreed_at=None, former_name="",
        revisions=tuple(found for found in view.revisions if found.agreed_at < end),
    )  # fmt: skip


def _in_force(session: Session, plan: Plan, revision: Revision) -> dict[str, Any]:
    data = json.loads(revision.data)
    if not text.has_ids(data):
        raise Conflict(f"Revision {revision.number} is from before texts held ids. Read it as it was printed.")
    version = get_version_by_id(session, plan.ladder_version_id)
    names = {skill.id: skill.name for skill in version.ladder.skills}
    start_on, rows = date.fromisoformat(data["plan"]["start_on"]), queries.agreed_rows(session, data)
    return {
        "title": data["plan"]["title"],
        "start_on": start_on,
        "ends": tuple((horizon, horizon_end(start_on, horizon)) for horizon in HORIZONS),
        "chosen": tuple((skill_id, names.get(skill_id, skill_id)) for skill_id in data["chosen"]),
        "objectives": queries.objectives_of(start_on, rows),
        "origins": queries.origins_of(rows, version.blueprint),
        "signer_name": data["manager"]["name"],
        "agreed_at": revision.agreed_at,
        "signed_on": tuple((it["name"], date.fromisoformat(it["on"])) for it in data["signatures"]),
    }


def _line(plan: Plan, then: Then) -> PlanLine:
    text_then = json.loads(then.revision.data)["plan"] if then.revision else {}
    return PlanLine(
        id=plan.id,
        title=text_then.get("title", plan.title),
        kind=plan.kind,
        status=then.status,
        person_name=plan.person.name,
        start_on=date.fromisoformat(text_then.get("start_on", plan.start_on.isoformat())),
        agreed_at=then.revision.agreed_at if then.revision else None,
        latest_revision=then.revision.number if then.revision else None,
    )
