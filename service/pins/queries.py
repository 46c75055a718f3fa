"""Reading who is pinned to which version, and what another one would change: for the owner of a review, and for HR before and
after publishing. What a reader may not see of a review's ratings is in no count."""

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.errors import Conflict
from service.gaps.queries import counted_ratings, readable_ratings
from service.gaps.rules import Ratings
from service.ladderdrafts.queries import open_draft
from service.ladderdrafts.views import DraftView
from service.ladders.comparing.successors import Successors, leading
from service.ladders.models import LadderVersion
from service.ladders.queries import get_version, get_version_by_id, successors_of, versions_around, versions_of
from service.ladders.rules import Ladder, Status, version_order
from service.paging import Page
from service.people.models import Person
from service.permissions import Actor, Permission, require
from service.pins.rules import Move, check_open, effect_of, plan_move
from service.pins.views import Impact, MoveView, NewerVersion, PinnedPlan, PinnedReview
from service.plans.models import Plan
from service.plans.queries import objectives_in_force, visible_plans
from service.plans.rules import PlanStatus
from service.reviews.models import EarlierPin, Review
from service.reviews.queries import find_review, get_review, page_by_name, review_view, visible_reviews
from service.reviews.rules import AssessmentStatus, ReviewStatus


def newer_versions(session: Session, actor: Actor, review_id: UUID) -> tuple[NewerVersion, ...]:
    """The published versions that come after the one an open review is pinned to, the newest first; none once it is revealed.

    Raises: NotFound, NotSignedIn.
    """
    review = find_review(session, actor, review_id)
    if review.status != ReviewStatus.OPEN:
        return ()
    ladders = versions_around(session, [review.ladder_version_id])
    pinned, versions = ladders[review.ladder_version_id], list(ladders.values())
    return tuple(
        NewerVersion(line.version, line.title)
        for line in versions_of(session, actor, pinned.id)
        if line.status is Status.PUBLISHED
        and version_order(line.version) > version_order(pinned.version)
        and leading(versions, pinned, ladders[line.id]) is not None
    )


def plan_of(session: Session, actor: Actor, review: Review, to: str) -> tuple[UUID, Move]:
    """The id of the newer version of that name, and what a review is under it.

    Raises: Conflict (not published, or it does not come after the pinned one, or a level is gone), NotFound.
    """
    pinned = get_version_by_id(session, review.ladder_version_id).ladder
    view = get_version(session, actor, pinned.id, to)
    if view.status is not Status.PUBLISHED:
        raise Conflict(f"{view.ladder.title} {to} is {view.status}; a review moves to a published version.")
    if view.id == review.ladder_version_id:
        raise Conflict(f"The review is on {to} already.")
    known = _known(session, pinned, view.ladder)
    return view.id, plan_move(pinned, view.ladder, known, review.current_level, review.target_level)


def get_move(session: Session, actor: Actor, review_id: UUID, to: str) -> MoveView:
    """What a move to the version `to` would change, for the owner of the review.

    Raises: NotFound, Forbidden, NotSignedIn.
    """
    review = find_review(session, actor, review_id)
    require(actor, Permission.MOVE_REVIEW, review)
    pinned = get_version_by_id(session, review.ladder_version_id).ladder
    view = get_version(session, actor, pinned.id, to)
    shown = get_review(session, actor, review_id)
    try:
        check_open(ReviewStatus(review.status))
        _, move = plan_of(session, actor, review, to)
    except Conflict as conflict:
        return MoveView(shown, view.ladder, None, None, (), conflict.detail)
    own = readable_ratings(session, actor, review)
    reopens = tuple(
        str(half.side) for half in review.assessments
        if half.is_current and half.status == AssessmentStatus.SUBMITTED and move.asks
    )  # fmt: skip
    return MoveView(shown, view.ladder, move, effect_of(move, own) if own else None, reopens)


def get_impact(session: Session, actor: Actor, to: Ladder, *, after: str | None = None, limit: int = 50) -> Impact:
    """What a version, published or still a draft, changes for the open reviews and plans of its ladder that are pinned to
    others, by name of the person.

    Raises: Forbidden, NotSignedIn, Invalid for a cursor that no page gave out.
    """
    require(actor, Permission.READ_IMPACT)
    pinned = visible_reviews(actor).where(
        Review.ladder_version_id.in_(_others(to)),
        Review.status != ReviewStatus.CLOSED,
        Review.person_id != actor.person_id,
    )
    whole = joinedload(Review.person).options(selectinload(Person.line), joinedload(Person.unit))
    page = page_by_name(session, pinned.options(whole, selectinload(Review.assessments)), after, limit)
    lines = _lines(session, to, [row.ladder_version_id for row in page.rows])
    ratings = counted_ratings(session, actor, page.rows)
    reviews = [_pinned_review(actor, row, *lines[row.ladder_version_id], to, ratings.get(row.id)) for row in page.rows]
    plans = _pinned_plans(session, actor, to) if after is None else ()
    return Impact(to, Page(tuple(reviews), page.next), plans, _count_moved(session, actor, to))


def get_draft_impact(
    session: Session, actor: Actor, draft_id: UUID, *, after: str | None = None, limit: int = 50
) -> tuple[DraftView, Impact | None]:
    """A draft, and what it would change if it were published as it stands; None while its text has problems that keep it from
    being a ladder.

    Raises: NotFound, Forbidden (a guest of the draft), NotSignedIn, Invalid for a cursor that no page gave out.
    """
    opened = open_draft(session, actor, draft_id)
    require(actor, Permission.READ_IMPACT)
    ladder = opened.contents.ladder
    return opened.draft, get_impact(session, actor, ladder, after=after, limit=limit) if ladder else None


def _pinned_review(
    actor: Actor, row: Review, pinned: Ladder, known: Successors | None, to: Ladder, ratings: Ratings | None
) -> PinnedReview:
    view = review_view(actor, row, pinned)
    if known is None:
        return PinnedReview(view, 0, 0, None, f"{to.version} does not come after {pinned.version}.")
    try:
        move = plan_move(pinned, to, known, row.current_level, row.target_level)
    except Conflict as conflict:
        return PinnedReview(view, 0, 0, None, conflict.detail)
    why_not = "" if row.status == ReviewStatus.OPEN else f"It is {row.status}, so it stays."
    return PinnedReview(view, move.asks, len(move.dropped), effect_of(move, ratings) if ratings else None, why_not)


def _pinned_plans(session: Session, actor: Actor, to: Ladder) -> tuple[PinnedPlan, ...]:
    """All of them, in five statements and one for each that is being changed."""
    open_ones = visible_plans(actor).where(
        Plan.ladder_version_id.in_(_others(to)), Plan.status != PlanStatus.CLOSED, Plan.person_id != actor.person_id
    )
    ordered = open_ones.options(selectinload(Plan.objectives)).order_by(Person.name, Plan.id)
    plans = session.scalars(ordered).unique().all()
    lines = _lines(session, to, [plan.ladder_version_id for plan in plans])
    return tuple(_pinned_plan(plan, *lines[plan.ladder_version_id], to) for plan in plans)


def _pinned_plan(plan: Plan, pinned: Ladder, known: Successors | None, to: Ladder) -> PinnedPlan:
    served = {skill_id for objective in objectives_in_force(plan) for skill_id in objective.serves_gaps}
    lost: set[str] = set()
    if known is not None:
        with suppress(Conflict):  # a level is gone, so nothing can be said
            lost = served.intersection(plan_move(pinned, to, known, plan.current_level, plan.target_level).dropped)
    names = tuple(skill.name for skill in pinned.skills if skill.id in lost)
    return PinnedPlan(plan.id, plan.title, plan.person.name, plan.status, pinned.version, names)


def _lines(session: Session, to: Ladder, version_ids: Collection[UUID]) -> dict[UUID, tuple[Ladder, Successors | None]]:
    """Each pinned version with what became of its ids in `to`, None where it does not lead there; in two statements at most."""
    ladders = versions_around(session, version_ids)
    versions = [*(ladder for ladder in ladders.values() if ladder.version != to.version), to]
    return {id_: (ladders[id_], leading(versions, ladders[id_], to)) for id_ in set(version_ids)}


def _count_moved(session: Session, actor: Actor, to: Ladder) -> int:
    version = select(LadderVersion.id).where(LadderVersion.ladder == to.id, LadderVersion.version == to.version)
    moved = Review.id.in_(select(EarlierPin.review_id)), Review.ladder_version_id.in_(version)
    return session.scalar(visible_reviews(actor).where(*moved).with_only_columns(func.count())) or 0


def _others(to: Ladder) -> Select[UUID]:
    """The ids of the other versions of its ladder."""
    return select(LadderVersion.id).where(LadderVersion.ladder == to.id, LadderVersion.version != to.version)


def _known(session: Session, pinned: Ladder, to: Ladder) -> Successors:
    """Raises: Conflict where the versions are not on one line."""
    known = successors_of(session, pinned, to)
    if known is None:
        raise Conflict(
            f"{to.title} {to.version} does not come after {pinned.version}: it supersedes {to.supersedes or 'no version'}. "
            "The review stays on its version."
        )
    return known
