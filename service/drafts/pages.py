"""HTML doors of a draft's objectives and key results. Whatever was typed survives what could not be saved."""

import json
from collections.abc import Collection
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from service.drafts import actions, forms, queries
from service.drafts.inputs import KeyResultInput, MoveInput, ObjectiveInput
from service.errors import NotFound
from service.objectives.checks import errors
from service.permissions import Permission
from service.plans.forms import filled
from service.plans.pages import ladder_of, show_plan
from service.plans.queries import get_plan_to_write
from service.web.again import or_again, refused
from service.web.forms import Form, parse, version_of
from service.web.pages import day, page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)
Id = Annotated[str, Query(max_length=80)]
Key = Annotated[str, Query(max_length=200)]
Gaps = Annotated[tuple[str, ...], Query(max_length=60)]


@router.get("/plans/{plan_id}/objectives/new", permission=Permission.WRITE_PLAN)
def show_new_objective(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    plan_id: UUID,
    horizon: Id = "",
    gap: Gaps = (),
    start: Key = "",
) -> Response:
    """The form of an objective to come: its horizon and gaps set, and its words begun, where the link said so."""
    return _objective(request, session, actor, plan_id, horizon=horizon, gaps=gap, start=start)


@router.post("/plans/{plan_id}/objectives", permission=Permission.WRITE_PLAN)
@or_again(show_new_objective)
def create_objective(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Add an objective."""
    given = parse(ObjectiveInput, form)
    row = actions.add_objective(session, actor, plan_id, given)
    session.flush()
    if errors(queries.check_objective(session, actor, plan_id, given)):
        return see_other(f"/plans/{plan_id}/objectives/{row.id}", flash=f"The objective is added. {forms.STILL_OPEN}")
    flash = "The objective is added. Three to five key results will show that it is reached."
    return see_other(f"/plans/{plan_id}#objective-{row.id}", flash=flash)


@router.get("/plans/{plan_id}/objectives/{objective_id}", permission=Permission.WRITE_PLAN)
def show_objective(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID
) -> Response:
    """The form of an objective, with the remarks of the checks."""
    return _objective(request, session, actor, plan_id, objective_id)


@router.post("/plans/{plan_id}/objectives/{objective_id}", permission=Permission.WRITE_PLAN)
@or_again(show_objective)
def update_objective(session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID, form: Form) -> Response:
    """Change an objective."""
    given = parse(ObjectiveInput, form)
    actions.change_objective(session, actor, plan_id, objective_id, given)
    if errors(queries.check_objective(session, actor, plan_id, given)):
        return see_other(
            f"/plans/{plan_id}/objectives/{objective_id}", flash=f"The objective is saved. {forms.STILL_OPEN}"
        )
    return see_other(f"/plans/{plan_id}#objective-{objective_id}", flash="The objective is saved.")


@router.post("/plans/{plan_id}/objectives/{objective_id}/horizon", permission=Permission.WRITE_PLAN)
@or_again(show_plan)
def move_objective(session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID, form: Form) -> Response:
    """Put an objective into another lane."""
    row = actions.move_objective(session, actor, plan_id, objective_id, parse(MoveInput, form))
    return see_other(f"/plans/{plan_id}#objective-{objective_id}", flash=f"Moved to {row.horizon} days.")


@router.post("/plans/{plan_id}/objectives/{objective_id}/removal", permission=Permission.WRITE_PLAN)
@or_again(show_plan)
def remove_objective(session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID, form: Form) -> Response:
    """Take an objective out, with its key results."""
    actions.remove_objective(session, actor, plan_id, objective_id, version_of(form))
    return see_other(f"/plans/{plan_id}", flash="The objective is out of the plan.")


@router.post("/plans/{plan_id}/gaps/{skill_id}/removal", permission=Permission.WRITE_PLAN)
@or_again(show_plan)
def remove_gap(session: DbSession, actor: SignedIn, plan_id: UUID, skill_id: str, form: Form) -> Response:
    """Take a chosen gap out that no objective serves."""
    actions.remove_gap(session, actor, plan_id, skill_id, version_of(form))
    return see_other(f"/plans/{plan_id}", flash="The gap is out of the plan.")


@router.get("/plans/{plan_id}/objectives/{objective_id}/key-results/new", permission=Permission.WRITE_PLAN)
def show_new_key_result(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID, start: Key = ""
) -> Response:
    """The form of a key result to come, due with its objective, and counted as the blueprint does where the link said so."""
    return _key_result(request, session, actor, plan_id, objective_id, start=start)


@router.post("/plans/{plan_id}/objectives/{objective_id}/key-results", permission=Permission.WRITE_PLAN)
@or_again(show_new_key_result)
def create_key_result(
    session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID, form: Form, more: str = ""
) -> Response:
    """Add a key result; with `more`, the form for another one follows."""
    given = parse(KeyResultInput, form)
    row = actions.add_key_result(session, actor, plan_id, objective_id, given)
    session.flush()
    flash = f"Key result {row.position} is added."
    if errors(queries.check_key_result(session, actor, plan_id, objective_id, given)):
        return see_other(f"/plans/{plan_id}/key-results/{row.id}", flash=f"{flash} {forms.STILL_OPEN}")
    if more:
        return see_other(f"/plans/{plan_id}/objectives/{objective_id}/key-results/new", flash=flash)
    return see_other(f"/plans/{plan_id}#objective-{objective_id}", flash=flash)


@router.get("/plans/{plan_id}/key-results/{key_result_id}", permission=Permission.WRITE_PLAN)
def show_key_result(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, key_result_id: UUID
) -> Response:
    """The form of a key result, with the remarks of the checks."""
    return _key_result(request, session, actor, plan_id, None, key_result_id)


@router.post("/plans/{plan_id}/key-results/{key_result_id}", permission=Permission.WRITE_PLAN)
@or_again(show_key_result)
def update_key_result(
    session: DbSession, actor: SignedIn, plan_id: UUID, key_result_id: UUID, form: Form, more: str = ""
) -> Response:
    """Change a key result; with `more`, the form for another one follows."""
    given = parse(KeyResultInput, form)
    row = actions.change_key_result(session, actor, plan_id, key_result_id, given)
    if errors(queries.check_key_result(session, actor, plan_id, row.objective_id, given)):
        flash = f"The key result is saved. {forms.STILL_OPEN}"
        return see_other(f"/plans/{plan_id}/key-results/{key_result_id}", flash=flash)
    if more:
        there = f"/plans/{plan_id}/objectives/{row.objective_id}/key-results/new"
        return see_other(there, flash="The key result is saved.")
    return see_other(f"/plans/{plan_id}#objective-{row.objective_id}", flash="The key result is saved.")


@router.post("/plans/{plan_id}/key-results/{key_result_id}/removal", permission=Permission.WRITE_PLAN)
@or_again(show_plan)
def remove_key_result(session: DbSession, actor: SignedIn, plan_id: UUID, key_result_id: UUID, form: Form) -> Response:
    """Take a key result out."""
    actions.remove_key_result(session, actor, plan_id, key_result_id, version_of(form))
    return see_other(f"/plans/{plan_id}", flash="The key result is out of the plan.")


def _objective(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID | None = None,
    *, horizon: str = "", gaps: Collection[str] = (), start: str = "",
) -> Response:  # fmt: skip
    plan, again = get_plan_to_write(session, actor, plan_id), refused(request)
    objective = forms.objective_of(plan, objective_id) if objective_id else None
    if not again:
        _check_there(objective_id is None or objective)
        forms.check_draft(plan)
    view = ladder_of(session, actor, plan)
    offered = forms.starting_points(plan, view, gaps)
    days = int(horizon) if horizon in ("30", "60", "90") else 0
    fresh = forms.new_objective(plan, offered, horizon=days, gaps=gaps, start=start)
    values = filled(forms.objective_values(plan, objective) if objective else fresh, again)
    return page(
        request,
        "drafts/objective.html",
        plan=plan,
        objective=objective,
        gone=objective_id is not None and objective is None,
        values=values,
        says=forms.said(forms.remarks_on(objective), again),
        checks=forms.CHECKS_OF_OBJECTIVES,
        gaps=forms.gaps_of(plan, view.ladder, values["serves_gaps"]),
        open_gaps=queries.open_gaps(session, actor, plan),
        above=forms.above_options(queries.list_above(session, actor, plan, objective)),
        begun=gaps,
        offered=offered,
        origins=forms.origins(offered, values["source"]),
        ladder=view.ladder,
        horizons=[(n, f"{n} days, until {day(on)}") for n, on in plan.ends],
        ends=json.dumps({n: on.isoformat() for n, on in plan.ends}),
    )


def _key_result(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, objective_id: UUID | None,
    key_result_id: UUID | None = None, *, start: str = "",
) -> Response:  # fmt: skip
    plan, again = get_plan_to_write(session, actor, plan_id), refused(request)
    objective, key_result = forms.objective_of(plan, objective_id) if objective_id else None, None
    if key_result_id:
        objective, key_result = forms.key_result_of(plan, key_result_id) or (None, None)
    if not again:
        _check_there(objective)
        forms.check_draft(plan)
    offered = forms.starting_points(plan, ladder_of(session, actor, plan), objective.serves_gaps if objective else ())
    begun = forms.begun_with(offered, start)
    fresh = forms.new_key_result(plan, objective, offered, begun)
    values = filled(forms.key_result_values(plan, key_result) if key_result else fresh, again)
    return page(
        request,
        "drafts/key_result.html",
        plan=plan,
        objective=objective,
        key_result=key_result,
        values=values,
        says=forms.said(forms.remarks_on_key_result(objective, key_result), again),
        checks=forms.CHECKS_OF_KEY_RESULTS,
        directions=forms.DIRECTIONS,
        offered=offered,
        origins=forms.origins(offered, values["source"]),
        begun=begun,
        ladder=offered.ladder,
    )


def _check_there(thing: Any) -> None:
    if not thing:
        raise NotFound
