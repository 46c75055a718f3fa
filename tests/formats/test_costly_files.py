"""Small files that would cost minutes, and files of our own that were changed by hand: each read, or refused, at once."""

import base64
import io
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from xlsxwriter import Workbook

from reports.workbook import write_csv
from service.formats import queries
from service.formats.matrix.workbook import HEAD, MARK, TABLE, WHOLE
from service.formats.queries import Preview
from service.formats.rules import Given
from tests.formats.test_hostile import SHEET, with_sheet, with_strings

SECONDS = 5.0
"""Far more than any of these takes; before they were mended, each took from half a minute to hours."""

FRONT = """---
format: nextrung-ladder/1
%s
---
# Tester

About.

## Levels {.levels}

### Junior {#junior}

Begins.

## Craft {#craft}

### Testing {#testing}

Tests.

#### Junior {#junior}

Tests well.
"""


def text_cell(at: str, words: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{words}</t></is></c>'


def ranges() -> bytes:
    sheet = SHEET.format(f"<row>{text_cell('A1', 'Skill')}{text_cell('CV1000', 'x')}</row>").replace("</worksheet>", "")
    merged = '<mergeCell ref="A1:CU990"/>' * 20_000
    return with_sheet(f"{sheet}<mergeCells>{merged}</mergeCells></worksheet>")


def fields() -> bytes:
    named = {f"a{n}": [{"level": f"L{k}", "skill": f"x{n}", "text": "x"} for k in (1, 2, 2)] for n in range(250)}
    odd = [{f"f{n}-{k}": 1 for k in range(100)} for n in range(300)]
    return json.dumps(named | {"z": odd}).encode()


COSTLY: dict[str, tuple[str, Callable[[], bytes]]] = {
    "the-same-range-merged-again-and-again": ("a.xlsx", ranges),
    "a-cell-in-many-pieces": (
        "a.xlsx",
        lambda: with_sheet(SHEET.format("<row>" + text_cell("A1", "x</t>" + "<t>words</t>" * 400_000 + "<t>") + "</row>")),
    ),
    "a-shared-text-in-many-pieces": ("a.xlsx", lambda: with_strings("", "x</t>" + "<t>words</t>" * 400_000 + "<t>")),
    "a-tag-without-an-end": ("a.xlsx", lambda: with_sheet("<worksheet " + "a" * 60_000_000 + '="x"/>')),
    "line-ends-before-no-formula": ("a.csv", lambda: b'Skill,Junior,Senior\nx,"a' + b"\n" * 130_000 + b'b",y\n'),
    "thirty-thousand-levels": (
        "a.csv",
        lambda: b"Skill,Skill id,Level,Expectation\n" + b"".join(b"s%d,i%d,L%d,Does\n" % (n, n, n) for n in range(25_000)),
    ),
    "a-heading-of-spaces": ("a.md", lambda: b"# a" + b" " * 400_000 + b"b\n## x\n"),
    "exact-texts-without-number": (
        "a.md",
        lambda: (FRONT % ("exact:\n" + "- {at: [title], reads: Tester, text: x}\n" * 4500)).encode()
        + b"".join(b"\n### S {#s%d}\n\ny\n\n#### J {#junior}\n\nz\n\n- i\n" % n for n in range(500)),
    ),
    "millions-of-values": ("a.json", lambda: b'{"format":"nextrung-ladder/1","x":[' + b"[1]," * 1_500_000 + b"1]}"),
    "nested-values": (
        "a.json",
        lambda: b'{"format":"nextrung-ladder/1","x":' + b"[" * 300 + b"1," * 300_000 + b"1" + b"]" * 300 + b"}",
    ),
    "fields-without-number": ("a.json", fields),
}  # fmt: skip


def look(name: str, content: bytes, mapping: dict[str, Any] | None = None) -> Preview:
    began = time.process_time()
    found = queries.preview(name, content, "", Given({}, mapping))
    assert time.process_time() - began < SECONDS
    return found


@pytest.mark.parametrize("case", COSTLY)
def test_a_small_file_costs_little(case: str) -> None:
    name, content = COSTLY[case]
    look(name, content())


def test_a_large_mapping_is_refused_at_once() -> None:
    column = {"column": "A", "means": "skill"}
    mapping = {"levels": [], "sheets": [{"sheet": f"s{n}", "columns": [column] * 1000} for n in range(500)]}
    found = look("a.csv", b"Skill,Junior,Senior\na,b,c\n", mapping)
    words = "A mapping has at most 20,000 levels, sheets and columns."
    assert (found.problems[0].place, found.problems[0].words) == ("mapping /sheets/19/columns", words)


def test_a_sheet_is_read_once_by_a_mapping() -> None:
    sheet = {"sheet": "", "header": 1, "columns": [{"column": "A", "means": "skill"}]}
    found = look("a.csv", b"Skill,Junior,Senior\na,b,c\n", {"levels": [], "sheets": [sheet, sheet]})
    assert [(each.place, each.words) for each in found.problems] == [
        ("mapping /sheets/1/sheet", "This sheet stands here twice; leave one.")
    ]


def test_a_csv_that_leaves_costs_little() -> None:
    began = time.process_time()
    write_csv(("Text",), [("a" + "\n" * 130_000 + "b",)])
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    "front",
    [
        "exact: [{at: [title], reads: Tester, text: x}]\nlevels: {junior: {id: [1]}}",
        "exact: [{at: [title], reads: Tester, text: x}]\nskills: {testing: {id: {a: 1}, name: [5]}}",
        "exact: [{at: [title], reads: Tester, text: x}]\nskills: {testing: {expectations: {junior: {level: [5]}}}}",
        "exact: [{at: [title], reads: Tester, text: x}]\nskills: {testing: {expectations: {junior: {indicators: 5}}}}",
    ],
)
def test_front_matter_does_not_say_what_the_body_says(front: str) -> None:
    ladder = look("a.md", (FRONT % front).encode()).ladder
    assert ladder is not None
    told = [(level.id, level.title) for level in ladder.levels] + [(skill.id, skill.name) for skill in ladder.skills]
    assert (ladder.title, told, ladder.skills[0].expectations[0].level) == (
        "x", [("junior", "Junior"), ("testing", "Testing")], "junior",
    )  # fmt: skip


def our_workbook(ladder: Any) -> bytes:
    """A workbook of ours whose hidden part was written by somebody else."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        table, whole = book.add_worksheet(TABLE), book.add_worksheet(WHOLE)
        table.write_row(0, 0, [*HEAD, "Junior"])
        table.write_row(1, 0, ["Craft", "Testing", "testing", "critical", "Tests.", "Tests well."])
        packed = base64.b64encode(zlib.compress(json.dumps({"ladder": ladder}).encode())).decode()
        whole.write_column(0, 0, [MARK, "", packed])
    return file.getvalue()


LEVEL, CATEGORY = {"id": "junior", "title": "Junior"}, {"id": "craft", "title": "Craft"}


@pytest.mark.parametrize(
    "said",
    [
        {"categories": [{"title": "Craft"}]}, {"categories": ["Craft"]}, {"categories": 5},
        {"categories": [{"id": "craft", "title": 5}]}, {"levels": [LEVEL, "x"]}, {"levels": 5}, {"skills": [{"name": "x"}]},
        {"skills": ["x"]}, {"skills": [{"id": ["x"]}]}, {"skills": [{"id": "testing", "expectations": 5}]},
        {"skills": [{"id": "testing", "expectations": [{}]}]},
        {"skills": [{"id": "testing", "expectations": [{"level": "junior", "indicators": 5}]}]},
    ],
)  # fmt: skip
def test_a_workbook_whose_hidden_part_is_no_ladder_tells_its_problems(said: dict[str, Any]) -> None:
    ladder = {"format": "nextrung-ladder/1", "levels": [LEVEL], "categories": [CATEGORY], "skills": []} | said
    found = look("a.xlsx", our_workbook(ladder))
    assert (found.ladder, found.problems[0].words) == (None, "the field 'ladder' is missing; add it here.")
