"""CASE packages: what they say as ladders, and that nothing is lost on the way in and back."""

import json
from copy import deepcopy
from dataclasses import replace
from time import process_time
from typing import Any

import pytest
from hypothesis import assume, given, settings

from service.formats import case, mapped, markdown
from service.formats.all import find_format
from service.formats.native import as_json as native_json
from service.formats.native import as_yaml as native_yaml
from service.formats.rules import Given, Understood
from service.ladders.rules import Ladder, Requirement
from service.ladders.writing import blueprint_data, ladder_data
from tests.formats.making import GIVEN, ladders, taken_in
from tests.formats.packages import (
    GRADES,
    KINDS,
    LEVELLED,
    NAMED,
    PLAIN,
    RUBRICS,
    SHAPES,
    Data,
    child,
    item,
    package,
    packages,
    tie,
    uuid,
)
from tests.ladders.files import shipped


def read(data: Any, given: Given = GIVEN) -> Understood:
    return case.read(json.dumps(data).encode(), given)


def written(ladder: Ladder) -> Any:
    return json.loads(case.write(ladder, None))


def outline(data: Any) -> dict[str, dict[str, str]]:
    ladder = read(data).ladder
    assert ladder is not None
    titles = {level["id"]: level["title"] for level in ladder["levels"]}
    return {
        skill["name"]: {titles[each["level"]]: each["statement"] for each in skill["expectations"]}
        for skill in ladder["skills"]
    }


@pytest.mark.parametrize("version", shipped())
def test_a_shipped_version_reads_back_with_its_blueprint(version: Any) -> None:
    ladder, blueprint = version
    understood = case.read(case.write(ladder, blueprint), GIVEN)
    assert understood.ladder == ladder_data(ladder)
    assert understood.blueprint == (blueprint_data(blueprint) if blueprint else None)
    assert (understood.faults, understood.notes) == ((), ())


@given(ladders())
@settings(max_examples=40, deadline=None)
def test_any_ladder_reads_back_as_it_was(ladder: Ladder) -> None:
    assert taken_in(case.read(case.write(ladder, None), GIVEN)) == ladder


@pytest.mark.parametrize("shape", SHAPES)
def test_a_package_leaves_as_it_came(shape: str) -> None:
    assert written(taken_in(read(SHAPES[shape]))) == SHAPES[shape]


@given(packages())
@settings(max_examples=40, deadline=None)
def test_any_package_leaves_as_it_came(data: Data) -> None:
    understood = read(data)
    assume(understood.ladder is not None)
    assert written(taken_in(understood)) == data


@given(packages())
@settings(max_examples=25, deadline=None)
def test_what_was_changed_in_any_package_reads_back(data: Data) -> None:
    understood = read(data)
    assume(understood.ladder is not None)
    ladder = taken_in(understood)
    first, *others = ladder.skills
    said = replace(first.expectations[0], statement="Said anew.", requirement=Requirement.MAY, indicators=("Seen.",))
    changed = replace(
        ladder, title="New title", skills=(*others, replace(first, expectations=(said, *first.expectations[1:])))
    )
    again = taken_in(case.read(case.write(changed, None), GIVEN))
    assert replace(again, carried=None) == replace(changed, carried=None)
    assert written(again) == written(changed)


def test_a_changed_statement_changes_nothing_else_in_the_package() -> None:
    ladder = taken_in(read(RUBRICS))
    skill = ladder.skills[0]
    changed = replace(skill.expectations[1], statement="Does it well.")
    changed_skill = replace(skill, expectations=(skill.expectations[0], changed, skill.expectations[2]))
    expected = deepcopy(RUBRICS)
    expected["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"][2]["description"] = "Does it well."
    assert written(replace(ladder, skills=(changed_skill,))) == expected


def test_a_skill_that_is_gone_takes_along_what_points_at_it() -> None:
    ladder = taken_in(read(NAMED))
    out = written(replace(ladder, skills=ladder.skills[:2]))
    gone = {uuid(3), uuid(30), uuid(31)}
    assert out["CFItems"] == [node for node in NAMED["CFItems"] if node["identifier"] not in gone]
    origins = [node["originNodeURI"]["identifier"] for node in NAMED["CFAssociations"]]
    assert [node["originNodeURI"]["identifier"] for node in out["CFAssociations"]] == [
        each for each in origins if each not in gone
    ]


def test_a_new_skill_is_added_to_the_package_that_it_came_into() -> None:
    ladder = taken_in(read(LEVELLED))
    new = replace(ladder.skills[0], id="logs", name="Reading logs")
    more = replace(ladder, skills=(*ladder.skills, new))
    out = written(more)
    kept = {node["identifier"] for node in LEVELLED["CFItems"]}
    assert kept < {node["identifier"] for node in out["CFItems"]}
    assert "ext:likes" in [node["associationType"] for node in out["CFAssociations"]]
    assert replace(taken_in(read(out)), carried=None) == replace(more, carried=None)


def test_levels_are_found_in_rubrics_by_their_scores() -> None:
    assert outline(RUBRICS) == {"Testing": {"Novice": "Tries it.", "Able": "Does it.", "Expert": "Teaches it."}}


def test_levels_are_found_in_education_levels_in_the_order_of_grades() -> None:
    assert outline(GRADES) == {"Numbers": {"KG": "Counts to ten.", "01": "Counts to a hundred.", "10": "Counts on."}}
    assert [(note.place, note.words) for note in read(GRADES).notes] == [
        ("/CFItems/4", "1 items say nothing at a level; they were kept for the way back."),
        ("", "The education levels of the items stand as levels; an item with several stands at the lowest."),
    ]


def test_levels_are_found_in_items_that_repeat() -> None:
    assert outline(NAMED) == {
        "Testing": {"Basic": "Tests 0", "Deep": "Tests 1"},
        "Building": {"Basic": "Builds 0", "Deep": "Builds 1"},
        "Asking": {"Basic": "Asks 0", "Deep": "Asks 1"},
    }


def test_levels_are_found_by_has_skill_level_and_precedes() -> None:
    assert outline(LEVELLED) == {"Testing": {"Low": "Tests some.", "High": "Tests all."}}
    ladder = read(LEVELLED).ladder
    assert ladder is not None
    assert ladder["skills"][0]["expectations"][0]["indicators"] == ["Was seen testing."]


def test_without_levels_there_is_one_and_the_order_is_that_of_the_numbers() -> None:
    assert outline(PLAIN) == {
        "Reads logs.": {"Expected": "Reads logs."},
        "Writes tests.": {"Expected": "Writes tests."},
        "On its own": {"Expected": "On its own"},
    }


def test_the_place_of_levels_can_be_named() -> None:
    understood = read(NAMED, Given(mapping={"levels": "none"}))
    assert understood.mapping == {"levels": "none"}
    assert understood.ladder is not None
    assert len(understood.ladder["skills"]) == 6


def test_ids_are_the_identifiers() -> None:
    ladder = read(RUBRICS).ladder
    assert ladder is not None
    assert [skill["id"] for skill in ladder["skills"]] == [uuid(2)]


def test_the_next_version_keeps_the_identifiers_of_items() -> None:
    ladder, _ = shipped()[0]
    this, following = written(ladder), written(replace(ladder, version="2027.1", dated="2027-03-17"))
    assert [node["identifier"] for node in this["CFItems"]] == [node["identifier"] for node in following["CFItems"]]
    assert this["CFDocument"]["identifier"] != following["CFDocument"]["identifier"]


def test_associations_of_every_kind_are_named_and_kept() -> None:
    ties = [child(1), *(tie(10 + number, kind, uuid(1), "elsewhere") for number, kind in enumerate(KINDS[1:]))]
    understood = read(package([item(1, "Testing")], ties))
    listed = ", ".join(f"1 {kind}" for kind in sorted(KINDS[1:]))
    assert understood.notes[0].words == f"Associations were kept for the way back: {listed}."
    assert written(taken_in(understood))["CFAssociations"] == ties


CIRCLE = package([item(1, "One"), item(2, "Two")], [child(1, 2), child(2, 1)])


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (CIRCLE, ["/CFAssociations/0"]),
        (package([item(1, "One")], [child(1, 1)]), ["/CFAssociations/0"]),
        (package([item(1, "One"), item(1, "Again")], []), ["/CFItems/1/identifier"]),
        (package([{"fullStatement": "No id"}, 5], []), ["/CFItems/0", "/CFItems/1"]),  # type: ignore[list-item]
        ({"CFDocument": {"title": "x"}, "CFItems": {}}, ["/CFItems"]),
        ({"CFItems": []}, ["/CFDocument"]),
        ([], ["/CFDocument"]),
        ({"CFPackage": {"CFDocument": {"title": "x"}, "CFItems": 3}}, ["/CFPackage/CFItems"]),
        (package([], [], CFRubrics=[{"CFRubricCriteria": {}}]), ["/CFRubrics/0/CFRubricCriteria"]),
    ],
)
def test_what_is_malformed_is_told_at_its_pointer(data: Any, places: list[str]) -> None:
    understood = read(data)
    assert understood.ladder is None
    assert [fault.place for fault in understood.faults] == places


def test_whole_packages_of_thousands_are_read_in_a_second() -> None:
    count = 2500
    chain = package(
        [item(n, f"Item {n}", educationLevel=[str(n % 7)]) for n in range(1, count)],
        [child(n, n - 1) for n in range(1, count)],
    )
    begin = process_time()
    assert read(chain).ladder is not None
    assert process_time() - begin < 1


HEAD = {"identifier", "uri", "lastChangeDateTime"}
FIELDS = {  # of CASE 1.1: those a node must have beside HEAD, and those it may have
    "CFDocument": ({"creator", "title"}, {"caseVersion", "description", "version", "extensions"}),
    "CFItems": (
        {"fullStatement"},
        {"abbreviatedStatement", "CFItemType", "CFItemTypeURI", "educationLevel", "extensions"},
    ),
    "CFAssociations": ({"associationType", "originNodeURI", "destinationNodeURI"}, {"sequenceNumber"}),
    "CFRubrics": (set[str](), {"title", "CFRubricCriteria"}),
    "CFItemTypes": ({"title", "description", "hierarchyCode"}, set[str]()),
}


@pytest.mark.parametrize("version", shipped())
def test_an_export_has_the_fields_of_the_standard_and_no_others(version: Any) -> None:
    package = json.loads(case.write(*version))
    package |= package.pop("CFDefinitions")
    assert set(package) == set(FIELDS)
    for name, (must, may) in FIELDS.items():
        nodes = package[name] if isinstance(package[name], list) else [package[name]]
        assert {frozenset((HEAD | must) - set(node)) for node in nodes} == {frozenset()}
        assert {field for node in nodes for field in node} <= HEAD | must | may
    identifiers = [node["identifier"] for name in FIELDS if name != "CFDocument" for node in package[name]]
    assert len(identifiers) == len(set(identifiers))
    there = {*identifiers, package["CFDocument"]["identifier"]}
    ends = [
        node[end]["identifier"] for node in package["CFAssociations"] for end in ("originNodeURI", "destinationNodeURI")
    ]
    assert set(ends) <= there


def test_every_format_of_json_and_yaml_is_told_from_the_others() -> None:
    ladder, blueprint = shipped()[0]
    foreign = taken_in(read(RUBRICS))
    for written_by in (case, markdown, native_json, native_yaml):
        for each in (ladder, foreign):
            name = f"ladder{written_by.ENDINGS[0]}"
            assert find_format(name, written_by.write(each, blueprint if each is ladder else None)) is written_by
    assert find_format("tracks.json", b'{"tracks": {}}') is mapped
    assert find_format("data.md", b"---\ntopics: []\n---\n") is mapped


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"CFDocument": NaN}', b"\xff", b'{"CFDocument": {"title": 5}, "CFItems": [[]]}', b"[" * 9999],
)
def test_half_and_hostile_files_are_told(content: bytes) -> None:
    understood = case.read(content, GIVEN)
    assert understood.ladder is None
    assert understood.faults


@pytest.mark.parametrize(
    "kept", [5, {}, {"package": []}, {"package": {"~": 1}}, {"package": {"CFDocument": {"~": [], "json": "{"}}}]
)
def test_a_carried_package_that_somebody_broke_is_written_anew(kept: Any) -> None:
    ladder, _ = shipped()[0]
    broken = replace(ladder, carried={"case": kept})
    again = taken_in(case.read(case.write(broken, None), GIVEN))
    assert again.skills == ladder.skills
