"""What the blueprint offers to begin an objective with."""

from service.drafts.rules import metrics_for, starts_for
from tests.factories import shipped


def test_what_is_offered_speaks_of_the_skill():
    """Out of the shipped blueprint: a criterion of promotion first, then goals and KPIs that share words with the skill."""
    ladder, blueprint = shipped()[0][:2]

    def offered(skill_id):
        found = ladder.skills_by_id[skill_id]
        asked = ladder.expected_at(found, "senior")
        starts, metrics = starts_for(blueprint, found, asked), metrics_for(blueprint, found, asked)
        return [(start.id, start.horizon) for start in starts], [kpi.id for kpi in metrics]

    assert offered("product-analytics") == (
        [("outcome-ownership", None), ("map-journeys", 30), ("baseline-kpis", 30)], ["instrumentation-coverage"],
    )  # fmt: skip
    assert offered("requirements-and-user-stories")[1] == ["backlog-readiness", "launch-readiness"]
    assert offered("cloud-and-deployment") == ([], [])
