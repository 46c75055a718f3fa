"""A form that is sent after the session has ended comes back with every word, to be sent again."""

import re

import pytest
from sqlalchemy.orm import Session

from service.reviews.rules import Side
from tests.cast import Cast
from tests.conftest import SignIn
from tests.factories import half, open_cycle, review_of

WORDS = {"answer": "middle", "comment": 'Two lines\nand a "quote" <b>of mine</b>', "version": "0", "then": "stay"}


@pytest.fixture
def path(session: Session, cast: Cast) -> str:
    open_cycle(session, cast)
    return f"/assessments/{half(review_of(session, cast.ben), Side.SELF).id}/ratings/okr"


def test_what_was_written_comes_back_and_can_be_sent_again(path: str, cast: Cast, sign_in: SignIn) -> None:
    kept = sign_in(None).post(path, data=WORDS)
    assert kept.status_code == 401
    assert f'<form method="post" action="{path}">' in kept.text
    assert "Two lines\nand a &#34;quote&#34; &lt;b&gt;of mine&lt;/b&gt;</textarea>" in kept.text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', kept.text))
    assert hidden == {name: value for name, value in WORDS.items() if name != "comment"}
    assert sign_in(cast.ben).post(path, data=hidden | {"comment": WORDS["comment"]}).headers["location"] == path


def test_a_password_is_not_handed_back(cast: Cast, sign_in: SignIn) -> None:
    sent = sign_in(None).post("/account/password", data={"current": "my old secret", "password": "n", "repeated": "n"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/signin?next=/")
    assert "my old secret" not in sent.text


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "text/plain", "application/json", ""])
def test_what_is_no_form_leads_to_the_sign_in_page(path: str, sign_in: SignIn, content_type: str) -> None:
    sent = sign_in(None).post(path, content=b"comment=One+word", headers={"content-type": content_type})
    assert (sent.status_code, sent.headers["location"]) == (303, "/signin?next=/")


def test_another_site_cannot_put_words_on_our_page(path: str, sign_in: SignIn) -> None:
    sent = sign_in(None).post(path, data=WORDS, headers={"sec-fetch-site": "cross-site"})
    assert (sent.status_code, "Two lines" in sent.text) == (403, False)


def test_more_fields_than_a_form_has_are_no_fault(path: str, sign_in: SignIn) -> None:
    sent = sign_in(None).post(path, data={f"n{number}": "x" for number in range(1200)})
    assert sent.status_code == 303


def test_a_persons_own_word_is_shown_and_not_sent_by_whoever_signs_in_next(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    kept = sign_in(None).post(f"/reviews/{review.id}/confirmation", data={"comment": "My own word.", "version": "1"})
    assert (kept.status_code, "My own word." in kept.text) == (401, True)
    assert "Send it again" not in kept.text
    assert 'action="/reviews' not in kept.text
