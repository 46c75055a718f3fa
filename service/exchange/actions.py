"""Bringing a plan in from a file."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service import clock
from service.audit.actions import record
from service.db import new_id
from service.errors import Conflict, Invalid, Problem
from service.exchange.inputs import ObjectiveOfFile, PlanFile
from service.ladders.queries import LadderView, get_version_by_id, latest_published, list_versions
from service.objectives.queries import list_choices
from service.objectives.rules import exact
from service.people.models import Person
from service.people.queries import find_manager
from service.permissions import Actor, Permission, may
from service.plans.models import KeyResultRow, ObjectiveRow, Plan, Revision
from service.plans.rules import PlanStatus


def import_plan(session: Session, actor: Actor, given: PlanFile) -> Plan:
    """A draft with the words and, where nothing here has them, the ids of a plan file. Both sides agree on it here: what
    was agreed elsewhere is kept as its history.

    Raises: Conflict (its draft is here already), Invalid (person, ladder version, level or skill unknown here).
    """
    person = session.scalars(select(Person).where(Person.employee_id == given.person, Person.active)).first()
    manager_id = find_manager(session, person) if person else None
    plan = Plan(person=person, assessor_id=manager_id)
    if person is None or not may(actor, Permission.WRITE_PLAN, plan):
        words = "Name the employee id of somebody here with whom you write plans: yourself, or who reports to you."
        raise Invalid("The file does not fit here.", [Problem("/person", words)])
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())  # of two at once, one brings it
    _check_not_here(session, person, given)
    version = _version_of(session, actor, person, given)
    _check_fits(version, given)

    plan.assessor = session.get(Person, manager_id) if manager_id else None
    plan.kind, plan.title, plan.start_on, plan.created_at = given.kind, given.title, given.start_on, clock.now()
    plan.ladder_version_id = version.id
    plan.current_level, plan.target_level = _levels(version, person, given)
    plan.chosen, plan.history = list(dict.fromkeys(given.chosen)), given.history
    near = {above.id for group in list_choices(session, actor, person) for above in group.objectives}
    plan.objectives = [
        _objective(session, place, it, person.name, near) for place, it in enumerate(given.objectives, start=1)
    ]
    session.add(plan)
    record(session, actor, "plan.imported", plan)
    return plan


def _check_not_here(session: Session, person: Person, given: PlanFile) -> None:
    """A file that comes twice is one draft, also where its ids were taken by what was agreed here, or it has none."""
    ids, words = {objective.id for objective in given.objectives}, _words(given)
    drafts = select(Plan).where(Plan.person_id == person.id, Plan.status == PlanStatus.DRAFT)
    for draft in session.scalars(drafts.options(selectinload(Plan.objectives))).unique():
        if given.objectives and (ids & {row.id for row in draft.objectives} or _words(draft) == words):
            raise Conflict(f"A draft of {person.name} has these objectives already: this file is here.")


def _words(plan: Plan | PlanFile) -> tuple[object, ...]:
    """By what one takes a draft and a file for the same."""
    said = sorted((it.horizon, it.title, it.why, [kr.title for kr in it.key_results]) for it in plan.objectives)
    return plan.title, plan.kind, plan.start_on, said


def _version_of(session: Session, actor: Actor, person: Person, given: PlanFile) -> LadderView:
    if given.ladder is None:
        version = latest_published(session, person.ladder) if person.ladder else None
        if version is None:
            raise _does_not_fit("/ladder", "Name a ladder version: the person has no ladder here.")
        return version
    name = f"{given.ladder.id} {given.ladder.version}"
    lines = {(line.ladder, line.version): line for line in list_versions(session, actor)}
    line = lines.get((given.ladder.id, given.ladder.version))
    if line is None:
        raise _does_not_fit("/ladder", f"{name} is not published here. HR can publish it from its files.")
    if given.ladder.sha256 not in (None, line.sha256):
        raise _does_not_fit("/ladder/sha256", f"{name} has another content here, so its words would not be the same.")
    return get_version_by_id(session, line.id)


def _check_fits(version: LadderView, given: PlanFile) -> None:
    """Levels and skills are those of the ladder version."""
    wrong = [
        Problem(f"/{field}", f"{level!r} is no level of {version.ladder.title} {version.ladder.version}.")
        for field, level in (("current", given.current), ("target", given.target))
        if level and level not in version.ladder.rank
    ]
    lists = [("/chosen", given.chosen)]
    lists += [(f"/objectives/{place}/serves_gaps", it.serves_gaps) for place, it in enumerate(given.objectives)]
    wrong += [
        Problem(f"{pointer}/{place}", f"{skill!r} is no skill of {version.ladder.title} {version.ladder.version}.")
        for pointer, skills in lists
        for place, skill in enumerate(skills)
        if skill not in version.ladder.skills_by_id
    ]
    if wrong:
        raise Invalid("The file does not fit here.", wrong)


def _levels(version: LadderView, person: Person, given: PlanFile) -> tuple[str, str]:
    ladder = version.ladder
    own = person.level if person.level in ladder.rank else ladder.levels[0].id
    current = given.current or str(own)
    above = ladder.next_level(current)
    return current, given.target or (above.id if above else current)


def _objective(
    session: Session, place: int, given: ObjectiveOfFile, owner: str, near: Collection[UUID]
) -> ObjectiveRow:
    """`near` are the objectives above that it can serve here; another one is kept in words."""
    row = ObjectiveRow(id=_id(session, ObjectiveRow, given.id), position=place, source=given.source)
    row.title, row.horizon, row.why, row.serves = given.title, given.horizon, given.why, given.serves
    row.serves_gaps, row.due_on, row.projects = given.serves_gaps, given.due_on, given.projects
    if given.aligned and given.aligned.id in near:
        row.aligned_to = given.aligned.id
    elif given.aligned:
        row.serves = "\n".join(filter(None, [given.serves, f"{given.aligned.unit} {given.aligned.title}".strip()]))
    row.key_results = [
        KeyResultRow(
            id=_id(session, KeyResultRow, result.id),
            position=position,
            baseline=exact(result.baseline),
            target=exact(result.target),
            owner=result.owner or owner,
            **result.model_dump(exclude={"id", "baseline", "target", "owner"}),
        )
        for position, result in enumerate(given.key_results, start=1)
    ]
    return row


def _id(session: Session, model: type[ObjectiveRow] | type[KeyResultRow], wanted: UUID | None) -> UUID:
    """The one of the file, unless a row or an agreed text here has it, which a change may go back to."""
    if wanted is None or session.get(model, wanted) is not None:
        return new_id()
    agreed = select(Revision.id).where(Revision.data.contains(f'"{wanted}"')).limit(1)
    return wanted if session.scalar(agreed) is None else new_id()


def _does_not_fit(pointer: str, words: str) -> Invalid:
    return Invalid("The file does not fit here.", [Problem(pointer, words)])
