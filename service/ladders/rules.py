"""Ladders as plain data, and what is expected at a level. Pure; nothing here knows files or tables."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from service.errors import Conflict, NotFound


class Requirement(StrEnum):
    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Importance(StrEnum):
    CRITICAL = "critical"
    IMPORTANT = "important"
    OPTIONAL = "optional"


class Status(StrEnum):
    """The life of a ladder version (PRODUCT.md, "Words")."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


HOUSE = "house"
"""The document id of what the sources leave open and the house added, with its reason."""


@dataclass(frozen=True)
class Source:
    """Where a statement comes from: a document and its section, or `house` with a reason."""

    document: str
    section: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Document:
    title: str
    dated: str | None = None


@dataclass(frozen=True)
class Level:
    """`was` is its id in the version that this one supersedes, where that is another."""

    id: str
    title: str
    summary: str
    source: Source
    was: str | None = None


@dataclass(frozen=True)
class Category:
    id: str
    title: str


@dataclass(frozen=True)
class Expectation:
    """What is expected of a skill from `level` on."""

    level: str
    requirement: Requirement
    statement: str
    indicators: tuple[str, ...]
    counter_indicators: tuple[str, ...]
    source: Source


@dataclass(frozen=True)
class Skill:
    """`expectations` stand in the order of the levels. `was` is its id in the superseded version, where that is another."""

    id: str
    name: str
    category: str
    importance: Importance
    summary: str
    source: Source
    expectations: tuple[Expectation, ...]
    was: str | None = None


@dataclass(frozen=True)
class Ladder:
    """One version of one ladder. `should_share` is the share of should-expectations that a level needs, 0…1. `carried` is
    what a format that it was brought in with says beyond a ladder, by that format's name, for the way back."""

    id: str
    version: str
    title: str
    family: str
    dated: str
    summary: str
    should_share: float
    documents: dict[str, Document]
    levels: tuple[Level, ...]
    categories: tuple[Category, ...]
    skills: tuple[Skill, ...]
    supersedes: str | None = None
    carried: dict[str, Any] | None = None

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.id, self.version, self.levels, self.skills))

    @cached_property
    def rank(self) -> dict[str, int]:
        """Level id → its place, 0 for the lowest rung."""
        return {level.id: place for place, level in enumerate(self.levels)}

    @cached_property
    def skills_by_id(self) -> dict[str, Skill]:
        return {skill.id: skill for skill in self.skills}

    def level(self, level_id: str) -> Level:
        """Raises NotFound for an id that is not a level of this version."""
        if level_id not in self.rank:
            raise NotFound(f"{self.title} {self.version} has no level {level_id!r}.")
        return self.levels[self.rank[level_id]]

    def next_level(self, level_id: str) -> Level | None:
        """The rung above, or None at the top."""
        place = self.rank[self.level(level_id).id] + 1
        return self.levels[place] if place < len(self.levels) else None

    def expected_at(self, skill: Skill, level_id: str) -> Expectation | None:
        """The expectation at a level: the one defined at the highest level ≤ it, or None (PRODUCT.md)."""
        place = self.places[skill.id][level_id]
        return skill.expectations[place] if place >= 0 else None

    def skills_expected_at(self, level_id: str) -> tuple[Skill, ...]:
        """The skills with an expectation at a level, in the order of the file."""
        return tuple(skill for skill, _ in self.expected[level_id])

    @cached_property
    def share(self) -> Fraction:
        """`should_share` as written: 0.7 is seven tenths, not the float next to it."""
        return Fraction(str(self.should_share))

    @cached_property
    def places(self) -> dict[str, dict[str, int]]:
        """Skill id → level id → the place among the skill's expectations of the one there, -1 before the first."""
        places: dict[str, dict[str, int]] = {}
        for skill in self.skills:
            ranks = [self.rank[expectation.level] for expectation in skill.expectations]
            places[skill.id] = {level: sum(begun <= rank for begun in ranks) - 1 for level, rank in self.rank.items()}
        return places

    @cached_property
    def expected(self) -> dict[str, tuple[tuple[Skill, int], ...]]:
        """Level id → the skills expected there, in the order of the file, each with the place of its expectation."""
        places = self.places
        return {
            level: tuple((skill, places[skill.id][level]) for skill in self.skills if places[skill.id][level] >= 0)
            for level in self.rank
        }


class Horizon(StrEnum):
    """By when a goal of the blueprint is reached, counted from the start in the role."""

    DAYS_30 = "30-days"
    DAYS_60 = "60-days"
    DAYS_90 = "90-days"
    MONTHS_6 = "6-months"
    MONTHS_12 = "12-months"
    LONG_TERM = "long-term"


@dataclass(frozen=True)
class Item:
    """One statement of a blueprint. `source` is its own or the one of the list it stands in."""

    id: str
    text: str
    source: Source
    title: str | None = None
    tag: str | None = None


@dataclass(frozen=True)
class Group:
    id: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Section:
    id: str
    number: int
    title: str
    source: Source
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Goals:
    """What to reach by a horizon, and the evidence that shows it."""

    horizon: Horizon
    title: str
    source: Source
    goals: tuple[Item, ...]
    evidence: tuple[Item, ...]


@dataclass(frozen=True)
class Kpi:
    id: str
    name: str
    type: str
    measures: str
    why: str
    target: str
    frequency: str
    source: Source


@dataclass(frozen=True)
class Kpis:
    source: Source
    items: tuple[Kpi, ...]
    notes: tuple[Item, ...]


@dataclass(frozen=True)
class Dimension:
    """One line of the scorecard; `weight` in whole per cent."""

    id: str
    title: str
    bar: str
    weight: int
    source: Source


@dataclass(frozen=True)
class Scorecard:
    """The weights of the dimensions add up to 100."""

    source: Source
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True)
class SkillGroup:
    """Skills of the ladder, by id, as the source sorts them."""

    id: str
    title: str
    source: Source
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    """A criterion of promotion; the expectation of `skill` at the level above says it in full."""

    id: str
    title: str
    text: str
    skill: str
    source: Source


@dataclass(frozen=True)
class Promotion:
    from_level: str
    to_level: str
    source: Source
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Target:
    """A figure to count an area by; `target` where its source names one."""

    id: str
    name: str
    measures: str
    source: Source
    target: str | None = None


@dataclass(frozen=True)
class Area:
    """An area of responsibility: the measures of its success, objectives to start from, projects that support them and
    figures to count by. `skills` of the ladder are those whose gaps it fits."""

    id: str
    title: str
    source: Source
    skills: tuple[str, ...]
    measures: tuple[Item, ...]
    starts: tuple[Item, ...]
    projects: tuple[Item, ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Areas:
    source: Source
    areas: tuple[Area, ...]
    notes: tuple[Item, ...]


@dataclass(frozen=True)
class Blueprint:
    """The description of a role around its ladder of the same name and version."""

    ladder: str
    version: str
    title: str
    documents: dict[str, Document]
    sections: tuple[Section, ...]
    goals: tuple[Goals, ...]
    skills: tuple[SkillGroup, ...]
    promotion: tuple[Promotion, ...]
    kpis: Kpis | None = None
    scorecard: Scorecard | None = None
    starting_points: Areas | None = None

    def goals_by(self, horizon: Horizon) -> Goals | None:
        """What the role reaches by a horizon, where the blueprint says so."""
        return next((goals for goals in self.goals if goals.horizon is horizon), None)


Version = tuple[Ladder, Blueprint | None]
"""The whole content of a ladder version."""


def retire(status: Status) -> Status:
    """Only what is published can be retired; it stays readable.

    Raises: Conflict.
    """
    if status is not Status.PUBLISHED:
        raise Conflict(f"Only a published version can be retired; this one is {status}.")
    return Status.RETIRED


def version_order(name: str) -> list[tuple[int, int, str]]:
    """The sort key of a version's name, with its figures read as numbers.

    >>> sorted(["2026.10", "2025.1", "2026.9"], key=version_order)
    ['2025.1', '2026.9', '2026.10']
    """
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"[0-9]+|[^0-9]+", name)]


def duplicates(ids: Iterable[str]) -> list[int]:
    """The places of ids that stood before."""
    seen: set[str] = set()
    return [place for place, item in enumerate(ids) if item in seen or seen.add(item)]  # type: ignore[func-returns-value]
