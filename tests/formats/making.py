"""Ladders and packages of any content, for hypothesis, and the whole way from a file to a checked ladder and back."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from service.formats.filling import fill
from service.formats.rules import Given, Understood
from service.ladders.files import read_texts
from service.ladders.rules import Ladder
from service.ladders.yamltext import UNPRINTABLE
from service.ladders.yamlwriting import to_yaml

FIELDS = {"ladder": "tester", "version": "2026.1", "family": "quality", "dated": "2026-01-31"}
"""What a person says beside a file that says none of it."""

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t"), max_size=30).map(
    lambda text: UNPRINTABLE.sub("", text).strip() or "Words."
)
MARKED = st.sampled_from(
    [
        "# Title",
        "- list",
        "1. one",
        "a | b",
        "`code`",
        "*x*",
        "<b>",
        "[a](b)",
        "Two\n\nlines",
        "a\nb",
        "&amp;",
        "---",
        "  x",
        "💡 梯子",
    ]
).map(str.strip)
WORDS = TEXTS | MARKED
IDS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
SOURCES = st.fixed_dictionaries({"document": st.just("house"), "reason": WORDS}) | st.fixed_dictionaries(
    {"document": st.just("profile"), "section": WORDS}
)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Any ladder that the checks accept."""
    level_ids = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    category_ids = draw(st.lists(IDS, min_size=1, max_size=2, unique=True))
    skill_ids = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    supersedes = draw(st.none() | st.just("2025.1"))
    skills = []
    for number, id_ in enumerate(skill_ids):
        begun = draw(st.lists(st.sampled_from(level_ids), min_size=1, unique=True)) if number else level_ids
        expectations = [
            {
                "level": level,
                "requirement": draw(st.sampled_from(["must", "should", "may"])),
                "statement": draw(WORDS),
                "indicators": draw(st.lists(WORDS, max_size=3)),
                "counter_indicators": draw(st.lists(WORDS, max_size=2)),
                "source": draw(SOURCES),
            }
            for level in sorted(begun, key=level_ids.index)
        ]
        skills.append(
            {
                "id": id_,
                "name": draw(WORDS),
                "category": draw(st.sampled_from(category_ids)),
                "importance": draw(st.sampled_from(["critical", "important", "optional"])),
                "summary": draw(WORDS),
                "source": draw(SOURCES),
                "expectations": expectations,
                "was": _was(draw, id_, supersedes),
            }
        )
    data = {
        "format": "nextrung-ladder/1",
        **FIELDS,
        "title": draw(WORDS),
        "summary": draw(WORDS),
        "supersedes": supersedes,
        "gates": {"should_share": draw(st.sampled_from([0.7, 0.0, 1.0, 0.333]))},
        "documents": {"profile": {"title": draw(WORDS)}},
        "levels": [
            {
                "id": id_,
                "title": draw(WORDS),
                "summary": draw(WORDS),
                "source": draw(SOURCES),
                "was": _was(draw, id_, supersedes),
            }
            for id_ in level_ids
        ],
        "categories": [{"id": id_, "title": draw(WORDS)} for id_ in category_ids],
        "skills": skills,
        "carried": draw(st.none() | st.just({"other": {"kept": [1, None, "x"]}})),
    }
    return to_ladder(data)


def _was(draw: st.DrawFn, id_: str, supersedes: str | None) -> str | None:
    """Another id than any in use, where there is a version before that could have had it."""
    return f"before-the-{id_}" if supersedes and draw(st.booleans()) else None


def to_ladder(data: dict[str, Any]) -> Ladder:
    """The ladder of data that has everything, by the way of its file."""
    plain = {name: value for name, value in data.items() if value is not None}
    reading = read_texts(to_yaml(_without_none(plain)).encode(), None)
    assert reading.problems == ()
    assert reading.ladder is not None
    return reading.ladder


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: inner if name == "carried" else _without_none(inner)
            for name, inner in value.items()
            if inner is not None
        }
    return [_without_none(inner) for inner in value] if isinstance(value, list) else value


def taken_in(understood: Understood) -> Ladder:
    """What becomes of a file that says enough: filled in, checked, written as a file and read again."""
    assert understood.faults == ()
    filled = fill(understood, FIELDS, "file", date(2026, 1, 31))
    assert filled.ladder is not None
    return to_ladder(filled.ladder)


GIVEN = Given()
