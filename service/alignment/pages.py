"""HTML doors of the objectives of the company, its departments and teams. What was typed survives what could not be saved."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from service.alignment import actions, forms, queries
from service.alignment.forms import View
from service.alignment.inputs import OPEN, UnitKeyResultInput, UnitObjectiveInput, ValueInput
from service.drafts.forms import DIRECTIONS, said
from service.errors import NotFound
from service.permissions import Actor, Permission
from service.plans.forms import filled, version_of
from service.web.again import or_again, refused
from service.web.forms import Blank, Form, parse
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)
Id = Annotated[UUID | None, Query(), Blank]


@router.get("/objectives", permission=Permission.READ_OBJECTIVES)
def show_objectives(request: Request, session: DbSession, actor: SignedIn, view: View) -> Response:
    """The tree: the company's, and below each what serves it."""
    tree = queries.get_tree(session, actor, view)
    return page(
        request,
        "alignment/tree.html",
        tree=tree,
        view=view,
        is_narrowed=bool(view.unit) or view.period != OPEN,
        units=forms.unit_options(tree),
        periods=forms.period_options(tree),
    )


@router.get("/objectives/new", permission=Permission.WRITE_OBJECTIVES)
def show_new_objective(
    request: Request, session: DbSession, actor: SignedIn, unit: Id = None, parent: Id = None
) -> Response:
    """The form of an objective to come; the unit and what it serves set where the link said so."""
    return _objective(request, session, actor, None, unit=unit, parent=parent)


@router.post("/objectives", permission=Permission.WRITE_OBJECTIVES)
@or_again(show_new_objective)
def create_objective(session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Add an objective."""
    row = actions.add_objective(session, actor, parse(UnitObjectiveInput, form))
    session.flush()
    flash = "The objective is added. Three to five key results will show that it is reached."
    return see_other(f"/objectives/{row.id}", flash=flash)


@router.get("/objectives/{unit_objective_id}", permission=Permission.READ_OBJECTIVES)
def show_objective(request: Request, session: DbSession, actor: SignedIn, unit_objective_id: UUID) -> Response:
    """One objective: its key results, and what is aligned to it."""
    objective = queries.get_objective(session, actor, unit_objective_id)
    return page(request, "alignment/objective.html", objective=objective)


@router.get("/objectives/{unit_objective_id}/edit", permission=Permission.WRITE_OBJECTIVES)
def show_edit(request: Request, session: DbSession, actor: SignedIn, unit_objective_id: UUID) -> Response:
    """The form of an objective, with the remarks of the checks."""
    return _objective(request, session, actor, unit_objective_id)


@router.post("/objectives/{unit_objective_id}", permission=Permission.WRITE_OBJECTIVES)
@or_again(show_edit)
def update_objective(session: DbSession, actor: SignedIn, unit_objective_id: UUID, form: Form) -> Response:
    """Change an objective."""
    actions.change_objective(session, actor, unit_objective_id, parse(UnitObjectiveInput, form))
    return see_other(f"/objectives/{unit_objective_id}", flash="The objective is saved.")


@router.post("/objectives/{unit_objective_id}/closure", permission=Permission.WRITE_OBJECTIVES)
@or_again(show_objective)
def create_closure(session: DbSession, actor: SignedIn, unit_objective_id: UUID, form: Form) -> Response:
    """End an objective."""
    actions.close_objective(session, actor, unit_objective_id, version_of(form))
    return see_other(
        f"/objectives/{unit_objective_id}", flash="The objective is closed. What is aligned to it stays so."
    )


@router.post("/objectives/{unit_objective_id}/reopening", permission=Permission.WRITE_OBJECTIVES)
@or_again(show_objective)
def create_reopening(session: DbSession, actor: SignedIn, unit_objective_id: UUID, form: Form) -> Response:
    """Go on with a closed objective."""
    actions.reopen_objective(session, actor, unit_objective_id, version_of(form))
    return see_other(f"/objectives/{unit_objective_id}", flash="The objective is open again.")


@router.get("/objectives/{unit_objective_id}/key-results/new", permission=Permission.WRITE_OBJECTIVES)
def show_new_key_result(request: Request, session: DbSession, actor: SignedIn, unit_objective_id: UUID) -> Response:
    """The form of a key result to come."""
    return _key_result(request, session, actor, unit_objective_id)


@router.post("/objectives/{unit_objective_id}/key-results", permission=Permission.WRITE_OBJECTIVES)
@or_again(show_new_key_result)
def create_key_result(
    session: DbSession, actor: SignedIn, unit_objective_id: UUID, form: Form, more: str = ""
) -> Response:
    """Add a key result; with `more`, the form for another one follows."""
    row = actions.add_key_result(session, actor, unit_objective_id, parse(UnitKeyResultInput, form))
    here, flash = f"/objectives/{unit_objective_id}", f"Key result {row.position} is added."
    return see_other(f"{here}/key-results/new" if more else here, flash=flash)


@router.get("/objectives/{unit_objective_id}/key-results/{unit_key_result_id}", permission=Permission.WRITE_OBJECTIVES)
def show_key_result(
    request: Request, session: DbSession, actor: SignedIn, unit_objective_id: UUID, unit_key_result_id: UUID
) -> Response:
    """The form of a key result, with the remarks of the checks."""
    return _key_result(request, session, actor, unit_objective_id, unit_key_result_id)


@router.post("/objectives/{unit_objective_id}/key-results/{unit_key_result_id}", permission=Permission.WRITE_OBJECTIVES)
@or_again(show_key_result)
def update_key_result(
    session: DbSession, actor: SignedIn, unit_objective_id: UUID, unit_key_result_id: UUID, form: Form
) -> Response:
    """Change a key result."""
    given = parse(UnitKeyResultInput, form)
    actions.change_key_result(session, actor, unit_objective_id, unit_key_result_id, given)
    return see_other(f"/objectives/{unit_objective_id}", flash="The key result is saved.")


@router.post(
    "/objectives/{unit_objective_id}/key-results/{unit_key_result_id}/value", permission=Permission.WRITE_OBJECTIVES
)
@or_again(show_objective)
def create_value(
    session: DbSession, actor: SignedIn, unit_objective_id: UUID, unit_key_result_id: UUID, form: Form
) -> Response:
    """Say where a key result stands."""
    actions.measure_key_result(session, actor, unit_objective_id, unit_key_result_id, parse(ValueInput, form))
    return see_other(f"/objectives/{unit_objective_id}#result-{unit_key_result_id}", flash="The value is saved.")


@router.post(
    "/objectives/{unit_objective_id}/key-results/{unit_key_result_id}/removal", permission=Permission.WRITE_OBJECTIVES
)
@or_again(show_objective)
def remove_key_result(
    session: DbSession, actor: SignedIn, unit_objective_id: UUID, unit_key_result_id: UUID, form: Form
) -> Response:
    """Take a key result out."""
    actions.remove_key_result(session, actor, unit_objective_id, unit_key_result_id, version_of(form))
    return see_other(f"/objectives/{unit_objective_id}", flash="The key result is out.")


def _objective(
    request: Request, session: DbSession, actor: Actor, objective_id: UUID | None,
    *, unit: UUID | None = None, parent: UUID | None = None,
) -> Response:  # fmt: skip
    again = refused(request)
    objective = queries.get_objective_to_write(session, actor, objective_id) if objective_id else None
    places = queries.get_places(session, actor, objective)
    fresh = forms.objective_values(objective) if objective else forms.new_objective(places, unit, parent)
    return page(
        request,
        "alignment/edit.html",
        objective=objective,
        values=filled(fresh, again),
        says=said(forms.own_remarks(objective), again),
        checks=forms.CHECKS_OF_OBJECTIVES,
        units=forms.place_options(places),
        parents=forms.parent_options(places),
        cancel=f"/objectives/{objective_id}" if objective_id else f"/objectives?{urlencode({'unit': unit or ''})}",
    )


def _key_result(
    request: Request, session: DbSession, actor: Actor, objective_id: UUID, key_result_id: UUID | None = None
) -> Response:
    again = refused(request)
    objective = queries.get_objective_to_write(session, actor, objective_id)
    key_result = forms.key_result_of(objective, key_result_id) if key_result_id else None
    if key_result_id and key_result is None and not again:
        raise NotFound
    return page(
        request,
        "alignment/key_result.html",
        objective=objective,
        key_result=key_result,
        values=filled(forms.key_result_values(objective, key_result), again),
        says=said(forms.remarks_on(objective, key_result), again),
        checks=forms.CHECKS_OF_KEY_RESULTS,
        directions=DIRECTIONS,
    )
