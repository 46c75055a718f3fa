"""The checks of a plan (PRODUCT.md, "Growth plan and OKR checks"), each with what passes, what does not, and the edge between."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import Conflict, Invalid
from service.objectives.checks import CHECKS, Remark, Weight, check_objective, check_plan
from service.objectives.rules import HORIZONS, Direction, KeyResult, Objective
from service.plans.rules import PlanStatus
from service.revisions.checks import check_agreeable

START = date(2026, 3, 1)
RESULT = KeyResult(
    title="More new users finish the first report", metric="first reports finished", unit="%",
    direction=Direction.INCREASE, baseline=Decimal(40), target=Decimal(60), due_on=date(2026, 3, 31),
)  # fmt: skip
GOOD = Objective(
    title="New users reach their first report without help", horizon=30, why="Half of them leave before it.",
    serves_gaps=("onboarding",), serves="", due_on=date(2026, 3, 31), key_results=(RESULT, RESULT, RESULT),
)  # fmt: skip

OTHER = replace(
    GOOD, title="Support is calm again", key_results=tuple(replace(RESULT, title=f"Calm sign {n}") for n in range(3))
)


def remarks(objective: Objective, start: date = START) -> list[Remark]:
    return list(check_objective(start, objective))


def found(objective: Objective, start: date = START) -> list[tuple[str, str]]:
    return [(remark.check, remark.pointer) for remark in remarks(objective, start)]


def found_in(start: date = START, **changes: object) -> list[tuple[str, str]]:
    """What the checks say of one changed key result beside two good ones."""
    return found(replace(GOOD, key_results=(RESULT, replace(RESULT, **changes), RESULT)), start)  # type: ignore[arg-type]


def test_a_good_objective_has_no_remarks() -> None:
    assert found(GOOD) == []


DATES = [
    (date(2026, 3, 1), True),
    (date(2026, 3, 31), True),
    (date(2026, 2, 28), False),
    (date(2026, 4, 1), False),
    (None, False),
]


@pytest.mark.parametrize(("due_on", "good"), DATES, ids=["day 0", "last day", "before the start", "a day late", "none"])
def test_o1_the_objective_is_due_within_its_horizon(due_on: date | None, good: bool) -> None:
    assert found(replace(GOOD, due_on=due_on)) == ([] if good else [("O1", "/due_on")])


@pytest.mark.parametrize(("due_on", "good"), DATES, ids=["day 0", "last day", "before the start", "a day late", "none"])
def test_k5_the_key_result_is_due_within_the_horizon(due_on: date | None, good: bool) -> None:
    assert found_in(due_on=due_on) == ([] if good else [("K5", "/key_results/1/due_on")])


def test_o1_a_leap_day_is_a_day_like_any_other() -> None:
    leap, start = date(2028, 2, 29), date(2028, 1, 30)
    late = replace(GOOD, due_on=leap + timedelta(days=1), key_results=(replace(RESULT, due_on=leap),) * 3)
    assert found(late, start) == [("O1", "/due_on")]
    assert found(replace(late, due_on=leap), start) == []


def test_o1_says_the_dates_in_between() -> None:
    [remark] = remarks(replace(GOOD, due_on=None))
    assert remark.detail == "Give it a due date within its 30 days: between 1 Mar 2026 and 31 Mar 2026."
    assert remark.weight is Weight.ERROR


@pytest.mark.parametrize("why", ["", "   ", "\n"])
def test_o4_the_objective_says_why(why: str) -> None:
    assert found(replace(GOOD, why=why)) == [("O4", "/why")]


@pytest.mark.parametrize(
    ("gaps", "serves", "good"),
    [
        ((), "", False),
        ((), "  ", False),
        (("okr",), "", True),
        ((), "Grow in new markets", True),
        (("okr",), "Both", True),
    ],
)
def test_o5_the_objective_serves_a_gap_or_an_objective_above(gaps: tuple[str, ...], serves: str, good: bool) -> None:
    assert found(replace(GOOD, serves_gaps=gaps, serves=serves)) == ([] if good else [("O5", "/serves")])


@pytest.mark.parametrize(
    ("count", "weight"),
    [
        (0, Weight.ERROR), (1, Weight.ADVICE), (2, Weight.ADVICE), (3, None), (4, None), (5, None), (6, Weight.ADVICE),
        (10, Weight.ADVICE),
    ],
)  # fmt: skip
def test_o6_three_to_five_key_results(count: int, weight: Weight | None) -> None:
    said = [(r.check, r.pointer, r.weight) for r in remarks(replace(GOOD, key_results=(RESULT,) * count))]
    assert said == ([] if weight is None else [("O6", "/key_results", weight)])


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"metric": ""}, "metric"), ({"metric": " "}, "metric"), ({"unit": ""}, "unit"), ({"target": None}, "target")],
)
def test_k1_a_key_result_has_a_metric_a_unit_and_a_number(changes: dict[str, object], field: str) -> None:
    assert found_in(**changes) == [("K1", f"/key_results/1/{field}")]


def test_k1_names_everything_that_is_missing() -> None:
    missing = found_in(metric="", unit="", target=None)
    assert missing == [("K1", f"/key_results/1/{field}") for field in ("metric", "unit", "target")]


def test_k1_nought_is_a_number() -> None:
    assert found_in(direction=Direction.DECREASE, baseline=Decimal(4), target=Decimal(0)) == []
    assert found_in(baseline=Decimal(0)) == []


@pytest.mark.parametrize(
    ("direction", "good"),
    [(Direction.INCREASE, False), (Direction.DECREASE, False), (Direction.AT_LEAST, True), (Direction.AT_MOST, True)],
)
def test_k2_a_baseline_to_move_from_or_a_threshold(direction: Direction, good: bool) -> None:
    assert found_in(direction=direction, baseline=None) == ([] if good else [("K2", "/key_results/1/baseline")])


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "good"),
    [
        (Direction.INCREASE, "40", "60", True),
        (Direction.INCREASE, "40", "40", False),
        (Direction.INCREASE, "40", "40.0", False),
        (Direction.INCREASE, "40", "39.9999", False),
        (Direction.INCREASE, "-5", "-4", True),
        (Direction.DECREASE, "60", "40", True),
        (Direction.DECREASE, "60", "60", False),
        (Direction.DECREASE, "60", "61", False),
        (Direction.AT_LEAST, "40", "60", True),
        (Direction.AT_LEAST, "60", "60", False),
        (Direction.AT_LEAST, "60", "40", False),
        (Direction.AT_MOST, "60", "40", True),
        (Direction.AT_MOST, "40", "40", False),
        (Direction.AT_MOST, "40", "60", False),
    ],
)
def test_k6_target_and_baseline_differ_in_the_direction_stated(
    direction: Direction, baseline: str, target: str, good: bool
) -> None:
    said = found_in(direction=direction, baseline=Decimal(baseline), target=Decimal(target))
    assert said == ([] if good else [("K6", "/key_results/1/target")])


def test_k6_waits_until_both_numbers_are_there() -> None:
    assert found_in(baseline=None) == [("K2", "/key_results/1/baseline")]
    assert found_in(target=None) == [("K1", "/key_results/1/target")]


def test_pointers_lead_into_the_whole_plan() -> None:
    bad = replace(OTHER, why="", key_results=(*OTHER.key_results[:2], replace(OTHER.key_results[2], unit="")))
    said = [remark.pointer for remark in check_plan(START, (GOOD, bad))]
    assert said == ["/objectives/1/why", "/objectives/1/key_results/2/unit"]


@settings(deadline=None, max_examples=100)
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(HORIZONS), st.integers(-400, 400))
def test_a_due_date_passes_exactly_from_the_start_to_the_end_of_the_horizon(
    start: date, horizon: int, days: int
) -> None:
    due_on = start + timedelta(days=days)
    said = found(
        replace(GOOD, horizon=horizon, due_on=due_on, key_results=(replace(RESULT, due_on=due_on),) * 3), start
    )
    assert [check for check, _ in said] == ([] if 0 <= days <= horizon else ["O1", "K5", "K5", "K5"])


@settings(deadline=None, max_examples=100)
@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_of_two_different_numbers_one_direction_fits(baseline: Decimal, target: Decimal) -> None:
    for up, down in ((Direction.INCREASE, Direction.DECREASE), (Direction.AT_LEAST, Direction.AT_MOST)):
        fits = [not found_in(direction=way, baseline=baseline, target=target) for way in (up, down)]
        assert fits == [target > baseline, target < baseline]


def test_a_plan_without_objectives_is_not_agreed() -> None:
    with pytest.raises(Invalid, match="needs an objective"):
        check_agreeable(PlanStatus.DRAFT, START, ())


@pytest.mark.parametrize("status", [PlanStatus.AGREED, PlanStatus.CLOSED])
def test_only_a_draft_is_agreed(status: PlanStatus) -> None:
    with pytest.raises(Conflict, match=str(status)):
        check_agreeable(status, START, (GOOD,))


def test_errors_stop_agreeing_and_are_all_named() -> None:
    with pytest.raises(Invalid, match="2 points to put right") as caught:
        check_agreeable(PlanStatus.DRAFT, START, (GOOD, replace(OTHER, why="", serves_gaps=())))
    assert [(p.id, p.pointer) for p in caught.value.problems] == [
        ("O4", "/objectives/1/why"),
        ("O5", "/objectives/1/serves"),
    ]


def test_advice_does_not_stop_agreeing() -> None:
    check_agreeable(PlanStatus.DRAFT, START, (replace(GOOD, key_results=(RESULT,)),))


def test_o2_an_objective_has_no_figure() -> None:
    assert found(replace(GOOD, title="Raise activation to 60 % of new users")) == [("O2", "/title")]


def test_o3_an_objective_is_no_task() -> None:
    [remark] = remarks(replace(GOOD, title="Launch the new onboarding"))
    assert (remark.check, remark.weight, remark.pointer) == ("O3", Weight.ADVICE, "/title")
    assert "What should it change" in remark.detail


def test_k3_a_key_result_is_no_task() -> None:
    assert found_in(title="Interview ten users") == [("K3", "/key_results/1/title")]
    [remark] = remarks(replace(GOOD, key_results=(replace(RESULT, title="Hold 4 demos"), RESULT, RESULT)))
    assert "from what to what?" in remark.detail


def plan_says(*objectives: Objective) -> list[tuple[str, str]]:
    return [(remark.check, remark.pointer) for remark in check_plan(START, objectives)]


def test_k4_a_key_result_belongs_to_one_objective() -> None:
    assert plan_says(GOOD, OTHER) == []
    shared = replace(RESULT, title=f"  {RESULT.title.upper()} ")
    twice = replace(OTHER, key_results=(*OTHER.key_results, shared))
    at = [("K4", f"/objectives/0/key_results/{place}/title") for place in range(3)]
    assert plan_says(GOOD, twice) == [*at, ("K4", "/objectives/1/key_results/3/title")]


def test_k4_an_aligned_objective_is_no_key_result() -> None:
    aligned = replace(OTHER, key_results=(*OTHER.key_results, replace(RESULT, title=GOOD.title)))
    assert plan_says(GOOD, aligned) == [("K4", "/objectives/1/key_results/3/title")]


@pytest.mark.parametrize(("count", "said"), [(5, []), (6, [("P1", "/objectives")])])
def test_p1_up_to_five_objectives(count: int, said: list[tuple[str, str]]) -> None:
    many = [
        replace(
            OTHER,
            title=f"Outcome {'i' * n}",
            key_results=tuple(replace(RESULT, title=f"Calm {n} sign {m}") for m in range(3)),
        )
        for n in range(count)
    ]
    assert plan_says(*many) == said


def test_the_catalogue_holds_to_its_own_examples() -> None:
    assert list(CHECKS) == ["O1", "O2", "O3", "O4", "O5", "O6", "K1", "K2", "K3", "K4", "K5", "K6", "P1", "C1"]
    for check in ("O2", "O3"):
        assert (check, "/title") in found(replace(GOOD, title=CHECKS[check].poor))
        assert found(replace(GOOD, title=CHECKS[check].good)) == []
    assert found_in(title=CHECKS["K3"].poor) == [("K3", "/key_results/1/title")]
    assert found_in(title=CHECKS["K3"].good) == []
