"""`record()`: the audit line of every action, written in the action's own transaction."""

from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.audit import rules
from service.audit.models import AuditEvent, AuditHead
from service.permissions import Actor


class Auditable(Protocol):
    """A row with a table name and an id; `subject` is read where the row has one."""

    __tablename__: Any
    id: Any


def record(session: Session, actor: Actor, verb: str, thing: Auditable, *, reason: str = "") -> None:
    """Write who did what to which row. `verb` is `noun.past_tense`; `reason` only where the actor was asked for one.

    Flushes first, so that every row lock is taken before the chain's: two writers can never wait for each other.
    """
    session.flush()
    head = session.scalars(select(AuditHead).with_for_update().execution_options(populate_existing=True)).one()
    entry = rules.Entry(
        seq=head.seq + 1,
        at=clock.now(),
        actor_id=actor.person_id,
        verb=verb,
        resource_kind=thing.__tablename__,
        resource_id=str(thing.id),
        subject_id=_subject_id(thing),
        reason=reason,
    )
    link = rules.link(head.hash, entry)
    values = {name: getattr(entry, name) for name in entry.__slots__}
    session.add(AuditEvent(**values, previous_hash=head.hash, hash=link))
    head.seq, head.hash = entry.seq, link
    session.flush()


def _subject_id(thing: Any) -> UUID | None:
    subject = getattr(thing, "subject", None)
    return subject.person_id if subject else None
