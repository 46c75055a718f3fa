"""import(export(x)) = x for every format that can hold x."""

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from service.formats.matrix import as_csv as matrix_csv
from service.formats.matrix import as_xlsx as matrix_xlsx
from service.formats.native import as_json as native_json
from service.formats.native import as_yaml as native_yaml
from service.formats.rules import Writes
from service.ladders import canonical
from service.ladders.rules import Blueprint, Expectation, Ladder, Requirement
from service.ladders.yamltext import UNPRINTABLE
from tests.formats.files import preview
from tests.ladders.files import shipped
from tests.ladders.test_writing import SMALL

LOSSLESS = (native_yaml, native_json, matrix_xlsx)
VERSIONS = [*shipped(), (SMALL.ladder, SMALL.blueprint), (SMALL.ladder, None)]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(
    lambda text: not UNPRINTABLE.search(text) and bool(text.strip())
).map(str.strip)  # fmt: skip
PLAIN_TEXTS = st.text(st.sampled_from("abc äß漢🪜\"',;=+@()"), min_size=1, max_size=30).map(str.strip).filter(
    lambda text: any(sign.isalpha() for sign in text) and "'" not in text and "  " not in text
)  # fmt: skip


def back(format_: Writes, ladder: Ladder, blueprint: Blueprint | None) -> tuple[Ladder | None, Blueprint | None]:
    found = preview(f"file{format_.ENDINGS[0]}", format_.write(ladder, blueprint))
    assert found.problems == ()
    assert found.notes == ()
    return found.ladder, found.blueprint


@pytest.mark.parametrize("format_", LOSSLESS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_comes_back_as_it_was(format_: Writes, version: tuple[Ladder, Blueprint | None]) -> None:
    assert back(format_, *version) == version


@pytest.mark.parametrize("format_", [*LOSSLESS, matrix_csv])
def test_the_same_version_is_the_same_bytes(format_: Writes) -> None:
    assert SMALL.ladder is not None
    assert format_.write(SMALL.ladder, None) == format_.write(SMALL.ladder, None)


@pytest.mark.parametrize("format_", LOSSLESS)
@settings(max_examples=25, deadline=None)
@given(
    name=TEXTS,
    statement=TEXTS,
    lines=st.lists(TEXTS, max_size=3),
    title=TEXTS,
    requirement=st.sampled_from(Requirement),
)
def test_any_words_come_back(
    format_: Writes, name: str, statement: str, lines: list[str], title: str, requirement: Requirement
) -> None:
    ladder = _with(name, statement, tuple(lines), title, requirement)
    assert back(format_, ladder, None) == (ladder, None)


@settings(max_examples=60, deadline=None)
@given(
    name=PLAIN_TEXTS,
    statement=PLAIN_TEXTS,
    lines=st.lists(PLAIN_TEXTS, max_size=3),
    requirement=st.sampled_from(Requirement),
)
def test_csv_brings_back_what_a_table_holds(
    name: str, statement: str, lines: list[str], requirement: Requirement
) -> None:
    ladder = _with(name, f"Does {statement}", tuple(f"Sees {line}" for line in lines), "Craft", requirement)
    found = preview("file.csv", matrix_csv.write(ladder, None))
    assert found.problems == ()
    assert found.ladder is not None
    assert [_held(each) for each in found.ladder.skills] == [_held(each) for each in ladder.skills]
    assert [level.title for level in found.ladder.levels] == [level.title for level in ladder.levels]


@pytest.mark.parametrize("version", shipped())
def test_csv_brings_the_shipped_skills_back(version: tuple[Ladder, Blueprint | None]) -> None:
    found = preview("file.csv", matrix_csv.write(*version))
    assert found.ladder is not None
    assert [_held(each) for each in found.ladder.skills] == [_held(each) for each in version[0].skills]


def test_canonical_json_is_read_too() -> None:
    for ladder, blueprint in shipped():
        found = preview("x.json", canonical.to_json(ladder, blueprint))
        assert (found.problems, found.ladder, found.blueprint) == ((), ladder, blueprint)


def test_an_edited_table_of_ours_wins_where_it_was_edited() -> None:
    ladder, _ = shipped()[0]
    book = load_workbook(BytesIO(matrix_xlsx.write(ladder, None)))
    sheet = book.worksheets[0]
    column = 6 + ladder.rank[ladder.skills[0].expectations[0].level]
    sheet.cell(2, column).value = "(may) Does something else\n• Seen here"
    sheet.append(["Craft", "Whistling", None, None, None, "Whistles"])
    sheet.delete_rows(4)
    file = BytesIO()
    book.save(file)
    found = preview("x.xlsx", file.getvalue())
    assert found.ladder is not None
    first, *_, last = found.ladder.skills
    assert first.expectations[0] == replace(
        ladder.skills[0].expectations[0], requirement=Requirement.MAY, statement="Does something else",
        indicators=("Seen here",), counter_indicators=(),
    )  # fmt: skip
    assert (last.id, last.source.document) == ("whistling", "house")
    assert ladder.skills[2].id not in found.ladder.skills_by_id
    assert found.ladder.skills[1:-1] == (ladder.skills[1], *ladder.skills[3:])
    assert len(found.notes) == 3


def test_a_formula_never_leaves() -> None:
    ladder = _with("=1+1", "=HYPERLINK(1)", ("@x",), "+c", Requirement.MUST)
    book = load_workbook(BytesIO(matrix_xlsx.write(ladder, None)))
    assert {cell.data_type for row in book.worksheets[0] for cell in row if cell.value} == {"s"}
    assert b"\"'=HYPERLINK" in matrix_csv.write(ladder, None) or b"'=HYPERLINK" in matrix_csv.write(ladder, None)


def _with(name: str, statement: str, lines: tuple[str, ...], title: str, requirement: Requirement) -> Ladder:
    assert SMALL.ladder is not None
    skill = SMALL.ladder.skills[0]
    begun = tuple(
        replace(each, statement=statement if place == 0 else f"{statement} and more", indicators=lines,
                counter_indicators=lines[:1], requirement=requirement)
        for place, each in enumerate(skill.expectations)
    )  # fmt: skip
    category = replace(SMALL.ladder.categories[0], title=title)
    return replace(SMALL.ladder, skills=(replace(skill, name=name, expectations=begun),), categories=(category,))


def _held(skill: object) -> object:
    begun = [_words(each) for each in skill.expectations]  # type: ignore[attr-defined]
    return (skill.id, skill.name, skill.importance, skill.summary, begun)  # type: ignore[attr-defined]


def _words(each: Expectation) -> object:
    return (each.requirement, each.statement, each.indicators, each.counter_indicators)
