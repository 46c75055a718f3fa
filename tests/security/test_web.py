"""The web as a hostile place: other sites' requests, headers, cookies, hosts and redirects (SECURITY.md section 4)."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from service.app import MOST_BYTES, make_app
from service.db import Base, Database
from service.settings import Settings
from service.signin.rules import cookie_name
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import SignIn
from tests.security.calls import API, SAFE, body_of
from tests.security.conftest import PASSWORD, Staged
from tests.security.test_matrix import Line, lines, somebody

FROM_ELSEWHERE: tuple[dict[str, str], ...] = (
    {},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://testserver.evil.example"},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"sec-fetch-site": "same-site"},
    {"content-type": "text/plain"},
)
"""What a request carries that a page of somebody else made the browser send, with the cookie, or that no page made."""


def digest(connection: Connection) -> str:
    """One hash over every row of every table."""
    total = sha256()
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if (table.name, column.name) != ("ladder_version", "content")]
        rows = sorted(repr(tuple(row)) for row in connection.execute(select(*columns)))
        total.update(f"{table.name}: {rows}\n".encode())
    return total.hexdigest()


def unsafe_lines() -> Iterator[tuple[Line, str]]:
    """Each unsafe route that somebody with a browser may use, and who that is."""
    for line in lines():
        if line.method not in SAFE:
            yield line, somebody(line)


def test_no_other_site_changes_anything(staged: Staged, connection: Connection) -> None:
    with staged("shared") as stage:
        before = digest(connection)
        for line, actor in unsafe_lines():
            ids = stage.ids[line.side]
            cookie = {name: value for name, value in stage.headers[actor].items() if name == "cookie"}
            for headers in FROM_ELSEWHERE:
                more = body_of(line.method, line.path, ids)
                more["headers"] = more.get("headers", {}) | cookie | headers
                answer = stage.client.request(line.method, line.path.format(**ids), **more)
                assert answer.status_code in (403, 415, 422), (line, headers)
                assert line.path == "/signin" or answer.status_code != 422 or headers.get("content-type"), (
                    line,
                    headers,
                )
            assert digest(connection) == before, line
        stage.client.cookies.clear()


def test_our_own_pages_do_change_something(staged: Staged, connection: Connection) -> None:
    """So that the test above can fail: with our own headers most of the same requests write."""
    with staged("shared") as stage:
        before, changed = digest(connection), set()
        for line, actor in unsafe_lines():
            ids = stage.ids[line.side]
            kept = connection.begin_nested()
            stage.send(actor, line.method, line.path.format(**ids), **body_of(line.method, line.path, ids))
            if digest(connection) != before:
                changed.add((line.method, line.path))
            kept.rollback()
        assert len(changed) > 25


def test_json_is_not_taken_as_plain_text(staged: Staged, connection: Connection) -> None:
    asked = 0
    with staged("shared") as stage:
        before = digest(connection)
        for line, actor in unsafe_lines():
            ids = stage.ids[line.side]
            more = body_of(line.method, line.path, ids)
            if line.path.startswith(API) and "json" in more:
                text = stage.client.build_request("POST", "/", json=more["json"]).content
                headers = more["headers"] | {"content-type": "text/plain"}
                url = line.path.format(**ids)
                assert stage.ask(actor, line.method, url, content=text, headers=headers).status_code == 422, line
                asked += 1
        assert digest(connection) == before
    assert asked > 12


@pytest.fixture
def https(database: Database, tmp_path: Path) -> Browser:
    """The app as in production, asked over https."""
    settings = Settings(secret="t" * 40, base_url="https://rungs.example.org:8443/", data_dir=tmp_path)
    app = make_app(settings, database, work=False)
    app.get("/planted/fault")(_fail)
    app.get("/api/planted/fault")(_fail)
    return Browser(app, "https://rungs.example.org:8443", raise_faults=False)


def _fail() -> None:
    raise RuntimeError("a secret of ours")


@pytest.mark.parametrize(
    ("method", "path", "status", "headers"),
    [
        ("GET", "/signin", 200, {}),
        ("GET", "/", 303, {}),
        ("GET", f"{API}/me", 401, {}),
        ("POST", "/signin", 403, {}),
        ("GET", "/nowhere", 404, {}),
        ("GET", f"{API}/nowhere", 404, {}),
        ("DELETE", "/signin", 405, {}),
        ("POST", "/signin", 413, {"content-length": str(MOST_BYTES + 1), "sec-fetch-site": "same-origin"}),
        ("POST", "/signin", 422, {"sec-fetch-site": "same-origin"}),
        ("GET", "/static/style.css", 200, {}),
        ("GET", "/static/nowhere.css", 404, {}),
        ("GET", "/static/fonts/nowhere.ttf", 404, {}),
        ("GET", "/signin", 400, {"host": "evil.example"}),
        ("GET", "/planted/fault", 500, {}),
        ("GET", "/api/planted/fault", 500, {}),
        ("GET", "/openapi.json", 200, {}),
    ],
)
def test_every_answer_has_the_security_headers(
    https: Browser, method: str, path: str, status: int, headers: dict[str, str]
) -> None:
    answer = https.request(method, path, headers=headers)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    assert {part.split()[0]: part.split()[1:] for part in policy.split("; ")} == {
        "default-src": ["'self'"], "img-src": ["'self'", "data:"], "object-src": ["'none'"], "base-uri": ["'none'"],
        "form-action": ["'self'"], "frame-ancestors": ["'none'"],
    }  # fmt: skip
    assert (answer.headers["x-content-type-options"], answer.headers["referrer-policy"]) == ("nosniff", "same-origin")
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert path.startswith("/static/") or answer.headers["cache-control"] == "no-store"
    assert "secret of ours" not in answer.text


def test_a_fault_of_ours_is_told_in_the_form_that_was_asked_for(https: Browser) -> None:
    page, api = https.get("/planted/fault"), https.get("/api/planted/fault")
    assert page.headers["content-type"].startswith("text/html")
    assert api.headers["content-type"] == "application/problem+json"
    assert api.json()["status"] == 500


def test_cookies_over_https_are_for_this_host_alone(https: Browser, ann: None) -> None:
    own = {"sec-fetch-site": "same-origin"}
    answer = https.post("/signin", data={"email": "ann@example.org", "password": PASSWORD}, headers=own)
    out = https.post("/signout", headers=own)
    cookies = [cookie for each in (answer, out) for cookie in each.headers.get_list("set-cookie")]
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-nextrung", "nextrung-device", "nextrung-flash"}
    for cookie in cookies:
        name, _, flags = cookie.partition("=")
        wanted = {"HttpOnly", "SameSite=lax", "Secure"} | (set() if name == "nextrung-device" else {"Path=/"})
        assert wanted <= set(flags.split("; ")), cookie
        assert "Domain" not in cookie
    assert cookie_name(secure=True) == "__Host-nextrung"


def test_another_host_is_not_answered_in_production(https: Browser) -> None:
    for host in ("evil.example", "rungs.example.org.evil.example", "evil.example:8443", "", "x@rungs.example.org"):
        assert https.get("/signin", headers={"host": host}).status_code == 400, host
    assert https.get("/signin", headers={"host": "rungs.example.org"}).status_code == 200


def test_links_do_not_come_from_the_host_header(staged: Staged) -> None:
    with staged("closed") as stage:
        for line in lines():
            if line.method == "GET":
                url = line.path.format(**stage.ids[line.side])
                answer = stage.ask(
                    "ben", "GET", url, headers={"host": "evil.example", "x-forwarded-host": "evil.example"}
                )
                assert "evil.example" not in answer.text + answer.headers.get("location", ""), line


def test_who_may_not_name_an_assessor_learns_no_addresses(staged: Staged) -> None:
    """Whether somebody signs in with an address is said to those who may name an assessor, and to nobody else."""
    with staged("hidden") as stage:
        url = "/reviews/{review_id}/assessor".format(**stage.ids[""])
        for actor, status in (("ben", (403, 403)), ("ann", (403, 403)), ("eli", (404, 404)), ("dee", (303, 422))):
            known, unknown = (
                stage.ask(actor, "POST", url, data={"email": f"{name}@example.org"}) for name in ("fay", "zoe")
            )
            assert (known.status_code, unknown.status_code) == status
            assert actor == "dee" or known.content == unknown.content


TARGETS = (
    "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/%09/evil.example",
    "/\t/evil.example", "/\n/evil.example", "///evil.example", "http:evil.example", " //evil.example", "/\u2028/evil.example",
    "/..//evil.example", "/signout", "http://[::1",
)  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_nobody_is_sent_to_another_site(sign_in: SignIn, cast: Cast, target: str) -> None:
    location = sign_in(cast.ben).get("/signin", params={"next": target}).headers["location"]
    assert re.match(r"/(?![/\\])", location), location
    assert location not in ("/signin", "/signout")
    form = sign_in(None).get("/signin", params={"next": target}).text
    assert re.search(r'name="next" value="/(?![/\\])', form)


def test_a_planted_flash_is_text(sign_in: SignIn) -> None:
    page = sign_in(None).get("/signin", headers={"cookie": "nextrung-flash=%3Cscript%3Ealert(1)%3C/script%3E"}).text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_body_beyond_two_megabytes_is_not_read(sign_in: SignIn, cast: Cast, connection: Connection) -> None:
    browser = sign_in(cast.dee)
    before = digest(connection)
    big = "x" * (MOST_BYTES + 1)

    def pieces() -> Iterator[bytes]:
        yield from (b"csv=" + b"x" * 65536 for _ in range(40))

    form = {"content-type": "application/x-www-form-urlencoded"}
    answers = [
        browser.post("/people/imports", data={"csv": big}),
        browser.post("/people/imports", files={"file": ("a.csv", big.encode())}),
        browser.post("/people/imports", content=pieces(), headers=form),
        browser.post(f"{API}/people/imports", json={"csv": big}),
        browser.post(f"{API}/people/imports", content=pieces(), headers={"content-type": "application/json"}),
    ]
    assert [answer.status_code for answer in answers] == [413] * 5
    assert digest(connection) == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nonexistent", 404),
        ("GET", "/static/x", 404),
        ("DELETE", "/signin", 405),
        ("GET", f"{API}/nowhere", 404),
    ],
)
def test_where_nothing_is_a_bad_token_is_no_fault(sign_in: SignIn, method: str, path: str, status: int) -> None:
    answer = sign_in(None).request(method, path, headers={"authorization": "Bearer bad"})
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/plans/", "/signin/", f"{API}/plans/", "/people/"])
def test_a_slash_too_many_is_no_way_to_another_host(sign_in: SignIn, cast: Cast, path: str) -> None:
    answer = sign_in(cast.dee).get(path, headers={"host": "evil.example"})
    assert (answer.status_code, answer.headers.get("location")) == (404, None)
