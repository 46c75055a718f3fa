"""What every form of a plan shows: what stands, or what was typed when it could not be saved."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.datastructures import FormData

from service import clock
from service.errors import Invalid, Problem
from service.objectives.checks import errors
from service.plans.views import PlanView
from service.web.again import Refused

Values = dict[str, Any]


def start_values(chosen: Iterable[str] = (), person_id: str = "") -> Values:
    """A new plan begins today."""
    return {"start_on": clock.today().isoformat(), "chosen": list(chosen), "person_id": person_id}


def filled(fields: Mapping[str, Any], again: Refused | None) -> Values:
    """`fields` as they stand, or with what was typed in their place where that was refused. The version stays the one that
    was seen, unless what stands now is shown beside the form."""
    if again is None:
        return dict(fields)
    values = {name: _typed(again.typed, name, value) for name, value in fields.items()}
    return values | ({} if isinstance(again.problem, Invalid) else {"version": fields.get("version")})


def version_of(form: FormData) -> int | None:
    """The version of the plan that the sender saw."""
    text = form.get("version")
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10 else None


def points_of(plan: PlanView) -> list[Problem]:
    """Everything that stops agreeing, each with the pointer by which the page marks its place."""
    return [
        Problem(f"/objectives/{place}{remark.pointer}", remark.detail, remark.check)
        for place, objective in enumerate(plan.objectives)
        for remark in errors(objective.remarks)
    ]


def _typed(form: FormData, name: str, standing: Any) -> Any:
    if isinstance(standing, list | tuple):
        return [value for value in form.getlist(name) if isinstance(value, str)]
    text = form.get(name, "")
    return text if isinstance(text, str) else ""
