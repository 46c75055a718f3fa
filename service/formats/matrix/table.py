"""One sheet of a table, row by row: the skills and expectations it says, by a mapping. Pure."""

from dataclasses import dataclass, field

from service.formats.matrix import vocabulary as words
from service.formats.matrix.cells import CellText, lines_of, split_cell
from service.formats.matrix.grids import Sheet, number
from service.formats.matrix.mapping import MatrixMap, SheetMap
from service.formats.names import first_sentence, shortened, slug
from service.formats.rules import Note


@dataclass
class Expectation:
    place: str
    statement: str = ""
    indicators: list[str] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)
    requirement: str = ""
    section: str = ""

    def add(self, text: CellText) -> None:
        """A further cell of the same skill and level shows what was said, in more lines."""
        if text.statement and self.statement:
            self.indicators.append(text.statement)
        self.statement = self.statement or text.statement
        self.indicators += text.indicators
        self.counters += text.counters

    @property
    def said(self) -> tuple[str, ...]:
        return (self.statement, *self.indicators, "\0", *self.counters)


@dataclass
class Skill:
    name: str
    place: str
    row: tuple[str, int]
    category: str
    id: str = ""
    summary: str = ""
    importance: str = ""
    requirement: str = ""
    section: str = ""
    begun: dict[str, Expectation] = field(default_factory=dict)
    indicators: list[str] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)


class Found:
    """What the rows of all sheets said so far, in the order in which they stand."""

    def __init__(self, mapping: MatrixMap) -> None:
        self.levels = mapping.levels
        self.summaries = {level.id: level.summary for level in mapping.levels}
        self.level_places: dict[str, str] = {}
        self.by_title = {words.plain(level.title): level.id for level in mapping.levels}
        self.by_title |= {level.id: level.id for level in mapping.levels}
        self.categories: dict[str, str] = {}
        self.skills: list[Skill] = []
        self.by_id: dict[str, Skill] = {}
        self.faults: list[Note] = []
        self.notes: list[Note] = []
        self.counted: dict[str, list[str]] = {}

    def note(self, place: str, text: str) -> None:
        self.notes.append(Note(place, text))

    def count(self, rule: str, place: str) -> None:
        self.counted.setdefault(rule, []).append(place)


class Rows:
    """One sheet, row by row."""

    def __init__(self, ladder: Found, sheet: Sheet, at: SheetMap) -> None:
        self.ladder, self.sheet, self.at = ladder, sheet, at
        self.columns: dict[str, list[int]] = {}
        self.of_level: dict[str, dict[str, list[int]]] = {}
        for column in at.columns:
            place = number(column.column)
            if column.level and column.means:
                self.of_level.setdefault(column.level, {}).setdefault(column.means, []).append(place)
            elif column.means:
                self.columns.setdefault(column.means, []).append(place)
        self.errors: dict[int, dict[int, str]] = {}
        for (row, place), error in sheet.errors.items():
            self.errors.setdefault(row, {})[place] = error
        self.read_columns = {number(column.column) for column in at.columns if column.means}
        self.category = at.category
        self.skill: Skill | None = None
        self.name_columns = self.columns.get(words.SKILL, [])
        self.is_list = words.LEVEL in self.columns or bool(at.level) or not self.of_level
        self.by_key: dict[tuple[str, str], Skill] = (
            {(s.category, s.name): s for s in ladder.skills} if self.is_list else {}
        )

    def read(self) -> None:
        for level, columns in self.of_level.items():
            place = self.sheet.place(self.at.header, _first(columns))
            self.ladder.level_places.setdefault(level, place)
        self._tell_left_out()
        self._begin_above_header()
        for row in self.sheet.rows:
            if row > self.at.header:
                self._refuse_errors(row)
                self._row(row)

    def _row(self, row: int) -> None:
        if self._repeats_header(row):
            return
        category, name = self._joined(row, words.CATEGORY), self._says(row, words.SKILL)
        if self._is_section(row, name):
            self._begin_category(name, row)
            self.skill = None
            return
        if category:
            self._begin_category(category, row)
        if not name and self.at.skill:
            name = self.at.skill
        if name:
            self.skill = self._find_or_begin(row, name)
        elif self.skill is None:
            self._read_level_summaries(row)
            return
        if self.skill is not None:
            self._fill(self.skill, row)

    def _begin_above_header(self) -> None:
        """Where tables stand below each other, what stands above the first header names its category too."""
        rows = [row for row in self.sheet.rows if row < self.at.header]
        above = self.sheet.rows[rows[-1]] if rows else {}
        is_repeated = any(self._is_header(row) for row in self.sheet.rows if row > self.at.header)
        if is_repeated and len(above) == 1 and words.CATEGORY not in self.columns and not self.category:
            self._begin_category(next(iter(above.values())), rows[-1])
        self._tell_above(rows)

    def _tell_above(self, rows: list[int]) -> None:
        said = dict.fromkeys(text for row in rows for text in self.sheet.rows[row].values())
        for used in (self.category, self.sheet.title):
            said.pop(used, None)
        if said and not self.sheet.turned:
            texts = ", ".join(f"“{shortened(text, 60)}”" for text in list(said)[:5])
            words_ = f"What stands above the header is no part of the ladder: {texts}{' and more' * (len(said) > 5)}."
            self.ladder.note(self.sheet.place(rows[0]), words_)

    def _is_section(self, row: int, name: str) -> bool:
        """A row that holds a name alone is the title of what follows, where no column says the category."""
        if not name or words.CATEGORY in self.columns or self.is_list:
            return False
        return len([text for text in self.sheet.rows[row].values() if text]) == 1

    def _repeats_header(self, row: int) -> bool:
        """Tables stand below each other, each with its header; what stands in its corner names the category."""
        if not self._is_header(row):
            return False
        corner = self._says(row, words.SKILL)
        if corner and words.meaning(corner) is None:
            self._begin_category(corner, row)
        self.skill = None
        return True

    def _is_header(self, row: int) -> bool:
        above, here = self.sheet.rows.get(self.at.header, {}), self.sheet.rows[row]
        columns = [column for columns in self.of_level.values() for each in columns.values() for column in each]
        same = [column for column in columns if column in here and here[column] == above.get(column)]
        return len(same) >= 2 and len(same) >= len(columns) * 0.6

    def _begin_category(self, title: str, row: int) -> None:
        self.category = _name(title)[:200].strip()
        self.ladder.categories.setdefault(self.category, self.sheet.place(row))

    def _find_or_begin(self, row: int, name: str) -> Skill:
        name, id_ = _name(name), self._says(row, words.SKILL_ID)
        id_ = slug(id_) if id_ else ""
        last = self.skill
        if last is not None and last.name == name and last.category == self.category and (not id_ or last.id == id_):
            return last
        if self.is_list and (self.category, name) in self.by_key:
            return self.by_key[self.category, name]
        place = self.sheet.place(row, self.name_columns[0]) if self.name_columns else self.sheet.place(row)
        skill = Skill(name, place, (self.sheet.title, row), self.category, id_)
        if self.category:
            self.ladder.categories.setdefault(self.category, self.sheet.place(row))
        self._refuse_double(skill)
        self.ladder.skills.append(skill)
        self.by_key[self.category, name] = skill
        return skill

    def _refuse_double(self, skill: Skill) -> None:
        first = self.ladder.by_id.setdefault(skill.id, skill) if skill.id else skill
        if first is not skill:
            words_ = f"The id {skill.id!r} stands here twice, first at {first.place}; an id belongs to one skill."
            self.ladder.faults.append(Note(skill.place, words_))

    def _read_level_summaries(self, row: int) -> None:
        """What stands under the levels before the first skill says what the levels are."""
        found = {level: self.sheet.says(row, _first(columns)) for level, columns in self.of_level.items()}
        told = {level: text for level, text in found.items() if text}
        if len(told) >= max(2, len(found) / 2):
            for level, text in told.items():
                before = self.ladder.summaries[level]
                self.ladder.summaries[level] = f"{before}\n{text}" if before else text
            self.ladder.note(
                self.sheet.place(row), "This row stands above the first skill and was read as what the levels are."
            )
        else:
            self.ladder.count("A row without a skill was left out.", self.sheet.place(row))

    def _fill(self, skill: Skill, row: int) -> None:
        skill.summary = skill.summary or self._says(row, words.SUMMARY)
        self._fill_words(skill, row)
        for level, columns in self.of_level.items():
            self._expect(skill, level, row, columns)
        if self.is_list:
            level = self._row_level(row)
            if level:
                self._expect(skill, level, row, self.columns)
            return
        skill.indicators += lines_of(self._says(row, words.INDICATORS))
        skill.counters += lines_of(self._says(row, words.COUNTERS))

    def _fill_words(self, skill: Skill, row: int) -> None:
        importance = self._says(row, words.IMPORTANCE)
        if importance and not skill.importance:
            found = words.importance(importance)
            skill.importance = found or ""
            if found is None:
                self.ladder.count(
                    "The importance of the skill is said in a word that is not known here.", self.sheet.place(row)
                )
        if not self.is_list:
            requirement = words.requirement(self._says(row, words.REQUIREMENT))
            skill.requirement = skill.requirement or requirement or ""

    def _row_level(self, row: int) -> str:
        if self.at.level:
            return self.at.level
        text = self._says(row, words.LEVEL)
        title = text.split("\n", 1)[0]
        level = self.ladder.by_title.get(words.plain(title)) or self.ladder.by_title.get(title.strip())
        if level is None:
            if text and not words.says_nothing(text):
                self.ladder.count(
                    "The row names a level that is not in the list and was left out.", self.sheet.place(row)
                )
            return ""
        self.ladder.level_places.setdefault(level, self.sheet.place(row, self.columns[words.LEVEL][0]))
        return level

    def _expect(self, skill: Skill, level: str, row: int, columns: dict[str, list[int]]) -> None:
        """What one row says of one level."""
        cells = {role: self._lines(row, among) for role, among in columns.items()}
        column = next((c for c in columns.get(words.STATEMENT, ()) if self.sheet.says(row, c)), _first(columns))
        place = self.sheet.place(row, column)
        text, requirement = self._statement(
            skill, cells.get(words.STATEMENT, ""), place, whole=words.INDICATORS in columns
        )
        indicators, counters = (lines_of(cells.get(role, "")) for role in (words.INDICATORS, words.COUNTERS))
        if text is None and not indicators and not counters:
            return
        if (row, column) in self.sheet.formulas:
            self.ladder.count("The cell is a formula; what it showed when the file was saved was read.", place)
        expectation = skill.begun.setdefault(level, Expectation(place))
        expectation.add(text or CellText(""))
        expectation.indicators += indicators
        expectation.counters += counters
        said = words.requirement(cells.get(words.REQUIREMENT, ""))
        expectation.requirement = expectation.requirement or said or requirement

    def _statement(self, skill: Skill, cell: str, place: str, *, whole: bool) -> tuple[CellText | None, str]:
        """What a cell says is expected, and how firmly where it says only that."""
        if words.says_nothing(cell):
            return None, ""
        if words.says_same(cell):
            self.ladder.count("The cell points to another level: nothing new begins there.", place)
            return None, ""
        firmness = words.requirement(cell)
        if words.is_mark(cell) or firmness:
            self.ladder.count("The cell only ticks the skill; its description or name is what is expected.", place)
            is_word = firmness if not words.is_mark(cell) else None
            return CellText(first_sentence(skill.summary, 400) or skill.name), is_word or ""
        if words.is_number(cell):
            self.ladder.count("The cell holds a number alone; the name of the skill stands before it.", place)
            cell = f"{skill.name}: {cell}"
        return (CellText(cell) if whole else split_cell(cell)), ""

    def _refuse_errors(self, row: int) -> None:
        for column, error in self.errors.get(row, {}).items():
            if column in self.read_columns:
                place = self.sheet.place(row, column)
                self.ladder.faults.append(
                    Note(place, f"The cell shows the error {error}; mend its formula, or empty it.")
                )

    def _tell_left_out(self) -> None:
        left = [column for column in self.at.columns if not column.means and column.title]
        if left:
            names = ", ".join(f"{column.column} “{column.title}”" for column in left[:10])
            more = f" and {len(left) - 10} more" if len(left) > 10 else ""
            place = f"{self.sheet.prefix}{self.at.header}" if self.sheet.prefix else self.sheet.place(self.at.header)
            self.ladder.note(place, f"Left out: {names}{more}. Say what they mean if they belong to the ladder.")

    def _lines(self, row: int, columns: list[int]) -> str:
        return "\n".join(text for column in columns if (text := self.sheet.says(row, column)))

    def _says(self, row: int, role: str) -> str:
        return next((text for column in self.columns.get(role, ()) if (text := self.sheet.says(row, column))), "")

    def _joined(self, row: int, role: str) -> str:
        texts = [self.sheet.says(row, column) for column in self.columns.get(role, ())]
        return " · ".join(dict.fromkeys(" ".join(text.split()) for text in texts if text))


def _name(text: str) -> str:
    """On one line, and without what sets it bold or slanted in plain text."""
    line = " ".join(text.split())
    return line.strip("*_ ") or line


def _first(columns: dict[str, list[int]]) -> int:
    return min(column for among in columns.values() for column in among)
