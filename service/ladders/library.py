"""The skills of all ladders as one library: where each is used, and where ladders word it differently. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.ladders.comparing.runs import Run, likeness, runs
from service.ladders.rules import Category, Ladder, Skill


@dataclass(frozen=True, slots=True)
class Use:
    """A skill in one ladder version; `begins` are the titles of the levels where something of it begins."""

    ladder: str
    version: str
    title: str
    category: Category
    skill: Skill
    begins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wordings:
    """What of a skill ladders say in other words: its name, its summary, and what begins at these levels (by id)."""

    name: bool
    summary: bool
    levels: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.name or self.summary or bool(self.levels)


@dataclass(frozen=True, slots=True)
class SharedSkill:
    """A skill over the ladders that have it, `uses`; name and summary are those of the first."""

    id: str
    name: str
    summary: str
    uses: tuple[Use, ...]
    wordings: Wordings

    @property
    def key(self) -> str:
        """What the library is sorted by."""
        return f"{self.name.casefold()}|{self.id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the library; empty means everything. Each word of `q` stands in the skill, in any of its wordings."""

    ladder: str = ""
    category: str = ""
    differing: bool = False
    q: str = ""

    def fits(self, shared: SharedSkill) -> bool:
        return (
            any(self.ladder in ("", use.ladder) and self.category in ("", use.category.id) for use in shared.uses)
            and (not self.differing or bool(shared.wordings))
            and all(word in _text(shared) for word in self.q.casefold().split())
        )


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of a skill as two ladders word it, word by word; `alike` is the share of words that both have."""

    what: str
    one: str
    other: str
    runs: tuple[Run, ...]
    alike: float


def library(ladders: Iterable[Ladder]) -> list[SharedSkill]:
    """Every skill of these ladders by its name, each once."""
    uses: dict[str, list[Use]] = {}
    for ladder in ladders:
        categories = {it.id: it for it in ladder.categories}
        for skill in ladder.skills:
            begins = tuple(ladder.level(it.level).title for it in skill.expectations)
            use = Use(ladder.id, ladder.version, ladder.title, categories[skill.category], skill, begins)
            uses.setdefault(skill.id, []).append(use)
    shared = [
        SharedSkill(
            id_, found[0].skill.name, found[0].skill.summary, tuple(found), wordings([it.skill for it in found])
        )
        for id_, found in uses.items()
    ]
    return sorted(shared, key=lambda it: it.key)


def count_skills(ladders: Iterable[Ladder]) -> int:
    return len({skill.id for ladder in ladders for skill in ladder.skills})


def wordings(skills: list[Skill]) -> Wordings:
    """Where definitions of one skill differ in their words."""
    texts: dict[str, set[str]] = {}
    for skill in skills:
        for expectation in skill.expectations:
            texts.setdefault(expectation.level, set()).add(expectation.statement)
    return Wordings(
        len({it.name for it in skills}) > 1,
        len({it.summary for it in skills}) > 1,
        tuple(level for level, said in texts.items() if len(said) > 1),
    )


def compared(skill_id: str, one: Ladder, other: Ladder) -> list[Wording]:
    """The texts of a skill that two ladders word differently, level by level as in the first."""
    mine, theirs = one.skills_by_id[skill_id], other.skills_by_id[skill_id]
    pairs = [("Name", mine.name, theirs.name), ("What it is", mine.summary, theirs.summary)]
    there = {it.level: it.statement for it in theirs.expectations}
    pairs += [
        (one.level(it.level).title, it.statement, there[it.level]) for it in mine.expectations if it.level in there
    ]
    return [
        Wording(what, said, says, runs(said, says), likeness(said, says)) for what, said, says in pairs if said != says
    ]


def _text(shared: SharedSkill) -> str:
    texts = [text for use in shared.uses for text in (use.skill.name, use.skill.summary)]
    return " ".join([*texts, *(it.statement for use in shared.uses for it in use.skill.expectations)]).casefold()
