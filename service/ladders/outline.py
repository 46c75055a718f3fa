"""A blueprint in the order in which it reads: every list stands in the section of the source that it comes from. Pure."""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from service.ladders.rules import Blueprint, Group, Section, Source

Kind = Literal["goals", "kpis", "scorecard", "skills", "promotion", "areas"]


@dataclass(frozen=True, slots=True)
class Part:
    """Lists of one kind that stand together; `id` is their anchor on the page."""

    id: str
    kind: Kind
    lists: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Groups that follow one another and read alike: as one table where everything in them has a title and a tag."""

    is_table: bool
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    section: Section
    blocks: tuple[Block, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections with the parts that belong to them, and the parts that belong to none."""

    chapters: tuple[Chapter, ...]
    rest: tuple[Part, ...]


def outline(blueprint: Blueprint) -> Outline:
    """Every part once: in the section whose number its source begins with, else after all sections."""
    found: dict[tuple[int | None, Kind], list[Any]] = {}
    for kind, entry in _entries(blueprint):
        found.setdefault((_home(blueprint, entry.source), kind), []).append(entry)
    seen: set[Kind] = set()
    parts: dict[int | None, list[Part]] = {}
    for (number, kind), lists in found.items():
        parts.setdefault(number, []).append(Part(f"{kind}-{number}" if kind in seen else kind, kind, tuple(lists)))
        seen.add(kind)
    chapters = (
        Chapter(section, _blocks(section), tuple(parts.get(section.number, ()))) for section in blueprint.sections
    )
    return Outline(tuple(chapters), tuple(parts.get(None, ())))


def _blocks(section: Section) -> tuple[Block, ...]:
    runs = groupby(section.groups, key=lambda group: all(item.title and item.tag for item in group.items))
    return tuple(Block(is_table, tuple(groups)) for is_table, groups in runs)


def _entries(blueprint: Blueprint) -> list[tuple[Kind, Any]]:
    return [
        *(("goals", goals) for goals in blueprint.goals),
        *(("kpis", kpis) for kpis in (blueprint.kpis,) if kpis),
        *(("scorecard", scorecard) for scorecard in (blueprint.scorecard,) if scorecard),
        *(("skills", group) for group in blueprint.skills),
        *(("promotion", step) for step in blueprint.promotion),
        *(("areas", areas) for areas in (blueprint.starting_points,) if areas),
    ]


def _home(blueprint: Blueprint, source: Source) -> int | None:
    """The number of the section that has the same document and the number that `source.section` begins with."""
    number = re.match(r"\d+", source.section or "")
    for section in blueprint.sections:
        if number and section.number == int(number[0]) and section.source.document == source.document:
            return section.number
    return None
