"""Who gets what: every route of the app × every actor × every step of Ben's review, against expectations.txt."""

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import Response
from starlette.routing import Mount

from service import permissions
from service.app import make_app
from service.db import Database
from service.permissions import GRANTS, Permission, anybody
from service.settings import Settings
from service.web.routing import Guard, Router
from tests.security.calls import body_of, routes, sides_of
from tests.security.company import ACTORS, SCENES, Stage
from tests.security.conftest import ON_POSTGRES, Staged

FILE = Path(__file__).with_name("expectations.txt")
MARKS = {401: "?", 403: "x", 404: "."}
PASSED = (409, 412, 422, 428)
"""Answers that only somebody who may do it gets: the step, the version or the input does not fit."""

WITHOUT_GUARD = {("GET", "/openapi.json")}
"""The description of the API says nothing about anybody."""


@dataclass(frozen=True)
class Line:
    """What each actor gets from one route, in each scene in which it is asked; `side` is whose assessment is named."""

    method: str
    path: str
    side: str
    marks: dict[str, str]


@cache
def lines() -> tuple[Line, ...]:
    """The table, reviewed by hand: the notation stands at its head."""
    found = []
    for text in FILE.read_text().splitlines():
        if not text or text.startswith("#"):
            continue
        method, path, *rest = text.split()
        side = rest.pop(0) if rest[0] in ("self", "manager") else ""
        assert len(rest) in (1, len(SCENES)), text
        scenes = SCENES if len(rest) > 1 else ("shared",)
        asked = {scene: marks for scene, marks in zip(scenes, rest, strict=True) if marks != "="}
        assert {len(marks) for marks in asked.values()} == {len(ACTORS)}, text
        assert "shared" in asked, text
        found.append(Line(method, path, side, asked))
    return tuple(found)


def somebody(line: Line) -> str:
    """The first one signed in whom permission lets through, Ben where the scene "shared" has nobody."""
    place = line.marks["shared"].find("+", 1)
    return ACTORS[place] if place > 0 else "ben"


def mark_of(answer: Response) -> str:
    """+ for what permission lets through, ? for "sign in", x for 403, . for 404; anything else is no answer."""
    asked = answer.status_code == 303 and answer.headers["location"].startswith("/signin?")
    if asked:
        return "?"
    if answer.status_code < 400 or answer.status_code in PASSED:
        return "+"
    return MARKS.get(answer.status_code, f"[{answer.status_code}]")


def marks(stage: Stage, line: Line) -> str:
    ids = stage.ids[line.side]
    url, body = line.path.format(**ids), body_of(line.method, line.path, ids)
    return "".join(mark_of(stage.ask(actor, line.method, url, **body)) for actor in ACTORS)


def differing(stage: Stage, scene: str, part: tuple[Line, ...]) -> list[str]:
    found = [(line, marks(stage, line)) for line in part]
    return [
        f"{scene}: {line.method} {line.path} {line.side} is {now}, expected {line.marks[scene]}"
        for line, now in found
        if now != line.marks[scene]
    ]


def parts(scene: str, share: int, of: int) -> tuple[Line, ...]:
    return tuple(line for line in lines() if scene in line.marks)[share::of]


def test_the_table_has_every_route_and_no_other(app: FastAPI) -> None:
    """Pages included. Whoever adds a route adds its line to expectations.txt."""
    known = {(line.method, line.path) for line in lines()}
    there = set(routes(app))
    assert (sorted(there - known), sorted(known - there)) == ([], [])


def test_the_table_has_each_side_of_what_two_write(app: FastAPI) -> None:
    asked = [(method, path, side) for method, path in routes(app) for side in sides_of(path)]
    assert sorted(asked) == sorted((line.method, line.path, line.side) for line in lines())


@pytest.mark.parametrize("share", [0, 1])
@pytest.mark.parametrize("scene", SCENES)
def test_everybody_gets_what_the_table_says(staged: Staged, scene: str, share: int) -> None:
    with staged(scene) as stage:
        assert differing(stage, scene, parts(scene, share, 2)) == []


@ON_POSTGRES
@pytest.mark.parametrize("scene", SCENES)
def test_postgres_says_the_same_of_every_tenth_line(staged: Staged, scene: str) -> None:
    with staged(scene) as stage:
        assert differing(stage, scene, parts(scene, SCENES.index(scene), 10)) == []


@pytest.mark.parametrize(
    "permission", [Permission.READ_SELF_ASSESSMENT, Permission.READ_MANAGER_ASSESSMENT, Permission.RUN_CYCLES]
)
def test_a_planted_grant_is_found(staged: Staged, monkeypatch: pytest.MonkeyPatch, permission: Permission) -> None:
    monkeypatch.setitem(permissions.GRANTS, permission, anybody)
    wanted = ("/api/v1/assessments/{assessment_id}", "/cycles/new")
    with staged("hidden") as stage:
        part = tuple(line for line in lines() if line.path in wanted)
        scene = "hidden" if permission is not Permission.RUN_CYCLES else "shared"
        assert differing(stage, scene, tuple(line for line in part if scene in line.marks)) != []
    assert GRANTS[permission] is anybody


def test_a_route_without_a_permission_does_not_import() -> None:
    for add in (Router().get, Router().post, Router().put, Router().delete, Router(pages=True).get):
        with pytest.raises(TypeError, match="permission"):
            add("/x")  # type: ignore[call-arg]


def unguarded(app: FastAPI) -> set[tuple[str, str]]:
    """Routes of which no first dependency is a Guard."""
    found = set()
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount):
            continue
        dependencies = getattr(route, "dependencies", None) or []
        if not any(isinstance(dependency.dependency, Guard) for dependency in dependencies):
            found |= {(method, str(route.path)) for method in set(route.methods or ()) - {"HEAD"}}
    return found


def test_every_route_has_a_guard(app: FastAPI) -> None:
    assert unguarded(app) == WITHOUT_GUARD


def test_a_planted_route_without_a_guard_is_found(settings: Settings, database: Database) -> None:
    app = make_app(settings, database, work=False)  # its own: the other tests share one
    app.get("/planted")(lambda: "")
    app.get("/planted/page", include_in_schema=False)(lambda: "")
    assert unguarded(app) - WITHOUT_GUARD == {("GET", "/planted"), ("GET", "/planted/page")}
    assert set(routes(app)) >= {("GET", "/planted"), ("GET", "/planted/page")}


def elsewhere(ids: dict[str, str]) -> dict[str, str]:
    """The same names with ids that nothing has."""
    swapped = {}
    for name, value in ids.items():
        try:
            swapped[name] = str(uuid5(UUID(value), "elsewhere"))
        except ValueError:
            swapped[name] = value
    return swapped


@pytest.mark.parametrize("scene", ["hidden", "shared"])
def test_what_one_may_not_see_answers_as_what_does_not_exist(staged: Staged, scene: str) -> None:
    compared = 0
    with staged(scene) as stage:
        for line in lines():
            if line.method != "GET" or "_id}" not in line.path or scene not in line.marks:
                continue
            ids = stage.ids[line.side]
            for actor in hidden_from(line, scene):
                there = stage.ask(actor, line.method, line.path.format(**ids))
                nowhere = stage.ask(actor, line.method, line.path.format(**elsewhere(ids)))
                assert _all(there) == _all(nowhere), (actor, line)
                compared += 1
    assert compared > 60


def hidden_from(line: Line, scene: str) -> list[str]:
    """Who gets 404. Those who see the review are told why it has no gaps yet; that is no secret to them."""
    actors = [actor for actor, mark in zip(ACTORS, line.marks[scene], strict=True) if mark == "."]
    return [actor for actor in actors if not (line.path.endswith("/gaps") and actor in ("max", "dee", "pia"))]


def _all(answer: Response) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status_code, sorted(answer.headers.items()), answer.content


def test_each_line_has_its_own_reader() -> None:
    """No line is there twice."""
    keys = sorted((line.method, line.path, line.side) for line in lines())
    assert [key for key, group in groupby(keys) if len(list(group)) > 1] == []
