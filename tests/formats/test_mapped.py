"""Nested data by a mapping: shapes, guesses, and where a path stops."""

import json
from contextlib import suppress
from time import process_time
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from service.formats import mapped
from service.formats.mapped.mapping import SCHEMA, from_data
from service.formats.mapped.paths import WrongPath, parse_path
from service.formats.rules import Given, Understood
from service.settings import ROOT

TRACKS = {
    "tracks": {
        "MOBILE": {
            "displayName": "Mobile",
            "category": "A",
            "description": "Apps",
            "milestones": [
                {"summary": "Works.", "signals": ["Ships"], "examples": ["One"]},
                {"summary": "Leads.", "signals": ["Plans", "Asks"], "examples": ["Two"]},
            ],
        },
        "WEB": {
            "displayName": "Web",
            "category": "B",
            "description": "Pages",
            "milestones": [
                {"summary": "Writes.", "signals": [], "examples": []},
                {"summary": "Shapes.", "signals": [], "examples": []},
            ],
        },
    }
}
TRACK_MAP = """\
levels: {each: tracks.MOBILE.milestones.*, id: "{number}", title: "{number}"}
skills: {each: tracks.*, id: "{key}", name: displayName, summary: description, category: category}
expectations: {each: milestones.*, level: "{number}", statement: summary, indicators: [signals, examples]}
"""
FLAT = """\
name: Testers
levels: [{id: sr, name: Senior}, {id: jr, name: Junior}]
themes:
  - {id: t-1, name: Testing, summary: Finds out.}
  - {id: t-2, name: Asking}
competencies:
  - {level: jr, theme: t-1, summary: Tests some.}
  - {level: sr, theme: t-1, summary: Tests all., examples: [Always]}
  - {level: sr, theme: t-1, summary: Tests again.}
  - {level: jr, theme: t-2, summary: Asks.}
"""
BY_LEVEL = {
    "Junior": {"Testing": "Some.", "Asking": "Once."},
    "Senior": {"Testing": ["All.", "Always."], "Asking": "Twice."},
}
BY_KEY = {
    "skills": {"testing": {"junior": "Some.", "senior": {"x": 1}}, "asking": {"junior": "Once.", "senior": "Twice."}}
}
TOPICS = """\
---
title: Testers
topics:
  - name: testing
    content:
      - level: 2
        criteria: [All, Always]
      - level: 10
        criteria: [More]
      - level: 1
        criteria: [Some]
---
"""


def read(data: Any, mapping: Any = None) -> Understood:
    content = data if isinstance(data, str) else json.dumps(data)
    given = yaml.safe_load(mapping) if isinstance(mapping, str) else mapping
    return mapped.read(content.encode(), Given(mapping=given))


def outline(data: Any, mapping: Any = None) -> dict[str, dict[str, tuple[str, ...]]]:
    understood = read(data, mapping)
    assert understood.faults == ()
    assert understood.ladder is not None
    titles = {level["id"]: level["title"] for level in understood.ladder["levels"]}
    return {
        skill["name"]: {
            titles[each["level"]]: tuple(filter(None, (each.get("statement"), *each.get("indicators", ()))))
            for each in skill["expectations"]
        }
        for skill in understood.ladder["skills"]
    }


def test_a_mapping_of_three_lines_brings_in_tracks_with_milestones() -> None:
    understood = read(TRACKS, TRACK_MAP)
    assert outline(TRACKS, TRACK_MAP) == {
        "Mobile": {"1": ("Works.", "Ships", "One"), "2": ("Leads.", "Plans", "Asks", "Two")},
        "Web": {"1": ("Writes.",), "2": ("Shapes.",)},
    }
    assert understood.ladder is not None
    assert [(skill["id"], skill["category"], skill["summary"]) for skill in understood.ladder["skills"]] == [
        ("mobile", "a", "Apps"),
        ("web", "b", "Pages"),
    ]
    assert understood.places[("skills", 0, "expectations", 1)] == "/tracks/MOBILE/milestones/1"
    assert understood.notes == ()


def test_tracks_are_recognised_without_a_mapping() -> None:
    assert list(outline(TRACKS)) == ["Mobile", "Web"]
    assert outline(TRACKS)["Web"] == {"Level 1": ("Writes.",), "Level 2": ("Shapes.",)}


def test_lists_that_point_at_each_other_by_id() -> None:
    assert outline(FLAT) == {
        "Testing": {"Junior": ("Tests some.",), "Senior": ("Tests all.", "Always", "Tests again.")},
        "Asking": {"Junior": ("Asks.",)},
    }
    understood = read(FLAT)
    assert understood.mapping is not None
    assert outline(FLAT, dict(understood.mapping)) == outline(FLAT)
    assert [(note.place, note.words) for note in understood.notes] == [
        ("", "The levels stand from the highest down; they were turned around.")
    ]
    assert understood.places[("skills", 0)] == "line 4, column 5"


def test_names_of_fields_are_levels() -> None:
    assert outline(BY_KEY) == {
        "testing": {"junior": ("Some.",)},
        "asking": {"junior": ("Once.",), "senior": ("Twice.",)},
    }


def test_levels_first_and_skills_below() -> None:
    mapping = {"expectations": {"each": "*.*", "level": "^{key}", "skill": "{key}", "statement": "."}}
    expected = {
        "Testing": {"Junior": ("Some.",), "Senior": ("All.", "Always.")},
        "Asking": {"Junior": ("Once.",), "Senior": ("Twice.",)},
    }
    assert outline(BY_LEVEL, mapping) == expected


RUNGS = [
    {"name": "Level 1", "detail": "Begins.", "track": "", "skills": [{"name": "Testing", "body": "Some."}]},
    {
        "name": "Level 2",
        "detail": "Goes on.",
        "track": "",
        "skills": [{"name": "Testing", "body": "All."}, {"name": "Asking", "body": "Twice."}],
    },
]


def test_a_field_of_the_entry_further_out_is_reached_through_a_named_list() -> None:
    mapping = {"expectations": {"each": "rungs.*.skills.*", "level": "^name", "skill": "name", "statement": "body"}}
    expected = {"Testing": {"Level 1": ("Some.",), "Level 2": ("All.",)}, "Asking": {"Level 2": ("Twice.",)}}
    assert outline({"rungs": RUNGS}, mapping) == expected


def test_levels_that_hold_lists_of_skills_are_guessed_with_what_describes_them() -> None:
    understood = read({"levels": RUNGS})
    assert outline({"levels": RUNGS})["Asking"] == {"Level 2": ("Twice.",)}
    assert understood.ladder is not None
    assert [level["summary"] for level in understood.ladder["levels"]] == ["Begins.", "Goes on."]


def test_levels_alone_are_those_of_one_skill() -> None:
    data = {"L1": {"summary": "Some.", "detail": "A few."}, "L2": {"summary": "All.", "detail": "Each."}}
    assert outline(data) == {"Skill": {"L1": ("Some.",), "L2": ("All.",)}}


def test_a_title_beside_a_name_that_is_an_id_is_what_people_read() -> None:
    topics = [
        {"name": "testing", "title": "🧪 Testing", "content": [{"level": 1, "criteria": "Some"}, {"level": 2, "criteria": "All"}]},
        {"name": "asking", "title": "💬 Asking", "content": [{"level": 1, "criteria": "Once"}, {"level": 2, "criteria": "Twice"}]},
    ]  # fmt: skip
    understood = read({"topics": topics})
    assert understood.ladder is not None
    assert [(skill["id"], skill["name"]) for skill in understood.ladder["skills"]] == [
        ("testing", "🧪 Testing"),
        ("asking", "💬 Asking"),
    ]


def test_front_matter_is_read_and_numbers_sort_as_numbers() -> None:
    assert outline(TOPICS) == {"testing": {"Level 1": ("Some",), "Level 2": ("All", "Always"), "Level 10": ("More",)}}
    assert read(TOPICS).places[("skills", 0)] == "line 4, column 5"


def test_the_order_of_levels_can_be_named_and_constants_stand_for_paths() -> None:
    mapping = """
title: =My ladder
skills: {each: topics.*, name: name, category: =Craft}
expectations: {each: content.*, level: level, statement: criteria, requirement: =should}
order: [10, 1, 2]
"""
    ladder = read(TOPICS, mapping).ladder
    assert ladder is not None
    assert (ladder["title"], ladder["categories"]) == ("My ladder", [{"id": "craft", "title": "Craft"}])
    assert [level["id"] for level in ladder["levels"]] == ["level-10", "level-1", "level-2"]
    assert {each["requirement"] for each in ladder["skills"][0]["expectations"]} == {"should"}


@pytest.mark.parametrize(
    ("mapping", "place", "words"),
    [
        (
            "{skills: {each: track.*}, expectations: {each: milestones.*, level: '{number}', statement: summary}}",
            "mapping skills.each",
            "“track.*” stops: at the top stands an object with tracks; “track” is not among them; did you mean 'tracks'?",
        ),
        (
            "{skills: {each: tracks.*}, expectations: {each: milestones.summary, level: '{number}', statement: .}}",
            "mapping expectations.each",
            "“milestones.summary” stops: at tracks.MOBILE.milestones stands a list of 2, the first of them an object with"
            " summary, signals, examples; “summary” is no entry of it, * stands for each.",
        ),
        (
            "{skills: {each: tracks.*}, expectations: {each: milestones.*, level: '{number}', statement: sumary}}",
            "mapping expectations.statement",
            "“sumary” stops: at tracks.MOBILE.milestones.0 stands an object with summary, signals, examples;"
            " “sumary” is not among them; did you mean 'summary'?",
        ),
        (
            "{expectations: {level: x}}",
            "mapping expectations",
            "The field `each` is missing: the path to every entry, such as skills.*.",
        ),
        ("{skills: {each: a}}", "mapping", "A mapping needs `expectations`: where the texts of the levels stand."),
        (
            "{expectations: {each: a..b}}",
            "mapping expectations.each",
            "“a..b” is no path from sign 3 on. Write names with dots between, such as tracks.*.name.",
        ),
        (
            "{expectations: {each: 5}}",
            "mapping expectations.each",
            "Here stands a path, such as tracks.*.name, or words after =.",
        ),
    ],
)
def test_a_wrong_path_says_where_it_stopped_and_what_stands_there(mapping: str, place: str, words: str) -> None:
    understood = read(TRACKS, mapping)
    assert understood.ladder is None
    assert (understood.faults[0].place, understood.faults[0].words) == (place, words)


def test_what_nobody_recognises_comes_with_a_mapping_to_begin_with() -> None:
    understood = read({"a": 1})
    assert (understood.ladder, understood.mapping) == (None, mapped.EMPTY)
    assert understood.faults[0].place == "/"


def test_the_published_schema_is_the_one_of_the_program_and_takes_what_the_program_takes() -> None:
    published = json.loads((ROOT / "ladders" / "mapping.schema.json").read_text("utf-8"))
    assert published == SCHEMA
    for good in (yaml.safe_load(TRACK_MAP), dict(read(FLAT).mapping or {}), mapped.EMPTY):
        jsonschema.validate(good, published)
        assert from_data(good)[1] == []
    for bad in ({}, {"expectations": {}}, {"expectations": {"each": "a", "x": "b"}}, {"expectations": {"each": 1}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, published)
        assert from_data(bad)[1] != []


@given(st.text(max_size=40))
@settings(deadline=None)
def test_any_text_is_a_path_or_told_to_be_none(text: str) -> None:
    with suppress(WrongPath):
        parse_path(text)


_WORDS = ["level", "name", "skills", "levels", "junior", "senior", "text", "id"]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["level", "name", "skills", "levels", "junior", "text", "id"]), inner, max_size=5
        )
    ),
    max_leaves=25,
)


@given(_JSON)
@settings(max_examples=100, deadline=None)
def test_any_data_is_understood_or_told(data: Any) -> None:
    understood = read(data)
    assert (understood.ladder is None) == bool(understood.faults)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "line 1, column 1"),
        (b"a: 1\n\tb: 2", "line 2, column 1"),
        (b"a: &x 1\nb: *x", "line 1, column 4"),
        (b"a: [1, 2", "line "),
        (b"\xff\xfea", "line 1"),
        (b"a: \xff", "line 1, column 4"),
        (b'{"a": 1, "a": 2}', "/a"),
        (b'{"a": NaN}', "/a"),
        (b'{"a": [1, 2', "line 1, column 12"),
        (b"[" * 5000, "line 1"),
        (b"- " * 5000, "line 1"),
        (b"[" + b"1," * 400_000 + b"1]", "line 1"),
        (b"a: " + b"x" * 5_000_000, "line 1"),
        (b"x: x\n" * 100_000, "line 2"),
    ],
)
def test_malformed_and_huge_files_are_told_at_once(content: bytes, place: str) -> None:
    begin = process_time()
    understood = mapped.read(content, Given())
    assert process_time() - begin < 2
    assert understood.ladder is None
    assert understood.faults[0].place[: len(place)] == place


def test_a_level_that_repeats_the_one_before_is_told_and_left_out() -> None:
    asking = {"junior": "Asks.", "senior": "Asks.", "lead": "Asks all."}
    data = {"skills": {"asking": asking, "testing": {"junior": "A.", "senior": "B."}}}
    understood = read(data)
    assert outline(data)["asking"] == {"junior": ("Asks.",), "lead": ("Asks all.",)}
    assert [(note.place, note.words) for note in understood.notes] == [
        ("/skills/asking/senior", "“asking” says what the level before says; nothing new begins there.")
    ]
    assert understood.places[("skills", 0, "expectations", 1)] == "/skills/asking/lead"
