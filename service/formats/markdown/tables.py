"""Tables of skills and levels inside Markdown, read as any other table is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.formats.markdown.blocks import Block, Section
from service.formats.matrix import reading as matrix
from service.formats.matrix.grids import Sheet
from service.formats.rules import Given, Note, Understood

MOST_ROWS, MOST_TABLES = 2_000, 100


@dataclass(frozen=True)
class _Table(Sheet):
    """A sheet that calls its rows by the lines of the file."""

    lines: Mapping[int, int] = field(default_factory=dict)

    def place(self, row: int, column: int = 0) -> str:
        row = column if self.turned and column else row
        return f"line {self.lines.get(row, next(iter(self.lines.values()), 1))}"


def read_tables(root: Section, given: Given) -> Understood:
    """What all tables of a file say together; without a ladder where they say nothing of levels."""
    tables = [(section, block) for section in (root, *root.walk()) for block in section.blocks if block.kind == "table"]
    long = next((block for _, block in tables if len(block.rows) > MOST_ROWS), None)
    if long is not None:
        words = f"The table that begins here has {len(long.rows):,} rows; {MOST_ROWS:,} are the most that can be read."
        return Understood(None, faults=(Note(f"line {long.line}", words),))
    return matrix.understand([_sheet(section, block) for section, block in tables[:MOST_TABLES]], given)


def _sheet(section: Section, block: Block) -> Sheet:
    cells = {
        (row, column): text for row, texts in enumerate(block.rows, 1) for column, text in enumerate(texts, 1) if text
    }
    return _Table(section.title[:60] or "Table", cells, lines=dict(enumerate(block.lines, 1)))
