"""The plain data of a ladder → a CASE 1.1 package (README.md, decision 14, says what becomes what). Pure.

Identifiers are UUIDs of the ladder's and the thing's id, so that the next version's package has the same ones; a thing whose
id is a UUID keeps it. There is no clock in it: the same ladder gives the same package.
"""

import re
from collections.abc import Iterator, Mapping
from uuid import UUID, uuid5

from service.formats.texts import Data, Ref

EXTENSION = "nextrung"
"""The name under `extensions` of what CASE has no field for."""
SPACE = UUID("5b9f1a52-6d3e-5a0b-9c1e-0e7a3c7d2f41")
UUID_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TYPES = {
    "level": ("Level", "A rung of the ladder."),
    "category": ("Category", "A group of skills."),
    "skill": ("Skill", "A competency that is rated by level."),
    "expectation": ("Expectation", "What is expected of a skill from one level on."),
    "indicator": ("Indicator", "What one sees when an expectation is met."),
}


def to_package(data: Data, blueprint: Data | None, known: Mapping[Ref, str] | None = None) -> Data:
    """A whole package of a whole ladder. `known` are the identifiers that things of the ladder have already."""
    return _Export(data, blueprint, known or {}).package()


def new_id(*steps: str) -> str:
    """The identifier of what these ids lead to; the last one itself where it is a UUID already."""
    return steps[-1] if UUID_ID.fullmatch(steps[-1]) else str(uuid5(SPACE, "/".join(steps)))


def one_line(text: str) -> str:
    """A text as CASE's NormalizedString: without line breaks and doubled spaces."""
    return " ".join(text.split())


def link(identifier: str, title: str) -> Data:
    return {"title": one_line(title), "identifier": identifier, "uri": f"urn:uuid:{identifier}"}


class _Export:
    def __init__(self, data: Data, blueprint: Data | None, known: Mapping[Ref, str]) -> None:
        self.data, self.blueprint = data, blueprint
        self.ladder = data["ladder"]
        self.known = known
        self.ids: dict[Ref, str] = {}
        self.used: set[str] = set()
        heads = [(kind, each["id"]) for kind in ("levels", "categories", "skills") for each in data[kind]]
        for ref in sorted(
            heads, key=lambda ref: not UUID_ID.fullmatch(ref[1])
        ):  # what is a UUID has the first right to it
            self.id_of(*ref)
        self.changed = f"{data['dated']}T00:00:00Z"
        self.document = self.known.get(()) or new_id(self.ladder, "versions", data["version"])
        self.titles = {level["id"]: level["title"] for level in data["levels"]}
        self.items: list[Data] = []
        self.associations: list[Data] = []

    def package(self) -> Data:
        self.add_levels()
        for number, category in enumerate(self.data["categories"], 1):
            identifier = self.id_of("categories", category["id"])
            self.add("category", identifier, category["title"], {"id": category["id"]})
            self.place(identifier, category["title"], self.document, self.data["title"], number)
        for number, skill in enumerate(self.data["skills"], 1):
            self.add_skill(skill, number)
        return {
            "CFDocument": self.document_node(),
            "CFItems": self.items,
            "CFAssociations": self.associations,
            "CFDefinitions": {"CFItemTypes": [self.type_node(kind) for kind in TYPES]},
            "CFRubrics": [self.rubric(skill) for skill in self.data["skills"]],
        }

    def document_node(self) -> Data:
        data, more = self.data, ("format", "ladder", "family", "dated", "supersedes", "gates", "documents")
        beyond = {name: data[name] for name in more if name in data}
        if carried := {name: value for name, value in (data.get("carried") or {}).items() if name != "case"}:
            beyond["carried"] = carried
        if self.blueprint is not None:
            beyond["blueprint"] = self.blueprint
        return {
            **self.head(self.document),
            "caseVersion": "1.1",
            "creator": "Nextrung",
            "title": self.line(data["title"], "title", beyond),
            "description": data["summary"],
            "version": data["version"],
            "extensions": {EXTENSION: beyond},
        }

    def head(self, identifier: str) -> Data:
        return {"identifier": identifier, "uri": f"urn:uuid:{identifier}", "lastChangeDateTime": self.changed}

    def line(self, text: str, name: str, beyond: Data) -> str:
        """A text as one line; it stands whole in the extension where that is another."""
        if one_line(text) != text:
            beyond[name] = text
        return one_line(text)

    def add(self, kind: str, identifier: str, statement: str, beyond: Data, title: str = "") -> Data:
        word = TYPES[kind][0]
        node = {**self.head(identifier), "fullStatement": statement, "CFItemType": word}
        node["CFItemTypeURI"] = link(new_id("item-types", kind), word)
        if title:
            node["abbreviatedStatement"] = self.line(title, "title", beyond)
        node["extensions"] = {EXTENSION: {"kind": kind} | beyond}
        self.items.append(node)
        return node

    def relate(self, kind: str, origin: tuple[str, str], to: tuple[str, str], number: int | None = None) -> None:
        node = {**self.head(new_id("associations", origin[0], f"{kind} {to[0]}")), "associationType": kind}
        if number is not None:
            node["sequenceNumber"] = number
        self.associations.append(node | {"originNodeURI": link(*origin), "destinationNodeURI": link(*to)})

    def place(self, identifier: str, title: str, parent: str, above: str, number: int) -> None:
        self.relate("isChildOf", (identifier, title), (parent, above), number)

    def id_of(self, *ref: str | int) -> str:
        """The identifier of a thing: a known one, its own id or one made of it, whichever nothing else has."""
        if ref not in self.ids:
            steps = (self.ladder, *map(str, ref))
            own = steps[-1] if UUID_ID.fullmatch(steps[-1]) else None
            wanted = (own, self.known.get(ref), new_id(*steps))
            made = next((id_ for id_ in wanted if id_ and id_ not in self.used), str(uuid5(SPACE, "/".join(steps))))
            self.used.add(made)
            self.ids[ref] = made
        return self.ids[ref]

    def add_levels(self) -> None:
        below: tuple[str, str] | None = None
        for number, level in enumerate(self.data["levels"], 1):
            this = (self.id_of("levels", level["id"]), level["title"])
            beyond = {name: level[name] for name in ("id", "was", "source") if name in level}
            self.add("level", this[0], level["summary"], beyond, level["title"])
            self.place(*this, self.document, self.data["title"], number)
            if below:
                self.relate("precedes", below, this)
            below = this

    def add_skill(self, skill: Data, number: int) -> None:
        this = (self.id_of("skills", skill["id"]), skill["name"])
        beyond: Data = {name: skill[name] for name in ("id", "was", "importance", "source") if name in skill}
        self.add("skill", this[0], skill["summary"], beyond, skill["name"])
        category = next(each for each in self.data["categories"] if each["id"] == skill["category"])
        self.place(*this, self.id_of("categories", category["id"]), category["title"], number)
        for expectation in skill["expectations"]:
            self.add_expectation(skill, expectation, this)

    def add_expectation(self, skill: Data, expectation: Data, parent: tuple[str, str]) -> None:
        level = expectation["level"]
        this = (self.id_of("expectations", skill["id"], level), expectation["statement"])
        beyond: Data = {
            name: expectation[name] for name in ("requirement", "source", "counter_indicators") if name in expectation
        }
        node = self.add("expectation", this[0], expectation["statement"], beyond)
        node["educationLevel"] = [one_line(self.titles[level])]
        self.place(*this, *parent, 1 + list(self.titles).index(level))
        self.relate("hasSkillLevel", this, (self.id_of("levels", level), self.titles[level]))
        for place, words in enumerate(expectation.get("indicators", ())):
            identifier = self.id_of("indicators", skill["id"], level, place)
            self.add("indicator", identifier, words, {})
            self.place(identifier, words, *this, place + 1)

    def type_node(self, kind: str) -> Data:
        title, description = TYPES[kind]
        code = str(1 + list(TYPES).index(kind))
        return self.head(new_id("item-types", kind)) | {
            "title": title,
            "description": description,
            "hierarchyCode": code,
        }

    def rubric(self, skill: Data) -> Data:
        """The skill as what is rated: one criterion, and a level of it for each expectation."""
        identifier = new_id(self.ladder, "rubrics", f"{skill['id']} rubric")
        criterion = new_id(self.ladder, "rubrics", f"{skill['id']} criterion")
        return {
            **self.head(identifier),
            "title": one_line(skill["name"]),
            "CFRubricCriteria": [
                {
                    **self.head(criterion),
                    "CFItemURI": link(self.id_of("skills", skill["id"]), skill["name"]),
                    "position": 1,
                    "rubricId": identifier,
                    "CFRubricCriterionLevels": list(self.rubric_levels(skill, criterion)),
                }
            ],
        }

    def rubric_levels(self, skill: Data, criterion: str) -> Iterator[Data]:
        for position, expectation in enumerate(skill["expectations"], 1):
            level = expectation["level"]
            yield {
                **self.head(new_id(self.ladder, "rubrics", skill["id"], f"{level} rubric level")),
                "quality": one_line(self.titles[level]),
                "description": one_line(expectation["statement"]),
                "score": 1 + list(self.titles).index(level),
                "position": position,
                "rubricCriterionId": criterion,
            }
