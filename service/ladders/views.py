"""A ladder as a reader looks at it: some levels side by side, some of its expectations. Pure."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from service.ladders.rules import HOUSE, Category, Expectation, Ladder, Level, Requirement, Skill

Origin = Literal["", "house", "documents"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is expected of a skill at a level; `since` is the level where it begins."""

    expectation: Expectation
    since: Level
    begins: bool


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One cell a level shown; None where nothing is expected or the filter leaves it out."""

    skill: Skill
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class CategoryRows:
    category: Category
    rows: tuple[SkillRow, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """A level with how many expectations begin on it."""

    level: Level
    must: int
    should: int
    may: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader asked to see; empty means everything."""

    levels: tuple[Level, ...]
    requirement: Requirement | None = None
    category: str = ""
    origin: Origin = ""


def levels_shown(ladder: Ladder, level: str, *, everything: bool) -> tuple[Level, ...]:
    """A level and the next one, all of them, or by default the lowest two.

    Raises: NotFound for a level that the ladder does not have.
    """
    if everything:
        return ladder.levels
    chosen = ladder.level(level or ladder.levels[0].id)
    above = ladder.next_level(chosen.id)
    return (chosen, above) if above else (chosen,)


def table(ladder: Ladder, shown: Shown) -> list[CategoryRows]:
    """The skills that have something to show, by category, in the order of the file."""
    categories = []
    for category in ladder.categories:
        if shown.category in ("", category.id):
            rows = [_row(ladder, skill, shown) for skill in ladder.skills if skill.category == category.id]
            kept = tuple(row for row in rows if any(row.cells))
            if kept:
                categories.append(CategoryRows(category, kept))
    return categories


def rungs(ladder: Ladder) -> list[Rung]:
    """The levels from the highest to the lowest."""
    counts = Counter((found.level, found.requirement) for skill in ladder.skills for found in skill.expectations)
    return [
        Rung(level, *(counts[level.id, requirement] for requirement in Requirement)) for level in ladder.levels[::-1]
    ]


def skill_facts(skill_id: str, ladders: list[Ladder]) -> list[tuple[str, int]]:
    """How widely a skill is expected, over ladders that define it."""
    found = [expectation for ladder in ladders for expectation in ladder.skills_by_id[skill_id].expectations]
    musts = sum(expectation.requirement is Requirement.MUST for expectation in found)
    levels = {expectation.level for expectation in found}
    return [
        ("Roles", len(ladders)),
        ("Levels on which something begins", len(levels)),
        ("Mandatory expectations", musts),
        ("Optional expectations", len(found) - musts),
    ]


def _row(ladder: Ladder, skill: Skill, shown: Shown) -> SkillRow:
    return SkillRow(skill, tuple(_cell(ladder, skill, level, shown) for level in shown.levels))


def _cell(ladder: Ladder, skill: Skill, level: Level, shown: Shown) -> Cell | None:
    expectation = ladder.expected_at(skill, level.id)
    if expectation is None:
        return None
    origin = "house" if expectation.source.document == HOUSE else "documents"
    if shown.requirement not in (None, expectation.requirement) or shown.origin not in ("", origin):
        return None
    return Cell(expectation, ladder.level(expectation.level), expectation.level == level.id)
