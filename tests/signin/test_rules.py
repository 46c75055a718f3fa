from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import TooManyTries
from service.signin import rules
from service.signin.rules import Visitor

SECRET = "s" * 40
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HERE = Visitor("192.0.2.1", "Firefox on Linux")


def _known_device(account: str) -> Visitor:
    return Visitor("192.0.2.1", "x", device=rules.device_mark(SECRET, account))


def test_a_stranger_counts_towards_address_account_and_all():
    assert sorted(rules.limits(SECRET, "ann@x.org", HERE).values()) == [10, 100, 1000]


def test_a_known_browser_counts_towards_itself_only():
    own = rules.limits(SECRET, "ann@x.org", _known_device("ann@x.org"))
    assert list(own.values()) == [10]
    assert not own.keys() & rules.limits(SECRET, "ann@x.org", HERE).keys()


@pytest.mark.parametrize(
    "device", ["", "x", "é", rules.device_mark(SECRET, "ben@x.org"), rules.device_mark("", "ann@x.org")]
)
def test_a_missing_or_foreign_device_mark_is_a_stranger(device):
    visitor = Visitor("192.0.2.1", "x", device=device)
    assert rules.limits(SECRET, "ann@x.org", visitor) == rules.limits(SECRET, "ann@x.org", HERE)


def test_no_account_address_or_secret_can_be_read_off_the_keys():
    assert all(len(key) == 64 and "ann" not in key for key in rules.limits(SECRET, "ann@x.org", HERE))


def test_the_tenth_try_is_heard_and_the_eleventh_is_not():
    oldest = NOW - timedelta(minutes=4)
    rules.check_tries({"a": 10}, {"a": (9, oldest)}, NOW)
    with pytest.raises(TooManyTries) as caught:
        rules.check_tries({"a": 10}, {"a": (10, oldest)}, NOW)
    assert caught.value.retry_after == 60
    assert caught.value.detail == "There were too many tries to sign in. Wait a minute and try again."


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_network(address, counted):
    assert rules.network(address) == counted


@pytest.mark.parametrize("password", ["short", "x" * 11, "x" * 201, "ANN.BERGMANN@example.org", "Ann Bergmann ", ""])
def test_passwords_that_are_refused(password):
    problems = rules.password_problems(password, email="ann.bergmann@example.org", name="Ann Bergmann")
    assert [problem.pointer for problem in problems] == ["/password"]


@pytest.mark.parametrize("password", ["four plain words here", "x" * 200, "пароль из слов", "🙂" * 12])
def test_passwords_that_are_taken(password):
    assert rules.password_problems(password, email="ann@example.org", name="Ann") == []


@pytest.mark.parametrize("path", ["/", "/reviews/1?x=2", "/people?q=%C3%A4"])
def test_local_paths_stay(path):
    assert rules.local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [None, "", "reviews", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
     "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/a\r\nset-cookie: x=1", "/signin?next=/signin",
     "/signout", "//[", " /x"],
)  # fmt: skip
def test_other_targets_become_the_home_page(path):
    assert rules.local_path(path) == "/"


@given(st.text())
def test_a_target_never_leaves_the_site(text):
    path = rules.local_path(text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.9", "curl/8.9"),
        ("\x00\n", "unknown"),
        ("y" * 999, "y" * 200),
    ],
)
def test_name_client(agent, name):
    assert rules.name_client(agent) == name


def test_cookie_name_asks_for_https_where_there_is_https():
    assert (rules.cookie_name(secure=True), rules.cookie_name(secure=False)) == ("__Host-nextrung", "nextrung")
