"""Objectives of the company and its units without a database: the tree of units, circles, numbers at once, progress, checks."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from service.alignment import checks, rules
from service.alignment.checks import Written
from service.alignment.rules import Measure
from service.errors import Conflict, Invalid
from service.objectives.checks import Weight
from service.objectives.rules import Direction, KeyResult, Objective, Unit, Units, most_at_once

TOP, SALES, WARE, SHOP = (UUID(int=number) for number in range(1, 5))
UNITS = Units([Unit(TOP, "Acme", None), Unit(WARE, "Ware", TOP), Unit(SALES, "Sales", TOP), Unit(SHOP, "Shop", SALES)])
A, B, C = (UUID(int=number) for number in range(11, 14))
PERIOD = (date(2026, 10, 1), date(2026, 12, 31))


def at(month: int, last: int) -> tuple[date, date]:
    return date(2026, month, 1), date(2026, last, 28)


def test_the_one_unit_at_the_top_is_the_company() -> None:
    assert UNITS.name(None) == "Acme"
    assert UNITS.place(TOP) is None
    assert UNITS.chain(SHOP) == (SHOP, SALES, None)
    assert UNITS.listed() == (None, SALES, SHOP, WARE)
    assert [UNITS.depth(unit) for unit in UNITS.listed()] == [0, 1, 2, 1]
    assert UNITS.below(SALES) == {SALES, SHOP}
    assert UNITS.below(TOP) == {None, SALES, SHOP, WARE}


def test_several_units_at_the_top_stand_below_the_company() -> None:
    units = Units([Unit(WARE, "Ware", None), Unit(SALES, "Sales", None)])
    assert (units.name(None), units.place(WARE)) == ("The company", WARE)
    assert units.chain(WARE) == (WARE, None)
    assert units.listed() == (None, SALES, WARE)
    assert Units([]).listed() == (None,)


@pytest.mark.parametrize(
    ("periods", "most"),
    [
        ([], 0),
        ([at(1, 3), at(4, 6)], 1),
        ([at(1, 3), at(3, 6)], 2),
        ([at(1, 12), at(2, 3), at(5, 6), at(6, 7)], 3),
        ([(PERIOD[0], PERIOD[0]), PERIOD], 2),
    ],
)
def test_how_many_run_at_the_same_time(periods: list[tuple[date, date]], most: int) -> None:
    assert most_at_once(periods) == most


@pytest.mark.parametrize(("company", "count", "said"), [(True, 3, 0), (True, 4, 1), (False, 2, 0), (False, 3, 1)])
def test_about_three_for_the_organisation_and_two_for_a_unit(company: bool, count: int, said: int) -> None:
    found = list(checks.check_number("Sales", is_company=company, periods=[PERIOD] * count))
    assert [remark.check for remark in found] == ["P1"] * said
    assert all(remark.weight is Weight.ADVICE for remark in found)


def test_one_after_the_other_is_not_at_once() -> None:
    own = at(4, 6)
    others = [at(1, 3), at(7, 9), at(1, 4), at(6, 12)]
    assert most_at_once(checks.within(own, others)) == 2


def test_an_objective_serves_one_of_its_unit_or_above() -> None:
    standing = {A: (None, None), B: (SALES, A), C: (WARE, A)}
    for unit, parent in ((SHOP, B), (SALES, A), (SHOP, A), (None, A)):
        rules.check_parent(UNITS, None, unit, parent, standing)
    for unit, parent in ((WARE, B), (None, B), (SALES, UUID(int=99))):
        with pytest.raises(Invalid) as refused:
            rules.check_parent(UNITS, None, unit, parent, standing)
        assert refused.value.problems[0].pointer == "/parent_id"


def test_no_circle_however_long() -> None:
    standing = {A: (SALES, None), B: (SALES, A), C: (SALES, B)}
    for parent in (A, B, C):
        with pytest.raises(Invalid, match="above"):
            rules.check_parent(UNITS, A, SALES, parent, standing)
    rules.check_parent(UNITS, C, SALES, A, standing)


def test_so_many_below_each_other_and_no_more() -> None:
    ids = [UUID(int=number) for number in range(1, 12)]
    standing = {id_: (SALES, above) for id_, above in zip(ids[:9], [None, *ids], strict=False)}
    rules.check_parent(UNITS, None, SALES, ids[8], standing)
    standing[ids[9]] = (SALES, ids[8])
    with pytest.raises(Invalid, match="above") as found:
        rules.check_parent(UNITS, None, SALES, ids[9], standing)
    assert "at most 10" in found.value.problems[0].detail
    two = {A: (SALES, None), B: (SALES, A)}
    with pytest.raises(Invalid):  # what stands below it counts too
        rules.check_parent(UNITS, A, SALES, ids[8], standing | two)


def test_what_others_serve_does_not_move_away_from_above_them() -> None:
    with pytest.raises(Conflict, match="Objectives of other units"):
        rules.check_parent(UNITS, A, WARE, None, {A: (SALES, None), B: (SHOP, A)})


def test_progress_is_the_plain_mean_of_its_key_results() -> None:
    up, missing = (
        Measure(Direction.INCREASE, Decimal(20), Decimal(60), Decimal(40)),
        Measure(Direction.INCREASE, Decimal(1), Decimal(2), None),
    )
    met, aimless = (
        Measure(Direction.AT_MOST, None, Decimal(4), Decimal(3)),
        Measure(Direction.INCREASE, None, None, Decimal(3)),
    )
    assert rules.progress_of([up, met, missing]) == rules.Progress(50, 2, 3)
    assert rules.progress_of([]) == rules.Progress(None, 0, 0)
    assert rules.progress_of([aimless]).percent == 0


def test_the_roll_up_is_the_mean_of_what_is_directly_aligned() -> None:
    half = [Measure(Direction.INCREASE, Decimal(0), Decimal(10), Decimal(5))]
    assert rules.roll_up([half, []], [half, half]) == rules.RollUp(38, 2, 2, 1)
    assert rules.roll_up([], []) == rules.RollUp(None, 0, 0, 0)


def written(**changes: object) -> Written:
    values: dict[str, object] = {
        "title": "Customers come back", "why": "They pay.", "is_company": False, "has_parent": True, "period": PERIOD,
    }  # fmt: skip
    return Written(**(values | changes))  # type: ignore[arg-type]


RESULT = KeyResult("More orders", "Orders", "a week", Direction.INCREASE, Decimal(3), Decimal(9), PERIOD[1])


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"title": "Win 40 customers"}, ["O2"]),
        ({"title": "Launch the new shop"}, ["O3"]),
        ({"why": ""}, ["O4"]),
        ({"has_parent": False}, ["O5"]),
        ({"has_parent": False, "is_company": True}, []),
    ],
)
def test_the_words_are_checked_as_a_persons_are(changes: dict[str, object], ids: list[str]) -> None:
    found = list(checks.check_words(written(**changes)))
    assert [remark.check for remark in found] == ids
    assert all(remark.weight is Weight.ADVICE for remark in found if remark.check == "O5")


def test_key_results_are_checked_as_a_persons_are() -> None:
    found = {remark.check for remark in checks.check_objective(written(key_results=(RESULT,) * 3))}
    assert found == set()
    bare = KeyResult("Hold a workshop", "", "", Direction.INCREASE, None, None, PERIOD[1])
    backwards = KeyResult("Fewer", "m", "u", Direction.DECREASE, Decimal(3), Decimal(9), PERIOD[1])
    found = {remark.check for remark in checks.check_objective(written(key_results=(bare, backwards)))}
    assert found == {"O6", "K1", "K2", "K3", "K6"}


def test_an_aligned_objective_is_no_key_result() -> None:
    lower = Objective("Trials turn into customers", 0, "", (), "", None, ())
    named = KeyResult("trials  turn into Customers", "m", "u", Direction.INCREASE, Decimal(3), Decimal(9), PERIOD[1])
    (found,) = checks.check_key_result(written(others=(lower,)), named)
    assert (found.check, found.weight, found.pointer) == ("K4", Weight.ERROR, "/title")
    assert "an objective of its own" in found.detail


def test_dates_make_a_period() -> None:
    assert [r.pointer for r in checks.check_dates(None, None)] == ["/starts_on", "/due_on"]
    assert [r.pointer for r in checks.check_dates(PERIOD[1], PERIOD[0])] == ["/due_on"]
    assert list(checks.check_dates(*PERIOD)) == []


def test_what_is_not_shown_leaves_its_children_at_the_top() -> None:
    tree = rules.grow([A, B, C], {A: UUID(int=99), B: A, C: B})
    assert tree == (rules.Node(A, (rules.Node(B, (rules.Node(C),)),)),)
    assert rules.grow([B, C], {B: A, C: A}) == (rules.Node(B), rules.Node(C))


def test_quarters() -> None:
    assert rules.quarter_of(date(2026, 11, 22)) == "2026-Q4"
    assert rules.period_of("2026-Q4") == (date(2026, 10, 1), date(2027, 1, 1))
    assert rules.quarters(date(2025, 11, 5), date(2026, 4, 1)) == ["2026-Q2", "2026-Q1", "2025-Q4"]
    assert len(rules.quarters(date(1990, 1, 1), date(2026, 1, 1))) == 12
