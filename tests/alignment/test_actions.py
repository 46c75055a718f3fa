"""Writing objectives of the company and its units: who may, where, and what holds."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.alignment import actions
from service.alignment.inputs import ValueInput
from service.audit.models import AuditEvent
from service.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from service.objectives.rules import ObjectiveStatus
from service.people.models import OrgUnit
from service.people.queries import load_actor
from service.permissions import Permission, may
from tests.alignment import aims
from tests.cast import Cast

WRITERS_OF_PRODUCT = {"max", "ann", "dee", "pia"}


def test_who_adds_an_objective_of_a_unit(session: Session, cast: Cast) -> None:
    added = set()
    for name, person in cast.everybody.items():
        try:
            actions.add_objective(session, cast.actor(person), aims.given(unit_id=cast.ben.unit_id))
            added.add(name)
        except (Forbidden, NotFound):
            continue
    assert added == WRITERS_OF_PRODUCT


def test_only_hr_adds_one_of_the_company_where_several_units_stand_at_the_top(session: Session, cast: Cast) -> None:
    for person in (cast.max, cast.ann, cast.pia, cast.ben):
        with pytest.raises(Forbidden):
            actions.add_objective(session, cast.actor(person), aims.given())
    assert actions.add_objective(session, cast.actor(cast.dee), aims.given()).unit_id is None


def test_a_manager_of_the_one_top_unit_writes_for_the_company(session: Session, cast: Cast) -> None:
    top = OrgUnit(name="Acme")
    session.add(top)
    session.flush()
    for unit in session.scalars(select(OrgUnit).where(OrgUnit.id != top.id)):
        unit.parent_id = top.id
    cast.max.unit_id = top.id
    session.commit()
    row = actions.add_objective(session, cast.actor(cast.max), aims.given(unit_id=top.id))
    assert row.unit_id is None
    with pytest.raises(Forbidden):
        actions.add_objective(session, cast.actor(cast.ann), aims.given())


def test_an_owner_writes_it_and_moves_it_nowhere(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast, unit_id=cast.eli.unit_id, owner="Ben@Example.org")
    assert row.owner_id == cast.ben.id
    ben = cast.actor(cast.ben)
    kept = aims.given(title="Mine now", unit_id=cast.eli.unit_id, version=1)
    assert actions.change_objective(session, ben, row.id, kept).title == "Mine now"
    for elsewhere in (None, cast.ben.unit_id):
        with pytest.raises(Forbidden):
            actions.change_objective(session, ben, row.id, aims.given(unit_id=elsewhere, version=2))
    for other in (cast.cat, cast.ann, cast.pia):
        with pytest.raises(Forbidden):
            actions.change_objective(session, cast.actor(other), row.id, kept)
    with pytest.raises(NotFound):
        actions.change_objective(session, cast.actor(cast.una), row.id, kept)


def test_the_owner_stays_until_another_is_named(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast, unit_id=cast.ben.unit_id, owner="ben@example.org")
    cast.ben.active = False
    session.commit()
    ann = cast.actor(cast.ann)
    actions.change_objective(session, ann, row.id, aims.given(unit_id=row.unit_id, version=1))
    assert row.owner_id == cast.ben.id
    with pytest.raises(Invalid) as refused:
        actions.change_objective(
            session, ann, row.id, aims.given(unit_id=row.unit_id, owner="ben@example.org", version=2)
        )
    assert refused.value.problems[0].pointer == "/owner"
    actions.change_objective(session, ann, row.id, aims.given(unit_id=row.unit_id, owner="cat@example.org", version=2))
    assert row.owner.name == "Cat"


def test_a_circle_is_refused(session: Session, cast: Cast) -> None:
    unit = cast.ben.unit_id
    first = aims.aim(session, cast, unit_id=unit)
    second = aims.aim(session, cast, unit_id=unit, parent_id=first.id)
    third = aims.aim(session, cast, unit_id=unit, parent_id=second.id)
    for parent in (first, second, third):
        with pytest.raises(Invalid, match="above"):
            actions.change_objective(
                session, cast.actor(cast.dee), first.id, aims.given(unit_id=unit, parent_id=parent.id, version=1)
            )


def test_a_parent_is_open_and_above(session: Session, cast: Cast) -> None:
    other = aims.aim(session, cast, unit_id=cast.eli.unit_id)
    closed = aims.aim(session, cast)
    actions.close_objective(session, cast.actor(cast.dee), closed.id, 1)
    for parent in (other, closed):
        with pytest.raises(Invalid):
            aims.aim(session, cast, unit_id=cast.ben.unit_id, parent_id=parent.id)
    team = aims.team_of(session, session.get_one(OrgUnit, cast.eli.unit_id))
    assert aims.aim(session, cast, unit_id=team.id, parent_id=other.id).parent is other


def test_closing_keeps_the_links_and_stops_the_writing(session: Session, cast: Cast) -> None:
    dee = cast.actor(cast.dee)
    top = aims.aim(session, cast)
    below = aims.aim(session, cast, unit_id=cast.ben.unit_id, parent_id=top.id)
    actions.close_objective(session, dee, top.id, 1)
    assert (top.status, below.parent_id) == (ObjectiveStatus.CLOSED, top.id)
    same = aims.given(title="Other words", unit_id=below.unit_id, parent_id=top.id, version=1)
    assert actions.change_objective(session, dee, below.id, same).parent_id == top.id
    with pytest.raises(Conflict, match="closed"):
        actions.change_objective(session, dee, top.id, aims.given(version=2))
    with pytest.raises(Conflict, match="closed"):
        actions.add_key_result(session, dee, top.id, aims.result(version=2))
    assert actions.reopen_objective(session, dee, top.id, 2).status == ObjectiveStatus.OPEN
    with pytest.raises(Conflict, match="open"):
        actions.reopen_objective(session, dee, top.id, 3)


def test_the_version_that_was_seen_is_asked_for(session: Session, cast: Cast) -> None:
    dee, row = cast.actor(cast.dee), aims.aim(session, cast)
    with pytest.raises(VersionRequired):
        actions.change_objective(session, dee, row.id, aims.given())
    actions.change_objective(session, dee, row.id, aims.given(version=1))
    for late in (
        lambda: actions.change_objective(session, dee, row.id, aims.given(version=1)),
        lambda: actions.add_key_result(session, dee, row.id, aims.result(version=1)),
        lambda: actions.close_objective(session, dee, row.id, 1),
    ):
        with pytest.raises(Stale):
            late()


def test_a_value_has_a_day_and_somebody_who_brought_it(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast, unit_id=cast.ben.unit_id, owner="ben@example.org")
    kr = aims.key_result(session, cast, row)
    with clock.frozen(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        actions.measure_key_result(
            session, cast.actor(cast.ben), row.id, kr.id, ValueInput(value=Decimal("41.50"), version=2)
        )
        assert (kr.value, kr.value_on, kr.value_by_id) == ("41.50", date(2026, 11, 20), cast.ben.id)
        late = ValueInput(value=Decimal(1), on=date(2026, 11, 21), version=3)
        with pytest.raises(Invalid, match="has been"):
            actions.measure_key_result(session, cast.actor(cast.ben), row.id, kr.id, late)
    changed = aims.result(title="Still more", version=3)
    assert actions.change_key_result(session, cast.actor(cast.ben), row.id, kr.id, changed).value == "41.50"
    actions.remove_key_result(session, cast.actor(cast.ben), row.id, kr.id, 4)
    assert row.key_results == []


def test_every_change_is_in_the_audit_log_without_its_words(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast, unit_id=cast.ben.unit_id, owner="ben@example.org")
    aims.key_result(session, cast, row)
    dee = cast.actor(cast.dee)
    actions.measure_key_result(session, dee, row.id, row.key_results[0].id, ValueInput(value=Decimal(3), version=2))
    actions.close_objective(session, dee, row.id, 3)
    events = session.scalars(select(AuditEvent).where(AuditEvent.verb.like("unit_%")).order_by(AuditEvent.seq)).all()
    assert [event.verb for event in events] == [
        "unit_objective.added", "unit_key_result.added", "unit_key_result.measured", "unit_objective.closed",
    ]  # fmt: skip
    assert {(event.subject_id, event.reason) for event in events} == {(cast.ben.id, "")}


def test_dates_and_units_that_are_none_are_refused(session: Session, cast: Cast) -> None:
    dee = cast.actor(cast.dee)
    for changes, pointer in (({"due_on": "2026-09-30"}, "/due_on"), ({"unit_id": cast.ben.id}, "/unit_id")):
        with pytest.raises(Invalid) as refused:
            actions.add_objective(session, dee, aims.given(**changes))
        assert refused.value.problems[0].pointer == pointer


def test_what_a_manager_leads_is_their_own_unit(session: Session, cast: Cast) -> None:
    leads = {name: load_actor(session, person.id).leads for name, person in cast.everybody.items()}  # type: ignore[union-attr]
    product, other = {cast.ann.unit_id}, {cast.fay.unit_id}
    assert leads == dict.fromkeys(cast.everybody, frozenset()) | {"ann": product, "max": product, "fay": other}


def test_auditors_read_no_objectives(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast)
    readers = {
        name for name, person in cast.everybody.items() if may(cast.actor(person), Permission.READ_OBJECTIVES, row)
    }
    assert readers == set(cast.everybody) - {"una"}
