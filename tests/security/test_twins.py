"""Non-interference: two companies that differ only in what one side says before the reveal look the same to everybody else.

Each actor asks every page and route for everything it could know of, and provokes errors; status, headers and bodies are
compared byte for byte (SECURITY.md section 2, "Blind independent rating", and row 4 of section 4).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
from fastapi import FastAPI
from httpx import Response

from service import permissions
from service.permissions import Actor, Permission
from service.reviews import queries
from service.reviews.models import Assessment
from service.reviews.rules import Side
from service.reviews.views import Half
from tests.security.calls import SAFE, body_of, routes, sides_of
from tests.security.company import NOW, PEOPLE, Said, Stage
from tests.security.conftest import ON_POSTGRES, Staged

WRITER = {Side.SELF: "ben", Side.MANAGER: "ann"}
LEVELS = ("junior", "middle", "senior", "lead", "principal")
PIECES = 3
"""As many pieces of evidence are asked for, whether they are there or not."""

NEW_SECRETS = ("/signin", "/account/password", "/account/tokens", "/api/v1/tokens")
"""Posting to these makes or checks a secret: two answers are never the same, and none reads a review."""

COUNTED_BY_LOG = ("/audit", "/audit/verification", "/api/v1/audit")
"""The auditor sees that something was saved, by whom and when, never what (SECURITY.md section 2: "R metadata"). Where the
twins differ in how often and when, these are left out for her, and only for her."""


@dataclass(frozen=True)
class Twins:
    """Two companies in which `side` differs: `ones` and `others` say. `submitted` sides have handed over already."""

    side: Side
    ones: Said
    others: Said
    submitted: tuple[Side, ...] = ()

    @property
    def name(self) -> str:
        return "-".join((self.side, "with", *self.submitted, "submitted"))

    @property
    def rhythm_differs(self) -> bool:
        return (self.ones.saves, self.ones.pieces, self.ones.later) != (
            self.others.saves, self.others.pieces, self.others.later,
        )  # fmt: skip


def random_twins(seed: int, side: Side, submitted: tuple[Side, ...]) -> Twins:
    draw = Random(seed)  # noqa: S311  # examples, not secrets

    def said() -> Said:
        pieces, later = draw.randint(0, PIECES), timedelta(seconds=draw.randint(0, 5000))
        return Said(draw.randint(2, 999), draw.randint(0, 9), pieces, later)

    return Twins(side, said(), said(), submitted)


SAME_RHYTHM = [Twins(side, Said(11), Said(12)) for side in Side]
OTHER_RHYTHM = Twins(Side.SELF, Said(21), Said(22, saves=3, pieces=2, later=timedelta(minutes=5)))
RANDOM = [
    random_twins(seed, side, submitted)
    for seed, (side, submitted) in enumerate(
        [(Side.SELF, ()), (Side.MANAGER, ())] + [(side, (first,)) for side in Side for first in Side]
    )
]


def questions(stage: Stage, app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, address, arguments) of everything there is to ask, with every id that any side could know of."""
    for method, path in routes(app):
        if method not in SAFE and path.startswith(NEW_SECRETS):
            continue
        for side in sides_of(path):
            for ids in _choices(stage, path, side):
                url = path.format(**ids)
                body = body_of(method, path, ids)
                yield method, url, body
                if body.get("data"):
                    yield method, url, {}
    yield from (("GET", url, {}) for url in _narrowed(stage.ids[""]))


def _choices(stage: Stage, path: str, side: str) -> Iterator[dict[str, str]]:
    ids = stage.ids[side]
    if "{evidence_id}" in path:
        made = (str(uuid5(NAMESPACE_OID, f"{side} evidence/{number}")) for number in range(PIECES))
        yield from (ids | {"evidence_id": evidence} for evidence in made)
    elif "{person_id}" in path:
        yield from (ids | {"person_id": ids[name]} for name in ("ben", "ann", "eli"))
    elif "{skill_id}" in path:
        yield from (ids | {"skill_id": skill} for skill in (ids["skill_id"], ids["last_skill"], "no-such-skill"))
    else:
        yield ids


def _narrowed(ids: dict[str, str]) -> Iterator[str]:
    for start in ("", "/api/v1"):
        gaps = f"{start}/reviews/{ids['review_id']}/gaps"
        yield from (f"{gaps}?level={level}" for level in (LEVELS if start else ("junior", "no-such-level")))
        yield f"{gaps}?ladder=technical-product-manager&level=senior"
        yield f"{start}/people?q=ben"
        yield f"{start}/audit/own?after=x"
        yield f"{start}/team?cycle={ids['cycle_id']}&late=yes"
        yield f"{start}/team/gaps?cycle={ids['cycle_id']}&ladder=product-manager&q=ben"
    yield f"/api/v1/reviews?cycle_id={ids['cycle_id']}&limit=1"
    yield f"/api/v1/plans?review_id={ids['review_id']}"
    yield "/api/v1/audit/own?limit=1"


Told = tuple[int, list[tuple[str, str]], bytes]
Answers = dict[tuple[str, str, str], list[Told]]
Asked = Callable[[str, str, str], bool]


def crawl(stage: Stage, app: FastAPI, actors: tuple[str, ...], asked: Asked) -> Answers:
    """The answers to each question by (actor, method, address)."""
    found: Answers = {}
    for method, url, more in questions(stage, app):
        for actor in actors:
            if asked(actor, method, url):
                found.setdefault((actor, method, url), []).append(told(stage.ask(actor, method, url, **more)))
    return found


def told(answer: Response) -> Told:
    """All that an answer says."""
    headers = [_without_clock(*header) for header in answer.headers.multi_items()]
    return answer.status_code, headers, answer.content


def _without_clock(name: str, value: str) -> tuple[str, str]:
    """A cookie that is taken back says since when, by the machine's own clock."""
    return name, re.sub(r"expires=[^;]+", "expires", value) if name == "set-cookie" else value


def differences(
    staged: Staged, app: FastAPI, twins: Twins, asked: Asked, scene: str = "hidden"
) -> list[tuple[str, str, str]]:
    """What tells the twins apart, to anybody but the writer of the side that differs."""
    answers = []
    actors = tuple(name for name in PEOPLE if name != WRITER[twins.side])
    for said in (twins.ones, twins.others):
        name = "self_" if twins.side is Side.SELF else "manager"
        with staged(scene, submitted=twins.submitted, **{name: said}) as stage:
            answers.append(crawl(stage, app, actors, asked))
    one, other = answers
    assert one.keys() == other.keys()
    assert one
    return [key for key in one if one[key] != other[key] and not (twins.rhythm_differs and _is_log(key))]


def _is_log(key: tuple[str, str, str]) -> bool:
    actor, _, url = key
    return actor == "una" and url in COUNTED_BY_LOG


def other_side(twins: Twins) -> str:
    return WRITER[Side.MANAGER if twins.side is Side.SELF else Side.SELF]


def about_reviews(url: str) -> bool:
    return not re.match(
        r"(/api/v1)?/(ladders|skills|schemas|healthz|openapi|people/import|account/calendar|calendar)", url
    )


def reading(*actors: str) -> Asked:
    """Whatever can be read, asked by these."""

    def asked(actor: str, method: str, url: str) -> bool:
        return actor in actors and method in SAFE and about_reviews(url)

    return asked


def of_ratings(actor: str, method: str, url: str) -> bool:
    return method in SAFE and bool(re.match(r"/api/v1/.*(assessments|gaps$|agreement|trend$)", url))


@pytest.mark.parametrize("twins", SAME_RHYTHM, ids=lambda twins: twins.side)
def test_other_words_change_nothing_for_anybody_else(staged: Staged, app: FastAPI, twins: Twins) -> None:
    outsiders = {Side.SELF: ("pia", "eli"), Side.MANAGER: ("pia", "fay")}[twins.side]
    assert differences(staged, app, twins, reading(other_side(twins), "max", "dee", "una", *outsiders)) == []


@pytest.mark.parametrize("twins", SAME_RHYTHM, ids=lambda twins: twins.side)
def test_nor_do_the_errors_that_one_can_provoke(staged: Staged, app: FastAPI, twins: Twins) -> None:
    def asked(actor: str, method: str, url: str) -> bool:
        return actor in (other_side(twins), "dee") and method not in SAFE and about_reviews(url)

    assert differences(staged, app, twins, asked) == []


@pytest.mark.parametrize("place", range(len(RANDOM)), ids=lambda place: RANDOM[place].name)
def test_neither_words_nor_rhythm_change_anything(staged: Staged, app: FastAPI, place: int) -> None:
    third = ("dee", "max", "una", "pia", "eli", "fay")[place]
    assert differences(staged, app, RANDOM[place], reading(other_side(RANDOM[place]), third)) == []


@ON_POSTGRES
def test_nor_do_they_on_postgres(staged: Staged, app: FastAPI) -> None:
    assert differences(staged, app, OTHER_RHYTHM, reading("ann", "una")) == []


def test_evidence_is_asked_for_by_its_id(staged: Staged) -> None:
    with staged("hidden") as stage:
        for side in Side:
            asked = [ids["evidence_id"] for ids in _choices(stage, "/evidence/{evidence_id}", side)]
            assert asked[0] == stage.ids[side]["evidence_id"]


def test_the_manager_s_view_waits_for_its_release(staged: Staged, app: FastAPI) -> None:
    """After the reveal and before the sharing everybody above reads it, and Ben does not."""
    found = differences(staged, app, SAME_RHYTHM[1], of_ratings, "revealed")
    assert {actor for actor, *_ in found} == {"max", "dee", "pia"}


@pytest.mark.parametrize("twins", SAME_RHYTHM, ids=lambda twins: twins.side)
def test_once_shared_the_difference_is_seen(staged: Staged, app: FastAPI, twins: Twins) -> None:
    found = differences(staged, app, twins, of_ratings, "shared")
    assert {actor for actor, *_ in found} == {other_side(twins), "max", "dee", "pia"}


def test_a_planted_grant_tells_the_twins_apart(staged: Staged, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    early = permissions.any_of(permissions.own, permissions.assessor)
    monkeypatch.setitem(permissions.GRANTS, Permission.READ_SELF_ASSESSMENT, early)
    found = differences(staged, app, SAME_RHYTHM[0], of_ratings)
    assert {actor for actor, *_ in found} == {"ann"}
    assert any("/gaps" in url for *_, url in found)


def test_a_planted_count_tells_the_twins_apart(staged: Staged, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = queries._half

    def counting(actor: Actor, row: Assessment) -> Half:
        """As if the page showed how much is done, by way of a date."""
        saves = sum(rating.version for rating in row.ratings)
        return replace(honest(actor, row), reopened_at=NOW + timedelta(minutes=saves))

    def asked(actor: str, method: str, url: str) -> bool:
        return method in SAFE and url.startswith("/api/v1/reviews")

    monkeypatch.setattr(queries, "_half", counting)
    found = differences(staged, app, OTHER_RHYTHM, asked)
    assert {actor for actor, *_ in found} == {"ann", "max", "dee", "pia"}
