"""Differences in words."""

from dataclasses import replace

import pytest

from service.ladders.comparing.differences import Kind, differences
from service.ladders.comparing.telling import DONE, TITLES, Told, summary, tell, text
from service.ladders.rules import Importance, Requirement, Version
from tests.factories import HOUSE
from tests.ladders.edits import (
    Edit,
    a_year_later,
    add_skill,
    edit_expectation,
    edit_ladder,
    edit_skill,
    next_shipped,
    rename_levels,
    reverse_levels,
)
from tests.ladders.files import shipped

ONE = shipped()[0]
BLUEPRINT = ONE[1]
assert BLUEPRINT is not None


def told(other: Version) -> list[Told]:
    """What is told beside the names of the version."""
    groups = tell(differences(ONE, other), ONE, other).groups
    return [it for group in groups if group.kind is not Kind.ABOUT for it in group.all]


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ((), "Nothing differs but what names the version"),
        ((rename_levels, add_skill("one", like="okr"), add_skill("two", like="okr")), "2 skills new, 5 levels renamed"),
        ((edit_skill("okr", summary="x"), edit_skill("okr", name="y")), "1 skill renamed, 1 skill reworded"),
        ((edit_expectation("okr", "lead", statement="x", indicators=("y",)),), "1 expectation reworded"),
        ((edit_ladder(should_share=0.9, title="x", family="y"),),
         "the ladder renamed, another share of should-expectations, the ladder changed otherwise"),
        ((reverse_levels,), "levels in another order"),
        ((edit_skill("okr", source=HOUSE),), "1 skill from another source"),
    ],
)  # fmt: skip
def test_the_summary_counts_things_by_what_became_of_them(edits: tuple[Edit, ...], words: str) -> None:
    assert summary(differences(ONE, next_shipped(*edits))) == words


def test_the_same_version_differs_in_nothing() -> None:
    assert summary(differences(ONE, ONE)) == "Nothing differs"
    assert list(text(tell(differences(ONE, ONE), ONE, ONE))) == [
        "product-manager/2026.1 → product-manager/2026.1: Nothing differs"
    ]


def test_changes_of_the_blueprint_are_counted_together_at_the_end() -> None:
    ladder, _ = next_shipped(rename_levels)
    goals = tuple(replace(it, title=f"{it.title} soon") for it in BLUEPRINT.goals)
    other = ladder, replace(BLUEPRINT, version=ladder.version, goals=goals)
    assert summary(differences(ONE, other)) == f"5 levels renamed, {len(goals)} changes of the blueprint"
    assert summary(differences(ONE, (ladder, None))) == "5 levels renamed, the blueprint taken out"
    assert summary(differences((ONE[0], None), (ladder, other[1]))) == "5 levels renamed, the blueprint new"


@pytest.mark.parametrize(
    ("edit", "name", "what", "before", "after"),
    [
        (edit_skill("okr", category="technology"), "OKRs and the North Star", "Category", "Goals and strategy", "Technology"),
        (edit_skill("okr", importance=Importance.OPTIONAL), "OKRs and the North Star", "Importance", "critical", "optional"),
        (edit_skill("okr", source=HOUSE), "OKRs and the North Star", "Source",
         "Skill profile on OKRs, key results, the North Star and HEART, title", "added by the house, for the test"),
        (edit_expectation("okr", "lead", requirement=Requirement.MAY), "OKRs and the North Star, Lead", "Requirement",
         "must", "may"),
        (edit_ladder(should_share=0.755), "Product Manager", "Should-expectations a level needs", "70 %", "75.5 %"),
        (reverse_levels, "Product Manager", "Levels", "Junior, Middle, Senior, Lead, Principal",
         "Principal, Lead, Senior, Middle, Junior"),
    ],
)  # fmt: skip
def test_values_read_as_people_know_them(edit: Edit, name: str, what: str, before: str, after: str) -> None:
    (it,) = told(next_shipped(edit))
    assert (it.name, it.what, it.before, it.after) == (name, what, before, after)


def test_each_change_has_an_anchor_of_its_own() -> None:
    for other in (a_year_later(), shipped()[1]):
        anchors = [it.anchor for it in told(other)]
        assert len(anchors) == len(set(anchors))


def test_what_is_taken_out_is_read_in_the_older_version() -> None:
    hrefs = {it.anchor: it.href for it in told(a_year_later())}
    assert (
        hrefs["removed.skills.pricing-and-packaging"] == "/ladders/product-manager/2026.1/skills/pricing-and-packaging"
    )
    assert hrefs["added.skills.agent-design"] == "/ladders/product-manager/2027.1/skills/agent-design"
    assert (
        hrefs["reworded.skills.okr.expectations.junior.statement"]
        == "/ladders/product-manager/2027.1/skills/okr#junior"
    )


def test_every_kind_has_its_words() -> None:
    assert set(TITLES) == set(Kind)
    assert {kind for kind, _ in DONE} == set(Kind) - {Kind.ABOUT, Kind.REORDERED}
