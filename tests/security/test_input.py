"""Hostile input: bodies, forms and addresses that nothing of ours may fall over."""

import json
import re
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Connection

from tests.browser import Browser
from tests.security.calls import API, SAFE, body_of, queries_of
from tests.security.company import Stage
from tests.security.conftest import ON_BOTH, ON_STRICTEST, Staged
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


@ON_STRICTEST
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


ODD_TEXTS = ("", "\x00", "9" * 5000, "\u202e", "x" * 100_000, "[]", "-1")
ODD_TYPES = ("multipart/form-data", "multipart/form-data; boundary=" + "x" * 500, "text/plain", "", "x")


@ON_STRICTEST
def test_odd_forms_never_break_the_service(staged: Staged) -> None:
    """Each form with four of the odd values and two of the odd types: round and round."""
    values, types = cycle(ODD_TEXTS), cycle(ODD_TYPES)
    with staged("shared") as stage:
        for line in lines():
            if line.method in SAFE or line.path.startswith(API) or line.side == "manager":
                continue
            actor, ids = somebody(line), stage.ids[line.side]
            url, good = line.path.format(**ids), body_of(line.method, line.path, ids).get("data", {})
            for name, value in zip(cycle(good or {"x": ""}), islice(values, 4)):
                answer = stage.ask(actor, line.method, url, data=good | {name: value})
                assert answer.status_code < 500, (line, name, value)
            for content_type in islice(types, 2):
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


@ON_STRICTEST
def test_odd_addresses_never_break_the_service(staged: Staged, app: FastAPI) -> None:
    """Each part of each path, and each query parameter, in turn with three of the odd parts: round and round."""
    queries, odd = queries_of(app), cycle(ODD_PARTS)
    with staged("shared") as stage:
        for line in lines():
            if line.method not in SAFE or line.side == "manager":
                continue
            ids = stage.ids[line.side]
            names, whole = re.findall(r"{(\w+)}", line.path), line.path.format(**ids)
            parts = [*names, *queries.get((line.method, line.path), ())]
            for name, part in ((name, next(odd)) for name in parts for _ in range(3)):
                url = line.path.format(**(ids | {name: part})) if name in names else f"{whole}?{name}={part}"
                answer = stage.ask("dee", "GET", url)
                assert answer.status_code < 500, (url, answer.text)
                assert "a=b" not in answer.headers.get("set-cookie", ""), url


def test_odd_static_addresses_never_break_the_service(browser: Browser) -> None:
    for folder in ("/static/", "/static/fonts/"):
        for part in (*ODD_PARTS, "../app.py", "..%2fapp.py", "....//app.py", "%2e%2e/settings.py", "style.css%00.ttf"):
            answer = browser.get(folder + part)
            assert is_refused(answer.status_code), part
