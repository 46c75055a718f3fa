from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from service import clock
from service.audit.models import AuditEvent
from service.errors import Forbidden, Invalid, NotFound, NotSignedIn, TooManyTries
from service.jobs.models import Job
from service.permissions import SYSTEM, Scope
from service.signin import actions
from service.signin.inputs import PasswordChange, SignIn, TokenRequest
from service.signin.models import ApiToken, Credential, SignInSession, SignInTry
from service.signin.rules import Visitor, device_mark, keyed_hash

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PASSWORD = "four plain words here"
HERE = Visitor("192.0.2.1", "Firefox on Linux")
RIGHT = SignIn(email="ANN@example.org", password=PASSWORD)
WRONG = SignIn(email="ann@example.org", password="something else")


@pytest.fixture
def ann(session, cast):
    actions.set_password(session, SYSTEM, cast.ann, PASSWORD)
    return cast.ann


def _count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def _verbs(session):
    return list(session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)))


def test_sign_in_stores_only_a_hash_of_the_key(session, settings, ann):
    key = actions.sign_in(session, settings, RIGHT, HERE)
    stored = session.scalars(select(SignInSession)).one()
    assert stored.key_hash == keyed_hash(settings.secret, key)
    assert (stored.person_id, stored.client) == (ann.id, "Firefox on Linux")
    assert _verbs(session) == ["password.set", "session.started"]


def test_the_password_is_stored_with_the_parameters_of_owasp(session, ann):
    stored = session.scalar(select(Credential.password_hash))
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_sign_in_ends_the_session_the_browser_came_with(session, settings, ann):
    first = actions.sign_in(session, settings, RIGHT, HERE)
    second = actions.sign_in(session, settings, RIGHT, replace(HERE, key=first))
    assert first != second
    assert list(session.scalars(select(SignInSession.key_hash))) == [keyed_hash(settings.secret, second)]


@pytest.mark.parametrize(
    "attempt",
    [WRONG, SignIn(email="ben@example.org", password=PASSWORD), SignIn(email="nobody@example.org", password=PASSWORD)],
)
def test_wrong_password_account_without_one_and_unknown_account_are_one_case(session, settings, ann, attempt):
    assert actions.sign_in(session, settings, attempt, HERE) is None
    assert _count(session, SignInSession) == 0
    assert _count(session, SignInTry) == 3


def test_eleventh_try_from_an_address_is_not_heard_not_even_the_right_one(session, settings, ann):
    with clock.frozen(NOW):
        for _ in range(10):
            assert actions.sign_in(session, settings, WRONG, HERE) is None
        with pytest.raises(TooManyTries) as caught:
            actions.sign_in(session, settings, RIGHT, HERE)
    assert caught.value.retry_after == 300


def test_the_right_person_signs_in_from_another_address(session, settings, ann):
    with clock.frozen(NOW):
        for _ in range(10):
            actions.sign_in(session, settings, WRONG, HERE)
        assert actions.sign_in(session, settings, RIGHT, Visitor("192.0.2.2", "")) is not None


def test_no_stranger_locks_a_person_out_of_their_own_browser(session, settings, ann):
    own = replace(HERE, device=device_mark(settings.secret, "ann@example.org"))
    with clock.frozen(NOW):
        _spread_tries(session, settings, 100)
        with pytest.raises(TooManyTries):
            actions.sign_in(session, settings, RIGHT, Visitor("198.51.100.1", ""))
        assert actions.sign_in(session, settings, RIGHT, own) is not None


def test_a_known_browser_has_ten_tries_too(session, settings, ann):
    own = replace(HERE, device=device_mark(settings.secret, "ann@example.org"))
    with clock.frozen(NOW):
        for _ in range(10):
            assert actions.sign_in(session, settings, WRONG, own) is None
        with pytest.raises(TooManyTries):
            actions.sign_in(session, settings, RIGHT, own)


def test_tries_are_forgotten_after_five_minutes(session, settings, ann):
    with clock.frozen(NOW):
        for _ in range(10):
            actions.sign_in(session, settings, WRONG, HERE)
    with clock.frozen(NOW + timedelta(minutes=5)):
        assert actions.sign_in(session, settings, WRONG, HERE) is None
        assert _count(session, SignInTry) == 3
        assert actions.sign_in(session, settings, RIGHT, HERE) is not None


def test_who_has_left_does_not_sign_in(session, settings, cast, ann):
    actions.leave(session, SYSTEM, ann)
    assert actions.sign_in(session, settings, RIGHT, HERE) is None


def test_changing_the_password_ends_all_sessions_and_starts_one(session, settings, cast, ann):
    old = [actions.sign_in(session, settings, RIGHT, HERE) for _ in range(2)]
    change = PasswordChange(current=PASSWORD, password="other plain words", repeated="other plain words")
    key = actions.change_password(session, settings, cast.actor(ann), change, HERE)
    assert key not in old
    assert list(session.scalars(select(SignInSession.key_hash))) == [keyed_hash(settings.secret, key)]
    assert actions.sign_in(session, settings, RIGHT, HERE) is None
    assert actions.sign_in(session, settings, SignIn(email="ann@example.org", password="other plain words"), HERE)
    assert _verbs(session)[-2:] == ["password.changed", "session.started"]


def test_a_wrong_present_password_counts_as_a_try(session, settings, cast, ann):
    change = PasswordChange(current="not this one", password="other plain words", repeated="other plain words")
    with clock.frozen(NOW):
        for _ in range(10):
            assert actions.change_password(session, settings, cast.actor(ann), change, HERE) is None
        with pytest.raises(TooManyTries):
            actions.change_password(session, settings, cast.actor(ann), change, HERE)


@pytest.mark.parametrize(
    ("password", "repeated", "pointer"),
    [
        ("short", "short", "/password"),
        ("other plain words", "other plain word", "/repeated"),
        ("y" * 201, "y" * 201, "/password"),
    ],
)
def test_new_passwords_that_do_not_do(session, settings, cast, ann, password, repeated, pointer):
    change = PasswordChange(current=PASSWORD, password=password, repeated=repeated)
    with pytest.raises(Invalid) as caught:
        actions.change_password(session, settings, cast.actor(ann), change, HERE)
    assert [problem.pointer for problem in caught.value.problems] == [pointer]


def test_only_the_system_sets_a_password_for_somebody(session, cast):
    with pytest.raises(Forbidden):
        actions.set_password(session, cast.actor(cast.dee), cast.ann, PASSWORD)


def test_a_token_is_stored_as_a_hash_with_its_end(session, settings, cast):
    wish = TokenRequest(name="Nightly", scope=Scope.READ, days=90)
    with clock.frozen(NOW):
        new = actions.create_token(session, settings, cast.actor(cast.ann), wish)
    stored = session.scalars(select(ApiToken)).one()
    assert stored.key_hash == keyed_hash(settings.secret, new.secret)
    assert stored.expires_at == NOW + timedelta(days=90)
    assert (new.token.prefix, len(new.token.prefix)) == (new.secret[:10], 10)
    assert _verbs(session) == ["token.created"]


def test_nobody_revokes_a_token_of_somebody_else(session, settings, cast):
    new = actions.create_token(
        session, settings, cast.actor(cast.ann), TokenRequest(name="x", scope=Scope.READ, days=1)
    )
    with pytest.raises(NotFound):
        actions.revoke_token(session, cast.actor(cast.dee), new.token.id)
    actions.revoke_token(session, cast.actor(cast.ann), new.token.id)
    assert _count(session, ApiToken) == 0


def test_nobody_has_no_account(session, settings, cast):
    from service.permissions import NOBODY

    with pytest.raises(NotSignedIn):
        actions.end_sessions(session, NOBODY)


def test_leaving_ends_all_access_in_one_go_and_asks_to_hand_over(session, settings, cast, ann):
    actions.sign_in(session, settings, RIGHT, HERE)
    actions.create_token(session, settings, cast.actor(ann), TokenRequest(name="x", scope=Scope.READ, days=1))
    actions.leave(session, cast.actor(cast.dee), ann)
    assert [_count(session, table) for table in (SignInSession, ApiToken, Credential)] == [0, 0, 0]
    assert (ann.active, ann.email_key) == (False, f"left:{ann.id}")
    jobs = {(job.task, *job.arguments["person_ids"]) for job in session.scalars(select(Job))}
    assert jobs == {(task, str(ann.id)) for task in ("hand_over_reviews", "hand_over_plans")}
    assert _verbs(session)[-1] == "person.left"


def test_hr_does_not_end_the_employment_of_their_own_manager(session, cast):
    with pytest.raises(NotFound):
        actions.leave(session, cast.actor(cast.dee), cast.max)


def _spread_tries(session, settings, count):
    from service.signin.rules import limits

    for number in range(count):
        visitor = Visitor(f"203.0.113.{number % 250}", "")
        session.add_all(
            SignInTry(key=key, at=clock.now()) for key in limits(settings.secret, "ann@example.org", visitor)
        )
    session.flush()
