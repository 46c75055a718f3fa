"""CSV → a sheet of cells. Pure."""

import csv
import io
import re

from service.formats.matrix.grids import MOST_CELLS, MOST_COLUMNS, Sheet, tidy
from service.formats.rules import Given, Note
from service.formats.text import decode

LONGEST_CELL = 131_072
"""What is read of one cell; a spreadsheet holds less."""
_SEPARATORS = ",;\t"
_GUARD = re.compile(r"(?<![\s\"])([\s\"]*+)'(?=[\s\"]*[=+\-@＝＋－＠])")
"""The apostrophe that our own CSV, and others', put before what a spreadsheet would take for a formula."""
_STATED = re.compile(r"sep=([,;\t|])\n", re.IGNORECASE)


def read_csv(content: bytes, given: Given) -> tuple[Sheet | None, Note | None]:
    """The one sheet of a CSV text, separated by commas, semicolons or tabs, in the encoding that `given` says; or why not."""
    text, fault = decode(content, given)
    if fault:
        return None, fault
    stated = _STATED.match(text)
    text = text[stated.end() :] if stated else text
    end = text.find("\n", len(text.rstrip("\n\t ,;")))  # a million empty rows cost nothing
    kept = text[:end] if end >= 0 else text
    separator = stated[1] if stated else _separator(kept)
    cells: dict[tuple[int, int], str] = {}
    row = 0
    reader = csv.reader(io.StringIO(kept, newline=""), delimiter=separator, strict=True)
    try:
        for row, line in enumerate(reader, start=1):
            if len(line) > MOST_COLUMNS and any(line[MOST_COLUMNS:]):
                return None, Note(
                    f"row {row}", f"There are more than {MOST_COLUMNS} columns; leave out what is no skill."
                )
            for column, words in enumerate(line[:MOST_COLUMNS], start=1):
                if words and (words := tidy(_GUARD.sub(_bare, words))):
                    cells[row, column] = words
            if len(cells) > MOST_CELLS:
                return None, Note(
                    f"row {row}", f"There are more than {MOST_CELLS:,} cells with words; bring it in in parts."
                )
    except csv.Error as error:
        words = (
            f"a cell is longer than {LONGEST_CELL:,} characters"
            if "limit" in str(error)
            else "its quotation marks do not pair up"
        )
        return None, Note(f"row {row + 1}", f"This row cannot be read: {words}.")
    return Sheet("", cells), None


def _bare(found: re.Match[str]) -> str:
    """The signs before a guard without it, where one stands: at the beginning, or where a program could begin a cell."""
    before = found.string[max(found.start() - 1, 0) : found.start()]
    begins = found.end() == 1 or before in (";", "|") or not {*"\t\r\n"}.isdisjoint(found[1])
    return found[1] if begins else found[0]


def _separator(text: str) -> str:
    """The one that makes the most alike rows of several cells out of the beginning."""
    return max(_SEPARATORS, key=lambda sign: _fit(text, sign))


def _fit(text: str, separator: str) -> tuple[float, int]:
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator)
    widths = []
    try:
        for line in reader:
            if any(line):
                widths.append(len(line))
            if len(widths) == 40:
                break
    except csv.Error:
        return (0, 0)
    common = max(set(widths), key=widths.count, default=1)
    return (widths.count(common) / len(widths), common) if common > 1 else (0, 0)
