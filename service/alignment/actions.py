"""Writing objectives of the company and its units: allow → check → change → record."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.alignment import checks, rules
from service.alignment.inputs import UnitKeyResultInput, UnitObjectiveInput, ValueInput
from service.audit.actions import record
from service.errors import Conflict, Invalid, NotFound, Problem, Stale, VersionRequired
from service.objectives.models import UnitKeyResult, UnitObjective
from service.objectives.queries import find_objective, load_units
from service.objectives.rules import MOST_KEY_RESULTS, ObjectiveStatus, exact
from service.people.queries import find_person
from service.permissions import Actor, Permission, require


def add_objective(session: Session, actor: Actor, given: UnitObjectiveInput) -> UnitObjective:
    """Raises: Forbidden, NotSignedIn, Invalid (place, parent, owner or dates do not fit)."""
    row = UnitObjective(key_results=[], created_at=clock.now(), status=ObjectiveStatus.OPEN, version=1)
    row.owner_id = _owner(session, actor, given.owner, None)
    _write(session, actor, row, given)
    session.add(row)
    record(session, actor, "unit_objective.added", row)
    return row


def change_objective(session: Session, actor: Actor, objective_id: UUID, given: UnitObjectiveInput) -> UnitObjective:
    """Raises: NotFound, Forbidden, Conflict (closed, or others serve it), Invalid, Stale, VersionRequired."""
    row = _open(session, actor, objective_id, given.version)
    row.owner_id = _owner(session, actor, given.owner, row.owner_id)
    _write(session, actor, row, given)
    row.version += 1
    record(session, actor, "unit_objective.changed", row)
    session.refresh(row, ["owner", "unit"])
    return row


def close_objective(session: Session, actor: Actor, objective_id: UUID, version: int | None) -> UnitObjective:
    """End it. What is aligned to it stays so; nothing new can be. Raises: as `change_objective`."""
    row = _open(session, actor, objective_id, version)
    row.status, row.version = ObjectiveStatus.CLOSED, row.version + 1
    record(session, actor, "unit_objective.closed", row)
    return row


def reopen_objective(session: Session, actor: Actor, objective_id: UUID, version: int | None) -> UnitObjective:
    """Raises: NotFound, Forbidden, Conflict (it is open), Stale, VersionRequired."""
    row = _writable(session, actor, objective_id, version)
    if row.status == ObjectiveStatus.OPEN:
        raise Conflict("This objective is open already.")
    row.status, row.version = ObjectiveStatus.OPEN, row.version + 1
    record(session, actor, "unit_objective.reopened", row)
    return row


def add_key_result(session: Session, actor: Actor, objective_id: UUID, given: UnitKeyResultInput) -> UnitKeyResult:
    """Raises: NotFound, Forbidden, Conflict (closed), Invalid (too many), Stale, VersionRequired."""
    objective = _open(session, actor, objective_id, given.version)
    if len(objective.key_results) >= MOST_KEY_RESULTS:
        words = f"An objective holds up to {MOST_KEY_RESULTS} key results."
        raise Invalid("That is more than anybody can follow.", [Problem("/title", words)])
    row = UnitKeyResult(position=1 + max((kr.position for kr in objective.key_results), default=0))
    _write_key_result(row, given)
    objective.key_results.append(row)
    objective.version += 1
    record(session, actor, "unit_key_result.added", row)
    return row


def change_key_result(
    session: Session, actor: Actor, objective_id: UUID, key_result_id: UUID, given: UnitKeyResultInput
) -> UnitKeyResult:
    """The last value stays. Raises: NotFound, Forbidden, Conflict (closed), Stale, VersionRequired."""
    objective = _open(session, actor, objective_id, given.version)
    row = _key_result(objective, key_result_id)
    _write_key_result(row, given)
    objective.version += 1
    record(session, actor, "unit_key_result.changed", row)
    return row


def measure_key_result(
    session: Session, actor: Actor, objective_id: UUID, key_result_id: UUID, given: ValueInput
) -> UnitKeyResult:
    """Say where a key result stands. Raises: as `change_key_result`, Invalid (a day to come)."""
    objective = _open(session, actor, objective_id, given.version)
    row = _key_result(objective, key_result_id)
    if given.on is not None and given.on > clock.today():
        raise Invalid("A value is of a day that has been.", [Problem("/on", "Give today or a day before.")])
    row.value, row.value_on, row.value_by_id = exact(given.value), given.on or clock.today(), actor.person_id
    objective.version += 1
    record(session, actor, "unit_key_result.measured", row)
    return row


def remove_key_result(
    session: Session, actor: Actor, objective_id: UUID, key_result_id: UUID, version: int | None
) -> UnitObjective:
    """Raises: NotFound, Forbidden, Conflict (closed), Stale, VersionRequired."""
    objective = _open(session, actor, objective_id, version)
    row = _key_result(objective, key_result_id)
    record(session, actor, "unit_key_result.removed", row)
    objective.key_results.remove(row)
    objective.version += 1
    return objective


def _writable(session: Session, actor: Actor, objective_id: UUID, version: int | None) -> UnitObjective:
    _lock_tree(session)
    row = find_objective(session, actor, objective_id, lock=True)
    require(actor, Permission.WRITE_OBJECTIVES, row)
    if version is None:
        raise VersionRequired("Send the version of the objective you saw (If-Match, or the field version).")
    if version != row.version:
        raise Stale("The objective was changed since you opened it. Look at what stands now before you go on.")
    return row


def _open(session: Session, actor: Actor, objective_id: UUID, version: int | None) -> UnitObjective:
    row = _writable(session, actor, objective_id, version)
    if row.status == ObjectiveStatus.CLOSED:
        raise Conflict("This objective is closed; it stands as it ended. Reopen it to go on writing.")
    return row


def _lock_tree(session: Session) -> None:
    """All of them, always in one order: two who hang objectives below each other at once could else close a circle."""
    session.execute(select(UnitObjective.id).order_by(UnitObjective.id).with_for_update()).all()


def _owner(session: Session, actor: Actor, email: str, standing: UUID | None) -> UUID:
    if not email:
        owner = standing or actor.person_id
        if owner is None:
            raise NotFound
        return owner
    person = find_person(session, email)
    if person is None:
        words = "Nobody who is here now has this e-mail address."
        raise Invalid("An objective has an owner.", [Problem("/owner", words)])
    return person.id


def _write(session: Session, actor: Actor, row: UnitObjective, given: UnitObjectiveInput) -> None:
    units = load_units(session)
    if given.unit_id not in units:
        raise Invalid("Choose from the list.", [Problem("/unit_id", "There is no such department or team.")])
    place = units.place(given.unit_id)
    if row.id is None or place != row.unit_id:
        require(actor, Permission.PLACE_OBJECTIVES, UnitObjective(unit_id=place))
    if problems := [Problem(r.pointer, r.detail, r.check) for r in checks.check_dates(given.starts_on, given.due_on)]:
        raise Invalid("An objective runs from a day to a day.", problems)
    if row.id is None or (place, given.parent_id) != (row.unit_id, row.parent_id):
        _check_parent(session, row, place, given.parent_id)
    row.unit_id, row.parent_id = place, given.parent_id
    row.title, row.why, row.starts_on, row.due_on = given.title, given.why, given.starts_on, given.due_on


def _check_parent(session: Session, row: UnitObjective, place: UUID | None, parent_id: UUID | None) -> None:
    _lock_tree(session)
    columns = (UnitObjective.id, UnitObjective.unit_id, UnitObjective.parent_id, UnitObjective.status)
    rows = session.execute(select(*columns)).all()
    closed = {each.id for each in rows if each.status == ObjectiveStatus.CLOSED}
    if parent_id in closed and parent_id != row.parent_id:
        raise Invalid(
            "An objective serves one above it.", [Problem("/parent_id", "That one is closed. Choose an open one.")]
        )
    standing = {each.id: (each.unit_id, each.parent_id) for each in rows}
    rules.check_parent(load_units(session), row.id, place, parent_id, standing)


def _write_key_result(row: UnitKeyResult, given: UnitKeyResultInput) -> None:
    row.title, row.metric, row.unit, row.direction = given.title, given.metric, given.unit, given.direction
    row.baseline, row.target = exact(given.baseline), exact(given.target)


def _key_result(objective: UnitObjective, key_result_id: UUID) -> UnitKeyResult:
    for row in objective.key_results:
        if row.id == key_result_id:
            return row
    raise NotFound
