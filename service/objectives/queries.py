"""Reading the objectives of the company and its units: one row, the org units around them, and what a person can align to."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, lazyload

from service.errors import NotFound
from service.objectives.models import Measured, UnitObjective
from service.objectives.rules import KeyResult, ObjectiveStatus, Unit, Units, read_exact, title_of
from service.people.models import OrgUnit, Person
from service.permissions import Actor, Permission, may, require


@dataclass(frozen=True, slots=True)
class Above:
    """An objective above another one. `unit` is empty for the company's; `label` says whose it is, for people."""

    id: UUID
    title: str
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Open objectives of one unit to choose from."""

    label: str
    objectives: tuple[Above, ...]


def load_units(session: Session) -> Units:
    """Every org unit; which ones there are is no secret to who may read their objectives."""
    rows = session.execute(select(OrgUnit.id, OrgUnit.name, OrgUnit.parent_id))
    return Units(Unit(row.id, row.name, row.parent_id) for row in rows)


def find_objective(session: Session, actor: Actor, objective_id: UUID, *, lock: bool = False) -> UnitObjective:
    """The row, for actions. Raises: NotFound, NotSignedIn."""
    query = select(UnitObjective).where(UnitObjective.id == objective_id)
    if lock:  # as in find_review
        session.scalars(query.options(lazyload("*")).with_for_update(of=UnitObjective)).all()
    row = session.scalars(query.execution_options(populate_existing=lock)).unique().first()
    if row is None:
        raise NotFound
    require(actor, Permission.READ_OBJECTIVES, row)
    return row


def list_choices(session: Session, actor: Actor, person: Person, standing: UUID | None = None) -> tuple[Choices, ...]:
    """What an objective of this person can serve: the open objectives of their unit, those above it and the company, the
    nearest first; and the one it serves already, whatever became of it. None for who reads no objectives."""
    if not may(actor, Permission.READ_OBJECTIVES):
        return ()
    units = load_units(session)
    chain = units.chain(person.unit_id)
    near = or_(UnitObjective.unit_id.in_([unit for unit in chain if unit]), UnitObjective.unit_id.is_(None))
    fitting = near & (UnitObjective.status == ObjectiveStatus.OPEN)
    query = select(UnitObjective).options(lazyload("*")).where(or_(fitting, UnitObjective.id == standing))
    rows = session.scalars(query.order_by(UnitObjective.due_on, UnitObjective.title, UnitObjective.id)).all()
    places = dict.fromkeys((*chain, *(row.unit_id for row in rows)))
    named = {place: tuple(above_of(row, units.name(place)) for row in rows if row.unit_id == place) for place in places}
    return tuple(Choices(units.name(place), found) for place, found in named.items() if found)


def as_key_result(row: Measured, due_on: date | None) -> KeyResult:
    """The row as the checks read it."""
    baseline, target = read_exact(row.baseline), read_exact(row.target)
    return KeyResult(row.title, row.metric, row.unit, row.direction, baseline, target, due_on)


def above_of(row: UnitObjective, unit_name: str = "") -> Above:
    """An objective as those below it name it."""
    name = "" if row.unit_id is None else unit_name or (row.unit.name if row.unit else "")
    return Above(row.id, row.title, name, title_of(name, company=row.unit_id is None))
