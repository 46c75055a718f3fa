"""JSON doors of the objectives of the company, its departments and teams. A write names the version it was made on, and answers
the whole objective."""

from uuid import UUID

from fastapi import Response

from service.alignment import actions, queries
from service.alignment.forms import View
from service.alignment.inputs import (
    UnitKeyResultDraft,
    UnitKeyResultInput,
    UnitObjectiveDraft,
    UnitObjectiveInput,
    ValueInput,
)
from service.alignment.views import Tree, UnitObjectiveView
from service.objectives.checks import Remark
from service.permissions import Permission
from service.web.answers import refusals
from service.web.etags import SeenVersion, set_etag
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="objectives")

EDIT = refusals(409, 412, 428)
HERE = "/objectives/{unit_objective_id}"
RESULT = HERE + "/key-results/{unit_key_result_id}"


@router.get("/objectives", permission=Permission.READ_OBJECTIVES)
def show_objectives(session: DbSession, actor: SignedIn, view: View) -> Tree:
    """The objectives of the company, its departments and teams, each below the one that it serves."""
    return queries.get_tree(session, actor, view)


@router.post("/objectives", permission=Permission.WRITE_OBJECTIVES, status_code=201)
def add_objective(
    response: Response, session: DbSession, actor: SignedIn, given: UnitObjectiveInput
) -> UnitObjectiveView:
    """Add an objective; `Location` names it."""
    row = actions.add_objective(session, actor, given)
    response.headers["location"] = f"/api/v1/objectives/{row.id}"
    return _answer(response, queries.get_objective(session, actor, row.id))


@router.post("/objectives/checks", permission=Permission.WRITE_OBJECTIVES)
def check_new_objective(session: DbSession, actor: SignedIn, given: UnitObjectiveDraft) -> tuple[Remark, ...]:
    """What the checks say of an objective to come while it is being written. Nothing is saved."""
    return queries.check_objective(session, actor, given)


@router.get(HERE, permission=Permission.READ_OBJECTIVES)
def show_objective(
    unit_objective_id: UUID, response: Response, session: DbSession, actor: SignedIn
) -> UnitObjectiveView:
    """One objective with its key results, what the checks say, and what is aligned to it."""
    return _answer(response, queries.get_objective(session, actor, unit_objective_id))


@router.put(HERE, permission=Permission.WRITE_OBJECTIVES, responses=EDIT)
def change_objective(
    unit_objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion,
    given: UnitObjectiveInput,
) -> UnitObjectiveView:  # fmt: skip
    """Write an objective anew; its key results stay."""
    actions.change_objective(session, actor, unit_objective_id, given.model_copy(update={"version": version}))
    return _answer(response, queries.get_objective(session, actor, unit_objective_id))


@router.post(HERE + "/checks", permission=Permission.WRITE_OBJECTIVES)
def check_objective(
    unit_objective_id: UUID, session: DbSession, actor: SignedIn, given: UnitObjectiveDraft
) -> tuple[Remark, ...]:
    """What the checks say of an objective while it is being changed. Nothing is saved."""
    return queries.check_objective(session, actor, given, unit_objective_id)


@router.post(HERE + "/closure", permission=Permission.WRITE_OBJECTIVES, responses=EDIT)
def close_objective(
    unit_objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> UnitObjectiveView:
    """End an objective; what is aligned to it stays so."""
    actions.close_objective(session, actor, unit_objective_id, version)
    return _answer(response, queries.get_objective(session, actor, unit_objective_id))


@router.post(HERE + "/reopening", permission=Permission.WRITE_OBJECTIVES, responses=EDIT)
def reopen_objective(
    unit_objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> UnitObjectiveView:
    """Go on with a closed objective."""
    actions.reopen_objective(session, actor, unit_objective_id, version)
    return _answer(response, queries.get_objective(session, actor, unit_objective_id))


@router.post(HERE + "/key-results", permission=Permission.WRITE_OBJECTIVES, status_code=201, responses=EDIT)
def add_key_result(
    unit_objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion,
    given: UnitKeyResultInput,
) -> UnitObjectiveView:  # fmt: skip
    """Add a key result; `Location` names it."""
    row = actions.add_key_result(session, actor, unit_objective_id, given.model_copy(update={"version": version}))
    response.headers["location"] = f"/api/v1/objectives/{unit_objective_id}/key-results/{row.id}"
    return _answer(response, queries.get_objective(session, actor, unit_objective_id))


@router.post(HERE + "/key-result-checks", permission=Permission.WRITE_OBJECTIVES)
def check_key_result(
    unit_objective_id: UUID, session: DbSession, actor: SignedIn, given: UnitKeyResultDraft
) -> tuple[Remark, ...]:
    """What the checks say of a key result while it is being written. Nothing is saved."""
    return queries.check_key_result(session, actor, unit_objective_id, given)


@router.put(RESULT, permission=Permission.WRITE_OBJECTIVES, responses=EDIT)
def change_key_result(
    unit_objective_id: UUID, unit_key_result_id: UUID, response: Response, session: DbSession, actor: SignedIn,
    version: SeenVersion, given: UnitKeyResultInput,
) -> UnitObjectiveView:  # fmt: skip
    """Write a key result anew; its last value stays."""
    given = given.model_copy(update={"version": version})
    actions.change_key_result(session, actor, unit_objective_id, unit_key_result_id, given)
    return _answer(response, queries.get_objective(session, actor, unit_objective_id))


@router.put(RESULT + "/value", permission=Permission.WRITE_OBJECTIVES, responses=EDIT)
def measure_key_result(
    unit_objective_id: UUID, unit_key_result_id: UUID, response: Response, session: DbSession, actor: SignedIn,
    version: SeenVersion, given: ValueInput,
) -> UnitObjectiveView:  # fmt: skip
    """Say where a key result stands."""
    given = given.model_copy(update={"version": version})
    actions.measure_key_result(session, actor, unit_objective_id, unit_key_result_id, given)
    return _answer(response, queries.get_objective(session, actor, unit_objective_id))


@router.delete(RESULT, permission=Permission.WRITE_OBJECTIVES, responses=EDIT)
def remove_key_result(
    unit_objective_id: UUID, unit_key_result_id: UUID, response: Response, session: DbSession, actor: SignedIn,
    version: SeenVersion,
) -> UnitObjectiveView:  # fmt: skip
    """Take a key result out."""
    actions.remove_key_result(session, actor, unit_objective_id, unit_key_result_id, version)
    return _answer(response, queries.get_objective(session, actor, unit_objective_id))


def _answer(response: Response, objective: UnitObjectiveView) -> UnitObjectiveView:
    set_etag(response, objective.version)
    return objective
