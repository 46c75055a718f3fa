"""Tables as people keep them, and what is understood of them in a form that tests can compare."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from service.formats import queries
from service.formats.queries import Preview
from service.formats.rules import Given
from service.ladders.rules import Ladder

TODAY = date(2026, 11, 28)


def preview(name: str, content: bytes | str, mapping: Any = None, **fields: str) -> Preview:
    content = content.encode() if isinstance(content, str) else content
    return queries.preview(name, content, given=Given(fields, mapping), today=TODAY)


def ladder_of(name: str, content: bytes | str, mapping: Any = None, **fields: str) -> Ladder:
    """The ladder that must come of it."""
    found = preview(name, content, mapping, **fields)
    assert found.problems == ()
    assert found.ladder is not None
    return found.ladder


def cells(ladder: Ladder) -> dict[str, dict[str, str]]:
    """Skill id → level id → statement."""
    return {skill.id: {each.level: each.statement for each in skill.expectations} for skill in ladder.skills}


def categories(ladder: Ladder) -> dict[str, str]:
    """Skill id → title of its category."""
    titles = {category.id: category.title for category in ladder.categories}
    return {skill.id: titles[skill.category] for skill in ladder.skills}


def levels(ladder: Ladder) -> list[str]:
    return [level.id for level in ladder.levels]


def workbook(fill: Callable[[Workbook], None]) -> bytes:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        fill(book)
    return file.getvalue()


def sheets(**rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with these sheets."""

    def fill(book: Workbook) -> None:
        for title, lines in rows.items():
            write(book.add_worksheet(title.replace("_", " ")), lines)

    return workbook(fill)


def write(sheet: Worksheet, lines: Sequence[Sequence[Any]]) -> None:
    for row, line in enumerate(lines):
        sheet.write_row(row, 0, line)
