"""What forms change, without a database: the canonical text that comes of it, and each problem beside its field."""

import pytest

from service.errors import Conflict, Invalid
from service.ladderdrafts.contents import Part, entries, find, has_remarks, place_in_form, read_contents
from service.ladderdrafts.differences import Kind, differences
from service.ladderdrafts.editing import Add, Change, ChangeHead, Move, Remove, clean, edited, slug
from service.ladderdrafts.forms import head_entry, standing
from service.ladderdrafts.rules import is_place, next_version
from service.ladders.inputs import LadderTexts
from service.ladders.writing import to_texts
from tests.ladders.files import BLUEPRINT, LADDER, changed, shipped

TEXTS = LadderTexts(ladder_yaml=LADDER, blueprint_yaml=BLUEPRINT)


def text(ladder_yaml: str) -> LadderTexts:
    return LadderTexts(ladder_yaml=ladder_yaml, blueprint_yaml=None)


def contents(texts: LadderTexts):  # type: ignore[no-untyped-def]
    return read_contents(texts.ladder_yaml, texts.blueprint_yaml)


@pytest.mark.parametrize("version", shipped(), ids=[made[0].id for made in shipped()])
def test_saving_a_form_as_it_stands_changes_nothing_of_the_canonical_text(version) -> None:  # type: ignore[no-untyped-def]
    ladder, blueprint = to_texts(*version)
    texts = LadderTexts(ladder_yaml=ladder, blueprint_yaml=blueprint)
    assert edited(texts, ChangeHead({})) == texts
    assert edited(texts, Change(Part.SKILLS, "okr", {})) == texts


def test_a_file_and_a_form_give_the_same_text() -> None:
    by_form = edited(TEXTS, Change(Part.LEVELS, "low", {"title": "Beginner"}))
    by_file = edited(text(changed(LADDER, "title: Low", "title: Beginner")), ChangeHead({}))
    assert by_form.ladder_yaml == by_file.ladder_yaml
    assert contents(by_form).problems == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# a remark\n", True),
        ("title: 'a # b'\n", False),
        ("title: a#b\n", False),
        ("title: a # b\n", True),
        ("a: |\n  # b\n", False),
    ],
)
def test_remarks_are_told_from_words(line: str, expected: bool) -> None:
    assert has_remarks(line) is expected


def test_an_expectation_is_written_changed_and_taken_out_in_the_order_of_the_levels() -> None:
    values = {
        "at/low/statement": "Tests a lot.",
        "at/low/indicators": "One.\n\n  Two. ",
        "at/low/counter_indicators": "",
    }
    now = contents(edited(TEXTS, Change(Part.SKILLS, "testing", values))).ladder
    assert now is not None
    low, high = now.skills[0].expectations
    assert (low.level, low.statement, low.indicators, high.level) == ("low", "Tests a lot.", ("One.", "Two."), "high")
    empty = {
        f"at/high/{name}": ""
        for name in ("requirement", "statement", "indicators", "source/document", "source/section")
    }
    left = contents(edited(TEXTS, Change(Part.SKILLS, "testing", empty)))
    assert [each["level"] for each in left.data["skills"][0]["expectations"]] == ["low"]
    assert [problem.kind for problem in left.problems] == ["missing-level", "no-expectation"]


def test_a_new_level_moves_with_the_expectations_that_begin_at_it() -> None:
    source = {"source/document": "profile", "source/section": "9"}
    added = edited(text(LADDER), Add(Part.LEVELS, {"title": "Über uns", "summary": "Tests all."} | source))
    assert [entry.key for entry in entries(contents(added).data, Part.LEVELS)] == ["low", "high", "uber-uns"]
    asked = {
        f"at/uber-uns/{name}": value for name, value in ({"requirement": "may", "statement": "All."} | source).items()
    }
    full = edited(added, Change(Part.SKILLS, "testing", asked))
    assert contents(full).problems == ()
    moved = contents(edited(full, Move(Part.LEVELS, "uber-uns", up=True)))
    assert moved.ladder is not None
    assert [each.level for each in moved.ladder.skills[0].expectations] == ["low", "uber-uns", "high"]


def test_another_id_is_followed_by_what_names_it() -> None:
    following = changed(LADDER, 'version: "1"', 'version: "1"\nsupersedes: "0"')
    renamed = contents(edited(text(following), Change(Part.LEVELS, "high", {"id": "top", "was": "high"})))
    assert (renamed.problems, [each.level for each in renamed.ladder.skills[0].expectations]) == ((), ["low", "top"])
    documents = contents(edited(text(LADDER), Change(Part.DOCUMENTS, "profile", {"id": "paper", "title": "Paper"})))
    assert documents.problems == ()
    assert {each.source.document for each in documents.ladder.skills} == {"paper"}
    category = contents(edited(text(LADDER), Change(Part.CATEGORIES, "craft", {"id": "trade"})))
    assert (category.problems, category.ladder.skills[0].category) == ((), "trade")


def test_what_is_taken_out_leaves_its_problem_and_no_other_loss() -> None:
    left = contents(edited(TEXTS, Remove(Part.CATEGORIES, "craft")))
    assert left.data["skills"][0]["category"] == "craft"
    assert {problem.kind for problem in left.problems} == {"missing-field"}


def test_a_taken_id_and_no_id_are_refused() -> None:
    with pytest.raises(Invalid):
        edited(TEXTS, Add(Part.LEVELS, {"title": "Low", "id": "low"}))
    with pytest.raises(Invalid):
        edited(TEXTS, Add(Part.LEVELS, {"title": "高"}))
    with pytest.raises(Conflict):
        edited(TEXTS, Move(Part.LEVELS, "low", up=True))


@pytest.mark.parametrize("broken", ["title: [", "a: 1\na: 2", "a: *b", "\ttitle: x", "- 1"])
def test_no_form_touches_a_text_that_it_could_lose_something_of(broken: str) -> None:
    with pytest.raises(Conflict):
        edited(text(broken), ChangeHead({"title": "x"}))


def test_an_entry_that_no_form_can_show_is_left_alone() -> None:
    twice = changed(LADDER, "level: high", "level: low")
    entry = find(contents(text(twice)).data, Part.SKILLS, "testing")
    assert entry is not None
    assert not entry.fits
    with pytest.raises(Conflict):
        edited(text(twice), Change(Part.SKILLS, "testing", {"name": "x"}))


def test_values_lose_their_line_ends_and_refuse_control_characters() -> None:
    assert clean({"a": " one\r\ntwo \n"}) == {"a": "one\ntwo"}
    with pytest.raises(Invalid) as error:
        clean({"summary": "a\x07b"})
    assert [problem.pointer for problem in error.value.problems] == ["/summary"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("name: Testing", "name: ''", "name"),
        ("category: craft", "category: art", "category"),
        ("importance: critical", "importance: grave", "importance"),
        ('source: {document: profile, section: "2"}', "source: {document: profile}", "source/section"),
        ("requirement: must", "requirement: can", "at/low/requirement"),
        ("statement: Tests what is there.", "statement: 7", "at/low/statement"),
        ("indicators: [It is tested.]", "indicators: ['']", "at/low/indicators"),
        ('source: {document: profile, section: "4"}', "source: {document: house}", "at/high/source/reason"),
        ("    summary: Testing things.\n", "", "summary"),
        ("    summary: Testing things.", "    summary: Testing things.\n    colour: red", ""),
    ],
)
def test_a_problem_of_a_skill_stands_beside_its_field(old: str, new: str, field: str) -> None:
    found = contents(text(changed(LADDER, old, new)))
    entry = find(found.data, Part.SKILLS, "testing")
    assert entry is not None
    assert [place_in_form(entry, problem) for problem in found.problems] == [field]


def test_the_problems_of_the_head_are_its_own() -> None:
    found = contents(text(changed(changed(LADDER, "title: Tester", "titel: Tester"), "name: Testing", "name: ''")))
    problem = standing(found, head_entry(found))
    assert problem is not None
    assert [(each.pointer, each.id) for each in problem.problems] == [
        ("/title", "missing-field"),
        ("", "unknown-field"),
    ]
    share = contents(edited(text(LADDER), ChangeHead({"gates/should_share": "most"})))
    problem = standing(share, head_entry(share))
    assert problem is not None
    assert [each.pointer for each in problem.problems] == ["/gates/should_share"]


def test_a_difference_has_its_lines_and_a_little_around_them() -> None:
    (file,) = differences(
        TEXTS, LadderTexts(ladder_yaml=changed(LADDER, "title: Low", "title: New"), blueprint_yaml=BLUEPRINT)
    )
    (place,) = file.places
    assert (file.file, file.added, file.removed) == ("ladder.yaml", 1, 1)
    assert [(line.kind, line.number) for line in place if line.kind is not Kind.SAME] == [
        (Kind.REMOVED, 11),
        (Kind.ADDED, 11),
    ]
    assert differences(TEXTS, TEXTS) == ()
    assert [(file.added > 10, file.removed) for file in differences(None, TEXTS)] == [(True, 0), (True, 0)]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("", True), ("skills/okr", True), ("skills/okr/lead", True), ("levels/lead", True), ("levels/lead/x", False),
        ("skills/", False), ("head", False),
    ],
)  # fmt: skip
def test_places_of_comments(place: str, expected: bool) -> None:
    assert is_place(place) is expected


def test_names() -> None:
    assert [slug(title) for title in ("Système d'API", "A  b", "高")] == ["systeme-d-api", "a-b", ""]
    assert next_version("2026.1", ["2026.2", "2026.3"]) == "2026.4"
