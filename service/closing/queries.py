"""Reading how a plan ended."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.closing.rules import Ending
from service.permissions import Actor, Permission, may
from service.plans.models import Closing, Plan
from service.plans.queries import find_plan
from service.reviews.history import end_of

ENDINGS = TypeAdapter(Ending)


@dataclass(frozen=True, slots=True)
class ClosingView:
    """`ending` as far as the reader may read it, with the hash of the whole; `carried_to_id` is the draft in which the rest goes
    on, where there is one for this reader; not told as of a day, since drafts are in no past."""

    ending: Ending
    sha256: str
    closed_at: datetime
    carried_to_id: UUID | None


def get_closing(session: Session, actor: Actor, plan_id: UUID, as_of: date | None = None) -> ClosingView | None:
    """How a plan ended; None while it has not, or had not by the end of a day. Raises: NotFound, NotSignedIn, Invalid (a day
    to come)."""
    plan = find_plan(session, actor, plan_id)
    closing = session.scalars(select(Closing).where(Closing.plan_id == plan_id)).first()
    if closing is None or (as_of and closing.closed_at >= end_of(as_of)):
        return None
    ending = ENDINGS.validate_json(closing.data)
    if not may(actor, Permission.READ_REFLECTION, plan):
        ending = replace(ending, reflection=None, comment=None)
    if as_of:
        return ClosingView(ending, closing.sha256, closing.closed_at, None)
    drafts = session.scalars(select(Plan).where(Plan.carried_from_id == plan_id)).unique()
    further = next((draft.id for draft in drafts if may(actor, Permission.READ_PLAN, draft)), None)
    return ClosingView(ending, closing.sha256, closing.closed_at, further)
