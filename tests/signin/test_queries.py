from datetime import timedelta
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from service import clock
from service.errors import NotSignedIn
from service.permissions import NOBODY, SYSTEM, Scope
from service.signin import actions
from service.signin.inputs import TokenRequest
from service.signin.queries import identify


@pytest.fixture
def ask(session, settings):
    def send(**headers: str):
        app = SimpleNamespace(state=SimpleNamespace(settings=settings))
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        return identify(session, Request({"type": "http", "headers": raw, "app": app, "method": "GET", "path": "/"}))

    return send


def _token(session, settings, cast, person, scope=Scope.READ, days=30):
    return actions.create_token(
        session, settings, cast.actor(person), TokenRequest(name="t", scope=scope, days=days)
    ).secret


def test_a_cookie_that_holds_is_its_person(session, settings, cast, ask):
    key = actions.start_session(session, settings, cast.ann, client="x")
    assert ask(cookie=f"nextrung={key}") == cast.actor(cast.ann)


@pytest.mark.parametrize("cookie", ["", "nextrung=", "nextrung=None", "nextrung=x", "other=1", "__Host-nextrung=x"])
def test_a_cookie_that_is_missing_or_unknown_is_nobody(session, settings, cast, ask, cookie):
    actions.start_session(session, settings, cast.ann, client="x")
    assert ask(cookie=cookie) is NOBODY


def test_https_has_a_cookie_of_its_own(session, settings, cast, ask):
    settings.base_url = "https://next.example.org"
    key = actions.start_session(session, settings, cast.ann, client="x")
    assert ask(cookie=f"nextrung={key}") is NOBODY
    assert ask(cookie=f"__Host-nextrung={key}") == cast.actor(cast.ann)


def test_an_expired_session_is_nobody(session, settings, cast, ask):
    key = actions.start_session(session, settings, cast.ann, client="x")
    with clock.frozen(clock.now() + timedelta(hours=settings.session_hours)):
        assert ask(cookie=f"nextrung={key}") is NOBODY


def test_the_hash_itself_opens_nothing(session, settings, cast, ask):
    from service.signin.rules import keyed_hash

    key = actions.start_session(session, settings, cast.ann, client="x")
    assert ask(cookie=f"nextrung={keyed_hash(settings.secret, key)}") is NOBODY


def test_a_key_of_another_secret_opens_nothing(session, settings, cast, ask):
    key = actions.start_session(session, settings, cast.ann, client="x")
    settings.secret = "u" * 40
    assert ask(cookie=f"nextrung={key}") is NOBODY


def test_who_has_left_is_nobody_from_the_next_request_on(session, settings, cast, ask):
    key = actions.start_session(session, settings, cast.ann, client="x")
    cast.ann.active = False
    session.flush()
    assert ask(cookie=f"nextrung={key}") is NOBODY


def test_a_token_is_its_owner_within_its_scope(session, settings, cast, ask):
    actor = ask(authorization=f"Bearer {_token(session, settings, cast, cast.dee)}")
    assert (actor.person_id, actor.scope, actor.roles) == (cast.dee.id, Scope.READ, cast.actor(cast.dee).roles)


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer nr_", "Bearer nr_x", "bearer null", "Bearer x nr_y"])
def test_a_token_that_does_not_hold_is_refused_though_the_cookie_would(session, settings, cast, ask, value):
    key = actions.start_session(session, settings, cast.ann, client="x")
    with pytest.raises(NotSignedIn):
        ask(authorization=value, cookie=f"nextrung={key}")


def test_a_session_key_is_no_token_and_a_token_no_session_key(session, settings, cast, ask):
    key = actions.start_session(session, settings, cast.ann, client="x")
    secret = _token(session, settings, cast, cast.ann)
    with pytest.raises(NotSignedIn):
        ask(authorization=f"Bearer {key}")
    assert ask(cookie=f"nextrung={secret}") is NOBODY


def test_a_token_ends_with_its_days_and_with_its_owner(session, settings, cast, ask):
    secret = _token(session, settings, cast, cast.ann, days=1)
    with clock.frozen(clock.now() + timedelta(days=1)), pytest.raises(NotSignedIn):
        ask(authorization=f"Bearer {secret}")
    actions.leave(session, SYSTEM, cast.ann)
    with pytest.raises(NotSignedIn):
        ask(authorization=f"Bearer {secret}")


def test_another_scheme_is_left_to_the_proxy_in_front(session, settings, cast, ask):
    key = actions.start_session(session, settings, cast.ann, client="x")
    assert ask(authorization="Basic YTpi", cookie=f"nextrung={key}") == cast.actor(cast.ann)
