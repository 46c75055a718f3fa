"""Horizons of a plan, and what the blueprint offers to begin with."""

from datetime import date

import pytest

from service.gaps.rules import Finding, State
from service.plans import rules
from service.plans.rules import horizon_end
from tests.factories import shipped, skill


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


def test_what_is_offered_speaks_of_the_skill():
    """Out of the shipped blueprint: a criterion of promotion first, then goals and KPIs that share words with the skill."""
    ladder, blueprint = shipped()[0][:2]

    def offered(skill_id):
        found = ladder.skills_by_id[skill_id]
        asked = ladder.expected_at(found, "senior")
        starts, metrics = rules.starts_for(blueprint, found, asked), rules.metrics_for(blueprint, found, asked)
        return [(start.id, start.horizon) for start in starts], [kpi.id for kpi in metrics]

    assert offered("product-analytics") == (
        [("outcome-ownership", None), ("map-journeys", 30), ("baseline-kpis", 30)], ["instrumentation-coverage"],
    )  # fmt: skip
    assert offered("requirements-and-user-stories")[1] == ["backlog-readiness", "launch-readiness"]
    assert offered("cloud-and-deployment") == ([], [])
