"""Reading what was agreed, what each revision changed, and the change that is being written."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from service.errors import NotFound
from service.permissions import Actor, Permission, require
from service.plans import text
from service.plans.models import Revision
from service.plans.queries import find_plan
from service.revisions.rules import Differences, differences


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of an agreed plan while it is being written; `revision` is in force until both sides have signed the new text."""

    plan_id: UUID
    since: datetime
    reason: str
    revision: int
    differences: Differences
    version: int


@dataclass(frozen=True, slots=True)
class RevisionChange:
    """What revision `number` changed of the one before, and why."""

    number: int
    agreed_on: date
    reason: str
    differences: Differences


def get_revision(session: Session, actor: Actor, plan_id: UUID, number: int) -> Revision:
    """An agreed text. Raises: NotFound, NotSignedIn."""
    plan = find_plan(session, actor, plan_id)
    for revision in plan.revisions:
        if revision.number == number:
            return revision
    raise NotFound


def get_change(session: Session, actor: Actor, plan_id: UUID) -> ChangeView | None:
    """What a change has changed so far, for the two sides; None where nothing is being changed.

    Raises: NotFound, NotSignedIn, Forbidden.
    """
    plan = find_plan(session, actor, plan_id)
    require(actor, Permission.WRITE_PLAN, plan)
    if plan.changing_since is None:
        return None
    found = differences(text.agreed_text(plan), text.written(plan))
    number = plan.revisions[-1].number
    return ChangeView(plan.id, plan.changing_since, plan.change_reason, number, found, plan.version)


def get_revision_change(session: Session, actor: Actor, plan_id: UUID, number: int) -> RevisionChange:
    """Raises: NotFound (the first revision changed nothing), NotSignedIn."""
    newer, older = (get_revision(session, actor, plan_id, n) for n in (number, number - 1))
    before, after = json.loads(older.data), json.loads(newer.data)
    agreed_on, reason = newer.agreed_at.date(), after["plan"].get("reason", "")
    return RevisionChange(number, agreed_on, reason, differences(before, after))
