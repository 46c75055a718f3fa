"""Changing people. The reporting line's closure is rebuilt whenever a manager changes."""

from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from service.people.models import Person, ReportingLine


def rebuild_reporting_lines(session: Session) -> None:
    """Write the closure of `manager_id` anew for everybody. The line has no cycle (rules check that before)."""
    session.flush()
    managers: dict[UUID, UUID | None] = {
        row.id: row.manager_id for row in session.execute(select(Person.id, Person.manager_id))
    }
    rows = []
    for person_id, manager_id in managers.items():
        distance, above = 1, manager_id
        while above is not None:
            rows.append({"person_id": person_id, "manager_id": above, "distance": distance})
            above, distance = managers[above], distance + 1
    session.execute(delete(ReportingLine))
    if rows:
        session.execute(insert(ReportingLine), rows)
    session.expire_all()
