"""A ladder as a reader looks at it: some levels side by side, some of its expectations, one skill over all ladders. Pure."""

from collections import Counter
from dataclasses import dataclass, fields, replace
from typing import Literal

from service.ladders.rules import HOUSE, Category, Expectation, Importance, Ladder, Level, Requirement, Skill

Origin = Literal["", "house", "documents"]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader asks for; empty means everything. Each word of `q` stands in the skill or in the expectation."""

    requirement: Requirement | None = None
    category: str = ""
    source: Origin = ""
    q: str = ""

    @property
    def used(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields(self) if getattr(self, field.name))

    def without(self, name: str) -> "Filter":
        return replace(self, **{name: getattr(Filter(), name)})

    def fits(self, skill: Skill, expectation: Expectation) -> bool:
        origin = "house" if expectation.source.document == HOUSE else "documents"
        texts = [skill.name, skill.summary, expectation.statement, *expectation.indicators]
        texts += expectation.counter_indicators
        text = " ".join(texts).casefold()
        return (
            self.requirement in (None, expectation.requirement)
            and self.category in ("", skill.category)
            and self.source in ("", origin)
            and all(word in text for word in self.q.casefold().split())
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """What is expected of a skill at `level`: it begins at `since`, and `deeper` is what the skill asks for at `deeper_at`,
    its next rung (None at its last). `fits` is false where the filter does not ask for it."""

    level: Level
    since: Level
    expectation: Expectation
    deeper_at: Level | None
    deeper: Expectation | None
    fits: bool = True

    @property
    def begins(self) -> bool:
        return self.since == self.level


Cells = tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One cell a level shown; None where nothing is expected."""

    skill: Skill
    cells: Cells


@dataclass(frozen=True, slots=True)
class CategoryRows:
    category: Category
    rows: tuple[SkillRow, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """A level with a number of expectations of each requirement."""

    level: Level
    must: int
    should: int
    may: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Skills down, levels across. A column counts what holds at its level and fits; `skills` are shown out of `of`."""

    columns: tuple[Rung, ...]
    groups: tuple[CategoryRows, ...]
    skills: int
    of: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A ladder as one reader asked for it. `chosen` is the levels as `levels_shown` takes them, `choices` what else there is;
    `widenings` say what would show more where nothing fits."""

    own: Level | None
    next: Level | None
    levels: tuple[Level, ...]
    titles: str
    chosen: str
    choices: list[tuple[str, str]]
    matrix: Matrix
    widenings: list[tuple[str, int]]


def show(ladder: Ladder, asked: str, wanted: Filter, place: tuple[str | None, str | None]) -> Shown:
    """`asked` is as `levels_shown` takes it, `place` the reader's ladder and level by id.

    Raises: NotFound for a level that the ladder does not have.
    """
    own = own_level(ladder, place)
    levels = levels_shown(ladder, asked, own)
    found = matrix(ladder, levels, wanted)
    return Shown(
        own=own,
        next=ladder.next_level(own.id) if own else None,
        levels=levels,
        titles=titles(levels),
        chosen=levels_key(ladder, levels),
        choices=level_choices(ladder, levels, own),
        matrix=found,
        widenings=[] if found.skills else widenings(ladder, levels, wanted),
    )


def own_level(ladder: Ladder, place: tuple[str | None, str | None]) -> Level | None:
    """The level of somebody whose `place` is (ladder id, level id), if this version has it."""
    return ladder.level(place[1]) if place[0] == ladder.id and place[1] in ladder.rank else None


def levels_shown(ladder: Ladder, asked: str = "", own: Level | None = None) -> tuple[Level, ...]:
    """ "all", or levels by id with commas between; one alone stands beside the next. By default `own` and the next, for
    somebody who stands elsewhere the lowest two. The highest stands beside the one below.

    Raises: NotFound for a level that the ladder does not have.
    """
    if asked == ALL:
        return ladder.levels
    ids = {ladder.level(level).id for level in asked.split(",") if level}
    if len(ids) > 1:
        return tuple(level for level in ladder.levels if level.id in ids)
    first = ids.pop() if ids else own.id if own else ladder.levels[0].id
    place = max(0, min(ladder.rank[first], len(ladder.levels) - 2))
    return ladder.levels[place : place + 2]


def level_choices(ladder: Ladder, shown: tuple[Level, ...], own: Level | None) -> list[tuple[str, str]]:
    """Each level with the next, all, and what is shown now: (as `levels_shown` takes it, in words)."""
    pairs = [ladder.levels[place : place + 2] for place in range(len(ladder.levels) - 1)]
    choices = {levels_key(ladder, pair): titles(pair) + (", yours" if pair[0] == own else "") for pair in pairs}
    choices[ALL] = "All levels"
    choices.setdefault(levels_key(ladder, shown), titles(shown))
    return list(choices.items())


def levels_key(ladder: Ladder, levels: tuple[Level, ...]) -> str:
    return ALL if levels == ladder.levels else ",".join(level.id for level in levels)


def titles(levels: tuple[Level, ...]) -> str:
    return " and ".join([", ".join(level.title for level in levels[:-1]), levels[-1].title][len(levels) == 1 :])


def matrix(ladder: Ladder, levels: tuple[Level, ...], wanted: Filter) -> Matrix:
    """The skills with something that fits at these levels, by category, in the order of the file."""
    rows = [SkillRow(skill, tuple(_cell(ladder, skill, level, wanted) for level in levels)) for skill in ladder.skills]
    kept = [row for row in rows if any(cell and cell.fits for cell in row.cells)]
    groups = (
        CategoryRows(category, tuple(row for row in kept if row.skill.category == category.id))
        for category in ladder.categories
    )
    return Matrix(
        columns=tuple(_rung(level, [row.cells[place] for row in kept]) for place, level in enumerate(levels)),
        groups=tuple(group for group in groups if group.rows),
        skills=len(kept),
        of=sum(any(row.cells) for row in rows),
    )


def widenings(ladder: Ladder, levels: tuple[Level, ...], wanted: Filter) -> list[tuple[str, int]]:
    """How many skills there would be without each filter in use and, as "levels", at all levels; those with none left out."""
    found = [(name, matrix(ladder, levels, wanted.without(name)).skills) for name in wanted.used]
    if levels != ladder.levels:
        found.append(("levels", matrix(ladder, ladder.levels, wanted).skills))
    return [(name, count) for name, count in found if count]


def rungs(ladder: Ladder) -> list[Rung]:
    """The levels from the highest to the lowest, with what holds at each."""
    return list(matrix(ladder, ladder.levels, Filter()).columns[::-1])


@dataclass(frozen=True, slots=True)
class SkillOnLadder:
    """A skill as one ladder version defines it."""

    ladder: str
    version: str
    title: str
    importance: Importance
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class SkillAcross:
    """One skill over the roles that have it; `levels` counts those where something begins, `optional` is not must-have."""

    id: str
    name: str
    summary: str
    roles: int
    levels: int
    must: int
    should: int
    may: int
    optional: int
    ladders: tuple[SkillOnLadder, ...]


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One cell a ladder; None where it has no such level or expects nothing there."""

    level: Level
    cells: Cells


def across(skill_id: str, ladders: list[Ladder]) -> SkillAcross:
    """A skill over ladders that all define it; name and summary are the first one's."""
    skills = [ladder.skills_by_id[skill_id] for ladder in ladders]
    begun = [expectation for skill in skills for expectation in skill.expectations]
    counts = Counter(each.requirement for each in begun)
    return SkillAcross(
        skill_id,
        skills[0].name,
        skills[0].summary,
        roles=len(ladders),
        levels=len({each.level for each in begun}),
        must=counts[Requirement.MUST],
        should=counts[Requirement.SHOULD],
        may=counts[Requirement.MAY],
        optional=len(begun) - counts[Requirement.MUST],
        ladders=tuple(
            SkillOnLadder(ladder.id, ladder.version, ladder.title, skill.importance, skill.expectations)
            for ladder, skill in zip(ladders, skills, strict=True)
        ),
    )


def by_level(skill_id: str, ladders: list[Ladder]) -> list[LevelRow]:
    """The same skill level by level, lowest first, a cell for each ladder. Levels of the same id share a row."""
    levels = {level.id: level for ladder in ladders[::-1] for level in ladder.levels}
    order = sorted(levels, key=lambda id_: max(ladder.rank.get(id_, 0) for ladder in ladders))
    rows = []
    for id_ in order:
        cells = [
            _cell(ladder, ladder.skills_by_id[skill_id], ladder.level(id_)) if id_ in ladder.rank else None
            for ladder in ladders
        ]
        rows.append(LevelRow(levels[id_], tuple(cells)))
    return rows


def _cell(ladder: Ladder, skill: Skill, level: Level, wanted: Filter | None = None) -> Cell | None:
    place = ladder.places[skill.id][level.id]
    if place < 0:
        return None
    expectation, deeper = skill.expectations[place], (*skill.expectations, None)[place + 1]
    return Cell(
        level=level,
        since=ladder.level(expectation.level),
        expectation=expectation,
        deeper_at=ladder.level(deeper.level) if deeper else None,
        deeper=deeper,
        fits=wanted is None or wanted.fits(skill, expectation),
    )


def _rung(level: Level, cells: list[Cell | None]) -> Rung:
    counts = Counter(cell.expectation.requirement for cell in cells if cell and cell.fits)
    return Rung(level, *(counts[requirement] for requirement in Requirement))
