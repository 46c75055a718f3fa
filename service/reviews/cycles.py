"""The actions of cycles: who is taken, opening, naming assessors, handing reviews over, closing."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, object_session, selectinload

from service import clock
from service.audit.actions import record
from service.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from service.ladders.queries import LadderView, list_latest
from service.people.models import Person
from service.people.queries import find_manager, with_units_below
from service.permissions import SYSTEM, Actor, Permission, Role, require
from service.reviews import queries, rules
from service.reviews.inputs import CycleInput
from service.reviews.models import Assessment, Cycle, Review
from service.reviews.rules import AssessmentStatus, ReviewStatus, Side
from service.reviews.views import CyclePlan

Newest = dict[str, LadderView]
"""Ladder id → its newest published version."""


def plan_cycle(session: Session, actor: Actor, given: CycleInput) -> CyclePlan:
    """Whom this cycle would take, and who of the chosen people is left out and why. Writes nothing.

    Those who lead the reader are in neither list: whether a review of theirs runs is not the reader's to know.

    Raises: Forbidden, NotSignedIn.
    """
    require(actor, Permission.RUN_CYCLES)
    included, left_out, leads = [], [], False
    for person, target, reason in _candidates(session, actor, given, _newest(session)):
        if person.id in actor.managers:
            leads = True
        elif reason:
            left_out.append((person.name, reason))
        else:
            included.append((person.id, person.name, person.level or "", target))
    return CyclePlan(tuple(included), tuple(left_out), leads)


def open_cycle(session: Session, actor: Actor, given: CycleInput) -> Cycle:
    """Begin a cycle: a review for each person taken, pinned to the newest published version of their ladder, their level,
    the next one, and their manager. An HR partner takes people of their own units.

    Raises: Forbidden, NotSignedIn, Invalid (name taken, nobody to take).
    """
    require(actor, Permission.RUN_CYCLES)
    if session.scalars(select(Cycle.id).where(Cycle.name == given.name)).first():
        raise Invalid(
            "That name is taken.", [Problem("/name", f"There is a cycle {given.name!r} already; choose another name.")]
        )
    newest = _newest(session)
    taken = [(person, target) for person, target, reason in _candidates(session, actor, given, newest) if not reason]
    if not taken:
        raise Invalid(
            "Nobody would be in this cycle.",
            [Problem("/ladder", "Choose a wider filter, or give people a ladder and level.")],
        )

    dates = given.model_dump(include={"name", "starts_on", "assess_by", "share_by", "ends_on", "share_rule"})
    cycle = Cycle(**dates)
    session.add(cycle)
    session.flush()
    active = set(session.scalars(select(Person.id).where(Person.active)))
    for person, target in taken:
        review = _review(cycle, person, target, newest)
        _assign(review, find_manager(session, person, active))
        session.add(review)
    record(session, actor, "cycle.opened", cycle)
    return cycle


def close_cycle(session: Session, actor: Actor, cycle_id: UUID) -> Cycle:
    """End a cycle: every review in it is closed as it stands. What was not revealed stays unrevealed.

    Raises: NotFound, Forbidden (an HR partner, and people of other units are in it; the actor's own review still runs in it),
    Conflict.
    """
    require(actor, Permission.RUN_CYCLES)
    cycle = session.scalars(select(Cycle).where(Cycle.id == cycle_id).with_for_update()).first()
    if cycle is None:
        raise NotFound
    others = select(Review.id).join(Person, Person.id == Review.person_id).where(Review.cycle_id == cycle_id)
    elsewhere = or_(Person.unit_id.is_(None), Person.unit_id.not_in(actor.units))
    if not _everywhere(actor) and session.scalar(others.where(elsewhere).limit(1)) is not None:
        raise Forbidden("This cycle takes people of other org units too; HR closes it.")
    if queries.runs_own_review(session, actor, cycle_id):
        raise Forbidden(rules.OWN_REVIEW_RUNS)
    if cycle.closed_at is not None:
        raise Conflict("This cycle is closed already.")
    cycle.closed_at = clock.now()
    running = select(Review).where(Review.cycle_id == cycle_id, Review.status != ReviewStatus.CLOSED)
    running = running.order_by(Review.id).with_for_update(of=Review)
    for review in session.scalars(running).unique():
        review.status = rules.advance(ReviewStatus(review.status), to=ReviewStatus.CLOSED)
    record(session, actor, "cycle.closed", cycle)
    return cycle


def name_assessor(session: Session, actor: Actor, review_id: UUID, assessor_id: UUID) -> Review:
    """HR names who assesses, where there is no manager or the manager is in conflict. They start with an empty draft, or
    go on with their own.

    Raises: NotFound, Forbidden, Conflict (manager's side submitted), Invalid (a conflict of interest).
    """
    review = queries.find_review(session, actor, review_id, lock=True)
    require(actor, Permission.NAME_ASSESSOR, review)
    if review.status != ReviewStatus.OPEN:
        raise Conflict(f"This review is {review.status}: who assessed it stays.")
    assessor = session.get(Person, assessor_id)
    if assessor is None or not assessor.active:
        raise Invalid("Nobody was named.", [Problem("/assessor_id", "Choose a person who works here.")])
    if assessor.id == review.person_id:
        raise Invalid("Nobody assesses themselves.", [Problem("/assessor_id", "Choose somebody else.")])
    if review.person_id in assessor.subject.managers:
        detail = f"{assessor.name} reports to {review.person.name}; choose somebody outside that line."
        raise Invalid("That would be a conflict of interest.", [Problem("/assessor_id", detail)])
    if _submitted_manager_side(review):
        raise Conflict("The manager's assessment is submitted already and stands.")
    _assign(review, assessor.id)
    record(session, actor, "review.assessor_named", review)
    session.refresh(review, ["assessor"])
    return review


def hand_over_reviews(session: Session, person_ids: Iterable[UUID]) -> None:
    """After the reporting line changed: the open manager's side goes to the new manager, empty; a submitted one stays with
    its author. Reviews of people who left are closed unrevealed (PRODUCT.md, "Assessments"; SECURITY.md section 2)."""
    changed = set(person_ids)
    touched = select(Review).where(
        or_(Review.person_id.in_(changed), Review.assessor_id.in_(changed)), Review.status != ReviewStatus.CLOSED
    )
    for review in session.scalars(touched.order_by(Review.id).with_for_update(of=Review)).unique():
        if not review.person.active:
            review.status = rules.advance(ReviewStatus(review.status), to=ReviewStatus.CLOSED)
            record(session, SYSTEM, "review.withdrawn", review)
        elif _needs_new_assessor(review, changed):
            _assign(review, find_manager(session, review.person))
            record(session, SYSTEM, "review.handed_over", review)


def _candidates(session: Session, actor: Actor, given: CycleInput, newest: Newest) -> list[tuple[Person, str, str]]:
    """(person, target level, reason to leave out or "") for everybody the filter names."""
    query = select(Person).where(Person.active).options(selectinload(Person.line)).order_by(Person.name, Person.id)
    if not _everywhere(actor):
        query = query.where(Person.unit_id.in_(actor.units))
    if given.ladder:
        query = query.where(Person.ladder == given.ladder)
    if given.person_ids:
        query = query.where(Person.id.in_(given.person_ids))
    if given.unit_id:
        query = query.where(Person.unit_id.in_(with_units_below(session, {given.unit_id})))
    running = set(session.scalars(select(Review.person_id).where(Review.status != ReviewStatus.CLOSED)))
    found = []
    for person in session.scalars(query).unique():
        target, reason = _target(person, newest)
        if not reason and person.id in running:
            reason = "already in a running cycle"
        found.append((person, target, reason))
    return found


def _everywhere(actor: Actor) -> bool:
    """Whether the actor runs cycles for everybody: HR and the system, not the partner of some units."""
    return actor.is_system or Role.HR in actor.roles


def _newest(session: Session) -> Newest:
    return {view.ladder.id: view for view in list_latest(session, SYSTEM)}


def _target(person: Person, newest: Newest) -> tuple[str, str]:
    if not person.ladder or not person.level:
        return "", "has no ladder and level"
    version = newest.get(person.ladder)
    if version is None or person.level not in version.ladder.rank:
        return "", f"no published version of {person.ladder} has the level {person.level}"
    following = version.ladder.next_level(person.level)
    return (following.id if following else person.level), ""


def _review(cycle: Cycle, person: Person, target: str, newest: Newest) -> Review:
    version, now = newest[person.ladder or ""], clock.now()
    review = Review(
        cycle=cycle, person=person, ladder_version_id=version.id, current_level=person.level, target_level=target
    )
    review.assessments.append(Assessment(rater_id=person.id, side=Side.SELF, begun_at=now))
    return review


def _assign(review: Review, assessor_id: UUID | None) -> None:
    """Give the manager's side to somebody: an unfinished draft of another is set aside, a submitted one stays. Whose own draft
    was set aside before, as by a mistaken import, goes on with it."""
    review.assessor_id = assessor_id
    current = next((row for row in review.assessments if row.is_current and row.side == Side.MANAGER), None)
    if current is not None:
        if current.status == AssessmentStatus.SUBMITTED or current.rater_id == assessor_id:
            return
        current.is_current = False
        session = object_session(review)
        if session is not None:
            session.flush()  # before the new one is there: of each side one is current
    own = next((row for row in review.assessments if row.side == Side.MANAGER and row.rater_id == assessor_id), None)
    if own is not None and own.status == AssessmentStatus.DRAFT:
        own.is_current = True
    elif assessor_id is not None:
        review.assessments.append(Assessment(rater_id=assessor_id, side=Side.MANAGER, begun_at=clock.now()))


def _needs_new_assessor(review: Review, changed: set[UUID]) -> bool:
    """While open, the assessor follows a change of manager; later only one who left is replaced."""
    gone = review.assessor is None or not review.assessor.active
    moved = review.person_id in changed and review.assessor_id not in review.subject.managers[:1]
    return gone or (review.status == ReviewStatus.OPEN and moved)


def _submitted_manager_side(review: Review) -> bool:
    sides = [row for row in review.assessments if row.is_current and row.side == Side.MANAGER]
    return any(row.status == AssessmentStatus.SUBMITTED for row in sides)
