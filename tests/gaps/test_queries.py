"""The gap report of each reader at each step: what one may not see yet is no basis for what one is shown."""

import pytest
from sqlalchemy.orm import Session

from service.errors import NotFound, NotSignedIn
from service.gaps.queries import get_report
from service.gaps.rules import State
from service.gaps.views import Basis, GapReport
from service.people.models import Person
from service.permissions import NOBODY
from service.reviews import actions
from service.reviews.models import Review
from service.reviews.rules import ShareRule, Side
from tests.cast import Cast
from tests.factories import agree_all, confirm, half, open_cycle, rate_all, reveal, review_of, submit


def report(cast: Cast, reader: Person, review: Review, **options: str) -> GapReport:
    """As a request would read it: nothing remembered from the writing."""
    cast.session.commit()
    cast.session.expire_all()
    return get_report(cast.session, cast.actor(reader), review.id, **options)


def half_done(session: Session, cast: Cast, *sides: Side) -> Review:
    """Ben's review, with the sides named submitted and the others in draft."""
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    for side, rung in ((Side.SELF, "senior"), (Side.MANAGER, "junior")):
        rate_all(session, cast, half(review, side), rung)
        if side in sides:
            submit(session, cast, half(review, side))
    return review


STEPS = [(), (Side.SELF,), (Side.MANAGER,)]


@pytest.mark.parametrize("sides", STEPS, ids=["both in draft", "self submitted", "manager submitted"])
def test_before_the_reveal_the_person_sees_their_own_view_alone(
    session: Session, cast: Cast, sides: tuple[Side, ...]
) -> None:
    seen = report(cast, cast.ben, half_done(session, cast, *sides))
    assert (seen.basis, seen.is_draft) == (Basis.SELF, Side.SELF not in sides)
    assert (seen.manager, seen.agreed, seen.differences) == ({}, {}, ())
    assert seen.counted == seen.self_
    assert {rating.rung for rating in seen.counted.values()} >= {"senior"}


@pytest.mark.parametrize("sides", STEPS, ids=["both in draft", "self submitted", "manager submitted"])
def test_before_the_reveal_the_manager_sees_their_own_view_alone(
    session: Session, cast: Cast, sides: tuple[Side, ...]
) -> None:
    seen = report(cast, cast.ann, half_done(session, cast, *sides))
    assert (seen.basis, seen.is_draft) == (Basis.MANAGER, Side.MANAGER not in sides)
    assert (seen.self_, seen.agreed, seen.differences) == ({}, {}, ())
    assert seen.counted == seen.manager
    assert "senior" not in {rating.rung for rating in seen.counted.values()}


@pytest.mark.parametrize("sides", STEPS, ids=["both in draft", "self submitted", "manager submitted"])
def test_before_the_reveal_there_is_nothing_for_anybody_else(
    session: Session, cast: Cast, sides: tuple[Side, ...]
) -> None:
    review = half_done(session, cast, *sides)
    for reader in (cast.max, cast.dee, cast.pia, cast.una, cast.eli, cast.cat, cast.fay):
        with pytest.raises(NotFound):
            report(cast, reader, review)
    with pytest.raises(NotSignedIn):
        get_report(session, NOBODY, review.id)


def test_what_the_manager_drafts_changes_nothing_for_the_person(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    rate_all(session, cast, half(review, Side.SELF))
    before = report(cast, cast.ben, review)
    rate_all(session, cast, half(review, Side.MANAGER), "junior")
    assert report(cast, cast.ben, review) == before


def test_after_the_reveal_the_managers_view_counts_for_all_who_may_read(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben, self_="senior", manager="junior")
    for reader in (cast.ben, cast.ann, cast.max, cast.dee, cast.pia):
        seen = report(cast, reader, review)
        assert (seen.basis, seen.is_draft, seen.counted) == (Basis.MANAGER, False, seen.manager)
        assert {item.rungs is not None and item.rungs < 0 for item in seen.differences} == {True}
    for reader in (cast.una, cast.eli, cast.cat, cast.fay):
        with pytest.raises(NotFound):
            report(cast, reader, review)


def test_hr_sees_no_gaps_of_their_own_manager(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    with pytest.raises(NotFound):
        report(cast, cast.dee, review_of(session, cast.max))


def test_until_calibration_is_released_the_person_stays_with_their_own_view(session: Session, cast: Cast) -> None:
    open_cycle(session, cast, ShareRule.AFTER_CALIBRATION)
    review = reveal(session, cast, cast.ben, self_="senior", manager="junior")
    before = report(cast, cast.ben, review)
    assert (before.basis, before.is_draft, before.manager, before.differences) == (Basis.SELF, False, {}, ())
    for reader in (cast.ann, cast.max, cast.dee, cast.pia):
        assert report(cast, reader, review).basis is Basis.MANAGER
    actions.share_review(session, cast.actor(cast.dee), review.id)
    assert report(cast, cast.ben, review).basis is Basis.MANAGER


def test_agreed_ratings_come_first_and_are_a_draft_until_both_confirm(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben, self_="senior", manager="junior")
    agree_all(session, cast, review)
    for reader in (cast.ben, cast.ann, cast.max, cast.dee, cast.pia):
        seen = report(cast, reader, review)
        assert (seen.basis, seen.is_draft, seen.counted) == (Basis.AGREED, True, seen.agreed)
        assert len(seen.differences) > 0
    confirm(session, cast, review, cast.ben, cast.ann)
    assert (report(cast, cast.ben, review).basis, report(cast, cast.ben, review).is_draft) == (Basis.AGREED, False)


def test_the_report_names_every_expectation_of_the_target_once(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    seen = report(cast, cast.ben, reveal(session, cast, cast.ben))
    expected = {made.id for made in seen.ladder.skills_expected_at("senior")}
    assert seen.target.id == "senior"
    assert sorted(finding.skill.id for finding in seen.findings) == sorted(expected)
    assert sum(len(seen.of_state(state)) for state in State) == len(seen.findings)
    assert seen.gaps == seen.of_state("partly", "unmet", "unknown")
    assert all(finding.expectation.statement for finding in seen.findings)


def test_stored_ratings_are_judged_as_they_were_given(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    seen = report(cast, cast.ben, reveal(session, cast, cast.ben, self_="senior", manager="senior"))
    assert {finding.state for finding in seen.findings} == {State.MET}
    assert (seen.attainment.attained, seen.attainment.next) == (seen.ladder.level("senior"), seen.ladder.level("lead"))


@pytest.mark.parametrize("level", ["junior", "middle", "senior", "lead", "principal"])
def test_a_report_can_be_asked_for_any_level(session: Session, cast: Cast, level: str) -> None:
    open_cycle(session, cast)
    seen = report(cast, cast.ben, reveal(session, cast, cast.ben), level=level)
    assert (seen.target.id, seen.at_top) == (level, level == "principal")
    assert len(seen.findings) == len(seen.ladder.skills_expected_at(level))


def test_a_report_can_be_asked_for_another_ladder(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    seen = report(cast, cast.ben, review, ladder="technical-product-manager")
    known = {finding.skill.id for finding in seen.findings if finding.state is not State.UNKNOWN}
    assert (seen.ladder.id, seen.target.id) == ("technical-product-manager", "senior")
    assert known == {finding.skill.id for finding in seen.findings} & set(seen.manager)
    assert known
    assert [neighbour[0] for neighbour in seen.neighbours] == ["product-manager"]


def test_a_level_or_ladder_that_does_not_exist_is_not_found(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    for options in ({"level": "staff"}, {"ladder": "astronaut"}):
        with pytest.raises(NotFound):
            report(cast, cast.ben, review, **options)


def test_at_the_top_the_report_says_so_and_offers_neighbours(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.max)
    rate_all(session, cast, half(review, Side.SELF), "principal")
    seen = report(cast, cast.max, review)
    assert (seen.target.id, seen.at_top) == ("principal", True)
    assert [neighbour[0] for neighbour in seen.neighbours] == ["technical-product-manager"]


def test_words_say_where_a_reader_sees_nothing(session: Session, cast: Cast) -> None:
    review = half_done(session, cast)
    seen = report(cast, cast.ben, review)
    skill_id = seen.findings[0].skill.id
    assert seen.words(seen.manager, skill_id) == "–"
    assert seen.words(seen.self_, skill_id) != "–"
