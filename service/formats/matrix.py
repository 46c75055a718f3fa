"""Tables of skills and levels → a ladder, by a mapping. Pure; the readers of files are beside it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from service.formats import vocabulary as words
from service.formats.celltext import CellText, lines_of, split_cell
from service.formats.grids import Sheet, number
from service.formats.guessing import guess
from service.formats.mapping import MatrixMap, SheetMap, from_data
from service.formats.names import LONGEST_ID, first_sentence, numbered, slug
from service.formats.rules import Given, Note, Path, Understood, times

MOST_PLACES = 5


def understand(sheets: list[Sheet], given: Given, notes: Iterable[Note] = ()) -> Understood:
    """The ladder of these sheets, by the mapping that was given or by a guessed one."""
    mapping, wrong = from_data(given.mapping) if given.mapping else (guess(sheets), [])
    if wrong:
        return Understood(None, faults=tuple(wrong), notes=tuple(notes), mapping=given.mapping)
    table = _Ladder(mapping)
    by_title = {sheet.title: sheet for sheet in sheets}
    for at in mapping.sheets:
        sheet = by_title.get(at.sheet)
        if at.use and sheet is not None:
            table.read(sheet.turn() if at.turned else sheet, at)
        elif sheet is not None and not given.mapping:
            table.note(at.sheet, "No skills and levels were recognised here; the sheet was left out.")
    if not table.skills and not table.faults:
        table.faults.append(Note("", _nothing_found(mapping)))
    data, places = table.data()
    return Understood(
        None if table.faults else data, faults=tuple(table.faults), notes=(*notes, *table.told()), places=places,
        mapping=mapping.as_data(),
    )  # fmt: skip


def _nothing_found(mapping: MatrixMap) -> str:
    if not any(sheet.use for sheet in mapping.sheets):
        return "No table of skills and levels was recognised. Say which row is the header, and what the columns mean."
    return "No skill with an expectation was found below the header. Say which row is the header, and what the columns mean."


@dataclass
class _Expectation:
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
class _Skill:
    name: str
    place: str
    row: tuple[str, int]
    category: str
    id: str = ""
    summary: str = ""
    importance: str = ""
    requirement: str = ""
    section: str = ""
    begun: dict[str, _Expectation] = field(default_factory=dict)
    indicators: list[str] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)


class _Ladder:
    """What the rows of all sheets say, in the order in which they stand."""

    def __init__(self, mapping: MatrixMap) -> None:
        self.levels = mapping.levels
        self.summaries = {level.id: level.summary for level in mapping.levels}
        self.level_places: dict[str, str] = {}
        self.by_title = {words.plain(level.title): level.id for level in mapping.levels}
        self.by_title |= {level.id: level.id for level in mapping.levels}
        self.categories: dict[str, str] = {}
        self.skills: list[_Skill] = []
        self.faults: list[Note] = []
        self.notes: list[Note] = []
        self.counted: dict[str, list[str]] = {}

    def note(self, place: str, text: str) -> None:
        self.notes.append(Note(place, text))

    def count(self, rule: str, place: str) -> None:
        self.counted.setdefault(rule, []).append(place)

    def told(self) -> Iterator[Note]:
        yield from self.notes
        for rule, places in self.counted.items():
            more = f" and {len(places) - MOST_PLACES:,} more" if len(places) > MOST_PLACES else ""
            yield Note(", ".join(places[:MOST_PLACES]) + more, times(rule, len(places)))

    def read(self, sheet: Sheet, at: SheetMap) -> None:
        _Rows(self, sheet, at).read()

    def data(self) -> tuple[dict[str, Any], dict[Path, str]]:
        """The plain data of ladder.yaml as far as tables say it, and the place of each value."""
        self._finish()
        used = {level for skill in self.skills for level in skill.begun}
        levels = [level for level in self.levels if level.id in used]
        ids = self._ids()
        listed = [title for title in self.categories if any(skill.category == title for skill in self.skills)]
        categories = _ids_of(listed)
        places: dict[Path, str] = {}
        data: dict[str, Any] = {"levels": [], "categories": [], "skills": []}
        for level in levels:
            places["levels", len(data["levels"])] = self.level_places.get(level.id, "")
            summary = self.summaries[level.id]
            data["levels"].append({"id": level.id, "title": level.title} | ({"summary": summary} if summary else {}))
        for title in listed:
            places["categories", len(data["categories"])] = self.categories[title]
            data["categories"].append({"id": categories[title], "title": title})
        for skill, id_ in zip(self.skills, ids, strict=True):
            path: Path = ("skills", len(data["skills"]))
            places[path] = skill.place
            begun = [self._expectation(skill, level.id) for level in levels if level.id in skill.begun]
            for number_, each in enumerate(level.id for level in levels if level.id in skill.begun):
                places[(*path, "expectations", number_)] = skill.begun[each].place
            said = {"id": id_, "name": skill.name, "category": categories.get(skill.category), "importance": skill.importance,
                    "summary": skill.summary}  # fmt: skip
            data["skills"].append({name: value for name, value in said.items() if value} | {"expectations": begun})
        if not data["categories"]:
            del data["categories"]
        return data, {path: place for path, place in places.items() if place}

    def _expectation(self, skill: _Skill, level: str) -> dict[str, Any]:
        found = skill.begun[level]
        said: dict[str, Any] = {"level": level, "requirement": found.requirement or skill.requirement}
        said |= {"statement": found.statement, "indicators": found.indicators, "counter_indicators": found.counters}
        return {name: value for name, value in said.items() if value}

    def _finish(self) -> None:
        """Leave out what repeats the level before, and skills of which nothing is expected."""
        for skill in self.skills:
            before: _Expectation | None = None
            for level in [level.id for level in self.levels if level.id in skill.begun]:
                now = skill.begun[level]
                if before is not None and before.said == now.said and not now.requirement:
                    del skill.begun[level]
                    self.count("A cell says what the level before says: nothing new begins there.", now.place)
                else:
                    before = now
            if skill.begun:
                first = next(skill.begun[level.id] for level in self.levels if level.id in skill.begun)
                first.indicators += skill.indicators
                first.counters += skill.counters
            else:
                self.count("A skill has nothing at any level and was left out.", skill.place)
        self.skills = [skill for skill in self.skills if skill.begun]
        begun = {level for skill in self.skills for level in skill.begun}
        empty = [level.title for level in self.levels if level.id not in begun]
        if empty and self.skills:
            self.note("", f"Nothing begins at {', '.join(empty)}; left out as a level.")

    def _ids(self) -> list[str]:
        """Ids that stand on names, not on places: a name in two categories takes the category's along."""
        bases = [skill.id or slug(skill.name) for skill in self.skills]
        counts = Counter(bases)
        taken = {skill.id for skill in self.skills if skill.id}
        made = []
        for skill, base in zip(self.skills, bases, strict=True):
            if skill.id:
                made.append(base)
                continue
            if counts[base] > 1:
                base = f"{base[:40]}-{slug(skill.category or 'skills')}"[:LONGEST_ID].strip("-")
                self.count("Another skill has the same name; the id has the category behind it.", skill.place)
            made.append(numbered(base, taken))
        return made


def _ids_of(titles: list[str]) -> dict[str, str]:
    taken: set[str] = set()
    return {title: numbered(slug(title), taken) for title in titles}


class _Rows:
    """One sheet, row by row."""

    def __init__(self, ladder: _Ladder, sheet: Sheet, at: SheetMap) -> None:
        self.ladder, self.sheet, self.at = ladder, sheet, at
        self.columns: dict[str, list[int]] = {}
        self.of_level: dict[str, dict[str, list[int]]] = {}
        for column in at.columns:
            place = number(column.column)
            if column.level and column.means:
                self.of_level.setdefault(column.level, {}).setdefault(column.means, []).append(place)
            elif column.means:
                self.columns.setdefault(column.means, []).append(place)
        self.category = at.category
        self.skill: _Skill | None = None
        self.name_columns = self.columns.get(words.SKILL, [])
        self.is_list = words.LEVEL in self.columns or bool(at.level) or not self.of_level
        self.by_key: dict[tuple[str, str], _Skill] = (
            {(s.category, s.name): s for s in ladder.skills} if self.is_list else {}
        )

    def read(self) -> None:
        for level, columns in self.of_level.items():
            place = self.sheet.place(self.at.header, _first(columns))
            self.ladder.level_places.setdefault(level, place)
        self._tell_left_out()
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

    def _is_section(self, row: int, name: str) -> bool:
        """A row that holds a name alone is the title of what follows, where no column says the category."""
        if not name or words.CATEGORY in self.columns or self.is_list:
            return False
        return len([text for text in self.sheet.rows[row].values() if text]) == 1

    def _repeats_header(self, row: int) -> bool:
        """Tables stand below each other, each with its header; what stands in its corner names the category."""
        above, here = self.sheet.rows.get(self.at.header, {}), self.sheet.rows[row]
        columns = [column for columns in self.of_level.values() for each in columns.values() for column in each]
        same = [column for column in columns if column in here and here[column] == above.get(column)]
        if len(same) < 2 or len(same) < len(columns) * 0.6:
            return False
        corner = self._says(row, words.SKILL)
        if corner and words.meaning(corner) is None:
            self._begin_category(corner, row)
        self.skill = None
        return True

    def _begin_category(self, title: str, row: int) -> None:
        self.category = " ".join(title.split())[:200].strip()
        self.ladder.categories.setdefault(self.category, self.sheet.place(row))

    def _find_or_begin(self, row: int, name: str) -> _Skill:
        name, id_ = " ".join(name.split()), self._says(row, words.SKILL_ID)
        id_ = slug(id_) if id_ else ""
        last = self.skill
        if last is not None and last.name == name and last.category == self.category and (not id_ or last.id == id_):
            return last
        if self.is_list and (self.category, name) in self.by_key:
            return self.by_key[self.category, name]
        place = self.sheet.place(row, self.name_columns[0]) if self.name_columns else self.sheet.place(row)
        skill = _Skill(name, place, (self.sheet.title, row), self.category, id_)
        if self.category:
            self.ladder.categories.setdefault(self.category, self.sheet.place(row))
        self._refuse_double(skill)
        self.ladder.skills.append(skill)
        self.by_key[self.category, name] = skill
        return skill

    def _refuse_double(self, skill: _Skill) -> None:
        first = next((each for each in self.ladder.skills if skill.id and each.id == skill.id), None)
        if first is not None:
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

    def _fill(self, skill: _Skill, row: int) -> None:
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

    def _fill_words(self, skill: _Skill, row: int) -> None:
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

    def _expect(self, skill: _Skill, level: str, row: int, columns: dict[str, list[int]]) -> None:
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
        expectation = skill.begun.setdefault(level, _Expectation(place))
        expectation.add(text or CellText(""))
        expectation.indicators += indicators
        expectation.counters += counters
        said = words.requirement(cells.get(words.REQUIREMENT, ""))
        expectation.requirement = expectation.requirement or said or requirement

    def _statement(self, skill: _Skill, cell: str, place: str, *, whole: bool) -> tuple[CellText | None, str]:
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
        return (CellText(cell) if whole else split_cell(cell)), ""

    def _refuse_errors(self, row: int) -> None:
        for (at, column), error in self.sheet.errors.items():
            if at == row and any(number(each.column) == column and each.means for each in self.at.columns):
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


def _first(columns: dict[str, list[int]]) -> int:
    return min(column for among in columns.values() for column in among)
