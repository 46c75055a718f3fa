"""Whether a PDF is one that was issued here, and of which revision: by the bytes of the file, else by the data inside it."""

import json
from hashlib import sha256
from threading import BoundedSemaphore
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from reports.errors import ReportError
from service.documents import files
from service.documents.views import Verdict, Verification
from service.errors import TooManyTries
from service.permissions import Actor
from service.plans.models import Document, Plan, Revision
from service.plans.queries import visible_plans

MAX_PDF = 4 * 1024**2
"""Many times the largest plan that can be printed."""

MAX_UPLOAD = MAX_PDF + 64 * 1024
"""With what a form puts around it, so that a file a little too large is told in words of its own."""

READERS = BoundedSemaphore(2)
PATIENCE = 10.0
"""So many files are read at once, each in a process of its own, and so many seconds one waits for its turn."""


def verify(session: Session, actor: Actor, pdf: bytes) -> Verification:
    """Which revision a file belongs to, and whether it is as it was issued. One whose plan the actor may not read is as
    unknown as one that was never issued. Nothing is stored.

    A file that was issued is known by its hash at once. Any other takes a second or two to read, and `session` holds no
    transaction meanwhile: the one it had is rolled back. Raises: TooManyTries while others' files are being read.
    """
    found = select(Revision).join(Plan)
    if not actor.is_system:
        found = found.where(Plan.id.in_(visible_plans(actor).with_only_columns(Plan.id)))
    issued = found.join(Document, Document.revision_id == Revision.id).where(Document.sha256 == sha256(pdf).hexdigest())
    if (revision := _first(session, issued)) is not None:
        return _told(Verdict.ISSUED, revision)
    session.rollback()
    try:
        data = _look_inside(pdf)
    except ReportError as error:
        return Verification(Verdict.UNREADABLE, f"Not issued here: {error}.")
    if (revision := _first(session, found.where(Revision.sha256 == sha256(data).hexdigest()))) is not None:
        return _told(Verdict.FILE_CHANGED, revision)
    plan_id, number = _named(data)
    if (revision := _first(session, found.where(Plan.id == plan_id, Revision.number == number))) is not None:
        return _told(Verdict.DATA_CHANGED, revision)
    return Verification(Verdict.NOT_ISSUED, "Not issued here, or of a plan that you may not read.")


def _look_inside(pdf: bytes) -> bytes:
    """The data in any bytes at all, within what `reports.limits` allow. Raises: ReportError, TooManyTries."""
    if not pdf:
        raise ReportError("the file is empty")
    if len(pdf) > MAX_PDF:
        raise ReportError(f"the file is larger than {MAX_PDF >> 20} MiB, which no plan is")
    if not READERS.acquire(timeout=PATIENCE):
        raise TooManyTries("Other files are being read just now. Bring yours again in a moment.", 5)
    try:
        return files.read_data(pdf)
    finally:
        READERS.release()


def _first(session: Session, query: Select[Revision]) -> Revision | None:
    return session.scalars(query).unique().first()


def _told(verdict: Verdict, revision: Revision) -> Verification:
    agreed = json.loads(revision.data)
    on = revision.agreed_at.date()
    which = f"revision {revision.number} of the plan of {agreed['person']['name']}, agreed on {on:%-d %b %Y}"
    words = {
        Verdict.ISSUED: f"Issued here, unchanged: {which}.",
        Verdict.FILE_CHANGED: f"Not as issued: the data inside is that of {which}, but the file is not one that was issued"
        " here. Its pages may say something else. Fetch the PDF anew to compare.",
        Verdict.DATA_CHANGED: f"Not as issued: it says it is {which}, but the data inside is not what was agreed.",
    }
    return Verification(verdict, words[verdict], revision.plan_id, agreed["plan"]["title"], revision.number, on)


def _named(data: bytes) -> tuple[UUID | None, int]:
    """The plan and the number that the data claims, of data that anybody may have written."""
    try:
        plan = json.loads(data)["plan"]
        number = plan["revision"]
        return (UUID(plan["id"]), number) if type(number) is int and 0 < number < 2**31 else (None, 0)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, 0
