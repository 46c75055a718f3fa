"""What the forms of plans show: what stands, a good start, or what was typed when it could not be saved."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

from service import clock
from service.errors import Conflict, Invalid, NextrungError, Problem, Stale, VersionRequired
from service.plans.rules import HORIZONS, Direction, PlanStatus, Remark, horizon_end
from service.plans.views import KeyResultView, ObjectiveView, PlanView

REFUSED = (Invalid, Stale, Conflict, VersionRequired)
"""After these the form stands again, with every word that was typed."""

DIRECTIONS = (
    (Direction.INCREASE, "Increase, from a baseline up to the target"),
    (Direction.DECREASE, "Decrease, from a baseline down to the target"),
    (Direction.AT_LEAST, "At least the target: a threshold"),
    (Direction.AT_MOST, "At most the target: a threshold"),
)

Values = dict[str, Any]


def start_values(chosen: Iterable[str] = (), person_id: str = "") -> Values:
    """A new plan begins today."""
    return {"start_on": clock.today().isoformat(), "chosen": list(chosen), "person_id": person_id}


def new_objective(plan: PlanView, horizon: int, gap: str) -> Values:
    """Due at the end of its horizon; `gap` is ticked where it is one of the plan."""
    horizon = horizon if horizon in HORIZONS else HORIZONS[0]
    values: Values = {"horizon": horizon, "due_on": horizon_end(plan.start_on, horizon), "serves_gaps": [gap]}
    return dict.fromkeys(("title", "why", "serves", "projects"), "") | values | {"version": plan.version}


def objective_values(plan: PlanView, objective: ObjectiveView) -> Values:
    same = {name: getattr(objective, name) for name in ("title", "horizon", "why", "serves_gaps", "serves")}
    return same | {"due_on": objective.due_on or "", "projects": "\n".join(objective.projects), "version": plan.version}


def new_key_result(plan: PlanView, objective: ObjectiveView | None) -> Values:
    """Due with its objective, owned by the person."""
    values = {
        "direction": Direction.INCREASE,
        "due_on": (objective and objective.due_on) or "",
        "owner": plan.person_name,
    }
    return dict.fromkeys(("title", "metric", "unit", "baseline", "target"), "") | values | {"version": plan.version}


def key_result_values(plan: PlanView, key_result: KeyResultView) -> Values:
    names = ("title", "metric", "unit", "direction", "baseline", "target", "due_on", "owner")
    standing = {name: getattr(key_result, name) for name in names}
    return {name: "" if value is None else value for name, value in standing.items()} | {"version": plan.version}


def typed(form: FormData, fields: Mapping[str, Any], problem: NextrungError) -> Values:
    """`fields` with what was typed in their place. The version stays the one that was seen, unless what stands now is
    shown beside the form."""
    values = {name: _typed(form, name, value) for name, value in fields.items()}
    return values | ({} if isinstance(problem, Invalid) else {"version": fields.get("version")})


def version_of(form: FormData) -> int | None:
    """The version of the plan that the sender saw."""
    text = form.get("version")
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10 else None


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


def points_of(plan: PlanView) -> list[Problem]:
    """Everything that stops agreeing, each with the pointer by which the page marks its place."""
    return [
        Problem(f"/objectives/{place}{remark.pointer}", remark.detail, remark.check)
        for place, objective in enumerate(plan.objectives)
        for remark in objective.remarks
        if remark.weight == "error"
    ]


def gaps_of(plan: PlanView, objective: ObjectiveView | None) -> list[str]:
    """The skills whose gaps an objective of the plan can close: the chosen ones, and what it serves already."""
    return list(
        dict.fromkeys([skill_id for skill_id, _ in plan.chosen] + list(objective.serves_gaps if objective else ()))
    )


def remarks_on(objective: ObjectiveView | None) -> Invalid:
    """The errors of the checks on an objective itself, as its fields show them."""
    return _open(remark for remark in (objective.remarks if objective else ()) if remark.pointer.count("/") == 1)


def remarks_on_key_result(objective: ObjectiveView | None, key_result: KeyResultView | None) -> Invalid:
    """The errors of the checks on one key result, as its fields show them."""
    if objective is None or key_result is None:
        return _open(())
    at = f"/key_results/{objective.key_results.index(key_result)}/"
    own = [remark for remark in objective.remarks if remark.pointer.startswith(at)]
    return _open(replace(remark, pointer=remark.pointer[len(at) - 1 :]) for remark in own)


def _open(remarks: Iterable[Remark]) -> Invalid:
    errors = [Problem(remark.pointer, remark.detail, remark.check) for remark in remarks if remark.weight == "error"]
    return Invalid("Still open before both sides can agree", errors)


def check_draft(plan: PlanView) -> None:
    """Go on only where there is still something to write. Raises: Conflict."""
    if plan.status != PlanStatus.DRAFT:
        raise Conflict(f"This plan is {plan.status}; its text stands as it was signed.")


def _typed(form: FormData, name: str, standing: Any) -> Any:
    if isinstance(standing, list | tuple):
        return [value for value in form.getlist(name) if isinstance(value, str)]
    text = form.get(name, "")
    return text if isinstance(text, str) else ""
