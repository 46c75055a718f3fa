"""Growth plans without a database: horizons, steps, and the checks a plan passes before it is agreed.

Source of the checks: PRODUCT.md, "Growth plan and OKR checks", which draws on the product manager's guide to OKR goal
setting (objectives: dated, necessary, aligned; key results: measured from a baseline to a target, three to five of them).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from service.errors import Conflict, Invalid, Problem
from service.gaps.rules import Finding, State
from service.ladders.rules import Blueprint, Expectation, Horizon, Kpi, Skill

HORIZONS = (30, 60, 90)
"""Days from the start date."""

DAYS = {Horizon.DAYS_30: 30, Horizon.DAYS_60: 60, Horizon.DAYS_90: 90}
COMMON = re.compile(  # words that half of a ladder's texts share and that say nothing of what they are about
    "about|after|again|before|changes|design|every|features|others?|people|products?|share|small|teams|their|there|these"
    "|things|those|through|where|which|while|without|working"
)


class Kind(StrEnum):
    PROMOTION = "promotion"
    ONBOARDING = "onboarding"


class PlanStatus(StrEnum):
    DRAFT = "draft"
    AGREED = "agreed"
    CLOSED = "closed"


class Direction(StrEnum):
    """The first two move away from a baseline; the last two are thresholds, met or not."""

    INCREASE = "increase"
    DECREASE = "decrease"
    AT_LEAST = "at-least"
    AT_MOST = "at-most"

    @property
    def is_threshold(self) -> bool:
        return self in (Direction.AT_LEAST, Direction.AT_MOST)

    @property
    def goes_up(self) -> bool:
        return self in (Direction.INCREASE, Direction.AT_LEAST)


class Weight(StrEnum):
    """An error stops agreeing; advice explains itself."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class KeyResult:
    """`baseline` and `target` are in `unit`."""

    title: str
    metric: str
    unit: str
    direction: Direction
    baseline: Decimal | None
    target: Decimal | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Objective:
    """`serves_gaps` are skill ids of the plan's target level, `serves` an objective above it, in words."""

    title: str
    horizon: int
    why: str
    serves_gaps: tuple[str, ...]
    serves: str
    due_on: date | None
    key_results: tuple[KeyResult, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check says: its id in PRODUCT.md, whether it stops agreeing, where it stands and how to put it right."""

    check: str
    weight: Weight
    pointer: str
    detail: str


def horizon_end(start_on: date, horizon: int) -> date:
    """The last day of a horizon. The 30-day horizon of a plan that starts on 1 March ends on 31 March."""
    return start_on + timedelta(days=horizon)


def new_due(start_on: date, due_on: date | None, old: int, new: int) -> date | None:
    """The due date of what moves to another horizon: the last day follows, any other date stays as it was chosen."""
    return horizon_end(start_on, new) if due_on == horizon_end(start_on, old) else due_on


def horizon_for(gap: Finding) -> int:
    """Where an objective about a gap is offered to begin: what shows in part soon, one rung later, more last."""
    if gap.state is State.PARTLY or gap.distance is None:
        return 30
    return 60 if gap.distance == 1 else 90


@dataclass(frozen=True, slots=True)
class Start:
    """Something of the role's blueprint that an objective can begin with. A criterion of promotion has no horizon."""

    id: str
    text: str
    horizon: int | None = None


def starts_for(blueprint: Blueprint, skill: Skill, asked: Expectation) -> tuple[Start, ...]:
    """Criteria of promotion that name the skill, then goals that speak of the same things, the closest first."""
    criteria = [c for promotion in blueprint.promotion for c in promotion.criteria if c.skill == skill.id]
    goals = [(DAYS[goals.horizon], item) for goals in blueprint.goals if goals.horizon in DAYS for item in goals.goals]
    near = sorted(goals, key=lambda goal: -_shared(skill, asked, goal[1].text))
    fitting = [Start(item.id, item.text, days) for days, item in near if _shared(skill, asked, item.text) > 1]
    return tuple([Start(c.id, c.text) for c in criteria] + fitting[:3])


def metrics_for(blueprint: Blueprint, skill: Skill, asked: Expectation) -> tuple[Kpi, ...]:
    """Up to three KPIs of the role that speak of the same things as the skill, the closest first."""
    kpis = blueprint.kpis.items if blueprint.kpis else ()
    near = sorted(kpis, key=lambda kpi: -_shared(skill, asked, f"{kpi.name} {kpi.measures}"))
    return tuple([kpi for kpi in near if _shared(skill, asked, f"{kpi.name} {kpi.measures}") > 1][:3])


def _shared(skill: Skill, asked: Expectation, text: str) -> int:
    """How many longer words two texts have in common by their first six letters; a word of the skill's name counts twice."""
    named, said, here = _stems(skill.name), _stems(f"{skill.summary} {asked.statement}"), _stems(text)
    return 2 * len(named & here) + len((said - named) & here)


def _stems(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{5,}", text.lower()) if not COMMON.fullmatch(word)}


def check_objectives(start_on: date, objectives: tuple[Objective, ...]) -> tuple[Remark, ...]:
    """All remarks on a plan, in the order of its objectives. Pointers are /objectives/0/key_results/1/target and the like."""
    remarks: list[Remark] = []
    for place, objective in enumerate(objectives):
        remarks += check_objective(start_on, objective, f"/objectives/{place}")
    return tuple(remarks)


def check_objective(start_on: date, objective: Objective, at: str = "") -> Iterator[Remark]:
    """The remarks on one objective and its key results (O1, O4, O5, O6, K1, K2, K5, K6)."""
    yield from check_words(start_on, objective, at)
    yield from _check_number(len(objective.key_results), at)
    end = horizon_end(start_on, objective.horizon)
    for place, key_result in enumerate(objective.key_results):
        yield from check_key_result(start_on, end, key_result, f"{at}/key_results/{place}")


def check_words(start_on: date, objective: Objective, at: str = "") -> Iterator[Remark]:
    """The remarks on an objective's own fields, whatever its key results (O1, O4, O5)."""
    end = horizon_end(start_on, objective.horizon)
    span = f"between {start_on:%-d %b %Y} and {end:%-d %b %Y}"
    if objective.due_on is None or not start_on <= objective.due_on <= end:
        yield _error("O1", f"{at}/due_on", f"Give it a due date within its {objective.horizon} days: {span}.")
    if not objective.why.strip():
        yield _error("O4", f"{at}/why", "Say why it is necessary: what gets better for whom?")
    if not objective.serves_gaps and not objective.serves.strip():
        yield _error("O5", f"{at}/serves", "Say what it serves: choose a gap, or name the objective above it.")


def _check_number(count: int, at: str) -> Iterator[Remark]:
    if count == 0:
        yield _error("O6", f"{at}/key_results", "Add three to five key results: how will you know that it is reached?")
    elif not 3 <= count <= 5:
        detail = (
            f"{count} key result{'s' if count > 1 else ''}: three to five show most without turning into a task list."
        )
        yield Remark("O6", Weight.ADVICE, f"{at}/key_results", detail)


def check_key_result(start_on: date, end: date, key_result: KeyResult, at: str = "") -> Iterator[Remark]:
    """The remarks on one key result of an objective whose horizon ends on `end` (K1, K2, K5, K6)."""
    baseline, target = key_result.baseline, key_result.target
    for name, value, detail in (
        ("metric", key_result.metric.strip(), "Name the metric: what is counted or measured?"),
        ("unit", key_result.unit.strip(), "Name the unit, such as %, days or interviews."),
        ("target", target is not None, "Give the number to reach."),
    ):
        if not value:
            yield _error("K1", f"{at}/{name}", detail)
    if baseline is None and not key_result.direction.is_threshold:
        yield _error(
            "K2", f"{at}/baseline", "Say where it stands today, or choose “at least” or “at most” for a threshold."
        )
    if key_result.due_on is None or not start_on <= key_result.due_on <= end:
        yield _error("K5", f"{at}/due_on", f"Give it a due date within the horizon, {end:%-d %b %Y} at the latest.")
    if baseline is not None and target is not None and not _moves(key_result.direction, baseline, target):
        way = "above" if key_result.direction.goes_up else "below"
        word = "up" if key_result.direction.goes_up else "down"
        detail = f"The direction goes {word}, so the target ({target}) must lie {way} the baseline ({baseline})."
        yield _error("K6", f"{at}/target", detail)


def _moves(direction: Direction, baseline: Decimal, target: Decimal) -> bool:
    return target > baseline if direction.goes_up else target < baseline


def _error(check: str, pointer: str, detail: str) -> Remark:
    return Remark(check, Weight.ERROR, pointer, detail)


def check_agreeable(status: PlanStatus, start_on: date, objectives: tuple[Objective, ...]) -> None:
    """Go on only if a plan can be agreed as it stands.

    Raises: Conflict (not a draft), Invalid with every error of the checks.
    """
    if status is not PlanStatus.DRAFT:
        raise Conflict(f"This plan is {status}; only a draft is agreed.")
    if not objectives:
        raise Invalid(
            "A plan needs an objective.", [Problem("/objectives", "Add at least one objective before agreeing.")]
        )
    errors = [r for r in check_objectives(start_on, objectives) if r.weight is Weight.ERROR]
    if errors:
        word = "point" if len(errors) == 1 else "points"
        raise Invalid(
            f"{len(errors)} {word} to put right before agreeing.",
            [Problem(r.pointer, r.detail, r.check) for r in errors],
        )
