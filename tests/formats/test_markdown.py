"""Markdown: ours reads back sign by sign, and anybody's by its headings, lists or tables."""

from dataclasses import replace
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings

from service.formats import markdown
from service.formats.markdown import blocks
from service.formats.markdown.inline import escaped, plain
from service.formats.rules import Given, Understood
from service.ladders.rules import Ladder
from service.ladders.writing import ladder_data
from tests.formats.making import GIVEN, ladders, taken_in
from tests.ladders.files import shipped


def read(text: str, given: Given = GIVEN) -> Understood:
    return markdown.read(text.encode(), given)


def outline(text: str, given: Given = GIVEN) -> dict[str, dict[str, tuple[Any, ...]]]:
    """Skill → level → statement, indicators and counter-indicators."""
    ladder = read(text, given).ladder
    assert ladder is not None
    titles = {level["id"]: level["title"] for level in ladder["levels"]}
    return {
        skill["name"]: {
            titles[each["level"]]: (
                each.get("statement"),
                *each.get("indicators", ()),
                *map(str.upper, each.get("counter_indicators", ())),
            )
            for each in skill["expectations"]
        }
        for skill in ladder["skills"]
    }


@pytest.mark.parametrize("ladder", [ladder for ladder, _ in shipped()])
def test_a_shipped_ladder_reads_back(ladder: Ladder) -> None:
    text = markdown.write(ladder, None)
    understood = markdown.read(text, GIVEN)
    assert understood.ladder == {name: value for name, value in ladder_data(ladder).items() if name != "format"}
    assert (understood.faults, understood.notes) == ((), ())
    assert b"exact:" not in text


@given(ladders())
@settings(max_examples=30, deadline=None)
def test_any_ladder_reads_back_as_it_was(ladder: Ladder) -> None:
    assert taken_in(markdown.read(markdown.write(ladder, None), GIVEN)) == ladder


def test_what_is_edited_in_the_body_counts() -> None:
    ladder, _ = shipped()[0]
    skill = ladder.skills[0]
    text = markdown.write(ladder, None).decode()
    edited = text.replace(f"### {skill.name} {{#{skill.id}}}", f"### Goals {{#{skill.id}}}")
    changed = ladder_data(replace(ladder, skills=(replace(skill, name="Goals"), *ladder.skills[1:])))
    assert read(edited).ladder == {name: value for name, value in changed.items() if name != "format"}


def test_a_skill_added_by_hand_needs_no_id_and_no_front_matter() -> None:
    ladder, _ = shipped()[0]
    text = (
        markdown.write(ladder, None).decode()
        + "\n### Bread baking\n\nBakes.\n\n#### junior\n\nBakes *bread*.\n\n#### Nowhere\n\nNo.\n"
    )
    understood = read(text)
    assert understood.ladder is not None
    assert understood.ladder["skills"][-1] == {
        "id": "bread-baking",
        "name": "Bread baking",
        "category": ladder.skills[-1].category,
        "summary": "Bakes.",
        "expectations": [{"level": "junior", "statement": "Bakes bread."}],
    }
    assert [note.words for note in understood.notes] == ["“Nowhere” is not among the levels; it was left out."]


SKILLS_FIRST = """\
# Testers

Who tests.

## Craft

### Testing

Finds out.

#### Junior

Tests [what](https://example.org) is there.

- Writes *tests*
- Runs them

**Red flags**

- Skips them

#### Senior

Decides what to test.

##### Anti-patterns

- Tests all
"""


def test_levels_below_skills_below_categories() -> None:
    assert outline(SKILLS_FIRST) == {
        "Testing": {
            "Junior": ("Tests what is there.", "Writes tests", "Runs them", "SKIPS THEM"),
            "Senior": ("Decides what to test.", "TESTS ALL"),
        }
    }
    understood = read(SKILLS_FIRST)
    assert understood.mapping == {
        "levels": 4,
        "skills": 3,
        "categories": 2,
        "order": ["Junior", "Senior"],
        "leave_out": [],
    }
    assert understood.ladder is not None
    assert (understood.ladder["title"], understood.ladder["summary"]) == ("Testers", "Who tests.")
    assert understood.ladder["skills"][0]["summary"] == "Finds out."
    assert understood.places[("skills", 0, "expectations", 1)] == "line 22"
    assert [(note.place, note.words) for note in understood.notes] == [("line 13", "A link’s address was left out.")]


def test_skills_below_levels() -> None:
    text = "# Ladder\n## Senior\nLeads.\n### Testing\n- All\n### Asking\nAsks.\n## Junior\n### Testing\n- Some\n"
    assert outline(text) == {
        "Testing": {"Junior": (None, "Some"), "Senior": (None, "All")},
        "Asking": {"Senior": ("Asks.",)},
    }
    assert read(text).ladder["levels"] == [  # type: ignore[index]
        {"id": "junior", "title": "Junior"},
        {"id": "senior", "title": "Senior", "summary": "Leads."},
    ]


def test_setext_headings_and_levels_in_lists() -> None:
    text = "Testers\n=======\n\nTesting\n-------\n\n- **Junior**: Some.\n- **Senior**: All.\n  - Always\n"
    assert outline(text) == {"Testing": {"Junior": ("Some.",), "Senior": ("All.", "Always")}}


def test_skills_as_bold_words_below_levels() -> None:
    text = "# T\n## Junior\n- **Craft**: Some.\n- **Talk**: Little.\n## Senior\n- **Craft**: All.\n- **Talk**: Much.\n"
    assert outline(text) == {
        "Craft": {"Junior": ("Some.",), "Senior": ("All.",)},
        "Talk": {"Junior": ("Little.",), "Senior": ("Much.",)},
    }


def test_tables_are_read_with_the_lines_of_their_rows() -> None:
    text = "# Testers\n\n| Skill | Junior | Senior |\n|---|---|---|\n| Testing | Some | All<br>of it |\n| Asking | | Asks |\n"
    understood = read(text)
    assert outline(text) == {
        "Testing": {"Junior": ("Some",), "Senior": ("All", "of it")},
        "Asking": {"Senior": ("Asks",)},
    }
    assert understood.places[("skills", 1)] == "line 6"
    assert outline(text, Given(mapping=understood.mapping)) == outline(text)


def test_text_beside_tables_is_told_and_a_table_of_contents_is_no_summary() -> None:
    text = (
        "# Testers\n\n[Levels](#levels)\n\nWho tests what.\n\n## Pay\n\nAsk HR.\n\n## Levels\n\n"
        "| Skill | Junior | Senior |\n|-|-|-|\n| Testing | Some. | All. |\n"
    )
    understood = read(text)
    assert understood.ladder is not None
    assert understood.ladder["summary"] == "Who tests what."
    assert [(note.place, note.words) for note in understood.notes] == [
        ("line 3", "A table of contents was left out."),
        ("line 7", "Only tables were read; the text below “Pay” was left out."),
    ]


def test_what_stands_between_headings_of_levels_and_skills_is_told() -> None:
    text = (
        "# Testers\n\n| Level | Pay |\n|-|-|\n| 1 | 2 |\n\n## Craft\n\nHow we work.\n\n### Testing\n\n#### Junior\n\nSome.\n\n"
        "#### Senior\n\nAll.\n\n### Asking\n\n#### Junior\n\nOnce.\n\n#### Senior\n\nTwice.\n"
    )
    assert [(note.place, note.words) for note in read(text).notes] == [
        ("line 3", "This table was left out: the headings say what levels and skills are."),
        ("line 7", "The text below “Craft” is of no level and no skill; it was left out."),
    ]


def test_french_headings_with_skills_as_heads_of_lists() -> None:
    text = (
        "## Testeur junior\n\n- Essais :\n  - Essaie un peu\n- Questions :\n  - Demande\n\n"
        "## Testeur de niveau intermédiaire\n\n- Essais :\n  - Essaie plus\n\n## Testeur Sénior\n\n- Essais :\n  - Essaie tout\n"
        "- Questions :\n  - Répond\n"
    )
    said = outline(text)
    assert list(said) == ["Essais", "Questions"]
    assert list(said["Essais"]) == ["Testeur junior", "Testeur de niveau intermédiaire", "Testeur Sénior"]


def test_paragraphs_in_bold_below_levels_are_headings_of_skills() -> None:
    text = (
        "# Testers\n\n### Junior (L1)\n\nFirst year.\n\n**Testing:**\n- Some\n- Few\n\n**Asking**\n\nOnce.\n\n"
        "### Senior (L2)\n\n**Testing:**\n- All\n\n**Asking**\n\nTwice.\n"
    )
    expected = {
        "Testing": {"Junior (L1)": (None, "Some", "Few"), "Senior (L2)": (None, "All")},
        "Asking": {"Junior (L1)": ("Once.",), "Senior (L2)": ("Twice.",)},
    }
    understood = read(text)
    assert outline(text) == expected
    assert understood.ladder is not None
    assert understood.ladder["levels"][0]["summary"] == "First year."
    assert outline(text, replace(GIVEN, mapping=understood.mapping)) == expected


def test_a_corrected_mapping_is_followed() -> None:
    text = "# T\n## Dough\n### Small\nA.\n### Big\nB.\n## Other\n### Small\nC.\n"
    mapping = {"levels": 3, "skills": 2, "order": ["Big", "Small"], "leave_out": ["Other"]}
    assert outline(text, Given(mapping=mapping)) == {"Dough": {"Big": ("B.",), "Small": ("A.",)}}


@pytest.mark.parametrize(
    ("mapping", "place"),
    [
        ({"levels": 9}, "mapping /levels"),
        ({"order": 3}, "mapping /order"),
        ({"level": 2}, "mapping /level"),
        ({"levels": True}, "mapping /levels"),
    ],
)
def test_a_wrong_mapping_is_told_at_its_place(mapping: Any, place: str) -> None:
    assert [fault.place for fault in read(SKILLS_FIRST, Given(mapping=mapping)).faults] == [place]


def test_front_matter_names_the_ladder_and_code_and_html_are_left_out() -> None:
    text = "---\ntitle: Testers\nversion: '3'\n---\n## Testing\n### Junior\n```\n# no\n```\n<b>x</b>\n\nTests.\n### Senior\nAll.\n"
    understood = read(text)
    assert understood.ladder is not None
    assert (understood.ladder["title"], understood.ladder["version"]) == ("Testers", "3")
    assert [(note.place, note.words) for note in understood.notes] == [
        ("line 7", "A piece of code was left out."),
        ("line 10", "A piece of HTML was left out (2 times)."),
    ]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "line 1"),
        (b"# Only a title\n\ntext", "line 1"),
        (b"---\na: [1\n---\n# x", "line 3"),
        (b"---\na: 1\na: 2\n---\n# x", "line 3, column 1"),
        (b"# x\n\xff", "line 2, column 1"),
        (b"\x00", "line 1, column 1"),
        (b"#" * 2_000_000, "line 1"),
        (b"a\n" * 20_000, "line 10,001"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_line(content: bytes, place: str) -> None:
    understood = markdown.read(content, GIVEN)
    assert understood.ladder is None
    assert [fault.place[: len(place)] for fault in understood.faults] == [place]


@pytest.mark.parametrize(
    "content",
    [
        b"> " * 5000,
        b"- " * 5000,
        b"[" * 500_000,
        ("# a\n" + "[" * 7000 + "\n\n") * 60,
        b"*a" * 250_000,
        b"| a | b |\n|---|---|\n" + b"| Testing | 2 |\n" * 9000,
        b"# Junior\n" * 9000,
        b"# Skill\n## Junior\nx\n## Senior\ny\n" * 1900,
        "## المستوى 1\n### 梯子 💡\nنص\n## المستوى 2\n### 梯子 💡\nنص\n" * 300,
        b"---\n" * 9000,
        b"<!--" * 100_000,
        b"\t- x\n" * 9000,
    ],
)
def test_hostile_texts_are_answered_at_once(content: bytes | str) -> None:
    begin = process_time()
    markdown.read(content if isinstance(content, bytes) else content.encode(), GIVEN)
    assert process_time() - begin < 2


SIGNS = """\
# no heading
- no list
1. no list
2) nor this
a | b
`x` *x* _x_ __x__
__x__
<b>x</b> <https://x.org> &amp;
[a](b) ![a](b)
---
===
> said
~~~
+ plus
\\*
C:\\temp
a_b_c
{#id}
:--
💡 梯子 سلم
"""


@pytest.mark.parametrize("text", SIGNS.splitlines())
def test_one_line_of_any_signs_needs_no_second_copy(text: str) -> None:
    assert plain(escaped(text)) == text
    root, notes = blocks.outline(f"# {escaped(text)} {{#x}}\n\n{escaped(text)}\n\n- {escaped(text)}\n", 1, "\n")
    (section,) = root.sections
    assert (section.title, section.id, section.blocks[0].text, section.blocks[1].entries[0].text) == (
        text,
        "x",
        text,
        text,
    )
    assert notes == []
