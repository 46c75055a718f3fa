"""Whether a PDF is one that was issued here, and of which revision: by the bytes of the file, else by the data inside it."""

import json
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.errors import ReportError
from service.documents import files
from service.documents.views import Verdict, Verification
from service.permissions import Actor
from service.plans.models import Document, Plan, Revision
from service.plans.queries import visible_plans

MAX_PDF = 32 * 1024**2


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file says of itself: the hash of its bytes, that of the data inside, the revision which the data names."""

    sha256: str
    data_sha256: str = ""
    plan_id: UUID | None = None
    number: int = 0
    fault: str = ""


def look_inside(pdf: bytes) -> Contents:
    """Of any bytes at all, without a database; takes a second or two, and no more than `reports.limits` allow."""
    digest = sha256(pdf).hexdigest()
    if len(pdf) > MAX_PDF:
        return Contents(digest, fault=f"the file is larger than {MAX_PDF >> 20} MiB")
    try:
        data = files.read_data(pdf)
    except ReportError as error:
        return Contents(digest, fault=str(error))
    plan_id, number = _named(data)
    return Contents(digest, sha256(data).hexdigest(), plan_id, number)


def verify(session: Session, actor: Actor, contents: Contents) -> Verification:
    """Which revision it belongs to. One whose plan the actor may not read is as unknown as one that was never issued."""
    found = select(Revision).join(Plan)
    if not actor.is_system:
        found = found.where(Plan.id.in_(visible_plans(actor).with_only_columns(Plan.id)))
    issued = found.join(Document, Document.revision_id == Revision.id).where(Document.sha256 == contents.sha256)
    if (revision := session.scalars(issued).unique().first()) is not None:
        return _told(Verdict.ISSUED, revision)
    if contents.fault:
        return Verification(Verdict.UNREADABLE, contents.fault)
    if (revision := session.scalars(found.where(Revision.sha256 == contents.data_sha256)).unique().first()) is not None:
        return _told(Verdict.FILE_CHANGED, revision)
    named = found.where(Plan.id == contents.plan_id, Revision.number == contents.number)
    if (revision := session.scalars(named).unique().first()) is not None:
        return _told(Verdict.DATA_CHANGED, revision)
    return Verification(Verdict.NOT_ISSUED)


def _told(verdict: Verdict, revision: Revision) -> Verification:
    return Verification(verdict, "", revision.plan_id, revision.number, revision.agreed_at.date())


def _named(data: bytes) -> tuple[UUID | None, int]:
    """The plan and the number that the data claims, of data that anybody may have written."""
    try:
        plan = json.loads(data)["plan"]
        number = plan["revision"]
        return (UUID(plan["id"]), number) if type(number) is int and 0 < number < 2**31 else (None, 0)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, 0
