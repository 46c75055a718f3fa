"""Somebody's Markdown by its headings → what it says of levels and skills. Pure."""

from dataclasses import dataclass, field
from typing import Any

from service.formats.markdown.blocks import Block, Section
from service.formats.markdown.guessing import LIST, HeadingMap, is_detail, split_lead
from service.formats.markdown.own import flat, words
from service.formats.matrix.vocabulary import counter_heading, indicator_heading, plain, says_nothing, says_same
from service.formats.names import numbered, slug
from service.formats.rules import Note, Path
from service.formats.texts import Data


def read_headings(root: Section, mapping: HeadingMap) -> tuple[Data, dict[Path, str], list[Note]]:
    """The data, the places of its values, and what was not understood."""
    return _Headings(root, mapping).read()


@dataclass
class _Begun:
    line: int
    statement: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)

    def add(self, blocks: list[Block], *, counters: bool) -> None:
        """Paragraphs are the statement, lists what one sees; words such as “Red flags” say that what follows is not yet met."""
        for block in blocks:
            if block.kind == "paragraph":
                if counter_heading(block.lead or block.text) and (
                    block.lead == block.text.rstrip(":") or block.text.endswith(":")
                ):
                    counters = True
                elif indicator_heading(block.text):
                    counters = False
                elif not says_nothing(block.text):
                    (self.counters if counters else self.statement).append(block.text)
            for entry in block.entries:
                if entry.below and counter_heading(entry.text):
                    self.counters += [text for below in entry.below for text in flat(below)]
                else:
                    (self.counters if counters else self.indicators).extend(flat(entry))

    def data(self, level: str) -> Data:
        said = {
            "statement": "\n\n".join(self.statement),
            "indicators": self.indicators,
            "counter_indicators": self.counters,
        }
        return {"level": level} | {name: value for name, value in said.items() if value}


@dataclass
class _Skill:
    name: str
    line: int
    category: str
    id: str = ""
    summary: list[str] = field(default_factory=list)
    begun: dict[str, _Begun] = field(default_factory=dict)


class _Headings:
    def __init__(self, root: Section, mapping: HeadingMap) -> None:
        self.root, self.mapping = root, mapping
        self.places: dict[Path, str] = {}
        self.notes: list[Note] = []
        taken: set[str] = set()
        self.levels = {plain(title): {"id": numbered(slug(title), taken), "title": title} for title in mapping.order}
        self.level_lines: dict[str, int] = {}
        self.skills: dict[tuple[str, str], _Skill] = {}
        self.categories: dict[str, tuple[str, int]] = {}
        self.left_out = {plain(title) for title in mapping.leave_out}
        self.title, self.summary = "", list[str]()

    def read(self) -> tuple[Data, dict[Path, str], list[Note]]:
        self.visit(self.root, {}, counters=False)
        data: Data = {"title": self.title, "summary": "\n\n".join(self.summary)}
        data["levels"] = list(self.levels.values())
        for place, key in enumerate(self.levels):
            if key in self.level_lines:
                self.places[("levels", place)] = f"line {self.level_lines[key]}"
        data["categories"] = self.category_list()
        ids = {key: entry["id"] for key, entry in zip(self.categories, data["categories"], strict=True)}
        taken = {skill.id for skill in self.skills.values() if skill.id}
        data["skills"] = [self.skill(skill, place, ids, taken) for place, skill in enumerate(self.skills.values())]
        return {name: value for name, value in data.items() if value}, self.places, self.notes

    def visit(self, section: Section, at: dict[str, Any], *, counters: bool) -> None:
        """`at` says in which category, skill and level this stands."""
        if plain(section.title) in self.left_out and section.depth:
            return
        at = self.enter(section, at)
        if at is None:
            return
        counters = counters or (bool(at.get("level")) and counter_heading(section.title))
        self.say(section, at, counters=counters)
        for below in section.sections:
            self.visit(below, at, counters=counters)

    def enter(self, section: Section, at: dict[str, Any]) -> Any:
        depth, mapping = section.depth, self.mapping
        if depth == 0:
            return at
        if depth == mapping.levels:
            key = plain(section.title)
            if key not in self.levels:
                self.note(section.line, f"“{section.title[:80]}” is not among the levels; it was left out.")
                return None
            self.level_lines.setdefault(key, section.line)
            return at | {"level": key, "line": section.line}
        if depth == mapping.skills and not is_detail(section.title):
            return at | {"skill": section.title, "line": section.line, "id": section.id}
        if depth == mapping.categories:
            return {name: value for name, value in at.items() if name == "level"} | {
                "category": section.title,
                "line": section.line,
            }
        if depth == 1 and not self.title:
            self.title = section.title
        elif not at.get("level") and not at.get("skill") and not section.sections:
            self.note(section.line, f"“{section.title[:80]}” is neither a level nor a skill; it was left out.")
            return None
        return at

    def say(self, section: Section, at: dict[str, Any], *, counters: bool) -> None:
        """Put what stands below a heading where it belongs."""
        level = at.get("level")
        for block in section.blocks:
            if block.kind == "table":
                self.note(block.line, "This table was left out: the headings say what levels and skills are.")
        if level and self.mapping.skills == LIST and section.depth != LIST:
            self.say_by_leads(section, level)
        elif level and (at.get("skill") or not self.mapping.skills):
            name = at.get("skill") or self.title or "Skills"
            skill = self.find(name, at.get("category", ""), at["line"], at.get("id", ""))
            begun = skill.begun.setdefault(level, _Begun(section.line))
            begun.add(section.blocks, counters=counters)
        elif level:
            if text := words(section.blocks):
                self.levels[level].setdefault("summary", text)
        elif at.get("skill"):
            skill = self.find(at["skill"], at.get("category", ""), at["line"], at.get("id", ""))
            skill.summary += [text for text in (words(section.blocks),) if text]
        elif text := words(section.blocks):
            if section.depth <= 1:
                self.summary.append(text)
            else:
                self.note(
                    section.line, f"The text below “{section.title[:80]}” is of no level and no skill; it was left out."
                )

    def say_by_leads(self, section: Section, level: str) -> None:
        for block in section.blocks:
            if block.kind == "paragraph":
                self.levels[level].setdefault("summary", block.text)
            for entry in block.entries:
                name, rest = split_lead(entry.text, entry.lead)
                if not name:
                    self.note(entry.line, "This line does not begin with the name of a skill; it was left out.")
                    continue
                begun = self.find(name, "", entry.line, "").begun.setdefault(level, _Begun(entry.line))
                begun.add(
                    [Block("paragraph", entry.line, rest), Block("list", entry.line, entries=entry.below)],
                    counters=False,
                )

    def find(self, name: str, category: str, line: int, id_: str) -> _Skill:
        key = plain(category)
        self.categories.setdefault(key, (category, line))
        skill = self.skills.setdefault((key, plain(name)), _Skill(name, line, key))
        skill.id = skill.id or id_
        return skill

    def category_list(self) -> list[Data]:
        taken: set[str] = set()
        found = []
        for place, (title, line) in enumerate(self.categories.values()):
            title = title or self.title or "Skills"
            found.append({"id": numbered(slug(title), taken), "title": title})
            self.places[("categories", place)] = f"line {line}"
        return found

    def skill(self, skill: _Skill, place: int, categories: dict[str, str], taken: set[str]) -> Data:
        self.places[("skills", place)] = f"line {skill.line}"
        category = categories[skill.category]
        id_ = skill.id or slug(skill.name)
        if not skill.id and id_ in taken and len(self.categories) > 1:
            id_ = f"{id_[:40]}-{category}"[:80].strip("-")
        data: Data = {"id": skill.id or numbered(id_, taken), "name": skill.name, "category": category}
        if skill.summary:
            data["summary"] = "\n\n".join(skill.summary)
        expectations: list[Data] = []
        data["expectations"] = expectations
        for key, level in self.levels.items():
            begun = skill.begun.get(key)
            if begun is None:
                continue
            said = begun.data(level["id"])
            if says_same(said.get("statement", "")) or len(said) == 1:
                self.note(begun.line, f"Nothing new begins here for “{skill.name[:60]}”; it was left out.")
                continue
            self.places[("skills", place, "expectations", len(expectations))] = f"line {begun.line}"
            expectations.append(said)
        return data

    def note(self, line: int, text: str) -> None:
        self.notes.append(Note(f"line {line}", text))
