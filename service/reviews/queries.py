"""Reading cycles and reviews. Every row comes through a permission: what a reader may not see does not exist."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, lazyload, selectinload

from service.errors import NotFound
from service.ladders.comparing.successors import Successors
from service.ladders.queries import former_ids, get_version, get_version_by_id, successors_of
from service.ladders.rules import Ladder
from service.paging import Page, cut, read_dated_cursor, read_named_cursor
from service.people.models import Person, ReportingLine
from service.permissions import SYSTEM, Actor, Permission, Role, may, require
from service.reasons import why
from service.reviews import history
from service.reviews.models import (
    AgreedRating,
    Assessment,
    Cycle,
    EarlierAgreedRating,
    Evidence,
    EvidenceOffer,
    Review,
    SkillRating,
)
from service.reviews.rules import NOT_ASSESSED, AssessmentStatus, ReviewStatus, Side, same_answer
from service.reviews.views import (
    AgreedStand,
    AgreedView,
    AgreementView,
    AssessmentView,
    CycleView,
    EarlierAnswer,
    EvidenceView,
    Half,
    OfferView,
    RatingView,
    ReviewView,
    SkillItem,
    rating_words,
)

READS = {Side.SELF: Permission.READ_SELF_ASSESSMENT, Side.MANAGER: Permission.READ_MANAGER_ASSESSMENT}


def in_sight(
    actor: Actor, person_id: InstrumentedAttribute[UUID], unit_id: InstrumentedAttribute[UUID | None]
) -> ColumnElement[bool]:
    """SQL for "own, above in the reporting line, or HR within its bounds": the part that reviews and plans share."""
    if actor.person_id is None:
        return false()
    line = exists().where(ReportingLine.person_id == person_id, ReportingLine.manager_id == actor.person_id)
    seen = [person_id == actor.person_id, line]
    not_recused = person_id.not_in([actor.person_id, *actor.managers])
    if Role.HR in actor.roles:
        seen.append(not_recused)
    if Role.PARTNER in actor.roles:
        seen.append(and_(unit_id.in_(actor.units), not_recused))
    return or_(*seen)


def visible_reviews(actor: Actor) -> Select[Review]:
    """The reviews of which the actor may see the step; equals `may(actor, READ_REVIEW, review)` row by row."""
    assesses = and_(Review.assessor_id == actor.person_id, Review.person_id != actor.person_id)
    seen = or_(in_sight(actor, Review.person_id, Person.unit_id), assesses) if actor.person_id else false()
    return select(Review).join(Person, Person.id == Review.person_id).where(seen)


def find_review(session: Session, actor: Actor, review_id: UUID, *, lock: bool = False) -> Review:
    """The row, for actions. Raises: NotFound, NotSignedIn."""
    query = select(Review).where(Review.id == review_id)
    if lock:  # a joined FOR UPDATE that had to wait shows old neighbours, so the row is locked first and then read
        session.scalars(query.options(lazyload("*")).with_for_update(of=Review)).all()
    review = session.scalars(query.execution_options(populate_existing=lock)).unique().first()
    if review is None:
        raise NotFound
    require(actor, Permission.READ_REVIEW, review)
    return review


def find_assessment(session: Session, actor: Actor, assessment_id: UUID, *, lock: bool = False) -> Assessment:
    """The row, for actions of its rater; its review is locked with it, so that two submissions reveal once.

    Raises: NotFound, NotSignedIn.
    """
    if lock:
        its_review = select(Assessment.review_id).where(Assessment.id == assessment_id).scalar_subquery()
        lock_review = select(Review).where(Review.id == its_review).options(lazyload("*")).with_for_update(of=Review)
        session.scalars(lock_review).all()
    query = select(Assessment).where(Assessment.id == assessment_id)
    fresh = session.scalars(query.execution_options(populate_existing=lock))
    assessment = fresh.unique().first()
    if assessment is None:
        raise NotFound
    if not may(actor, Permission.RATE, assessment):
        require(actor, READS[Side(assessment.side)], assessment)
    return assessment


def find_evidence(session: Session, evidence_id: UUID) -> Evidence:
    """The row; whoever asks is checked against the assessment it belongs to. Raises: NotFound."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotFound
    return evidence


MOST_OFFERS = 3


def list_offers(session: Session, actor: Actor, assessment_id: UUID, skill_id: str) -> tuple[OfferView, ...]:
    """What the writer of a draft may take over as evidence for a skill: the newest first, those taken already left out.

    Raises: NotFound, NotSignedIn.
    """
    assessment = find_assessment(session, actor, assessment_id)
    require(actor, Permission.RATE, assessment)
    if assessment.status != AssessmentStatus.DRAFT:
        return ()
    row = _answers(session, [assessment.id], skill_id).get(skill_id, _empty(skill_id))
    taken = {(piece.dated, piece.note, piece.url) for piece in row.evidence}
    offers = _offers(session, actor, assessment, skill_id)
    fresh = [offer for offer in offers if (offer.dated, offer.note, offer.url) not in taken]
    return tuple(OfferView(offer.id, offer.dated, offer.note, offer.url) for offer in fresh[:MOST_OFFERS])


def find_offer(session: Session, actor: Actor, assessment: Assessment, skill_id: str, offer_id: UUID) -> EvidenceOffer:
    """The row, for a draft that the caller may write. Raises: NotFound."""
    for offer in _offers(session, actor, assessment, skill_id):
        if offer.id == offer_id:
            return offer
    raise NotFound


def _offers(session: Session, actor: Actor, assessment: Assessment, skill_id: str) -> list[EvidenceOffer]:
    """Those whose source the reader may read."""
    names = former_ids(session, ladder_of(session, assessment.review), skill_id)
    mine = EvidenceOffer.person_id == assessment.review.person_id, EvidenceOffer.skill_id.in_(names)
    newest_first = select(EvidenceOffer).where(*mine).order_by(EvidenceOffer.offered_at.desc(), EvidenceOffer.id)
    return [offer for offer in session.scalars(newest_first) if may(actor, Permission.READ_PLAN, offer)]


def list_reviews(
    session: Session,
    actor: Actor,
    *,
    cycle_id: UUID | None = None,
    where: Iterable[ColumnElement[bool]] = (),
    after: str | None = None,
    limit: int = 50,
) -> Page[ReviewView]:
    """Reviews the actor may see, by name of the person; `where` narrows them by columns of review and person."""
    if cycle_id is not None:
        where = (*where, Review.cycle_id == cycle_id)
    page = page_of_reviews(session, actor, where, after, limit)
    ladders = ladders_of(session, page.rows)
    return Page(tuple(review_view(actor, row, ladders[row.ladder_version_id]) for row in page.rows), page.next)


def page_of_reviews(
    session: Session, actor: Actor, where: Iterable[ColumnElement[bool]], after: str | None, limit: int
) -> Page[Review]:
    """The rows of `list_reviews`, each with what a view of it needs. Raises: Invalid for a cursor that no page gave out."""
    whole = joinedload(Review.person).options(selectinload(Person.line), joinedload(Person.unit))
    query = visible_reviews(actor).where(*where).options(whole, selectinload(Review.assessments))
    return page_by_name(session, query, after, limit)


def page_by_name(session: Session, query: Select[Review], after: str | None, limit: int) -> Page[Review]:
    """Rows of `visible_reviews` by name of the person. Raises: Invalid for a cursor that no page gave out."""
    if (last := read_named_cursor(after)) is not None:
        name, key = last
        query = query.where(or_(Person.name > name, and_(Person.name == name, Review.id > key)))
    rows = session.scalars(query.order_by(Person.name, Review.id).limit(limit + 1)).unique().all()
    return cut(rows, limit, lambda row: f"{row.person.name}|{row.id}")


def get_review(session: Session, actor: Actor, review_id: UUID) -> ReviewView:
    """Raises: NotFound, NotSignedIn."""
    review = find_review(session, actor, review_id)
    return review_view(actor, review, ladder_of(session, review))


def get_assessment(session: Session, actor: Actor, assessment_id: UUID) -> AssessmentView:
    """An assessment with its ratings, for its rater and, once revealed or shared, for those PRODUCT.md names.

    Raises: NotFound, NotSignedIn.
    """
    assessment = find_assessment(session, actor, assessment_id)
    review = assessment.review
    ladder = ladder_of(session, review)
    answers = _answers(session, [assessment.id])
    return AssessmentView(
        id=assessment.id,
        review=review_view(actor, review, ladder),
        side=Side(assessment.side),
        rater_name=assessment.rater.name,
        status=assessment.status,
        submitted_at=assessment.submitted_at,
        may_rate=may(actor, Permission.RATE, assessment),
        items=_items(ladder, review, answers),
        why=_why(actor, READS[Side(assessment.side)], assessment, review.person),
    )


def get_rating(session: Session, actor: Actor, assessment_id: UUID, skill_id: str) -> RatingView:
    """One answer of an assessment as it stands, version 0 where there is none. Raises: NotFound, NotSignedIn."""
    assessment = find_assessment(session, actor, assessment_id)
    if skill_id not in ladder_of(session, assessment.review).skills_by_id:
        raise NotFound
    return _answers(session, [assessment.id], skill_id).get(skill_id, _empty(skill_id))


def earlier_answers(
    session: Session, actor: Actor, assessment: AssessmentView, skill_id: str | None = None
) -> dict[str, EarlierAnswer]:
    """Skill id → what the same side said in the newest finished review before this one that the actor may read, and what
    was agreed; of one skill where given."""
    this = assessment.review
    began = select(Cycle.starts_on).where(Cycle.id == this.cycle_id).scalar_subquery()
    over = Review.status.in_((ReviewStatus.CONFIRMED, ReviewStatus.CLOSED))
    earlier = select(Review).join(Cycle).where(Review.person_id == this.person_id, over, Cycle.starts_on < began)
    newest_first = earlier.order_by(Cycle.starts_on.desc(), Cycle.name).options(selectinload(Review.assessments))
    for review in session.scalars(newest_first).unique():
        for row in review.assessments:
            submitted = row.side == assessment.side and row.status == AssessmentStatus.SUBMITTED
            if submitted and may(actor, READS[assessment.side], row):
                return _earlier(session, actor, review, row.id, _ladder_named(session, this), skill_id)
    return {}


def _earlier(
    session: Session, actor: Actor, review: Review, assessment_id: UUID, now: Ladder, skill_id: str | None
) -> dict[str, EarlierAnswer]:
    """By the ids of the present version, where the earlier one leads to it."""
    ladder, agreed = ladder_of(session, review), {}
    known = (ladder != now and successors_of(session, ladder, now)) or Successors()
    if may(actor, Permission.READ_AGREEMENT, review):
        rows = session.scalars(select(AgreedRating).where(AgreedRating.review_id == review.id))
        agreed = {row.skill_id: (rating_words(ladder, row.rating), row.note) for row in rows}
    asked = skill_id and known.reversed.skills.get(skill_id, skill_id)
    version = ladder.version if ladder.version != now.version else ""
    return {
        known.skills.get(id_, id_): EarlierAnswer(
            review.cycle.name, rating_words(ladder, said.rating), said, *agreed.get(id_, ("", "")), version
        )
        for id_, said in _answers(session, [assessment_id], asked).items()
    }


def get_agreement(session: Session, actor: Actor, review_id: UUID, as_of: date | None = None) -> AgreementView:
    """Self, manager and agreed ratings beside each other, once shared. Where nothing is agreed yet and both say the same,
    that is what is proposed. With `as_of` what was agreed by the end of that day, to be read only: what both sides had said is
    locked from the reveal on, and so is the version.

    Raises: NotFound (not shared by then, too), NotSignedIn, Invalid (a day to come).
    """
    review = find_review(session, actor, review_id)
    require(actor, Permission.READ_AGREEMENT, review)
    ladder = ladder_of(session, review)
    view = review_view(actor, review, ladder)
    sides = {Side(a.side): _answers(session, [a.id]) for a in review.assessments if a.is_current}
    agreed: Mapping[str, AgreedRating | EarlierAgreedRating] = agreed_rows(session, review_id)
    if as_of:
        past = history.get_pasts(session, [review], as_of).get(review_id)
        if past is None or past.shared_at is None:
            raise NotFound(
                f"The manager’s view had not been shared by {as_of:%-d %b %Y}, so there was nothing to compare."
            )
        view, agreed = history.as_it_was(view, past, ladder), history.agreed_rows_then(session, review_id, past.end)
    items = []
    for skill in ladder.skills_expected_at(review.target_level):
        self_ = sides.get(Side.SELF, {}).get(skill.id, _empty(skill.id))
        manager = sides.get(Side.MANAGER, {}).get(skill.id, _empty(skill.id))
        row = agreed.get(skill.id)
        same = same_answer(self_.rating or NOT_ASSESSED, manager.rating)
        proposed = row.rating if row else self_.rating if same else None
        items.append(
            AgreedView(skill, self_, manager, proposed, row.note if row else "", row.version if row else 0, not same)
        )
    may_agree = as_of is None and may(actor, Permission.AGREE_RATINGS, review)
    ordered = sorted(items, key=lambda item: (not item.differs, ladder.skills.index(item.skill)))
    version = agreement_version(agreed.values())
    reasons = _why(actor, Permission.READ_AGREEMENT, review, review.person)
    return AgreementView(view, ladder, tuple(ordered), may_agree, version, reasons, as_of)


def agreed_rows(session: Session, review_id: UUID) -> dict[str, AgreedRating]:
    """Skill id → what was agreed on it so far. The caller has asked whether it may be read."""
    rows = session.scalars(select(AgreedRating).where(AgreedRating.review_id == review_id))
    return {row.skill_id: row for row in rows}


def agreement_version(rows: Iterable[AgreedRating | EarlierAgreedRating]) -> int:
    """Of all agreed ratings of a review together: it grows whenever one of them is written."""
    return sum(row.version for row in rows)


def ladder_of(session: Session, review: Review) -> Ladder:
    """The pinned ladder version's content."""
    return get_version_by_id(session, review.ladder_version_id).ladder


def _ladder_named(session: Session, review: ReviewView) -> Ladder:
    return get_version(session, SYSTEM, review.ladder_id, review.ladder_version).ladder


def ladders_of(session: Session, reviews: Iterable[Review]) -> dict[UUID, Ladder]:
    """Version id → content of every ladder version that one of the reviews is pinned to."""
    versions = dict.fromkeys(review.ladder_version_id for review in reviews)
    return {version_id: get_version_by_id(session, version_id).ladder for version_id in versions}


def list_cycles(session: Session, actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[CycleView]:
    """All cycles, the newest first, with counts over the reviews that the actor may see.

    Raises: Forbidden, NotSignedIn, Invalid for a cursor that no page gave out.
    """
    require(actor, Permission.LIST_CYCLES)
    query = select(Cycle).order_by(Cycle.starts_on.desc(), Cycle.id)
    if (last := read_dated_cursor(after)) is not None:
        begun, key = last
        query = query.where(or_(Cycle.starts_on < begun, and_(Cycle.starts_on == begun, Cycle.id > key)))
    rows = session.scalars(query.limit(limit + 1)).all()
    page = cut(rows, limit, lambda row: f"{row.starts_on}|{row.id}")
    return Page(_cycle_views(session, actor, page.rows), page.next)


def get_cycle(session: Session, actor: Actor, cycle_id: UUID) -> CycleView:
    """Raises: NotFound, Forbidden, NotSignedIn."""
    require(actor, Permission.LIST_CYCLES)
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound
    return _cycle_views(session, actor, [cycle])[0]


def runs_own_review(session: Session, actor: Actor, cycle_id: UUID) -> bool:
    """Whether a review of the reader's own in this cycle still waits for something."""
    done = (ReviewStatus.CONFIRMED, ReviewStatus.CLOSED)
    own = select(Review.id).where(Review.cycle_id == cycle_id, Review.person_id == actor.person_id)
    return session.scalar(own.where(Review.status.not_in(done))) is not None


def ratings_of(session: Session, assessment_ids: list[UUID], skill_id: str | None = None) -> dict[str, RatingView]:
    """Skill id → answer, of assessments that the caller has already been allowed to read; of one skill where given."""
    return _answers(session, assessment_ids, skill_id)


def _cycle_views(session: Session, actor: Actor, cycles: Sequence[Cycle]) -> tuple[CycleView, ...]:
    chosen = visible_reviews(actor).where(Review.cycle_id.in_([cycle.id for cycle in cycles])).subquery()
    counts: dict[UUID, dict[str, int]] = {cycle.id: {} for cycle in cycles}
    grouped = select(chosen.c.cycle_id, chosen.c.status, func.count()).group_by(chosen.c.cycle_id, chosen.c.status)
    for cycle_id, status, count in session.execute(grouped):
        counts[cycle_id][status] = count
    return tuple(_cycle_view(cycle, counts[cycle.id]) for cycle in cycles)


def _cycle_view(cycle: Cycle, counts: dict[str, int]) -> CycleView:
    names = ("id", "name", "starts_on", "assess_by", "share_by", "ends_on", "share_rule", "closed_at")
    return CycleView(**{name: getattr(cycle, name) for name in names}, counts=counts)


def review_view(actor: Actor, review: Review, ladder: Ladder) -> ReviewView:
    """A row that the actor may see, with its pinned ladder."""
    cycle, person = review.cycle, review.person
    same = (
        "id", "cycle_id", "person_id", "assessor_id", "status", "revealed_at", "shared_at", "person_confirmed_at",
        "assessor_confirmed_at", "version",
    )  # fmt: skip
    talks = may(actor, Permission.READ_AGREEMENT, review)
    return ReviewView(
        **{name: getattr(review, name) for name in same},
        cycle_name=cycle.name,
        assess_by=cycle.assess_by,
        share_by=cycle.share_by,
        ends_on=cycle.ends_on,
        share_rule=cycle.share_rule,
        person_name=person.name,
        employee_id=person.employee_id,
        unit_name=person.unit.name if person.unit else "",
        assessor_name=review.assessor.name if review.assessor else "",
        ladder_id=ladder.id,
        ladder_title=ladder.title,
        ladder_version=ladder.version,
        current=ladder.level(review.current_level),
        target=ladder.level(review.target_level),
        person_comment=review.person_comment if talks else "",
        assessor_comment=review.assessor_comment if talks else "",
        halves=tuple(_half(actor, row) for row in review.assessments if row.is_current),
        is_own=review.person_id == actor.person_id,
        is_assessor=review.assessor_id == actor.person_id,
        why=_why(actor, Permission.READ_REVIEW, review, person),
    )


def _why(actor: Actor, permission: Permission, row: Review | Assessment, person: Person) -> tuple[str, ...]:
    return why(actor, permission, row, person.unit.name if person.unit else "")


def _half(actor: Actor, row: Assessment) -> Half:
    may_rate = may(actor, Permission.RATE, row)
    return Half(
        id=row.id,
        side=Side(row.side),
        rater_name=row.rater.name,
        status=row.status,
        submitted_at=row.submitted_at,
        reopened_at=row.reopened_at,
        may_read=may_rate or may(actor, READS[Side(row.side)], row),
        may_rate=may_rate,
    )


def _answers(session: Session, assessment_ids: list[UUID], skill_id: str | None = None) -> dict[str, RatingView]:
    query = select(SkillRating).where(SkillRating.assessment_id.in_(assessment_ids))
    if skill_id is not None:
        query = query.where(SkillRating.skill_id == skill_id)
    alone = (
        lazyload(SkillRating.assessment),  # the caller has it; joining it to every answer costs more than all the rest
        selectinload(SkillRating.evidence).lazyload(Evidence.rating_row),
    )
    return {row.skill_id: rating_view(row) for row in session.scalars(query.options(*alone))}


def rating_view(row: SkillRating) -> RatingView:
    """The read model of a rating row; what is asked again has no answer."""
    return RatingView(
        skill_id=row.skill_id,
        answer=None if row.asked_again else row.answer,
        rung=None if row.asked_again else row.rung,
        toward_next=row.toward_next and not row.asked_again,
        reason=row.reason,
        comment=row.comment,
        version=row.version,
        saved_at=row.saved_at,
        evidence=tuple(_evidence_view(item) for item in row.evidence),
        asked_again=row.asked_again,
    )


def agreed_stand(row: AgreedRating) -> AgreedStand:
    """The read model of an agreed rating's row."""
    return AgreedStand(row.answer, row.rung, row.toward_next, row.note, row.version)


def _evidence_view(row: Evidence) -> EvidenceView:
    return EvidenceView(row.id, row.dated, row.note, row.url, row.state, row.answer)


def _empty(skill_id: str) -> RatingView:
    return RatingView(skill_id, None, None, False, "", "", 0, None, ())


def _items(ladder: Ladder, review: Review, answers: dict[str, RatingView]) -> tuple[SkillItem, ...]:
    titles = {category.id: category.title for category in ladder.categories}
    order = {category.id: place for place, category in enumerate(ladder.categories)}
    return tuple(
        SkillItem(
            skill=skill,
            category=titles[skill.category],
            now=ladder.expected_at(skill, review.current_level),
            next=ladder.expected_at(skill, review.target_level),
            rungs=tuple((ladder.level(e.level), e) for e in skill.expectations),
            rating=answers.get(skill.id, _empty(skill.id)),
        )
        for skill in sorted(ladder.skills_expected_at(review.target_level), key=lambda skill: order[skill.category])
    )
