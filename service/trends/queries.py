"""Reading a person's way over the years: of each review what its gap report counts, once both sides are revealed."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.errors import NotFound
from service.gaps.queries import counted_sides
from service.gaps.rules import Ratings, attain
from service.gaps.views import Basis
from service.ladders.queries import versions_around
from service.ladders.rules import Ladder
from service.people.models import Person
from service.permissions import Actor, Permission, may
from service.reasons import why
from service.reviews.models import Cycle, Review
from service.reviews.queries import visible_reviews
from service.reviews.rules import ReviewStatus
from service.reviews.views import rating_words
from service.trends import rules
from service.trends.rules import Cell, Point
from service.trends.views import Followed, Line, SkillLine, Standing, Trend


def get_trend(session: Session, actor: Actor, person_id: UUID) -> Trend:
    """A person's reviews beside each other, in the same number of statements however many they are.

    Raises: NotFound, for whom the actor may see no review of too.
    """
    rows = [
        row for row in session.scalars(_reviews(actor, person_id)).unique() if may(actor, Permission.READ_GAPS, row)
    ]
    if not rows:
        raise NotFound
    newest = rows[-1]
    counted = counted_sides(session, actor, rows)
    told = [row for row in rows if row.id in counted]
    known = versions_around(session, {row.ladder_version_id for row in told}) if told else {}
    points = [
        _Told(row, counted[row.id][0], _point(row, known[row.ladder_version_id], *counted[row.id])) for row in told
    ]
    unit = newest.person.unit.name if newest.person.unit else ""
    return Trend(
        person_id=person_id,
        person_name=newest.person.name,
        is_own=person_id == actor.person_id,
        latest=newest.id,
        lines=_lines(known.values(), points),
        why=why(actor, Permission.READ_GAPS, newest, unit),
    )


def has_trend(session: Session, actor: Actor, person_id: UUID) -> bool:
    """Whether there is a page that tells something of it: a review that the actor may see, with both sides revealed."""
    revealed = visible_reviews(actor).where(Review.person_id == person_id, Review.revealed_at.is_not(None))
    return session.scalar(revealed.with_only_columns(Review.id).limit(1)) is not None


@dataclass(frozen=True, slots=True)
class _Told:
    row: Review
    basis: Basis
    point: Point


def _reviews(actor: Actor, person_id: UUID) -> Select[Review]:
    """Oldest first."""
    whole = joinedload(Review.person).options(selectinload(Person.line), joinedload(Person.unit))
    mine = visible_reviews(actor).where(Review.person_id == person_id).join(Cycle, Cycle.id == Review.cycle_id)
    return mine.order_by(Cycle.starts_on, Cycle.name, Review.id).options(whole, selectinload(Review.assessments))


def _point(row: Review, ladder: Ladder, basis: Basis, ratings: Ratings) -> Point:
    unsettled = basis is Basis.AGREED and row.status == ReviewStatus.SHARED
    return Point(row.cycle.name, ladder, row.target_level, ratings, basis is Basis.SELF, unsettled)


def _lines(versions: Collection[Ladder], told: list[_Told]) -> tuple[Line, ...]:
    parts: list[tuple[str, list[_Told]]] = []
    for one in told:
        apart = rules.why_apart(versions, parts[-1][1][-1].point.ladder, one.point.ladder) if parts else ""
        if apart or not parts:
            parts.append((apart, []))
        parts[-1][1].append(one)
    return tuple(_line(versions, apart, part) for apart, part in parts)


def _line(versions: Collection[Ladder], apart: str, told: list[_Told]) -> Line:
    points = [one.point for one in told]
    newest = points[-1].ladder
    return Line(
        apart=apart,
        ladder=newest.id,
        title=newest.title,
        standings=tuple(map(_standing, told)),
        skills=tuple(
            SkillLine(row.skill.id, row.skill.name, tuple(map(_followed, row.cells)))
            for row in rules.follow(versions, points)
        ),
        gone=rules.no_longer_asked(versions, points),
    )


def _standing(told: _Told) -> Standing:
    row, point, ladder = told.row, told.point, told.point.ladder
    attainment = attain(ladder, point.ratings)
    rung = attainment.rungs[ladder.rank[point.target]]
    return Standing(
        review_id=row.id,
        cycle=point.cycle,
        version=ladder.version,
        current=ladder.level(row.current_level).title,
        target=ladder.level(point.target).title,
        basis=told.basis,
        is_draft=point.unsettled,
        attained=attainment.attained.title if attainment.attained else None,
        first=ladder.levels[0].title,
        must=rung.must,
        should=rung.should,
    )


def _followed(cell: Cell) -> Followed:
    words = rating_words(cell.ladder, cell.rating) if cell.rating else ""
    return Followed(words, cell.way, cell.since, cell.note)
