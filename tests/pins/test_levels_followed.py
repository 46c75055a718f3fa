"""When a newer version gives levels other ids, people who stand at them follow, so that the next cycle takes them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from service.audit.models import AuditEvent
from service.errors import Invalid
from service.ladders.actions import publish_version
from service.ladders.queries import known_levels
from service.people.actions import import_people
from service.permissions import SYSTEM
from service.reviews import cycles
from tests.factories import cycle_input, open_cycle, review_of
from tests.pins.versions import LEVELS_OF_THIRD, original, publish_second, second, third, with_levels


def levels(session, cast):
    session.expire_all()
    return {name: (person.ladder, person.level) for name, person in cast.everybody.items()}


def after(standing):
    """The same with the ids of the third version."""
    return {
        name: (ladder, LEVELS_OF_THIRD.get(level, level) if ladder == original().id else level)
        for name, (ladder, level) in standing.items()
    }


def publish_third(session):
    row = publish_version(session, SYSTEM, third(), None)
    session.commit()
    return row


def told(session, row):
    events = session.scalars(select(AuditEvent).where(AuditEvent.resource_id == str(row.id)).order_by(AuditEvent.seq))
    return [event.verb for event in events]


def test_people_follow_in_the_same_transaction_and_are_told_of_once(session, cast):
    open_cycle(session, cast)
    publish_second(session)
    before = levels(session, cast)
    row = publish_version(session, SYSTEM, third(), None)
    assert levels(session, cast) == after(before) != before
    assert told(session, row) == ["ladder.published", "ladder.levels_followed"]
    assert told(session, publish_version(session, SYSTEM, third(), None)) == [
        "ladder.published",
        "ladder.levels_followed",
    ]
    session.rollback()
    assert levels(session, cast) == before


def test_the_next_cycle_takes_them_and_reviews_that_run_keep_theirs(session, cast):
    first = open_cycle(session, cast)
    pinned = review_of(session, cast.ben)
    standing = pinned.current_level, pinned.target_level
    publish_second(session)
    publish_third(session)
    cycles.close_cycle(session, SYSTEM, first.id)
    dee = cast.actor(cast.dee)
    plan = cycles.plan_cycle(session, dee, cycle_input("Next"))
    assert [left for left in plan.left_out if "has the level" in left[1]] == []
    cycles.open_cycle(session, dee, cycle_input("Next"))
    session.commit()
    session.refresh(pinned)
    assert (pinned.current_level, pinned.target_level) == standing
    assert LEVELS_OF_THIRD[standing[0]] == cast.ben.level


def test_a_version_that_is_not_the_newest_moves_nobody(session, cast):
    open_cycle(session, cast)
    publish_version(session, SYSTEM, second("2027.1"), None)
    before = levels(session, cast)
    row = publish_version(session, SYSTEM, replace(with_levels(second("2026.3"), LEVELS_OF_THIRD)), None)
    assert (levels(session, cast), told(session, row)) == (before, ["ladder.published"])


def test_levels_that_change_names_with_each_other_are_followed_once(session, cast):
    open_cycle(session, cast)
    before = levels(session, cast)
    swapped = {"junior": "middle", "middle": "junior"}
    publish_version(
        session, SYSTEM, with_levels(replace(original(), version="2026.2", supersedes="2026.1"), swapped), None
    )
    now = levels(session, cast)
    moved = {name for name, (ladder, level) in before.items() if ladder == original().id and level in swapped}
    assert moved
    assert {name: now[name][1] for name in moved} == {name: swapped[before[name][1]] for name in moved}


def test_an_import_takes_the_new_ids_and_says_where_an_old_one_stands(session, cast):
    open_cycle(session, cast)
    publish_second(session)
    publish_third(session)

    def row(level):
        return f"employee_id,name,email,ladder,level\nE-new,New,new@example.org,{original().id},{level}\n"

    done = import_people(session, SYSTEM, row("practised"), known_levels(session))
    assert [entry.level for entry in done.added] == ["practised"]
    with pytest.raises(Invalid) as refused:
        import_people(session, SYSTEM, row("middle").replace("ew", "ext"), known_levels(session))
    assert ["no such level" in problem.detail for problem in refused.value.problems] == [True]
