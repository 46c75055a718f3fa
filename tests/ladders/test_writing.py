"""What is written as files reads back as the same ladder and blueprint, whatever stands in them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ladders.files import read_texts
from service.ladders.rules import Blueprint, Ladder
from service.ladders.writing import blueprint_data, to_texts
from service.ladders.yamltext import UNPRINTABLE, parse
from service.ladders.yamlwriting import to_yaml
from tests.ladders.files import BLUEPRINT, LADDER, STARTING_POINTS, shipped

SMALL = read_texts(LADDER.encode(), (BLUEPRINT + STARTING_POINTS).encode())


def read_back(ladder: Ladder, blueprint: Blueprint | None) -> tuple[Ladder | None, Blueprint | None]:
    texts = to_texts(ladder, blueprint)
    reading = read_texts(*(text.encode() if text else None for text in texts))  # type: ignore[arg-type]
    assert reading.problems == ()
    return reading.ladder, reading.blueprint


@pytest.mark.parametrize("version", [*shipped(), (SMALL.ladder, SMALL.blueprint), (SMALL.ladder, None)])
def test_a_version_reads_back_as_it_was(version: tuple[Ladder, Blueprint | None]) -> None:
    assert read_back(*version) == version


def test_one_content_has_one_text() -> None:
    assert SMALL.ladder is not None
    once = to_texts(SMALL.ladder, SMALL.blueprint)
    assert to_texts(*read_back(SMALL.ladder, SMALL.blueprint)) == once  # type: ignore[arg-type]


def test_an_inherited_source_is_not_written_again() -> None:
    assert SMALL.blueprint is not None
    (section,) = blueprint_data(SMALL.blueprint)["sections"]
    find, tell = section["groups"][0]["items"]
    assert "source" not in find
    assert tell["source"] == {"document": "house", "reason": "Kind."}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: not UNPRINTABLE.search(text)
)


@given(TEXTS)
def test_any_text_reads_back(text: str) -> None:
    assert parse("file", to_yaml({"field": text, "list": [text, {"deep": text}]}).encode()).data == {
        "field": text,
        "list": [text, {"deep": text}],
    }


@pytest.mark.parametrize(
    "text",
    ["1e3", "2026.1", "yes", "~", "true", "a: b", "# c", "- d", " lead", "trail ", "two\nlines", "\nfirst", "end\n\n", "a\n b",

     "tab\there", "\u2028", "\x85", "🪜 梯子 سلم", "x" * 300, "word " * 80],
)  # fmt: skip
def test_texts_that_look_like_something_else(text: str) -> None:
    assert parse("file", to_yaml({"field": text}).encode()).data == {"field": text}


def test_a_title_that_looks_like_a_number_stays_text() -> None:
    assert SMALL.ladder is not None
    named = replace(SMALL.ladder, title="1e3", version="2026.10", summary="First line.\nSecond line: with signs. #1")
    assert read_back(named, None) == (named, None)


def test_what_was_carried_along_stays_as_it_came() -> None:
    assert SMALL.ladder is not None
    carrying = replace(SMALL.ladder, carried={"case": {"empty": [], "none": None, "deep": [{"a": 1.5, "b": False}]}})
    assert read_back(carrying, None) == (carrying, None)
