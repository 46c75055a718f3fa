"""Sessions and tokens: they change, end and expire when they should, and an absent one is nobody's."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.clock import frozen
from service.permissions import SYSTEM, Scope
from service.signin import actions
from service.signin.models import SignInSession
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import Bearer, SignIn
from tests.security.calls import API
from tests.security.company import NOW
from tests.security.conftest import PASSWORD


def sign_in_as_ann(browser: Browser, **fields: str) -> Any:
    return browser.post("/signin", data={"email": "ann@example.org", "password": PASSWORD} | fields)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/").status_code == 200 and browser.get(f"{API}/me").status_code == 200


def test_the_session_id_changes_with_each_sign_in(sign_in: SignIn, ann: None) -> None:
    browser, other = sign_in(None), sign_in(None)
    browser.cookies.set("nextrung", "chosen-by-somebody-else", domain="testserver.local")
    sign_in_as_ann(browser)
    first = browser.cookies["nextrung"]
    sign_in_as_ann(browser)
    assert len({"chosen-by-somebody-else", first, browser.cookies["nextrung"]}) == 3
    other.cookies.set("nextrung", first, domain="testserver.local")
    assert (is_signed_in(browser), is_signed_in(other)) == (True, False)


def test_signing_out_ends_this_session_and_everywhere_ends_all(sign_in: SignIn, cast: Cast, session: Session) -> None:
    one, two, three = (sign_in(cast.ben) for _ in range(3))
    copy = sign_in(None)
    copy.cookies.set("nextrung", one.cookies["nextrung"], domain="testserver.local")
    one.post("/signout")
    assert [is_signed_in(browser) for browser in (copy, two, three)] == [False, True, True]
    two.post("/account/sessions/ended")
    assert not is_signed_in(three)
    assert session.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_leaving_ends_sessions_and_tokens_on_the_next_request(
    sign_in: SignIn, bearer: Bearer, cast: Cast, session: Session
) -> None:
    browser, program = sign_in(cast.ben), bearer(cast.ben, Scope.READ)
    assert (is_signed_in(browser), program.get(f"{API}/me").status_code) == (True, 200)
    actions.leave(session, SYSTEM, cast.ben)
    session.commit()
    assert (is_signed_in(browser), program.get(f"{API}/me").status_code) == (False, 401)


def test_sessions_and_tokens_end_on_time(sign_in: SignIn, bearer: Bearer, cast: Cast) -> None:
    with frozen(NOW):
        browser, program = sign_in(cast.ben), bearer(cast.ben, Scope.READ)
    for after, holds in ((timedelta(hours=12, seconds=-1), True), (timedelta(hours=12), False)):
        with frozen(NOW + after):
            assert is_signed_in(browser) is holds
    for after, status in ((timedelta(days=30, seconds=-1), 200), (timedelta(days=30), 401)):
        with frozen(NOW + after):
            assert program.get(f"{API}/me").status_code == status


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer null",
        "Bearer None",
        "Bearer undefined",
        "Bearer nr_",
        "Bearer \x00",
        "Bearer nr_\xff",
    ],
)
def test_an_absent_token_is_nobody_s(sign_in: SignIn, cast: Cast, header: str) -> None:
    browser = sign_in(cast.ben)
    assert browser.get(f"{API}/me", headers={b"authorization": header.encode("latin-1")}).status_code == 401


@pytest.mark.parametrize("cookie", ["", "null", "None", "undefined", '""', "\xff"])
def test_an_absent_key_is_nobody_s(sign_in: SignIn, cast: Cast, cookie: str) -> None:
    headers = {b"cookie": f"nextrung={cookie}".encode("latin-1")}
    assert sign_in(None).get(f"{API}/me", headers=headers).status_code == 401


@pytest.mark.parametrize("password", [None, "", "null", "None", "undefined", " "])
def test_who_has_no_password_does_not_sign_in_without_one(sign_in: SignIn, cast: Cast, password: str | None) -> None:
    fields = {"email": "ben@example.org"} | ({} if password is None else {"password": password})
    assert sign_in(None).post("/signin", data=fields).status_code == 422
