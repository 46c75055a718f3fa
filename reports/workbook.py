"""A table as a file that spreadsheets open: CSV and XLSX, in which a text is never a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from xlsxwriter import Workbook

Cell = str | int | date | None

FORMULA = re.compile(r'^(?=[\s"]*[=+\-@＝＋－＠]| *[\t\r\n])|(?<![\s"])([\s"]*+)(?=[=+\-@＝＋－＠])')
"""Where a spreadsheet may begin to read a formula: at a sign that opens the text, or that opens what a spreadsheet of another
country takes for the next cell, after a semicolon, tab, bar or line end; spaces and quotes between count as nothing. Source: OWASP,
"CSV Injection", on field separators and quotes within a cell."""


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that tells Excel so; dates as 2026-11-21.

    An apostrophe stands before each sign that could begin a formula, wherever the file is opened (`FORMULA`): "=1+1" is written
    as "'=1+1", and "x;=1+1" as "x;'=1+1".
    """
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def write_xlsx(title: str, made: datetime, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a head that stays, filters, and dates that are dates. The same rows made at the same moment are the
    same bytes."""
    file = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, plain | {"default_date_format": "d mmm yyyy"}) as book:
        book.set_properties({"title": title, "created": made.replace(tzinfo=None)})
        sheet, bold = book.add_worksheet(title[:31]), book.add_format({"bold": True, "bottom": 1})
        sheet.write_row(0, 0, head, bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            sheet.write_row(last, 0, row)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(head) - 1)
        sheet.autofit(300)
    return file.getvalue()


def _guarded(cell: Cell) -> Cell:
    return FORMULA.sub(_apostrophe, cell) if isinstance(cell, str) else cell


def _apostrophe(found: re.Match[str]) -> str:
    """With the guard behind what was found, where a cell could begin: each space is looked at once, however many there are."""
    before = found[1] or ""
    opens = found[1] is None or not {*"\t\r\n"}.isdisjoint(before)
    return f"{before}'" if opens or found.string[max(found.start() - 1, 0) : found.start()] in (";", "|") else before
