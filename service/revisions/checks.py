"""Whether a plan can be agreed as it stands. Pure."""

from collections.abc import Sequence
from datetime import date

from service.errors import Conflict, Invalid, Problem
from service.objectives.checks import check_plan, errors
from service.objectives.rules import Objective
from service.plans.rules import PlanStatus


def check_agreeable(status: PlanStatus, start_on: date, objectives: Sequence[Objective]) -> None:
    """Go on only if a plan can be agreed as it stands.

    Raises: Conflict (not a draft), Invalid with every error of the checks.
    """
    if status is not PlanStatus.DRAFT:
        raise Conflict(f"This plan is {status}; only a draft is agreed.")
    if not objectives:
        raise Invalid(
            "A plan needs an objective.", [Problem("/objectives", "Add at least one objective before agreeing.")]
        )
    found = errors(check_plan(start_on, objectives))
    if found:
        word = "point" if len(found) == 1 else "points"
        raise Invalid(
            f"{len(found)} {word} to put right before agreeing.",
            [Problem(r.pointer, r.detail, r.check) for r in found],
        )
