"""Which cells of people's tables are levels, skills and expectations: a guess that is shown and can be corrected. Pure.

A table is recognised by its header: a row (or, in a turned table, a column) with several names of levels; or one that names a
skill or level column and what is expected. Words are those of vocabulary.py, in any order and many languages.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from service.formats.matrix import vocabulary as words
from service.formats.matrix.grids import MOST_COLUMNS, Sheet
from service.formats.matrix.mapping import ColumnMap, LevelMap, MatrixMap, SheetMap
from service.formats.names import numbered, shortened, slug

MOST_HEADER_ROWS, LONGEST_HEADER = 30, 160
MOST_LEVELS, MOST_TITLES = 40, 400


@dataclass(frozen=True)
class _Table:
    """A sheet whose header was found. `levels` are its level titles by column; `score` compares guesses."""

    sheet: Sheet
    header: int
    levels: dict[int, str]
    roles: dict[int, str]
    score: float


def guess(sheets: Iterable[Sheet]) -> MatrixMap:
    """How these sheets are read. Sheets without a table are in it, unused."""
    sheets = list(sheets)
    tables = [(sheet, _best(sheet)) for sheet in sheets]
    if not any(table for _, table in tables):
        tables = [(sheet, _plain_table(sheet)) for sheet in sheets]
    titles = list(dict.fromkeys(title for _, table in tables if table for title in _level_titles(table)))
    levels, ids = _levels(_in_order(titles)[:MOST_LEVELS])
    several = sum(table is not None for _, table in tables) > 1
    return MatrixMap(levels, tuple(_sheet_map(sheet, table, ids, several=several) for sheet, table in tables))


def _best(sheet: Sheet) -> _Table | None:
    found = [*_tables(sheet), *(replace(table, score=table.score - 0.6) for table in _tables(sheet.turn()))]
    return max((table for table in found if table.score > 0), key=lambda table: table.score, default=None)


def _tables(sheet: Sheet) -> Iterator[_Table]:
    for row, cells in list(sheet.rows.items())[:MOST_HEADER_ROWS]:
        titles = {column: text for column, text in cells.items() if len(text) <= LONGEST_HEADER}
        if 2 <= len(titles) <= MOST_COLUMNS:
            table = _table(sheet, row, titles)
            if table is not None and any(below > row for below in sheet.rows):
                yield table


def _table(sheet: Sheet, row: int, titles: dict[int, str]) -> _Table | None:
    roles = {column: role for column, title in titles.items() if (role := words.meaning(title)) is not None}
    levels = {c: title for c, title in titles.items() if c not in roles and words.is_level(title)}
    named = {c: title for c, title in levels.items() if _has_letters(title)}
    levels = named if named else levels if words.direction(list(levels.values())) else {}
    found = set(roles.values())
    is_long = words.LEVEL in found and found & {words.STATEMENT, words.INDICATORS, words.SUMMARY}
    if is_long and len(levels) < 2 and not sheet.turned:
        return _Table(sheet, row, {}, roles, 6 + len(found))
    if not levels and words.is_level(sheet.title) and words.SKILL in found and len(found) > 1:
        return _Table(sheet, row, {}, roles, 5 + len(found))
    last = max(levels, default=0)
    unknown = sum(column < last for column in titles) - sum(column < last for column in (*roles, *levels))
    distinct = len({words.plain(title) for title in levels.values()})
    if distinct < 2 or unknown > distinct + 1 or (sheet.turned and (distinct < len(levels) or unknown > 2)):
        return None
    weight = sum(0.4 if title.strip().isdecimal() else 1 for title in levels.values())
    return _Table(sheet, row, _all_levels(sheet, row, titles, levels, roles), roles, weight + len(found - {""}) / 2)


def _all_levels(
    sheet: Sheet, row: int, titles: dict[int, str], levels: dict[int, str], roles: dict[int, str]
) -> dict[int, str]:
    """The level columns, those right of the first (in a turned table, of its corner) that nobody knows and that are filled like
    them, and those without a title that go on with the level before."""
    first = min(titles) if sheet.turned else min(levels)
    found: dict[int, str] = {}
    for column in sheet.columns:
        title = titles.get(column, "")
        if not sheet.rows[row].get(column) and found and max(found) == column - 1 and _goes_on(sheet, row, column):
            found[column] = found[column - 1]
            continue
        is_like_them = (
            column > first and column not in roles and _has_letters(title) and _filled(sheet, row, column) >= 0.3
        )
        if column in levels or is_like_them:
            found[column] = title
    return found


def _plain_table(sheet: Sheet) -> _Table | None:
    """Where no word is known: the first row of several short cells above other rows, its first column the skills; or the
    levels, where it says so."""
    if any(words.meaning(sheet.says(row, min(sheet.columns))) == words.LEVEL for row in list(sheet.rows)[:1]):
        sheet = sheet.turn()
    rows = list(sheet.rows.items())
    for place, (row, cells) in enumerate(rows[:MOST_HEADER_ROWS]):
        titles = {column: text for column, text in cells.items() if len(text) <= 60 and _has_letters(text)}
        if len(titles) >= 3 and len(titles) == len(cells) and len(rows) - place > 2:
            roles = {column: role for column, title in titles.items() if (role := words.meaning(title)) is not None}
            open_ = [column for column in titles if column not in roles]
            first = (
                min(titles)
                if min(titles) in roles or min(sheet.columns) < min(titles)
                else open_.pop(0)
                if open_
                else 0
            )
            levels = {
                column: titles[column] for column in open_ if column > first and _filled(sheet, row, column) >= 0.3
            }
            if len(levels) >= 2:
                return _Table(sheet, row, levels, roles, 0)
    return None


def _goes_on(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a column without a title belongs to the level before it, as under a merged header."""
    below = (cells.get(column, "") for place, cells in sheet.rows.items() if place > row)
    return (sheet.turned or (row, column) in sheet.merged) and any(map(_has_letters, below))


def _has_letters(title: str) -> bool:
    return any(sign.isalpha() for sign in title)


def _filled(sheet: Sheet, header: int, column: int) -> float:
    """The share of rows below the header with words in this column, of those with any in several."""
    rows = [row for row, cells in sheet.rows.items() if row > header and len(cells) > 1]
    return sum(bool(sheet.says(row, column)) for row in rows) / len(rows) if rows else 0


def _level_titles(table: _Table) -> list[str]:
    """The titles of levels of one table: in its header, in its level column, or the sheet's own."""
    if table.levels:
        return [_title(text) for text in table.levels.values()]
    column = next((column for column, role in table.roles.items() if role == words.LEVEL), None)
    if column is None:
        return [table.sheet.title]
    below = (table.sheet.says(row, column) for row in table.sheet.rows if row > table.header)
    named = (_title(text) for text in below if text and not words.says_nothing(text))
    found = list(islice(dict.fromkeys(named), MOST_TITLES))
    keys = [words.level_key(title) for title in found]
    if all(key is not None for key in keys):
        return sorted(found, key=lambda title: words.level_key(title) or (0, 0))
    return found


def _in_order(titles: list[str]) -> list[str]:
    """The levels of one detail each belong together ("Junior: red flags"), and stand from the lowest to the highest."""
    return titles[::-1] if words.direction(titles) < 0 else titles


def _levels(titles: list[str]) -> tuple[tuple[LevelMap, ...], dict[str, str]]:
    taken: set[str] = set()
    ids = {title: numbered(slug(title), taken) for title in titles}
    return tuple(LevelMap(id_, title) for title, id_ in ids.items()), ids


def _title(text: str) -> str:
    """A level's title out of its header: the first line, with the second where the first is only a code ("L3"), and without
    what says which detail of it the column holds."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    title = lines[0]
    if len(lines) > 1 and len(title) <= 4:
        title = f"{title} {lines[1]}"
    head, sign, tail = title.rpartition(":")
    if (sign and tail.strip() and words.detail(tail) != words.STATEMENT) or (
        sign and words.meaning(tail) == words.STATEMENT
    ):
        title = head.strip()
    return shortened(title, 200)


def _sheet_map(sheet: Sheet, table: _Table | None, ids: dict[str, str], *, several: bool) -> SheetMap:
    if table is None:
        unread = tuple(ColumnMap(sheet.name(column), "") for column in sheet.columns)
        return SheetMap(sheet.title, use=False, header=next(iter(sheet.rows), 1), columns=unread)
    means = _means(table)
    columns = []
    for column in table.sheet.columns:
        title = table.sheet.rows[table.header].get(column, "")
        level = ids.get(_title(table.levels[column]), "") if column in table.levels else ""
        columns.append(
            ColumnMap(table.sheet.name(column), shortened(title.replace("\n", " "), 80), means.get(column, ""), level)
        )
    has = set(means.values())
    is_of_level = not table.levels and words.LEVEL not in has
    return SheetMap(
        sheet.title, True, table.sheet.turned, table.header, tuple(columns),
        category=sheet.title if several and words.CATEGORY not in has and words.SKILL in has and not is_of_level else "",
        skill="" if words.SKILL in has else sheet.title,
        level=ids.get(sheet.title, "") if is_of_level else "",
    )  # fmt: skip


def _means(table: _Table) -> dict[int, str]:
    """What each column of a table means."""
    means = {column: role for column, role in table.roles.items() if column not in table.levels}
    if not table.levels:
        return _of_list(means, table)
    for column, title in table.levels.items():
        means[column] = words.detail(title)
    first = min(table.levels)
    left = [column for column in table.sheet.columns if column < first]
    if words.LEVEL in means.values():  # a matrix has its levels in the header: this is the corner above the skills
        means = {c: words.SKILL if m == words.LEVEL else m for c, m in means.items()}
    skills = [column for column in left if means.get(column) == words.SKILL]
    unknown = [column for column in left if column not in means and _filled(table.sheet, table.header, column) > 0]
    if not skills:
        areas = [column for column in left if means.get(column) == words.CATEGORY]
        skills = unknown[-1:] or areas[-1:]
    for column in unknown:
        means[column] = words.CATEGORY if column <= max(skills, default=column) else words.SUMMARY
    for column in skills[:-1]:
        means[column] = words.CATEGORY
    for column in skills[-1:]:
        means[column] = words.SKILL
    return means


def _of_list(means: dict[int, str], table: _Table) -> dict[int, str]:
    """A list has one row for each skill and level; its description is what is expected where no other column says it."""
    found = set(means.values())
    if words.STATEMENT not in found:
        as_statement = words.SUMMARY if words.SUMMARY in found else words.INDICATORS
        place = next((column for column, role in means.items() if role == as_statement), None)
        if place is not None:
            means[place] = words.STATEMENT
    skills = [column for column, role in means.items() if role == words.SKILL]
    for column in skills[:-1]:
        means[column] = words.CATEGORY if words.CATEGORY not in found else words.LEFT_OUT
    if not skills and words.CATEGORY in found:
        place = max(column for column, role in means.items() if role == words.CATEGORY)
        means[place] = words.SKILL
    return {column: means.get(column, "") for column in table.sheet.columns}
