"""Reading the PDFs of revisions and drafts, and what they are made of."""

from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.forms import Form
from service.documents import files
from service.documents.views import Draft
from service.errors import NotFound, NotSignedIn
from service.gaps.queries import get_report
from service.ladders.queries import get_version_by_id
from service.permissions import NOBODY, Actor, Permission, may
from service.plans.models import Document, Revision
from service.plans.queries import file_name, find_plan
from service.plans.text import canonical
from service.revisions.data import document_data
from service.revisions.queries import get_revision


def get_draft(session: Session, actor: Actor, plan_id: UUID) -> Draft | None:
    """A draft as it would be printed if it were agreed now, what is open in it left open; None once it is agreed. A change of
    what was agreed is one too, for the two sides.

    Raises: NotFound, NotSignedIn.
    """
    plan = find_plan(session, actor, plan_id)
    if not plan.is_written or (plan.changing_since and not may(actor, Permission.WRITE_PLAN, plan)):
        return None
    version = get_version_by_id(session, plan.ladder_version_id)
    report = get_report(session, actor, plan.review_id) if plan.review_id else None
    data = canonical(document_data(plan, version.ladder, version.sha256, report, None, version.blueprint))
    return Draft(f"{file_name(plan)}-draft.pdf", data, files.draft_key(plan_id, data))


def get_unrendered_draft(session: Session, reader: Actor | None, plan_id: UUID, key: str, folder: Path) -> str | None:
    """The data of a draft whose PDF is still to be made; None where it is made, or there is no such draft any more: it
    was changed, agreed or discarded, or is no longer for this reader."""
    try:
        draft = get_draft(session, reader or NOBODY, plan_id)
    except (NotFound, NotSignedIn):
        return None
    waits = draft is not None and draft.key == key and files.load_draft(folder, key) is None
    return draft.data if draft and waits else None


def get_pdf(
    session: Session, actor: Actor, plan_id: UUID, number: int, folder: Path, form: Form = Form.A4
) -> tuple[str, bytes | None]:
    """(a name for the file, the stored PDF or None while it is being made). Raises: NotFound, NotSignedIn."""
    revision = get_revision(session, actor, plan_id, number)
    suffix = "" if form == Form.A4 else f"-{form}"
    return f"{file_name(revision.plan)}-r{number}{suffix}.pdf", _stored_pdf(session, revision, folder, form)


def get_unrendered(session: Session, revision_id: UUID, folder: Path, form: Form = Form.A4) -> tuple[str, str] | None:
    """(key, data) of a revision whose PDF in this form is not stored yet; None where there is nothing to do."""
    revision = session.get(Revision, revision_id)
    if revision is None or _stored_pdf(session, revision, folder, form) is not None:
        return None
    return files.key_of(revision.sha256, form), revision.data


def _stored_pdf(session: Session, revision: Revision, folder: Path, form: Form) -> bytes | None:
    """The first PDF made of the revision that is still whole: an update of the templates does not change what was issued."""
    made = (
        select(Document)
        .where(Document.revision_id == revision.id, Document.form == form)
        .order_by(Document.rendered_at)
    )
    stored = (files.load(folder, document.key, document.sha256) for document in session.scalars(made))
    return next((pdf for pdf in stored if pdf is not None), None)
