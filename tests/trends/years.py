"""Years of reviews, straight into the tables: each a closed cycle with both sides' ratings, as far as it is told."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from service.ladders.models import LadderVersion
from service.ladders.queries import get_version_by_id
from service.people.models import Person
from service.reviews.models import AgreedRating, Assessment, Cycle, Review, SkillRating
from service.reviews.rules import Answer, AssessmentStatus, ReviewStatus, ShareRule, Side

AT = datetime(2026, 1, 5, tzinfo=UTC)


def year(
    session: Session, person: Person, assessor: Person, number: int, version: LadderVersion, *,
    current: str = "junior", target: str = "middle", self_: str = "middle", manager: str = "junior", agreed: str = "",
    status: ReviewStatus = ReviewStatus.CLOSED, revealed: bool = True, shared: bool = True,
) -> Review:  # fmt: skip
    """The review of a person in the cycle `Year 2020` + `number`."""
    day = date(2020 + number, 1, 5)
    cycle = Cycle(
        name=f"Year {day.year}", starts_on=day, assess_by=day, share_by=day, ends_on=day, share_rule=ShareRule.AT_REVEAL,
        closed_at=AT if status is ReviewStatus.CLOSED else None,
    )  # fmt: skip
    session.add(cycle)
    session.flush()
    review = Review(
        cycle_id=cycle.id, person_id=person.id, ladder_version_id=version.id, current_level=current, target_level=target,
        assessor_id=assessor.id, status=status, revealed_at=AT if revealed else None, shared_at=AT if shared else None,
    )  # fmt: skip
    session.add(review)
    session.flush()
    for side, rater, rung in ((Side.SELF, person, self_), (Side.MANAGER, assessor, manager)):
        half = Assessment(
            review_id=review.id,
            rater_id=rater.id,
            side=side,
            begun_at=AT,
            status=AssessmentStatus.SUBMITTED,
            submitted_at=AT,
        )
        session.add(half)
        session.flush()
        session.add_all(SkillRating(assessment_id=half.id, saved_at=AT, **it) for it in _answers(session, review, rung))
    if agreed:
        by = {"review_id": review.id, "saved_by": person.id, "saved_at": AT}
        session.add_all(AgreedRating(**by, **it) for it in _answers(session, review, agreed))
    session.commit()
    return review


def _answers(session: Session, review: Review, rung: str) -> list[dict[str, object]]:
    """`rung`, or the highest one below it that the skill has, for every skill that is asked for."""
    ladder = get_version_by_id(session, review.ladder_version_id).ladder
    found: list[dict[str, object]] = []
    for skill in ladder.skills_expected_at(review.target_level):
        place = ladder.places[skill.id][rung]
        answer = Answer.RUNG if place >= 0 else Answer.NONE
        found.append(
            {"skill_id": skill.id, "answer": answer, "rung": skill.expectations[place].level if place >= 0 else None}
        )
    return found
