"""Writing the objectives and key results of a plan: allow → check → change → record."""

from uuid import UUID

from sqlalchemy.orm import Session

from service.audit.actions import record
from service.drafts import rules
from service.drafts.inputs import KeyResultInput, MoveInput, ObjectiveInput
from service.errors import Conflict, Invalid, NotFound, Problem
from service.ladders.queries import LadderView, get_version_by_id
from service.ladders.rules import Ladder
from service.ladders.starts import entries, find_entry, reference
from service.objectives.models import UnitObjective
from service.objectives.queries import list_choices
from service.objectives.rules import MOST_KEY_RESULTS, exact
from service.permissions import Actor
from service.plans.actions import touch
from service.plans.models import KeyResultRow, ObjectiveRow, Plan
from service.plans.queries import find_written
from service.plans.rules import Kind, check_chosen

MOST_OBJECTIVES = 20


def add_objective(session: Session, actor: Actor, plan_id: UUID, given: ObjectiveInput) -> ObjectiveRow:
    """Raises: NotFound, Forbidden, Conflict (not a draft), Invalid (unknown skill, too many), Stale, VersionRequired."""
    plan = find_written(session, actor, plan_id, given.version)
    if len(plan.objectives) >= MOST_OBJECTIVES:
        raise Invalid(
            "That is enough for 90 days.", [Problem("/title", f"A plan holds up to {MOST_OBJECTIVES} objectives.")]
        )
    row = ObjectiveRow(position=1 + max((o.position for o in plan.objectives), default=0), key_results=[])
    _write_objective(session, actor, plan, row, given)
    plan.objectives.append(row)
    touch(plan)
    record(session, actor, "objective.added", row)
    session.refresh(plan, ["objectives"])
    return row


def change_objective(
    session: Session, actor: Actor, plan_id: UUID, objective_id: UUID, given: ObjectiveInput
) -> ObjectiveRow:
    """Raises: as `add_objective`."""
    plan = find_written(session, actor, plan_id, given.version)
    row = _objective(plan, objective_id)
    _write_objective(session, actor, plan, row, given)
    touch(plan)
    record(session, actor, "objective.changed", row)
    session.refresh(plan, ["objectives"])
    return row


def move_objective(session: Session, actor: Actor, plan_id: UUID, objective_id: UUID, given: MoveInput) -> ObjectiveRow:
    """Put an objective into another horizon. What was due on the last day of the old one is due on that of the new one.

    Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired.
    """
    plan = find_written(session, actor, plan_id, given.version)
    row = _objective(plan, objective_id)
    row.due_on = rules.new_due(plan.start_on, row.due_on, row.horizon, given.horizon)
    for key_result in row.key_results:
        key_result.due_on = rules.new_due(plan.start_on, key_result.due_on, row.horizon, given.horizon)
    row.horizon = given.horizon
    touch(plan)
    record(session, actor, "objective.moved", row)
    session.refresh(plan, ["objectives"])
    return row


def remove_objective(session: Session, actor: Actor, plan_id: UUID, objective_id: UUID, version: int | None) -> Plan:
    """Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired."""
    plan = find_written(session, actor, plan_id, version)
    row = _objective(plan, objective_id)
    record(session, actor, "objective.removed", row)
    plan.objectives.remove(row)
    touch(plan)
    return plan


def remove_gap(session: Session, actor: Actor, plan_id: UUID, skill_id: str, version: int | None) -> Plan:
    """Take a chosen gap out that no objective serves.

    Raises: NotFound, Forbidden, Conflict (an objective serves it, or it is not chosen), Stale, VersionRequired.
    """
    plan = find_written(session, actor, plan_id, version)
    if skill_id not in plan.chosen:
        raise Conflict("That gap is not among the chosen ones, so there is nothing to take out.")
    if any(skill_id in objective.serves_gaps for objective in plan.objectives):
        raise Conflict("An objective serves this gap. Take it out of the objective first, or the objective itself.")
    plan.chosen = [chosen for chosen in plan.chosen if chosen != skill_id]
    touch(plan)
    record(session, actor, "gap.removed", plan)
    return plan


def add_key_result(
    session: Session, actor: Actor, plan_id: UUID, objective_id: UUID, given: KeyResultInput
) -> KeyResultRow:
    """Raises: as `add_objective`."""
    plan = find_written(session, actor, plan_id, given.version)
    objective = _objective(plan, objective_id)
    if len(objective.key_results) >= MOST_KEY_RESULTS:
        raise Invalid(
            "Three to five show most.", [Problem("/title", f"An objective holds up to {MOST_KEY_RESULTS} key results.")]
        )
    row = KeyResultRow(position=1 + max((kr.position for kr in objective.key_results), default=0))
    _write_key_result(session, plan, row, given)
    objective.key_results.append(row)
    touch(plan)
    record(session, actor, "key_result.added", row)
    return row


def change_key_result(
    session: Session, actor: Actor, plan_id: UUID, key_result_id: UUID, given: KeyResultInput
) -> KeyResultRow:
    """Raises: as `add_objective`."""
    plan = find_written(session, actor, plan_id, given.version)
    row = _key_result(plan, key_result_id)
    _write_key_result(session, plan, row, given)
    touch(plan)
    record(session, actor, "key_result.changed", row)
    return row


def remove_key_result(session: Session, actor: Actor, plan_id: UUID, key_result_id: UUID, version: int | None) -> Plan:
    """Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired."""
    plan = find_written(session, actor, plan_id, version)
    row = _key_result(plan, key_result_id)
    record(session, actor, "key_result.removed", row)
    row.objective.key_results.remove(row)
    touch(plan)
    return plan


def _write_objective(session: Session, actor: Actor, plan: Plan, row: ObjectiveRow, given: ObjectiveInput) -> None:
    version = get_version_by_id(session, plan.ladder_version_id)
    ladder: Ladder = version.ladder
    check_chosen(given.serves_gaps, ladder.skills_by_id, "/serves_gaps")
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
    row.baseline, row.target = exact(given.baseline), exact(given.target)
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
