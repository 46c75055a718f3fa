"""Reading people: who an actor is, whom they may see, and what an import would do."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from service.errors import NotFound
from service.paging import Page, cut, read_named_cursor
from service.people import rules
from service.people.files import read
from service.people.inputs import Narrowed
from service.people.models import OrgUnit, Person, ReportingLine, RoleGrant
from service.permissions import Actor, Permission, Role, Scope, may, require
from service.reasons import why

Manager = aliased(Person)
EVERYBODY = Narrowed()


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in a list. `ladder` and `level` are ids."""

    id: UUID
    employee_id: str
    name: str
    email: str
    unit: str | None
    manager: str | None
    ladder: str | None
    level: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by name; `id` is None where the reader may not look at them."""

    id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person. `reports` are the direct ones that the reader may see, `why` says why the reader sees the person."""

    id: UUID
    employee_id: str
    name: str
    email: str
    unit: str | None
    ladder: str | None
    level: str | None
    started_on: date | None
    active: bool
    manager: Named | None
    reports: tuple[Named, ...]
    why: tuple[str, ...]


def load_actor(session: Session, person_id: UUID, scope: Scope | None = None) -> Actor | None:
    """The person as an actor, with roles, units and line as they stand now; None once they have left."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return None
    grants = session.execute(select(RoleGrant.role, RoleGrant.unit_id).where(RoleGrant.person_id == person_id)).all()
    reports = select(ReportingLine.person_id).where(ReportingLine.manager_id == person_id).limit(1)
    units = {unit for _, unit in grants if unit is not None}
    has_reports = session.scalar(reports) is not None
    return Actor(
        person_id=person.id,
        name=person.name,
        roles=frozenset(Role(role) for role, _ in grants),
        units=frozenset(with_units_below(session, units)),
        managers=person.subject.managers,
        has_reports=has_reports,
        leads=frozenset(_led(session, person) if has_reports else ()),
        scope=scope,
    )


def _led(session: Session, manager: Person) -> set[UUID | None]:
    """The unit that a manager belongs to; None, the company, where it is the only one at the top."""
    if manager.unit_id is None:
        return set()
    tops = session.scalars(select(OrgUnit.id).where(OrgUnit.parent_id.is_(None)).limit(2)).all()
    return {None if list(tops) == [manager.unit_id] else manager.unit_id}


def load_actor_by_email(session: Session, email: str) -> Actor | None:
    """The person who signs in by this address, as an actor; for the command line."""
    person = find_person(session, email)
    return load_actor(session, person.id) if person else None


def find_person(session: Session, email: str) -> Person | None:
    """The row of whoever signs in by this address; for actions, which check what may be done with it."""
    return session.scalars(select(Person).where(Person.email_key == rules.email_key(email), Person.active)).first()


def find_manager(session: Session, person: Person, active: Collection[UUID] | None = None) -> UUID | None:
    """The nearest manager who still works here; `active` are the ids of those who do, where the caller has them."""
    above = person.subject.managers
    if active is None:
        active = set(session.scalars(select(Person.id).where(Person.id.in_(above), Person.active))) if above else set()
    return next((manager for manager in above if manager in active), None)


def visible_people(actor: Actor) -> Select[Person]:
    """Everybody whom `actor` may see, those who left too: equal to may(READ_PERSON) row by row."""
    if actor.is_system:
        return select(Person)
    if actor.person_id is None:
        return select(Person).where(false())
    tree = select(ReportingLine.person_id).where(ReportingLine.manager_id == actor.person_id)
    seen = [Person.id == actor.person_id, Person.id.in_(tree)]
    if Role.HR in actor.roles:
        return select(Person)
    if Role.PARTNER in actor.roles:
        seen.append(Person.unit_id.in_(actor.units))
    return select(Person).where(or_(*seen))


def list_people(
    session: Session, actor: Actor, narrowed: Narrowed = EVERYBODY, *, after: str | None = None, limit: int = 50
) -> Page[PersonLine]:
    """Those who are here now and whom the actor may see, by name.

    Raises: Forbidden, NotSignedIn, Invalid for a cursor that no page gave out.
    """
    require(actor, Permission.LIST_PEOPLE)
    columns: list[Any] = [Person.id, Person.employee_id, Person.name, Person.email]
    columns += [OrgUnit.name.label("unit"), Manager.name.label("manager"), Person.ladder, Person.level]
    query = visible_people(actor).with_only_columns(*columns, maintain_column_froms=True).where(Person.active)
    query = query.outerjoin(OrgUnit, OrgUnit.id == Person.unit_id).outerjoin(Manager, Manager.id == Person.manager_id)
    if narrowed.q:
        query = query.where(holds(narrowed.q))
    if narrowed.unit:
        query = query.where(Person.unit_id.in_(with_units_below(session, {narrowed.unit})))
    if narrowed.ladder:
        query = query.where(Person.ladder == narrowed.ladder)
    if narrowed.level:
        query = query.where(Person.level == narrowed.level)
    if (last := read_named_cursor(after)) is not None:
        query = query.where(tuple_(Person.name, Person.id) > tuple_(*last))
    rows = session.execute(query.order_by(Person.name, Person.id).limit(limit + 1))
    return cut([PersonLine(**row._asdict()) for row in rows], limit, lambda line: f"{line.name}|{line.id}")


def holds(text: str) -> ColumnElement[bool]:
    """Whether a person's name, e-mail or employee id holds `text`, in whatever case and with or without its accents."""
    return Person.search.contains(rules.fold(text.replace("\x00", "")), autoescape=True)


def get_person(session: Session, actor: Actor, person_id: UUID) -> PersonView:
    """One person with manager and reports.

    Raises: NotFound, for whom the actor may not see too.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    require(actor, Permission.READ_PERSON, person)
    manager = session.get(Person, person.manager_id) if person.manager_id else None
    reports = visible_people(actor).with_only_columns(Person.id, Person.name, maintain_column_froms=True)
    below = session.execute(
        reports.where(Person.manager_id == person.id, Person.active).order_by(Person.name, Person.id)
    )
    return PersonView(
        id=person.id,
        employee_id=person.employee_id,
        name=person.name,
        email=person.email,
        unit=person.unit.name if person.unit else None,
        ladder=person.ladder,
        level=person.level,
        started_on=person.started_on,
        active=person.active,
        manager=_named(actor, manager) if manager else None,
        reports=tuple(Named(row.id, row.name) for row in below),
        why=why(actor, Permission.READ_PERSON, person, person.unit.name if person.unit else ""),
    )


def own_place(session: Session, actor: Actor) -> tuple[str | None, str | None]:
    """The ladder and the level where the reader stands, by id."""
    row = session.execute(select(Person.ladder, Person.level).where(Person.id == actor.person_id)).first()
    return (row.ladder, row.level) if row else (None, None)


def list_names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names behind ids that the reader has been shown already, such as the actors of the audit log."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def list_units(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """(id, name) of every org unit, by name. Raises: Forbidden, NotSignedIn."""
    require(actor, Permission.LIST_PEOPLE)
    return [(row.id, row.name) for row in session.execute(select(OrgUnit.id, OrgUnit.name).order_by(OrgUnit.name))]


def preview_import(session: Session, actor: Actor, text: str, known: rules.Known) -> rules.Preview:
    """What importing the CSV `text` would do; `known` are the published ladders with their levels.

    Raises: Forbidden; Invalid where the text holds no table of people.
    """
    require(actor, Permission.IMPORT_PEOPLE)
    own_id = session.scalar(select(Person.employee_id).where(Person.id == actor.person_id))
    return rules.preview(read(text), load_standing(session), known, writable_units(session, actor), own_id or "")


def writable_units(session: Session, actor: Actor) -> frozenset[str] | None:
    """The org units, by key of their name, whose people the actor may write; None means all of them."""
    if actor.is_system or Role.HR in actor.roles:
        return None
    names = session.scalars(select(OrgUnit.name).where(OrgUnit.id.in_(actor.units)))
    return frozenset(rules.key(name) for name in names)


def load_standing(session: Session) -> rules.Standing:
    """Everybody and every unit as the rules of the import compare them."""
    columns = [
        Person.employee_id,
        Person.name,
        Person.email,
        Person.ladder,
        Person.level,
        Person.started_on,
        Person.active,
    ]
    query = select(*columns, OrgUnit.name.label("unit"), Manager.employee_id.label("manager")).select_from(Person)
    query = query.outerjoin(OrgUnit, OrgUnit.id == Person.unit_id).outerjoin(Manager, Manager.id == Person.manager_id)
    rows = session.execute(query.order_by(Person.name, Person.id)).all()
    names = {row.id: row.name for row in session.execute(select(OrgUnit.id, OrgUnit.name))}
    parents = session.execute(select(OrgUnit.name, OrgUnit.parent_id))
    return rules.Standing(
        people={rules.key(row.employee_id): _entry(row) for row in rows if row.active},
        left=frozenset(rules.key(row.employee_id) for row in rows if not row.active),
        units={rules.key(name): (name, rules.key(names[above]) if above else "") for name, above in parents},
    )


def _entry(row: Any) -> rules.Entry:
    texts = {
        name: getattr(row, name) or ""
        for name in ("employee_id", "name", "email", "manager", "unit", "ladder", "level")
    }
    return rules.Entry(**texts, started_on=row.started_on)


def _named(actor: Actor, person: Person) -> Named:
    return Named(person.id if may(actor, Permission.READ_PERSON, person) else None, person.name)


def with_units_below(session: Session, units: set[UUID]) -> set[UUID]:
    """The org units and all below them."""
    if not units:
        return units
    parents = session.execute(select(OrgUnit.id, OrgUnit.parent_id)).all()
    found = set(units)
    while more := {unit for unit, parent in parents if parent in found} - found:
        found |= more
    return found
