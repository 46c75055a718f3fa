"""What the form in which a plan is closed shows, and what was typed into it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

from service.closing.inputs import ClosingInput, ReflectionInput
from service.plans.forms import Values
from service.plans.views import PlanView
from service.web.forms import checked


def closing_values(plan: PlanView, last_values: Mapping[UUID, Decimal]) -> Values:
    """The fields of a closing, named by the place of each in ClosingInput; the last known values are filled in."""
    values: Values = {f"reflection/{name}": "" for name in ReflectionInput.model_fields}
    for result in (result for objective in plan.objectives for result in objective.key_results):
        at = f"results/{result.id}/"
        values |= {f"{at}value": last_values.get(result.id, ""), f"{at}remark": "", f"{at}carry_over": ""}
    return values | {"comment": plan.closing_comment, "version": plan.version}


def typed_closing(form: FormData) -> ClosingInput:
    """Raises: Invalid, with pointers that are the names of the fields."""
    data: dict[str, Any] = {}
    for name, value in form.multi_items():
        *path, last = name.split("/")
        place = data
        for part in path:
            inner = place.setdefault(part, {})
            place = inner if isinstance(inner, dict) else {}
        if value != "":
            place[last] = value
    return checked(ClosingInput, data)
