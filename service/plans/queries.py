"""Reading growth plans, their revisions and PDFs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, lazyload, object_session, selectinload

from reports.forms import Form
from service.errors import Conflict, Forbidden, NotFound
from service.gaps.queries import get_report
from service.gaps.views import GapReport
from service.ladders.queries import get_version_by_id
from service.ladders.rules import Blueprint
from service.ladders.starts import Origin, origin
from service.objectives import checks
from service.objectives.checks import Remark
from service.objectives.models import UnitObjective
from service.objectives.queries import above_of
from service.objectives.rules import HORIZONS, horizon_end, read_exact
from service.paging import Page, cut, read_named_cursor
from service.people.models import Person, ReportingLine
from service.permissions import Actor, Permission, Role, may, require
from service.plans import rules, text
from service.plans.models import Document, ObjectiveRow, Plan, Revision
from service.plans.rules import PlanStatus, check_version
from service.plans.text import objective_of
from service.plans.views import KeyResultView, ObjectiveView, PlanLine, PlanView, RevisionView
from service.reasons import why
from service.reviews.models import Cycle, Review
from service.reviews.queries import find_review


def visible_plans(actor: Actor) -> Select[Plan]:
    """The plans the actor may read; equals `may(actor, READ_PLAN, plan)` row by row."""
    query = select(Plan).join(Person, Person.id == Plan.person_id)
    if actor.person_id is None:
        return query.where(false())
    line = select(ReportingLine.person_id).where(ReportingLine.manager_id == actor.person_id)
    assesses = and_(Plan.assessor_id == actor.person_id, Plan.person_id != actor.person_id)
    over = select(Review.id).join(Cycle).where(Cycle.closed_at.is_not(None))
    open_still = and_(
        Plan.status != rules.PlanStatus.CLOSED, or_(Plan.review_id.is_(None), Plan.review_id.not_in(over))
    )
    signed = and_(Plan.signed_by_id == actor.person_id, open_still)
    seen = [Plan.person_id == actor.person_id, assesses, Plan.person_id.in_(line), signed]
    agreed = and_(Plan.agreed_at.is_not(None), Plan.person_id.not_in([actor.person_id, *actor.managers]))
    if Role.HR in actor.roles:
        seen.append(agreed)
    if Role.PARTNER in actor.roles:
        seen.append(and_(agreed, Person.unit_id.in_(actor.units)))
    return query.where(or_(*seen))


def find_plan(session: Session, actor: Actor, plan_id: UUID, *, lock: bool = False) -> Plan:
    """The row, for actions. Raises: NotFound, NotSignedIn."""
    query = select(Plan).where(Plan.id == plan_id)
    if lock:  # as in find_review
        session.scalars(query.options(lazyload("*")).with_for_update(of=Plan)).all()
    plan = session.scalars(query.execution_options(populate_existing=lock)).unique().first()
    if plan is None:
        raise NotFound
    require(actor, Permission.READ_PLAN, plan)
    return plan


def find_written(
    session: Session,
    actor: Actor,
    plan_id: UUID,
    version: int | None,
    *,
    permission: Permission = Permission.WRITE_PLAN,
) -> Plan:
    """The locked row of a plan whose text is being written: a draft, or an agreed one that is being changed.

    Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired.
    """
    plan = find_plan(session, actor, plan_id, lock=True)
    require(actor, permission, plan)
    if not plan.is_written:
        raise Conflict(f"This plan is {plan.status}; its text stands as it was signed.")
    check_version(plan.version, version)
    return plan


def find_agreed(session: Session, actor: Actor, plan_id: UUID, version: int | None, permission: Permission) -> Plan:
    """The locked row of an agreed plan that is not being changed.

    Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired.
    """
    plan = find_plan(session, actor, plan_id, lock=True)
    require(actor, permission, plan)
    if plan.status != PlanStatus.AGREED:
        why = "is not agreed yet" if plan.status == PlanStatus.DRAFT else "is closed; nothing in it changes any more"
        raise Conflict(f"This plan {why}.")
    if plan.changing_since is not None:
        raise Conflict("A change of this plan is being written. Agree to it, or take it back, then go on.")
    check_version(plan.version, version)
    return plan


def list_plans(
    session: Session, actor: Actor, *, own: bool | None = None, review_id: UUID | None = None,
    after: str | None = None, limit: int = 50,
) -> Page[PlanLine]:  # fmt: skip
    """Plans the actor may read, by name of the person; `own` keeps to one's own, or leaves them out.

    Raises: Invalid for a cursor that no page gave out.
    """
    query = visible_plans(actor).options(selectinload(Plan.revisions).load_only(Revision.number))
    page = page_of(session, actor, query, own=own, review_id=review_id, after=after, limit=limit)
    return Page(tuple(_line(row) for row in page.rows), page.next)


def page_of(
    session: Session, actor: Actor, query: Select[Plan], *, own: bool | None, review_id: UUID | None, after: str | None,
    limit: int,
) -> Page[Plan]:  # fmt: skip
    """The rows of a list of visible plans. Raises: as `list_plans`."""
    if own is not None:
        query = query.where(Plan.person_id == actor.person_id if own else Plan.person_id != actor.person_id)
    if review_id is not None:
        query = query.where(Plan.review_id == review_id)
    if (last := read_named_cursor(after)) is not None:
        name, key = last
        query = query.where(or_(Person.name > name, and_(Person.name == name, Plan.id > key)))
    rows = session.scalars(query.order_by(Person.name, Plan.id).limit(limit + 1)).unique().all()
    return cut(rows, limit, lambda row: f"{row.person.name}|{row.id}")


def get_plan_of_review(session: Session, actor: Actor, review_id: UUID) -> PlanLine | None:
    """The plan that grew out of a review, where the actor may read one: what is agreed before a draft, then the later start."""
    found = list_plans(session, actor, review_id=review_id).rows
    return max(found, key=lambda line: (line.agreed_at is not None, line.start_on), default=None)


def find_planned_review(session: Session, actor: Actor, review_id: UUID, *, lock: bool = False) -> Review:
    """The review that a plan is to be written for. Raises: NotFound, NotSignedIn, Forbidden."""
    review = find_review(session, actor, review_id, lock=lock)
    if not may(actor, Permission.WRITE_PLAN, review):
        raise Forbidden("You can see this review; its plan is written by the person and their manager.")
    return review


def get_plannable(session: Session, actor: Actor, review_id: UUID) -> GapReport | None:
    """The gaps that a plan of a review can be about; None until the manager's view is shared.

    Raises: NotFound, NotSignedIn, Forbidden.
    """
    review = find_planned_review(session, actor, review_id)
    return None if review.shared_at is None else get_report(session, actor, review_id)


def find_draft(session: Session, *where: ColumnElement[bool]) -> Plan | None:
    """The newest draft of a review or a person, of whose plans the caller has already been allowed to write."""
    drafts = select(Plan).where(*where, Plan.status == rules.PlanStatus.DRAFT)
    return session.scalars(drafts.order_by(Plan.created_at.desc(), Plan.id)).first()


def get_plan_to_write(session: Session, actor: Actor, plan_id: UUID) -> PlanView:
    """A plan for one of its two sides, whatever its status. Raises: NotFound, NotSignedIn, Forbidden."""
    plan = find_plan(session, actor, plan_id)
    require(actor, Permission.WRITE_PLAN, plan)
    return _view(session, actor, plan)


def get_plan(session: Session, actor: Actor, plan_id: UUID) -> PlanView:
    """A plan with its objectives, the remarks of the checks, and its revisions. Raises: NotFound, NotSignedIn."""
    return _view(session, actor, find_plan(session, actor, plan_id))


def objectives_in_force(plan: Plan) -> Sequence[ObjectiveRow]:
    """The objectives of a plan as they were agreed last, whatever is being written; of a draft, as they stand. While a change
    is being written these rows belong to no session."""
    session = object_session(plan)
    if plan.changing_since is None or session is None:
        return plan.objectives
    return agreed_rows(session, text.agreed_text(plan))


def agreed_rows(session: Session, data: dict[str, Any]) -> Sequence[ObjectiveRow]:
    """The objectives of an agreed text that holds ids, as rows that belong to no session."""
    rows = text.rows_of(data)
    for row in rows:
        row.aligned = session.get(UnitObjective, row.aligned_to) if row.aligned_to else None
    return rows


def _view(session: Session, actor: Actor, plan: Plan) -> PlanView:
    version = get_version_by_id(session, plan.ladder_version_id)
    ladder = version.ladder
    pages = _pages_of(session, plan)
    same = ("id", "kind", "status", "person_id", "review_id", "agreed_at", "carried_from_id")
    names = {skill.id: skill.name for skill in ladder.skills}
    writes = may(actor, Permission.WRITE_PLAN, plan)
    shown = _as_written(plan) if writes or plan.changing_since is None else _as_in_force(plan)
    chosen, rows = shown.pop("chosen"), shown.pop("objectives")
    settled = plan.status == rules.PlanStatus.AGREED and plan.changing_since is None
    return PlanView(
        **{name: getattr(plan, name) for name in same},
        **shown,
        person_name=plan.person.name,
        ladder_id=ladder.id,
        ladder_title=ladder.title,
        ladder_version=ladder.version,
        current=ladder.level(plan.current_level),
        target=ladder.level(plan.target_level),
        ends=tuple((horizon, horizon_end(plan.start_on, horizon)) for horizon in HORIZONS),
        chosen=tuple((skill_id, names.get(skill_id, skill_id)) for skill_id in chosen),
        objectives=objectives_of(plan.start_on, rows),
        remarks=tuple(checks.check_count(len(rows))),
        revisions=tuple(RevisionView(r.number, r.sha256, r.agreed_at, pages.get(r.id)) for r in plan.revisions),
        may_write=writes and plan.is_written,
        may_agree=may(actor, Permission.AGREE_PLAN, plan) and plan.is_written,
        may_change=writes and settled,
        closing_comment=plan.closing_comment if writes and settled else "",
        may_close=may(actor, Permission.CLOSE_PLAN, plan) and settled,
        is_own=plan.person_id == actor.person_id,
        origins=origins_of(rows, version.blueprint),
        former_name=_former(plan),
        why=why(actor, Permission.READ_PLAN, plan, plan.person.unit.name if plan.person.unit else ""),
    )


def _former(plan: Plan) -> str:
    """Who reads the plan only for having signed it as the manager of then."""
    present = plan.signed_by_id in (plan.assessor_id, *plan.subject.managers)
    return "" if present or plan.signed_by is None or plan.is_over else plan.signed_by.name


def _as_written(plan: Plan) -> dict[str, Any]:
    same = (
        "title", "start_on", "chosen", "objectives", "person_signed_at", "manager_signed_at", "version", "changing_since",
        "change_reason",
    )  # fmt: skip
    assessor = plan.assessor.name if plan.assessor else ""
    signer = assessor if plan.is_written or plan.signed_by is None else plan.signed_by.name
    return {name: getattr(plan, name) for name in same} | {"assessor_name": assessor, "signer_name": signer}


def _as_in_force(plan: Plan) -> dict[str, Any]:
    """What a plan that is being changed shows to those who do not write it: what it showed before."""
    data, kept = text.agreed_text(plan), plan.in_force or {}
    signed = {f"{side}_signed_at": datetime.fromisoformat(kept[side]) for side in ("person", "manager")}
    shown = {"title": data["plan"]["title"], "start_on": plan.start_on, "chosen": data["chosen"]}
    objectives = objectives_in_force(plan)
    session, assessor_id = object_session(plan), kept.get("assessor_id")
    assessor = session.get(Person, UUID(assessor_id)) if session and assessor_id else None
    names = {"assessor_name": assessor.name if assessor else "", "signer_name": data["manager"]["name"]}
    return shown | signed | names | {"objectives": objectives, "version": kept["version"]}


def _pages_of(session: Session, plan: Plan) -> dict[UUID, int]:
    of_plan = Document.revision_id.in_([revision.id for revision in plan.revisions])
    made = select(Document.revision_id, Document.pages).where(of_plan, Document.form == Form.A4)
    return dict(session.execute(made).all())


def file_name(plan: Plan) -> str:
    """What a file of the plan is called, without its ending: by the person's employee id, in ASCII."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in plan.person.employee_id)
    return f"growth-plan-{safe or 'plan'}"


def _line(plan: Plan) -> PlanLine:
    return PlanLine(
        id=plan.id,
        title=plan.title,
        kind=plan.kind,
        status=plan.status,
        person_name=plan.person.name,
        start_on=plan.start_on,
        agreed_at=plan.agreed_at,
        latest_revision=plan.revisions[-1].number if plan.revisions else None,
    )


def origins_of(rows: Sequence[ObjectiveRow], blueprint: Blueprint | None) -> dict[str, Origin]:
    names = {objective.source for objective in rows}
    names |= {key_result.source for objective in rows for key_result in objective.key_results}
    found = {name: origin(blueprint, name) for name in sorted(name for name in names if name)}
    return {name: where for name, where in found.items() if where}


def objectives_of(start_on: date, rows: Sequence[ObjectiveRow]) -> tuple[ObjectiveView, ...]:
    written = [objective_of(row) for row in rows]
    remarks = (
        checks.check_objective(start_on, objective, checks.without(written, place))
        for place, objective in enumerate(written)
    )
    return tuple(_objective(row, tuple(said)) for row, said in zip(rows, remarks, strict=True))


def _objective(row: ObjectiveRow, remarks: tuple[Remark, ...]) -> ObjectiveView:
    same: dict[str, Any] = {
        name: getattr(row, name) for name in ("id", "horizon", "title", "why", "serves", "due_on", "source")
    }
    return ObjectiveView(
        **same,
        serves_gaps=tuple(row.serves_gaps),
        projects=tuple(row.projects),
        key_results=tuple(
            KeyResultView(
                id=kr.id,
                title=kr.title,
                metric=kr.metric,
                unit=kr.unit,
                direction=kr.direction,
                baseline=read_exact(kr.baseline),
                target=read_exact(kr.target),
                due_on=kr.due_on,
                owner=kr.owner,
                source=kr.source,
            )
            for kr in row.key_results
        ),
        remarks=remarks,
        aligned=above_of(row.aligned) if row.aligned else None,
    )
