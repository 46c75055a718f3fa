"""Background doors of plans on paper."""

from pathlib import Path
from uuid import UUID

from reports.forms import Form
from service.db import Database
from service.documents import actions, files, queries
from service.people.queries import load_actor


def render_revision(database: Database, *, revision_id: str, folder: Path, form: str = Form.A4) -> None:
    """Render a form of a revision if it is not stored yet. Run twice, it renders once."""
    with database.transaction(readonly=True) as session:
        waiting = queries.get_unrendered(session, UUID(revision_id), folder, Form(form))
    if waiting is None:
        return
    key, data = waiting
    pdf = files.render(data, Form(form))  # seconds of work, outside any transaction
    files.store(folder, key, pdf)
    with database.transaction() as session:
        actions.note_document(session, UUID(revision_id), key, pdf, Form(form))


def render_draft(database: Database, *, plan_id: str, reader_id: str, key: str, folder: Path) -> None:
    """Render a draft as who asked may read it, if it still stands as it did and is not stored yet."""
    with database.transaction(readonly=True) as session:
        reader = load_actor(session, UUID(reader_id))
        data = queries.get_unrendered_draft(session, reader, UUID(plan_id), key, folder)
    if data is None:
        return
    pdf = files.render(data)
    with database.transaction() as session:
        actions.keep_draft(session, UUID(plan_id), folder, key, pdf)


def remove_draft(_database: Database, *, plan_id: str, folder: Path) -> None:
    """After a plan was agreed or discarded: its draft's PDF goes."""
    files.remove_drafts(folder, UUID(plan_id))
