"""How a ladder is looked at: levels side by side, filters, one skill over all ladders, the outline of a blueprint."""

import pytest

from service.errors import NotFound
from service.ladders import views
from service.ladders.files import read_texts
from service.ladders.outline import outline
from service.ladders.rules import Requirement
from service.ladders.views import Filter
from tests.factories import ladder as make_ladder
from tests.factories import skill
from tests.ladders.files import BLUEPRINT, LADDER, changed
from tests.ladders.files import shipped as versions
from tests.ladders.test_shipped import ladder as shipped

SMALL = make_ladder(
    skill("sql", ("junior", "must"), ("senior", "should")),
    skill("python", ("middle", "may")),
    skill("rust", ("senior", "should")),
)


def ids(levels: tuple[object, ...]) -> list[str]:
    return [level.id for level in levels]  # type: ignore[attr-defined]


def shown(matrix: views.Matrix) -> list[str]:
    return [row.skill.id for group in matrix.groups for row in group.rows]


@pytest.mark.parametrize(
    ("asked", "own", "expected"),
    [
        ("", None, ["junior", "middle"]),
        ("", "junior", ["junior", "middle"]),
        ("", "middle", ["middle", "senior"]),
        ("", "senior", ["middle", "senior"]),
        ("all", "middle", ["junior", "middle", "senior"]),
        ("junior", "middle", ["junior", "middle"]),
        ("senior,junior", "middle", ["junior", "senior"]),
        ("middle,middle,", None, ["middle", "senior"]),
    ],
)
def test_levels_are_the_readers_own_and_the_next_or_as_asked(asked: str, own: str | None, expected: list[str]) -> None:
    assert ids(views.levels_shown(SMALL, asked, SMALL.level(own) if own else None)) == expected


def test_a_ladder_of_one_level_shows_that() -> None:
    alone = make_ladder(skill("sql", ("junior", "must")), levels=("junior",))
    assert ids(views.levels_shown(alone)) == ["junior"]
    assert views.level_choices(alone, alone.levels, None) == [("all", "All levels")]


@pytest.mark.parametrize("asked", ["expert", "junior,expert", "all,junior"])
def test_levels_that_are_not_there_are_not_found(asked: str) -> None:
    with pytest.raises(NotFound):
        views.levels_shown(SMALL, asked)


def test_own_level_counts_on_the_own_ladder_only() -> None:
    assert views.own_level(SMALL, ("test-ladder", "middle")) == SMALL.level("middle")
    for place in (("other", "middle"), ("test-ladder", "expert"), ("test-ladder", None), (None, None)):
        assert views.own_level(SMALL, place) is None


def test_choices_hold_every_neighbours_all_and_what_is_shown() -> None:
    own, odd = SMALL.level("middle"), views.levels_shown(SMALL, "junior,senior")
    assert views.level_choices(SMALL, odd, own) == [
        ("junior,middle", "Junior and Middle"),
        ("middle,senior", "Middle and Senior, yours"),
        ("all", "All levels"),
        ("junior,senior", "Junior and Senior"),
    ]


def test_a_cell_says_since_when_and_what_comes_next() -> None:
    matrix = views.matrix(SMALL, views.levels_shown(SMALL, "middle"), Filter())
    sql, python, rust = matrix.groups[0].rows
    at_middle, at_senior = sql.cells
    assert at_middle is not None
    assert at_senior is not None
    assert (at_middle.since.id, at_middle.begins, at_middle.fits) == ("junior", False, True)
    assert at_middle.deeper is not None
    assert (at_middle.deeper_at, at_middle.deeper.statement) == (SMALL.level("senior"), "sql at senior")
    assert (at_senior.begins, at_senior.deeper, at_senior.deeper_at) == (True, None, None)
    assert [cell and cell.begins for cell in python.cells] == [True, False]
    assert [cell and cell.begins for cell in rust.cells] == [None, True]


def test_columns_count_what_holds_there() -> None:
    matrix = views.matrix(SMALL, SMALL.levels, Filter())
    counts = [(rung.level.id, rung.must, rung.should, rung.may) for rung in matrix.columns]
    assert counts == [("junior", 1, 0, 0), ("middle", 1, 0, 1), ("senior", 0, 2, 1)]
    assert (matrix.skills, matrix.of) == (3, 3)


def test_a_row_stays_whole_where_one_of_its_cells_fits() -> None:
    matrix = views.matrix(SMALL, SMALL.levels, Filter(requirement=Requirement.SHOULD))
    assert shown(matrix) == ["sql", "rust"]
    assert [cell and cell.fits for cell in matrix.groups[0].rows[0].cells] == [False, False, True]
    assert [rung.should for rung in matrix.columns] == [0, 0, 2]
    assert (matrix.skills, matrix.of) == (2, 3)


def test_skills_that_begin_above_are_not_counted() -> None:
    matrix = views.matrix(SMALL, views.levels_shown(SMALL, "junior"), Filter())
    assert (shown(matrix), matrix.of) == (["sql", "python"], 2)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("okr north", {"okr"}),  # the name
        ("HEART among", {"okr"}),  # the summary, in any case
        ("keeps discovery running", {"customer-empathy"}),  # the statement
        ("\u201ccannot be there\u201d", set()),
    ],
)
def test_each_word_of_a_search_stands_in_the_skill_or_its_expectation(q: str, expected: set[str]) -> None:
    product = shipped("product-manager")
    found = set(shown(views.matrix(product, product.levels, Filter(q=q))))
    assert found == expected


def test_search_reads_the_signs_too() -> None:
    product = shipped("product-manager")
    sign = product.skills_by_id["okr"].expectations[2].counter_indicators[0]
    matrix = views.matrix(product, product.levels, Filter(q=sign))
    assert [cell and cell.fits for cell in matrix.groups[0].rows[0].cells] == [False, False, True, False, False]


def test_source_tells_the_house_from_the_documents() -> None:
    product = shipped("product-manager")
    found = {}
    for source in ("house", "documents"):
        rows = [
            row for group in views.matrix(product, product.levels, Filter(source=source)).groups for row in group.rows
        ]
        found[source] = {cell.expectation.source.document for row in rows for cell in row.cells if cell and cell.fits}
    assert found == {"house": {"house"}, "documents": {"okr-profile", "pm-blueprint"}}


def test_what_would_widen_is_said_with_its_count() -> None:
    levels = views.levels_shown(SMALL, "junior")
    wanted = Filter(requirement=Requirement.SHOULD, q="rust")
    assert views.matrix(SMALL, levels, wanted).groups == ()
    assert views.widenings(SMALL, levels, wanted) == [("levels", 1)]
    both = Filter(requirement=Requirement.MUST, source="documents", q="sql")
    assert views.widenings(SMALL, SMALL.levels, both) == [("source", 1)]
    assert views.widenings(SMALL, SMALL.levels, Filter(q="nowhere")) == [("q", 3)]


def test_the_okr_skill_over_both_ladders() -> None:
    both = [shipped("product-manager"), shipped("technical-product-manager")]
    found = views.across("okr", both)
    assert (found.roles, found.levels, found.must, found.should, found.may, found.optional) == (2, 5, 10, 0, 0, 0)
    assert [len(ladder.expectations) for ladder in found.ladders] == [5, 5]
    rows = views.by_level("okr", both)
    assert [row.level.id for row in rows] == ["junior", "middle", "senior", "lead", "principal"]
    statements = [cell.expectation.statement for row in rows for cell in row.cells if cell and cell.begins]
    assert len(set(statements)) == 10


def test_ladders_of_other_levels_share_the_rows_they_can() -> None:
    short = make_ladder(skill("sql", ("middle", "should")), levels=("middle", "expert"))
    rows = views.by_level("sql", [SMALL, short])
    assert [(row.level.id, [cell and cell.since.id for cell in row.cells]) for row in rows] == [
        ("junior", ["junior", None]),
        ("middle", ["junior", "middle"]),
        ("expert", [None, "middle"]),
        ("senior", ["senior", None]),
    ]
    found = views.across("sql", [SMALL, short])
    assert (found.roles, found.levels, found.must, found.should, found.optional) == (2, 3, 1, 2, 2)


def test_lists_of_a_blueprint_stand_in_the_section_they_come_from() -> None:
    text = changed(
        BLUEPRINT, 'source: {document: profile, section: "6"}', 'source: {document: profile, section: "1, end"}'
    )
    text = changed(text, 'source: {document: profile, section: "7"}', "source: {document: house, reason: Ours.}")
    blueprint = read_texts(LADDER.encode(), text.encode()).blueprint
    assert blueprint is not None
    found = outline(blueprint)
    assert [(chapter.section.number, [part.id for part in chapter.parts]) for chapter in found.chapters] == [
        (1, ["goals"])
    ]
    assert [part.id for part in found.rest] == ["kpis", "scorecard", "skills", "promotion"]


def test_what_is_tagged_throughout_reads_as_a_table_in_its_place() -> None:
    (_, blueprint), *_ = versions()
    assert blueprint is not None
    chapters = {chapter.section.number: chapter for chapter in outline(blueprint).chapters}
    shapes = {
        number: [(block.is_table, len(block.groups)) for block in chapters[number].blocks] for number in (1, 10, 14)
    }
    assert shapes == {1: [(False, 5)], 10: [(False, 1), (True, 21)], 14: [(False, 2), (True, 1), (False, 3)]}


def test_every_list_of_the_shipped_blueprint_has_its_section() -> None:
    (_, blueprint), *_ = versions()
    assert blueprint is not None
    found = outline(blueprint)
    parts = {chapter.section.number: [part.id for part in chapter.parts] for chapter in found.chapters if chapter.parts}
    assert parts == {6: ["goals"], 7: ["kpis"], 8: ["skills"], 9: ["skills-9"], 15: ["promotion"], 19: ["scorecard"]}
    assert [part.id for part in found.rest] == ["areas"]
