"""Progress of key results and objectives, by examples and by properties."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.objectives.progress import mean_of, percent, share_of
from service.objectives.rules import Direction

NUMBERS = st.decimals(min_value=-10_000, max_value=10_000, places=2)


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "value", "share"),
    [
        ("increase", "40", "60", "50", "1/2"),
        ("increase", "40", "60", "70", "1"),
        ("increase", "40", "60", "30", "0"),
        ("decrease", "9", "3", "7", "1/3"),
        ("decrease", "9", "3", "12", "0"),
        ("increase", "-10", "10", "0", "1/2"),
        ("at-least", None, "5", "4.99", "0"),
        ("at-least", "1", "5", "5", "1"),
        ("at-most", None, "2", "2", "1"),
        ("at-most", "8", "2", "3", "0"),
        ("increase", "5", "5", "5", "1"),
        ("increase", "40", "60", None, "0"),
    ],
)
def test_the_share_of_the_way(direction, baseline, target, value, share):
    numbers = [None if number is None else Decimal(number) for number in (baseline, target, value)]
    assert share_of(Direction(direction), *numbers) == Fraction(share)  # type: ignore[arg-type]


@given(st.sampled_from(Direction), st.none() | NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_share_is_clipped_and_never_falls_on_the_way(direction, baseline, target, one, other):
    low, high = sorted([one, other], reverse=not direction.goes_up)
    if baseline is not None and not direction.is_threshold and (target >= baseline) != direction.goes_up:
        return  # K6 refuses it
    first, second = (share_of(direction, baseline, target, value) for value in (low, high))
    assert 0 <= first <= second <= 1
    assert share_of(direction, baseline, target, target) == 1


def test_an_objective_is_the_plain_mean_of_its_key_results():
    assert mean_of([Fraction(1), Fraction(0), Fraction(1, 2)]) == Fraction(1, 2)
    assert mean_of([]) is None


@pytest.mark.parametrize(("share", "shown"), [("0", 0), ("1/1000", 1), ("1/3", 33), ("999/1000", 99), ("1", 100)])
def test_only_what_is_reached_reads_100(share, shown):
    assert percent(Fraction(share)) == shown
