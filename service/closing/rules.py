"""How a plan ended: the final value of each key result, its score, and what was met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from service.objectives.progress import mean_of, percent, share_of
from service.objectives.rules import Direction, KeyResult, Objective

FORMAT = "nextrung-closing/1"


@dataclass(frozen=True, slots=True)
class Final:
    """What was given for one key result; `value` None where it was not measured."""

    value: Decimal | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ScoredResult:
    """A key result at the end. `percent` is the share of the way that was gone; a threshold has 100 or 0."""

    id: UUID
    title: str
    unit: str
    direction: Direction
    baseline: Decimal | None
    target: Decimal | None
    value: Decimal | None
    percent: int
    remark: str

    @property
    def met(self) -> bool:
        return self.percent == 100


@dataclass(frozen=True, slots=True)
class ScoredObjective:
    """`percent` is the plain mean of the key results' shares."""

    id: UUID
    title: str
    gaps: tuple[str, ...]
    percent: int
    key_results: tuple[ScoredResult, ...]


@dataclass(frozen=True, slots=True)
class Reflection:
    """The person's own words (PRODUCT.md, "Growth plan and OKR checks"); each may be empty."""

    met: str = ""
    in_the_way: str = ""
    too_high: str = ""
    support: str = ""
    learned: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a plan ended, as its closing keeps it. `revision` is the text that was in force. The reflection and the manager's
    comment are None for a reader who may not read them."""

    format: str
    plan_id: UUID
    title: str
    revision: int
    revision_sha256: str
    closed_on: date
    closed_by: str
    person: str
    manager: str
    objectives: tuple[ScoredObjective, ...]
    reflection: Reflection | None
    comment: str | None

    @property
    def met(self) -> tuple[int, int]:
        return met_of(self.objectives)


def score(id_: UUID, objective: Objective, ids: Sequence[UUID], finals: Mapping[UUID, Final]) -> ScoredObjective:
    """An objective at the end; `ids` are those of its key results, each of which has its final value."""
    pairs = [(key, result, finals[key]) for key, result in zip(ids, objective.key_results, strict=True)]
    shares = [_share(result, final.value) for _, result, final in pairs]
    results = tuple(
        ScoredResult(
            key, result.title, result.unit, result.direction, result.baseline, result.target, final.value,
            percent(share), final.remark,
        )
        for (key, result, final), share in zip(pairs, shares, strict=True)
    )  # fmt: skip
    return ScoredObjective(
        id_, objective.title, objective.serves_gaps, percent(mean_of(shares) or Fraction(0)), results
    )


def met_of(objectives: Sequence[ScoredObjective]) -> tuple[int, int]:
    """(key results that were met, all of them)."""
    results = [result for objective in objectives for result in objective.key_results]
    return sum(result.met for result in results), len(results)


def by_skill(objectives: Sequence[ScoredObjective]) -> dict[str, tuple[int, int]]:
    """Skill id → `met_of` the objectives that served its gap."""
    skills = dict.fromkeys(skill for objective in objectives for skill in objective.gaps)
    return {skill: met_of([objective for objective in objectives if skill in objective.gaps]) for skill in skills}


def _share(result: KeyResult, value: Decimal | None) -> Fraction:
    return share_of(result.direction, result.baseline, result.target or Decimal(0), value)
