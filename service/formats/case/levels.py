"""Where a foreign package says how far one is: five ways of finding levels and what is expected at each. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from service.formats.case.package import Item, Package, text_of
from service.formats.rules import Path
from service.formats.texts import Data

_GRADES = ("IT", "PR", "PK", "TK", "KG", "K")
_LEVELLED = re.compile(r"level|proficien|milestone|expectation|descriptor|stage|grade", re.IGNORECASE)


@dataclass(frozen=True)
class Rung:
    """A level as it is named at `paths`; `item` where it is an item of its own."""

    key: str
    title: str
    paths: tuple[Path, ...] = ()
    item: Item | None = None


@dataclass(frozen=True)
class Step:
    """What is expected of a skill at a level: the first of the fields `names` of `node`; `seen` are items below it."""

    skill: Item
    level: str
    node: Data
    path: Path
    names: tuple[str, ...]
    item: str = ""
    seen: tuple[Item, ...] = ()


@dataclass
class Rungs:
    """Levels from the lowest up, and the steps in the order of the package. `items` are levels, not skills or categories."""

    levels: list[Rung] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    items: set[str] = field(default_factory=set)
    told: str = ""


def by_skill_levels(package: Package) -> Rungs:
    """Items that others name as their level by hasSkillLevel, in the order in which one precedes the other."""
    levels = {link.origin: link.destination for link in package.links if link.kind == "hasSkillLevel"}
    levels = {item: level for item, level in levels.items() if item in package.items and level in package.items}
    found = Rungs(items=set(levels.values()))
    order = [item for item in package.in_tree_order() if item.id in found.items]
    after = {link.destination: link.origin for link in package.links if link.kind == "precedes"}
    for item in sorted(order, key=lambda each: _steps_to(each.id, after, found.items)):
        name, title = item.text("abbreviatedStatement", "alternativeLabel", "fullStatement")
        found.levels.append(Rung(item.id, title or item.id, ((*item.path, name),) if name else (), item))
    for item in package.in_tree_order():
        if item.id in levels:
            above = package.items.get(package.parent.get(item.id, ""))
            skill = above if above is not None and above.id not in found.items else item
            seen = tuple(child for child in package.below(item.id) if child.id not in levels)
            found.steps.append(Step(skill, levels[item.id], item.node, item.path, ("fullStatement",), item.id, seen))
    return found


def by_rubrics(package: Package) -> Rungs:
    """Criteria of rubrics with their levels, ordered by score, else by position."""
    found = Rungs()
    rows: list[list[str]] = []
    paths: dict[str, list[Path]] = {}
    for at, rubric in package.nodes("CFRubrics"):
        for inner, criterion in package.nodes(*at, "CFRubricCriteria", holder=rubric):
            link = criterion.get("CFItemURI")
            linked = str(link.get("identifier", "")).lower() if isinstance(link, dict) else ""
            own_id = str(criterion.get("identifier") or f"criterion {len(rows) + 1}").lower()
            skill = package.items.get(linked) or Item(own_id, criterion, inner)
            levels = list(package.nodes(*inner, "CFRubricCriterionLevels", holder=criterion))
            row: list[str] = []
            for deep, level in _by_weight(levels):
                name, title = text_of(level, "quality")
                title = title or f"Level {level.get('score', level.get('position', len(row) + 1))}"
                row.append(title)
                paths.setdefault(title, []).extend([(*deep, name)] if name else [])
                found.steps.append(Step(skill, title, level, deep, ("description", "feedback")))
            rows.append(row)
    found.levels = [Rung(title, title, tuple(paths[title])) for title in _merged(rows)]
    return found


def by_items(package: Package) -> Rungs:
    """Items with nothing below them whose names repeat under several others: Beginner, Advanced, …"""
    rows: dict[str, list[tuple[str, str, Item]]] = {}
    for item in package.in_tree_order():
        name, label = item.text("abbreviatedStatement", "alternativeLabel")
        if label and not package.children.get(item.id) and package.parent.get(item.id) in package.items:
            rows.setdefault(package.parent[item.id], []).append((name, label, item))
    counts = Counter(label for row in rows.values() for label in {label for _, label, _ in row})
    typed = {
        label
        for row in rows.values()
        for _, label, item in row
        if _LEVELLED.search(str(item.node.get("CFItemType", "")))
    }
    repeated = {label for label, count in counts.items() if count > 1 or label in typed}
    kept = {parent: [entry for entry in row if entry[1] in repeated] for parent, row in rows.items()}
    if len(repeated) < 2 or not any(len(row) > 1 for row in kept.values()):
        return Rungs()
    found, paths = Rungs(), dict[str, list[Path]]()
    for parent, row in kept.items():
        for name, label, item in row:
            paths.setdefault(label, []).append((*item.path, name))
            found.steps.append(Step(package.items[parent], label, item.node, item.path, ("fullStatement",), item.id))
    order = _merged([label for _, label, _ in row] for row in kept.values())
    found.levels = [Rung(label, label, tuple(paths[label])) for label in order]
    return found


def by_education(package: Package) -> Rungs:
    """Items with nothing below them by the lowest of their education levels; what they stand in is the skill."""
    told: dict[str, list[str]] = {}
    for item in package.in_tree_order():
        levels = item.node.get("educationLevel")
        levels = [levels] if isinstance(levels, str) else levels
        if isinstance(levels, list) and not package.children.get(item.id):
            told[item.id] = [text for level in levels if isinstance(level, str) and (text := level.strip())]
    known = dict.fromkeys(level for levels in told.values() for level in levels)
    if len(known) < 2:
        return Rungs()
    grades = {level: _grade(level) for level in known}
    order = sorted(known, key=lambda level: grades[level] or (9, 0)) if all(grades.values()) else list(known)
    found = Rungs(told="The education levels of the items stand as levels; an item with several stands at the lowest.")
    begun = set()
    for identifier, levels in told.items():
        if levels:
            item = package.items[identifier]
            lowest = min(levels, key=order.index)
            begun.add(lowest)
            skill = package.items.get(package.parent.get(identifier, ""), item)
            found.steps.append(Step(skill, lowest, item.node, item.path, ("fullStatement",), identifier))
    found.levels = [Rung(level, level) for level in order if level in begun]
    return found


def by_nothing(package: Package) -> Rungs:
    """No levels at all: every item with nothing below it is a skill, expected on the one level there is."""
    leaves = [item for item in package.in_tree_order() if not package.children.get(item.id)]
    steps = [Step(item, "expected", item.node, item.path, ("fullStatement",), item.id) for item in leaves]
    told = "The package names no levels, so there is one, “Expected”, on which every item with nothing below it is a skill."
    return Rungs([Rung("expected", "Expected")], steps, told=told)


WAYS: dict[str, Callable[[Package], Rungs]] = {
    "hasSkillLevel": by_skill_levels,
    "rubrics": by_rubrics,
    "items": by_items,
    "educationLevel": by_education,
    "none": by_nothing,
}
"""By the name that a mapping uses, in the order in which they are tried."""


def _steps_to(item: str, after: dict[str, str], among: set[str]) -> int:
    """How many come before an item; a circle ends where it closes."""
    seen = {item}
    while (item := after.get(item, "")) in among and item not in seen:
        seen.add(item)
    return len(seen)


def _by_weight(levels: list[tuple[Path, Data]]) -> list[tuple[Path, Data]]:
    for name in ("score", "position"):
        weights = [level.get(name) for _, level in levels]
        if all(isinstance(weight, int | float) and not isinstance(weight, bool) for weight in weights):
            return sorted(levels, key=lambda pair: pair[1][name])
    return levels


def _merged(rows: Iterable[list[str]]) -> list[str]:
    """One order out of several: by the mean place of each name in its rows, the first to come first among equals."""
    places: dict[str, list[float]] = {}
    for row in rows:
        for place, name in enumerate(row):
            places.setdefault(name, []).append(place / max(len(row) - 1, 1))
    return sorted(places, key=lambda name: sum(places[name]) / len(places[name]))


def _grade(level: str) -> tuple[int, int] | None:
    """School grades and plain numbers in their order."""
    if level.upper() in _GRADES:
        return 0, _GRADES.index(level.upper())
    return (1, int(level)) if level.isascii() and level.isdigit() and len(level) < 6 else None
