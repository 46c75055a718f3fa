"""Reading the audit chain: the auditor sees all of it, a person what concerns them."""

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service import clock
from service.audit import rules
from service.audit.models import AuditEvent, AuditHead
from service.errors import Invalid, Problem
from service.paging import Page, read_cursor, write_cursor
from service.permissions import Actor, Permission, require

Line = TypeVar("Line")

SILENT_VERBS = ("rating.saved", "ratings.saved", "evidence.added", "evidence.removed", "assessment.begun")
"""Verbs a person is not shown of others: before the reveal even the rhythm of somebody's rating would tell."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the log as an auditor sees it: who did what, about whom, and never anybody's words. It has no sequence
    number, whose gaps would count what others do about the auditor."""

    at: datetime
    actor_id: UUID | None
    verb: str
    resource_kind: str
    resource_id: str
    subject_id: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One line of what concerns the reader. It has no sequence number, whose gaps would count what others do, and only
    the reader's own reasons: another's could tell what they rated."""

    at: datetime
    actor_id: UUID | None
    verb: str
    resource_kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many events, and the hash that binds them all."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What a check found: the first line that does not hold, or None. `lines` and `last_hash` are of those that the auditor
    may list: the rhythm of what others do about the auditor shows in neither."""

    broken: int | None
    at: datetime
    lines: int
    last_hash: str


def list_events(session: Session, actor: Actor, *, after: str | None = None, limit: int = 100) -> Page[AuditLine]:
    """The newest events first, going on from the cursor `after`; for auditors. What is about the reader is left out: nobody
    audits their own case (SECURITY.md section 2).

    Raises: Forbidden, NotSignedIn, Invalid for a cursor that no page gave out.
    """
    require(actor, Permission.READ_AUDIT)
    others = select(AuditEvent).where(AuditEvent.subject_id.is_distinct_from(actor.person_id))
    return _newest_first(session, others, after, limit, _line)


def list_own_events(session: Session, actor: Actor, *, after: str | None = None, limit: int = 100) -> Page[OwnLine]:
    """What concerns the reader, newest first: events about them that are not another's unfinished work.

    Raises: NotSignedIn, Invalid for a cursor that no page gave out.
    """
    require(actor, Permission.READ_OWN_AUDIT)
    own = (AuditEvent.actor_id == actor.person_id) | AuditEvent.verb.not_in(SILENT_VERBS)
    query = select(AuditEvent).where(AuditEvent.subject_id == actor.person_id, own)
    return _newest_first(session, query, after, limit, lambda row: _own_line(row, actor))


def verify(session: Session) -> int | None:
    """The first sequence number at which the stored chain does not hold, or None. Reads every row."""
    head = session.scalars(select(AuditHead)).one()
    with closing(_chain(session)) as chain:
        return rules.first_break(chain, (head.seq, head.hash))


def get_head(session: Session) -> Head:
    """Where the chain ends now. Noted elsewhere, it shows later whether the end was cut off."""
    head = session.scalars(select(AuditHead)).one()
    return Head(head.seq, head.hash)


def check_chain(session: Session, actor: Actor) -> ChainCheck:
    """`verify` for an auditor.

    Raises: Forbidden, NotSignedIn.
    """
    require(actor, Permission.READ_AUDIT)
    others = AuditEvent.subject_id.is_distinct_from(actor.person_id)
    lines = session.scalar(select(func.count()).select_from(AuditEvent).where(others)) or 0
    last = session.scalar(select(AuditEvent.hash).where(others).order_by(AuditEvent.seq.desc()).limit(1))
    return ChainCheck(verify(session), clock.now(), lines, last or rules.START)


def _chain(session: Session) -> Generator[tuple[rules.Entry, str, str], None, None]:
    names = rules.Entry.__slots__
    query = select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=1000)
    with session.scalars(query) as rows:
        for row in rows:
            yield rules.Entry(**{name: getattr(row, name) for name in names}), row.previous_hash, row.hash


def _newest_first(
    session: Session, query: Select[AuditEvent], after: str | None, limit: int, line: Callable[[AuditEvent], Line]
) -> Page[Line]:
    """A page of `query`. The cursor is the moment of the last line and how many lines of that moment were shown, both known to
    the reader."""
    moment, shown = _cursor(after)
    if moment is not None:
        query = query.where(AuditEvent.at <= moment).offset(shown)
    rows = session.scalars(query.order_by(AuditEvent.at.desc(), AuditEvent.seq.desc()).limit(limit + 1)).all()
    lines = tuple(map(line, rows[:limit]))
    if len(rows) <= limit:
        return Page(lines, None)
    last = rows[limit - 1].at
    seen = sum(row.at == last for row in rows[:limit]) + (shown if moment == last else 0)
    return Page(lines, write_cursor(f"{last.isoformat()}|{seen}"))


def _line(row: AuditEvent) -> AuditLine:
    return AuditLine(**{name: getattr(row, name) for name in AuditLine.__slots__})


def _own_line(row: AuditEvent, reader: Actor) -> OwnLine:
    reason = row.reason if row.actor_id == reader.person_id else ""
    return OwnLine(row.at, row.actor_id, row.verb, row.resource_kind, reason)


def _cursor(cursor: str | None) -> tuple[datetime | None, int]:
    text = read_cursor(cursor)
    if text is None:
        return None, 0
    moment, _, shown = text.partition("|")
    try:
        found = datetime.fromisoformat(moment)
        found = found.astimezone(UTC) if found.tzinfo else found
    except (ValueError, OverflowError) as error:
        raise _not_ours() from error
    if found.tzinfo is None or not (shown.isascii() and shown.isdigit() and len(shown) < 9):
        raise _not_ours()
    return found, int(shown)


def _not_ours() -> Invalid:
    problem = Problem("/after", "This cursor is not one of ours; start the list again without it.")
    return Invalid("The list cannot go on from there.", [problem])
