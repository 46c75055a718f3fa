"""What differs between two versions, for any two; and that one edit is one change."""

from collections import Counter

from hypothesis import given, settings

from service.ladders.differences import Kind, apply, differences
from service.ladders.files import read_texts
from service.ladders.rules import Version
from service.ladders.writing import to_texts
from tests.ladders.files import shipped
from tests.ladders.strategies import versions

before, after = versions("1", None), versions()


@settings(max_examples=10)
@given(after)
def test_the_versions_tried_here_pass_the_checks(version: Version) -> None:
    ladder, blueprint = to_texts(*version)
    assert read_texts(ladder.encode(), blueprint.encode() if blueprint else None).problems == ()


@given(after)
def test_no_version_differs_from_itself(version: Version) -> None:
    found = differences(version, version)
    assert (found.changes, found.suggestions) == ((), ())


@settings(max_examples=100)
@given(before, after)
def test_the_differences_lead_from_one_version_to_the_other(one: Version, other: Version) -> None:
    assert apply(differences(one, other), one) == other


@settings(max_examples=100)
@given(before, after)
def test_the_differences_lead_back(one: Version, other: Version) -> None:
    assert apply(differences(other, one), other) == one


@given(before, after)
def test_no_change_is_told_twice(one: Version, other: Version) -> None:
    changes = differences(one, other).changes
    told = Counter((change.kind is Kind.REMOVED, change.place, change.field) for change in changes)
    assert set(told.values()) <= {1}
    for kind in (Kind.ADDED, Kind.REMOVED):
        whole = [change.place for change in changes if change.kind is kind]
        assert [place for place in whole if any(place[:end] in whole for end in range(1, len(place)))] == []


def test_both_shipped_ladders_lead_to_each_other() -> None:
    one, other = shipped()
    assert apply(differences(one, other), one) == other
    assert apply(differences(other, one), other) == one
