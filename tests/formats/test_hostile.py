"""Files that are broken or meant to do harm: each a located problem or a clean import, at once and in little memory."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from itertools import pairwise

import pytest

from service.formats.native import as_json as native_json
from service.formats.native import as_yaml as native_yaml
from tests.formats.files import cells, ladder_of, preview, sheets
from tests.formats.test_matrix import PLAIN, ROWS, SAID
from tests.ladders.files import LADDER

SECONDS, BYTES = 2.0, 100 * 1024 * 1024
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def changed_workbook(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A good workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(sheets(Skills=ROWS))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def with_sheet(xml: str) -> bytes:
    return changed_workbook(lambda parts: parts.update({"xl/worksheets/sheet1.xml": xml.encode()}))


def with_strings(head: str, text: str) -> bytes:
    xml = f'<?xml version="1.0"?>{head}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    return changed_workbook(lambda parts: parts.update({"xl/sharedStrings.xml": xml.encode()}))


ENTITIES = "".join(f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in pairwise("abcdefghi"))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a 'ha'>{ENTITIES}]>"
DOCTYPE = "This workbook cannot be read: it declares a document type, which no spreadsheet does."
NOT_WHOLE = "This is no whole XLSX file; open it in a spreadsheet program and save it again as XLSX."
TOO_MANY = (
    "This workbook cannot be read: it holds too many rows and cells, mostly empty ones; "
    "delete the empty rows below the table."
)

WORKBOOKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb-of-rows": (lambda: with_sheet(SHEET.format('<row r="1"/>' * 4_400_000)), TOO_MANY),
    "bomb-of-cells": (lambda: with_sheet(SHEET.format("<row>" + '<c s="1"/>' * 3_000_000 + "</row>")), TOO_MANY),
    "bomb-of-text": (
        lambda: with_strings("", "x" * 52_000_000),
        "This workbook cannot be read: it holds more than 8,000,000 characters of text.",
    ),
    "bomb-of-space": (
        lambda: with_sheet(SHEET.format(" " * 105_000_000)),
        "This workbook cannot be read: unpacked it is larger than 100 MiB.",
    ),
    "external-entity": (lambda: with_strings('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"), DOCTYPE),
    "billion-laughs": (lambda: with_strings(LAUGHS, "&i;"), DOCTYPE),
    "half": (lambda: sheets(Skills=ROWS)[:3000], NOT_WHOLE),
    "a-few-bytes": (lambda: b"PK\x03\x04", NOT_WHOLE),
    "broken-inside": (
        lambda: with_sheet("<worksheet><sheetData><row"),
        "This workbook cannot be read: a part of it is no well-formed XML; open it in a spreadsheet program and save it again "
        "(line 1 of the part).",
    ),
    "no-workbook": (
        lambda: changed_workbook(lambda parts: parts.clear()),
        "This workbook cannot be read: it is a zip file without a workbook in it.",
    ),
    "wrong-address": (
        lambda: with_sheet(SHEET.format('<row r="1"><c r="!!"><v>1</v></c></row>')),
        "This workbook cannot be read: a cell has no proper address.",
    ),
    "wrong-number": (
        lambda: with_sheet(SHEET.format('<row r="1"><c r="A1"><v>one</v></c></row>')),
        "This workbook cannot be read: a part of it does not say what workbooks say.",
    ),
}


@pytest.mark.parametrize("case", WORKBOOKS)
def test_a_hostile_workbook_is_refused_at_once(case: str) -> None:
    make, words = WORKBOOKS[case]
    content = make()
    started = time.process_time()
    found = preview("ladder.xlsx", content)
    seconds = time.process_time() - started
    assert [note.words for note in found.problems] == [words]
    assert seconds < SECONDS


@pytest.mark.parametrize("case", ["bomb-of-text", "bomb-of-space"])
def test_a_bomb_stays_packed(case: str) -> None:
    content = WORKBOOKS[case][0]()
    assert len(content) < 300_000
    tracemalloc.start()
    preview("ladder.xlsx", content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < BYTES


TEXTS: dict[str, tuple[str, bytes, list[tuple[str, str]]]] = {
    "cp1252": (
        "l.csv", "Skill,Junior,Senior\nPrüfen,a,b\n".encode("cp1252"),
        [("line 2, column 3", "Here is no UTF-8 text. Save it as UTF-8, or say that it is in Windows-1252.")],
    ),
    "nul": ("l.csv", b"Skill,Junior,Senior\nTe\x00st,a,b\n",
            [("line 2, column 3", "Here is a NUL character; this is not a text file.")]),
    "half-utf-16": ("l.csv", "Skill,Junior".encode("utf-16")[:-1],
                    [("line 1, column 12", "Here is no UTF-16 text. Save it as UTF-8.")]),
    "open-quote": ("l.csv", b'Skill,Junior,Senior\nTesting,"a,b\n',
                   [("row 2", "This row cannot be read: its quotation marks do not pair up.")]),
    "long-cell": ("l.csv", b"Skill,Junior,Senior\nTesting," + b"x" * 200_000 + b",b\n",
                  [("row 2", "This row cannot be read: a cell is longer than 131,072 characters.")]),
    "control": ("l.csv", b"Skill,Junior,Senior\nTesting,a\x07,b\n",
                [("row 2, column B", "the text holds a control character; take it out.")]),
    "tabs-in-yaml": ("l.yaml", LADDER.replace("title: Tester", "title:\tTester").encode(),
                     [("line 4, column 7", "there is a tab; write spaces instead.")]),
    "half-json": ("l.json", b'{"ladder": {"format": "nextrung-ladder/1",',
                  [("line 1, column 43",
                    "This is not JSON that means one thing: Expecting property name enclosed in double quotes.")]),
    "deep-json": ("l.json", b'{"ladder": {"should_share": ' + b"[" * 200_000,
                  [("line 1", "Values are nested more than 40 deep here.")]),
    "empty": ("l.csv", b"", [("", "The file is empty.")]),
    "spaces": ("l.csv", b" \n \n", [("", "The file is empty.")]),
    "huge": ("l.csv", b"x" * (8 * 1024 * 1024 + 1), [("", "The file has 8,388,609 bytes and may have 8,388,608.")]),
    "no-table": ("l.csv", b"Hello\nworld\n",
                 [("", "No table of skills and levels was recognised. Say which row is the header, and what the columns mean.")]),
    "picture": ("l.png", b"\x89PNG\r\n\x1a\n\x00", []),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_a_broken_text_is_told_at_its_place(case: str) -> None:
    name, content, problems = TEXTS[case]
    started = time.process_time()
    found = preview(name, content)
    assert time.process_time() - started < SECONDS
    assert found.ladder is None
    assert found.problems
    if problems:
        assert [(note.place, note.words) for note in found.problems] == problems


def test_windows_1252_where_somebody_says_so() -> None:
    ladder = ladder_of("l.csv", "Skill,Junior,Senior\nPrüfen,a,b\n".encode("cp1252"), encoding="cp1252")
    assert ladder.skills[0].name == "Prüfen"


@pytest.mark.parametrize("padding", ["\n" * 2_000_000, ",,,\n" * 2_000_000])
def test_two_million_rows_of_padding_cost_nothing(padding: str) -> None:
    content = (PLAIN + padding).encode()
    started = time.process_time()
    assert cells(ladder_of("l.csv", content[: 8 * 1024 * 1024])) == SAID
    assert time.process_time() - started < SECONDS


def test_a_sheet_of_empty_rows_below_the_table() -> None:
    with zipfile.ZipFile(io.BytesIO(sheets(Skills=ROWS))) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="1"/><c r="B{row}" s="1"/></row>' for row in range(10, 100_000))
    assert cells(ladder_of("l.xlsx", with_sheet(xml.replace("</sheetData>", f"{rows}</sheetData>")))) == SAID


def test_names_in_every_script() -> None:
    names = ["安全", "أمان", "בדיקה", "Тест", "🪜 Climbing", "Prüfung", "ﬁle", "テスト"]
    text = "Skill,Junior,Senior\n" + "".join(f" {name} ,x {name},y\n" for name in names)
    ladder = ladder_of("l.csv", text)
    assert [skill.name for skill in ladder.skills] == names
    assert len({skill.id for skill in ladder.skills}) == len(names)
    assert [skill.id for skill in ladder_of("l.csv", text).skills] == [skill.id for skill in ladder.skills]


def test_a_long_name_is_cut_and_kept_in_full_beside() -> None:
    name = "Testing " * 40
    (skill,) = ladder_of("l.csv", f"Skill,Junior,Senior\n{name},a,b\n").skills
    assert (len(skill.name) <= 200, skill.summary) == (True, name.strip())


def test_a_list_of_thirty_lines_keeps_them_all() -> None:
    cell = "Tests.\n" + "\n".join(f"- line {number}" for number in range(30))
    (skill,) = ladder_of("l.csv", f'Skill,Junior,Senior\nTesting,"{cell}",b\n').skills
    lines = skill.expectations[0].indicators
    assert (len(lines), len("\n".join(lines).split("\n"))) == (20, 30)


@pytest.mark.parametrize("format_", [native_yaml, native_json])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_half_of_our_own_file_is_no_ladder(format_: object, share: float) -> None:
    ladder = ladder_of("l.yaml", LADDER)
    content = format_.write(ladder, None)  # type: ignore[attr-defined]
    found = preview(f"l.{format_.NAME}", content[: int(len(content) * share)])  # type: ignore[attr-defined]
    assert found.problems or found.ladder != ladder


def test_both_files_of_a_version_in_one_and_a_third_is_told() -> None:
    found = preview("l.yaml", LADDER + "---\n" + LADDER + "---\nx: 1\n")
    assert [note.place for note in found.problems] == ["line 73, column 1", "line 37, column 1"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("ladder.csv", b"%PDF-1.7\n%\xe2\xe3", "This is a PDF"),
        ("ladder.md", b"%PDF-1.7\n%\xe2\xe3", "This is a PDF"),
        ("ladder.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is a file of an older Office program"),
        ("ladder.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is a file of an older Office program"),
        ("ladder.json", b"\x89PNG\r\n", "This is a picture"),
        ("ladder.xlsx", b"<html><table></table></html>", "This is a web page"),
        ("ladder.html", b"<!DOCTYPE html><p>", "This is a web page"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_kind(name: str, content: bytes, kind: str) -> None:
    (problem,) = preview(name, content).problems
    assert problem.words.startswith(kind)
