"""Our own workbook: a table for people and, on a sheet of its own, all that a table cannot show. Lossless both ways.

Whoever edits the table and brings the workbook in again gets the edited cells; whatever was left alone comes back as it was.
"""

import base64
import binascii
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format as CellFormat

from service.formats.checking import check
from service.formats.matrix import vocabulary as words
from service.formats.matrix.cells import split_cell
from service.formats.matrix.grids import Sheet, tidy
from service.formats.names import first_sentence, numbered, slug
from service.formats.native import as_json as native_json
from service.formats.rules import MOST_BYTES, Given, Note, Path, Understood
from service.ladders.rules import HOUSE, Blueprint, Expectation, Ladder, Skill

TABLE, WHOLE = "Skills and levels", "Nextrung"
MARK = "nextrung-ladder/1"
EXPLAINED = (
    "What the table does not show, so that the workbook can be brought in again. Please leave this sheet as it is."
)
HEAD = ("Category", "Skill", "Id", "Importance", "Description")
NOT_YET = "Not yet:"
LONGEST = 30_000
"""Of a text in one cell; a spreadsheet holds a little more."""

Data = dict[str, Any]


def write(ladder: Ladder, blueprint: Blueprint | None) -> bytes:
    """The same version is the same bytes. A text is never a formula."""
    file = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, plain) as book:
        book.set_properties(
            {"title": f"{ladder.title} {ladder.version}", "created": datetime.fromisoformat(ladder.dated)}
        )
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        _write_table(book.add_worksheet(TABLE), ladder, bold, body)
        sheet = book.add_worksheet(WHOLE)
        whole = base64.b64encode(zlib.compress(native_json.write(ladder, blueprint), 9)).decode()
        pieces = (whole[start : start + LONGEST] for start in range(0, len(whole), LONGEST))
        for row, text in enumerate((MARK, EXPLAINED, *pieces)):
            sheet.write_string(row, 0, text)
    return file.getvalue()


def restore(sheets: list[Sheet], given: Given) -> Understood | None:
    """The ladder of our own workbook, with what was changed in its table; None for any other workbook."""
    by_title = {sheet.title: sheet for sheet in sheets}
    whole, table = by_title.get(WHOLE), by_title.get(TABLE)
    if whole is None or table is None or whole.says(1, 1) != MARK:
        return None
    try:
        packed = base64.b64decode("".join(whole.says(row, 1) for row in whole.rows if row > 2), validate=True)
        content = zlib.decompressobj().decompress(packed, MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        return None
    read = native_json.read(content, given)
    if read.ladder is None or check(read).ladder is None:
        return read  # changed by hand into what is no ladder: its problems are told
    if not _has_our_head(table, read.ladder):
        return None
    return _Merge(read, table).done()


def cell_text(expectation: Expectation) -> str:
    """An expectation as one cell: how firm it is where it is no must, the statement, what shows it, what shows it is not yet."""
    firm = "" if expectation.requirement == "must" else f"({expectation.requirement}) "
    lines = [firm + expectation.statement, *(f"• {line}" for line in expectation.indicators)]
    if expectation.counter_indicators:
        lines += [NOT_YET, *(f"• {line}" for line in expectation.counter_indicators)]
    return tidy("\n".join(lines)[:LONGEST])


def _write_table(sheet: Any, ladder: Ladder, bold: CellFormat, body: CellFormat) -> None:
    titles = {category.id: category.title for category in ladder.categories}
    for column, text in enumerate((*HEAD, *(level.title for level in ladder.levels))):
        sheet.write_string(0, column, text, bold)
    for row, skill in enumerate(ladder.skills, start=1):
        for column, text in enumerate(_row(ladder, skill, titles)):
            sheet.write_string(row, column, text, body)
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 3, 14)
    sheet.set_column(4, len(HEAD) + len(ladder.levels) - 1, 45)
    sheet.freeze_panes(1, 2)


def _row(ladder: Ladder, skill: Skill, titles: dict[str, str]) -> Iterator[str]:
    yield from (
        titles.get(skill.category, skill.category),
        skill.name,
        skill.id,
        skill.importance,
        skill.summary[:LONGEST],
    )
    begun = {each.level: cell_text(each) for each in skill.expectations}
    yield from (begun.get(level.id, "") for level in ladder.levels)


def _has_our_head(table: Sheet, ladder: Data) -> bool:
    levels = [str(level.get("title")) for level in ladder.get("levels", ()) if isinstance(level, dict)]
    return [table.says(1, column) for column in range(1, len(HEAD) + len(levels) + 1)] == [*HEAD, *map(tidy, levels)]


@dataclass
class _Merge:
    """The table laid over the whole: only cells that differ from what was written count."""

    read: Understood
    table: Sheet
    notes: list[Note] = field(default_factory=list)

    def done(self) -> Understood:
        ladder: Data = dict(self.read.ladder or {})
        self.categories = {each["id"]: each["title"] for each in ladder.get("categories", ())}
        self.levels = [level["id"] for level in ladder.get("levels", ())]
        before = {skill["id"]: skill for skill in ladder.get("skills", ())}
        taken = set(before)
        skills: list[Data] = []
        places: dict[Path, str] = {}
        seen: set[str] = set()
        for row in self.table.rows:
            if row == 1 or not self.table.says(row, 2):
                continue
            id_ = self.table.says(row, 3)
            if id_ and id_ in seen:
                first = Note(self.table.place(row, 3), f"The id {id_!r} stands here twice; an id belongs to one skill.")
                return Understood(None, faults=(first,))
            seen.add(id_)
            places["skills", len(skills)] = self.table.place(row)
            skills.append(self._skill(row, before.get(id_), taken))
        for id_ in before.keys() - seen:
            self.notes.append(Note(TABLE, f"The skill {id_!r} is no longer in the table and was left out."))
        ladder["skills"] = skills
        ladder["categories"] = [{"id": id_, "title": title} for id_, title in self.categories.items()]
        return Understood(ladder, self.read.blueprint, notes=tuple(self.notes), places=places)

    def _skill(self, row: int, before: Data | None, taken: set[str]) -> Data:
        id_ = slug(self.table.says(row, 3) or self.table.says(row, 2))
        skill: Data = dict(before) if before else {"id": numbered(id_, taken)}
        importance = words.importance(self.table.says(row, 4)) or skill.get("importance") or "important"
        said = {"category": (1, self._category(self.table.says(row, 1))), "name": (2, self.table.says(row, 2))}
        said |= {"importance": (4, str(importance)), "summary": (5, self.table.says(row, 5))}
        for name, (column, value) in said.items():
            if value and tidy(str(skill.get(name, ""))[:LONGEST]) != value:
                skill[name] = value
                self._tell(row, column, known=before is not None)
        skill["expectations"] = list(self._expectations(row, skill))
        if before is None:
            self.notes.append(Note(self.table.place(row), "This skill is new in the table."))
            first = next((each["statement"] for each in skill["expectations"]), skill["name"])
            skill.setdefault("summary", first_sentence(first, 400))
            skill["source"] = _ours()
        return skill

    def _category(self, title: str) -> str:
        found = next((id_ for id_, known in self.categories.items() if tidy(known) == title), None)
        if found is None and title:
            found = numbered(slug(title), set(self.categories))
            self.categories[found] = title
        return found or next(iter(self.categories), "")

    def _expectations(self, row: int, skill: Data) -> Iterator[Data]:
        before = {each["level"]: each for each in skill.get("expectations", ())}
        for column, level in enumerate(self.levels, start=len(HEAD) + 1):
            text, old = self.table.says(row, column), before.get(level)
            if old is not None and text == cell_text(_expectation(old)):
                yield old
            elif text and not words.says_nothing(text):
                self._tell(row, column, known="source" in skill)
                yield _read_cell(text, level, old)
            elif old is not None:
                self._tell(row, column, known=True)

    def _tell(self, row: int, column: int, *, known: bool) -> None:
        if known:
            self.notes.append(Note(self.table.place(row, column), "Changed in the table since it was written."))


def _expectation(data: Data) -> Expectation:
    return Expectation(
        data["level"], data["requirement"], data["statement"], tuple(data.get("indicators", ())),
        tuple(data.get("counter_indicators", ())), data["source"],
    )  # fmt: skip


def _read_cell(text: str, level: str, old: Data | None) -> Data:
    head, sign, rest = text.partition(") ")
    firm = words.requirement(head[1:]) if sign and head.startswith("(") else None
    said = split_cell(rest if firm else text)
    found: Data = {"level": level, "requirement": str(firm or "must"), "statement": said.statement}
    found |= {"indicators": list(said.indicators)} if said.indicators else {}
    found |= {"counter_indicators": list(said.counters)} if said.counters else {}
    return found | {"source": old["source"] if old else _ours()}


def _ours() -> Data:
    return {"document": HOUSE, "reason": "Written in the workbook."}
