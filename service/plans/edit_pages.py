"""HTML doors of a draft's objectives and key results. Whatever was typed survives what could not be saved."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from service.errors import NextrungError, NotFound
from service.permissions import Actor, Permission
from service.plans import actions, forms, queries
from service.plans.forms import REFUSED, Values
from service.plans.inputs import KeyResultInput, ObjectiveInput
from service.plans.pages import ladder_of, plan_page, status_of
from service.plans.views import KeyResultView, ObjectiveView, PlanView
from service.web.forms import Form, parse
from service.web.pages import day, page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/plans/{plan_id}/objectives/new", permission=Permission.WRITE_PLAN)
def show_new_objective(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, horizon: str = "", gap: str = ""
) -> Response:
    """An empty form, its horizon and gap set where the link said so."""
    plan = queries.get_plan_to_write(session, actor, plan_id)
    forms.check_draft(plan)
    values = forms.new_objective(plan, int(horizon) if horizon in ("30", "60", "90") else 0, gap)
    return _objective_form(request, session, actor, plan, None, values)


@router.post("/plans/{plan_id}/objectives", permission=Permission.WRITE_PLAN)
def create_objective(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Add an objective."""
    try:
        row = actions.add_objective(session, actor, plan_id, parse(ObjectiveInput, form))
        session.flush()
    except REFUSED as problem:
        session.rollback()
        return _objective_again(request, session, actor, plan_id, None, form, problem)
    flash = "The objective is added. Three to five key results will show that it is reached."
    return see_other(f"/plans/{plan_id}#objective-{row.id}", flash=flash)


@router.get("/plans/{plan_id}/objectives/{objective_id}", permission=Permission.WRITE_PLAN)
def show_objective(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID
) -> Response:
    """The form of an objective, with the remarks of the checks."""
    plan = queries.get_plan_to_write(session, actor, plan_id)
    objective = _found(forms.objective_of(plan, objective_id))
    forms.check_draft(plan)
    return _objective_form(request, session, actor, plan, objective, forms.objective_values(plan, objective))


@router.post("/plans/{plan_id}/objectives/{objective_id}", permission=Permission.WRITE_PLAN)
def update_objective(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID, form: Form
) -> Response:
    """Change an objective."""
    try:
        actions.change_objective(session, actor, plan_id, objective_id, parse(ObjectiveInput, form))
    except REFUSED as problem:
        session.rollback()
        return _objective_again(request, session, actor, plan_id, objective_id, form, problem)
    return see_other(f"/plans/{plan_id}#objective-{objective_id}", flash="The objective is saved.")


@router.post("/plans/{plan_id}/objectives/{objective_id}/removal", permission=Permission.WRITE_PLAN)
def remove_objective(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID, form: Form
) -> Response:
    """Take an objective out, with its key results."""
    try:
        actions.remove_objective(session, actor, plan_id, objective_id, forms.version_of(form))
    except REFUSED as problem:
        session.rollback()
        return plan_page(request, session, actor, plan_id, problem=problem)
    return see_other(f"/plans/{plan_id}", flash="The objective is out of the plan.")


@router.get("/plans/{plan_id}/objectives/{objective_id}/key-results/new", permission=Permission.WRITE_PLAN)
def show_new_key_result(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID
) -> Response:
    """An empty form, due with its objective."""
    plan = queries.get_plan_to_write(session, actor, plan_id)
    objective = _found(forms.objective_of(plan, objective_id))
    forms.check_draft(plan)
    return _key_result_form(request, session, actor, plan, objective, None, forms.new_key_result(plan, objective))


@router.post("/plans/{plan_id}/objectives/{objective_id}/key-results", permission=Permission.WRITE_PLAN)
def create_key_result(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID, form: Form, more: str = ""
) -> Response:
    """Add a key result; with `more`, the form for another one follows."""
    try:
        row = actions.add_key_result(session, actor, plan_id, objective_id, parse(KeyResultInput, form))
    except REFUSED as problem:
        session.rollback()
        plan = queries.get_plan_to_write(session, actor, plan_id)
        objective = forms.objective_of(plan, objective_id)
        return _key_result_again(request, session, actor, plan, objective, None, form, problem)
    flash = f"Key result {row.position} is added."
    if more:
        return see_other(f"/plans/{plan_id}/objectives/{objective_id}/key-results/new", flash=flash)
    return see_other(f"/plans/{plan_id}#objective-{objective_id}", flash=flash)


@router.get("/plans/{plan_id}/key-results/{key_result_id}", permission=Permission.WRITE_PLAN)
def show_key_result(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, key_result_id: UUID
) -> Response:
    """The form of a key result, with the remarks of the checks."""
    plan = queries.get_plan_to_write(session, actor, plan_id)
    objective, key_result = _found(forms.key_result_of(plan, key_result_id))
    forms.check_draft(plan)
    return _key_result_form(
        request, session, actor, plan, objective, key_result, forms.key_result_values(plan, key_result)
    )


@router.post("/plans/{plan_id}/key-results/{key_result_id}", permission=Permission.WRITE_PLAN)
def update_key_result(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, key_result_id: UUID, form: Form
) -> Response:
    """Change a key result."""
    try:
        row = actions.change_key_result(session, actor, plan_id, key_result_id, parse(KeyResultInput, form))
    except REFUSED as problem:
        session.rollback()
        plan = queries.get_plan_to_write(session, actor, plan_id)
        objective, key_result = forms.key_result_of(plan, key_result_id) or (None, None)
        return _key_result_again(request, session, actor, plan, objective, key_result, form, problem)
    return see_other(f"/plans/{plan_id}#objective-{row.objective_id}", flash="The key result is saved.")


@router.post("/plans/{plan_id}/key-results/{key_result_id}/removal", permission=Permission.WRITE_PLAN)
def remove_key_result(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, key_result_id: UUID, form: Form
) -> Response:
    """Take a key result out."""
    try:
        actions.remove_key_result(session, actor, plan_id, key_result_id, forms.version_of(form))
    except REFUSED as problem:
        session.rollback()
        return plan_page(request, session, actor, plan_id, problem=problem)
    return see_other(f"/plans/{plan_id}", flash="The key result is out of the plan.")


def _objective_form(
    request: Request,
    session: DbSession,
    actor: Actor,
    plan: PlanView,
    objective: ObjectiveView | None,
    values: Values,
    **shown: Any,
) -> Response:
    shown = {"problem": None, "gone": False, "plan": plan, "objective": objective, "values": values} | shown
    shown |= {"remarks": forms.remarks_on(objective), "gaps": forms.gaps_of(plan, objective)}
    shown |= {
        "ladder": ladder_of(session, actor, plan),
        "horizons": [(n, f"{n} days, until {day(on)}") for n, on in plan.ends],
    }
    return page(request, "plans/objective.html", status=status_of(shown["problem"]), **shown)


def _objective_again(
    request: Request,
    session: DbSession,
    actor: Actor,
    plan_id: UUID,
    objective_id: UUID | None,
    form: FormData,
    problem: NextrungError,
) -> Response:
    plan = queries.get_plan_to_write(session, actor, plan_id)
    objective = forms.objective_of(plan, objective_id) if objective_id else None
    fields = forms.objective_values(plan, objective) if objective else forms.new_objective(plan, 0, "")
    values = forms.typed(form, fields, problem)
    gone = objective_id is not None and objective is None
    return _objective_form(request, session, actor, plan, objective, values, problem=problem, gone=gone)


def _key_result_form(
    request: Request,
    session: DbSession,
    actor: Actor,
    plan: PlanView,
    objective: ObjectiveView | None,
    key_result: KeyResultView | None,
    values: Values,
    *,
    problem: NextrungError | None = None,
) -> Response:
    shown: dict[str, Any] = {
        "plan": plan,
        "objective": objective,
        "key_result": key_result,
        "values": values,
        "problem": problem,
    }
    shown |= {"remarks": forms.remarks_on_key_result(objective, key_result), "directions": forms.DIRECTIONS}
    shown |= {"ladder": ladder_of(session, actor, plan)}
    return page(request, "plans/key_result.html", status=status_of(problem), **shown)


def _key_result_again(
    request: Request,
    session: DbSession,
    actor: Actor,
    plan: PlanView,
    objective: ObjectiveView | None,
    key_result: KeyResultView | None,
    form: FormData,
    problem: NextrungError,
) -> Response:
    fields = forms.key_result_values(plan, key_result) if key_result else forms.new_key_result(plan, objective)
    values = forms.typed(form, fields, problem)
    return _key_result_form(request, session, actor, plan, objective, key_result, values, problem=problem)


def _found(thing: Any) -> Any:
    if thing is None:
        raise NotFound
    return thing
