"""What is asked of somebody now, and their next rung."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from service.clock import today
from service.errors import NotFound
from service.gaps.queries import get_report
from service.gaps.views import GapReport
from service.paging import Page
from service.people.models import Person
from service.permissions import Actor, Permission, may, require
from service.plans.models import Plan
from service.plans.queries import visible_plans
from service.plans.rules import HORIZONS, PlanStatus, horizon_end
from service.reviews.models import Review
from service.reviews.progress import CycleWork, count_work
from service.reviews.queries import visible_reviews
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
class RunningPlan:
    """The own agreed plan: the horizon under way and its last day, None once all are over; what of it is due next, "" and
    None where nothing is."""

    id: UUID
    title: str
    horizon: int
    review_on: date | None
    action: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Home:
    """`cycles` are those that HR runs; `late` are reviews below the reader that wait past their day, the first few of
    `late_more` further ones; `rung` the report of the own newest review, where `unanswered` is 0; `has_ladder` whether a
    next rung is to be expected at all."""

    tasks: tuple[Task, ...]
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
    running = running.options(selectinload(Review.assessments))
    reviews = session.scalars(running.order_by(Review.id)).unique().all()
    tasks = [task for review in reviews for task in _tasks_of(actor, review)]
    cycles = count_work(session, actor, today())
    tasks += _plans_to_sign(session, actor) + _office_tasks(cycles) + _record_tasks(actor)
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


def _reviews(count: int) -> str:
    return f"{count} review" + ("s" if count != 1 else "")


def _record_tasks(actor: Actor) -> list[Task]:
    """The auditor's standing task has no day."""
    if not may(actor, Permission.READ_AUDIT):
        return []
    return [Task("Check that the record of who did what is whole", "", None, "/audit/verification", "Check")]


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


def _plans_to_sign(session: Session, actor: Actor) -> list[Task]:
    """Drafts that the other side has signed."""
    own, theirs = Plan.person_id == actor.person_id, Plan.assessor_id == actor.person_id
    waiting = select(Plan).where(
        Plan.status == PlanStatus.DRAFT,
        or_(
            own & Plan.manager_signature.is_not(None) & Plan.person_signature.is_(None),
            theirs & Plan.person_signature.is_not(None) & Plan.manager_signature.is_(None),
        ),
    )
    return [
        Task(
            "Read and agree your growth plan"
            if plan.person_id == actor.person_id
            else "Read and agree the growth plan of",
            "" if plan.person_id == actor.person_id else plan.person.name,
            plan.start_on,
            f"/plans/{plan.id}",
            "Read",
        )
        for plan in session.scalars(waiting).unique()
    ]


def _running_plan(session: Session, actor: Actor) -> RunningPlan | None:
    """The own plan that was agreed last."""
    own = visible_plans(actor).where(Plan.person_id == actor.person_id, Plan.status == PlanStatus.AGREED)
    newest = own.order_by(Plan.agreed_at.desc(), Plan.id).options(selectinload(Plan.objectives)).limit(1)
    plan = session.scalars(newest).unique().first()
    if plan is None:
        return None
    to_come = [(horizon_end(plan.start_on, horizon), horizon) for horizon in HORIZONS]
    review_on, horizon = min((end for end in to_come if end[0] >= today()), default=(None, 0))
    results = [result for objective in plan.objectives for result in objective.key_results]
    due = [(result.due_on, result.title) for result in results if result.due_on and result.due_on >= today()]
    due_on, action = min(due, default=(None, ""))
    return RunningPlan(plan.id, plan.title, horizon, review_on, action, due_on)


def _own_rung(session: Session, actor: Actor) -> GapReport | None:
    """The gap report of the newest own review of which there is something to see."""
    own = visible_reviews(actor).where(Review.person_id == actor.person_id)
    for review in sorted(session.scalars(own).unique(), key=lambda review: review.cycle.starts_on, reverse=True):
        try:
            report = get_report(session, actor, review.id)
        except NotFound:
            continue
        if report.counted:
            return report
    return None
