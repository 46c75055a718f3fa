"""Reading objectives of the company and its units, and what is aligned to them, as far as the reader may read it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from service import clock
from service.alignment import checks, rules
from service.alignment.checks import Written
from service.alignment.inputs import ALL, OPEN, Narrowed, UnitKeyResultInput, UnitObjectiveDraft
from service.alignment.rules import Measure, Node, Period
from service.alignment.views import (
    PersonalLine,
    Places,
    Tree,
    UnitKeyResultView,
    UnitObjectiveLine,
    UnitObjectiveView,
)
from service.checkins.queries import last_values
from service.objectives.checks import Remark
from service.objectives.models import UnitKeyResult, UnitObjective
from service.objectives.progress import percent
from service.objectives.queries import above_of, as_key_result, find_objective, load_units
from service.objectives.rules import KeyResult, Objective, ObjectiveStatus, Units, read_exact
from service.people.queries import list_names
from service.permissions import Actor, Permission, may, require
from service.plans.models import ObjectiveRow, Plan
from service.plans.queries import objectives_in_force, visible_plans
from service.plans.rules import PlanStatus
from service.plans.text import agreed_text

MOST_PEOPLE = 50
EVERYTHING_OPEN = Narrowed()


class Personal(NamedTuple):
    """An objective of somebody's plan, as it is in force. What is a draft, or has check-ins that are not the reader's, has no
    measures here: it is listed, and not counted."""

    title: str
    name: str
    plan_id: UUID
    plan_title: str
    status: PlanStatus


Aligned = Mapping[UUID, list[tuple[Personal, list[Measure]]]]
"""The personal objectives by the one they are aligned to, each with its key results."""


def get_tree(session: Session, actor: Actor, narrowed: Narrowed = EVERYTHING_OPEN) -> Tree:
    """The objectives of the company, its departments and teams, each below the one it serves.

    Raises: Forbidden, NotSignedIn.
    """
    require(actor, Permission.READ_OBJECTIVES)
    units = load_units(session)
    rows = _ordered(session.scalars(_narrowed(units, narrowed)).unique().all(), units)
    lines = {line.id: line for line in _lines(session, actor, rows, units)}
    grown = rules.grow(list(lines), {row.id: row.parent_id for row in rows})
    span = session.execute(
        select(UnitObjective.starts_on, UnitObjective.due_on).order_by(UnitObjective.starts_on)
    ).all()
    return Tree(
        company=units.name(None),
        lines=tuple(_hang(node, lines) for node in grown),
        remarks=tuple(_numbers(rows, units)),
        units=tuple((unit, units.name(unit), units.depth(unit)) for unit in units.listed() if unit),
        quarters=tuple(rules.quarters(span[0].starts_on, max(row.due_on for row in span))) if span else (),
        may_add=bool(_placeable(actor, units)),
    )


def _narrowed(units: Units, narrowed: Narrowed) -> Select[UnitObjective]:
    query = select(UnitObjective).options(*_whole())
    if narrowed.unit is not None and units.place(narrowed.unit) is not None:
        query = query.where(UnitObjective.unit_id.in_([unit for unit in units.below(narrowed.unit) if unit]))
    if narrowed.period == OPEN:
        return query.where(UnitObjective.status == ObjectiveStatus.OPEN)
    if narrowed.period == ALL:
        return query
    first, end = rules.period_of(narrowed.period)
    return query.where(UnitObjective.starts_on < end, UnitObjective.due_on >= first)


def _whole() -> list[Any]:
    return [selectinload(UnitObjective.key_results).lazyload("*"), selectinload(UnitObjective.owner).lazyload("*")]


def _ordered(rows: Iterable[UnitObjective], units: Units) -> list[UnitObjective]:
    """The company's first, then unit by unit; in a unit by the day they are due."""
    place = {unit: number for number, unit in enumerate(units.listed())}
    return sorted(rows, key=lambda row: (place.get(row.unit_id, len(place)), row.due_on, row.title, row.id))


def _numbers(rows: Iterable[UnitObjective], units: Units) -> Iterable[Remark]:
    periods: dict[UUID | None, list[Period]] = defaultdict(list)
    for row in rows:
        if row.status == ObjectiveStatus.OPEN:
            periods[row.unit_id].append((row.starts_on, row.due_on))
    for unit_id, found in periods.items():
        yield from checks.check_number(units.name(unit_id), is_company=unit_id is None, periods=found)


def _hang(node: Node, lines: Mapping[UUID, UnitObjectiveLine]) -> UnitObjectiveLine:
    line = lines[node.id]
    same = {name: getattr(line, name) for name in line.__slots__}
    return UnitObjectiveLine(**same | {"below": tuple(_hang(child, lines) for child in node.below)})


def _lines(session: Session, actor: Actor, rows: Collection[UnitObjective], units: Units) -> list[UnitObjectiveLine]:
    ids = [row.id for row in rows]
    children = _children(session, ids)
    people = _personal(session, actor, ids)
    parents = {row.id: row for row in _by_id(session, {row.parent_id for row in rows if row.parent_id})}
    return [_line(row, units, children[row.id], people.get(row.id, []), parents) for row in rows]


def _by_id(session: Session, ids: Collection[UUID]) -> Iterable[UnitObjective]:
    query = select(UnitObjective).options(lazyload("*")).where(UnitObjective.id.in_(ids))
    return session.scalars(query).all() if ids else ()


def _children(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[list[Measure]]]:
    """The key results of the objectives of units that are directly aligned to these."""
    found: dict[UUID, list[list[Measure]]] = defaultdict(list)
    query = select(UnitObjective).options(lazyload("*"), selectinload(UnitObjective.key_results))
    for row in session.scalars(query.where(UnitObjective.parent_id.in_(ids))):
        if row.parent_id is not None:
            found[row.parent_id].append([measure_of(kr) for kr in row.key_results])
    return found


def _line(
    row: UnitObjective, units: Units, children: list[list[Measure]], people: list[tuple[Personal, list[Measure]]],
    parents: Mapping[UUID, UnitObjective],
) -> UnitObjectiveLine:  # fmt: skip
    parent = parents.get(row.parent_id) if row.parent_id else None
    own = above_of(row, units.name(row.unit_id))
    return UnitObjectiveLine(
        id=row.id,
        title=row.title,
        unit_id=row.unit_id,
        unit=own.unit,
        label=own.label,
        owner=row.owner.name,
        owner_left=not row.owner.active,
        starts_on=row.starts_on,
        due_on=row.due_on,
        status=row.status,
        progress=rules.progress_of([measure_of(kr) for kr in row.key_results]),
        aligned=rules.roll_up(children, [measures for _, measures in people if measures]),
        above=above_of(parent, units.name(parent.unit_id)) if parent else None,
    )


def _personal(session: Session, actor: Actor, ids: Collection[UUID]) -> Aligned:
    """Personal objectives aligned to these, of plans that the actor may read and of no others, by the person's name."""
    readable = visible_plans(actor).with_only_columns(Plan.id).where(Plan.changing_since.is_(None))
    mine = and_(ObjectiveRow.aligned_to.in_(ids), ObjectiveRow.plan_id.in_(readable))
    query = select(ObjectiveRow).options(lazyload("*"), joinedload(ObjectiveRow.plan).joinedload(Plan.person))
    query = query.options(selectinload(ObjectiveRow.key_results))
    found = [(row.plan, row.plan.title, row) for row in session.scalars(query.where(mine)).unique()]
    changing = visible_plans(actor).where(Plan.changing_since.is_not(None)).options(selectinload(Plan.revisions))
    for plan in session.scalars(changing).unique():  # what is agreed holds, whatever is being written
        in_force = [row for row in objectives_in_force(plan) if row.aligned_to in ids]
        found += [(plan, agreed_text(plan)["plan"]["title"], row) for row in in_force]
    measured = {plan.id for plan, *_ in found if plan.agreed_at and may(actor, Permission.READ_CHECK_INS, plan)}
    values = last_values(session, measured)
    aligned: dict[UUID, list[tuple[Personal, list[Measure]]]] = defaultdict(list)
    for plan, title, row in sorted(found, key=lambda it: (it[0].person.name, it[2].title, it[2].id)):
        measures = [
            Measure(kr.direction, read_exact(kr.baseline), read_exact(kr.target), values.get(kr.id))
            for kr in row.key_results
            if plan.id in measured
        ]
        line = Personal(row.title, plan.person.name, plan.id, title, plan.status)
        if row.aligned_to:
            aligned[row.aligned_to].append((line, measures))
    return aligned


def get_objective(session: Session, actor: Actor, objective_id: UUID) -> UnitObjectiveView:
    """One objective with its key results and what is aligned to it. Raises: NotFound, NotSignedIn."""
    row, units = find_objective(session, actor, objective_id), load_units(session)
    below = session.scalars(select(UnitObjective).options(*_whole()).where(UnitObjective.parent_id == row.id)).all()
    lines = {line.id: line for line in _lines(session, actor, [row, *_ordered(below, units)], units)}
    own = lines.pop(row.id)
    people = _personal(session, actor, [row.id]).get(row.id, [])
    names = list_names(session, [kr.value_by_id for kr in row.key_results if kr.value_by_id])
    written = written_of(session, row, below)
    same = {name: getattr(own, name) for name in own.__slots__ if name != "below"}
    return UnitObjectiveView(
        **same,
        why=row.why,
        owner_id=row.owner_id,
        key_results=tuple(_key_result(kr, names) for kr in row.key_results),
        below=tuple(lines.values()),
        people=tuple(_personal_line(*found) for found in people[:MOST_PEOPLE]),
        more_people=len(people[MOST_PEOPLE:]),
        remarks=(
            *checks.check_objective(written),
            *_number_remarks(session, units, row.id, row.unit_id, written.period),
        ),
        may_write=may(actor, Permission.WRITE_OBJECTIVES, row),
        version=row.version,
    )


def get_objective_to_write(session: Session, actor: Actor, objective_id: UUID) -> UnitObjectiveView:
    """Raises: NotFound, NotSignedIn, Forbidden."""
    require(actor, Permission.WRITE_OBJECTIVES, find_objective(session, actor, objective_id))
    return get_objective(session, actor, objective_id)


def get_places(session: Session, actor: Actor, objective: UnitObjectiveView | None = None) -> Places:
    """What the form of an objective offers: the places where the actor may put one, and the open objectives that one of
    these can serve; with where this one stands. Raises: Forbidden, where there is no place."""
    units = load_units(session)
    placeable = _placeable(actor, units) | ({objective.unit_id} if objective else set())
    if not placeable:
        require(actor, Permission.PLACE_OBJECTIVES, UnitObjective())
    fitting = {above for unit in placeable for above in units.chain(unit)}
    query = select(UnitObjective).options(lazyload("*")).where(_in_units(fitting))
    is_open, standing = UnitObjective.status == ObjectiveStatus.OPEN, objective and objective.above
    query = query.where(or_(is_open, UnitObjective.id == standing.id) if standing else is_open)
    rows = [row for row in _ordered(session.scalars(query).all(), units) if not objective or row.id != objective.id]
    above = tuple(
        (units.name(unit), tuple(above_of(row, units.name(unit)) for row in rows if row.unit_id == unit))
        for unit in dict.fromkeys(row.unit_id for row in rows)
    )
    return Places(
        tuple((unit, units.name(unit), units.depth(unit)) for unit in units.listed() if unit in placeable), above
    )


def _placeable(actor: Actor, units: Units) -> set[UUID | None]:
    places = units.listed()
    return {unit for unit in places if may(actor, Permission.PLACE_OBJECTIVES, UnitObjective(unit_id=unit))}


def _in_units(units: Collection[UUID | None]) -> Any:
    named = UnitObjective.unit_id.in_([unit for unit in units if unit])
    return or_(named, UnitObjective.unit_id.is_(None)) if None in units else named


def check_objective(
    session: Session, actor: Actor, given: UnitObjectiveDraft, objective_id: UUID | None = None
) -> tuple[Remark, ...]:
    """What the checks say of an objective's own fields as they are given. Raises: NotFound, NotSignedIn, Forbidden."""
    units = load_units(session)
    if objective_id is None:
        if not _placeable(actor, units):
            require(actor, Permission.PLACE_OBJECTIVES, UnitObjective())
    else:
        require(actor, Permission.WRITE_OBJECTIVES, find_objective(session, actor, objective_id))
    unit_id = units.place(given.unit_id)
    found = list(checks.check_dates(given.starts_on, given.due_on))
    is_dated, start = not found, given.starts_on or clock.today()
    period = (start, given.due_on) if given.due_on and is_dated else (start, start)
    found += checks.check_words(Written(given.title, given.why, unit_id is None, given.parent_id is not None, period))
    if unit_id in units and is_dated:
        found += _number_remarks(session, units, objective_id, unit_id, period)
    return tuple(found)


def _number_remarks(
    session: Session, units: Units, objective_id: UUID | None, unit_id: UUID | None, period: Period
) -> Iterable[Remark]:
    """What P1 says of an objective and the open ones of its unit that run at the same time."""
    others = select(UnitObjective.starts_on, UnitObjective.due_on).where(
        _in_units([unit_id]), UnitObjective.status == ObjectiveStatus.OPEN, UnitObjective.id != objective_id
    )
    periods = checks.within(period, [(row.starts_on, row.due_on) for row in session.execute(others)])
    return checks.check_number(units.name(unit_id), is_company=unit_id is None, periods=periods, at="/unit_id")


def check_key_result(
    session: Session, actor: Actor, objective_id: UUID, given: UnitKeyResultInput
) -> tuple[Remark, ...]:
    """What the checks say of a key result as it is given. Raises: NotFound, NotSignedIn, Forbidden."""
    row = find_objective(session, actor, objective_id)
    require(actor, Permission.WRITE_OBJECTIVES, row)
    below = session.scalars(select(UnitObjective).options(*_whole()).where(UnitObjective.parent_id == row.id)).all()
    fields = (given.title, given.metric, given.unit, given.direction, given.baseline, given.target)
    return tuple(checks.check_key_result(written_of(session, row, below), KeyResult(*fields, row.due_on)))


def written_of(session: Session, row: UnitObjective, below: Collection[UnitObjective]) -> Written:
    """The row as the checks read it, held against those that serve it and the others of its unit."""
    beside = (
        select(UnitObjective)
        .options(*_whole())
        .where(_in_units([row.unit_id]), UnitObjective.id != row.id, UnitObjective.status == ObjectiveStatus.OPEN)
    )
    others = {other.id: other for other in (*below, *session.scalars(beside).unique())}
    return Written(
        row.title, row.why, row.unit_id is None, row.parent_id is not None, (row.starts_on, row.due_on),
        key_results=tuple(as_key_result(kr, row.due_on) for kr in row.key_results),
        others=tuple(
            Objective(other.title, 0, "", (), "", None, tuple(as_key_result(kr, other.due_on) for kr in other.key_results))
            for other in others.values()
        ),
    )  # fmt: skip


def measure_of(kr: UnitKeyResult) -> Measure:
    return Measure(kr.direction, read_exact(kr.baseline), read_exact(kr.target), read_exact(kr.value))


def _key_result(kr: UnitKeyResult, names: Mapping[UUID, str]) -> UnitKeyResultView:
    measure = measure_of(kr)
    same = {name: getattr(kr, name) for name in ("id", "title", "metric", "unit", "direction", "value_on")}
    numbers = {name: getattr(measure, name) for name in ("baseline", "target", "value")}
    by = names.get(kr.value_by_id, "") if kr.value_by_id else ""
    return UnitKeyResultView(**same | numbers, value_by=by, percent=percent(measure.share))


def _personal_line(row: Personal, measures: list[Measure]) -> PersonalLine:
    return PersonalLine(row.title, row.name, row.plan_id, row.plan_title, row.status, rules.progress_of(measures))
