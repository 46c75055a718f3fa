"""What is asked of somebody now, and their next rung."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from service.clock import today
from service.errors import NotFound
from service.gaps.queries import get_report
from service.gaps.views import GapReport
from service.people.models import Person
from service.permissions import Actor, Permission, require
from service.plans.models import Plan
from service.plans.rules import PlanStatus
from service.reviews.models import Cycle, Review
from service.reviews.queries import visible_reviews
from service.reviews.rules import AssessmentStatus, ReviewStatus, Side


@dataclass(frozen=True, slots=True)
class Task:
    """One thing asked of the reader: `whom` is "" for themselves."""

    what: str
    whom: str
    by: date
    href: str
    action: str


@dataclass(frozen=True, slots=True)
class Late:
    """One late review: what is missing, by step and date only."""

    href: str
    person_name: str
    missing: str
    by: date


@dataclass(frozen=True, slots=True)
class Home:
    """`late` are reviews the reader leads or looks after, without a submission of one side after the date, and those that
    wait for an assessor."""

    tasks: tuple[Task, ...]
    rung: GapReport | None
    unanswered: int
    late: tuple[Late, ...]


def get_home(session: Session, actor: Actor) -> Home:
    """Raises: NotSignedIn."""
    require(actor, Permission.USE_APP)
    mine = or_(Review.person_id == actor.person_id, Review.assessor_id == actor.person_id)
    running = visible_reviews(actor).where(mine, Review.status != ReviewStatus.CLOSED)
    running = running.options(selectinload(Review.assessments))
    reviews = session.scalars(running.order_by(Review.id)).unique().all()
    tasks = [task for review in reviews for task in _tasks_of(actor, review)] + _plans_to_sign(session, actor)
    rung = _own_rung(session, actor)
    ordered = tuple(sorted(tasks, key=lambda task: (task.by, task.whom)))
    return Home(ordered, rung, rung.unanswered if rung else 0, _late(session, actor))


def _tasks_of(actor: Actor, review: Review) -> list[Task]:
    own = review.person_id == actor.person_id
    whom = "" if own else review.person.name
    if review.status == ReviewStatus.OPEN:
        side = Side.SELF if own else Side.MANAGER
        drafts = [a for a in review.assessments if a.is_current and a.side == side and a.rater_id == actor.person_id]
        what = "Rate yourself" if own else "Rate"
        return [
            Task(what, whom, review.cycle.assess_by, f"/assessments/{draft.id}", "Rate")
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
        return [Task(what, whom, review.cycle.share_by, f"/reviews/{review.id}/agreement", "Compare")]
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


def _late(session: Session, actor: Actor, most: int = 30) -> tuple[Late, ...]:
    query = visible_reviews(actor).join(Cycle, Cycle.id == Review.cycle_id)
    others = query.where(Review.person_id != actor.person_id, Review.status == ReviewStatus.OPEN)
    others = others.options(selectinload(Review.assessments))
    due = or_(Cycle.assess_by < today(), Review.assessor_id.is_(None))
    rows = session.scalars(others.where(due).order_by(Cycle.assess_by, Person.name, Review.id).limit(most)).unique()
    return tuple(Late(f"/reviews/{row.id}", row.person.name, _missing(row), row.cycle.assess_by) for row in rows)


def _missing(review: Review) -> str:
    if review.assessor_id is None:
        return "no assessor yet"
    drafts = [row.side for row in review.assessments if row.is_current and row.status == AssessmentStatus.DRAFT]
    return " and ".join(
        {Side.SELF: "self", Side.MANAGER: "manager"}[Side(side)] for side in sorted(drafts, reverse=True)
    )
