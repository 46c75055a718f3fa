"""A team's views as of a day."""

from datetime import timedelta

import pytest

from service.errors import Invalid
from service.permissions import SYSTEM
from service.reviews import cycles
from service.reviews.rules import Side
from service.team.queries import count_steps, get_heat_map, list_team
from service.team.rules import Narrowed, Step
from tests.factories import agree_all, confirm, half, open_cycle, rate_all, review_of, submit
from tests.gaps.test_as_of import FIRST, day


@pytest.fixture
def cycle(session, cast):
    """Day 1 opened; Ben's self in on day 3, revealed on day 6, confirmed on day 9; closed on day 12."""
    with day(1):
        found = open_cycle(session, cast)
    review = review_of(session, cast.ben)
    with day(3):
        rate_all(session, cast, half(review, Side.SELF))
        submit(session, cast, half(review, Side.SELF))
    with day(6):
        rate_all(session, cast, half(review, Side.MANAGER), "junior")
        submit(session, cast, half(review, Side.MANAGER))
        session.commit()
        agree_all(session, cast, review)
    with day(9):
        confirm(session, cast, review, cast.ben, cast.ann)
    with day(12):
        cycles.close_cycle(session, SYSTEM, found.id)
    session.commit()
    return found


def as_of(number, **narrowed):
    return Narrowed(as_of=FIRST + timedelta(days=number), **narrowed)


def ben(session, cast, number):
    with day(20):
        lines = list_team(session, cast.actor(cast.ann), as_of(number)).rows
    return next(line for line in lines if line.review.person_name == "Ben")


def test_each_day_tells_its_step_and_what_was_waited_for(session, cast, cycle):
    told = [(ben(session, cast, n).review.status, ben(session, cast, n).waiting.what) for n in (2, 4, 7, 10)]
    assert told == [
        ("open", "both assessments"),
        ("open", "the manager’s assessment"),
        ("shared", "the talk"),
        ("confirmed", ""),
    ]


def test_a_cycle_that_ran_then_is_in_the_view_and_one_that_had_not_begun_is_not(session, cast, cycle):
    with day(20):
        assert list_team(session, cast.actor(cast.ann), Narrowed()).rows == ()
        assert list_team(session, cast.actor(cast.ann), as_of(0)).rows == ()
        assert list_team(session, cast.actor(cast.ann), as_of(12)).rows == ()
        assert len(list_team(session, cast.actor(cast.ann), as_of(11)).rows) > 0
        of_cycle = list_team(session, cast.actor(cast.ann), as_of(12, cycle=cycle.id)).rows
    assert {line.review.status for line in of_cycle} == {"closed"}


@pytest.mark.parametrize("number", [2, 4, 7, 10])
def test_counts_and_filters_say_the_same_as_the_lines(session, cast, cycle, number):
    with day(20):
        dee = cast.actor(cast.dee)
        lines = list_team(session, dee, as_of(number)).rows
        counts = count_steps(session, dee, as_of(number))
        assert counts.total == len(lines)
        assert counts.late == sum(line.waiting.is_late for line in lines) == 0
        for step, count in counts.steps:
            found = list_team(session, dee, as_of(number, step=step)).rows
            assert (step, len(found)) == (step, count)
            if step is not Step.UNASSIGNED:
                assert {line.review.status for line in found} == {step.value}


def test_late_is_by_the_dates_of_then(session, cast):
    with day(1):
        open_cycle(session, cast)
    with day(60):
        dee, late = cast.actor(cast.dee), {"late": True}
        everybody = len(list_team(session, dee, as_of(1)).rows)
        assert [len(list_team(session, dee, as_of(n, **late)).rows) for n in (30, 31, 45)] == [0, everybody, everybody]


def test_the_heat_map_counts_what_had_been_revealed(session, cast, cycle):
    with day(20):
        ann = cast.actor(cast.ann)
        assert get_heat_map(session, ann, as_of(4)) is None
        found = get_heat_map(session, ann, as_of(7))
    assert [member.name for member in found.members] == ["Ben"]


def test_a_day_to_come_is_refused(session, cast, cycle, sign_in):
    with day(20), pytest.raises(Invalid, match="still to come"):
        list_team(session, cast.actor(cast.ann), as_of(21))
    with day(20):
        ann = sign_in(cast.ann)
        assert ann.get("/api/v1/team?as_of=2026-12-24").status_code == 422
        page = ann.get("/team?as_of=2026-09-05")
        assert (page.status_code, "As of 5 Sep 2026" in page.text) == (200, True)
        assert ann.get("/team/gaps?as_of=2026-09-08").status_code == 200
        assert "the manager’s assessment" in ann.get("/team.csv?as_of=2026-09-05").text


def test_a_day_shows_nobody_more_than_the_cycle_itself(session, cast, cycle):
    with day(20):
        for reader in (cast.max, cast.ann, cast.dee, cast.pia, cast.fay):
            actor = cast.actor(reader)
            now, then = (list_team(session, actor, view).rows for view in (Narrowed(cycle=cycle.id), as_of(4)))
            assert {line.review.id for line in then} == {line.review.id for line in now}
