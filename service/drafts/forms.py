"""What the forms of objectives and key results show: what stands, a good start, and what is said beside the fields."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from service.drafts.rules import areas_for, metrics_for, starts_for
from service.drafts.views import StartingPoints
from service.errors import Conflict
from service.ladders.queries import LadderView
from service.ladders.rules import Expectation, Ladder, Requirement, Skill
from service.ladders.starts import Entry, entries, of_area, origin, reference
from service.objectives.checks import CHECKS, Remark, Weight, errors
from service.objectives.queries import Choices
from service.objectives.rules import HORIZONS, Direction, horizon_end
from service.plans.forms import Values
from service.plans.rules import DAYS
from service.plans.views import KeyResultView, ObjectiveView, PlanView
from service.web.again import Refused

DIRECTIONS = (
    (Direction.INCREASE, "Increase, from a baseline up to the target"),
    (Direction.DECREASE, "Decrease, from a baseline down to the target"),
    (Direction.AT_LEAST, "At least the target: a threshold"),
    (Direction.AT_MOST, "At most the target: a threshold"),
)

CHECKS_OF_OBJECTIVES = [check for check in CHECKS.values() if check.id[0] in "OP"]
CHECKS_OF_KEY_RESULTS = [check for check in CHECKS.values() if check.id[0] == "K"]


@dataclass(frozen=True, slots=True)
class Said:
    """What is said beside the fields of a form. `live`: each field keeps a place for it, filled while one writes. The fields
    it speaks of note their names in `labels`, as with any Invalid."""

    problems: tuple[Remark, ...]
    labels: dict[str, str]
    live: bool = True

    @property
    def open(self) -> list[Remark]:
        """What stops agreeing."""
        return errors(self.problems)


def starting_points(plan: PlanView, view: LadderView, skill_ids: Collection[str]) -> StartingPoints:
    """What the blueprint of the plan's ladder offers to begin with, where it fits one of these gaps."""
    skills = [view.ladder.skills_by_id[skill_id] for skill_id in skill_ids if skill_id in view.ladder.skills_by_id]
    asked = [(skill, view.ladder.expected_at(skill, plan.target.id)) for skill in skills]
    fits = [(view.blueprint, skill, found) for skill, found in asked if view.blueprint and found]
    starts = dict.fromkeys(start for fit in fits for start in starts_for(*fit))
    metrics = dict.fromkeys(kpi for fit in fits for kpi in metrics_for(*fit))
    areas = dict.fromkeys(area for fit in fits for area in areas_for(fit[0], fit[1]))
    held = tuple((area, of_area(area)) for area in areas)
    return StartingPoints(view.ladder, view.blueprint, tuple(starts), tuple(metrics), held)


def begun_with(offered: StartingPoints, key: str) -> Entry | None:
    """What a link said to begin with: an entry of the blueprint by its key, or None where it has no such."""
    return entries(offered.blueprint).get(key) if offered.blueprint else None


def _source(offered: StartingPoints, entry: Entry | None) -> str:
    return reference(offered.blueprint, entry.key) if offered.blueprint and entry else ""


def new_objective(
    plan: PlanView, offered: StartingPoints, *, horizon: int = 0, gaps: Collection[str] = (), start: str = ""
) -> Values:
    """Due at the end of its horizon. `gaps` are ticked, and the words that the ladder or the chosen start has are there to
    begin with; what several gaps have in common only their writer can say, so their title is left open."""
    begin = begun_with(offered, start)
    days = DAYS.get(begin.horizon) if begin and begin.horizon else None
    horizon = days or (horizon if horizon in HORIZONS else HORIZONS[0])
    asked = [found for found in (_asked(plan, offered.ladder, gap) for gap in gaps) if found]
    one = asked[0][1] if len(asked) == 1 else None
    values: Values = {
        "title": begin.words if begin else one.statement.partition(". ")[0].removesuffix(".") if one else "",
        "why": _why(plan, asked) if asked else "",
        "horizon": horizon,
        "due_on": horizon_end(plan.start_on, horizon),
        "serves_gaps": list(gaps),
    }
    return values | {
        "serves": "",
        "aligned_to": "",
        "projects": "\n".join(begin.projects) if begin else "",
        "source": _source(offered, begin),
        "version": plan.version,
    }


def _asked(plan: PlanView, ladder: Ladder, gap: str) -> tuple[Skill, Expectation] | None:
    """A skill and what the target level asks of it."""
    skill = ladder.skills_by_id.get(gap)
    asked = ladder.expected_at(skill, plan.target.id) if skill else None
    return (skill, asked) if skill and asked else None


def _why(plan: PlanView, asked: list[tuple[Skill, Expectation]]) -> str:
    """One reason for all gaps, in one line that names their skills."""
    kinds = {expectation.requirement for _, expectation in asked}
    kind = kinds.pop() if len(kinds) == 1 else None
    words = {Requirement.MUST: "must-have", Requirement.SHOULD: "should-have"}
    word = f"{words[kind]}s" if kind in words and len(asked) > 1 else f"a {words[kind]}" if kind in words else ""
    names = ", ".join(skill.name for skill, _ in asked)
    it = "it" if len(asked) == 1 else "them"
    return f"{plan.target.title} asks for {it}{f' as {word}' if word else ''}: {names}."


def above_options(choices: Iterable[Choices]) -> list[tuple[str, Any]]:
    """The options of what an objective can be aligned to, by whose they are; none where there is nothing to choose."""
    groups = [(group.label, [(above.id, above.title) for above in group.objectives]) for group in choices]
    return [("", "None of these"), *groups] if groups else []


def objective_values(plan: PlanView, objective: ObjectiveView) -> Values:
    same = {name: getattr(objective, name) for name in ("title", "horizon", "why", "serves_gaps", "serves")}
    same["aligned_to"] = objective.aligned.id if objective.aligned else ""
    same["source"] = objective.source or ""
    return same | {"due_on": objective.due_on or "", "projects": "\n".join(objective.projects), "version": plan.version}


def new_key_result(
    plan: PlanView, objective: ObjectiveView | None, offered: StartingPoints, begin: Entry | None = None
) -> Values:
    """Due with its objective, at the end of the horizon where that date is not in it; owned by the person; counted as the
    entry it begins with is."""
    end = horizon_end(plan.start_on, objective.horizon) if objective else None
    due_on = objective.due_on if objective else None
    values = {
        "direction": Direction.INCREASE,
        "due_on": due_on if due_on and end and plan.start_on <= due_on <= end else end or "",
        "owner": plan.person_name,
    }
    if begin:
        unit = "%" if begin.measures.startswith("Share") else ""
        values |= {"title": begin.words, "metric": begin.measures, "unit": unit, "source": _source(offered, begin)}
    return (
        dict.fromkeys(("title", "metric", "unit", "baseline", "target", "source"), "")
        | values
        | {"version": plan.version}
    )


def key_result_values(plan: PlanView, key_result: KeyResultView) -> Values:
    names = ("title", "metric", "unit", "direction", "baseline", "target", "due_on", "owner", "source")
    standing = {name: getattr(key_result, name) for name in names}
    return {name: "" if value is None else value for name, value in standing.items()} | {"version": plan.version}


def origins(offered: StartingPoints, source: str) -> list[tuple[str, str]]:
    """The choices of a form that knows where its text began: that place, or none. Empty where it began nowhere."""
    found = origin(offered.blueprint, source)
    return [
        (source, f"In the blueprint, {found.label}" if found else source),
        ("", "Nowhere: drop the link, keep the text"),
    ]


def key_result_of(plan: PlanView, key_result_id: UUID) -> tuple[ObjectiveView, KeyResultView] | None:
    """A key result and its objective, or None where it is not in the plan (any more)."""
    for objective in plan.objectives:
        for key_result in objective.key_results:
            if key_result.id == key_result_id:
                return objective, key_result
    return None


def objective_of(plan: PlanView, objective_id: UUID) -> ObjectiveView | None:
    """An objective, or None where it is not in the plan (any more)."""
    return next((objective for objective in plan.objectives if objective.id == objective_id), None)


def gaps_of(plan: PlanView, ladder: Ladder, serves: Iterable[str]) -> list[str]:
    """The skills whose gaps an objective of the plan can close: the chosen ones, and those that it is to serve."""
    known = (skill_id for skill_id in serves if skill_id in ladder.skills_by_id)
    return list(dict.fromkeys([*(skill_id for skill_id, _ in plan.chosen), *known]))


def remarks_on(objective: ObjectiveView | None) -> list[Remark]:
    """What the checks say of an objective itself, by the names of its fields."""
    return [remark for remark in (objective.remarks if objective else ()) if remark.pointer.count("/") == 1]


def remarks_on_key_result(objective: ObjectiveView | None, key_result: KeyResultView | None) -> list[Remark]:
    """What the checks say of one key result, by the names of its fields."""
    if objective is None or key_result is None:
        return []
    return remarks_at(objective.remarks, objective.key_results.index(key_result))


def remarks_at(remarks: Iterable[Remark], place: int) -> list[Remark]:
    """Those on the key result at this place of an objective, by the names of its fields."""
    at = f"/key_results/{place}/"
    own = [remark for remark in remarks if remark.pointer.startswith(at)]
    return [replace(remark, pointer=remark.pointer[len(at) - 1 :]) for remark in own]


def said(remarks: Iterable[Remark], again: Refused | None) -> Said:
    """What is said beside the fields: why the form was refused, else what the checks say of what stands."""
    if again is None:
        return Said(tuple(remarks), {})
    problems = again.problem.problems
    found = (Remark(problem.id, Weight.ERROR, problem.pointer, problem.detail) for problem in problems)
    return Said(tuple(found), again.problem.labels)


STILL_OPEN = "Something is still open before both can agree: see beside the field."
"""What follows a saving that leaves something open; how much it is, the page lists."""


def check_draft(plan: PlanView) -> None:
    """Go on only where there is still something to write. Raises: Conflict."""
    if not plan.is_written:
        raise Conflict(f"This plan is {plan.status}; its text stands as it was signed.")
