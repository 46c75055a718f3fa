"""Areas of responsibility in files, and what of a blueprint a plan can begin with."""

import pytest

from service.ladders import canonical
from service.ladders.files import read_texts
from service.ladders.rules import Blueprint, Source
from service.ladders.starts import entries, find_entry, origin, reference
from tests.ladders.files import BLUEPRINT, LADDER, STARTING_POINTS, changed, shipped
from tests.ladders.mistakes import IN_STARTING_POINTS

SHIPPED = (0, 1, 2)


def blueprint(text: str = BLUEPRINT + STARTING_POINTS) -> Blueprint:
    found = read_texts(LADDER.encode(), text.encode()).blueprint
    assert found is not None
    return found


def test_areas_are_read_with_the_source_of_what_they_stand_in() -> None:
    found = blueprint().starting_points
    assert found is not None
    (area,) = found.areas
    assert (area.skills, area.starts[0].text) == (("testing",), "Users meet no faults")
    assert (area.source, area.targets[0].source) == (Source("profile", "11"),) * 2
    assert area.projects[0].source == Source("house", reason="Ours.")


@pytest.mark.parametrize(
    ("old", "new", "expected"), IN_STARTING_POINTS, ids=[new.strip()[:40] for _, new, _ in IN_STARTING_POINTS]
)
def test_problem_in_starting_points(old: str, new: str, expected: list[str]) -> None:
    text = BLUEPRINT + changed(STARTING_POINTS, old, new)
    found = read_texts(LADDER.encode(), text.encode()).problems
    assert [str(problem) for problem in found] == [
        f"blueprint.yaml:{line.replace(': ', ': error: ', 1)}" for line in expected
    ]


def test_an_area_hands_its_source_down() -> None:
    own = changed(
        STARTING_POINTS, "title: Finding faults", "title: Finding\n      source: {document: house, reason: Own.}"
    )
    found = blueprint(BLUEPRINT + own).starting_points
    assert found is not None
    assert found.areas[0].starts[0].source == Source("house", reason="Own.")


def test_areas_survive_the_canonical_text_and_change_no_hash_where_there_are_none() -> None:
    ladder, with_areas = read_texts(LADDER.encode(), (BLUEPRINT + STARTING_POINTS).encode()).ladder, blueprint()
    assert ladder is not None
    text = canonical.to_json(ladder, with_areas)
    assert canonical.from_json(text) == (ladder, with_areas)
    assert "starting_points" not in canonical.to_json(ladder, blueprint(BLUEPRINT))


def test_every_entry_is_found_by_its_reference_and_no_other() -> None:
    found = blueprint()
    keys = [
        "goals/30-days", "goal/30-days.read", "evidence/30-days.notes", "kpi/found", "criterion/high.more",
        "start/faults.calm", "measure/faults.early", "target/faults.escaped",
    ]  # fmt: skip
    assert list(entries(found)) == keys
    for key in keys:
        entry = find_entry(found, reference(found, key))
        assert entry is not None
        assert entry.key == key
    for name in (
        "tester/2/kpi/found",
        "taster/1/kpi/found",
        "tester/1/kpi/lost",
        "kpi/found",
        "",
        "a/b/c/d/e",
        "x" * 400,
    ):
        assert find_entry(found, name) is None
    assert find_entry(None, "tester/1/kpi/found") is None


def test_an_origin_links_to_its_place_in_its_own_version() -> None:
    known = origin(blueprint(), "tester/1/goal/30-days.read")
    assert known is not None
    assert (known.label, known.words) == ("goal by day 30", "Read.")
    assert known.href == "/ladders/tester/1/blueprint#goal-30-days.read"
    other = origin(blueprint(), "tester/0/goal/30-days.read")
    assert other is not None
    assert (other.label, other.words, other.href) == (
        "goal of tester 0",
        "",
        "/ladders/tester/0/blueprint#goal-30-days.read",
    )
    assert origin(blueprint(), 'javascript:alert(1)"') is None


@pytest.mark.parametrize("which", SHIPPED)
def test_shipped_areas_lead_from_measures_to_targets(which: int) -> None:
    ladder, found = shipped()[which]
    assert found is not None
    assert found.starting_points is not None
    areas = found.starting_points.areas
    assert all(area.starts and area.skills for area in areas)
    for part in ("measures", "projects", "targets"):
        assert sum(bool(getattr(area, part)) for area in areas) >= 3
    assert {skill for area in areas for skill in area.skills} <= ladder.skills_by_id.keys()


def test_the_guide_is_carried_over_with_its_figures() -> None:
    """Five areas, four measures, three starting points, four figures, and the targets of its example objective."""
    found = shipped()[0][1]
    assert found is not None
    assert found.starting_points is not None
    areas = found.starting_points.areas
    assert [area.id for area in areas] == ["user-needs", "market", "vision", "alignment", "features"]
    assert sum(len(area.measures) for area in areas) == 4
    example = "Areas of responsibility for product management in OKRs"
    sections = [start.source.section for area in areas for start in area.starts]
    assert sections.count(example) == 3
    ids = [target.id for area in areas for target in area.targets]
    assert {"active-users", "csat", "crr", "nps"} <= set(ids)
    figures = {target.id: target.target for area in areas for target in area.targets if target.target}
    assert figures == {
        "stay-two-months": "80%", "back-in-two-weeks": "50%", "churn": "below 2%", "daily-users": "20% more",
        "retention": "15% better", "nps-reached": "70 or more", "monthly-users": "20% more",
    }  # fmt: skip
