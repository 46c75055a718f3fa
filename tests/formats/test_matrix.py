"""Tables of skills and levels in every shape in which people keep them."""

import pytest

from service.formats.matrix.as_csv import HEAD
from service.formats.matrix.reading import OTHER_LEVELS
from tests.formats.files import categories, cells, ladder_of, levels, preview, sheets, workbook, write

PLAIN = "Skill,Junior,Mid,Senior\nTesting,Tests,Tests more,Tests all\nWriting,,Writes,Writes well\n"
SAID = {
    "testing": {"junior": "Tests", "mid": "Tests more", "senior": "Tests all"},
    "writing": {"mid": "Writes", "senior": "Writes well"},
}
ROWS = [line.split(",") for line in PLAIN.splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        "sep=;\n" + PLAIN.replace(",", ";"),
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN,
        "Our ladder,,,\nfor 2026,,,\n,,,\n" + PLAIN,
        PLAIN + ",,,\n" * 400,
        "Skill,Senior,Mid,Junior\nTesting,Tests all,Tests more,Tests\nWriting,Writes well,Writes,\n",
        "Level,Testing,Writing\nJunior,Tests,\nMid,Tests more,Writes\nSenior,Tests all,Writes well\n",
        "Level,Testing,Writing\nSenior,Tests all,Writes well\nMid,Tests more,Writes\nJunior,Tests,n/a\n",
        "Skill,Level,Expectation\nTesting,Senior,Tests all\nTesting,Junior,Tests\nTesting,Mid,Tests more\n"
        "Writing,Mid,Writes\nWriting,Senior,Writes well\n",
        "Skill,Junior,Mid,Senior,Notes\nTesting ,Tests,Tests more,Tests all,x\n Writing,-,Writes , Writes well,\n",
    ],
    ids=["comma", "semicolon", "tab", "sep", "crlf", "bom", "titles-above", "padding", "descending", "turned", "turned-descending",
         "long", "spaces"],
)  # fmt: skip
def test_one_table_in_many_shapes(text: str) -> None:
    ladder = ladder_of("ladder.csv", text)
    assert levels(ladder) == ["junior", "mid", "senior"]
    assert cells(ladder) == SAID


def test_utf_16_with_its_mark() -> None:
    assert cells(ladder_of("ladder.csv", PLAIN.encode("utf-16"))) == SAID


@pytest.mark.parametrize(
    "titles",
    [
        ("L1", "L2", "L3"),
        ("IC1", "IC2", "IC3"),
        ("Level 1", "Level 2", "Level 3"),
        ("Engineer I", "Engineer II", "Engineer III"),
        ("Associate", "Software Engineer", "Senior Engineer"),
        ("Senior Engineer", "Staff Engineer", "Principal Engineer"),
        ("Novice", "Competent", "Expert"),
        ("Beginner", "Intermediate", "Advanced"),
        ("1", "2", "3"),
        ("Junior", "Architect", "Fellow"),
        ("Younger", "Older", "Oldest"),
        ("初级", "中级", "高级"),
        ("初級", "中級", "上級"),
        ("グレード1", "グレード2", "グレード3"),
        ("Débutant", "Confirmé", "Sénior"),
        ("Einsteiger", "Fortgeschritten", "Experte"),
        ("Principiante", "Intermedio", "Avanzado"),
        ("Джуниор", "Мидл", "Сеньор"),
    ],
)
def test_levels_by_many_names(titles: tuple[str, str, str]) -> None:
    text = PLAIN.replace("Junior,Mid,Senior", ",".join(titles))
    ladder = ladder_of("ladder.csv", text)
    assert tuple(level.title for level in ladder.levels) == titles
    assert list(cells(ladder)["testing"].values()) == ["Tests", "Tests more", "Tests all"]


def test_a_category_column_whose_blank_cells_go_on() -> None:
    text = "Area,Skill,Junior,Senior\nCraft,Testing,a,b\n,Reviews,c,d\nPeople,Mentoring,e,f\n,Hiring,,g\n"
    expected = {"testing": "Craft", "reviews": "Craft", "mentoring": "People", "hiring": "People"}
    assert categories(ladder_of("ladder.csv", text)) == expected


def test_rows_that_hold_a_category_alone() -> None:
    text = "Skill,Junior,Senior\nCraft,,\nTesting,a,b\nPeople,,\nMentoring,c,d\nEmpty,,\n"
    assert categories(ladder_of("ladder.csv", text)) == {"testing": "Craft", "mentoring": "People"}


def test_tables_below_each_other_with_their_own_heads() -> None:
    text = "Craft,Junior,Senior\nTesting,a,b\n,,\nPeople,Junior,Senior\nMentoring,c,d\n"
    assert categories(ladder_of("ladder.csv", text))["mentoring"] == "People"


def test_titles_above_each_of_several_tables() -> None:
    text = "Ours,,\n,,\nCraft,,\nSkill,Junior,Senior\nTesting,a,b\n,,\nPeople,,\nSkill,Junior,Senior\nMentoring,c,d\n"
    assert categories(ladder_of("ladder.csv", text)) == {"testing": "Craft", "mentoring": "People"}


def test_tables_beside_each_other_are_tables_of_their_own() -> None:
    beside = "Craft,,,,People,,\nSkill,Junior,Senior,,Skill,Junior,Senior\nTesting,a,b,,Asking,c,d\nWriting,e,f,,Helping,,g\n"
    found = preview("ladder.csv", beside)
    assert found.ladder is not None
    assert levels(found.ladder) == ["junior", "senior"]
    assert cells(found.ladder) == {
        "testing": {"junior": "a", "senior": "b"},
        "writing": {"junior": "e", "senior": "f"},
        "asking": {"junior": "c", "senior": "d"},
        "helping": {"senior": "g"},
    }
    assert categories(found.ladder) == {"testing": "Craft", "writing": "Craft", "asking": "People", "helping": "People"}
    assert "left out" not in str(found.notes)


def test_a_table_below_with_other_levels_is_a_table_of_its_own() -> None:
    below = "Skill,Junior,Senior\nTesting,a,b\nWriting,c,d\n,,\nManagers,,\nSkill,Team Lead,Director\nHiring,e,f\n"
    found = preview("ladder.csv", below)
    ladder = found.ladder
    assert ladder is not None
    assert ("row 6", OTHER_LEVELS) in [(note.place, note.words) for note in found.notes]
    assert levels(ladder) == ["junior", "senior", "team-lead", "director"]
    assert cells(ladder)["hiring"] == {"team-lead": "e", "director": "f"}
    assert categories(ladder)["hiring"] == "Managers"


def test_levels_down_the_side_include_those_that_nobody_knows() -> None:
    text = "Title,Scope,Work\nTest Manager,One team,Plans\nSenior Test Manager,Two teams,Plans more\n"
    text += "Director,All,Decides\nCTO,More,Leads\n"
    assert levels(ladder_of("ladder.csv", text)) == ["test-manager", "senior-test-manager", "director", "cto"]


def test_what_stands_above_the_header_is_told() -> None:
    found = preview("ladder.csv", "Our ladder,,,\nfor 2026,,,\n,,,\n" + PLAIN)
    assert ("row 1", "What stands above the header is no part of the ladder: “Our ladder”, “for 2026”.") in [
        (note.place, note.words) for note in found.notes
    ]


def test_a_scale_of_numbers_takes_the_name() -> None:
    ladder = ladder_of("ladder.csv", "Skill,Junior,Mid,Senior\nTesting,1,1,3\n")
    assert cells(ladder) == {"testing": {"junior": "Testing: 1", "senior": "Testing: 3"}}


def test_unnamed_columns_left_of_the_levels_are_category_and_skill() -> None:
    text = ",,L1,L2\nCraft,Testing,a,b\n,Reviews,c,d\n"
    assert categories(ladder_of("ladder.csv", text)) == {"testing": "Craft", "reviews": "Craft"}


def test_columns_beside_the_levels() -> None:
    text = (
        "Id,Skill,Description,Importance,Requirement,Junior,Senior,Anti-patterns\n"
        'TST-1,Testing,Finding faults,High,Should have,Tests,Leads,"- Skips\n- Guesses"\n'
    )
    (skill,) = ladder_of("ladder.csv", text).skills
    assert (skill.id, skill.summary, skill.importance) == ("tst-1", "Finding faults", "important")
    assert [each.requirement for each in skill.expectations] == ["should", "should"]
    assert skill.expectations[0].counter_indicators == ("Skips", "Guesses")
    assert skill.expectations[1].counter_indicators == ()


def test_details_of_each_level_in_columns_of_their_own() -> None:
    text = "Skill,Junior,Junior: red flags,Senior,Senior: red flags\nTesting,Tests,Skips,Leads,Blames\n"
    (skill,) = ladder_of("ladder.csv", text).skills
    assert [(each.level, each.counter_indicators) for each in skill.expectations] == [
        ("junior", ("Skips",)),
        ("senior", ("Blames",)),
    ]


def test_a_cell_of_many_lines() -> None:
    cell = "Tests what is there.\n• Writes tests\n* Runs them\n1. Keeps them\nRed flags:\n- Skips them"
    (skill,) = ladder_of("ladder.csv", f'Skill,Junior,Senior\nTesting,"{cell}",Leads\n').skills
    first = skill.expectations[0]
    assert (first.statement, first.indicators) == ("Tests what is there.", ("Writes tests", "Runs them", "Keeps them"))
    assert first.counter_indicators == ("Skips them",)


SAYS_NOTHING = [
    "",
    "-",
    "n/a",
    "Same as previous",
    "same as above",
    "Same as Junior level",
    "Ditto",
    "No change",
    "Tests",
    "同上",
]


@pytest.mark.parametrize("words", SAYS_NOTHING)
def test_what_says_nothing_new_begins_nothing(words: str) -> None:
    ladder = ladder_of("ladder.csv", f"Skill,Junior,Mid,Senior\nTesting,Tests,{words},Leads\nOther,a,b,c\n")
    assert cells(ladder)["testing"] == {"junior": "Tests", "senior": "Leads"}


def test_ticks_and_words_of_firmness_take_the_name() -> None:
    ladder = ladder_of("ladder.csv", "Skill,Junior,Senior\nTesting,x,\nWriting,Optional,Must\n")
    assert cells(ladder) == {"testing": {"junior": "Testing"}, "writing": {"junior": "Writing", "senior": "Writing"}}
    assert [each.requirement for each in ladder.skills[1].expectations] == ["may", "must"]


def test_a_level_where_nothing_begins_is_left_out_and_told() -> None:
    found = preview("ladder.csv", "Skill,Junior,Mid,Senior\nTesting,a,,b\n")
    assert found.ladder is not None
    assert levels(found.ladder) == ["junior", "senior"]
    assert "Nothing begins at Mid; left out as a level." in [note.words for note in found.notes]


def test_ids_stand_on_names_and_not_on_places() -> None:
    before = "Area,Skill,Junior,Senior\nCraft,Reviews,a,b\nPeople,Reviews,c,d\nPeople,C++,e,f\nPeople,C#,g,h\nPeople,安全,i,j\n"
    head, *rows = before.splitlines()
    after = "\n".join([head, *rows[::-1], "Craft,New,x,y"])
    ids = {(skill.category, skill.name): skill.id for skill in ladder_of("l.csv", before).skills}
    again = {(skill.category, skill.name): skill.id for skill in ladder_of("l.csv", after).skills}
    assert ids == {key: id_ for key, id_ in again.items() if key in ids}
    assert ids["craft", "Reviews"] == "reviews-craft"
    assert {ids["people", "C++"], ids["people", "C#"]} == {"c-plus-plus", "c-sharp"}


def test_a_double_id_is_told_at_its_row() -> None:
    found = preview("ladder.csv", "Id,Skill,Junior,Senior\na,Testing,x,y\na,Writing,x,y\n")
    assert [(note.place, note.words) for note in found.problems] == [
        ("row 3, column B", "The id 'a' stands here twice, first at row 2, column B; an id belongs to one skill.")
    ]


def test_problems_of_the_checks_are_told_at_their_cell() -> None:
    found = preview("ladder.csv", f"Skill,Junior,Senior\nTesting,{'x' * 5000},y\n")
    assert [(note.place, note.words) for note in found.problems] == [
        ("row 2, column B", "'statement' is longer than 4,000 characters; shorten it.")
    ]


def test_a_corrected_mapping_is_followed() -> None:
    found = preview("ladder.csv", "Was,Bad,Good,Rest\nTesting,a,b,c\nWriting,d,e,f\n")
    mapping = dict(found.mapping or {})
    mapping["levels"] = [{"id": "good", "title": "Good", "summary": ""}, {"id": "bad", "title": "Bad", "summary": ""}]
    mapping["sheets"][0]["columns"] = [
        {"column": "A", "means": "skill"},
        {"column": "B", "means": "statement", "level": "bad"},
        {"column": "C", "means": "statement", "level": "good"},
        {"column": "D", "means": "summary"},
    ]
    ladder = ladder_of("ladder.csv", "Was,Bad,Good,Rest\nTesting,a,b,c\nWriting,d,e,f\n", mapping)
    assert levels(ladder) == ["good", "bad"]
    assert [skill.summary for skill in ladder.skills] == ["c", "f"]


@pytest.mark.parametrize(
    ("mapping", "place"),
    [
        ({"sheets": 1}, "mapping /sheets"),
        ({"sheets": [1]}, "mapping /sheets/0"),
        ({"sheets": [{"sheet": "", "headr": 1}]}, "mapping /sheets/0/headr"),
        ({"sheets": [{"sheet": "", "header": "1"}]}, "mapping /sheets/0/header"),
        (
            {"sheets": [{"sheet": "", "columns": [{"column": "A", "means": "skil"}]}]},
            "mapping /sheets/0/columns/0/means",
        ),
        ({"sheets": [{"sheet": "", "columns": [{"column": "A", "level": "x"}]}]}, "mapping /sheets/0/columns/0/level"),
        ({"levels": [{"id": "a"}], "sheets": [{"sheet": "", "level": "b"}]}, "mapping /sheets/0/level"),
    ],
)
def test_a_wrong_mapping_is_told_at_its_pointer(mapping: object, place: str) -> None:
    assert [note.place for note in preview("ladder.csv", PLAIN, mapping).problems] == [place]


def test_a_sheet_for_each_category() -> None:
    ladder = ladder_of(
        "l.xlsx", sheets(Craft=ROWS, People=[ROWS[0], ["Mentoring", "a", "b", "c"]], Read_me=[["Hello"]])
    )
    assert categories(ladder) == {"testing": "Craft", "writing": "Craft", "mentoring": "People"}


def test_a_sheet_for_each_skill() -> None:
    rows = [
        ["Level", "Expectation", "Examples", "Red flags"],
        ["Junior", "Tests", "- a\n- b", ""],
        ["Senior", "Leads", "", "c"],
    ]
    ladder = ladder_of("l.xlsx", sheets(Testing=rows, Writing=rows))
    assert list(cells(ladder)) == ["testing", "writing"]
    first, second = ladder.skills[0].expectations
    assert (first.indicators, second.counter_indicators) == (("a", "b"), ("c",))


def test_a_sheet_for_each_level() -> None:
    ladder = ladder_of(
        "l.xlsx",
        sheets(
            Senior=[["Skill", "Expectation"], ["Testing", "Leads"]],
            Junior=[["Skill", "Expectation"], ["Testing", "Tests"], ["Writing", "Writes"]],
        ),
    )
    assert levels(ladder) == ["junior", "senior"]
    assert cells(ladder) == {"testing": {"junior": "Tests", "senior": "Leads"}, "writing": {"junior": "Writes"}}


def test_merged_cells_formulas_and_hidden_sheets() -> None:
    def fill(book: object) -> None:
        sheet = book.add_worksheet("Skills")  # type: ignore[attr-defined]
        sheet.merge_range("A1:E1", "Our ladder")
        write(sheet, [[], ["Area", "Skill", "Junior", "Mid", "Senior"]])
        sheet.merge_range("A3:A4", "Craft")
        sheet.write_row("B3", ["Testing", "Tests", "More"])
        sheet.write_formula("E3", '="Te"&"sts all"', None, "Tests all")
        sheet.write("B4", "Writing")
        sheet.merge_range("C4:D4", "Writes")
        sheet.write("E4", "Writes well")
        sheet.write_blank("E500", None, book.add_format({"bold": True}))  # type: ignore[attr-defined]
        book.add_worksheet("Old").hide()  # type: ignore[attr-defined]

    found = preview("l.xlsx", workbook(fill))
    assert found.ladder is not None
    assert cells(found.ladder) == {
        "testing": {"junior": "Tests", "mid": "More", "senior": "Tests all"},
        "writing": {"junior": "Writes", "senior": "Writes well"},
    }
    assert categories(found.ladder) == {"testing": "Craft", "writing": "Craft"}
    told = {note.place: note.words for note in found.notes}
    assert told["Old"] == "This sheet is hidden in the workbook and was left out."
    assert told["Skills!E3"] == "The cell is a formula; what it showed when the file was saved was read."


def test_an_error_of_a_formula_is_a_problem_at_its_cell() -> None:
    def fill(book: object) -> None:
        sheet = book.add_worksheet("Skills")  # type: ignore[attr-defined]
        write(sheet, ROWS)
        sheet.write_formula("C2", "=#REF!", None, "#REF!")

    found = preview("l.xlsx", workbook(fill))
    assert [(note.place, note.words) for note in found.problems] == [
        ("Skills!C2", "The cell shows the error #REF!; mend its formula, or empty it.")
    ]


def test_what_the_file_leaves_open_is_filled_by_rules_that_are_told() -> None:
    found = preview("Engineering ladder 2026.2.csv", PLAIN, requirement="should")
    ladder = found.ladder
    assert ladder is not None
    assert (ladder.id, ladder.version, ladder.title) == ("engineering-ladder", "2026.2", "Engineering ladder")
    assert ladder.dated == "2026-11-28"
    assert {each.requirement for skill in ladder.skills for each in skill.expectations} == {"should"}
    assert ladder.documents["imported"].title == "Engineering ladder 2026.2.csv"
    assert ladder.skills[0].expectations[0].source.section == "Testing, Junior"
    assert "Nothing says how firm an expectation is: it is a “should”. (5 times)" in [
        note.words for note in found.notes
    ]


def test_what_a_person_says_wins() -> None:
    ladder = ladder_of(
        "l.csv", PLAIN, ladder="tester", version="7", title="Tester", family="quality", dated="2026-01-31"
    )
    assert (ladder.id, ladder.version, ladder.title, ladder.family, ladder.dated) == (
        "tester", "7", "Tester", "quality", "2026-01-31",
    )  # fmt: skip


def test_next_years_file_differs_where_it_was_changed() -> None:
    before = ladder_of("ladder 2026.csv", PLAIN, title="T")
    after = ladder_of("ladder 2026.csv", "New row above,,,\n" + PLAIN.replace("Tests more", "Tests much"), title="T")
    same = [a == b for a, b in zip(before.skills, after.skills, strict=True)]
    assert same == [False, True]
    changed = [a != b for a, b in zip(before.skills[0].expectations, after.skills[0].expectations, strict=True)]
    assert changed == [False, True, False]


def test_the_head_of_our_csv_is_understood() -> None:
    found = preview("l.csv", ",".join(HEAD) + "\nCraft,Testing,t,critical,Finds,Junior,may,Tests,• a\n")
    assert found.mapping is not None
    assert "" not in [column["means"] for column in found.mapping["sheets"][0]["columns"]]
