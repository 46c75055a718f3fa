"""Versions of ladders of every shape that the checks let pass, with few ids and words, so that any two have much in common.

Each is made from one number, since drawing thousands of values one by one would take seconds an example.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from service.ladders.rules import (
    Area,
    Areas,
    Blueprint,
    Category,
    Criterion,
    Dimension,
    Document,
    Expectation,
    Goals,
    Group,
    Horizon,
    Importance,
    Item,
    Kpi,
    Kpis,
    Ladder,
    Level,
    Promotion,
    Requirement,
    Scorecard,
    Section,
    Skill,
    SkillGroup,
    Source,
    Target,
    Version,
)

WORDS = ("asks", "users", "writes", "tests", "often", "data", "früh", "早く", "梯子", "plans")
TITLES = ("Asks", "Tests", "Plans", "Data", "Words")
SOURCES = (Source("profile", "1"), Source("profile", "2"), Source("guide", "1"), Source("house", reason="Ours."))
LEVELS, CATEGORIES, SKILLS = "abcdef", "xyz", "klmnop"
T = TypeVar("T")


def versions(version: str = "2", supersedes: str | None = "1") -> st.SearchStrategy[Version]:
    return st.integers(0, 2**32).map(lambda seed: _Maker(seed).version(version, supersedes))


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        self.one = self.random.choice

    def version(self, version: str, supersedes: str | None) -> Version:
        ladder = self.ladder(version, supersedes)
        return ladder, self.maybe(lambda: self.blueprint(ladder))

    def ladder(self, version: str, supersedes: str | None) -> Ladder:
        """1 to 4 levels, each begun by something; 1 to 5 skills in 1 to 3 categories."""
        levels, categories, skills = self.some(LEVELS, 1, 4), self.some(CATEGORIES, 1), self.some(SKILLS, 1, 5)
        begun = [self.some(levels, 1) for _ in skills]
        begun[0] += [level for level in levels if not any(level in each for each in begun)]
        old_levels, old_skills = self.was(levels, LEVELS, supersedes), self.was(skills, SKILLS, supersedes)
        return Ladder(
            id="tester", version=version, title=self.one(TITLES), family="quality", dated="2026-01-31", summary=self.text(),
            should_share=self.one([0.5, 0.7]), supersedes=supersedes,
            documents={name: Document(self.one(TITLES)) for name in self.some(["profile", "guide"], 2)},
            levels=tuple(Level(it, self.one(TITLES), self.text(), self.one(SOURCES), old_levels[it]) for it in levels),
            categories=tuple(Category(it, self.one(TITLES)) for it in categories),
            skills=tuple(
                Skill(
                    it, self.one(TITLES), self.one(categories), self.one(list(Importance)), self.text(), self.one(SOURCES),
                    tuple(self.expectation(level) for level in levels if level in at), old_skills[it],
                )
                for it, at in zip(skills, begun, strict=True)
            ),
            carried=self.one([None, {"case": {"a": 1}}]),
        )  # fmt: skip

    def blueprint(self, ladder: Ladder) -> Blueprint:
        self.skills = [skill.id for skill in ladder.skills]
        sections = self.listed(self.section, 1)
        documents = {"profile": Document(self.one(TITLES)), "guide": Document("Guide", "2026-01-01")}
        return Blueprint(
            ladder.id, ladder.version, self.one(TITLES), documents,
            sections=tuple(replace(it, number=2 * at + self.random.randint(1, 2)) for at, it in enumerate(sections)),
            goals=tuple(self.goals(horizon) for horizon in self.some(list(Horizon), 0, 2)),
            skills=self.listed(lambda it: SkillGroup(it, self.one(TITLES), self.one(SOURCES), self.named_skills())),
            promotion=tuple(self.promotions(ladder)),
            kpis=self.maybe(lambda: Kpis(self.one(SOURCES), self.listed(self.kpi, 1), self.items())),
            scorecard=self.maybe(self.scorecard),
            starting_points=self.maybe(lambda: Areas(self.one(SOURCES), self.listed(self.area, 1), self.items())),
        )  # fmt: skip

    def was(self, ids: list[str], all_ids: str, supersedes: str | None) -> dict[str, str | None]:
        """For each id what it was: one that no other is or was, or nothing."""
        free = [it for it in self.some(all_ids, len(all_ids)) if it not in ids and supersedes]
        return {it: free.pop() if free and self.random.random() < 0.5 else None for it in ids}

    def expectation(self, level: str) -> Expectation:
        lines = (self.some(WORDS, 0, 2), self.some(WORDS, 0, 1))
        return Expectation(level, self.one(list(Requirement)), self.text(), *map(tuple, lines), self.one(SOURCES))

    def section(self, id_: str) -> Section:
        groups = self.listed(lambda it: Group(it, self.one(TITLES), self.items(1)), 1)
        return Section(id_, 0, self.one(TITLES), self.one(SOURCES), groups)

    def goals(self, horizon: Horizon) -> Goals:
        return Goals(horizon, self.one(TITLES), self.one(SOURCES), self.items(1), self.items())

    def kpi(self, id_: str) -> Kpi:
        return Kpi(id_, self.one(TITLES), "outcome", self.text(), self.text(), self.text(), "weekly", self.one(SOURCES))

    def area(self, id_: str) -> Area:
        targets = self.listed(
            lambda it: Target(it, self.one(TITLES), self.text(), self.one(SOURCES), self.maybe(self.text))
        )
        items = (self.items(), self.items(1), self.items())
        return Area(id_, self.one(TITLES), self.one(SOURCES), self.named_skills(), *items, targets)

    def scorecard(self) -> Scorecard:
        lines = self.listed(lambda it: Dimension(it, self.one(TITLES), self.text(), 25, self.one(SOURCES)), 1)
        rest = replace(lines[0], weight=100 - 25 * (len(lines) - 1))
        return Scorecard(self.one(SOURCES), (rest, *lines[1:]))

    def promotions(self, ladder: Ladder) -> list[Promotion]:
        made = []
        for below, above in zip(ladder.levels, ladder.levels[1:], strict=False):
            deepened = [skill.id for skill in ladder.skills if above.id in [it.level for it in skill.expectations]]
            criteria = self.listed(self.criterion(deepened), 1)
            made.append(Promotion(below.id, above.id, self.one(SOURCES), criteria))
        return self.some(made, 0)

    def criterion(self, skills: list[str]) -> Callable[[str], Criterion]:
        return lambda it: Criterion(it, self.one(TITLES), self.text(), self.one(skills), self.one(SOURCES))

    def items(self, low: int = 0) -> tuple[Item, ...]:
        return self.listed(
            lambda it: Item(it, self.text(), self.one(SOURCES), self.one([None, *TITLES]), self.one([None, "x"])), low
        )

    def named_skills(self) -> tuple[str, ...]:
        return tuple(self.some(self.skills, 1, 3))

    def listed(self, make: Callable[[str], Any], low: int = 0) -> tuple[Any, ...]:
        """Some things, each with an id of its own."""
        return tuple(make(id_) for id_ in self.some("ghi", low))

    def some(self, things: Sequence[T], low: int, high: int | None = None) -> list[T]:
        """`low` to `high` of them (all, where left out), each once, in any order."""
        most = min(len(things), len(things) if high is None else high)
        return self.random.sample(things, self.random.randint(min(low, most), most))

    def text(self) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 6)))

    def maybe(self, make: Callable[[], T]) -> T | None:
        return make() if self.random.random() < 0.6 else None
