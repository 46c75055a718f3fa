"""Background doors of plans."""

from uuid import UUID

from service.db import Database
from service.plans import actions


def hand_over_plans(database: Database, *, person_ids: list[str]) -> None:
    """After an import: drafts follow the reporting line."""
    with database.transaction() as session:
        actions.hand_over_plans(session, [UUID(person_id) for person_id in person_ids])
