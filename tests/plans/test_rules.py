"""Horizons of a plan."""

from datetime import date

import pytest

from service.gaps.rules import Finding, State
from service.objectives.rules import horizon_end
from service.plans import rules
from tests.factories import skill


@pytest.mark.parametrize(
    ("start", "horizon", "end"),
    [
        (date(2026, 3, 1), 30, date(2026, 3, 31)),
        (date(2026, 3, 1), 90, date(2026, 5, 30)),
        (date(2027, 1, 30), 30, date(2027, 3, 1)),
        (date(2028, 1, 30), 30, date(2028, 2, 29)),
        (date(2028, 2, 29), 60, date(2028, 4, 29)),
        (date(2026, 12, 15), 60, date(2027, 2, 13)),
    ],
)
def test_a_horizon_is_so_many_days_from_the_start(start: date, horizon: int, end: date) -> None:
    assert horizon_end(start, horizon) == end


@pytest.mark.parametrize(
    ("state", "distance", "days"), [("partly", 1, 30), ("unmet", 1, 60), ("unmet", 3, 90), ("unknown", None, 30)]
)
def test_what_is_nearer_is_offered_an_earlier_horizon(state, distance, days):
    sql = skill("sql", ("middle", "must"))
    assert rules.horizon_for(Finding(sql, sql.expectations[0], State(state), distance)) == days
