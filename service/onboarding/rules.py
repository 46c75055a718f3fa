"""The steps of an onboarding plan that are ticked off: goals, evidence of success, and the milestones after 90 days. Pure.

A tick is a date and no measure: it is counted, and never becomes the progress of a key result.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from service.errors import Conflict, Invalid, Problem
from service.ladders.rules import Blueprint, Horizon
from service.objectives.rules import HORIZONS, horizon_end
from service.plans.rules import Kind, PlanStatus, months_after

SHOWN = "shown"
"""The unit of a key result that is evidence of success: it is there or not."""

MONTHS = {Horizon.MONTHS_6: 6, Horizon.MONTHS_12: 12}


class StepKind(StrEnum):
    GOAL = "goal"
    EVIDENCE = "evidence"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class Step:
    """`key` is its name within the plan: it stays while the words do. `done_by` is the name of who ticked it off."""

    key: str
    kind: StepKind
    words: str
    done_on: date | None = None
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is to be done by a day: a horizon of the plan, or the months after it."""

    title: str
    about: str
    until: date
    steps: tuple[Step, ...]
    is_later: bool = False

    @property
    def done(self) -> int:
        return sum(step.done_on is not None for step in self.steps)


@dataclass(frozen=True, slots=True)
class Milestone:
    id: str
    months: int
    about: str
    text: str
    due_on: date


def milestones(blueprint: Blueprint | None, start_on: date) -> tuple[Milestone, ...]:
    """What the role reaches 6 and 12 months after the first day, as its blueprint says."""
    goals = [
        (MONTHS[goals.horizon], goals) for goals in (blueprint.goals if blueprint else ()) if goals.horizon in MONTHS
    ]
    return tuple(
        Milestone(f"{stage.horizon}.{item.id}", months, stage.title, item.text, months_after(start_on, months))
        for months, stage in sorted(goals, key=lambda pair: pair[0])
        for item in stage.goals
    )


def stages(
    start_on: date,
    objectives: Sequence[Mapping[str, Any]],
    later: Sequence[Milestone],
    ticks: Mapping[str, tuple[date, str]],
) -> tuple[Stage, ...]:
    """The steps by stage. `objectives` are those of the text in force, as service/plans/text.py writes them; `ticks` are
    (day, name) by the key of the step."""
    found = []
    for days in HORIZONS:
        own = [objective for objective in objectives if objective["horizon"] == days]
        steps = [step for objective in own for step in _steps(objective)]
        about = "; ".join(objective["title"] for objective in own)
        found.append(Stage(f"{days} days", about, horizon_end(start_on, days), _ticked(steps, ticks)))
    for months in dict.fromkeys(milestone.months for milestone in later):
        here = [milestone for milestone in later if milestone.months == months]
        steps = [Step(milestone.id, StepKind.MILESTONE, milestone.text) for milestone in here]
        found.append(Stage(f"{months} months", here[0].about, here[0].due_on, _ticked(steps, ticks), is_later=True))
    return tuple(stage for stage in found if stage.steps)


def is_evidence(key_result: Mapping[str, Any]) -> bool:
    """Whether a key result, as service/plans/text.py writes it, is there or not instead of being counted."""
    target = key_result["target"]
    threshold = key_result["direction"] == "at least" and key_result["baseline"] is None
    return bool(threshold and key_result["unit"] == SHOWN and target and Decimal(target) == 1)


def check_has_steps(kind: Kind, agreed: bool) -> None:
    """Only an onboarding plan is ticked off, and only once both have agreed it. Raises: Conflict."""
    if kind is not Kind.ONBOARDING:
        raise Conflict("Only the steps of an onboarding plan are ticked off; this plan has key results.")
    if not agreed:
        raise Conflict("Steps are ticked off once both sides have agreed the plan.")


def check_open(status: PlanStatus, kind: StepKind) -> None:
    """When a plan is closed, only its milestones are still to come. Raises: Conflict."""
    if status is PlanStatus.CLOSED and kind is not StepKind.MILESTONE:
        raise Conflict("This plan is closed: what was ticked off in its 90 days stands. Its milestones go on.")


def check_done_on(done_on: date, start_on: date, today: date) -> None:
    """Raises: Invalid."""
    if done_on > today:
        raise Invalid(
            "A step is ticked off when it is done.", [Problem("/done_on", "Choose today or a day before it.")]
        )
    if done_on < start_on:
        words = f"The plan begins on {start_on.isoformat()}: choose that day or a later one."
        raise Invalid("A step is ticked off within the plan.", [Problem("/done_on", words)])


def _steps(objective: Mapping[str, Any]) -> Iterator[Step]:
    """Goals are known by their objective and words, so that a tick never moves to another line; a line twice is one step."""
    for line in dict.fromkeys(objective["projects"]):
        yield Step(f"{objective['id']}.{sha256(line.encode()).hexdigest()[:12]}", StepKind.GOAL, line)
    for key_result in objective["key_results"]:
        if is_evidence(key_result):
            yield Step(str(key_result["id"]), StepKind.EVIDENCE, key_result["title"])


def _ticked(steps: list[Step], ticks: Mapping[str, tuple[date, str]]) -> tuple[Step, ...]:
    return tuple(Step(step.key, step.kind, step.words, *ticks.get(step.key, (None, ""))) for step in steps)
