"""Putting a gap report together: what the reader may not see yet is no basis for what they are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import NotFound
from service.gaps import rules
from service.gaps.views import Basis, GapReport, Stand, Talk, TalkLine
from service.ladders import queries as ladders
from service.permissions import Actor, Permission, may, require
from service.reasons import why
from service.reviews import history
from service.reviews import queries as reviews
from service.reviews.history import Past
from service.reviews.models import AgreedRating, Cycle, Review
from service.reviews.rules import NOT_ASSESSED, AssessmentStatus, Rating, ReviewStatus, Side
from service.reviews.views import ReviewView

Sides = dict[Basis, dict[str, Rating]]


def get_report(
    session: Session,
    actor: Actor,
    review_id: UUID,
    *,
    level: str | None = None,
    ladder: str | None = None,
    as_of: date | None = None,
) -> GapReport:
    """The gaps of a review to its target level, or to any `level` of the pinned version or of another `ladder`'s newest one;
    with `as_of` from what had been submitted or agreed by the end of that day, under the version pinned then.

    Raises: NotFound (no such review, level or ladder for this reader; or nothing yet, or then, that the reader may see),
        Invalid (a day to come).
    """
    review = reviews.find_review(session, actor, review_id)
    require(actor, Permission.READ_GAPS, review)
    view, version_id, (sides, drafts) = _standing(session, actor, review, as_of)
    version = ladders.get_version_by_id(session, version_id)
    if ladder and ladder != version.ladder.id:
        other = ladders.latest_published(session, ladder, history.end_of(as_of) if as_of else None)
        if other is None:
            raise NotFound(f"There {'was' if as_of else 'is'} no published ladder {ladder!r}.")
        version = other
    content = version.ladder
    target = content.level(level or view.target.id)

    basis = next((basis for basis in Basis if basis in sides), None)
    if basis is None:
        raise NotFound(
            f"There {'was' if as_of else 'is'} no rating yet that you can see, so there are no gaps to show."
        )
    self_, manager = sides.get(Basis.SELF, {}), sides.get(Basis.MANAGER, {})
    both = Basis.SELF in sides and Basis.MANAGER in sides
    return GapReport(
        review=view,
        ladder=content,
        version_id=version.id,
        sha256=version.sha256,
        target=target,
        basis=basis,
        is_draft=basis in drafts,
        attainment=rules.attain(content, sides[basis]),
        findings=rules.findings_at(content, target.id, sides[basis]),
        differences=rules.differences(content, self_, manager, target.id) if both else (),
        counted=sides[basis],
        self_=self_,
        manager=manager,
        agreed=sides.get(Basis.AGREED, {}),
        at_top=content.next_level(target.id) is None,
        neighbours=_neighbours(session, actor, content.id, content.family),
        why=why(actor, Permission.READ_GAPS, review, review.person.unit.name if review.person.unit else ""),
        as_of=as_of,
    )


def counted_ratings(
    session: Session, actor: Actor, rows: Sequence[Review], end: datetime | None = None
) -> dict[UUID, dict[str, Rating]]:
    """`counted_sides` without saying whose they are."""
    return {id_: ratings for id_, (_, ratings) in counted_sides(session, actor, rows, end).items()}


def counted_sides(
    session: Session, actor: Actor, rows: Sequence[Review], end: datetime | None = None
) -> dict[UUID, tuple[Basis, dict[str, Rating]]]:
    """Review id → what its gap report counts and whose ratings these are, for many reviews in two statements; only of those
    revealed, whoever asks. With `end` as it stood then, in four: `rows` had been revealed by that moment."""
    revealed = [row for row in rows if row.revealed_at is not None and may(actor, Permission.READ_GAPS, row)]
    halves = [half for row in revealed for half in row.assessments if half.is_current]
    readable = [half for half in halves if may(actor, reviews.READS[Side(half.side)], half)]
    sides: dict[UUID, Sides] = {row.id: {} for row in revealed}
    said = history.ratings_then(session, actor.person_id, readable, end)
    for half in readable:
        if half.id in said:
            sides[half.review_id][Basis(half.side.value)] = said[half.id]
    talked = [row.id for row in revealed if may(actor, Permission.READ_AGREEMENT, row)]
    for review_id, agreed in history.agreed_then(session, talked, end).items():
        sides[review_id][Basis.AGREED] = agreed
    return {
        id_: next((basis, found[basis]) for basis in Basis if basis in found) for id_, found in sides.items() if found
    }


def readable_ratings(session: Session, actor: Actor, review: Review) -> dict[str, Rating]:
    """What a report on this review counts for this reader, drafts too; nothing where they may see no rating yet."""
    sides, _ = _readable_sides(session, actor, review)
    return next((sides[basis] for basis in Basis if basis in sides), {})


def get_talk(session: Session, actor: Actor, review_id: UUID, as_of: date | None = None) -> Talk:
    """The agreement of a review with what it comes to: for those who may read it, once shared; now, or as of a day.

    Raises: NotFound, NotSignedIn, Invalid (a day to come).
    """
    agreement = reviews.get_agreement(session, actor, review_id, as_of)
    ladder, target = agreement.ladder, agreement.review.target.id
    self_ = {item.skill.id: item.self_.rating or NOT_ASSESSED for item in agreement.items}
    manager = {item.skill.id: item.manager.rating or NOT_ASSESSED for item in agreement.items}
    agreed = {item.skill.id: item.agreed for item in agreement.items if item.version and item.agreed}
    basis = Basis.AGREED if len(agreed) == len(agreement.items) else Basis.MANAGER
    stands = tuple(
        Stand(whose, rules.attain(ladder, ratings), rules.met_by_category(ladder, target, ratings))
        for whose, ratings in ((Basis.SELF, self_), (Basis.MANAGER, manager), (Basis.AGREED, agreed))
    )

    apart = {found.skill.id: found for found in rules.differences(ladder, self_, manager, target)}
    found_at = rules.findings_at(ladder, target, agreed if basis is Basis.AGREED else manager)
    items = {item.skill.id: item for item in agreement.items}
    lines = [TalkLine(items[found.skill.id], found, apart.get(found.skill.id), ladder) for found in found_at]
    lines.sort(key=lambda line: (line.item.differs, line.difference.width if line.difference else (0, 0)), reverse=True)
    return Talk(agreement, tuple(lines), stands, basis)


def _readable_sides(session: Session, actor: Actor, review: Review) -> tuple[Sides, set[Basis]]:
    """The sets of ratings this reader may see, and which of them are drafts."""
    sides: Sides = {}
    drafts = set()
    if may(actor, Permission.READ_AGREEMENT, review):
        rows = session.scalars(select(AgreedRating).where(AgreedRating.review_id == review.id)).unique()
        agreed = {row.skill_id: row.rating for row in rows}
        if agreed:
            sides[Basis.AGREED] = agreed
    for assessment in review.assessments:
        side = Side(assessment.side)
        if not assessment.is_current or not may(actor, reviews.READS[side], assessment):
            continue
        views = reviews.ratings_of(session, [assessment.id])
        basis = Basis(side.value)
        sides[basis] = {skill_id: view.rating for skill_id, view in views.items() if view.rating}
        if assessment.status == AssessmentStatus.DRAFT:
            drafts.add(basis)
    if Basis.AGREED in sides and review.status == "shared":
        drafts.add(Basis.AGREED)
    return sides, drafts


def _standing(
    session: Session, actor: Actor, review: Review, as_of: date | None
) -> tuple[ReviewView, UUID, tuple[Sides, set[Basis]]]:
    """The review, the id of its pinned version and the sets of ratings, now or at the end of an earlier day."""
    view = reviews.get_review(session, actor, review.id)
    if as_of is None:
        return view, review.ladder_version_id, _readable_sides(session, actor, review)
    past = history.get_pasts(session, [review], as_of).get(review.id)
    if past is None:
        raise NotFound(f"This review had not begun by {as_of:%-d %b %Y}.")
    pinned = ladders.get_version_by_id(session, past.ladder_version_id).ladder
    return history.as_it_was(view, past, pinned), past.ladder_version_id, _sides_then(session, actor, review, past)


def _sides_then(session: Session, actor: Actor, review: Review, past: Past) -> tuple[Sides, set[Basis]]:
    """What this reader may see now, as far as it had been submitted or agreed."""
    halves = [row for row in review.assessments if row.is_current and may(actor, reviews.READS[Side(row.side)], row)]
    said = history.ratings_then(session, actor.person_id, halves, past.end)
    sides = {Basis(row.side.value): said[row.id] for row in halves if row.id in said}
    talked = [review.id] if may(actor, Permission.READ_AGREEMENT, review) else []
    if agreed := history.agreed_then(session, talked, past.end):
        sides[Basis.AGREED] = agreed[review.id]
    return sides, {Basis.AGREED} if past.status is ReviewStatus.SHARED else set()


def _neighbours(session: Session, actor: Actor, ladder_id: str, family: str) -> tuple[tuple[str, str, str], ...]:
    """(id, version, title) of the other published ladders of a family."""
    found = ladders.list_versions(session, actor)
    return tuple((v.ladder, v.version, v.title) for v in found if v.family == family and v.ladder != ladder_id)


def find_latest(session: Session, actor: Actor, person_id: UUID) -> UUID:
    """The running review of a person, else the last one, of those that the actor may see.

    Raises: NotFound, NotSignedIn.
    """
    mine = reviews.visible_reviews(actor).where(Review.person_id == person_id).join(Cycle, Cycle.id == Review.cycle_id)
    found = session.scalars(mine.order_by(Cycle.closed_at.is_not(None), Cycle.starts_on.desc(), Review.id)).first()
    if found is None:
        raise NotFound("There is no review of this person that you can see.")
    return found.id
