"""The sheet of the talk as of a day: what was agreed by its end, with the notes of then, and nothing to do about it."""

import pytest

from service.errors import Invalid, NotFound
from service.gaps.queries import get_talk
from service.reviews import actions
from service.reviews.inputs import AgreedInput
from service.reviews.rules import Answer, ReviewStatus, Side
from tests.factories import agree_all, confirm, half, open_cycle, rate_all, review_of, submit
from tests.gaps.test_as_of import FIRST, day, timedelta


@pytest.fixture
def review(session, cast):
    """Self in on day 3, shared on day 6, agreed on day 7, one of it anew on day 9, confirmed on day 11."""
    with day(1):
        open_cycle(session, cast)
    review = review_of(session, cast.ben)
    for number, side, rung in ((3, Side.SELF, "middle"), (6, Side.MANAGER, "junior")):
        with day(number):
            rate_all(session, cast, half(review, side), rung)
            submit(session, cast, half(review, side))
            session.commit()
    with day(7):
        agree_all(session, cast, review)
    with day(9):
        given = AgreedInput(answer=Answer.NONE, note="On reflection.", version=1)
        actions.save_agreed(session, cast.actor(cast.ben), review.id, "okr", given)
        session.commit()
    with day(11):
        confirm(session, cast, review, cast.ben, cast.ann, comment="So be it.")
        session.commit()
    session.expire_all()
    return review


def then(session, cast, review, number, reader=None):
    with day(20):
        return get_talk(session, cast.actor(reader or cast.ben), review.id, FIRST + timedelta(days=number))


def okr(talk):
    return next(line.item for line in talk.lines if line.item.skill.id == "okr")


def test_each_day_has_what_was_agreed_with_its_note(session, cast, review):
    told = [(okr(then(session, cast, review, n)).note, okr(then(session, cast, review, n)).version) for n in (6, 8, 9)]
    assert told == [("", 0), ("As we said in the talk.", 1), ("On reflection.", 2)]
    assert okr(then(session, cast, review, 8)).agreed.answer is not Answer.NONE
    assert okr(then(session, cast, review, 8)).self_.rating is not None


def test_a_day_before_sharing_has_nothing_to_compare_and_one_to_come_is_refused(session, cast, review):
    for number in (0, 5):
        with pytest.raises(NotFound, match="had not been shared by"):
            then(session, cast, review, number)
    with pytest.raises(Invalid):
        then(session, cast, review, 21)


def test_it_is_to_be_read_only_and_knows_no_later_word(session, cast, review):
    talk = then(session, cast, review, 10)
    view = talk.agreement.review
    assert (talk.agreement.may_agree, view.status, view.person_comment) == (False, ReviewStatus.SHARED, "")
    view = then(session, cast, review, 11).agreement.review
    assert (view.status, view.person_comment) == (ReviewStatus.CONFIRMED, "So be it.")
    with pytest.raises(NotFound):
        then(session, cast, review, 11, cast.eli)


def test_both_doors_tell_the_day(session, cast, review, sign_in):
    with day(20):
        ben, here = sign_in(cast.ben), f"/reviews/{review.id}/agreement"
        page = ben.get(f"{here}?as_of=2026-09-09").text
        assert ("As of 9 Sep 2026" in page, "On reflection." in page, 'method="post" action="/reviews' in page) == (
            True,
            False,
            False,
        )
        answer = ben.get(f"/api/v1{here}?as_of=2026-09-09")
        assert (answer.json()["as_of"], answer.json()["may_agree"], "etag" in answer.headers) == (
            "2026-09-09",
            False,
            False,
        )
        assert ben.get(f"/api/v1{here}?as_of=2026-09-05").status_code == 404
        assert ben.get(f"{here}?as_of=").status_code == 200
