"""Reading people: who an actor is, and whom they may see."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.people.models import OrgUnit, Person, ReportingLine, RoleGrant
from service.people.rules import email_key
from service.permissions import Actor, Role, Scope


def load_actor(session: Session, person_id: UUID, scope: Scope | None = None) -> Actor | None:
    """The person as an actor, with roles, units and line as they stand now; None once they have left."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return None
    grants = session.execute(select(RoleGrant.role, RoleGrant.unit_id).where(RoleGrant.person_id == person_id)).all()
    reports = select(ReportingLine.person_id).where(ReportingLine.manager_id == person_id).limit(1)
    units = {unit for _, unit in grants if unit is not None}
    return Actor(
        person_id=person.id,
        name=person.name,
        roles=frozenset(Role(role) for role, _ in grants),
        units=frozenset(_with_units_below(session, units)),
        managers=person.subject.managers,
        has_reports=session.scalar(reports) is not None,
        scope=scope,
    )


def load_actor_by_email(session: Session, email: str) -> Actor | None:
    """The person who signs in with this address, as an actor; None where there is none."""
    person_id = session.scalar(select(Person.id).where(Person.email_key == email_key(email)))
    return load_actor(session, person_id) if person_id else None


def _with_units_below(session: Session, units: set[UUID]) -> set[UUID]:
    if not units:
        return units
    parents = session.execute(select(OrgUnit.id, OrgUnit.parent_id)).all()
    found = set(units)
    while True:
        more = {unit for unit, parent in parents if parent in found} - found
        if not more:
            return found
        found |= more
