"""What differs between two texts of a plan: by examples, and for any two texts."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import contract
from service.revisions.rules import (
    KEY_RESULT_FIELDS,
    OBJECTIVE_FIELDS,
    PLAN_FIELDS,
    Change,
    Differences,
    Kind,
    differences,
)

RESULT = {
    "id": "k1", "title": "More first reports", "metric": "reports", "unit": "%", "direction": "increase",
    "baseline": "40", "target": "60", "due_on": "2026-12-01", "owner": "Ben",
}  # fmt: skip
OBJECTIVE = {
    "id": "o1", "title": "New users get there", "horizon": 30, "due_on": "2026-12-01", "why": "They leave.",
    "gaps": ["okr"], "above": "", "projects": ["Ten talks"], "serves": ["Gap: OKR"], "key_results": [RESULT],
}  # fmt: skip
TEXT = {"plan": {"title": "Towards Senior", "start_on": "2026-11-02"}, "chosen": ["okr"], "objectives": [OBJECTIVE]}


def changed(**fields: Any) -> dict[str, Any]:
    """TEXT with other fields in its objective; `kr` holds those of its key result."""
    text = deepcopy(TEXT)
    text["objectives"][0]["key_results"][0].update(fields.pop("kr", {}))
    text["objectives"][0].update(fields)
    return text


def test_a_text_does_not_differ_from_itself() -> None:
    assert not differences(TEXT, deepcopy(TEXT))


def test_each_changed_field_is_told_with_both_values() -> None:
    found = differences(TEXT, changed(title="Users get there", kr={"target": "70"}))
    (objective,) = found.objectives
    assert (objective.kind, objective.title) == (Kind.CHANGED, "Users get there")
    assert objective.fields == (Change("title", "New users get there", "Users get there"),)
    assert objective.key_results[0].fields == (Change("target", "60", "70"),)


def test_a_moved_horizon_is_a_field_of_its_own() -> None:
    (objective,) = differences(TEXT, changed(horizon=60, due_on="2027-01-01")).objectives
    assert [change.field for change in objective.fields] == ["horizon", "due_on"]


def test_what_is_added_has_nothing_before_and_what_is_taken_out_nothing_after() -> None:
    more = deepcopy(TEXT)
    more["objectives"].append(OBJECTIVE | {"id": "o2", "title": "Second", "key_results": [RESULT | {"id": "k2"}]})
    (added,) = differences(TEXT, more).objectives
    (removed,) = differences(more, TEXT).objectives
    assert (added.kind, removed.kind, added.title, removed.title) == (Kind.ADDED, Kind.REMOVED, "Second", "Second")
    assert {change.before for change in added.fields} == {change.after for change in removed.fields} == {None}
    assert [result.kind for result in added.key_results + removed.key_results] == [Kind.ADDED, Kind.REMOVED]


def test_the_same_title_under_another_id_is_another_objective() -> None:
    found = differences(TEXT, changed(id="o9"))
    assert [(objective.id, objective.kind) for objective in found.objectives] == [
        ("o9", Kind.ADDED),
        ("o1", Kind.REMOVED),
    ]


def test_dates_of_the_plan_and_chosen_gaps_are_told() -> None:
    after = deepcopy(TEXT) | {"chosen": ["okr", "sql"], "plan": {"title": "Towards Senior", "start_on": "2026-11-09"}}
    expected = (Change("start_on", "2026-11-02", "2026-11-09"), Change("chosen", ("okr",), ("okr", "sql")))
    assert differences(TEXT, after) == Differences(expected, ())


def test_what_is_empty_and_what_is_left_out_are_the_same() -> None:
    text = changed(above=None, kr={"baseline": None})
    assert not differences(changed(kr={"baseline": None}), text)


def test_the_order_of_objectives_is_no_difference() -> None:
    two = deepcopy(TEXT)
    two["objectives"].append(OBJECTIVE | {"id": "o2"})
    turned = two | {"objectives": two["objectives"][::-1]}
    assert not differences(two, turned)


words = st.text(max_size=5)
day = st.dates().map(str)
result = st.fixed_dictionaries(
    dict.fromkeys(KEY_RESULT_FIELDS, words) | {"id": st.sampled_from("abc"), "baseline": st.none() | words}
)
results = st.lists(result, max_size=3, unique_by=lambda it: it["id"])
objective = st.fixed_dictionaries(
    dict.fromkeys(OBJECTIVE_FIELDS, words)
    | {"id": st.sampled_from("xyz"), "horizon": st.sampled_from([30, 60, 90]), "key_results": results}
    | {"gaps": st.lists(words, max_size=2), "projects": st.lists(words, max_size=2)}
)
texts = st.fixed_dictionaries(
    {
        "plan": st.fixed_dictionaries({"title": words, "start_on": day}),
        "chosen": st.lists(words, max_size=2),
        "objectives": st.lists(objective, max_size=3, unique_by=lambda it: it["id"]),
    }
)


def fields_of(text: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    """(place, field) → value of everything in a text that holds something."""
    flat = {("plan", name): text["plan"][name] for name in PLAN_FIELDS} | {("plan", "chosen"): text["chosen"]}
    for it in text["objectives"]:
        flat |= {(it["id"], name): it[name] for name in OBJECTIVE_FIELDS}
        flat |= {(it["id"], kr["id"], name): kr[name] for kr in it["key_results"] for name in KEY_RESULT_FIELDS}
    return {place: tuple(value) if isinstance(value, list) else value for place, value in flat.items() if value}


def told_by(found: Differences) -> dict[tuple[str, ...], tuple[Any, Any]]:
    told = {("plan", change.field): (change.before, change.after) for change in found.plan}
    for it in found.objectives:
        told |= {(it.id, change.field): (change.before, change.after) for change in it.fields}
        for kr in it.key_results:
            told |= {(it.id, kr.id, change.field): (change.before, change.after) for change in kr.fields}
    return told


@given(texts, texts)
def test_every_field_that_differs_is_told_and_no_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    one, other = fields_of(before), fields_of(after)
    expected = {
        place: (one.get(place), other.get(place)) for place in one | other if one.get(place) != other.get(place)
    }
    assert told_by(differences(before, after)) == expected


@given(texts)
def test_no_text_differs_from_itself(text: dict[str, Any]) -> None:
    assert not differences(text, deepcopy(text))


@pytest.mark.parametrize(
    ("part", "compared", "aside"),
    [
        (contract.KeyResult, KEY_RESULT_FIELDS, {"id"}),
        (contract.Objective, OBJECTIVE_FIELDS, {"id", "key_results", "serves"}),
        (contract.Head, PLAN_FIELDS, {"id", "kind"}),
    ],
)
def test_every_field_of_the_contract_is_compared(part: Any, compared: tuple[str, ...], aside: set[str]) -> None:
    """`serves` is what is printed of gaps and above. A new field of the contract belongs into differences.py."""
    assert set(part.model_fields) - aside == set(compared)
