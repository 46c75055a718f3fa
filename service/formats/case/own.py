"""A CASE package with our extensions → the whole ladder that it was made of, with what others changed in it since. Pure.

Where CASE has a field or an association, that one counts; the extension says only what CASE has no place for.
"""

from typing import Any

from service.formats.case.exporting import EXTENSION, one_line
from service.formats.case.package import Found, Item, Package, text_of
from service.formats.jsontext import pointer
from service.formats.names import slug
from service.formats.rules import Path
from service.formats.texts import Data, Ref


def is_own(package: Package) -> bool:
    return "ladder" in beyond(package.document)


def beyond(node: Data) -> Data:
    """What our extension of a node says."""
    extensions = node.get("extensions")
    ours = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    return ours if isinstance(ours, dict) else {}


def read_own(package: Package) -> Found:
    """The ladder of a package without faults. What is missing is missing in it too, for the checks to tell."""
    return _Own(package).read()


class _Own:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.found = Found({})
        self.numbers = {link.origin: link.number for link in package.links if link.kind == "isChildOf"}
        self.by_kind: dict[str, list[Item]] = {}
        for item in package.in_tree_order():
            self.by_kind.setdefault(str(beyond(item.node).get("kind")), []).append(item)
        for kind in ("skill", "level", "category"):
            self.by_kind.setdefault(kind, []).sort(key=self.number)
        self.levels = {item.id: self.id_of(item) for item in self.by_kind["level"]}
        self.skill_levels = {link.origin: link.destination for link in package.links if link.kind == "hasSkillLevel"}
        self.titles: dict[str, str] = {}
        self.skills: dict[str, Data] = {}

    def number(self, item: Item) -> float:
        return self.numbers.get(item.id, float("inf"))

    def read(self) -> Found:
        ladder = self.found.ladder = self.head()
        levels = [self.level(item, place) for place, item in enumerate(self.by_kind["level"])]
        categories = [self.category(item, place) for place, item in enumerate(self.by_kind["category"])]
        skills = [self.skill(item, place) for place, item in enumerate(self.by_kind["skill"])]
        ladder |= {"levels": levels, "categories": categories, "skills": skills}
        if strangers := self.by_kind.get("None"):
            words = f"{len(strangers):,} items are not of this ladder; they were kept for the way back."
            self.package.note(strangers[0].path, words)
        self.keep_rubrics()
        return self.found

    def head(self) -> Data:
        document, ours = self.package.document, beyond(self.package.document)
        names = ("format", "ladder", "family", "dated", "supersedes", "gates", "documents", "carried")
        head = {name: ours[name] for name in names if name in ours}
        at: Path = ("CFDocument",)
        head["title"] = self.text(document, at, "title", ours.get("title"), ("title",))
        head["summary"] = self.text(document, at, "description", None, ("summary",))
        head["version"] = document.get("version", "")
        blueprint = ours.get("blueprint")
        self.found.blueprint = blueprint if isinstance(blueprint, dict) else None
        self.place((), at)
        return {name: value for name, value in head.items() if value != ""}

    def place(self, of_ladder: Path, at: Path) -> None:
        self.found.places[of_ladder] = pointer((*self.package.prefix, *at))

    def text(self, node: Data, at: Path, name: str, whole: Any, ref: Ref) -> str:
        """The text of a field, or `whole` where that is the same text before it was made one line."""
        text = text_of(node, name)[1]
        if isinstance(whole, str) and one_line(whole) == one_line(text):
            text = whole
        self.found.keep((*at, name), ref, text)
        return text

    def id_of(self, item: Item) -> str:
        return str(beyond(item.node).get("id") or slug(item.id))

    def level(self, item: Item, place: int) -> Data:
        ours, id_ = beyond(item.node), self.id_of(item)
        self.place(("levels", place), item.path)
        self.titles[id_] = title = self.text(
            item.node, item.path, "abbreviatedStatement", ours.get("title"), ("levels", id_, "title")
        )
        summary = self.text(item.node, item.path, "fullStatement", None, ("levels", id_, "summary"))
        return {"id": id_, "title": title, "summary": summary} | _with(ours, "source", "was")

    def category(self, item: Item, place: int) -> Data:
        id_ = self.id_of(item)
        self.place(("categories", place), item.path)
        return {
            "id": id_,
            "title": self.text(item.node, item.path, "fullStatement", None, ("categories", id_, "title")),
        }

    def skill(self, item: Item, place: int) -> Data:
        ours, id_, at = beyond(item.node), self.id_of(item), item.path
        self.place(("skills", place), at)
        data: Data = {
            "id": id_,
            "name": self.text(item.node, at, "abbreviatedStatement", ours.get("title"), ("skills", id_, "name")),
        }
        above = self.package.items.get(self.package.parent.get(item.id, ""))
        if above is not None and beyond(above.node).get("kind") == "category":
            data["category"] = self.id_of(above)
        data |= {"summary": self.text(item.node, at, "fullStatement", None, ("skills", id_, "summary"))}
        data |= _with(ours, "importance", "source", "was")
        self.skills[item.id] = data
        below = [child for child in self.package.below(item.id) if beyond(child.node).get("kind") == "expectation"]
        order = list(self.levels.values())
        below.sort(key=lambda child: order.index(self.level_of(child)) if self.level_of(child) in order else len(order))
        data["expectations"] = [
            self.expectation(child, id_, ("skills", place, "expectations", number))
            for number, child in enumerate(below)
        ]
        return data

    def level_of(self, item: Item) -> str:
        return self.levels.get(self.skill_levels.get(item.id, ""), "")

    def expectation(self, item: Item, skill: str, of_ladder: Path) -> Data:
        level, ours = self.level_of(item), beyond(item.node)
        self.place(of_ladder, item.path)
        data: Data = {"level": level} if level else {}
        ref = ("expectations", skill, level)
        data["statement"] = self.text(item.node, item.path, "fullStatement", None, (*ref, "statement"))
        data |= _with(ours, "requirement", "source", "counter_indicators")
        education = item.node.get("educationLevel")
        if isinstance(education, list) and education == [one_line(self.titles.get(level, ""))]:
            self.found.keep((*item.path, "educationLevel", 0), ("levels", level, "title"), self.titles[level])
        seen = [
            self.text(child.node, child.path, "fullStatement", None, ("indicators", skill, level, number))
            for number, child in enumerate(self.package.below(item.id))
        ]
        return data | ({"indicators": seen} if seen else {})

    def keep_rubrics(self) -> None:
        """Rubrics of ours say again what the items say, so they follow them."""
        for at, rubric in self.package.nodes("CFRubrics"):
            for inner, criterion in self.package.nodes(*at, "CFRubricCriteria", holder=rubric):
                link = criterion.get("CFItemURI")
                skill = self.skills.get(str(link.get("identifier")).lower() if isinstance(link, dict) else "", {})
                if skill:
                    self.follow(rubric, (*at, "title"), ("skills", skill["id"], "name"), skill["name"])
                for deep, level in self.package.nodes(*inner, "CFRubricCriterionLevels", holder=criterion):
                    self.keep_rubric_level(skill, level, deep)

    def keep_rubric_level(self, skill: Data, node: Data, at: Path) -> None:
        for each in skill.get("expectations", ()):
            level = each.get("level", "")
            title = self.titles.get(level, "")
            if one_line(title) == node.get("quality") and one_line(each["statement"]) == node.get("description"):
                self.follow(node, (*at, "quality"), ("levels", level, "title"), title)
                self.follow(
                    node, (*at, "description"), ("expectations", skill["id"], level, "statement"), each["statement"]
                )

    def follow(self, node: Data, at: Path, ref: Ref, text: str) -> None:
        if node.get(str(at[-1])) == one_line(text):
            self.found.keep(at, ref, text)


def _with(ours: Data, *names: str) -> Data:
    return {name: ours[name] for name in names if name in ours}
