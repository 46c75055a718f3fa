"""CSV tables of skills and levels, as people keep them. What leaves has one row for each skill and level."""

from collections.abc import Iterator

from reports.workbook import write_csv
from service.formats.matrix import reading as matrix
from service.formats.matrix.csvgrid import read_csv
from service.formats.rules import Given, Understood
from service.ladders.rules import Blueprint, Ladder

NAME, TITLE = "csv", "CSV table"
ENDINGS: tuple[str, ...] = (".csv", ".tsv", ".txt")
MEDIA_TYPE = "text/csv"
HEAD = ("Category", "Skill", "Skill id", "Importance", "Description", "Level", "Requirement", "Expectation", "Indicators",
        "Counter-indicators")  # fmt: skip


def fits(name: str, _content: bytes) -> bool:
    return name.lower().endswith((".csv", ".tsv"))


def read(content: bytes, given: Given) -> Understood:
    sheet, fault = read_csv(content, given)
    if sheet is None or fault is not None:
        return Understood(None, faults=(fault,) if fault else ())
    return matrix.understand([sheet], given)


def write(ladder: Ladder, _blueprint: Blueprint | None) -> bytes:
    """What a table holds: categories and levels by title, skills by id, expectations; no sources and no blueprint."""
    return write_csv(HEAD, _rows(ladder))


def _rows(ladder: Ladder) -> Iterator[tuple[str, ...]]:
    categories = {category.id: category.title for category in ladder.categories}
    titles = {level.id: level.title for level in ladder.levels}
    for skill in ladder.skills:
        of_skill = (categories[skill.category], skill.name, skill.id, skill.importance, skill.summary)
        for each in skill.expectations:
            lists = ("\n".join(f"• {line}" for line in lines) for lines in (each.indicators, each.counter_indicators))
            yield (*of_skill, titles[each.level], each.requirement, each.statement, *lists)
