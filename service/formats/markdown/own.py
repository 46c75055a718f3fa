"""Markdown as we write it, edited or not → the ladder. Pure.

The body counts for every text and for what there is; the front matter adds what it knows of the same ids. What was added by hand
without an id gets one from its title, and what nobody says is filled in as for any other file.
"""

from collections.abc import Iterable
from typing import Any

from service.formats.markdown.blocks import Block, Entry, Section
from service.formats.names import numbered, slug
from service.formats.rules import Note, Path
from service.formats.texts import Data, Ref, texts_of

HEAD = ("ladder", "version", "family", "dated", "supersedes", "gates", "documents", "carried")

OF_BODY = frozenset(
    {
        "id",
        "title",
        "name",
        "summary",
        "category",
        "level",
        "statement",
        "indicators",
        "counter_indicators",
        "expectations",
    }
)
"""What the body says of a level, a skill or an expectation, and the front matter does not."""


def is_own(front: Any) -> bool:
    return isinstance(front, dict) and str(front.get("format", "")).startswith("nextrung-ladder/")


def read_own(front: Data, root: Section) -> tuple[Data, dict[Path, str], list[Note]]:
    """The data, the places of its values, and what was not understood."""
    return _Own(front, root).read()


class _Own:
    def __init__(self, front: Data, root: Section) -> None:
        self.front, self.root = front, root
        self.places: dict[Path, str] = {(): "line 1"}
        self.notes: list[Note] = []
        self.levels: dict[str, str] = {}

    def read(self) -> tuple[Data, dict[Path, str], list[Note]]:
        front = self.front
        data: Data = {name: front[name] for name in HEAD if front.get(name) is not None}
        top = next(iter(self.root.sections), self.root)
        data |= {"title": top.title, "summary": words(top.blocks)}
        parts = [section for section in self.root.walk() if section.depth == 2]
        levels = [section for part in parts if "levels" in part.marks for section in part.sections]
        data["levels"] = [self.level(section, place) for place, section in enumerate(levels)]
        categories: dict[str, Data] = {}
        skills: list[Data] = []
        data["skills"] = skills
        taken: set[str] = set()
        for part in parts:
            if "levels" in part.marks:
                continue
            id_ = part.id or slug(part.title)
            if id_ not in categories:
                self.places[("categories", len(categories))] = f"line {part.line}"
            categories.setdefault(id_, {"id": id_, "title": part.title})
            for section in part.sections:
                self.places[("skills", len(skills))] = f"line {section.line}"
                skills.append(self.skill(section, id_, len(skills), taken))
        order = front.get("categories")
        data["categories"] = _in_order(categories, order if isinstance(order, list) else [])
        self.restore(data)
        return {name: value for name, value in data.items() if value != ""}, self.places, self.notes

    def known(self, *steps: str) -> Data:
        """What the front matter knows of a thing."""
        value: Any = self.front
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else None
        return {name: known for name, known in value.items() if name not in OF_BODY} if isinstance(value, dict) else {}

    def level(self, section: Section, place: int) -> Data:
        id_ = section.id or slug(section.title)
        self.levels[id_] = section.title
        self.places[("levels", place)] = f"line {section.line}"
        return _filled({"id": id_, "title": section.title, "summary": words(section.blocks)}) | self.known(
            "levels", id_
        )

    def skill(self, section: Section, category: str, place: int, taken: set[str]) -> Data:
        id_ = section.id or numbered(slug(section.title), taken)
        taken.add(id_)
        known = self.known("skills", id_)
        data = (
            _filled({"id": id_, "name": section.title, "category": category, "summary": words(section.blocks)}) | known
        )
        begun: list[Data] = []
        for step in section.sections:
            level = step.id or self.level_called(step)
            if level:
                self.places[("skills", place, "expectations", len(begun))] = f"line {step.line}"
                begun.append(
                    _filled({"level": level, **self.said(step)}) | self.known("skills", id_, "expectations", level)
                )
        return data | {"expectations": begun}

    def level_called(self, section: Section) -> str:
        found = next((id_ for id_, title in self.levels.items() if title.casefold() == section.title.casefold()), "")
        if not found:
            self.notes.append(
                Note(f"line {section.line}", f"“{section.title[:80]}” is not among the levels; it was left out.")
            )
        return found

    def said(self, section: Section) -> Data:
        counters = [text for below in section.sections for text in entries(below.blocks)]
        return {
            "statement": words(section.blocks),
            "indicators": entries(section.blocks),
            "counter_indicators": counters,
        }

    def restore(self, data: Data) -> None:
        """Texts that Markdown cannot hold sign by sign, where the body still reads as they did."""
        texts: dict[Ref, str] = {}
        reads = texts_of(data)
        for each in self.front.get("exact") or () if isinstance(self.front.get("exact"), list) else ():
            if isinstance(each, dict) and isinstance(each.get("at"), list):
                ref = tuple(each["at"])
                if all(isinstance(step, str | int) for step in ref) and reads.get(ref) == each.get("reads"):
                    texts[ref] = str(each.get("text"))
        if texts:
            put_texts(data, texts)


def put_texts(data: Data, texts: dict[Ref, str]) -> None:
    """Write texts over those of the data that have the same names."""
    data |= {name: texts[(name,)] for name in ("title", "summary") if (name,) in texts}
    for kind, fields in (("levels", ("title", "summary")), ("categories", ("title",)), ("skills", ("name", "summary"))):
        for each in data[kind]:
            each |= {name: texts[(kind, each["id"], name)] for name in fields if (kind, each["id"], name) in texts}
    for skill in data["skills"]:
        for each in skill["expectations"]:
            ref = (skill["id"], each["level"])
            each["statement"] = texts.get(("expectations", *ref, "statement"), each.get("statement", ""))
            for kind in ("indicators", "counter_indicators"):
                if kind in each:
                    each[kind] = [texts.get((kind, *ref, place), words) for place, words in enumerate(each[kind])]


def words(blocks: Iterable[Block]) -> str:
    """All paragraphs as one text."""
    return "\n\n".join(block.text for block in blocks if block.kind == "paragraph")


def entries(blocks: Iterable[Block]) -> list[str]:
    """All lines of all lists, those below others behind them."""
    return [text for block in blocks for entry in block.entries for text in flat(entry)]


def flat(entry: Entry) -> list[str]:
    return [text for text in (entry.text, *(text for below in entry.below for text in flat(below))) if text]


def _filled(data: Data) -> Data:
    return {name: value for name, value in data.items() if value not in ("", [])}


def _in_order(things: dict[str, Data], order: list[Any]) -> list[Data]:
    ids = sorted(things, key=lambda id_: order.index(id_) if id_ in order else len(order))
    return [things[id_] for id_ in ids]
