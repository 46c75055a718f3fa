import csv
import io
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.errors import Invalid
from service.people import files
from service.people.rules import Standing, preview

HEAD = "employee id,name,e-mail,manager's id,org unit,ladder,level,start date"
INVISIBLE = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SIGNS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters=INVISIBLE)
NAMES = st.text(SIGNS, min_size=1, max_size=200)
NOTHING = Standing({}, frozenset(), {})


def _one(text):
    return files.read(text).rows[0].cells


def _problems(text):
    try:
        return preview(files.read(text), NOTHING, {}).problems
    except Invalid as invalid:
        return invalid.problems


def _detail(text):
    with pytest.raises(Invalid) as caught:
        files.read(text)
    return [problem.detail for problem in caught.value.problems]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
def test_separators_line_ends_and_marks(separator, end, start):
    text = (
        start
        + separator.join(HEAD.split(","))
        + end
        + separator.join(["1", "Ann", "a@x.org", "", "U", "l", "m", "2026-01-02"])
    )
    assert _one(text) == {
        "employee_id": "1", "name": "Ann", "email": "a@x.org", "manager": "",
        "unit": "U", "ladder": "l", "level": "m", "started_on": "2026-01-02",
    }  # fmt: skip


def test_the_separator_a_spreadsheet_states_holds():
    text = 'sep=;\r\n"employee id";name;e-mail;manager;unit;ladder;level;"start, date"\r\n1;"Berg, Ann";a@x.org\r\n'
    assert _one(text)["name"] == "Berg, Ann"


@pytest.mark.parametrize(
    "header",
    [
        "Employee_ID,NAME,E-Mail,Manager's ID,Org-Unit,Ladder,Level,Start Date",
        "employee-id,Full name,email,manager id,department,ladder,level,hire date",
        "ＩＤ,Name,E-Mail address,Manager,unit,ladder id,level id,start",
        "level,ladder,started on,unit,reports to,mail,name,employee number",
        "ID,Name,Email,Manager’s ID,Org unit,Ladder,Level,Start date",
    ],
)
def test_header_spellings(header):
    assert files.read(header + "\n").rows == ()


def test_columns_that_mean_nothing_are_named_as_ignored():
    sheet = files.read(HEAD + ",Shoe size,\n1,Ann,a@x.org,,,,,,44,\n")
    assert sheet.ignored == ("Shoe size", "column 10, without a name")
    assert sheet.problems == ()


def test_missing_and_double_columns_are_all_told():
    told = _detail("employee id,id,manager,ladder,level\n")
    assert told[0] == "There are two columns for the employee id; leave one."
    assert [words.split("”")[0] for words in told[1:]] == ["The column “name", "The column “e-mail"]


def test_rows_are_counted_as_a_spreadsheet_counts():
    sheet = files.read(HEAD + "\n1,Ann\n,,,\n\n2,Ben\n")
    assert [(row.number, row.cells["name"]) for row in sheet.rows] == [(2, "Ann"), (5, "Ben")]


def test_too_many_cells_are_a_problem_of_the_row():
    sheet = files.read(HEAD + "\n1,Berg, Ann,a@x.org,,,,,2026-01-02\n")
    assert [problem.pointer for problem in sheet.problems] == ["/rows/2"]


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "\ufeff", ",,,\n;;"])
def test_nothing_in_it(text):
    assert _detail(text)[0].startswith("There is nothing in it.") or "missing" in _detail(text)[0]


@pytest.mark.parametrize("text", [HEAD + '\n"1,Ann', HEAD + '\n"1"x,Ann', HEAD + "\n" + "x" * 200_000])
def test_quotes_that_do_not_pair_up(text):
    assert _detail(text) == ["Row 2 cannot be read: its quotation marks do not pair up, or a cell is far too long."]


def test_twenty_thousand_rows_and_not_one_more():
    text = HEAD + "\n" + "1,Ann,a@x.org\n" * files.MOST_ROWS
    assert len(files.read(text).rows) == files.MOST_ROWS
    assert _detail(text + "1,Ann,a@x.org\n") == ["There are more than 20,000 people in it. Import it in parts."]


def test_five_megabytes_and_not_one_more():
    assert _detail("é" * 2_500_001) == ["The text is larger than 5 MB. Import it in parts."]
    with pytest.raises(Invalid):
        files.decode(b"x" * 5_000_001)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding):
    assert files.decode("Łukasz, יעל, 山田".encode(encoding)) == "Łukasz, יעל, 山田"


@pytest.mark.parametrize("data", ["Zoë".encode("latin-1"), "Zoë".encode("cp1252") + b"\x81", b"\xff\xfe\x00"])
def test_other_encodings_are_refused_with_a_hint(data):
    with pytest.raises(Invalid) as caught:
        files.decode(data)
    assert "save it as “CSV UTF-8”" in caught.value.problems[0].detail


@given(st.text() | st.text(alphabet='",;\t\r\n\x00\ufeff a1@/-').map(lambda tail: f"{HEAD}\n{tail}"))
@example(HEAD + "\n" + "\ud800,\ud800,\ud800")
def test_no_text_brings_more_than_a_list_of_problems(text):
    assert all(
        problem.pointer in ("/csv", "/header") or problem.pointer.startswith("/rows/") for problem in _problems(text)
    )


@given(st.binary())
def test_no_bytes_bring_more_than_a_list_of_problems(data):
    with suppress(Invalid):
        _problems(files.decode(data))


@given(NAMES, st.sampled_from([",", ";", "\t"]))
@example("=cmd|' /C calc'!A0", ",")
@example('O\'Brien "Bo" ; , Ann', ";")
@example("محمد بن سلمان", ",")
@example("👩\u200d💻 Ann", "\t")
@example("e\u0301", ",")
def test_any_name_comes_out_as_it_went_in(name, separator):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([HEAD.split(","), ["1", name, "a@x.org", "", "", "", "", ""]])
    found = preview(files.read(out.getvalue()), NOTHING, {})
    if name.strip():
        assert [entry.name for entry in found.added] == [name.strip()]
        assert found.problems == ()
    else:
        assert [problem.pointer for problem in found.problems] == ["/rows/2/name"]
