"""Having the PDFs of plans made, and keeping them: allow → check → change → record → enqueue."""

from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.forms import Form
from service import clock
from service.audit.actions import record
from service.documents import files, queries
from service.errors import Conflict
from service.jobs.actions import enqueue, enqueue_once, has_failed
from service.permissions import SYSTEM, Actor
from service.plans.models import IS_WRITTEN, Document, Plan, Revision
from service.revisions.queries import get_revision


def ask_for_draft(session: Session, actor: Actor, plan_id: UUID, folder: Path) -> tuple[str, bytes | None] | None:
    """(a name for the file, the PDF of a draft as it stands or None while it is being made); None once it is agreed. Who
    asks first has it made. It is a look at the text and nothing that anybody said, so the log does not hold it.

    Raises: NotFound, NotSignedIn, Conflict (making it has failed).
    """
    draft = queries.get_draft(session, actor, plan_id)
    if draft is None:
        return None
    pdf = files.load_draft(folder, draft.key)
    if pdf is None:
        asked = {"plan_id": str(plan_id), "reader_id": str(actor.person_id), "key": draft.key}
        if has_failed(session, "render_draft", **asked):
            raise Conflict(
                "This draft could not be made into a PDF, most likely for its length. Shorten it and ask again."
            )
        enqueue_once(session, "render_draft", **asked)
    return draft.file_name, pdf


def keep_draft(session: Session, plan_id: UUID, folder: Path, key: str, pdf: bytes) -> None:
    """Store the PDF of a draft in place of an older one; of a plan that was agreed or discarded meanwhile there is none."""
    written = select(Plan.id).where(Plan.id == plan_id, IS_WRITTEN).with_for_update()
    if session.scalar(written) is not None:
        files.store(folder, key, pdf)
        files.remove_drafts(folder, plan_id, but=key)


def ask_for_pdf(
    session: Session, actor: Actor, plan_id: UUID, number: int, folder: Path, form: Form
) -> tuple[str, bytes | None]:
    """(a name for the file, the stored PDF or None while it is being made). The whole plan on A4 is made when it is agreed,
    any other form when somebody asks for it. Raises: NotFound, NotSignedIn.
    """
    name, pdf = queries.get_pdf(session, actor, plan_id, number, folder, form)
    if pdf is None and form != Form.A4:
        revision = get_revision(session, actor, plan_id, number)
        enqueue_once(session, "render_revision", revision_id=str(revision.id), form=str(form))
    return name, pdf


def render_again(session: Session, actor: Actor, plan_id: UUID, number: int) -> Revision:
    """Ask for the PDF of a revision once more, where making it did not work. Raises: NotFound, NotSignedIn."""
    revision = get_revision(session, actor, plan_id, number)
    enqueue(session, "render_revision", revision_id=str(revision.id))
    record(session, actor, "document.requested", revision)
    return revision


def note_document(session: Session, revision_id: UUID, key: str, pdf: bytes, form: Form = Form.A4) -> None:
    """Remember a stored PDF of a revision. Told twice, it is remembered once; other bytes under the same key replace it."""
    made = session.get(Document, key) or Document(key=key, revision_id=revision_id, form=form)
    made.sha256, made.size, made.pages = sha256(pdf).hexdigest(), len(pdf), files.count_pages(pdf)
    made.rendered_at = clock.now()
    session.add(made)
    revision = session.get_one(Revision, revision_id)
    record(session, SYSTEM, "document.rendered", revision)
