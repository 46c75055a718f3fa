"""Changing people. The reporting line's closure is rebuilt whenever a manager changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.orm import Session, lazyload

from service.audit.actions import record
from service.db import new_id
from service.errors import Invalid, NotFound, Problem
from service.jobs.actions import enqueue
from service.people import rules
from service.people.models import OrgUnit, Person, ReportingLine, RoleGrant
from service.people.queries import preview_import
from service.permissions import Actor, Permission, Role, require


@dataclass(slots=True)
class ImportedFile:
    """What the audit row of an import names: the SHA-256 of the text that was imported."""

    id: str
    __tablename__: str = "people_file"


def import_people(session: Session, actor: Actor, text: str, known: rules.Known) -> rules.Preview:
    """Make people as the CSV `text` says; all of them or, where anything is wrong, none. The answer says what was done.

    People the file does not mention stay as they are. A second run of the same file writes nothing. An HR partner writes
    the people of their own units.

    Raises: Forbidden; Invalid with every problem of the file.
    """
    require(actor, Permission.IMPORT_PEOPLE)
    people = _lock_people(session)
    plan = preview_import(session, actor, text, known)
    if plan.problems:
        raise Invalid("Nothing was imported: some rows need another look.", plan.problems)
    if plan.is_empty:
        return plan
    changed = {people[rules.key(change.entry.employee_id)].id for change in plan.changed}
    if actor.person_id is not None and {actor.person_id, *actor.managers} & changed:
        detail = "Somebody else of HR, or whoever runs Nextrung, changes your own entry and those of your managers."
        raise Invalid("Nothing was imported: it would change yourself.", [Problem("", detail)])
    units = _store_units(session, plan)
    moved = _store_people(session, plan, people, units)
    record(session, actor, "people.imported", ImportedFile(sha256(text.encode()).hexdigest()))
    if moved:
        enqueue_hand_over(session, moved)
    return plan


def grant_role(session: Session, actor: Actor, person: Person, role: Role, unit: str = "") -> None:
    """Give a role; an HR partner's holds for the org unit named and those below it. Given already, nothing happens.

    Raises: Forbidden, Invalid, NotFound where no unit has this name.
    """
    require(actor, Permission.GRANT_ROLES)
    unit_id = _unit_id(session, role, unit)
    if _find_grant(session, person, role, unit_id) is None:
        grant = RoleGrant(id=new_id(), person_id=person.id, role=role, unit_id=unit_id)
        session.add(grant)
        record(session, actor, "role.granted", grant)


def revoke_role(session: Session, actor: Actor, person: Person, role: Role, unit: str = "") -> None:
    """Take a role back.

    Raises: Forbidden, Invalid, NotFound where it was not granted.
    """
    require(actor, Permission.GRANT_ROLES)
    grant = _find_grant(session, person, role, _unit_id(session, role, unit))
    if grant is None:
        raise NotFound(f"{person.name} does not have this role.")
    session.delete(grant)
    record(session, actor, "role.revoked", grant)


def enqueue_hand_over(session: Session, person_ids: Iterable[UUID]) -> None:
    """Let the open work of and about these people follow the reporting line, after they moved or left."""
    for task in ("hand_over_reviews", "hand_over_plans"):
        enqueue(session, task, person_ids=[str(person_id) for person_id in person_ids])


def rebuild_reporting_lines(session: Session) -> None:
    """Write the closure of `manager_id` anew for everybody. The line has no cycle (rules check that before)."""
    session.flush()
    direct = select(Person.id.label("person_id"), Person.manager_id, literal(1).label("distance"))
    line = direct.where(Person.manager_id.is_not(None)).cte("line", recursive=True)
    further = select(line.c.person_id, Person.manager_id, line.c.distance + 1).join(
        Person, Person.id == line.c.manager_id
    )
    line = line.union_all(further.where(Person.manager_id.is_not(None)))
    session.execute(delete(ReportingLine))
    session.execute(insert(ReportingLine).from_select(["person_id", "manager_id", "distance"], select(line)))
    session.expire_all()


def rename_levels(session: Session, ladder: str, renamed: Mapping[str, str]) -> int:
    """Give everybody who stands on a ladder the new id of their level, old id → new id; how many that were. For the action that
    publishes a version, which has asked whether the actor may, and records it."""
    standing = select(Person).options(lazyload("*")).where(Person.ladder == ladder, Person.level.in_(renamed))
    rows = session.scalars(standing.order_by(Person.id).with_for_update(of=Person)).all()
    for person in rows:
        person.level = renamed[person.level or ""]
    session.flush()
    return len(rows)


def _lock_people(session: Session) -> dict[str, Person]:
    """Everybody here by key, locked: of two imports at once the second waits and then sees what the first did."""
    query = select(Person).options(lazyload("*")).order_by(Person.id).with_for_update(of=Person)
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    return {rules.key(person.employee_id): person for person in rows if person.active}


def _store_units(session: Session, plan: rules.Preview) -> dict[str, OrgUnit]:
    units = {rules.key(unit.name): unit for unit in session.scalars(select(OrgUnit))}
    for change in plan.units:
        if change.old is None:
            units[rules.key(change.name)] = unit = OrgUnit(id=new_id(), name=change.name)
            session.add(unit)
    session.flush()
    for change in plan.units:
        units[rules.key(change.name)].parent_id = units[rules.key(change.new)].id if change.new else None
    session.flush()
    return units


def _store_people(
    session: Session, plan: rules.Preview, people: dict[str, Person], units: dict[str, OrgUnit]
) -> list[UUID]:
    """Write added and changed people; the ids of those who were here and have another manager now."""
    entries = [*plan.added, *(changed.entry for changed in plan.changed)]
    for entry in plan.added:
        person = Person(id=new_id(), employee_id=entry.employee_id, email_key=f"new:{new_id()}", active=True)
        people[rules.key(entry.employee_id)] = person
    for changed in plan.changed:
        person = people[rules.key(changed.entry.employee_id)]
        if person.email_key != rules.email_key(changed.entry.email):
            person.email_key = (
                f"new:{person.id}"  # two people may swap addresses: nobody's stands in the way of another's
            )
    session.flush()
    for entry in entries:
        person = people[rules.key(entry.employee_id)]
        person.employee_id, person.name, person.email = entry.employee_id, entry.name, entry.email
        person.email_key = rules.email_key(entry.email)
        person.unit_id = units[rules.key(entry.unit)].id if entry.unit else None
        person.ladder, person.level, person.started_on = entry.ladder or None, entry.level or None, entry.started_on
        session.add(person)
    session.flush()
    moved, lines_change = [], False
    new = {rules.key(entry.employee_id) for entry in plan.added}
    for entry in entries:
        name = rules.key(entry.employee_id)
        above = people[rules.key(entry.manager)].id if entry.manager else None
        if people[name].manager_id != above:
            people[name].manager_id, lines_change = above, True
            moved += [] if name in new else [people[name].id]
    if lines_change:
        rebuild_reporting_lines(session)
    return moved


def _unit_id(session: Session, role: Role, unit: str) -> UUID | None:
    if (role is Role.PARTNER) != bool(unit):
        words = (
            "An HR partner needs an org unit." if role is Role.PARTNER else "Only an HR partner's role has an org unit."
        )
        raise Invalid("The role does not fit.", [Problem("/unit", words)])
    if not unit:
        return None
    found = [row.id for row in session.scalars(select(OrgUnit)) if rules.key(row.name) == rules.key(unit)]
    if not found:
        raise NotFound(f"There is no org unit named {unit!r}.")
    return found[0]


def _find_grant(session: Session, person: Person, role: Role, unit_id: UUID | None) -> RoleGrant | None:
    query = select(RoleGrant).where(
        RoleGrant.person_id == person.id, RoleGrant.role == role, RoleGrant.unit_id == unit_id
    )
    return session.scalars(query).first()
