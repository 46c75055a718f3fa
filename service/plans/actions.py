"""Writing and agreeing growth plans: allow → check → change → record → enqueue."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from reports.forms import Form
from service import clock
from service.audit.actions import record
from service.errors import Conflict, Invalid, NotFound, Problem, Stale, VersionRequired
from service.gaps.queries import get_report
from service.gaps.views import GapReport
from service.jobs.actions import enqueue, enqueue_once, has_failed
from service.ladders.queries import LadderView, get_version_by_id, latest_published
from service.ladders.rules import Blueprint, Ladder
from service.ladders.starts import entries, find_entry, reference
from service.objectives.models import UnitObjective
from service.objectives.queries import list_choices
from service.people.models import Person
from service.people.queries import find_manager
from service.permissions import SYSTEM, Actor, Permission, require
from service.plans import checks, documents, queries, rules, text
from service.plans.differences import differences
from service.plans.inputs import (
    ChangeInput,
    KeyResultInput,
    MoveInput,
    ObjectiveInput,
    OnboardingPlanInput,
    PromotionPlanInput,
)
from service.plans.models import Document, KeyResultRow, ObjectiveRow, Plan, Revision
from service.plans.rules import DAYS, Direction, Kind, PlanStatus
from service.plans.steps import SHOWN

IS_WRITTEN = or_(Plan.status == PlanStatus.DRAFT, Plan.changing_since.is_not(None))
"""As Plan.is_written."""

MOST_OBJECTIVES = 20
MOST_KEY_RESULTS = 10


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
    _check_chosen(given.chosen, open_gaps)
    if open_gaps and not given.chosen:
        raise Invalid("A plan is about a gap.", [Problem("/chosen", "Choose at least one of the open gaps.")])
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
    return plan, max(offered, default=rules.HORIZONS[0])


def start_onboarding_plan(session: Session, actor: Actor, given: OnboardingPlanInput) -> Plan:
    """A draft for a new starter: one objective a horizon out of the blueprint, its evidence of success as key results and
    its goals as what to work on. Where there is an onboarding draft of theirs already, that is it, as it stands.

    Raises: NotFound, Forbidden, Conflict (the ladder has no goals to start from).
    """
    person = session.get(Person, given.person_id)
    if person is None or not person.active:
        raise NotFound
    require(actor, Permission.READ_PERSON, person)
    plan = Plan(person=person, kind=Kind.ONBOARDING, start_on=given.start_on, created_at=clock.now(), chosen=[])
    plan.assessor = session.get(Person, person.manager_id) if person.manager_id else None
    plan.assessor_id = person.manager_id
    require(actor, Permission.WRITE_PLAN, plan)
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())  # of two at once, one begins it
    own = (Plan.person_id == person.id, Plan.kind == Kind.ONBOARDING)
    if (draft := queries.find_draft(session, *own)) is not None:
        return draft
    version = latest_published(session, person.ladder) if person.ladder else None
    if version is None or version.blueprint is None or not any(g.horizon in DAYS for g in version.blueprint.goals):
        raise Conflict(
            f"The ladder of {person.name} has no blueprint with goals for the first 90 days; start from a review."
        )

    plan.ladder_version_id = version.id
    plan.title = f"First 90 days as {version.ladder.title}"
    plan.current_level = plan.target_level = person.level or version.ladder.levels[0].id
    plan.objectives = _onboarding_objectives(given.start_on, person.name, version.blueprint)
    session.add(plan)
    record(session, actor, "plan.started", plan)
    return plan


def discard_plan(session: Session, actor: Actor, plan_id: UUID, version: int | None) -> None:
    """Take a draft away that nobody needs. What was agreed once stays.

    Raises: NotFound, Forbidden, Conflict (not a draft), Stale, VersionRequired.
    """
    plan = _draft(session, actor, plan_id, version)
    if plan.status != PlanStatus.DRAFT:
        raise Conflict("What was agreed stays. Take the change back instead.")
    record(session, actor, "plan.discarded", plan)
    enqueue(session, "remove_draft", plan_id=str(plan.id))
    session.delete(plan)


def add_objective(session: Session, actor: Actor, plan_id: UUID, given: ObjectiveInput) -> ObjectiveRow:
    """Raises: NotFound, Forbidden, Conflict (not a draft), Invalid (unknown skill, too many), Stale, VersionRequired."""
    plan = _draft(session, actor, plan_id, given.version)
    if len(plan.objectives) >= MOST_OBJECTIVES:
        raise Invalid(
            "That is enough for 90 days.", [Problem("/title", f"A plan holds up to {MOST_OBJECTIVES} objectives.")]
        )
    row = ObjectiveRow(position=1 + max((o.position for o in plan.objectives), default=0), key_results=[])
    _write_objective(session, actor, plan, row, given)
    plan.objectives.append(row)
    _touch(plan)
    record(session, actor, "objective.added", row)
    session.refresh(plan, ["objectives"])
    return row


def change_objective(
    session: Session, actor: Actor, plan_id: UUID, objective_id: UUID, given: ObjectiveInput
) -> ObjectiveRow:
    """Raises: as `add_objective`."""
    plan = _draft(session, actor, plan_id, given.version)
    row = _objective(plan, objective_id)
    _write_objective(session, actor, plan, row, given)
    _touch(plan)
    record(session, actor, "objective.changed", row)
    session.refresh(plan, ["objectives"])
    return row


def move_objective(session: Session, actor: Actor, plan_id: UUID, objective_id: UUID, given: MoveInput) -> ObjectiveRow:
    """Put an objective into another horizon. What was due on the last day of the old one is due on that of the new one.

    Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired.
    """
    plan = _draft(session, actor, plan_id, given.version)
    row = _objective(plan, objective_id)
    row.due_on = rules.new_due(plan.start_on, row.due_on, row.horizon, given.horizon)
    for key_result in row.key_results:
        key_result.due_on = rules.new_due(plan.start_on, key_result.due_on, row.horizon, given.horizon)
    row.horizon = given.horizon
    _touch(plan)
    record(session, actor, "objective.moved", row)
    session.refresh(plan, ["objectives"])
    return row


def remove_objective(session: Session, actor: Actor, plan_id: UUID, objective_id: UUID, version: int | None) -> Plan:
    """Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired."""
    plan = _draft(session, actor, plan_id, version)
    row = _objective(plan, objective_id)
    record(session, actor, "objective.removed", row)
    plan.objectives.remove(row)
    _touch(plan)
    return plan


def remove_gap(session: Session, actor: Actor, plan_id: UUID, skill_id: str, version: int | None) -> Plan:
    """Take a chosen gap out that no objective serves.

    Raises: NotFound, Forbidden, Conflict (an objective serves it, or it is not chosen), Stale, VersionRequired.
    """
    plan = _draft(session, actor, plan_id, version)
    if skill_id not in plan.chosen:
        raise Conflict("That gap is not among the chosen ones, so there is nothing to take out.")
    if any(skill_id in objective.serves_gaps for objective in plan.objectives):
        raise Conflict("An objective serves this gap. Take it out of the objective first, or the objective itself.")
    plan.chosen = [chosen for chosen in plan.chosen if chosen != skill_id]
    _touch(plan)
    record(session, actor, "gap.removed", plan)
    return plan


def add_key_result(
    session: Session, actor: Actor, plan_id: UUID, objective_id: UUID, given: KeyResultInput
) -> KeyResultRow:
    """Raises: as `add_objective`."""
    plan = _draft(session, actor, plan_id, given.version)
    objective = _objective(plan, objective_id)
    if len(objective.key_results) >= MOST_KEY_RESULTS:
        raise Invalid(
            "Three to five show most.", [Problem("/title", f"An objective holds up to {MOST_KEY_RESULTS} key results.")]
        )
    row = KeyResultRow(position=1 + max((kr.position for kr in objective.key_results), default=0))
    _write_key_result(session, plan, row, given)
    objective.key_results.append(row)
    _touch(plan)
    record(session, actor, "key_result.added", row)
    return row


def change_key_result(
    session: Session, actor: Actor, plan_id: UUID, key_result_id: UUID, given: KeyResultInput
) -> KeyResultRow:
    """Raises: as `add_objective`."""
    plan = _draft(session, actor, plan_id, given.version)
    row = _key_result(plan, key_result_id)
    _write_key_result(session, plan, row, given)
    _touch(plan)
    record(session, actor, "key_result.changed", row)
    return row


def remove_key_result(session: Session, actor: Actor, plan_id: UUID, key_result_id: UUID, version: int | None) -> Plan:
    """Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired."""
    plan = _draft(session, actor, plan_id, version)
    row = _key_result(plan, key_result_id)
    record(session, actor, "key_result.removed", row)
    row.objective.key_results.remove(row)
    _touch(plan)
    return plan


def agree_plan(session: Session, actor: Actor, plan_id: UUID, version: int | None) -> Plan:
    """Sign the plan as it stands. When both sides have signed the same text, it is agreed and becomes a revision.

    Raises: NotFound, Forbidden, Conflict (nothing is being written, or nothing was changed), Invalid (errors of the checks),
        Stale, VersionRequired.
    """
    plan = _draft(session, actor, plan_id, version, permission=Permission.AGREE_PLAN)
    if not plan.person.active:
        raise Conflict(f"{plan.person.name} has left, so there is nobody to agree with.")
    if plan.changing_since and not differences(text.agreed_text(plan), text.written(plan)):
        newest = plan.revisions[-1].number
        raise Conflict(f"Nothing differs from revision {newest} yet. Change something first, or take the change back.")
    checks.check_agreeable(PlanStatus.DRAFT, plan.start_on, tuple(text.objective_of(row) for row in plan.objectives))
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

    Raises: NotFound, Forbidden, Conflict (not agreed, or being changed already), Stale, VersionRequired.
    """
    plan = find_agreed(session, actor, plan_id, given.version, Permission.WRITE_PLAN)
    text.agreed_text(plan)  # which a change begins from, and goes back to
    signed = {"person": plan.person_signed_at, "manager": plan.manager_signed_at}
    kept = {side: at.isoformat() for side, at in signed.items() if at}
    assessor_id = plan.assessor_id and str(plan.assessor_id)
    plan.in_force = kept | {"version": plan.version, "assessor_id": assessor_id}
    plan.changing_since, plan.change_reason = clock.now(), given.reason
    _touch(plan)
    record(session, actor, "plan.change_begun", plan)
    return plan


def take_change_back(session: Session, actor: Actor, plan_id: UUID, version: int | None) -> Plan:
    """The plan stands again as it was agreed last, with the signatures of then.

    Raises: NotFound, Forbidden, Conflict (nothing is being changed), Stale, VersionRequired.
    """
    plan = _draft(session, actor, plan_id, version)
    if plan.changing_since is None or plan.in_force is None:
        raise Conflict("Nothing of this plan is being changed.")
    data, kept = text.agreed_text(plan), plan.in_force
    plan.objectives, plan.chosen = text.rows_of(data, plan.objectives), data["chosen"]
    _touch(plan)
    signature = text.signature_of(plan)
    plan.person_signed_at, plan.person_signature = datetime.fromisoformat(kept["person"]), signature
    plan.manager_signed_at, plan.manager_signature = datetime.fromisoformat(kept["manager"]), signature
    plan.assessor_id = kept["assessor_id"] and UUID(kept["assessor_id"])
    _end_change(plan)
    record(session, actor, "plan.change_taken_back", plan)
    enqueue(session, "remove_draft", plan_id=str(plan.id))
    session.refresh(plan, ["objectives", "assessor"])
    return plan


def find_agreed(session: Session, actor: Actor, plan_id: UUID, version: int | None, permission: Permission) -> Plan:
    """The locked row of an agreed plan that is not being changed.

    Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired.
    """
    plan = queries.find_plan(session, actor, plan_id, lock=True)
    require(actor, permission, plan)
    if plan.status != PlanStatus.AGREED:
        why = "is not agreed yet" if plan.status == PlanStatus.DRAFT else "is closed; nothing in it changes any more"
        raise Conflict(f"This plan {why}.")
    if plan.changing_since is not None:
        raise Conflict("A change of this plan is being written. Agree to it, or take it back, then go on.")
    check_version(plan, version)
    return plan


def ask_for_draft(session: Session, actor: Actor, plan_id: UUID, folder: Path) -> tuple[str, bytes | None] | None:
    """(a name for the file, the PDF of a draft as it stands or None while it is being made); None once it is agreed. Who
    asks first has it made. It is a look at the text and nothing that anybody said, so the log does not hold it.

    Raises: NotFound, NotSignedIn, Conflict (making it has failed).
    """
    draft = queries.get_draft(session, actor, plan_id)
    if draft is None:
        return None
    pdf = documents.load_draft(folder, draft.key)
    if pdf is None:
        asked = {"plan_id": str(plan_id), "reader_id": str(actor.person_id), "key": draft.key}
        if has_failed(session, "render_draft", **asked):
            raise Conflict(
                "This draft could not be made into a PDF, most likely for its length. Shorten it and ask again."
            )
        enqueue_once(session, "render_draft", **asked)
    return draft.file_name, pdf


def keep_draft(session: Session, plan_id: UUID, folder: Path, key: str, pdf: bytes) -> None:
    """Store the PDF of a draft in place of an older one; of a plan that was agreed or discarded meanwhile there is none."""
    written = select(Plan.id).where(Plan.id == plan_id, IS_WRITTEN).with_for_update()
    if session.scalar(written) is not None:
        documents.store(folder, key, pdf)
        documents.remove_drafts(folder, plan_id, but=key)


def ask_for_pdf(
    session: Session, actor: Actor, plan_id: UUID, number: int, folder: Path, form: Form
) -> tuple[str, bytes | None]:
    """(a name for the file, the stored PDF or None while it is being made). The whole plan on A4 is made when it is agreed,
    any other form when somebody asks for it. Raises: NotFound, NotSignedIn.
    """
    name, pdf = queries.get_pdf(session, actor, plan_id, number, folder, form)
    if pdf is None and form != Form.A4:
        revision = queries.get_revision(session, actor, plan_id, number)
        enqueue_once(session, "render_revision", revision_id=str(revision.id), form=str(form))
    return name, pdf


def render_again(session: Session, actor: Actor, plan_id: UUID, number: int) -> Revision:
    """Ask for the PDF of a revision once more, where making it did not work. Raises: NotFound, NotSignedIn."""
    revision = queries.get_revision(session, actor, plan_id, number)
    enqueue(session, "render_revision", revision_id=str(revision.id))
    record(session, actor, "document.requested", revision)
    return revision


def hand_over_plans(session: Session, person_ids: Iterable[UUID]) -> None:
    """After the reporting line changed: plans go to the manager there is now. What was signed of a draft, or of a change that is
    being written, is signed again; what both have signed stands (SECURITY.md section 2, "Manager change mid-cycle")."""
    ids = list(person_ids)
    touched = select(Plan).where(or_(Plan.person_id.in_(ids), Plan.assessor_id.in_(ids)))
    for plan in session.scalars(touched.order_by(Plan.id).with_for_update(of=Plan)):
        if plan.person_id not in ids and plan.assessor is not None and plan.assessor.active:
            continue  # only the other side moved, and still works here
        manager_id = find_manager(session, plan.person)
        if manager_id != plan.assessor_id:  # nobody, where there is no manager now: the former one has no part in it
            _hand_over(plan, manager_id)
            record(session, SYSTEM, "plan.handed_over", plan)


def _hand_over(plan: Plan, manager_id: UUID | None) -> None:
    if plan.closing_comment and plan.assessor and plan.status == PlanStatus.AGREED:  # it stays the word of its writer
        plan.closing_comment = f"{plan.assessor.name}, who was the manager before: {plan.closing_comment}"
    plan.assessor_id = manager_id
    if plan.in_force is not None:
        plan.in_force = plan.in_force | {"assessor_id": manager_id and str(manager_id)}
    if plan.is_written:
        _touch(plan)


def note_document(session: Session, revision_id: UUID, key: str, pdf: bytes, form: Form = Form.A4) -> None:
    """Remember a stored PDF of a revision. Told twice, it is remembered once; other bytes under the same key replace it."""
    made = session.get(Document, key) or Document(key=key, revision_id=revision_id, form=form)
    made.sha256, made.size, made.pages = sha256(pdf).hexdigest(), len(pdf), documents.count_pages(pdf)
    made.rendered_at = clock.now()
    session.add(made)
    revision = session.get_one(Revision, revision_id)
    record(session, SYSTEM, "document.rendered", revision)


def _make_revision(session: Session, actor: Actor, plan: Plan) -> None:
    version = get_version_by_id(session, plan.ladder_version_id)
    plan.status, plan.agreed_at, plan.signed_by_id = PlanStatus.AGREED, clock.now(), plan.assessor_id
    report = get_report(session, actor, plan.review_id) if plan.review_id else None
    number = len(plan.revisions) + 1
    data = text.canonical(text.document_data(plan, version.ladder, version.sha256, report, number, version.blueprint))
    documents.read(data)  # what is frozen can be printed
    revision = Revision(plan=plan, number=number, data=data, sha256=text.hash_of(data), agreed_at=plan.agreed_at)
    session.add(revision)
    _end_change(plan)
    record(session, actor, "plan.agreed", plan)
    enqueue(session, "render_revision", revision_id=str(revision.id))
    enqueue(session, "remove_draft", plan_id=str(plan.id))


def _draft(
    session: Session,
    actor: Actor,
    plan_id: UUID,
    version: int | None,
    *,
    permission: Permission = Permission.WRITE_PLAN,
) -> Plan:
    plan = queries.find_plan(session, actor, plan_id, lock=True)
    require(actor, permission, plan)
    if not plan.is_written:
        raise Conflict(f"This plan is {plan.status}; its text stands as it was signed.")
    check_version(plan, version)
    return plan


def check_version(plan: Plan, version: int | None) -> None:
    """Raises: Stale, VersionRequired."""
    if version is None:
        raise VersionRequired("Send the version of the plan you saw (If-Match, or the field version).")
    if version != plan.version:
        raise Stale("The plan was changed since you opened it. Look at what stands now before you go on.")


def _end_change(plan: Plan) -> None:
    plan.changing_since, plan.change_reason, plan.in_force = None, "", None


def _touch(plan: Plan) -> None:
    """A new version of the text: signatures of the old one no longer hold."""
    plan.version += 1
    plan.person_signed_at = plan.person_signature = plan.manager_signed_at = plan.manager_signature = None


def _write_objective(session: Session, actor: Actor, plan: Plan, row: ObjectiveRow, given: ObjectiveInput) -> None:
    version = get_version_by_id(session, plan.ladder_version_id)
    ladder: Ladder = version.ladder
    _check_chosen(given.serves_gaps, ladder.skills_by_id, "/serves_gaps")
    _check_source(version, row.source, given.source)
    row.source = given.source
    if plan.kind == Kind.PROMOTION:
        plan.chosen = list(dict.fromkeys([*plan.chosen, *given.serves_gaps]))
    row.title, row.horizon, row.why, row.serves = given.title, given.horizon, given.why, given.serves
    row.serves_gaps, row.due_on, row.projects = (
        list(dict.fromkeys(given.serves_gaps)),
        given.due_on,
        given.project_lines,
    )
    if given.aligned_to != row.aligned_to:
        row.aligned = _aligned(session, actor, plan, given.aligned_to)


def _aligned(session: Session, actor: Actor, plan: Plan, chosen: UUID | None) -> UnitObjective | None:
    """The chosen objective above, where this person's can serve it. Raises: Invalid."""
    if chosen is None:
        return None
    offered = {above.id for group in list_choices(session, actor, plan.person) for above in group.objectives}
    if chosen not in offered:
        words = "Choose an open objective of the person’s unit, of one above it, or of the company."
        raise Invalid("Choose from the list.", [Problem("/aligned_to", words)])
    return session.get_one(UnitObjective, chosen)


def _write_key_result(session: Session, plan: Plan, row: KeyResultRow, given: KeyResultInput) -> None:
    _check_source(get_version_by_id(session, plan.ladder_version_id), row.source, given.source)
    row.source = given.source
    row.title, row.metric, row.unit, row.direction = given.title, given.metric, given.unit, given.direction
    row.baseline, row.target = text.exact(given.baseline), text.exact(given.target)
    row.due_on, row.owner = given.due_on, given.owner or plan.person.name


def _objective(plan: Plan, objective_id: UUID) -> ObjectiveRow:
    for row in plan.objectives:
        if row.id == objective_id:
            return row
    raise NotFound


def _key_result(plan: Plan, key_result_id: UUID) -> KeyResultRow:
    for objective in plan.objectives:
        for row in objective.key_results:
            if row.id == key_result_id:
                return row
    raise NotFound


def _check_chosen(chosen: list[str], known: Collection[str], pointer: str = "/chosen") -> None:
    wrong = [skill_id for skill_id in chosen if skill_id not in known]
    if wrong:
        raise Invalid(
            "Choose from the list.", [Problem(pointer, f"{skill_id!r} is not one of them.") for skill_id in wrong]
        )


def _check_source(version: LadderView, standing: str | None, given: str | None) -> None:
    """Something of the plan's own version, or what stands: a plan that was carried over keeps where it began."""
    if given and given != standing and find_entry(version.blueprint, given) is None:
        name = f"{version.ladder.id} {version.ladder.version}"
        words = f"{name} has no blueprint to begin from; leave it out."
        if version.blueprint is not None:
            like = [reference(version.blueprint, key) for key in entries(version.blueprint)][:1]
            such = f" Names look like {like[0]}." if like else ""
            words = f"No line of the blueprint of {name} has this name; leave it out or name one.{such}"
        raise Invalid("Where this began is not known.", [Problem("/source", words)])


def _onboarding_objectives(start_on: date, name: str, blueprint: Blueprint) -> list[ObjectiveRow]:
    rows = []
    for goals in blueprint.goals:
        if goals.horizon not in DAYS:
            continue
        days = DAYS[goals.horizon]
        due = rules.horizon_end(start_on, days)
        key_results = [
            KeyResultRow(
                position=place,
                title=item.text,
                metric="Evidence of success",
                unit=SHOWN,
                direction=Direction.AT_LEAST,
                baseline=None,
                target="1",
                due_on=due,
                owner=name,
                source=reference(blueprint, f"evidence/{goals.horizon}.{item.id}"),
            )
            for place, item in enumerate(goals.evidence, start=1)
        ]
        rows.append(
            ObjectiveRow(
                position=1,
                horizon=days,
                title=goals.title,
                why=f"The role blueprint asks for it in the first {days} days.",
                serves=blueprint.title,
                serves_gaps=[],
                due_on=due,
                projects=[item.text for item in goals.goals],
                key_results=key_results,
                source=reference(blueprint, f"goals/{goals.horizon}"),
            )
        )
    return rows
