"""Org units as paths in a file, and how they move. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.errors import Problem
from service.people.files import at, plain
from service.people.trees import around, find_circles


@dataclass(frozen=True, slots=True)
class UnitChange:
    """An org unit that is new, or moves; `old` is None for a new one, "" where nothing was above it."""

    name: str
    old: str | None
    new: str


def split_path(text: str) -> tuple[str, ...]:
    """“Company / Product” as its names from the top; a slash without spaces around it belongs to a name."""
    parts = re.split(r"(?<=\s)/(?=\s)", text)  # looks, and never goes back: the text may be long
    return tuple(part.strip() for part in parts if part.strip())


def unit_changes(
    paths: Mapping[int, tuple[str, ...]], units: Mapping[str, tuple[str, str]]
) -> tuple[tuple[UnitChange, ...], list[Problem]]:
    """New and moved org units. The first name of a path says nothing about what stands above it, so that a file which
    names units without a path moves none."""
    names = {unit: name for unit, (name, _) in units.items()}
    stated: dict[str, str] = {}
    problems = []
    for number, path in paths.items():
        for place, name in enumerate(path):
            names.setdefault(plain(name), name)
            if place and stated.setdefault(plain(name), plain(path[place - 1])) != plain(path[place - 1]):
                words = f"“{name}” stands under “{names[stated[plain(name)]]}” in a row above; each unit has one place."
                problems.append(at(number, "unit", words))
    before = {unit: above for unit, (_, above) in units.items()}
    after = {unit: stated.get(unit, before.get(unit, "")) for unit in names}
    circles = find_circles(after)
    for number, path in paths.items():
        circle = next((circles[plain(name)][0] for name in path if plain(name) in circles), None)
        if circle:
            words = around(circle, 0, names.__getitem__)
            problems.append(at(number, "unit", f"These units would stand above each other in a circle: {words}."))
    changes = [
        UnitChange(names[unit], names.get(before[unit], "") if unit in before else None, names.get(above, ""))
        for unit, above in after.items()
        if before.get(unit) != above
    ]
    return tuple(changes), problems
