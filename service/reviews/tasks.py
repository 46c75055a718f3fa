"""Background doors of reviews."""

from uuid import UUID

from service.db import Database
from service.reviews import cycles


def hand_over_reviews(database: Database, *, person_ids: list[str]) -> None:
    """After an import or a leave: reviews follow the reporting line."""
    with database.transaction() as session:
        cycles.hand_over_reviews(session, [UUID(person_id) for person_id in person_ids])
