"""Hostile input: bodies that no parser of ours may fall over, and texts that no page may take for its own."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection, String, Text, select
from sqlalchemy.orm import Session

from service.db import Database
from service.people.models import OrgUnit, Person
from service.plans.models import KeyResultRow, ObjectiveRow, Plan
from service.reviews.models import AgreedRating, Cycle, Evidence, Review, SkillRating
from service.signin.models import ApiToken, SignInSession
from tests.ladders.files import LADDER
from tests.security.calls import API, SAFE, body_of, queries_of
from tests.security.company import Stage
from tests.security.conftest import ON_BOTH, Staged
from tests.security.test_matrix import Line, lines, somebody
from tests.security.test_web import digest

DEEP = b"[" * 5000
NOT_JSON = {
    "nothing": b"",
    "half": b'{"a": ',
    "deep list": DEEP + b"]" * 5000,
    "deep object": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "deep and open": DEEP,
    "not a number": b'{"answer": NaN, "start_on": NaN, "target": NaN}',
    "infinite": b'{"answer": -Infinity}',
    "list": b"[]",
    "text": b'"text"',
    "null": b"null",
    "not utf-8": b'{"answer": "\xff\xfe"}',
    "utf-16": '{"answer": "rung"}'.encode("utf-16"),
    "null bytes": b"\x00\x00",
}
"""Bodies that are refused whatever they are sent to."""

ODD_VALUES: tuple[Any, ...] = (
    None, "", "\x00", "a\x00b", 10**30, -(10**30), 10**400, 1e308, True, [], {}, ["x"] * 10_000, "x" * 100_000, "9" * 5000,
    {"a": {"b": {}}}, "0000-00-00", "9999-12-31", "-1", "٣", "\u202e", "'; DROP TABLE person; --",
)  # fmt: skip


def json_lines() -> Iterator[tuple[Line, str]]:
    """Each API route that takes a body, and somebody who may use it."""
    for line in lines():
        if line.path.startswith(API) and line.method not in SAFE and line.side != "manager":
            yield line, somebody(line)


def bodies(stage: Stage) -> Iterator[tuple[Line, str, str, dict[str, str], dict[str, Any]]]:
    for line, actor in json_lines():
        ids = stage.ids[line.side]
        more = body_of(line.method, line.path, ids)
        if "json" in more:
            headers = more["headers"] | {"content-type": "application/json"}
            yield line, actor, line.path.format(**ids), headers, more["json"]


def is_refused(status: int) -> bool:
    return 400 <= status < 500


@ON_BOTH
def test_what_is_no_json_is_refused(staged: Staged, connection: Connection) -> None:
    asked = set()
    with staged("shared") as stage:
        before = digest(connection)
        for line, actor, url, headers, _ in bodies(stage):
            for name, body in NOT_JSON.items():
                answer = stage.ask(actor, line.method, url, content=body, headers=headers)
                assert answer.status_code in (400, 422), (line, name, answer.text)
                assert answer.headers["content-type"] == "application/problem+json"
            asked.add(line.path)
        assert digest(connection) == before
    assert len(asked) > 12


def test_json_says_one_thing(staged: Staged, connection: Connection) -> None:
    """A member that is there twice, and half of a character, are refused wherever they stand."""
    with staged("shared") as stage:
        before = digest(connection)
        for line, actor, url, headers, good in bodies(stage):
            text = json.dumps(good)
            name = next(iter(good))
            twice = text[:-1] + f", {json.dumps(name)}: {json.dumps(good[name])}}}"
            half = json.dumps(good | {name: "\ud800"})
            nested = text[:-1] + ', "more": [{"x": ["\\uDFFF"]}]}'
            for body in (twice, half, nested):
                answer = stage.ask(actor, line.method, url, content=body.encode(), headers=headers)
                assert answer.status_code == 422, (line, body)
        assert digest(connection) == before


@ON_BOTH
def test_odd_values_never_break_the_service(staged: Staged) -> None:
    """Each field of each body in turn; a value that fits is kept, every other one refused."""
    refused = 0
    with staged("shared") as stage:
        for line, actor, url, headers, good in bodies(stage):
            for name, value in zip(cycle(good), ODD_VALUES):  # round and round the fields
                body = json.dumps(good | {name: value}).encode()
                answer = stage.ask(actor, line.method, url, content=body, headers=headers)
                assert answer.status_code < 500, (line, name, value)
                refused += is_refused(answer.status_code)
    assert refused > 200


@ON_BOTH
def test_odd_forms_never_break_the_service(staged: Staged) -> None:
    with staged("shared") as stage:
        for line in lines():
            if line.method in SAFE or line.path.startswith(API) or line.side == "manager":
                continue
            actor, ids = somebody(line), stage.ids[line.side]
            url, good = line.path.format(**ids), body_of(line.method, line.path, ids).get("data", {})
            for name, value in zip(
                cycle(good or {"x": ""}), ("", "\x00", "9" * 5000, "\u202e", "x" * 100_000, "[]", "-1")
            ):
                answer = stage.ask(actor, line.method, url, data=good | {name: value})
                assert answer.status_code < 500, (line, name, value)
            for content_type in (
                "multipart/form-data",
                "multipart/form-data; boundary=" + "x" * 500,
                "text/plain",
                "",
                "x",
            ):
                headers = {"content-type": content_type}
                answer = stage.ask(actor, line.method, url, content=b"--x\r\n\r\n" * 50, headers=headers)
                assert answer.status_code < 500, (line, content_type)


ODD_PARTS = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    "%2e%2e%2f",
    "9" * 30,
    "-1",
    "%E2%80%AE",
    "%F0%9F%A6%89",
    "'",
    "x" * 3000,
    "%0d%0aset-cookie:a=b",
)


@ON_BOTH
def test_odd_addresses_never_break_the_service(staged: Staged, app: FastAPI) -> None:
    """Each part of each path, and each query parameter, in turn."""
    queries = queries_of(app)
    with staged("shared") as stage:
        for line in lines():
            if line.method not in SAFE or line.side == "manager":
                continue
            ids = stage.ids[line.side]
            names, whole = re.findall(r"{(\w+)}", line.path), line.path.format(**ids)
            for part in ODD_PARTS:
                urls = [line.path.format(**(ids | {name: part})) for name in names]
                urls += [f"{whole}?{name}={part}" for name in queries.get((line.method, line.path), ())]
                for url in urls:
                    answer = stage.ask("dee", "GET", url)
                    assert answer.status_code < 500, (url, answer.text)
                    assert "a=b" not in answer.headers.get("set-cookie", ""), url


def test_odd_static_addresses_never_break_the_service(browser: TestClient) -> None:
    for folder in ("/static/", "/static/fonts/"):
        for part in (*ODD_PARTS, "../app.py", "..%2fapp.py", "....//app.py", "%2e%2e/settings.py", "style.css%00.ttf"):
            answer = browser.get(folder + part)
            assert is_refused(answer.status_code), part


# --- stored text ----------------------------------------------------------------------------------------------------

HOSTILE = (
    "<script>nr(1)</script>", "</title><script>nr(2)</script>", "\"><img src=x onerror=nr(3)>", "'><svg onload=nr(4)>",
    "</textarea><b>nr5</b>", "<!--nr6", "]]>nr7", "{{7*7}}nr8", "{% for x in y %}nr9", "${7*7}nr10", "#{7*7}nr11", "<%= 7*7 %>nr12",
    "\u202enr13\u202d", "nr14\u200d\u2066", "javascript:nr(15)", "=HYPERLINK(\"nr16\")", "&lt;b&gt;nr17", "&#x3c;b>nr18",
    "<a href=//evil.example>nr19</a>", "\" autofocus onfocus=nr(20) x=\"", "nr21" + "Ä" * 2000,
)  # fmt: skip

FIELDS = (
    (Person, ("name", "email")), (OrgUnit, ("name",)), (Cycle, ("name",)), (SkillRating, ("comment", "reason")),
    (Evidence, ("note", "url", "answer")), (AgreedRating, ("note", "reason")), (Review, ("person_comment", "assessor_comment")),
    (Plan, ("title",)), (ObjectiveRow, ("title", "why", "serves")), (KeyResultRow, ("title", "metric", "unit", "owner")),
    (ApiToken, ("name",)), (SignInSession, ("client",)),
)  # fmt: skip
"""Every text that somebody writes or imports and somebody else reads."""


def rewrite(session: Session, texts: tuple[str, ...]) -> None:
    """Put each of `texts` in turn into every such field, as if all checks at the door had been passed."""
    turn = 0
    for table, names in FIELDS:
        for row in session.scalars(select(table).order_by(table.id)).unique():
            for name in names:
                kind = table.__table__.columns[name].type
                length = kind.length if isinstance(kind, String) and not isinstance(kind, Text) else None
                unique = f"{turn} " if name in ("email",) or table in (OrgUnit, Cycle) else ""
                setattr(row, name, (unique + texts[turn % len(texts)])[: length or 4000])
                turn += 1
    for objective in session.scalars(select(ObjectiveRow)).unique():
        objective.projects = list(texts[:20])
    session.flush()


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, without any text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(("/" + tag,))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))


def pages(stage: Stage, about: str = "") -> dict[tuple[str, str], str]:
    """Every page that its reader may open and whose path has `about` in it, by (reader, address)."""
    found = {}
    for line in lines():
        if line.method in SAFE and about in line.path and not line.path.startswith(("/api/", "/openapi")):
            url = line.path.format(**stage.ids[line.side])
            for actor in ("ben", "ann", "dee", "una"):
                answer = stage.ask(actor, "GET", url)
                if answer.headers.get("content-type", "").startswith("text/html"):
                    found[actor, url] = answer.text
    return found


def shown(staged: Staged, database: Database, texts: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """The pages of a company in which everybody writes `texts`: all while the review is shared and the plan a draft, then
    those of the signed plan, and the agreement when the cycle is over."""
    with staged("shared") as stage:
        with database.writing() as session:
            rewrite(session, texts)
            session.commit()
        found = pages(stage)
        version = stage.ids[""]["plan_version"]
        for actor in ("ben", "ann"):
            answer = stage.send(
                actor, "POST", "/plans/{plan_id}/agreement".format(**stage.ids[""]), data={"version": version}
            )
            assert answer.status_code == 303, answer.text
        found |= {("signed, " + actor, url): page for (actor, url), page in pages(stage, "/plans/").items()}
    with staged("closed") as stage:
        with database.writing() as session:
            rewrite(session, texts)
            session.commit()
        return found | {("closed, " + actor, url): page for (actor, url), page in pages(stage, "/agreement").items()}


def test_hostile_texts_are_only_text(staged: Staged, database: Database) -> None:
    """The pages have the same elements and attributes as those of a company that writes plain words."""
    hostile = shown(staged, database, HOSTILE)
    plain = shown(staged, database, tuple(f"plain {number}" for number in range(len(HOSTILE))))
    assert hostile.keys() == plain.keys()
    assert len(hostile) > 100
    for key, page in hostile.items():
        assert Skeleton(page).found == Skeleton(plain[key]).found, key
        for text in HOSTILE:
            if re.search(r"[<>\"]", text):
                assert text not in page, (key, text)
        assert "49nr" not in page
        assert not re.search(r'(?:href|src|action)="(?:javascript:|//)', page), key
    everything = "".join(hostile.values())
    for number in range(1, len(HOSTILE) + 1):
        assert re.search(rf"nr\(?{number}(?!\d)", everything), number


def test_names_do_not_turn_the_rest_of_the_page_around(staged: Staged, database: Database) -> None:
    """A name of whatever direction stands in <bdi>, wherever it stands in running text."""
    with staged("shared") as stage:
        with database.writing() as session:
            for person in session.scalars(select(Person)).unique():
                person.name = "\u202e" + person.name + "nr"
            session.commit()
        bare = []
        for key, page in pages(stage).items():
            body = re.sub(
                r"<title>.*?</title>|<textarea.*?</textarea>|<option.*?</option>|<[^>]*>", mark, page, flags=re.S
            )
            bare += [(key, before[-60:]) for before in body.split("\u202e")[:-1] if not before.endswith(BDI)]
        assert bare == []


BDI = "\u241e"


def mark(match: re.Match[str]) -> str:
    """<bdi> as one sign, everything else that is not running text as nothing."""
    return BDI if match[0].startswith("<bdi") else ""


def test_a_hostile_ladder_is_only_text(staged: Staged) -> None:
    with staged("shared") as stage:
        text = LADDER.replace("Testing things.", "'<script>nr(1)</script> {{7*7}}'").replace(
            "title: Tester", "title: '<b>nr'"
        )
        assert stage.send("dee", "POST", f"{API}/ladders", json={"ladder_yaml": text}).status_code == 200
        for url in ("/ladders", "/ladders/tester/1", "/ladders/tester/1/skills/testing", "/cycles/new"):
            page = stage.ask("dee", "GET", url).text
            assert "nr" in page
            assert "<script>nr" not in page
            assert "<b>nr" not in page
