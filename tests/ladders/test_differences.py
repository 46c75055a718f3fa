"""What differs between two versions, for any two; and that one edit is one change."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from service.ladders.comparing.differences import Differences, Kind, apply, differences
from service.ladders.files import read_texts
from service.ladders.rules import Blueprint, Importance, Requirement, Version
from service.ladders.writing import to_texts
from tests.factories import HOUSE
from tests.ladders.edits import (
    add_skill,
    edit_expectation,
    edit_ladder,
    edit_skill,
    next_shipped,
    reidentify_level,
    reidentify_skill,
    remove_skill,
    rename_levels,
    reverse_levels,
    reverse_skills,
)
from tests.ladders.files import shipped
from tests.ladders.strategies import versions

before, after = versions("1", None), versions()


@settings(max_examples=10, deadline=None)
@given(after)
def test_the_versions_tried_here_pass_the_checks(version: Version) -> None:
    ladder, blueprint = to_texts(*version)
    assert read_texts(ladder.encode(), blueprint.encode() if blueprint else None).problems == ()


@settings(deadline=None)
@given(after)
def test_no_version_differs_from_itself(version: Version) -> None:
    found = differences(version, version)
    assert (found.changes, found.suggestions) == ((), ())


@settings(deadline=None)
@given(before, after)
def test_the_differences_lead_from_one_version_to_the_other(one: Version, other: Version) -> None:
    assert apply(differences(one, other), one) == other


@settings(deadline=None)
@given(before, after)
def test_the_differences_lead_back(one: Version, other: Version) -> None:
    assert apply(differences(other, one), other) == one


@settings(deadline=None)
@given(before, after)
def test_no_change_is_told_twice(one: Version, other: Version) -> None:
    changes = differences(one, other).changes
    told = Counter((change.kind is Kind.REMOVED, change.place, change.field) for change in changes)
    assert set(told.values()) <= {1}
    for kind in (Kind.ADDED, Kind.REMOVED):
        whole = [change.place for change in changes if change.kind is kind]
        assert [place for place in whole if any(place[:end] in whole for end in range(1, len(place)))] == []


@pytest.mark.parametrize(("first", "second"), [(0, 1), (0, 2), (1, 2)])
def test_the_shipped_ladders_lead_to_each_other(first: int, second: int) -> None:
    one, other = shipped()[first], shipped()[second]
    assert apply(differences(one, other), one) == other
    assert apply(differences(other, one), other) == one


OKR = shipped()[0][0].skills_by_id["okr"]
EDITS = {
    "the level's id, kept": (reidentify_level("middle", "mid"), Kind.REIDENTIFIED, ("levels", "mid")),
    "the skill's id, kept": (reidentify_skill("okr", "goals"), Kind.REIDENTIFIED, ("skills", "goals")),
    "the skill's name": (edit_skill("okr", name="Goals"), Kind.RENAMED, ("skills", "okr")),
    "the skill's category": (edit_skill("okr", category="technology"), Kind.MOVED, ("skills", "okr")),
    "the skill's importance": (edit_skill("okr", importance=Importance.OPTIONAL), Kind.WEIGHED, ("skills", "okr")),
    "the skill's summary": (edit_skill("okr", summary="Other words."), Kind.REWORDED, ("skills", "okr")),
    "the skill's source": (edit_skill("okr", source=HOUSE), Kind.CHANGED, ("skills", "okr")),
    "a statement": (
        edit_expectation("okr", "senior", statement="Quite different."), Kind.REWORDED, ("skills", "okr", "expectations", "senior")
    ),
    "its indicators": (
        edit_expectation("okr", "senior", indicators=("One.",)), Kind.REWORDED, ("skills", "okr", "expectations", "senior")
    ),
    "its requirement": (
        edit_expectation("okr", "senior", requirement=Requirement.MAY), Kind.MOVED, ("skills", "okr", "expectations", "senior")
    ),
    "a new skill": (add_skill("new", like="okr"), Kind.ADDED, ("skills", "new")),
    "a skill taken out": (remove_skill("mobile-and-web-platforms"), Kind.REMOVED, ("skills", "mobile-and-web-platforms")),
    "an expectation taken out": (
        edit_skill("okr", expectations=OKR.expectations[:-1]), Kind.REMOVED, ("skills", "okr", "expectations", "principal")
    ),
    "levels in another order": (reverse_levels, Kind.REORDERED, ()),
    "skills in another order": (reverse_skills, Kind.REORDERED, ()),
    "the share of shoulds": (edit_ladder(should_share=0.9), Kind.WEIGHED, ()),
    "the summary": (edit_ladder(summary="Other words."), Kind.REWORDED, ()),
    "the family": (edit_ladder(family="other"), Kind.CHANGED, ()),
}  # fmt: skip
"""Name → the edit, and the one change of the content that it is."""


def content(found: Differences) -> list[tuple[Kind, tuple[str, ...]]]:
    return [(change.kind, change.place) for change in found.changes if change.kind is not Kind.ABOUT]


@pytest.mark.parametrize("name", EDITS)
def test_one_edit_is_one_change(name: str) -> None:
    edit, kind, place = EDITS[name]
    one, other = shipped()[0], next_shipped(edit)
    found = differences(one, other)
    assert content(found) == [(kind, place)]
    assert apply(found, one) == other
    assert apply(differences(other, one), other) == one


def test_renaming_every_level_is_one_change_each() -> None:
    found = differences(shipped()[0], next_shipped(rename_levels))
    assert content(found) == [
        (Kind.RENAMED, ("levels", it)) for it in ("junior", "middle", "senior", "lead", "principal")
    ]


def section(**fields: Any) -> Callable[[Blueprint], Blueprint]:
    """The first section, edited."""
    return lambda it: replace(it, sections=(replace(it.sections[0], **fields), *it.sections[1:]))


def inheriting(blueprint: Blueprint) -> Blueprint:
    """The first section from another source, with all that inherits it."""
    first = blueprint.sections[0]
    groups = tuple(
        replace(
            group, items=tuple(replace(it, source=HOUSE) if it.source == first.source else it for it in group.items)
        )
        for group in first.groups
    )
    return section(source=HOUSE, groups=groups)(blueprint)


IN_BLUEPRINT: dict[str, tuple[Callable[[Blueprint], Blueprint], Kind, tuple[str, ...]]] = {
    "a section's title": (section(title="Other"), Kind.RENAMED, ("sections", "role-summary")),
    "a source that items inherit": (inheriting, Kind.CHANGED, ("sections", "role-summary")),
    "no KPIs any more": (lambda it: replace(it, kpis=None), Kind.REMOVED, ("kpis",)),
    "goals in another order": (lambda it: replace(it, goals=it.goals[::-1]), Kind.REORDERED, ()),
    "a criterion's text": (
        lambda it: replace(it, promotion=tuple(replace(each, criteria=(replace(each.criteria[0], text="x"), *each.criteria[1:]))
                                               for each in it.promotion)),
        Kind.REWORDED, ("promotion", "senior", "criteria", "strategic-depth"),
    ),
    "a weight": (
        lambda it: replace(it, scorecard=replace(it.scorecard, dimensions=(replace(it.scorecard.dimensions[0], weight=1),
                                                                          *it.scorecard.dimensions[1:]))),
        Kind.WEIGHED, ("scorecard", "dimensions", "product-thinking"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_BLUEPRINT)
def test_one_edit_of_the_blueprint_is_one_change(name: str) -> None:
    edit, kind, place = IN_BLUEPRINT[name]
    one = shipped()[0]
    assert one[1] is not None
    other = one[0], edit(one[1])
    found = differences(one, other)
    assert content(found) == [(kind, ("blueprint", *place))]
    assert apply(found, one) == other
    assert apply(differences(other, one), other) == one
