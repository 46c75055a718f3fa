"""JSON doors of a plan's objectives and key results."""

from uuid import UUID

from fastapi import Response

from service.drafts import actions, queries
from service.drafts.inputs import KeyResultDraft, KeyResultInput, ObjectiveDraft, ObjectiveInput
from service.objectives.checks import Remark
from service.permissions import Permission
from service.plans.api import EDIT, answer_plan
from service.plans.queries import get_plan
from service.plans.views import PlanView
from service.web.etags import SeenVersion
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")


@router.post("/plans/{plan_id}/objectives", permission=Permission.WRITE_PLAN, status_code=201, responses=EDIT)
def add_objective(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion, given: ObjectiveInput
) -> PlanView:
    """Add an objective to a draft; `Location` names it."""
    row = actions.add_objective(session, actor, plan_id, given.model_copy(update={"version": version}))
    return answer_plan(response, get_plan(session, actor, plan_id), made=f"/objectives/{row.id}")


@router.put("/plans/{plan_id}/objectives/{objective_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def change_objective(
    plan_id: UUID, objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion,
    given: ObjectiveInput,
) -> PlanView:  # fmt: skip
    """Write an objective of a draft anew; its key results stay."""
    actions.change_objective(session, actor, plan_id, objective_id, given.model_copy(update={"version": version}))
    return answer_plan(response, get_plan(session, actor, plan_id))


@router.delete("/plans/{plan_id}/objectives/{objective_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def remove_objective(
    plan_id: UUID, objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Take an objective and its key results out of a draft."""
    actions.remove_objective(session, actor, plan_id, objective_id, version)
    return answer_plan(response, get_plan(session, actor, plan_id))


@router.post(
    "/plans/{plan_id}/objectives/{objective_id}/key-results",
    permission=Permission.WRITE_PLAN,
    status_code=201,
    responses=EDIT,
)
def add_key_result(
    plan_id: UUID, objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion,
    given: KeyResultInput,
) -> PlanView:  # fmt: skip
    """Add a key result to an objective of a draft; `Location` names it."""
    row = actions.add_key_result(session, actor, plan_id, objective_id, given.model_copy(update={"version": version}))
    return answer_plan(response, get_plan(session, actor, plan_id), made=f"/key-results/{row.id}")


@router.put("/plans/{plan_id}/key-results/{key_result_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def change_key_result(
    plan_id: UUID, key_result_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion,
    given: KeyResultInput,
) -> PlanView:  # fmt: skip
    """Write a key result of a draft anew."""
    actions.change_key_result(session, actor, plan_id, key_result_id, given.model_copy(update={"version": version}))
    return answer_plan(response, get_plan(session, actor, plan_id))


@router.delete("/plans/{plan_id}/key-results/{key_result_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def remove_key_result(
    plan_id: UUID, key_result_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Take a key result out of a draft."""
    actions.remove_key_result(session, actor, plan_id, key_result_id, version)
    return answer_plan(response, get_plan(session, actor, plan_id))


@router.delete("/plans/{plan_id}/gaps/{skill_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def remove_gap(
    plan_id: UUID, skill_id: str, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Take a chosen gap that no objective serves out of a draft."""
    actions.remove_gap(session, actor, plan_id, skill_id, version)
    return answer_plan(response, get_plan(session, actor, plan_id))


@router.post("/plans/{plan_id}/objective-checks", permission=Permission.WRITE_PLAN)
def check_objective(plan_id: UUID, session: DbSession, actor: SignedIn, given: ObjectiveDraft) -> tuple[Remark, ...]:
    """What the checks say of an objective while it is being written. Nothing is saved."""
    return queries.check_objective(session, actor, plan_id, given)


@router.post("/plans/{plan_id}/objectives/{objective_id}/key-result-checks", permission=Permission.WRITE_PLAN)
def check_key_result(
    plan_id: UUID, objective_id: UUID, session: DbSession, actor: SignedIn, given: KeyResultDraft
) -> tuple[Remark, ...]:
    """What the checks say of a key result while it is being written. Nothing is saved."""
    return queries.check_key_result(session, actor, plan_id, objective_id, given)
