"""Tables of skills and levels → a ladder, by a mapping. Pure; the readers of files are beside it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from service.formats.matrix.grids import Sheet
from service.formats.matrix.guessing import guess
from service.formats.matrix.mapping import MatrixMap, SheetMap, from_data
from service.formats.matrix.parts import parts
from service.formats.matrix.table import Expectation, Found, Rows, Skill
from service.formats.names import LONGEST_ID, numbered, slug
from service.formats.rules import Given, Note, Path, Understood, times

MOST_PLACES = 5
OTHER_LEVELS = "This table has other levels than those before it. If it is a ladder of its own, import it alone."


def understand(sheets: list[Sheet], given: Given, notes: Iterable[Note] = ()) -> Understood:
    """The ladder of these sheets, by the mapping that was given or by a guessed one."""
    sheets = parts(sheets)
    mapping, wrong = from_data(given.mapping) if given.mapping else (guess(sheets), [])
    if wrong:
        return Understood(None, faults=tuple(wrong), notes=tuple(notes), mapping=given.mapping)
    table = _Ladder(mapping)
    by_title = {sheet.title: sheet for sheet in sheets}
    before: set[str] = set()
    for at in mapping.sheets:
        sheet = by_title.get(at.sheet)
        if at.use and sheet is not None:
            here = {column.level for column in at.columns} - {""}
            if before and here and not before & here:
                table.note(sheet.place(at.header) if not at.turned else sheet.place(1), OTHER_LEVELS)
            before |= here
            table.read(sheet.turn() if at.turned else sheet, at)
        elif sheet is not None and not given.mapping:
            place = at.sheet if sheet.prefix else sheet.place(at.header)
            table.note(place, "No skills and levels were recognised here; the sheet was left out.")
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


class _Ladder(Found):
    """What all sheets say as one ladder."""

    def told(self) -> Iterator[Note]:
        yield from self.notes
        for rule, places in self.counted.items():
            more = f" and {len(places) - MOST_PLACES:,} more" if len(places) > MOST_PLACES else ""
            yield Note(", ".join(places[:MOST_PLACES]) + more, times(rule, len(places)))

    def read(self, sheet: Sheet, at: SheetMap) -> None:
        Rows(self, sheet, at).read()

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

    def _expectation(self, skill: Skill, level: str) -> dict[str, Any]:
        found = skill.begun[level]
        said: dict[str, Any] = {"level": level, "requirement": found.requirement or skill.requirement}
        said |= {"statement": found.statement, "indicators": found.indicators, "counter_indicators": found.counters}
        return {name: value for name, value in said.items() if value}

    def _finish(self) -> None:
        """Leave out what repeats the level before, and skills of which nothing is expected."""
        for skill in self.skills:
            before: Expectation | None = None
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
