"""Beginning, discarding and handing over growth plans: allow → check → change → record → enqueue."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service import clock
from service.audit.actions import record
from service.errors import Conflict, Invalid, Problem
from service.gaps.queries import get_report
from service.gaps.views import GapReport
from service.jobs.actions import enqueue
from service.objectives.rules import HORIZONS
from service.people.queries import find_manager
from service.permissions import SYSTEM, Actor
from service.plans import queries, rules
from service.plans.inputs import PromotionPlanInput
from service.plans.models import Plan
from service.plans.queries import find_written
from service.plans.rules import Kind, PlanStatus, check_chosen


def start_promotion_plan(session: Session, actor: Actor, review_id: UUID, given: PromotionPlanInput) -> Plan:
    """A draft about the chosen gaps of a review. Both sides see it, so it waits until the manager's view is shared. A
    review has one draft: where there is one already, that is it, as it stands.

    Raises: NotFound, Forbidden, Conflict (not shared yet), Invalid (a chosen skill is no open gap).
    """
    return _begin_promotion_plan(session, actor, review_id, given)[0]


def _begin_promotion_plan(
    session: Session, actor: Actor, review_id: UUID, given: PromotionPlanInput
) -> tuple[Plan, GapReport]:
    """The draft, and the gap report that it was begun from."""
    review = queries.find_planned_review(session, actor, review_id, lock=True)
    if not review.person.active:
        raise Conflict(f"{review.person.name} has left; there is nobody to plan with.")
    if review.shared_at is None:
        raise Conflict("A plan is written after the manager's view has been shared, so that both see the same gaps.")
    report = get_report(session, actor, review_id)
    open_gaps = {finding.skill.id for finding in report.gaps}
    check_chosen(given.chosen, open_gaps)
    if open_gaps and not given.chosen:
        raise Invalid("The plan is not begun yet.", [Problem("/chosen", "Choose at least one of the open gaps.")])
    if (draft := queries.find_draft(session, Plan.review_id == review_id)) is not None:
        return draft, report

    plan = Plan(
        person=review.person,
        assessor=review.assessor,
        review=review,
        ladder_version_id=review.ladder_version_id,
        kind=Kind.PROMOTION,
        title=f"Towards {report.target.title}, {review.cycle.name}",
        current_level=review.current_level,
        target_level=review.target_level,
        start_on=given.start_on,
        chosen=list(dict.fromkeys(given.chosen)),
        created_at=clock.now(),
    )
    session.add(plan)
    record(session, actor, "plan.started", plan)
    return plan, report


def plan_gaps(session: Session, actor: Actor, review_id: UUID, skill_ids: list[str]) -> tuple[Plan, int]:
    """The draft in which an objective about these gaps is written, the present one or one that begins today, and the
    horizon that is offered for it. Nothing of a present draft changes before the objective is saved.

    Raises: as `start_promotion_plan`.
    """
    given = PromotionPlanInput(start_on=clock.today(), chosen=skill_ids)
    plan, report = _begin_promotion_plan(session, actor, review_id, given)
    offered = (rules.horizon_for(gap) for gap in report.gaps if gap.skill.id in skill_ids)
    return plan, max(offered, default=HORIZONS[0])


def discard_plan(session: Session, actor: Actor, plan_id: UUID, version: int | None) -> None:
    """Take a draft away that nobody needs. What was agreed once stays.

    Raises: NotFound, Forbidden, Conflict (not a draft), Stale, VersionRequired.
    """
    plan = find_written(session, actor, plan_id, version)
    if plan.status != PlanStatus.DRAFT:
        raise Conflict("What was agreed stays. Take the change back instead.")
    record(session, actor, "plan.discarded", plan)
    enqueue(session, "remove_draft", plan_id=str(plan.id))
    session.delete(plan)


def hand_over_plans(session: Session, person_ids: Iterable[UUID]) -> None:
    """After the reporting line changed: plans go to the manager there is now. What was signed of a draft, or of a change that is
    being written, is signed again; what both have signed stands (SECURITY.md section 2, "Manager change mid-cycle")."""
    ids = list(person_ids)
    touched = select(Plan).where(or_(Plan.person_id.in_(ids), Plan.assessor_id.in_(ids)))
    for plan in session.scalars(touched.order_by(Plan.id).with_for_update(of=Plan)):
        if plan.person_id not in ids and plan.assessor is not None and plan.assessor.active:
            continue  # only the other side moved, and still works here
        manager_id = find_manager(session, plan.person)
        if not _is_with(plan, manager_id):  # nobody, where there is no manager now: the former one has no part in it
            _hand_over(plan, manager_id)
            record(session, SYSTEM, "plan.handed_over", plan)


def _is_with(plan: Plan, manager_id: UUID | None) -> bool:
    """Whether it is that manager's now, and would be after a change of it is taken back."""
    kept = plan.in_force["assessor_id"] if plan.in_force is not None else plan.assessor_id and str(plan.assessor_id)
    return plan.assessor_id == manager_id and kept == (manager_id and str(manager_id))


def _hand_over(plan: Plan, manager_id: UUID | None) -> None:
    if plan.closing_comment and plan.assessor and plan.status == PlanStatus.AGREED:  # it stays the word of its writer
        plan.closing_comment = f"{plan.assessor.name}, who was the manager before: {plan.closing_comment}"
    plan.assessor_id = manager_id
    if plan.in_force is not None:
        plan.in_force = plan.in_force | {"assessor_id": manager_id and str(manager_id)}
    if plan.is_written:
        touch(plan)


def touch(plan: Plan) -> None:
    """A new version of the text: signatures of the old one no longer hold."""
    plan.version += 1
    plan.person_signed_at = plan.person_signature = plan.manager_signed_at = plan.manager_signature = None
