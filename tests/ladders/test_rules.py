"""What is expected at a level, and how a ladder is looked at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Conflict, NotFound
from service.ladders import rules, views
from service.ladders.files import read_texts
from service.ladders.rules import Horizon, Ladder, Requirement, Status
from tests.ladders.files import BLUEPRINT, LADDER
from tests.ladders.test_shipped import ladder as shipped


@pytest.fixture
def ladder() -> Ladder:
    found = read_texts(LADDER.encode(), None).ladder
    assert found is not None
    return found


def test_expectation_holds_until_a_higher_level_says_more() -> None:
    product = shipped("product-manager")
    skill = product.skills_by_id["requirements-and-user-stories"]
    found = [product.expected_at(skill, level.id) for level in product.levels]
    assert [e.level if e else None for e in found] == ["junior", "middle", "middle", "lead", "lead"]


def test_skill_without_expectation_so_far_is_not_expected() -> None:
    product = shipped("product-manager")
    assert product.expected_at(product.skills_by_id["trade-off-decisions"], "junior") is None
    assert "trade-off-decisions" not in [skill.id for skill in product.skills_expected_at("junior")]


def test_levels_have_neighbours(ladder: Ladder) -> None:
    above = ladder.next_level("low")
    assert above is not None
    assert (above.id, ladder.next_level("high")) == ("high", None)
    with pytest.raises(NotFound):
        ladder.next_level("highest")


def test_only_published_versions_retire() -> None:
    assert rules.retire(Status.PUBLISHED) is Status.RETIRED
    for status in (Status.DRAFT, Status.RETIRED):
        with pytest.raises(Conflict):
            rules.retire(status)


@given(st.lists(st.tuples(st.integers(2000, 2100), st.integers(0, 30)), min_size=1))
def test_version_names_sort_by_their_numbers(pairs: list[tuple[int, int]]) -> None:
    names = [f"{year}.{number}" for year, number in pairs]
    assert sorted(names, key=rules.version_order) == [f"{year}.{number}" for year, number in sorted(pairs)]


@given(st.lists(st.text(max_size=8)))
def test_any_version_names_can_be_compared(names: list[str]) -> None:
    assert len(sorted(names, key=rules.version_order)) == len(names)


def test_goals_of_a_horizon() -> None:
    blueprint = read_texts(LADDER.encode(), BLUEPRINT.encode()).blueprint
    assert blueprint is not None
    found = blueprint.goals_by(Horizon.DAYS_30)
    assert found is not None
    assert [item.id for item in found.goals] == ["read"]
    assert blueprint.goals_by(Horizon.DAYS_60) is None


def test_table_shows_a_level_and_the_next(ladder: Ladder) -> None:
    levels = views.levels_shown(ladder, "", everything=False)
    (group,) = views.table(ladder, views.Shown(levels))
    (row,) = group.rows
    assert [(cell.since.id, cell.begins) for cell in row.cells if cell] == [("low", True), ("high", True)]
    assert [level.id for level in views.levels_shown(ladder, "high", everything=False)] == ["high"]


def test_table_leaves_out_what_the_filters_do_not_ask_for() -> None:
    product = shipped("product-manager")
    everything = views.levels_shown(product, "", everything=True)
    house = views.table(product, views.Shown(everything, origin="house"))
    documents = views.table(product, views.Shown(everything, origin="documents"))
    sources = [
        {c.expectation.source.document for g in t for r in g.rows for c in r.cells if c} for t in (house, documents)
    ]
    assert sources == [{"house"}, {"okr-profile", "pm-blueprint"}]
    musts = views.table(product, views.Shown(everything, Requirement.MUST, category="technology"))
    assert [group.category.id for group in musts] == []


def test_facts_of_the_okr_skill_over_both_ladders() -> None:
    both = [shipped("product-manager"), shipped("technical-product-manager")]
    assert views.skill_facts("okr", both) == [
        ("Roles", 2),
        ("Levels on which something begins", 5),
        ("Mandatory expectations", 10),
        ("Optional expectations", 0),
    ]
