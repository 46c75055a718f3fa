"""Closing a plan for good: final values, words, evidence offered to later reviews, and what is carried over into a new draft."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from service import clock
from service.audit.actions import record
from service.closing import rules
from service.closing.inputs import ClosingComment, ClosingInput, ResultInput
from service.closing.queries import ENDINGS
from service.closing.rules import Ending, Final, Reflection, ScoredObjective
from service.errors import Conflict, Invalid, Problem
from service.objectives.rules import exact
from service.people.models import Person
from service.people.queries import find_manager
from service.permissions import Actor, Permission
from service.plans import text
from service.plans.models import Closing, KeyResultRow, ObjectiveRow, Plan
from service.plans.queries import find_agreed, find_draft
from service.plans.rules import Kind, PlanStatus
from service.reviews.actions import offer_evidence
from service.reviews.models import Cycle, Review


def close_plan(session: Session, actor: Actor, plan_id: UUID, given: ClosingInput) -> Plan:
    """End an agreed plan for good, on any day from its start on. Its key results get their scores, and the skills that its
    objectives served an offer of evidence; what was ticked goes on in a new draft.

    Raises: NotFound, Forbidden, Conflict (not agreed, being changed, not begun), Invalid (a value or a word is missing, or is
        not this side's to give), Stale, VersionRequired.
    """
    plan = find_agreed(session, actor, plan_id, given.version, Permission.CLOSE_PLAN)
    if clock.today() < plan.start_on:
        raise Conflict(f"This plan begins on {_day(plan.start_on)}, and can be closed from then on.")
    objectives = _scored(plan, given)
    if problems := [*_missing(plan, given), *_met_already(objectives, given), *_words(plan, actor, given)]:
        raise Invalid("The plan is not closed yet: some fields need another look.", problems)

    if not _is_own(plan, actor):
        _take_part(plan, actor, given.comment or plan.closing_comment)
    ending = _ending(session, plan, actor, objectives, given)
    data = text.canonical(ENDINGS.dump_python(ending, mode="json"))
    session.add(Closing(plan_id=plan.id, data=data, sha256=text.hash_of(data), closed_at=clock.now()))
    plan.status = PlanStatus.CLOSED
    plan.version += 1
    record(session, actor, "plan.closed", plan)
    _offer(session, plan, objectives)
    if any(result.carry_over for result in given.results.values()):
        _carry_over(session, actor, plan, given)
    return plan


def write_closing_comment(session: Session, actor: Actor, plan_id: UUID, given: ClosingComment) -> Plan:
    """The manager's word, kept beside an agreed plan until it is closed by either side. It is no change of the text, so a form
    that the person fills in meanwhile is not out of date.

    Raises: NotFound, Forbidden, Conflict, Invalid (the person has words of their own), Stale, VersionRequired.
    """
    plan = find_agreed(session, actor, plan_id, given.version, Permission.CLOSE_PLAN)
    if _is_own(plan, actor):
        raise Invalid("This comment is the manager's.", [Problem("/comment", "Your own words go into the questions.")])
    _take_part(plan, actor, given.comment)
    record(session, actor, "plan.commented", plan)
    return plan


def _is_own(plan: Plan, actor: Actor) -> bool:
    return plan.person_id == actor.person_id


def _take_part(plan: Plan, actor: Actor, comment: str) -> None:
    """The manager of a plan is, as when it is signed, whoever speaks as that; its comment is theirs."""
    plan.assessor_id, plan.closing_comment = actor.person_id, comment


def _day(value: object) -> str:
    return f"{value:%-d %b %Y}"


def _missing(plan: Plan, given: ClosingInput) -> Iterator[Problem]:
    """Every key result of the plan ends somewhere, and no other one."""
    known = [row.id for objective in plan.objectives for row in objective.key_results]
    for id_ in known:
        result = given.results.get(id_, ResultInput())
        if result.value is None and not result.remark:
            yield Problem(
                f"/results/{id_}/value", "Give the value it ended at, or a remark that says why there is none."
            )
    for id_ in sorted(given.results.keys() - set(known)):
        yield Problem(f"/results/{id_}", "The plan has no such key result.")


def _met_already(objectives: list[ScoredObjective], given: ClosingInput) -> Iterator[Problem]:
    for objective in objectives:
        for result in objective.key_results:
            if result.met and given.results[result.id].carry_over:  # met, so a value was given
                yield Problem(
                    f"/results/{result.id}/carry_over", "This one is met, so there is nothing left to take on."
                )


def _words(plan: Plan, actor: Actor, given: ClosingInput) -> Iterator[Problem]:
    """The reflection is the person's, the comment the manager's."""
    written = {name: words for name, words in given.reflection if words}
    if not _is_own(plan, actor):
        name = plan.person.name
        yield from (Problem(f"/reflection/{field}", f"This is for {name} to answer.") for field in written)
        return
    if "learned" not in written:
        yield Problem("/reflection/learned", "Say in a few words what you take with you.")
    if given.comment:
        yield Problem("/comment", "The comment is your manager's. Your own words go into the questions.")


def _scored(plan: Plan, given: ClosingInput) -> list[ScoredObjective]:
    finals = {id_: Final(_plain(result.value), result.remark) for id_, result in given.results.items()}
    scored = []
    for row in plan.objectives:
        ids = [kr.id for kr in row.key_results]
        ended = {id_: finals.get(id_, Final(None)) for id_ in ids}
        scored.append(rules.score(row.id, text.objective_of(row), ids, ended))
    return scored


def _ending(
    session: Session, plan: Plan, actor: Actor, objectives: list[ScoredObjective], given: ClosingInput
) -> Ending:
    revision = plan.revisions[-1]
    manager = session.get(Person, plan.assessor_id) if plan.assessor_id else None
    return Ending(
        format=rules.FORMAT,
        plan_id=plan.id,
        title=plan.title,
        revision=revision.number,
        revision_sha256=revision.sha256,
        closed_on=clock.today(),
        closed_by=actor.name,
        person=plan.person.name,
        manager=manager.name if manager else "",
        objectives=tuple(objectives),
        reflection=Reflection(**given.reflection.model_dump()),
        comment=plan.closing_comment,
    )


def _offer(session: Session, plan: Plan, objectives: list[ScoredObjective]) -> None:
    for skill_id, (met, of) in rules.by_skill(objectives).items():
        results = "key result" if of == 1 else "key results"
        note = f"Growth plan “{plan.title}”, closed on {_day(clock.today())}: {met} of {of} {results} for this met."
        offer_evidence(session, plan.person, plan.assessor_id, skill_id, note, f"/plans/{plan.id}")


def _carry_over(session: Session, actor: Actor, plan: Plan, given: ClosingInput) -> None:
    """A draft of the same two, from today: the ticked key results from where they ended, as many days after its start as
    before, under their objectives."""
    if not plan.person.active:
        raise Conflict(
            f"{plan.person.name} has left; there is nobody to go on with. Untick what is to be carried over."
        )
    new = Plan(
        person=plan.person, assessor_id=_partner(session, plan), review_id=_review_to_go_on_with(session, plan),
        start_on=clock.today(), created_at=clock.now(), carried_from_id=plan.id,
        title=f"{plan.title.removesuffix(', continued')[:180]}, continued",
    )  # fmt: skip
    for name in ("ladder_version_id", "kind", "current_level", "target_level"):
        setattr(new, name, getattr(plan, name))
    new.objectives = [row for objective in plan.objectives if (row := _carried(plan, objective, given))]
    served = dict.fromkeys(skill for row in new.objectives for skill in row.serves_gaps)
    new.chosen = [skill for skill in plan.chosen if skill in served] if plan.kind == Kind.PROMOTION else []
    session.add(new)
    record(session, actor, "plan.started", new)


def _carried(plan: Plan, objective: ObjectiveRow, given: ClosingInput) -> ObjectiveRow | None:
    moved = clock.today() - plan.start_on
    ticked = [row for row in objective.key_results if given.results[row.id].carry_over]
    if not ticked:
        return None
    new = ObjectiveRow(due_on=objective.due_on and objective.due_on + moved, projects=list(objective.projects))
    new.serves_gaps = list(objective.serves_gaps)
    for name in ("position", "horizon", "title", "why", "serves"):
        setattr(new, name, getattr(objective, name))
    for row in ticked:
        begun = KeyResultRow(baseline=exact(given.results[row.id].value) or row.baseline)
        begun.due_on = row.due_on and row.due_on + moved
        for name in ("position", "title", "metric", "unit", "direction", "target", "owner"):
            setattr(begun, name, getattr(row, name))
        new.key_results.append(begun)
    return new


def _plain(value: Decimal | None) -> Decimal | None:
    """The number as people write it: 100, where a program sent 1e2."""
    return None if value is None else Decimal(f"{value:f}")


def _partner(session: Session, plan: Plan) -> UUID | None:
    """The manager of the plan that ended, while they work here."""
    assessor = session.get(Person, plan.assessor_id) if plan.assessor_id else None
    return assessor.id if assessor and assessor.active else find_manager(session, plan.person)


def _review_to_go_on_with(session: Session, plan: Plan) -> UUID | None:
    """The review that the plan grew out of, while it is the person's latest one and no other draft is for it."""
    if plan.review_id is None:
        return None
    here = select(Review).where(Review.id == plan.review_id).options(lazyload("*"))
    review = session.scalars(here.with_for_update(of=Review)).one()  # as for whoever starts a draft for it
    began = select(Cycle.starts_on).where(Cycle.id == review.cycle_id).scalar_subquery()
    later = select(Review.id).join(Cycle).where(Review.person_id == plan.person_id, Cycle.starts_on > began).limit(1)
    taken = session.scalar(later) or find_draft(session, Plan.review_id == plan.review_id)
    return None if taken else plan.review_id
