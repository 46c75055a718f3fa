"""Ladders, cycles and ratings for tests, small enough to see through."""

from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.clock import now
from service.ladders import canonical
from service.ladders.actions import SHIPPED, checked
from service.ladders.files import read_path
from service.ladders.models import LadderVersion
from service.ladders.rules import (
    Category,
    Expectation,
    Importance,
    Ladder,
    Level,
    Requirement,
    Skill,
    Source,
    Status,
    Version,
)
from service.people.models import Person
from service.reviews import actions, cycles
from service.reviews.inputs import CycleInput
from service.reviews.models import AgreedRating, Assessment, Cycle, Review, SkillRating
from service.reviews.queries import get_agreement, get_assessment
from service.reviews.rules import Answer, ShareRule, Side
from tests.cast import Cast

HOUSE = Source("house", reason="for the test")
LEVELS = ("junior", "middle", "senior")


def skill(id_: str, *expectations: tuple[str, str], importance: str = "important", category: str = "all") -> Skill:
    """`skill("sql", ("junior", "must"), ("senior", "should"))`."""
    made = tuple(
        Expectation(level, Requirement(req), f"{id_} at {level}", (), (), HOUSE) for level, req in expectations
    )
    return Skill(id_, id_.title(), category, Importance(importance), f"About {id_}.", HOUSE, made)


def ladder(*skills: Skill, should_share: float = 0.7, levels: tuple[str, ...] = LEVELS) -> Ladder:
    """A ladder of three levels, or of those given."""
    return Ladder(
        id="test-ladder", version="1", title="Test", family="test", dated="2026-01-01", summary="", should_share=should_share,
        documents={}, levels=tuple(Level(level, level.title(), "", HOUSE) for level in levels),
        categories=(Category("all", "All"),), skills=skills,
    )  # fmt: skip


@cache
def shipped() -> list[Version]:
    """The shipped ladders, read once for all tests."""
    return [checked(reading) for reading in read_path(SHIPPED)]


@cache
def published() -> list[dict[str, str]]:
    """The rows of the shipped ladders; written anew for each test they would cost more than the test."""
    rows = []
    for made in shipped():
        content = canonical.to_json(*made)
        names = {name: getattr(made[0], name) for name in ("version", "title", "family")}
        rows.append(
            {"ladder": made[0].id, "status": Status.PUBLISHED, "sha256": canonical.hash_of(content), "content": content}
            | names
        )
    return rows


@cache
def cycle_input(name: str = "Autumn 2026", share_rule: ShareRule = ShareRule.AT_REVEAL) -> CycleInput:
    return CycleInput(
        name=name, starts_on=date(2026, 9, 1), assess_by=date(2026, 10, 1), share_by=date(2026, 10, 15),
        ends_on=date(2026, 12, 1), share_rule=share_rule,
    )  # fmt: skip


def open_cycle(
    session: Session, cast: Cast, share_rule: ShareRule = ShareRule.AT_REVEAL, name: str = "Autumn 2026"
) -> Cycle:
    """The shipped ladders published, and a cycle over the whole cast opened by Dee."""
    if session.scalars(select(LadderVersion.id)).first() is None:
        session.add_all(LadderVersion(**row, published_at=now()) for row in published())
    cycle = cycles.open_cycle(session, cast.actor(cast.dee), cycle_input(name, share_rule))
    session.commit()
    return cycle


def review_of(session: Session, cast_person) -> Review:  # type: ignore[no-untyped-def]
    return session.scalars(select(Review).where(Review.person_id == cast_person.id)).unique().one()


def half(review: Review, side: Side) -> Assessment:
    return next(row for row in review.assessments if row.is_current and row.side == side)


def rate_all(session: Session, cast: Cast, assessment: Assessment, rung: str = "middle", comment: str = "") -> None:
    """Answer every skill of a draft with `rung`, or with the highest rung below it that the skill has; straight into the
    table, since most tests only need the state."""
    order = ("junior", "middle", "senior", "lead", "principal")
    for item in get_assessment(session, cast.actor(assessment.rater), assessment.id).items:
        fitting = [level.id for level, _ in item.rungs if order.index(level.id) <= order.index(rung)]
        row = SkillRating(
            assessment_id=assessment.id, skill_id=item.skill.id, answer=Answer.RUNG if fitting else Answer.NONE,
            rung=fitting[-1] if fitting else None, comment=comment, saved_at=now(), version=1,
        )  # fmt: skip
        session.add(row)
    session.flush()


def submit(session: Session, cast: Cast, assessment: Assessment) -> None:
    actions.submit_assessment(session, cast.actor(assessment.rater), assessment.id)


def reveal(session: Session, cast: Cast, person, *, self_: str = "middle", manager: str = "junior") -> Review:  # type: ignore[no-untyped-def]
    """Both sides rated and submitted."""
    review = review_of(session, person)
    for side, rung in ((Side.SELF, self_), (Side.MANAGER, manager)):
        rate_all(session, cast, half(review, side), rung)
        submit(session, cast, half(review, side))
    session.commit()
    return review


def confirm(session: Session, cast: Cast, review: Review, *people: Person, comment: str = "") -> None:
    """Each of `people` confirms the agreement as it stands."""
    for actor in map(cast.actor, people):
        version = get_agreement(session, actor, review.id).version
        actions.confirm_review(session, actor, review.id, comment, version)


def agree_all(session: Session, cast: Cast, review: Review) -> None:
    """The agreed ratings are the manager's, with a note."""
    for item in get_agreement(session, cast.actor(review.person), review.id).items:
        manager = item.manager
        row = AgreedRating(
            review_id=review.id, skill_id=item.skill.id, answer=manager.answer, rung=manager.rung,
            toward_next=manager.toward_next, reason=manager.reason, note="As we said in the talk.",
            saved_by=review.person_id, saved_at=now(), version=1,
        )  # fmt: skip
        session.add(row)
    session.commit()
