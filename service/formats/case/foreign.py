"""A CASE package of anybody → a ladder, by the first way that finds levels in it. Pure.

Packages say in different places how far one is: by `hasSkillLevel`, in rubrics, in items that repeat under every skill, by
`educationLevel`, or not at all.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from service.formats.case.levels import WAYS, Rung, Rungs, Step
from service.formats.case.package import Found, Item, Package, text_of
from service.formats.jsontext import pointer
from service.formats.names import numbered, shortened, slug
from service.formats.rules import Path
from service.formats.texts import Data, Ref

LONGEST_TITLE = 200
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAMES = ("abbreviatedStatement", "alternativeLabel", "title", "category", "fullStatement", "description")


def read_foreign(package: Package, way: str | None) -> tuple[Found, str]:
    """The ladder of a package without faults, and the name of the way that found its levels: `way`, where it is one of WAYS,
    else the first that finds some."""
    ways = {way: WAYS[way]} if way in WAYS else WAYS
    for name, find in ways.items():
        rungs = find(package)
        if rungs.steps or name == "none":
            break
    return _Foreign(package, rungs).read(), name


@dataclass
class _Skill:
    item: Item
    data: Data
    begun: dict[str, Data] = field(default_factory=dict)


class _Foreign:
    def __init__(self, package: Package, rungs: Rungs) -> None:
        self.package, self.rungs = package, rungs
        self.found = Found({})
        self.levels: dict[str, str] = {}
        self.taken: set[str] = set()
        self.skills: dict[str, _Skill] = {}
        self.categories: dict[str, Data] = {}

    def read(self) -> Found:
        document = self.package.document
        self.found.ladder |= self.head(document)
        self.found.ladder["levels"] = [self.level(rung, place) for place, rung in enumerate(self.rungs.levels)]
        for step in self.rungs.steps:
            self.add(step)
        self.found.ladder["categories"] = list(self.categories.values())
        self.found.ladder["skills"] = [self.finished(skill, place) for place, skill in enumerate(self.skills.values())]
        self.tell_rest()
        return self.found

    def head(self, document: Data) -> Data:
        self.found.places[()] = self.at(("CFDocument",))
        title = self.text(document, ("CFDocument",), ("title",), "title")
        summary = self.text(document, ("CFDocument",), ("summary",), "description")
        head: Data = {
            "title": title,
            "summary": summary,
            "documents": {slug(title)[:80] if title else "case": {"title": title or "CASE"}},
        }
        version, day = text_of(document, "version")[1], _day(document)
        if _VERSION.fullmatch(version):
            head["version"] = version
        elif version:
            self.package.note(
                ("CFDocument", "version"), "A version has letters, digits, dots and hyphens; give one for this."
            )
        if day:
            head["dated"] = day
            next(iter(head["documents"].values()))["dated"] = day
        return {name: value for name, value in head.items() if value}

    def at(self, path: Path) -> str:
        return pointer((*self.package.prefix, *path))

    def text(self, node: Data, path: Path, ref: Ref, *names: str, most: int = LONGEST_TITLE) -> str:
        """The first of these fields, cut to a title's length where it is to be one."""
        name, text = text_of(node, *names)
        text = shortened(" ".join(text.split()), most) if ref[-1] in ("title", "name") else text
        if name:
            self.found.keep((*path, name), ref, text)
        return text

    def id_of(self, item: Item) -> str:
        made = item.id if len(item.id) <= 80 and _ID.fullmatch(item.id) else slug(item.id)
        return numbered(made, self.taken)

    def level(self, rung: Rung, place: int) -> Data:
        id_ = numbered(slug(rung.title), self.taken)
        self.levels[rung.key] = id_
        self.found.places[("levels", place)] = self.at(rung.paths[0]) if rung.paths else "/CFItems"
        data = {"id": id_, "title": shortened(rung.title, LONGEST_TITLE)}
        for path in rung.paths:
            self.found.keep(path, ("levels", id_, "title"), data["title"])
        if rung.item and (
            summary := self.text(rung.item.node, rung.item.path, ("levels", id_, "summary"), "fullStatement")
        ):
            data["summary"] = summary
        return data

    def add(self, step: Step) -> None:
        skill = self.skills.get(step.skill.id) or self.new_skill(step.skill)
        level = self.levels[step.level]
        name, words = text_of(step.node, *step.names)
        if not words:
            return
        id_ = skill.data["id"]
        begun = skill.begun.get(level)
        if begun is None:
            skill.begun[level] = begun = {"level": level, "statement": words, "at": step.path}
            self.found.keep((*step.path, name), ("expectations", id_, level, "statement"), words)
        else:
            self.indicator(begun, id_, level, (*step.path, name), words)
        for child in step.seen:
            name, words = child.text("fullStatement")
            self.indicator(begun, id_, level, (*child.path, name), words)

    def indicator(self, begun: Data, skill: str, level: str, path: Path, words: str) -> None:
        if words:
            seen = begun.setdefault("indicators", [])
            self.found.keep(path, ("indicators", skill, level, len(seen)), words)
            seen.append(words)

    def new_skill(self, item: Item) -> _Skill:
        id_ = self.id_of(item)
        data: Data = {
            "id": id_,
            "name": self.text(item.node, item.path, ("skills", id_, "name"), *_NAMES),
            "category": self.category(item),
        }
        long = text_of(item.node, "fullStatement", "description")[1]
        if long and long != data["name"]:
            data["summary"] = self.text(
                item.node, item.path, ("skills", id_, "summary"), "fullStatement", "description"
            )
        if code := item.text("humanCodingScheme")[1]:
            document = next(iter(self.found.ladder["documents"]))
            data["source"] = {"document": document, "section": shortened(code, LONGEST_TITLE)}
        self.skills[item.id] = skill = _Skill(item, data)
        return skill

    def category(self, item: Item) -> str:
        """The nearest item above that is no level, as a category; the whole document where there is none."""
        above = next((each for each in self.package.ancestors(item.id) if each.id not in self.rungs.items), None)
        key = above.id if above else ""
        if key not in self.categories:
            place = len(self.categories)
            if above is None:
                title = self.found.ladder.get("title") or "Skills"
                self.categories[key] = {"id": numbered(slug(title), self.taken), "title": title}
            else:
                id_ = self.id_of(above)
                self.found.places[("categories", place)] = self.at(above.path)
                self.categories[key] = {
                    "id": id_,
                    "title": self.text(above.node, above.path, ("categories", id_, "title"), *_NAMES),
                }
        return str(self.categories[key]["id"])

    def finished(self, skill: _Skill, place: int) -> Data:
        self.found.places[("skills", place)] = self.at(skill.item.path)
        order = list(self.levels.values())
        begun = sorted(skill.begun.values(), key=lambda each: order.index(each["level"]))
        for number, each in enumerate(begun):
            self.found.places[("skills", place, "expectations", number)] = self.at(each.pop("at"))
        return skill.data | {"expectations": begun}

    def tell_rest(self) -> None:
        """What a ladder has no place for, by kind; all of it was kept for the way back."""
        kinds = Counter(link.kind for link in self.package.links if link.kind != "isChildOf")
        if kinds:
            listed = ", ".join(f"{count:,} {kind or 'of no kind'}" for kind, count in sorted(kinds.items()))
            self.package.note(("CFAssociations",), f"Associations were kept for the way back: {listed}.")
        for path, words in self.left_out():
            self.package.note(path, words)

    def left_out(self) -> Iterator[tuple[Path, str]]:
        used = (
            {step.skill.id for step in self.rungs.steps} | {step.item for step in self.rungs.steps} | self.rungs.items
        )
        used |= {child.id for step in self.rungs.steps for child in step.seen}
        for item in list(used):
            while (item := self.package.parent.get(item, "")) and item not in used:
                used.add(item)
        left = [item for item in self.package.items.values() if item.id not in used]
        if left:
            yield left[0].path, f"{len(left):,} items say nothing at a level; they were kept for the way back."
        if self.rungs.told:
            yield (), self.rungs.told


def _day(document: Data) -> str:
    for name in ("statusStartDate", "lastChangeDateTime"):
        try:
            return date.fromisoformat(text_of(document, name)[1][:10]).isoformat()
        except ValueError:
            continue
    return ""
