"""What is asked of somebody now, and their next rung."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.checkins.queries import list_due
from service.checkins.views import DueCheckIn
from service.clock import today
from service.errors import NotFound
from service.gaps.queries import counted_ratings, get_report
from service.gaps.rules import findings_at, gaps_of
from service.gaps.views import GapReport
from service.objectives.rules import HORIZONS, horizon_end
from service.paging import Page
from service.people.models import Person
from service.permissions import Actor, Permission, require
from service.plans.models import Plan
from service.plans.queries import objectives_in_force, visible_plans
from service.plans.rules import PlanStatus
from service.reviews.models import Review
from service.reviews.progress import CycleWork, count_work
from service.reviews.queries import ladders_of, visible_reviews
from service.reviews.rules import AssessmentStatus, ReviewStatus, Side
from service.team.queries import list_team
from service.team.rules import Narrowed, Reach
from service.team.views import TeamLine


@dataclass(frozen=True, slots=True)
class Task:
    """One thing asked of the reader: `whom` is "" for themselves, `by` None where there is no day for it."""

    what: str
    whom: str
    by: date | None
    href: str
    action: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """A review, or a draft plan, in which the reader's part is done: `who` is next, "" for HR, `to` do what with `whom`,
    "" for nobody. Steps and dates only, never an answer."""

    who: str
    to: str
    by: date | None
    whom: str = ""


@dataclass(frozen=True, slots=True)
class RunningPlan:
    """The own agreed plan: its last day; the horizon under way and the last day of that, None once all are over; what of it
    is due next, "" and None where nothing is."""

    id: UUID
    title: str
    ends_on: date
    horizon: int
    review_on: date | None
    action: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Home:
    """`waits` are others' parts of the reader's reviews; `cycles` are those that HR runs; `late` are reviews below the
    reader that wait past their day, the first few of `late_more` further ones; `rung` the report of the own review that
    both confirmed last, before that of the newest, where `unanswered` is 0; `has_ladder` whether a next rung is to be
    expected at all."""

    tasks: tuple[Task, ...]
    waits: tuple[Wait, ...]
    cycles: tuple[CycleWork, ...]
    plan: RunningPlan | None
    late: tuple[TeamLine, ...]
    late_more: bool
    rung: GapReport | None
    unanswered: int
    has_ladder: bool


def get_home(session: Session, actor: Actor) -> Home:
    """Raises: NotSignedIn."""
    require(actor, Permission.USE_APP)
    mine = or_(Review.person_id == actor.person_id, Review.assessor_id == actor.person_id)
    running = visible_reviews(actor).where(mine, Review.status != ReviewStatus.CLOSED)
    running = running.options(selectinload(Review.assessments), joinedload(Review.person).selectinload(Person.line))
    reviews = session.scalars(running.order_by(Review.id)).unique().all()
    tasks = [task for review in reviews for task in _tasks_of(actor, review)]
    cycles = count_work(session, actor, today())
    drafts, signed = _plans_to_finish(session, actor, reviews)
    tasks += [*_plans_to_begin(session, actor, reviews), *drafts]
    tasks += [*(_check_in(due) for due in list_due(session, actor)), *_office_tasks(cycles)]
    ordered = tuple(sorted(tasks, key=lambda task: (task.by or date.max, task.whom)))
    late = (
        list_team(session, actor, Narrowed(late=True, reach=Reach.TREE), limit=8)
        if actor.has_reports
        else Page((), None)
    )
    rung = _own_rung(session, actor)
    person = session.get(Person, actor.person_id)
    has_ladder = rung is not None or bool(person and person.ladder)
    return Home(
        tasks=ordered,
        waits=(*(wait for review in reviews if (wait := _wait_of(actor, review))), *signed),
        cycles=tuple(cycles),
        plan=_running_plan(session, actor),
        late=late.rows,
        late_more=late.next is not None,
        rung=rung,
        unanswered=rung.unanswered if rung else 0,
        has_ladder=has_ladder,
    )


def _office_tasks(cycles: list[CycleWork]) -> list[Task]:
    """What running cycles ask of HR or of an HR partner, one line for each kind."""
    tasks = []
    for work in cycles:
        team = f"/team?cycle={work.cycle_id}&"
        if work.unassigned:
            what = f"{_reviews(work.unassigned)} without an assessor"
            tasks.append(Task(what, "", work.assess_by, team + "step=unassigned", "Name", work.name))
        if work.to_share:
            what = f"{_reviews(work.to_share)} to share with the person"
            tasks.append(Task(what, "", work.share_by, team + "step=revealed", "Share", work.name))
        if work.late:
            by = min(day for day in (work.assess_by, work.share_by) if day < today())
            tasks.append(Task(f"{_reviews(work.late)} late", "", by, team + "late=yes", "Look", work.name))
    return tasks


def _check_in(due: DueCheckIn) -> Task:
    what = "Check in on your growth plan"
    return Task(what, "", due.due_on, f"/plans/{due.plan_id}/check-ins", "Check in", due.title)


def _reviews(count: int) -> str:
    return f"{count} review" + ("s" if count != 1 else "")


def _tasks_of(actor: Actor, review: Review) -> list[Task]:
    own = review.person_id == actor.person_id
    whom = "" if own else review.person.name
    if review.status == ReviewStatus.OPEN:
        side = Side.SELF if own else Side.MANAGER
        drafts = [a for a in review.assessments if a.is_current and a.side == side and a.rater_id == actor.person_id]
        what = "Rate yourself" if own else "Rate"
        return [
            Task(what, whom, review.cycle.assess_by, f"/assessments/{draft.id}", "Rate", review.cycle.name)
            for draft in drafts
            if draft.status == AssessmentStatus.DRAFT
        ]
    confirmed = review.person_confirmed_at if own else review.assessor_confirmed_at
    if review.status == ReviewStatus.SHARED and confirmed is None:
        other = review.assessor_confirmed_at if own else review.person_confirmed_at
        if other is not None:
            what = "Your manager confirmed: read and confirm" if own else "Confirm what you agreed with"
        else:
            what = "Talk with your manager and agree" if own else "Talk and agree with"
        return [
            Task(what, whom, review.cycle.share_by, f"/reviews/{review.id}/agreement", "Compare", review.cycle.name)
        ]
    return []


def _wait_of(actor: Actor, review: Review) -> Wait | None:
    """Whose turn it is in a review in which the reader has done their part."""
    own = review.person_id == actor.person_id
    other = (review.assessor.name if review.assessor else "") if own else review.person.name
    cycle = review.cycle
    if review.status == ReviewStatus.OPEN:
        mine = Side.SELF if own else Side.MANAGER
        states = {half.side: half.status for half in review.assessments if half.is_current}
        if states.get(mine) == AssessmentStatus.DRAFT:
            return None
        to = ("rate you" if other else "name who rates you") if own else "rate themselves"
        return Wait(other, to, cycle.assess_by)
    if review.status == ReviewStatus.REVEALED:
        return (
            Wait("", "share both views", cycle.share_by)
            if own
            else Wait("", "share your view with", cycle.share_by, other)
        )
    done, theirs = review.person_confirmed_at, review.assessor_confirmed_at
    if not own:
        done, theirs = theirs, done
    waits = review.status == ReviewStatus.SHARED and done is not None and theirs is None
    return Wait(other, "confirm", cycle.share_by) if waits else None


def _plans_to_begin(session: Session, actor: Actor, reviews: Sequence[Review]) -> list[Task]:
    """Confirmed reviews with open gaps and without a plan."""
    confirmed = [review for review in reviews if review.status == ReviewStatus.CONFIRMED]
    if not confirmed:
        return []
    planned = set(
        session.scalars(select(Plan.review_id).where(Plan.review_id.in_([review.id for review in confirmed])))
    )
    waiting = [review for review in confirmed if review.id not in planned]
    counted = counted_ratings(session, actor, waiting)
    ladders = ladders_of(session, waiting)
    tasks = []
    for review in waiting:
        found = findings_at(ladders[review.ladder_version_id], review.target_level, counted.get(review.id, {}))
        if gaps_of(found):
            own = review.person_id == actor.person_id
            what, whom = ("Plan your next 90 days", "") if own else ("Plan the next 90 days with", review.person.name)
            href = f"/reviews/{review.id}/plans"
            tasks.append(Task(what, whom, review.cycle.ends_on, href, "Plan", review.cycle.name))
    return tasks


def _plans_to_finish(session: Session, actor: Actor, reviews: Sequence[Review]) -> tuple[list[Task], list[Wait]]:
    """Drafts, and changes of what was agreed: to finish, or once the other side has signed, to read and agree; those that the
    reader signed wait."""
    own, theirs = Plan.person_id == actor.person_id, Plan.assessor_id == actor.person_id
    drafts = select(Plan).where(
        or_(Plan.status == PlanStatus.DRAFT, Plan.changing_since.is_not(None)), or_(own, theirs)
    )
    ends = {review.id: review.cycle.ends_on for review in reviews}
    tasks, waits = [], []
    for plan in session.scalars(drafts).unique():
        mine = plan.person_id == actor.person_id
        whom, href = "" if mine else plan.person.name, f"/plans/{plan.id}"
        signed, other = plan.person_signature, plan.manager_signature
        if not mine:
            signed, other = other, signed
        if signed:
            manager = plan.assessor.name if plan.assessor else "a manager"
            what = (
                "agree the change that you signed" if plan.changing_since else "agree the growth plan that you signed"
            )
            waits.append(Wait(whom or manager, what, None if plan.changing_since else plan.start_on))
        elif plan.changing_since:
            verb, part = ("Read and agree", "Read") if other else ("Finish", "Go on")
            what = f"{verb} the change of your growth plan" if mine else f"{verb} the change of the growth plan of"
            tasks.append(Task(what, whom, None, f"{href}/change", part))
        elif other:
            what = "Read and agree your growth plan" if mine else "Read and agree the growth plan of"
            tasks.append(Task(what, whom, plan.start_on, href, "Read"))
        else:
            what, by = "Finish the draft plan" if mine else "Finish the draft plan with", plan.start_on
            tasks.append(Task(what, whom, ends.get(plan.review_id, by) if plan.review_id else by, href, "Go on"))
    return tasks, waits


def _running_plan(session: Session, actor: Actor) -> RunningPlan | None:
    """The own plan that was agreed last."""
    own = visible_plans(actor).where(Plan.person_id == actor.person_id, Plan.status == PlanStatus.AGREED)
    newest = own.order_by(Plan.agreed_at.desc(), Plan.id).options(selectinload(Plan.objectives)).limit(1)
    plan = session.scalars(newest).unique().first()
    if plan is None:
        return None
    to_come = [(horizon_end(plan.start_on, horizon), horizon) for horizon in HORIZONS]
    review_on, horizon = min((end for end in to_come if end[0] >= today()), default=(None, 0))
    results = [result for objective in objectives_in_force(plan) for result in objective.key_results]
    due = [(result.due_on, result.title) for result in results if result.due_on and result.due_on >= today()]
    due_on, action = min(due, default=(None, ""))
    ends_on = horizon_end(plan.start_on, HORIZONS[-1])
    return RunningPlan(plan.id, plan.title, ends_on, horizon, review_on, action, due_on)


def _own_rung(session: Session, actor: Actor) -> GapReport | None:
    """The gap report of the own review that both confirmed last; before the first one, of the newest of which there is
    something to see."""
    own = session.scalars(visible_reviews(actor).where(Review.person_id == actor.person_id)).unique()
    for review in sorted(own, key=lambda review: (_is_settled(review), review.cycle.starts_on), reverse=True):
        try:
            report = get_report(session, actor, review.id)
        except NotFound:
            continue
        if report.counted:
            return report
    return None


def _is_settled(review: Review) -> bool:
    return review.person_confirmed_at is not None and review.assessor_confirmed_at is not None
