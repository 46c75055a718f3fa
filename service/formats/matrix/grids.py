"""A sheet of cells, whatever file it stood in: what CSV and XLSX become before anybody asks what they mean. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

At = tuple[int, int]
"""Row and column, from 1."""

MOST_CELLS, MOST_ROWS, MOST_COLUMNS = 100_000, 10_000, 500
"""With words in them: what is empty costs nothing."""


@dataclass(frozen=True)
class Sheet:
    """`cells` are those with words, stripped. `merged` names for each further cell of a merged range the one with its words;
    `errors` are cells in which a spreadsheet shows one (#REF!), `formulas` those that were computed. `prefix` stands
    before the name of a cell ("Skills!"); `turned` says that rows and columns were exchanged."""

    title: str
    cells: Mapping[At, str]
    merged: Mapping[At, At] = field(default_factory=dict)
    errors: Mapping[At, str] = field(default_factory=dict)
    formulas: frozenset[At] = frozenset()
    prefix: str = ""
    turned: bool = False

    def turn(self) -> "Sheet":
        """The same with rows as columns."""
        return replace(
            self,
            cells={at[::-1]: text for at, text in self.cells.items()},
            merged={at[::-1]: anchor[::-1] for at, anchor in self.merged.items()},
            errors={at[::-1]: text for at, text in self.errors.items()},
            formulas=frozenset(at[::-1] for at in self.formulas),
            turned=not self.turned,
        )

    @cached_property
    def rows(self) -> dict[int, dict[int, str]]:
        """Row → column → words, for the rows that have some, from the top."""
        found: dict[int, dict[int, str]] = {}
        for (row, column), text in sorted(self.cells.items()):
            found.setdefault(row, {})[column] = text
        return found

    @cached_property
    def columns(self) -> list[int]:
        """The columns with words, from the left."""
        return sorted({column for _, column in self.cells})

    def says(self, row: int, column: int) -> str:
        """The words of a cell, or of the merged range that it is a part of; "" where there are none."""
        at = (row, column)
        return self.cells.get(at) or self.cells.get(self.merged.get(at, at), "")

    def place(self, row: int, column: int = 0) -> str:
        """As people of spreadsheets say it: "Skills!C4", or "row 4, column C"; a whole row without a column."""
        if self.turned and column:
            row, column = column, row
        elif self.turned:
            return f"{self.prefix}column {letters(row)}" if not self.prefix else f"{self.prefix}{letters(row)}"
        if self.prefix:
            return f"{self.prefix}{letters(column) if column else ''}{row}"
        return f"row {row}, column {letters(column)}" if column else f"row {row}"

    def name(self, column: int) -> str:
        """How a column is called: "C"; where the sheet is turned it is a row, "4"."""
        return str(column) if self.turned else letters(column)


def letters(column: int) -> str:
    """A column as spreadsheets call it.

    >>> letters(1), letters(27)
    ('A', 'AA')
    """
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def number(name: str) -> int:
    """The column that `letters` calls so; 0 for anything else.

    >>> number("AA"), number("c"), number("4")
    (27, 3, 4)
    """
    if name.isdecimal() and name.isascii():
        return int(name[:9])
    found = 0
    for sign in name.upper()[:4]:
        if not "A" <= sign <= "Z":
            return 0
        found = found * 26 + ord(sign) - 64
    return found


def tidy(text: str) -> str:
    """The words of a cell, with one kind of line end and without what programs leave at their ends."""
    for sign in ("_x000D_", "\u200b", "\ufeff"):
        text = text.replace(sign, "")
    for end in ("\r\n", "\r", "\x0b", "\x85", "\u2028", "\u2029"):
        text = text.replace(end, "\n")
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))
