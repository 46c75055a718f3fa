"""Agreeing to a plan, and changing what was agreed: allow → check → change → record → enqueue."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from service import clock
from service.audit.actions import record
from service.errors import Conflict
from service.gaps.queries import get_report
from service.jobs.actions import enqueue
from service.ladders.queries import get_version_by_id
from service.permissions import Actor, Permission
from service.plans import text
from service.plans.actions import touch
from service.plans.models import Plan, Revision
from service.plans.queries import find_agreed, find_written
from service.plans.rules import PlanStatus
from service.revisions.checks import check_agreeable
from service.revisions.data import document_data, read
from service.revisions.inputs import ChangeInput
from service.revisions.rules import differences


def agree_plan(session: Session, actor: Actor, plan_id: UUID, version: int | None) -> Plan:
    """Sign the plan as it stands. When both sides have signed the same text, it is agreed and becomes a revision.

    Raises: NotFound, Forbidden, Conflict (nothing is being written, or nothing was changed), Invalid (errors of the checks),
        Stale, VersionRequired.
    """
    plan = find_written(session, actor, plan_id, version, permission=Permission.AGREE_PLAN)
    _check_works_here(plan)
    if plan.changing_since and not differences(text.agreed_text(plan), text.written(plan)):
        newest = plan.revisions[-1].number
        raise Conflict(f"Nothing differs from revision {newest} yet. Change something first, or take the change back.")
    check_agreeable(PlanStatus.DRAFT, plan.start_on, tuple(text.objective_of(row) for row in plan.objectives))
    signature, own = text.signature_of(plan), plan.person_id == actor.person_id
    if (plan.person_signature if own else plan.manager_signature) == signature:
        return plan  # the same word, given twice
    if own:
        plan.person_signed_at, plan.person_signature = clock.now(), signature
    else:
        plan.manager_signed_at, plan.manager_signature = clock.now(), signature
        plan.assessor_id = actor.person_id
        session.flush()
        session.refresh(plan, ["assessor"])
    record(session, actor, "plan.signed", plan)
    if plan.person_signature == plan.manager_signature == signature:
        _make_revision(session, actor, plan)
    return plan


def begin_change(session: Session, actor: Actor, plan_id: UUID, given: ChangeInput) -> Plan:
    """Open an agreed plan to be written anew by its two sides. Until both have signed the new text, what they agreed before
    stays in force, and nobody else sees anything of the new one.

    Raises: NotFound, Forbidden, Conflict (not agreed, being changed already, or the person has left), Stale, VersionRequired.
    """
    plan = find_agreed(session, actor, plan_id, given.version, Permission.WRITE_PLAN)
    _check_works_here(plan)
    text.agreed_text(plan)  # which a change begins from, and goes back to
    signed = {"person": plan.person_signed_at, "manager": plan.manager_signed_at}
    kept = {side: at.isoformat() for side, at in signed.items() if at}
    assessor_id = plan.assessor_id and str(plan.assessor_id)
    plan.in_force = kept | {"version": plan.version, "assessor_id": assessor_id}
    plan.changing_since, plan.change_reason = clock.now(), given.reason
    touch(plan)
    record(session, actor, "plan.change_begun", plan)
    return plan


def take_change_back(session: Session, actor: Actor, plan_id: UUID, version: int | None) -> Plan:
    """The plan stands again as it was agreed last, with the signatures of then.

    Raises: NotFound, Forbidden, Conflict (nothing is being changed), Stale, VersionRequired.
    """
    plan = find_written(session, actor, plan_id, version)
    if plan.changing_since is None or plan.in_force is None:
        raise Conflict("Nothing of this plan is being changed.")
    data, kept = text.agreed_text(plan), plan.in_force
    plan.objectives, plan.chosen = text.rows_of(data, plan.objectives), data["chosen"]
    touch(plan)
    signature = text.signature_of(plan)
    plan.person_signed_at, plan.person_signature = datetime.fromisoformat(kept["person"]), signature
    plan.manager_signed_at, plan.manager_signature = datetime.fromisoformat(kept["manager"]), signature
    plan.assessor_id = kept["assessor_id"] and UUID(kept["assessor_id"])
    _end_change(plan)
    record(session, actor, "plan.change_taken_back", plan)
    enqueue(session, "remove_draft", plan_id=str(plan.id))
    session.refresh(plan, ["objectives", "assessor"])
    return plan


def _make_revision(session: Session, actor: Actor, plan: Plan) -> None:
    version = get_version_by_id(session, plan.ladder_version_id)
    plan.status, plan.agreed_at, plan.signed_by_id = PlanStatus.AGREED, clock.now(), plan.assessor_id
    report = get_report(session, actor, plan.review_id) if plan.review_id else None
    number = len(plan.revisions) + 1
    data = text.canonical(document_data(plan, version.ladder, version.sha256, report, number, version.blueprint))
    read(data)  # what is frozen can be printed
    revision = Revision(plan=plan, number=number, data=data, sha256=text.hash_of(data), agreed_at=plan.agreed_at)
    session.add(revision)
    _end_change(plan)
    record(session, actor, "plan.agreed", plan)
    enqueue(session, "render_revision", revision_id=str(revision.id))
    enqueue(session, "remove_draft", plan_id=str(plan.id))


def _check_works_here(plan: Plan) -> None:
    if not plan.person.active:
        raise Conflict(f"{plan.person.name} has left, so there is nobody to agree with.")


def _end_change(plan: Plan) -> None:
    plan.changing_since, plan.change_reason, plan.in_force = None, "", None
