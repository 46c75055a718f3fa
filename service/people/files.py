"""A CSV file of people as rows of text, whatever program wrote it. Pure; what the text means is for rules.py to say."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from service.errors import Invalid, Problem

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000
MOST_COLUMNS, LONGEST_TITLE = 200, 100

COLUMNS = {
    "employee_id": ("employee id", {"employeeid", "employeenumber", "employeeno", "employee", "personid", "id"}),
    "name": ("name", {"name", "fullname"}),
    "email": ("e-mail", {"email", "emailaddress", "mail"}),
    "manager": (
        "manager's id",
        {"managersid", "managerid", "manager", "managersemployeeid", "manageremployeeid", "reportsto"},
    ),
    "unit": ("org unit", {"orgunit", "unit", "organisationunit", "organizationunit", "department"}),
    "ladder": ("ladder", {"ladder", "ladderid", "roleladder"}),
    "level": ("level", {"level", "levelid"}),
    "started_on": ("start date", {"startdate", "startedon", "start", "hiredate"}),
}
"""Field → the column's name in words, and the spellings it goes by once case, spaces and signs are gone."""

NEEDED = ("employee_id", "name", "email")
"""Columns that every file has. Another one left out says nothing: what is there stays."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of the file: `number` as a spreadsheet counts, 1 being the header; `cells` by field, stripped, for those columns that
    the file has."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that could be read. `columns` are the fields it has, `ignored` are columns that mean nothing here; `problems` point
    to /rows/{number}."""

    rows: tuple[RawRow, ...]
    columns: frozenset[str]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Raises: Invalid.
    """
    if len(data) > MOST_BYTES:
        raise _unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Import it in parts.")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        hint = "In a spreadsheet, save it as “CSV UTF-8”."
        raise _unreadable(f"The file is not {encoding.removesuffix('-sig').upper()} text. {hint}") from error


def read(text: str) -> Sheet:
    """The rows of a CSV text. Comma, semicolon and tab separate; any line ends; quotes as spreadsheets write them.

    Raises: Invalid where there is no table of people in it at all.
    """
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise _unreadable(f"The text is larger than {MOST_BYTES // 1_000_000} MB. Import it in parts.")
    text = text.removeprefix("\ufeff")
    stated = re.match(r"sep=([,;\t])\r?\n", text, re.IGNORECASE)
    lines = _lines(text[stated.end() :] if stated else text, stated[1] if stated else None)
    header = next(((number, cells) for number, cells in lines if any(cells)), None)
    if header is None:
        raise _unreadable(
            "There is nothing in it. The first row names the columns, then comes one row for each person."
        )
    places, ignored = _places(header[1])
    rows: list[RawRow] = []
    problems = []
    for number, cells in lines:
        if not any(cells):
            continue
        if len(rows) == MOST_ROWS:
            raise _unreadable(f"There are more than {MOST_ROWS:,} people in it. Import it in parts.")
        if any(cells[len(header[1]) :]):
            words = "This row has more cells than there are columns; put quotes around text with a separator in it."
            problems.append(Problem(f"/rows/{number}", words))
        picked = {field: cells[place] if place < len(cells) else "" for field, place in places.items()}
        rows.append(RawRow(number, picked))
    return Sheet(tuple(rows), frozenset(places), ignored, tuple(problems))


def plain(text: str) -> str:
    """`text` as headers and names of units are compared: one width, no case, single spaces."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"\s+", " ", folded).strip()


def at(number: int, field: str, words: str) -> Problem:
    """A problem of one cell."""
    return Problem(f"/rows/{number}/{field}", words)


def _lines(text: str, separator: str | None) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator or _separator(text), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            words = f"Row {number} cannot be read: its quotation marks do not pair up, or a cell is far too long."
            raise _unreadable(words) from error
        yield number, [cell.strip() for cell in cells]


def _separator(text: str) -> str:
    """Whichever of , ; and tab stands most often in the first line, outside quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip().split("\n", 1)[0])
    return max(",;\t", key=first.count)


def _places(header: list[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    places: dict[str, int] = {}
    ignored, problems = [], []
    if len(header) > MOST_COLUMNS:
        raise _unreadable(f"The first row has {len(header):,} columns; at most {MOST_COLUMNS} can be read.")
    for place, whole in enumerate(header):
        title = whole[:LONGEST_TITLE]
        spelling = re.sub(r"[\W_]", "", plain(title))
        field = next((field for field, (_, spellings) in COLUMNS.items() if spelling in spellings), None)
        if field is None:
            ignored.append(title or f"column {place + 1}, without a name")
        elif field in places:
            problems.append(Problem("/header", f"There are two columns for the {COLUMNS[field][0]}; leave one."))
        else:
            places[field] = place
    for field in NEEDED:
        if field not in places:
            words = (
                f"The column “{COLUMNS[field][0]}” is missing; employee id, name and e-mail are needed in every file."
            )
            problems.append(Problem("/header", words))
    if problems:
        raise Invalid("The first row does not name the columns of a list of people.", problems)
    return places, tuple(ignored)


def _unreadable(detail: str) -> Invalid:
    return Invalid("This cannot be read as a list of people.", [Problem("/csv", detail)])
