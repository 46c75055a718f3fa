"""The mapping file: where in nested data the levels, skills and texts of a ladder stand. Pure.

SCHEMA is published as ladders/mapping.schema.json; ladders/README.md tells how to write one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.formats.mapped.paths import Expression, WrongPath, parse_path
from service.formats.rules import Note, sentence
from service.ladders.hints import suggest

HEAD = ("title", "summary", "ladder", "version", "family", "dated", "supersedes")
GROUPS: dict[str, tuple[str, ...]] = {
    "levels": ("each", "id", "title", "summary"),
    "skills": ("each", "id", "name", "summary", "category", "importance"),
    "expectations": (
        "each",
        "skill",
        "level",
        "statement",
        "indicators",
        "counter_indicators",
        "requirement",
    ),
}
LISTS = ("indicators", "counter_indicators", "order")
_TOLD = {
    "levels": "The levels, from the lowest up. Left out, they are those that the expectations name.",
    "skills": "The skills. Left out, they are those that the expectations name.",
    "expectations": "What is expected: below each skill, or, with `skill`, anywhere.",
}


def _schema() -> dict[str, Any]:
    path = {"type": "string", "minLength": 1, "maxLength": 200}
    paths = {"anyOf": [path, {"type": "array", "items": path, "maxItems": 10}]}
    groups = {
        group: {
            "type": "object",
            "description": _TOLD[group],
            "properties": {name: paths if name in LISTS else path for name in names},
            "required": ["each"],
            "additionalProperties": False,
        }
        for group, names in GROUPS.items()
    }
    order = {
        "type": "array",
        "items": {"type": "string"},
        "description": "The levels by id or title, from the lowest up.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "mapping.schema.json",
        "title": "Mapping",
        "description": "Where in a JSON or YAML file the parts of a ladder stand. Values are paths, or words after =.",
        "type": "object",
        "properties": dict.fromkeys(HEAD, path) | groups | {"order": order},
        "required": ["expectations"],
        "additionalProperties": False,
    }


SCHEMA = _schema()


@dataclass(frozen=True)
class Map:
    """The paths by name; `order` are levels by id or title from the lowest up, where the data has them otherwise."""

    head: Mapping[str, Expression] = field(default_factory=dict)
    levels: Mapping[str, list[Expression]] = field(default_factory=dict)
    skills: Mapping[str, list[Expression]] = field(default_factory=dict)
    expectations: Mapping[str, list[Expression]] = field(default_factory=dict)
    order: tuple[str, ...] = ()


def from_data(data: Any) -> tuple[Map, list[Note]]:
    """The mapping somebody wrote, and what is wrong with it, each at its place in it."""
    reading = _Reading()
    return reading.read(data), reading.wrong


class _Reading:
    def __init__(self) -> None:
        self.wrong: list[Note] = []

    def read(self, data: Any) -> Map:
        if not isinstance(data, dict | Mapping):
            self.say("", "A mapping has named fields: skills, expectations and others.")
            return Map()
        known = [*HEAD, *GROUPS, "order"]
        for name in data:
            if name not in known:
                self.say(
                    str(name), sentence(f"There is no field “{str(name)[:60]}” in a mapping{suggest(str(name), known)}")
                )
        if "expectations" not in data:
            self.say("", "A mapping needs `expectations`: where the texts of the levels stand.")
        head = {
            name: found[0] for name in HEAD if name in data and (found := self.paths(name, data[name], several=False))
        }
        groups = {group: self.group(group, data[group]) for group in GROUPS if group in data}
        order = data.get("order", [])
        if not isinstance(order, list | tuple) or not all(isinstance(each, str | int) for each in order):
            self.say("order", "Here stands a list of levels, from the lowest up.")
            order = []
        return Map(
            head,
            levels=groups.get("levels", {}),
            skills=groups.get("skills", {}),
            expectations=groups.get("expectations", {}),
            order=tuple(map(str, order)),
        )

    def group(self, group: str, data: Any) -> dict[str, list[Expression]]:
        if not isinstance(data, dict | Mapping):
            self.say(group, f"Here stand named fields: {', '.join(GROUPS[group])}.")
            return {}
        for name in data:
            if name not in GROUPS[group]:
                self.say(
                    f"{group}.{name}",
                    sentence(f"There is no field “{str(name)[:60]}” here{suggest(str(name), GROUPS[group])}"),
                )
        if "each" not in data:
            self.say(group, "The field `each` is missing: the path to every entry, such as skills.*.")
        return {
            name: self.paths(f"{group}.{name}", data[name], several=name in LISTS)
            for name in GROUPS[group]
            if name in data
        }

    def paths(self, place: str, value: Any, *, several: bool) -> list[Expression]:
        sources = value if several and isinstance(value, list | tuple) else [value]
        found = []
        for source in sources[:10]:
            try:
                if not isinstance(source, str):
                    raise WrongPath("Here stands a path, such as tracks.*.name, or words after =.")
                found.append(parse_path(source))
            except WrongPath as wrong:
                self.say(place, str(wrong))
        return found

    def say(self, place: str, words: str) -> None:
        self.wrong.append(Note(f"mapping {place}".strip(), words))
