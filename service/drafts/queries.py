"""Reading what helps to write an objective: the checks, and what it can serve."""

from uuid import UUID

from sqlalchemy.orm import Session

from service.drafts.inputs import KeyResultInput, ObjectiveInput
from service.errors import NotFound
from service.gaps.queries import get_report
from service.objectives import checks
from service.objectives.checks import Remark
from service.objectives.queries import Choices, list_choices
from service.objectives.rules import KeyResult, Objective
from service.people.models import Person
from service.permissions import Actor, Permission, require
from service.plans.queries import find_plan
from service.plans.text import objective_of
from service.plans.views import ObjectiveView, PlanView


def open_gaps(session: Session, actor: Actor, plan: PlanView) -> tuple[str, ...]:
    """The skills whose gaps are open in the review that a plan grew out of, in the report's order; none for onboarding."""
    return tuple(gap.skill.id for gap in get_report(session, actor, plan.review_id).gaps) if plan.review_id else ()


def list_above(session: Session, actor: Actor, plan: PlanView, objective: ObjectiveView | None) -> tuple[Choices, ...]:
    """What an objective of a plan can be aligned to, with what it is aligned to already."""
    person = session.get_one(Person, plan.person_id)
    return list_choices(session, actor, person, objective.aligned.id if objective and objective.aligned else None)


def check_objective(session: Session, actor: Actor, plan_id: UUID, given: ObjectiveInput) -> tuple[Remark, ...]:
    """What the checks say of an objective's own fields as they are given. Raises: NotFound, NotSignedIn, Forbidden."""
    plan = find_plan(session, actor, plan_id)
    require(actor, Permission.WRITE_PLAN, plan)
    written = Objective(
        given.title,
        given.horizon,
        given.why,
        tuple(given.serves_gaps),
        given.serves,
        given.due_on,
        (),
        is_aligned=given.aligned_to is not None,
    )
    return tuple(checks.check_words(plan.start_on, written))


def check_key_result(
    session: Session, actor: Actor, plan_id: UUID, objective_id: UUID, given: KeyResultInput
) -> tuple[Remark, ...]:
    """What the checks say of a key result as it is given. Raises: NotFound, NotSignedIn, Forbidden."""
    plan = find_plan(session, actor, plan_id)
    require(actor, Permission.WRITE_PLAN, plan)
    objective = next((row for row in plan.objectives if row.id == objective_id), None)
    if objective is None:
        raise NotFound
    written = KeyResult(
        given.title, given.metric, given.unit, given.direction, given.baseline, given.target, given.due_on
    )
    others = [objective_of(row) for row in plan.objectives if row.id != objective_id]
    return tuple(checks.check_key_result(plan.start_on, objective.horizon, written, others))
