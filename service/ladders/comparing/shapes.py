"""What a ladder version is made of, for whoever walks all of it: what is a title, what are words, what points at what. Pure.

A field that is named here in no other way is a plain one; so a new field is compared before anybody thinks of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from service.ladders import rules


@dataclass(frozen=True)
class Shape:
    """Of one kind of thing: the `key` that tells it from its neighbours, the field that is its `title`, those that hold `words`,
    say where it is sorted (`sorts`), what it weighs (`weighs`), belong to the version only (`about`); those that point at
    "levels" or "skills" (`refers`), those that hold other things (`holds`), and those that follow from elsewhere (`implied`).
    `lends` says that what it holds may inherit its source."""

    part: str
    key: str = "id"
    title: str = "title"
    words: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    weighs: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    refers: Mapping[str, str] = field(default_factory=dict)
    holds: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()
    lends: bool = False


SHAPES: dict[type, Shape] = {
    rules.Ladder: Shape(
        "ladder", words=("summary",), weighs=("should_share",), about=("id", "version", "dated", "supersedes", "carried"),
        holds=("documents", "levels", "categories", "skills"),
    ),
    rules.Document: Shape("document", key=""),
    rules.Level: Shape("level", words=("summary",), about=("was",), refers={"id": "levels"}),
    rules.Category: Shape("category"),
    rules.Skill: Shape(
        "skill", title="name", words=("summary",), sorts=("category",), weighs=("importance",), about=("was",),
        refers={"id": "skills"}, holds=("expectations",),
    ),
    rules.Expectation: Shape(
        "expectation", key="level", title="", words=("statement", "indicators", "counter_indicators"),
        sorts=("level", "requirement"), refers={"level": "levels"},
    ),
    rules.Blueprint: Shape(
        "blueprint", key="", implied=("ladder", "version"),
        holds=("documents", "sections", "goals", "kpis", "scorecard", "skills", "promotion", "starting_points"),
    ),
    rules.Section: Shape("section", holds=("groups",), lends=True),
    rules.Group: Shape("group", holds=("items",)),
    rules.Item: Shape("item", words=("text",)),
    rules.Goals: Shape("goals", key="horizon", holds=("goals", "evidence"), lends=True),
    rules.Kpis: Shape("KPIs", key="", title="", holds=("items", "notes"), lends=True),
    rules.Kpi: Shape("KPI", title="name", words=("measures", "why", "target")),
    rules.Scorecard: Shape("scorecard", key="", title="", holds=("dimensions",), lends=True),
    rules.Dimension: Shape("dimension", words=("bar",), weighs=("weight",)),
    rules.SkillGroup: Shape("list of skills", refers={"skills": "skills"}),
    rules.Promotion: Shape(
        "promotion", key="to_level", title="", refers={"from_level": "levels", "to_level": "levels"}, holds=("criteria",),
        lends=True,
    ),
    rules.Criterion: Shape("criterion", words=("text",), refers={"skill": "skills"}),
    rules.Areas: Shape("starting points", key="", title="", holds=("areas", "notes"), lends=True),
    rules.Area: Shape(
        "area", refers={"skills": "skills"}, holds=("measures", "starts", "projects", "targets"), lends=True
    ),
    rules.Target: Shape("target", title="name", words=("measures", "target")),
}  # fmt: skip
ITEMS = {
    "goals": "goal", "evidence": "evidence", "measures": "measure", "starts": "starting point", "projects": "project",
    "notes": "note",
}  # fmt: skip
"""What an item is called by the list that it stands in."""
SINGLE = ("kpis", "scorecard", "starting_points")
"""Fields that hold one thing or none."""


def part_of(thing: Any, where: str = "") -> str:
    """The word for a thing; `where` is the list that it stands in."""
    return ITEMS.get(where, "item") if isinstance(thing, rules.Item) else SHAPES[type(thing)].part


def own_fields(thing: Any) -> dict[str, Any]:
    """The fields of a thing that say something about itself, in their order."""
    shape = SHAPES[type(thing)]
    return {it.name: getattr(thing, it.name) for it in fields(thing) if it.name not in (*shape.holds, *shape.implied)}


def held(thing: Any, name: str) -> dict[str, Any]:
    """What a thing holds under a name, by its key; the key of a single one is that name."""
    value = getattr(thing, name)
    if name in SINGLE:
        return {name: value} if value is not None else {}
    return value if isinstance(value, dict) else {getattr(it, SHAPES[type(it)].key): it for it in value}


def holding(name: str, things: dict[str, Any]) -> Any:
    """The value of a field that holds these things: the way back from `held`."""
    if name in SINGLE:
        return things.get(name)
    return things if name == "documents" else tuple(things.values())
