"""Reading the audit chain: the auditor sees all of it, a person what concerns them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit import rules
from service.audit.models import AuditEvent, AuditHead
from service.permissions import Actor, Permission, may, require

SILENT_VERBS = ("rating.saved", "evidence.added", "evidence.removed", "assessment.begun")
"""Verbs a person is not shown of others: before the reveal even the rhythm of somebody's rating would tell something."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the log as a reader sees it."""

    seq: int
    at: datetime
    actor_id: UUID | None
    verb: str
    resource_kind: str
    resource_id: str
    subject_id: UUID | None
    reason: str


def list_events(session: Session, actor: Actor, *, before: int | None = None, limit: int = 100) -> list[AuditLine]:
    """The newest events first, older than sequence number `before`; for auditors.

    Raises: Forbidden, NotSignedIn.
    """
    require(actor, Permission.READ_AUDIT)
    return _lines(session, select(AuditEvent), before, limit)


def list_own_events(session: Session, actor: Actor, *, before: int | None = None, limit: int = 100) -> list[AuditLine]:
    """What concerns the reader: events about them that are not another's unfinished work. Sequence numbers are left out
    (0), since their gaps would count what others do; `before` is how many lines to skip."""
    require(actor, Permission.READ_OWN_AUDIT)
    query = select(AuditEvent).where(AuditEvent.subject_id == actor.person_id)
    own = (AuditEvent.actor_id == actor.person_id) | AuditEvent.verb.not_in(SILENT_VERBS)
    rows = session.scalars(query.where(own).order_by(AuditEvent.seq.desc()).offset(before or 0).limit(limit))
    return [_line(row, hide_seq=True) for row in rows]


def verify(session: Session) -> int | None:
    """The first sequence number at which the stored chain does not hold, or None. Reads every row."""
    broken = rules.first_break(_chain(session))
    if broken is not None:
        return broken
    head = session.scalars(select(AuditHead)).one()
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).first()
    intact = (last.seq, last.hash) == (head.seq, head.hash) if last else head.seq == 0
    return None if intact else head.seq


def sees_log(actor: Actor) -> bool:
    """Whether the reader is an auditor."""
    return may(actor, Permission.READ_AUDIT)


def _chain(session: Session) -> Iterator[tuple[rules.Entry, str, str]]:
    names = rules.Entry.__slots__
    for row in session.scalars(select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=1000)):
        yield rules.Entry(**{name: getattr(row, name) for name in names}), row.previous_hash, row.hash


def _lines(session: Session, query, before: int | None, limit: int) -> list[AuditLine]:  # type: ignore[no-untyped-def]
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    return [_line(row) for row in session.scalars(query.order_by(AuditEvent.seq.desc()).limit(limit))]


def _line(row: AuditEvent, *, hide_seq: bool = False) -> AuditLine:
    values = {name: getattr(row, name) for name in rules.Entry.__slots__}
    return AuditLine(**values | ({"seq": 0} if hide_seq else {}))
