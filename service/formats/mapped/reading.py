"""Nested data by a mapping → what it says of levels and skills. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from service.formats.mapped.mapping import Map
from service.formats.mapped.paths import Expression, Node, WrongPath, as_text, find, find_some, text_at
from service.formats.matrix.vocabulary import direction, importance, level_key, plain, requirement
from service.formats.names import LONGEST_ID, numbered, shortened, slug
from service.formats.rules import Note, Path, sentence
from service.formats.texts import Data

Group = Mapping[str, list[Expression]]
MOST_FAULTS = 50
MOST_SKILLS = 2000
MOST_LOOKED_AT = 500


@dataclass
class Reading:
    """What the data says, with faults where a path of the mapping leads to nothing."""

    ladder: Data
    places: dict[Path, str]
    faults: list[Note]
    notes: list[Note]


def read_mapped(data: Any, mapping: Map, place: Callable[[Path], str]) -> Reading:
    """`place` says where in the file a value of the data stands."""
    return _Mapped(data, mapping, place).read()


@dataclass
class _Skill:
    node: Node
    id: str
    name: str
    data: Data
    begun: dict[str, Data] = field(default_factory=dict)


class _Mapped:
    def __init__(self, data: Any, mapping: Map, place: Callable[[Path], str]) -> None:
        self.root, self.mapping, self.at = Node(data, ()), mapping, place
        self.faults: list[Note] = []
        self.notes: list[Note] = []
        self.places: dict[Path, str] = {(): place(())}
        self.levels: dict[str, Data] = {}
        self.level_nodes: dict[str, Node] = {}
        self.names: dict[str, str] = {}
        self.skills: list[_Skill] = []
        self.by_name: dict[str, _Skill] = {}
        self.categories: dict[str, Data] = {}
        self.taken: set[str] = set()
        self.skill_ids: set[str] = set()
        self.used: set[tuple[str, str]] = set()

    def read(self) -> Reading:
        head = {name: text_at(self.root, expression) for name, expression in self.mapping.head.items()}
        self.read_levels()
        self.read_skills()
        self.read_expectations()
        self.tell_unused()
        self.tell_unread()
        ladder: Data = {name: text for name, text in head.items() if text}
        levels = self.in_order()
        ladder["levels"] = [self.levels[level] for level in levels]
        for place, level in enumerate(levels):
            self.places[("levels", place)] = self.at(self.level_nodes[level].path)
        ladder["categories"] = list(self.categories.values())
        ladder["skills"] = [self.finished(skill, place, levels) for place, skill in enumerate(self.skills)]
        return Reading({name: value for name, value in ladder.items() if value}, self.places, self.faults, self.notes)

    def each(self, group: str, base: Node, entries: Group) -> list[Node]:
        """The entries of a group below `base`; a fault where its path leads nowhere from the top."""
        expression = entries["each"][0]
        if base is not self.root:
            return find(base, expression)
        try:
            return find_some(base, expression)
        except WrongPath as wrong:
            self.fault(f"mapping {group}.each", sentence(f"“{expression.source}” stops: {wrong}"))
            return []

    def fault(self, place: str, words: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Note(place, words))

    def text(self, group: str, entries: Group, node: Node, name: str) -> str:
        if name not in entries:
            return ""
        text = next((text for expression in entries[name] if (text := text_at(node, expression))), "")
        if text:
            self.used.add((group, name))
        return text

    def read_levels(self) -> None:
        entries = self.mapping.levels
        for node in self.each("levels", self.root, entries) if entries.get("each") else ():
            named = self.text("levels", entries, node, "id")
            title = self.text("levels", entries, node, "title") or as_text(node.value) or named or str(node.key)
            key = named or title
            self.add_level(key, title, node)
            if summary := self.text("levels", entries, node, "summary"):
                self.levels[plain(key)]["summary"] = summary

    def add_level(self, key: str, title: str, node: Node) -> None:
        if plain(key) in self.levels:
            self.notes.append(
                Note(self.at(node.path), f"The level “{title[:60]}” stands here again; the first one counts.")
            )
            return
        made = slug(title if key.isdecimal() else key)
        self.levels[plain(key)] = {"id": numbered(made, self.taken), "title": shortened(title, 200)}
        self.level_nodes[plain(key)] = node
        self.names.setdefault(plain(title), plain(key))

    def read_skills(self) -> None:
        entries = self.mapping.skills
        for node in self.each("skills", self.root, entries)[:MOST_SKILLS] if entries.get("each") else ():
            name = self.text("skills", entries, node, "name")
            key = self.text("skills", entries, node, "id")
            name = name or key or (as_text(node.value) if "name" not in entries else "") or str(node.key)
            self.add_skill(key, name, node)

    def add_skill(self, key: str, name: str, node: Node) -> _Skill:
        entries = self.mapping.skills
        data: Data = {"category": self.category(self.text("skills", entries, node, "category"))}
        for field_, known in (("summary", None), ("importance", importance)):
            if text := self.text("skills", entries, node, field_):
                data[field_] = (known(text) or text) if known else text
        skill = _Skill(node, slug(key) if key else "", name, data)
        self.skills.append(skill)
        self.by_name.setdefault(plain(key or name), skill)
        self.by_name.setdefault(plain(name), skill)
        return skill

    def category(self, title: str) -> str:
        key = plain(title)
        if key not in self.categories:
            shown = title or "Skills"
            ids = {category["id"] for category in self.categories.values()}
            self.categories[key] = {"id": numbered(slug(shown), ids), "title": shortened(shown, 200)}
        return str(self.categories[key]["id"])

    def read_expectations(self) -> None:
        entries = self.mapping.expectations
        if not entries.get("each"):
            return
        if "skill" not in entries:
            for skill in self.skills:
                for node in self.each("expectations", skill.node, entries):
                    self.add(skill, node)
            if self.skills and not any(skill.begun for skill in self.skills):
                self.explain(self.skills[0].node, entries["each"][0])
            return
        for node in self.each("expectations", self.root, entries):
            named = self.text("expectations", entries, node, "skill")
            if not named:
                continue
            found = self.by_name.get(plain(named))
            if found is None and self.mapping.skills:
                self.notes.append(Note(self.at(node.path), f"“{named[:60]}” is none of the skills; it was left out."))
            elif len(self.skills) < MOST_SKILLS:
                self.add(found or self.add_skill("", named, node), node)

    def explain(self, node: Node, expression: Expression) -> None:
        try:
            find_some(node, expression)
        except WrongPath as wrong:
            self.fault("mapping expectations.each", sentence(f"“{expression.source}” stops: {wrong}"))

    def add(self, skill: _Skill, node: Node) -> None:
        entries = self.mapping.expectations
        level = self.level_of(node)
        texts = self.texts(entries, node, "statement") if "statement" in entries else []
        seen = self.texts(entries, node, "indicators")
        if not level or not (texts or seen):
            return
        begun = skill.begun.setdefault(
            level, {"at": node.path, "statement": "", "indicators": [], "counter_indicators": []}
        )
        if texts and not begun["statement"]:
            begun["statement"] = texts.pop(0)
        begun["indicators"] += texts + seen
        begun["counter_indicators"] += self.texts(entries, node, "counter_indicators")
        if text := self.text("expectations", entries, node, "requirement"):
            begun["requirement"] = requirement(text) or text

    def level_of(self, node: Node) -> str:
        """The key of the level that an expectation names; a new one where the mapping does not list them."""
        named = self.text("expectations", self.mapping.expectations, node, "level")
        if not named:
            return ""
        key = self.names.get(plain(named), plain(named))
        if key not in self.levels:
            if self.mapping.levels:
                self.notes.append(Note(self.at(node.path), f"“{named[:60]}” is none of the levels; it was left out."))
                return ""
            self.add_level(named, f"Level {named}" if named.isdecimal() else named, node)
        return key

    def texts(self, entries: Group, node: Node, name: str) -> list[str]:
        found = [
            text
            for expression in entries.get(name, ())
            for each in ([node] if expression.constant is not None or expression.word else find(node, expression))
            for text in (
                [text_at(node, expression)]
                if expression.constant is not None or expression.word
                else _lines(each.value)
            )
        ]
        if found:
            self.used.add(("expectations", name))
        return found

    def tell_unused(self) -> None:
        """A path that gave nothing for any entry is a mistake, and the first entry shows what there is."""
        groups = (("levels", self.level_nodes.values()), ("skills", (skill.node for skill in self.skills)))
        nodes: dict[str, Iterable[Node]] = dict(groups)
        nodes["expectations"] = self.expectation_nodes()
        for group, entries in (
            ("levels", self.mapping.levels),
            ("skills", self.mapping.skills),
            ("expectations", self.mapping.expectations),
        ):
            first = next(iter(nodes[group]), None)
            for name, expressions in entries.items():
                if name == "each" or (group, name) in self.used or first is None or not expressions:
                    continue
                try:
                    find_some(first, expressions[0])
                except WrongPath as wrong:
                    self.fault(f"mapping {group}.{name}", sentence(f"“{expressions[0].source}” stops: {wrong}"))
                else:
                    self.notes.append(Note(f"mapping {group}.{name}", f"“{expressions[0].source}” gave no text."))

    def tell_unread(self) -> None:
        """Fields of the entries that no path of the mapping goes into."""
        begun = list(islice(self.expectation_nodes(), MOST_LOOKED_AT))
        skills = [skill.node for skill in self.skills[:MOST_LOOKED_AT]] if self.mapping.skills else []
        groups = ((self.level_nodes.values(), "levels"), (skills, "skills"), (begun, "expectations"))
        for nodes, group in groups:
            entries: Group = getattr(self.mapping, group)
            read = {
                expression.steps[0]
                for found in entries.values()
                for expression in found
                if expression.steps and not expression.ups
            }
            if group == "levels" and any(expression.word for found in entries.values() for expression in found):
                continue
            if group == "skills" and "skill" not in self.mapping.expectations:
                read |= {each.steps[0] for each in self.mapping.expectations.get("each", ()) if each.steps}
                if any(not each.steps for each in self.mapping.expectations.get("each", ())):
                    continue
            if group == "expectations" and begun and skills and begun[0].path == skills[0].path:
                read |= {each.steps[0] for found in self.mapping.skills.values() for each in found if each.steps}
            counts = Counter(
                str(name) for node in nodes if isinstance(node.value, dict) for name in node.value if name not in read
            )
            if counts and entries and "*" not in read:
                listed = ", ".join(f"{name} ({count:,})" for name, count in counts.most_common(8))
                self.notes.append(Note(f"mapping {group}", f"Of these entries not read: {listed}."))

    def expectation_nodes(self) -> Iterable[Node]:
        entries = self.mapping.expectations
        for base in [self.root] if "skill" in entries else [skill.node for skill in self.skills[:MOST_LOOKED_AT]]:
            yield from find(base, entries["each"][0]) if entries.get("each") else ()

    def in_order(self) -> list[str]:
        """The levels from the lowest up: as the mapping says, as it lists them, or as their names rise."""
        keys = list(self.levels)
        if self.mapping.order:
            wanted = [self.names.get(plain(each), plain(each)) for each in self.mapping.order]
            for each, key in zip(self.mapping.order, wanted, strict=True):
                if key not in self.levels:
                    self.fault(
                        "mapping order",
                        f"“{each[:60]}” is none of the levels; there is {', '.join(self.levels)[:300]}.",
                    )
            return [key for key in wanted if key in self.levels] + [key for key in keys if key not in wanted]
        titles = [self.levels[key]["title"] for key in keys]
        if self.mapping.levels:
            if direction(titles) < 0:
                self.notes.append(Note("", "The levels stand from the highest down; they were turned around."))
                return keys[::-1]
            return keys
        ranks = [level_key(title) for title in titles]
        return [key for _, key in sorted(zip(ranks, keys, strict=True))] if all(ranks) else keys

    def finished(self, skill: _Skill, place: int, levels: list[str]) -> Data:
        self.places[("skills", place)] = self.at(skill.node.path)
        made = skill.id or slug(skill.name)
        if made in self.skill_ids and len(self.categories) > 1 and not skill.id:
            made = f"{made[:40]}-{skill.data['category']}"[:LONGEST_ID].strip("-")
        begun: list[Data] = []
        for level in levels:
            if level in skill.begun:
                said = skill.begun[level]
                self.places[("skills", place, "expectations", len(begun))] = self.at(said.pop("at"))
                begun.append(
                    {"level": self.levels[level]["id"]} | {name: value for name, value in said.items() if value}
                )
        id_ = numbered(made, self.skill_ids)
        return {"id": id_, "name": skill.name} | skill.data | {"expectations": begun}


def _lines(value: Any) -> list[str]:
    """A text, or the texts of a list."""
    if isinstance(value, list):
        return [text for each in value if (text := as_text(each))]
    text = as_text(value)
    return [text] if text else []
