"""Putting a gap report together: what the reader may not see yet is no basis for what they are shown."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import NotFound
from service.gaps import rules
from service.gaps.views import Basis, GapReport, Stand, Talk, TalkLine
from service.ladders import queries as ladders
from service.permissions import Actor, Permission, may, require
from service.reasons import why
from service.reviews import queries as reviews
from service.reviews.models import AgreedRating, Cycle, Review, SkillRating
from service.reviews.rules import NOT_ASSESSED, AssessmentStatus, Rating, Side


def get_report(
    session: Session, actor: Actor, review_id: UUID, *, level: str | None = None, ladder: str | None = None
) -> GapReport:
    """The gaps of a review to its target level, or to any `level` of the pinned version or of another `ladder`'s newest one.

    Raises: NotFound (no such review, level or ladder for this reader; or nothing yet that the reader may see).
    """
    review = reviews.find_review(session, actor, review_id)
    require(actor, Permission.READ_GAPS, review)
    version = ladders.get_version_by_id(session, review.ladder_version_id)
    if ladder and ladder != version.ladder.id:
        other = ladders.latest_published(session, ladder)
        if other is None:
            raise NotFound(f"There is no published ladder {ladder!r}.")
        version = other
    content = version.ladder
    target = content.level(level or review.target_level)

    sides, drafts = _readable_sides(session, actor, review)
    basis = next((basis for basis in Basis if basis in sides), None)
    if basis is None:
        raise NotFound("There is no rating yet that you can see, so there are no gaps to show.")
    self_, manager = sides.get(Basis.SELF, {}), sides.get(Basis.MANAGER, {})
    both = Basis.SELF in sides and Basis.MANAGER in sides
    return GapReport(
        review=reviews.get_review(session, actor, review_id),
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
    )


def counted_ratings(session: Session, actor: Actor, rows: Sequence[Review]) -> dict[UUID, dict[str, Rating]]:
    """Review id → what its gap report counts, for many reviews in two statements; only of those revealed, whoever asks."""
    revealed = [row for row in rows if row.revealed_at is not None and may(actor, Permission.READ_GAPS, row)]
    readable = {
        half.id: half
        for row in revealed
        for half in row.assessments
        if half.is_current and may(actor, reviews.READS[Side(half.side)], half)
    }
    found: dict[UUID, dict[Basis, dict[str, Rating]]] = {row.id: {} for row in revealed}
    answer = ("skill_id", "answer", "rung", "toward_next", "reason")
    said = select(SkillRating.assessment_id, *(getattr(SkillRating, name) for name in answer))
    for half_id, skill_id, *values in session.execute(said.where(SkillRating.assessment_id.in_(readable))):
        half = readable[half_id]
        found[half.review_id].setdefault(Basis(half.side.value), {})[skill_id] = Rating(*values)
    talked = [row.id for row in revealed if may(actor, Permission.READ_AGREEMENT, row)]
    agreed = select(AgreedRating.review_id, *(getattr(AgreedRating, name) for name in answer))
    for review_id, skill_id, *values in session.execute(agreed.where(AgreedRating.review_id.in_(talked))):
        found[review_id].setdefault(Basis.AGREED, {})[skill_id] = Rating(*values)
    return {
        review_id: next(sides[basis] for basis in Basis if basis in sides)
        for review_id, sides in found.items()
        if sides
    }


def get_talk(session: Session, actor: Actor, review_id: UUID) -> Talk:
    """The agreement of a review with what it comes to: for those who may read it, once shared.

    Raises: NotFound, NotSignedIn.
    """
    agreement = reviews.get_agreement(session, actor, review_id)
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


def _readable_sides(
    session: Session, actor: Actor, review: Review
) -> tuple[dict[Basis, dict[str, Rating]], set[Basis]]:
    """The sets of ratings this reader may see, and which of them are drafts."""
    sides: dict[Basis, dict[str, Rating]] = {}
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
