"""Reading what became of an agreed plan: the change that is being written, what each revision changed, and its closing."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.permissions import Actor, Permission, may, require
from service.plans import text
from service.plans.differences import Differences, differences
from service.plans.models import Closing, Plan
from service.plans.queries import find_plan, get_revision
from service.plans.scores import Ending

ENDINGS = TypeAdapter(Ending)


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


@dataclass(frozen=True, slots=True)
class ClosingView:
    """`ending` as far as the reader may read it, with the hash of the whole; `carried_to_id` is the draft in which the rest goes
    on, where there is one for this reader."""

    ending: Ending
    sha256: str
    closed_at: datetime
    carried_to_id: UUID | None


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


def get_closing(session: Session, actor: Actor, plan_id: UUID) -> ClosingView | None:
    """How a plan ended; None while it has not. Raises: NotFound, NotSignedIn."""
    plan = find_plan(session, actor, plan_id)
    closing = session.scalars(select(Closing).where(Closing.plan_id == plan_id)).first()
    if closing is None:
        return None
    ending = ENDINGS.validate_json(closing.data)
    if not may(actor, Permission.READ_REFLECTION, plan):
        ending = replace(ending, reflection=None, comment=None)
    drafts = session.scalars(select(Plan).where(Plan.carried_from_id == plan_id)).unique()
    further = next((draft.id for draft in drafts if may(actor, Permission.READ_PLAN, draft)), None)
    return ClosingView(ending, closing.sha256, closing.closed_at, further)
