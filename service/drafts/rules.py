"""What the blueprint of a role offers to begin an objective with, without a database."""

import re
from dataclasses import dataclass
from datetime import date

from service.ladders.rules import Area, Blueprint, Expectation, Kpi, Skill
from service.objectives.rules import horizon_end
from service.plans.rules import DAYS

COMMON = re.compile(  # words that half of a ladder's texts share and that say nothing of what they are about
    "about|after|again|before|changes|design|every|features|others?|people|products?|share|small|teams|their|there|these"
    "|things|those|through|where|which|while|without|working"
)


def new_due(start_on: date, due_on: date | None, old: int, new: int) -> date | None:
    """The due date of what moves to another horizon: the last day follows, any other date stays as it was chosen."""
    return horizon_end(start_on, new) if due_on == horizon_end(start_on, old) else due_on


@dataclass(frozen=True, slots=True)
class Start:
    """Something of the role's blueprint that an objective can begin with. A criterion of promotion has no horizon; `key` is
    its name in the blueprint."""

    id: str
    text: str
    horizon: int | None = None
    key: str = ""


def starts_for(blueprint: Blueprint, skill: Skill, asked: Expectation) -> tuple[Start, ...]:
    """Criteria of promotion that name the skill, then goals that speak of the same things, the closest first."""
    steps = [(step.to_level, c) for step in blueprint.promotion for c in step.criteria if c.skill == skill.id]
    criteria = [Start(c.id, c.text, key=f"criterion/{level}.{c.id}") for level, c in steps]
    goals = [(goals.horizon, item) for goals in blueprint.goals if goals.horizon in DAYS for item in goals.goals]
    near = sorted(goals, key=lambda goal: -_shared(skill, asked, goal[1].text))
    fitting = [
        Start(item.id, item.text, DAYS[horizon], f"goal/{horizon}.{item.id}")
        for horizon, item in near
        if _shared(skill, asked, item.text) > 1
    ]
    return tuple(criteria + fitting[:3])


def areas_for(blueprint: Blueprint, skill: Skill) -> tuple[Area, ...]:
    """The areas of responsibility that name the skill."""
    areas = blueprint.starting_points.areas if blueprint.starting_points else ()
    return tuple(area for area in areas if skill.id in area.skills)


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
