"""Moving a review: with its owner's consent, only while it is open, and nobody learns from it what the other side said."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from service.audit.models import AuditEvent
from service.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from service.gaps.queries import get_report
from service.ladders.actions import publish_version, retire_version
from service.permissions import SYSTEM
from service.pins.actions import move_review
from service.reviews import actions
from service.reviews.inputs import EvidenceInput, RatingInput
from service.reviews.models import EarlierAssessment, EarlierPin, SkillRating
from service.reviews.queries import get_assessment
from service.reviews.rules import Answer, AssessmentStatus, Side
from tests.factories import half, open_cycle, rate_all, reveal, review_of, submit
from tests.gaps.test_as_of import FIRST, day
from tests.pins.versions import GONE, RENAMED, REWORDED, original, publish_second, second


@pytest.fixture
def review(session, cast):
    open_cycle(session, cast)
    publish_second(session)
    return review_of(session, cast.ben)


def move(session, cast, review, to="2026.2", who=None):
    found = move_review(session, cast.actor(who or review.person), review.id, to, review.version)
    session.commit()
    session.expire_all()
    return found


def rows(session, review, side=Side.SELF):
    mine = select(SkillRating).where(SkillRating.assessment_id == half(review, side).id)
    return {row.skill_id: row for row in session.scalars(mine)}


def test_answers_stand_are_renamed_or_are_asked_again(session, cast, review):
    rate_all(session, cast, half(review, Side.SELF), "middle", comment="As I see it.")
    before = {id_: (row.rung, row.comment) for id_, row in rows(session, review).items()}
    move(session, cast, review)
    after = rows(session, review)
    assert RENAMED not in after
    assert (after[f"{RENAMED}-2"].rung, after[f"{RENAMED}-2"].comment) == before[RENAMED]
    asked = get_assessment(session, cast.actor(cast.ben), half(review, Side.SELF).id)
    items = {item.skill.id: item.rating for item in asked.items}
    assert (items[REWORDED].answer, items[REWORDED].asked_again, items[REWORDED].comment) == (
        None,
        "Middle",
        "As I see it.",
    )
    assert [id_ for id_, rating in items.items() if rating.answer is None] == [REWORDED]
    assert GONE not in items
    assert GONE in after  # what was said stays


def test_what_is_asked_again_must_be_answered_before_submitting(session, cast, review):
    rate_all(session, cast, half(review, Side.SELF), "middle")
    move(session, cast, review)
    ben, assessment = cast.actor(cast.ben), half(review, Side.SELF)
    with pytest.raises(Invalid, match="1 skills still need an answer"):
        actions.submit_assessment(session, ben, assessment.id)
    version = rows(session, review)[REWORDED].version
    actions.save_rating(
        session, ben, assessment.id, REWORDED, RatingInput(answer=Answer.RUNG, rung="junior", version=version)
    )
    actions.submit_assessment(session, ben, assessment.id)
    assert assessment.status == AssessmentStatus.SUBMITTED


def test_evidence_stays_with_what_is_asked_again(session, cast, review):
    rate_all(session, cast, half(review, Side.SELF), "middle")
    given = EvidenceInput(dated=FIRST, note="The goals of spring.")
    actions.add_evidence(session, cast.actor(cast.ben), half(review, Side.SELF).id, REWORDED, given)
    move(session, cast, review)
    asked = get_assessment(session, cast.actor(cast.ben), half(review, Side.SELF).id)
    (item,) = [item for item in asked.items if item.skill.id == REWORDED]
    assert [piece.note for piece in item.rating.evidence] == ["The goals of spring."]


def test_a_submitted_side_becomes_a_draft_whatever_was_answered(session, cast, review):
    for rung in ("junior", "senior"):
        person = cast.ben if rung == "junior" else cast.cat
        theirs = review_of(session, person)
        rate_all(session, cast, half(theirs, Side.MANAGER), rung)
        submit(session, cast, half(theirs, Side.MANAGER))
        move(session, cast, theirs)
        manager = half(theirs, Side.MANAGER)
        assert (manager.status, manager.submitted_at) == (AssessmentStatus.DRAFT, None)
        assert manager.reopen_reason == "Product Manager 2026.2 asks for something else."


def test_where_nothing_is_asked_a_submission_stands(session, cast):
    open_cycle(session, cast)
    publish_version(session, SYSTEM, replace(second(), skills=original().skills), None)
    session.commit()
    review = review_of(session, cast.ben)
    rate_all(session, cast, half(review, Side.SELF))
    submit(session, cast, half(review, Side.SELF))
    move(session, cast, review)
    assert half(review, Side.SELF).status == AssessmentStatus.SUBMITTED


def test_what_was_submitted_and_pinned_then_is_told_as_of_then(session, cast, review):
    with day(3):
        rate_all(session, cast, half(review, Side.SELF), "middle")
        for row in half(review, Side.SELF).review.assessments:
            row.begun_at = row.begun_at.replace(year=2026, month=9, day=1)
        submit(session, cast, half(review, Side.SELF))
        session.commit()
    with day(5):
        move(session, cast, review)
    with day(9):
        then = get_report(session, cast.actor(cast.ben), review.id, as_of=FIRST.replace(day=5))
        assert (then.ladder.version, then.review.ladder_version, REWORDED in then.counted) == ("2026.1", "2026.1", True)
        assert RENAMED in then.counted
    assert session.scalars(select(EarlierPin)).one().review_id == review.id
    assert session.scalars(select(EarlierAssessment)).one().assessment_id == half(review, Side.SELF).id


def test_only_the_owner_moves_it(session, cast, review):
    for person in (cast.ann, cast.max, cast.dee, cast.pia):
        with pytest.raises(Forbidden):
            move(session, cast, review, who=person)
    for person in (cast.eli, cast.una, cast.cat):
        with pytest.raises(NotFound):
            move(session, cast, review, who=person)


def test_what_is_revealed_stays(session, cast, review):
    reveal(session, cast, cast.ben)
    with pytest.raises(Conflict, match="both sides answered under its version"):
        move(session, cast, review)


def test_a_version_that_is_none_or_retired_or_not_after_it_is_refused(session, cast, review):
    with pytest.raises(NotFound):
        move(session, cast, review, to="2030.1")
    publish_version(session, SYSTEM, second("2027.1", supersedes=None), None)
    with pytest.raises(Conflict, match="does not come after"):
        move(session, cast, review, to="2027.1")
    retire_version(session, SYSTEM, "product-manager", "2026.2")
    with pytest.raises(Conflict, match="is retired"):
        move(session, cast, review)


def test_over_two_versions_at_once(session, cast, review):
    third = second("2026.3", supersedes="2026.2")
    skills = [
        replace(it, id=f"{RENAMED}-3", was=f"{RENAMED}-2") if it.id == f"{RENAMED}-2" else it for it in third.skills
    ]
    publish_version(session, SYSTEM, replace(third, skills=tuple(skills)), None)
    rate_all(session, cast, half(review, Side.SELF), "middle")
    move(session, cast, review, to="2026.3")
    assert f"{RENAMED}-3" in rows(session, review)


def test_the_version_that_was_seen_is_needed(session, cast, review):
    ben = cast.actor(cast.ben)
    with pytest.raises(VersionRequired):
        move_review(session, ben, review.id, "2026.2", None)
    with pytest.raises(Stale):
        move_review(session, ben, review.id, "2026.2", review.version - 1)
    move(session, cast, review)
    with pytest.raises(Conflict):
        move(session, cast, review)  # it is there already


def test_one_line_says_so(session, cast, review):
    rate_all(session, cast, half(review, Side.MANAGER))
    submit(session, cast, half(review, Side.MANAGER))
    move(session, cast, review)
    verbs = session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq.desc()).limit(2)).all()
    assert set(verbs) == {"review.moved", "assessment.asked_again"}
