"""What is expected at a level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Conflict, NotFound
from service.ladders import rules
from service.ladders.files import read_texts
from service.ladders.rules import Horizon, Ladder, Status
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
