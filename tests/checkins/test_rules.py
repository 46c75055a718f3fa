"""When a key result is at risk, when a check-in is due, and which day and plan take one."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from service.checkins import rules
from service.checkins.rules import Course, Point, State, risks_of, state_of
from service.errors import Conflict, Invalid
from service.objectives.rules import Direction
from service.plans.rules import PlanStatus

START = date(2026, 11, 2)
COURSE = Course(Direction.INCREASE, Decimal(40), Decimal(60), START, START + timedelta(days=30))


def on(day: int) -> date:
    return START + timedelta(days=day)


def at(day: int, value: object, confidence: int = 7, course: Course = COURSE) -> Course:
    return replace(course, last=Point(on(day), Decimal(str(value)), confidence))


@pytest.mark.parametrize(
    ("course", "today", "state", "risks"),
    [
        (COURSE, 0, State.NOT_BEGUN, ()),
        (COURSE, 13, State.NOT_BEGUN, ()),
        (COURSE, 14, State.AT_RISK, ("no check-in for 14 days",)),
        (COURSE, 16, State.AT_RISK, ("no check-in for 16 days", "53 % of its time is gone, and 0 % of its way")),
        (at(7, 40), 8, State.ON_TRACK, ()),
        (at(7, 45, 5), 8, State.ON_TRACK, ()),
        (at(7, 45, 4), 8, State.AT_RISK, ("confidence 4 of 10",)),
        (at(7, 45), 20, State.ON_TRACK, ()),
        (at(7, 45), 21, State.AT_RISK, ("no check-in for 14 days",)),
        (at(15, 40), 15, State.ON_TRACK, ()),
        (at(16, 40), 16, State.AT_RISK, ("53 % of its time is gone, and 0 % of its way",)),
        (at(29, 50), 30, State.ON_TRACK, ()),
        (at(29, 59), 31, State.AT_RISK, ("its day has passed",)),
        (at(29, 60), 60, State.REACHED, ()),
        (at(3, 61, 0), 60, State.REACHED, ()),
        (at(3, 30), 4, State.ON_TRACK, ()),
    ],
)
def test_the_rule_part_by_part(course, today, state, risks):
    assert (state_of(course, on(today)), risks_of(course, on(today))) == (state, risks)


def test_a_threshold_has_no_way_between():
    course = replace(COURSE, direction=Direction.AT_MOST, baseline=None, target=Decimal(2))
    assert state_of(at(29, 3, course=course), on(30)) is State.ON_TRACK
    assert risks_of(at(29, 3, course=course), on(31)) == ("its day has passed",)
    assert state_of(at(29, 2, course=course), on(31)) is State.REACHED


def test_time_counts_from_when_it_was_agreed():
    late = replace(COURSE, since=on(20))
    assert [late.time_gone(on(day)) for day in (0, 20, 25, 30, 99)] == [0, 0, Fraction(1, 2), 1, 1]
    assert replace(COURSE, since=on(30)).time_gone(on(30)) == 1
    assert state_of(late, on(30)) is State.AT_RISK


def test_the_words_hold_the_figures_of_the_rule():
    assert "is 4 or less" in rules.AT_RISK
    assert "for 14 days" in rules.AT_RISK
    assert "more than 50 points" in rules.AT_RISK


def test_a_check_in_is_due_a_week_after_the_last_one():
    assert rules.due_on(on(0), None) == on(7)
    assert rules.due_on(on(0), on(3)) == on(10)
    assert rules.due_on(on(5), on(3)) == on(12)


def test_only_an_agreed_plan_that_has_begun_takes_them():
    rules.check_taken(PlanStatus.AGREED, START, START)
    with pytest.raises(Conflict, match="closed"):
        rules.check_taken(PlanStatus.CLOSED, START, START)
    with pytest.raises(Conflict, match="begins on 2 Nov 2026"):
        rules.check_taken(PlanStatus.AGREED, START, on(-1))


def test_a_day_is_one_of_the_plan_that_has_been():
    for day in (0, 5):
        rules.check_day(on(day), START, on(5))
    for day, words in ((6, "still to come"), (-1, "began on 2 Nov 2026")):
        with pytest.raises(Invalid) as refused:
            rules.check_day(on(day), START, on(5))
        assert refused.value.problems[0].pointer == "/on"
        assert words in refused.value.problems[0].detail
