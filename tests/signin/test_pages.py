import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service import clock
from service.permissions import SYSTEM
from service.signin import actions
from service.signin.models import ApiToken, SignInSession, SignInTry

PASSWORD = "four plain words here"


@pytest.fixture
def ann(session, cast):
    actions.set_password(session, SYSTEM, cast.ann, PASSWORD)
    session.commit()
    return cast.ann


def _send(browser, password=PASSWORD, **fields):
    return browser.post("/signin", data={"email": "ann@example.org", "password": password} | fields)


def _count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_signing_in_goes_on_to_the_page_asked_for(sign_in, ann):
    browser = sign_in(None)
    answer = _send(browser, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert browser.get("/account").status_code == 200
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("nextrung="))
    assert re.search(r"; HttpOnly; Max-Age=43200; Path=/; SameSite=lax$", cookie)


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(sign_in, ann, settings):
    browser = sign_in(None)
    settings.__dict__["secure"] = True
    cookies = _send(browser).headers.get_list("set-cookie")
    assert all("Secure" in cookie for cookie in cookies)
    assert any(
        re.fullmatch(r"__Host-nextrung=\S{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax; Secure", c)
        for c in cookies
    )


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(sign_in, ann, target):
    browser = sign_in(None)
    assert 'name="next" value="/"' in browser.get("/signin", params={"next": target}).text
    assert _send(browser, next=target).headers["location"] == "/"
    assert browser.get("/signin", params={"next": target}).headers["location"] == "/"


def test_a_wrong_password_renders_the_form_again_and_counts(sign_in, session, ann):
    answer = _send(sign_in(None), "not this one", next="/account")
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert 'value="ann@example.org"' in answer.text
    assert 'value="/account"' in answer.text
    assert "not this one" not in answer.text
    assert _count(session, SignInTry) == 3


def test_unknown_account_and_wrong_password_look_the_same(sign_in, ann):
    wrong = _send(sign_in(None), "not this one", email="ann@example.org")
    unknown = _send(sign_in(None), "not this one", email="zoe@example.org")
    assert wrong.text.replace("ann@", "zoe@") == unknown.text


@pytest.mark.parametrize("missing", ["email", "password"])
@pytest.mark.parametrize("value", [None, "", "\x00"])
def test_an_absent_field_never_signs_in(sign_in, session, ann, missing, value):
    fields = {"email": "ann@example.org", "password": PASSWORD, missing: value}
    answer = sign_in(None).post("/signin", data={key: text for key, text in fields.items() if text is not None})
    assert answer.status_code == 422
    assert _count(session, SignInSession) == 0


def test_the_eleventh_try_is_told_when_to_come_back(sign_in, ann):
    browser = sign_in(None)
    with clock.frozen(clock.now()):
        answers = [_send(browser, "not this one") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "300"
    assert "Wait 5 minutes" in answers[-1].text


def test_a_browser_that_signed_in_before_is_not_locked_out_by_strangers(sign_in, ann):
    own, stranger = sign_in(None), sign_in(None)
    _send(own)
    own.post("/signout")
    for _ in range(11):
        last = _send(stranger, "not this one")
    assert last.status_code == 429
    assert _send(own).status_code == 303


def test_the_key_changes_at_sign_in_and_the_old_one_is_dead(sign_in, session, ann, cast):
    browser = sign_in(cast.ben)
    planted = browser.cookies["nextrung"]
    _send(browser)
    assert browser.cookies["nextrung"] != planted
    browser.cookies.set("nextrung", planted, domain="testserver.local")
    assert browser.get("/account").headers["location"] == "/signin?next=/account"


def test_signing_out_ends_the_session_on_the_server(sign_in, session, cast):
    browser = sign_in(cast.ann)
    key = browser.cookies["nextrung"]
    answer = browser.post("/signout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
    browser.cookies.set("nextrung", key, domain="testserver.local")
    assert browser.get("/account").status_code == 303


def test_signing_out_twice_is_no_problem(sign_in):
    assert sign_in(None).post("/signout").status_code == 303


def test_signing_out_everywhere_ends_the_other_browsers_too(sign_in, session, cast):
    here, there, other = sign_in(cast.ann), sign_in(cast.ann), sign_in(cast.ben)
    assert here.post("/account/sessions/ended").headers["location"] == "/signin"
    assert [browser.get("/account").status_code for browser in (here, there, other)] == [303, 303, 200]


def test_changing_the_password_ends_the_other_browsers_and_keeps_this_one(sign_in, ann):
    here, there = sign_in(ann), sign_in(ann)
    before = here.cookies["nextrung"]
    form = {"current": PASSWORD, "password": "other plain words", "repeated": "other plain words"}
    assert here.post("/account/password", data=form).headers["location"] == "/account"
    assert here.cookies["nextrung"] != before
    assert [browser.get("/account").status_code for browser in (here, there)] == [200, 303]
    assert _send(sign_in(None)).status_code == 422


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (
            {"current": "wrong one here", "password": "other plain words", "repeated": "other plain words"},
            "not your present password",
        ),
        ({"current": PASSWORD, "password": "short", "repeated": "short"}, "Use 12 to 200 characters"),
        ({"current": PASSWORD, "password": "other plain words", "repeated": "other"}, "differs from the new password"),
        ({"current": PASSWORD, "password": "other plain words"}, "This is needed."),
        ({}, "This is needed."),
    ],
)
def test_a_password_that_is_not_changed_says_why(sign_in, ann, form, words):
    browser = sign_in(ann)
    answer = browser.post("/account/password", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert PASSWORD not in answer.text
    assert browser.get("/account").status_code == 200


def test_the_account_page_shows_own_sessions_only(sign_in, session, settings, cast):
    browser = sign_in(cast.ann)
    actions.start_session(session, settings, cast.ann, client="Opera on <b>Windows</b>")
    actions.start_session(session, settings, cast.ben, client="Edge on Windows")
    session.commit()
    text = browser.get("/account").text
    assert "Opera on &lt;b&gt;Windows&lt;/b&gt;" in text
    assert text.count("this one") == 1
    assert "Edge on Windows" not in text


def test_the_secret_of_a_token_is_shown_exactly_once(sign_in, session, cast):
    browser = sign_in(cast.ann)
    answer = browser.post("/account/tokens", data={"name": "Nightly", "scope": "read", "days": "30"})
    secret = re.search(r"nr_[\w-]{43}", answer.text).group()
    assert answer.headers["cache-control"] == "no-store"
    page = browser.get("/account").text
    assert secret[:10] in page
    assert secret not in page
    anonymous = sign_in(None)
    assert anonymous.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}).json()["name"] == "Ann"


@pytest.mark.parametrize(
    "form",
    [
        {"name": "x", "scope": "read", "days": "91"},
        {"name": "x", "scope": "read", "days": "0"},
        {"name": "x", "scope": "admin", "days": "1"},
        {"name": "x\x00", "scope": "read", "days": "1"},
        {"name": "y" * 101, "scope": "read", "days": "1"},
        {"name": "x", "days": "1"},
        {"name": "x", "scope": "read", "days": "1", "person_id": "1"},
    ],
)
def test_a_token_that_cannot_be_made_says_why(sign_in, session, cast, form):
    answer = sign_in(cast.ann).post("/account/tokens", data=form)
    assert answer.status_code == 422
    assert _count(session, ApiToken) == 0


def test_a_token_is_revoked_by_its_owner_only(sign_in, session, cast):
    browser = sign_in(cast.ann)
    browser.post("/account/tokens", data={"name": "Nightly", "scope": "read", "days": "30"})
    token = session.scalars(select(ApiToken)).one()
    assert sign_in(cast.dee).post(f"/account/tokens/{token.id}/revocation").status_code == 404
    assert browser.post(f"/account/tokens/{token.id}/revocation").status_code == 303
    assert _count(session, ApiToken) == 0


@pytest.mark.parametrize(
    "path", ["/signin", "/signout", "/account/sessions/ended", "/account/password", "/account/tokens"]
)
@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}])
def test_another_site_cannot_send_these_forms(sign_in, session, cast, path, headers):
    browser = sign_in(cast.ann)
    assert browser.post(path, headers=headers).status_code == 403
    assert _count(session, SignInSession) == 1


def test_a_session_ends_with_its_hours(sign_in, cast, settings):
    browser = sign_in(cast.ann)
    with clock.frozen(clock.now() + timedelta(hours=settings.session_hours)):
        assert browser.get("/account").headers["location"] == "/signin?next=/account"
