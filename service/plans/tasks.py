"""Background doors of plans."""

from pathlib import Path
from uuid import UUID

from service.db import Database
from service.plans import actions, documents, queries


def hand_over_plans(database: Database, *, person_ids: list[str]) -> None:
    """After an import: drafts follow the reporting line."""
    with database.transaction() as session:
        actions.hand_over_plans(session, [UUID(person_id) for person_id in person_ids])


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
