"""What a reader relies on in each drawing, whatever the numbers."""

from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import growth_plan
from reports.charts import AXES, MARKS, PITCH, RADIUS, Level, axis, dumbbell, open_words, radar, sparkline, staircase
from tests.reports.conftest import sample

PHONE = 288  # px of a phone of 320 less its margins
LETTER = 6.6  # mean width of a letter at 13 px
REACH = {"self": 6.75, "manager": 4.0, "agreed": 9.25, "target": 12.0}  # from its middle to its end, as it is drawn
LEVELS = ["Junior", "Middle", "Senior", "Lead", "Principal"]

words = st.text(st.sampled_from("abcdefghij "), min_size=1, max_size=60).filter(str.strip)
places = st.none() | st.integers(-1, len(LEVELS) - 1)
rated = st.fixed_dictionaries(dict.fromkeys(("self", "manager", "agreed", "target"), places)).map(
    lambda marks: list(marks.items())
)
someone = st.sets(st.sampled_from(["self", "manager", "agreed"]))


@st.composite
def stairs(draw):
    titles = draw(st.lists(words, min_size=1, max_size=12))
    attained = draw(st.integers(0, len(titles)))
    states = ["attained"] * attained + ["next"] + ["above"] * len(titles)
    return [Level(title=t, state=s, open_musts=draw(st.integers(0, 200))) for t, s in zip(titles, states, strict=False)]


@st.composite
def categories(draw, sizes=AXES):
    axes = []
    for _ in range(draw(st.sampled_from(sizes))):
        target = draw(st.integers(1, 40))
        met = st.integers(0, target)
        axes.append({"title": draw(words), "self": draw(met), "manager": draw(met), "target": target})
    return axes


@given(stairs())
def test_steps_rise_and_their_words_have_room_on_a_phone(levels):
    chart = staircase(levels)
    for lower, higher in pairwise(chart.steps):
        assert higher.y + higher.height < lower.y
        assert higher.left_percent > lower.left_percent
    for step in chart.steps:
        room = PHONE * step.width_percent / 100 - 28
        assert LETTER * (max(map(len, step.title)) + len(step.beside)) <= room
        assert LETTER * len(step.below) <= room
        assert 17 * (len(step.title) + bool(step.below)) < step.height
    assert chart.steps[0].y + chart.steps[0].height < chart.height


def test_the_staircase_says_what_it_shows(typical):
    chart = staircase(growth_plan._steps(growth_plan.check(typical)))
    assert chart.words == (
        "Staircase of levels: Junior attained, Middle attained, Senior next, 4 must-haves open, "
        "Lead above, Principal above."
    )
    assert [step.beside for step in chart.steps] == ["attained", "attained · today", "target", "", ""]
    assert [step.below for step in chart.steps] == ["", "", "4 must-haves open", "", ""]


def test_one_who_is_there_is_told_so_although_the_target_is_the_same():
    steps = growth_plan._steps(growth_plan.check(sample("minimal")))
    assert [step["note"] for step in steps] == ["today"]


@pytest.mark.parametrize(
    ("count", "said"), [(0, "should-haves open"), (1, "1 must-have open"), (2, "2 must-haves open")]
)
def test_open_must_haves_are_counted(count, said):
    assert open_words(count) == said


@given(rated, someone)
def test_marks_at_one_level_stand_in_each_other_and_small_ones_apart(marks, partly):
    chart = dumbbell(LEVELS, marks, partly, "OKRs")
    large, small = [s for s in chart.spots if not s.small], [s for s in chart.spots if s.small]
    assert [spot.name for spot in large] == [name for name in MARKS if dict(marks)[name] is not None]
    assert all(one.x != other.x or abs(one.y - other.y) > 6 for one, other in combinations(small, 2))
    assert all(abs(one.x - other.x) > REACH["agreed"] + 3 for one in small for other in large)
    assert all(max(REACH.values()) <= spot.x <= chart.width - max(REACH.values()) for spot in large)
    assert chart.width <= PHONE


def test_each_mark_is_seen_around_the_next():
    assert tuple(sorted(REACH, key=lambda name: -REACH[name])) == MARKS


@given(rated, someone)
def test_a_dumbbell_shows_each_mark_at_its_level_and_says_so(marks, partly):
    chart = dumbbell(LEVELS, marks, partly, "OKRs")
    for name, at in marks:
        spots = [spot for spot in chart.spots if spot.name == name]
        assert len([spot for spot in spots if not spot.small]) == (at is not None)
        if at is not None:
            assert next(spot.x for spot in spots if not spot.small) == chart.ticks[at + 1]
            assert f"{name} {LEVELS[at] if at >= 0 else 'none yet'}" in chart.words
        half = [spot.x - chart.ticks[at + 1] for spot in spots if spot.small]
        shows = name in partly and at is not None and at < len(LEVELS) - 1
        assert half == ([PITCH / 2] if shows else [])
    assert chart.words.count("parts of the next one show") == sum(n in partly and at is not None for n, at in marks)


def test_a_bar_joins_the_two_views_only_where_they_differ():
    assert dumbbell(LEVELS, [("self", 1), ("manager", 3)], (), "OKRs").bar == (2.5 * PITCH, 4.5 * PITCH)
    assert dumbbell(LEVELS, [("self", 1), ("manager", 1)], (), "OKRs").bar is None
    assert dumbbell(LEVELS, [("self", None), ("manager", 1), ("target", 3)], (), "OKRs").bar is None


@given(st.lists(words, min_size=1, max_size=12))
def test_names_over_dumbbells_do_not_meet(levels):
    _, height, labels = axis(levels)
    boxes = [
        (label.x - 6 * len(line) / 2, label.x + 6 * len(line) / 2, label.y + 14 * row)
        for label in labels
        for row, line in enumerate(label.lines)
    ]
    for (left, right, foot), (other_left, other_right, other_foot) in combinations(boxes, 2):
        assert abs(foot - other_foot) >= 13 or right < other_left or other_right < left
    assert max(foot for _, _, foot in boxes) < height


def test_the_shipped_levels_are_written_in_full():
    _, _, labels = axis(LEVELS)
    assert [" ".join(label.lines) for label in labels] == ["None yet", *LEVELS]


@given(categories())
def test_a_radar_keeps_shares_and_all_its_words(axes):
    chart = radar(axes)
    for name in ("self", "manager", "target"):
        for at, one in zip(chart.shapes[name], axes, strict=True):
            assert dist(at, chart.middle) == pytest.approx(RADIUS * one[name] / one["target"], abs=0.02)
    assert all(
        f"{one['title']}: self {one['self']}, manager {one['manager']} of {one['target']}" in chart.words
        for one in axes
    )
    for label in chart.labels:
        wide = 6 * max(map(len, label.lines))
        left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
        assert left >= 0
        assert left + wide <= chart.width
        assert label.y >= 9
        assert label.y + 14 * (len(label.lines) - 1) <= chart.height - 3
        for row in range(len(label.lines)):  # no word within the rim
            near = min(max(chart.middle[0], left), left + wide)
            assert dist((near, label.y + 14 * row - 4), chart.middle) > RADIUS * 0.93


@given(categories(sizes=(0, 1, 4, 10, 12)))
def test_a_radar_of_too_few_or_too_many_axes_is_refused(axes):
    with pytest.raises(ValueError, match=f"5 to 9 axes, not {len(axes)}"):
        radar(axes)


@pytest.mark.parametrize("wrong", [{"target": 0}, {"self": 4}, {"manager": -1}])
def test_a_radar_of_impossible_counts_is_refused(wrong):
    axes = [{"title": name, "self": 1, "manager": 2, "target": 3} for name in LEVELS]
    axes[2] |= wrong
    with pytest.raises(ValueError, match="Senior: the counts"):
        radar(axes)


def test_a_sparkline_goes_from_the_baseline_to_the_last_value() -> None:
    days = [date(2026, 11, day) for day in (2, 12, 22)]
    points = [(days[1], Decimal(50)), (days[2], Decimal("45.5"))]
    drawing = sparkline(points, (days[0], Decimal(40)), (date(2026, 12, 2), Decimal(60)), "Reports")
    assert drawing.line == [(4, 34.0), (41.3, 20.0), (78.7, 26.3)]
    assert drawing.goal == (116, 6.0)
    assert drawing.words == (
        "Reports: 40 to begin with, 50 on 12 Nov 2026, 45.5 on 22 Nov 2026; target 60 by 2 Dec 2026"
    )


def test_a_sparkline_begins_with_what_was_measured_before_its_first_day() -> None:
    points = [(date(2026, 11, 2), Decimal(50)), (date(2026, 11, 22), Decimal(45))]
    drawing = sparkline(points, (date(2026, 11, 12), Decimal(40)), (date(2026, 12, 2), Decimal(60)), "Reports")
    assert drawing.line == [(4, 34.0), (4, 20.0), (78.7, 27.0)]


def test_a_sparkline_of_nothing_has_its_target_alone() -> None:
    day = date(2026, 11, 2)
    drawing = sparkline([], (day, None), (day, Decimal(2)), "Calls")
    assert (drawing.line, drawing.goal) == ([], (4, 20.0))
    assert drawing.words == "Calls: nothing measured yet; target 2 by 2 Nov 2026"
