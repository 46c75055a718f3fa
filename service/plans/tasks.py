"""Background doors of plans."""

from pathlib import Path
from uuid import UUID

from service.db import Database
from service.plans import actions, documents, queries


def render_revision(database: Database, *, revision_id: str, folder: Path) -> None:
    """Render a revision's PDF if it is not stored yet. Run twice, it renders once."""
    with database.transaction(readonly=True) as session:
        waiting = queries.get_unrendered(session, UUID(revision_id), folder)
    if waiting is None:
        return
    key, data = waiting
    pdf = documents.render(data)  # seconds of work, outside any transaction
    documents.store(folder, key, pdf)
    with database.transaction() as session:
        actions.note_document(session, UUID(revision_id), key, pdf)
