"""What the text of a draft says, read once for one text: the ladder or its problems, and the plain data that forms change."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import yaml

from service.ladders.files import LADDER_FILE, read_texts
from service.ladders.rules import Blueprint, Ladder
from service.ladders.yamltext import FileProblem, Path, parse

Data = dict[str, Any]


class Part(StrEnum):
    """A list of ladder.yaml whose entries have a form each."""

    LEVELS = "levels"
    CATEGORIES = "categories"
    SKILLS = "skills"
    DOCUMENTS = "documents"


SOURCE = ("source/document", "source/section", "source/reason")
HEAD = ("title", "ladder", "version", "family", "dated", "supersedes", "summary", "gates/should_share")
FIELDS = {
    Part.LEVELS: ("title", "summary", *SOURCE, "id", "was"),
    Part.CATEGORIES: ("title", "id"),
    Part.SKILLS: ("name", "category", "importance", "summary", *SOURCE, "id", "was"),
    Part.DOCUMENTS: ("title", "dated", "id"),
}
EXPECTATION = ("requirement", "statement", "indicators", "counter_indicators", *SOURCE)
LISTS = ("indicators", "counter_indicators")
"""Fields by their place in the file; those of an expectation stand in a form as `LEVEL/statement`."""

AT = "at/"
"""What the names of an expectation's fields begin with: `at/senior/statement`."""


@dataclass(frozen=True)
class Contents:
    """`ladder` where the files by themselves have no problems. `data` is what ladder.yaml holds, never to be written into; None
    where it cannot be read as YAML with certainty, so that a form could lose something. `remarks`: the text has comments of its
    own."""

    ladder: Ladder | None
    blueprint: Blueprint | None
    problems: tuple[FileProblem, ...]
    data: Data | None
    remarks: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One level, category, skill or document. `at` is its place in the file; `key` its id, "" where it has none; `fits` says
    that a form can show all of it."""

    key: str
    title: str
    at: Path
    value: Data
    fits: bool

    def text(self, name: str) -> str:
        """A field as a form shows it."""
        return words(said(self.value, name))


@lru_cache(maxsize=32)
def read_contents(ladder_yaml: str, blueprint_yaml: str | None) -> Contents:
    """Never raises."""
    blueprint = blueprint_yaml.encode("utf-8", "replace") if blueprint_yaml is not None else None
    text = ladder_yaml.encode("utf-8", "replace")
    reading, parsed = read_texts(text, blueprint), parse(LADDER_FILE, text)
    certain = parsed.usable and not parsed.problems and isinstance(parsed.data, dict)
    data = parsed.data if certain else None
    return Contents(reading.ladder, reading.blueprint, reading.problems, data, certain and has_remarks(ladder_yaml))


def has_remarks(text: str) -> bool:
    """Whether YAML that can be read holds comments: they stand between its values."""
    before = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        start, end = event.start_mark, event.end_mark
        if start is not None and end is not None:
            if "#" in text[before : start.index]:
                return True
            before = max(before, end.index)
    return "#" in text[before:]


def said(value: Any, name: str) -> Any:
    """What stands in `value` at a name such as `source/document`; None where nothing does."""
    for step in name.split("/"):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def words(value: Any) -> str:
    """A value as a form shows it: text as it is, a list one entry a line."""
    if isinstance(value, list):
        return "\n".join(" ".join(words(each).split("\n")) for each in value)
    return "" if value is None else str(value)


def entries(data: Data | None, part: Part) -> list[Entry]:
    """The entries of a part in the order of the file; what has no fields at all is passed over."""
    found = data.get(part.value) if data else None
    if isinstance(found, dict) and part is Part.DOCUMENTS:
        pairs: list[tuple[str | int, Any]] = [(key, {"id": key, **_fields(value)}) for key, value in found.items()]
    else:
        pairs = list(enumerate(found)) if isinstance(found, list) else []
    return [_entry(part, at, value) for at, value in pairs if isinstance(value, dict)]


def find(data: Data | None, part: Part, key: str) -> Entry | None:
    """The first entry of this id, or None."""
    return next((entry for entry in entries(data, part) if entry.key == key), None)


def expectations(skill: Data) -> dict[str, Data]:
    """Level id → the expectation that begins there, of a skill that fits a form."""
    return {str(each["level"]): each for each in skill.get("expectations") or ()}


def levels(data: Data | None) -> dict[str, str]:
    """Level id → title, in their order."""
    return {entry.key: entry.title for entry in entries(data, Part.LEVELS) if entry.key}


def place_in_form(entry: Entry, problem: FileProblem) -> str | None:
    """The field of the entry's form that a problem of ladder.yaml is about, "" for the form as a whole; None for another."""
    if problem.path != LADDER_FILE or problem.at[: len(entry.at)] != entry.at:
        return None
    steps = [str(step) for step in problem.at[len(entry.at) :]]
    if steps[:1] == ["expectations"] and len(steps) > 1 and entry.fits:
        held = entry.value["expectations"][int(steps[1])]
        return AT + "/".join([str(held["level"]), *_field(steps[2:], EXPECTATION)])
    return "/".join(_field(steps, FIELDS.get(Part(str(entry.at[0])), ()) if entry.at else HEAD))


def _field(steps: list[str], names: tuple[str, ...]) -> list[str]:
    """The longest beginning of `steps` that is a field; of what is about a group of fields, the first of them."""
    for length in range(len(steps), 0, -1):
        start = "/".join(steps[:length])
        if name := next((name for name in names if name == start or name.startswith(f"{start}/")), ""):
            return name.split("/")
    return [names[0]] if steps[:1] == ["level"] else []


def _entry(part: Part, at: str | int, value: Data) -> Entry:
    key, title = value.get("id"), value.get("title") or value.get("name")
    key = key if isinstance(key, str) and key and "/" not in key else ""
    return Entry(key, words(title) or key, (part.value, at), value, bool(key) and _fits(value, part))


def _fits(value: Data, part: Part) -> bool:
    if not all(_simple(value, name) for name in FIELDS[part]):
        return False
    held = value.get("expectations") if part is Part.SKILLS else None
    if held is None:
        return True
    if not isinstance(held, list) or not all(isinstance(each, dict) for each in held):
        return False
    at = [each.get("level") for each in held]
    named = all(isinstance(level, str) and level and "/" not in level for level in at) and len(set(at)) == len(at)
    return named and all(_simple(each, name) for each in held for name in EXPECTATION)


def _simple(value: Data, name: str) -> bool:
    """Whether a form shows this without loss: text or nothing, or a list of texts where lists stand."""
    outer, _, inner = name.partition("/")
    if inner and not isinstance(value.get(outer), dict | None):
        return False
    found = said(value, name)
    if isinstance(found, list):
        return name in LISTS and not any(isinstance(each, dict | list) for each in found)
    return not isinstance(found, dict)


def _fields(value: Any) -> Data:
    return value if isinstance(value, dict) else {}


def problems_of(entry: Entry, problems: tuple[FileProblem, ...]) -> Iterator[tuple[str, FileProblem]]:
    """(field, problem) for each problem that the entry's form shows."""
    for problem in problems:
        if (place := place_in_form(entry, problem)) is not None:
            yield place, problem
