"""Several tables on one sheet as sheets of their own: beside each other, or below each other with other levels. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from service.formats.matrix import vocabulary as words
from service.formats.matrix.grids import Sheet, letters
from service.formats.names import shortened

MOST_HEADER_ROWS, LONGEST_HEADER = 30, 60


def parts(sheets: Iterable[Sheet]) -> list[Sheet]:
    """The sheets, one for each table on them. Of several on one, each is called by what stands alone above its header, else the
    first as the sheet and the others by where they begin. Cells keep their names."""
    found = [part for sheet in sheets for across in _beside(sheet) for part in _below(across)]
    taken: set[str] = set()
    for place, sheet in enumerate(found):
        while sheet.title in taken:
            sheet = replace(sheet, title=f"{sheet.title} ({place + 1})")
        found[place] = sheet
        taken.add(sheet.title)
    return found


def _beside(sheet: Sheet) -> list[Sheet]:
    """A table ends where its header names skills again, with levels behind them."""
    for row, cells in list(sheet.rows.items())[:MOST_HEADER_ROWS]:
        starts = _starts(cells)
        if len(starts) > 1:
            ends = [*starts[1:], max(sheet.columns) + 1]
            return [
                _part(sheet, {at: text for at, text in sheet.cells.items() if begin <= at[1] < end}, row,
                      f"{sheet.title}, from column {letters(begin)}" if begin else sheet.title)
                for begin, end in zip([0, *starts[1:]], ends, strict=True)
            ]  # fmt: skip
    return [sheet]


def _starts(header: dict[int, str]) -> list[int]:
    """The columns with which the tables begin: words other than levels, a skill among them, and two levels behind."""
    starts: list[int] = []
    run: list[int] = []
    names, levels = False, 0
    for column, title in sorted(header.items()):
        if _is_level(title):
            levels += 1
            if levels == 2 and run and names and (not starts or run[0] > starts[-1]):
                starts.append(run[0])
            continue
        if levels:
            run, names, levels = [], False, 0
        run.append(column)
        names = names or words.meaning(title) == words.SKILL
    return starts


def _below(sheet: Sheet) -> list[Sheet]:
    """A table ends where the corner of its header stands again, with other words beside it."""
    headers = [row for row, cells in list(sheet.rows.items())[:MOST_HEADER_ROWS] if len(_starts(cells)) == 1]
    if not headers:
        return [sheet]
    above = sheet.rows[headers[0]]
    corner = min(above)
    others = set(above.values()) - {above[corner]}
    again = [
        row
        for row, cells in sheet.rows.items()
        if row > headers[0] and cells.get(corner) == above[corner] and min(cells) == corner and len(cells) > 2
        and all(len(text) <= LONGEST_HEADER for text in cells.values()) and not others & set(cells.values())
    ]  # fmt: skip
    if not again:
        return [sheet]
    begins = [0, *(_with_title(sheet, row) for row in again)]
    ends = [*begins[1:], max(sheet.rows) + 1]
    return [
        _part(sheet, {at: text for at, text in sheet.cells.items() if begin <= at[0] < end}, row,
              f"{sheet.title}, from row {row}" if begin else sheet.title)
        for row, begin, end in zip([headers[0], *again], begins, ends, strict=True)
    ]  # fmt: skip


def _with_title(sheet: Sheet, header: int) -> int:
    """The row with a single cell above a header belongs to it."""
    before = [row for row in sheet.rows if row < header]
    return before[-1] if before and len(sheet.rows[before[-1]]) == 1 else header


def _part(sheet: Sheet, cells: dict[tuple[int, int], str], header: int, title: str) -> Sheet:
    part = replace(sheet, cells=cells)
    before = [row for row in part.rows if row < header]
    above = list(part.rows[before[-1]].values()) if before else []
    return replace(part, title=shortened(above[0], LONGEST_HEADER) if len(above) == 1 else title)


def _is_level(title: str) -> bool:
    return len(title) <= LONGEST_HEADER and any(map(str.isalpha, title)) and words.is_level(title)
