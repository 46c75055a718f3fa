"""A report as of a day tells what had been submitted or agreed by its end, under the version pinned then."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from service import clock
from service.errors import Invalid, NotFound
from service.gaps.queries import get_report
from service.gaps.views import Basis
from service.reviews import actions
from service.reviews.inputs import AgreedInput
from service.reviews.rules import Answer, ReviewStatus, Side
from tests.factories import agree_all, confirm, half, open_cycle, rate_all, reveal, review_of, submit

FIRST = date(2026, 9, 1)


@contextmanager
def day(number):
    """The n-th day of the cycle, at noon."""
    moment = datetime(2026, 9, 1, 12, tzinfo=UTC) + timedelta(days=number)
    with clock.frozen(moment):
        yield moment.date()


def then(cast, reader, review, number):
    cast.session.commit()
    cast.session.expire_all()
    return get_report(cast.session, cast.actor(reader), review.id, as_of=FIRST + timedelta(days=number))


def rungs(ratings):
    return {rating.rung for rating in ratings.values() if rating.rung}


def begun(session, cast):
    with day(1):
        open_cycle(session, cast)
    return review_of(session, cast.ben)


def submitted(session, cast, review, number, side, rung):
    with day(number):
        rate_all(session, cast, half(review, side), rung)
        submit(session, cast, half(review, side))


def test_before_the_review_began_there_is_nothing(session, cast):
    review = begun(session, cast)
    with day(3), pytest.raises(NotFound, match="had not begun by 1 Sep 2026"):
        then(cast, cast.ben, review, 0)


def test_a_day_to_come_is_refused(session, cast):
    review = begun(session, cast)
    with day(3), pytest.raises(Invalid, match="still to come"):
        then(cast, cast.ben, review, 4)


def test_a_draft_is_in_no_past(session, cast):
    review = begun(session, cast)
    with day(2):
        rate_all(session, cast, half(review, Side.SELF))
    with day(3), pytest.raises(NotFound, match="There was no rating"):
        then(cast, cast.ben, review, 2)


def test_each_day_has_the_sides_that_were_in(session, cast):
    review = begun(session, cast)
    submitted(session, cast, review, 3, Side.SELF, "senior")
    submitted(session, cast, review, 6, Side.MANAGER, "junior")
    with day(9):
        before, after = then(cast, cast.ben, review, 5), then(cast, cast.ben, review, 6)
    assert (before.basis, before.manager, before.review.status) == (Basis.SELF, {}, ReviewStatus.OPEN)
    assert (after.basis, after.review.status) == (Basis.MANAGER, ReviewStatus.SHARED)
    assert "senior" in rungs(before.self_)
    assert "senior" not in rungs(after.counted)


def test_what_was_taken_back_still_stood_then(session, cast):
    review = begun(session, cast)
    submitted(session, cast, review, 3, Side.SELF, "senior")
    with day(5):
        actions.reopen_assessment(session, cast.actor(cast.ben), half(review, Side.SELF).id, "Too high.")
        for row in half(review, Side.SELF).ratings:
            row.answer, row.rung, row.version = Answer.NONE, None, row.version + 1
    with day(7):
        submit(session, cast, half(review, Side.SELF))
    with day(9):
        assert "senior" in rungs(then(cast, cast.ben, review, 4).counted)
        assert rungs(then(cast, cast.ben, review, 8).counted) == set()
        with pytest.raises(NotFound):  # on the sixth day it was a draft
            then(cast, cast.ben, review, 6)


def test_what_was_taken_back_before_the_reveal_is_told_to_its_rater_alone(session, cast):
    review = begun(session, cast)
    submitted(session, cast, review, 3, Side.SELF, "senior")
    with day(5):
        actions.reopen_assessment(session, cast.actor(cast.ben), half(review, Side.SELF).id, "Too high.")
        for row in half(review, Side.SELF).ratings:
            row.answer, row.rung, row.version = Answer.NONE, None, row.version + 1
    with day(6):
        submit(session, cast, half(review, Side.SELF))
    submitted(session, cast, review, 7, Side.MANAGER, "middle")
    with day(9):
        assert "senior" in rungs(then(cast, cast.ben, review, 4).counted)
        for reader in (cast.ann, cast.max, cast.dee):
            assert {rating.answer for rating in then(cast, reader, review, 6).self_.values()} == {Answer.NONE}
            with pytest.raises(NotFound):
                then(cast, reader, review, 4)


def test_an_agreed_rating_that_was_written_anew_still_stood_then(session, cast):
    review = begun(session, cast)
    with day(3):
        reveal(session, cast, cast.ben)
        agree_all(session, cast, review)
    skill = next(iter(then_now(cast, review).agreed))
    with day(5):
        given = AgreedInput(answer=Answer.NONE, note="On reflection.", version=1)
        actions.save_agreed(session, cast.actor(cast.ben), review.id, skill, given)
    with day(6):
        confirm(session, cast, review, cast.ben, cast.ann)
    with day(9):
        earlier, later = then(cast, cast.ben, review, 4), then(cast, cast.ben, review, 6)
    assert earlier.agreed[skill].rung is not None
    assert (later.agreed[skill].answer, later.review.status) == (Answer.NONE, ReviewStatus.CONFIRMED)
    assert (earlier.review.status, earlier.is_draft, later.is_draft) == (ReviewStatus.SHARED, True, False)


def then_now(cast, review):
    return get_report(cast.session, cast.actor(cast.ben), review.id)


def test_nobody_reads_of_then_what_they_may_not_read_now(session, cast):
    review = begun(session, cast)
    submitted(session, cast, review, 3, Side.SELF, "senior")
    with day(4):
        rate_all(session, cast, half(review, Side.MANAGER))
    with day(9):
        for reader in (cast.ann, cast.max, cast.dee, cast.eli):
            with pytest.raises(NotFound):
                then(cast, reader, review, 4)


def test_both_doors_and_the_command_tell_the_day(session, cast, sign_in):
    review = begun(session, cast)
    with day(3):
        reveal(session, cast, cast.ben)
    with day(9):
        ben = sign_in(cast.ben)
        page = ben.get(f"/reviews/{review.id}/gaps?as_of=2026-09-04")
        answer = ben.get(f"/api/v1/reviews/{review.id}/gaps?as_of=2026-09-04").json()
        assert (page.status_code, "As of 4 Sep 2026" in page.text) == (200, True)
        assert (answer["as_of"], answer["basis"]) == ("2026-09-04", "manager")
        assert ben.get(f"/api/v1/reviews/{review.id}/gaps?as_of=2026-09-30").status_code == 422
        assert ben.get(f"/api/v1/reviews/{review.id}/gaps?as_of=x").status_code == 422
        assert ben.get(f"/reviews/{review.id}/gaps?as_of=").status_code == 200
