"""Non-interference of versions and of earlier days: before the reveal, neither moving a review to a newer version, nor what a
version changes for whom, nor any report as of a day tells what a side has said."""

from collections.abc import Iterator

import pytest

from service import permissions
from service.db import Database, seeded_ids
from service.ladders.actions import publish_version
from service.permissions import SYSTEM, Permission
from service.reviews.rules import Side
from tests.pins.versions import second
from tests.security.company import NOW, Said, Stage
from tests.security.conftest import ON_POSTGRES, Staged
from tests.security.test_twins import OTHER_RHYTHM, Told, Twins, other_side, told

TODAY = NOW.date().isoformat()
TWINS = [
    Twins(Side.MANAGER, Said(11), Said(12)),
    Twins(Side.SELF, Said(31), Said(32), (Side.SELF,)),
    Twins(Side.MANAGER, Said(31), Said(32), (Side.MANAGER,)),
    OTHER_RHYTHM,
]

Heard = dict[tuple[str, str], Told]


def addresses(ids: dict[str, str]) -> Iterator[str]:
    review, plan, then = f"/reviews/{ids['review_id']}", f"/plans/{ids['plan_id']}", f"as_of={TODAY}"
    for start in ("", "/api/v1"):
        yield f"{start}{review}/move/2026.2"
        yield f"{start}/ladders/product-manager/2026.2/impact"
        yield f"{start}{review}"
        yield from (
            f"{start}{path}?{then}" for path in (f"{review}/gaps", f"{review}/agreement", plan, "/plans", "/team")
        )
        yield f"{start}/team/gaps?{then}&ladder=product-manager"
        yield f"{start}/team?{then}&cycle={ids['cycle_id']}&step=open"
    yield f"/api/v1{review}/move"
    yield f"/team.csv?{then}"


def heard(stage: Stage, ids: dict[str, str], actors: tuple[str, ...]) -> Heard:
    return {(actor, url): told(stage.ask(actor, "GET", url)) for actor in actors for url in addresses(ids)}


def hear(staged: Staged, database: Database, twins: Twins, said: Said) -> list[Heard]:
    """What others than the writer hear when a second version is there, and when Ben has moved his review to it."""
    actors = (other_side(twins), "max", "dee", "eli")
    name = "self_" if twins.side is Side.SELF else "manager"
    with staged("hidden", submitted=twins.submitted, **{name: said}) as stage:
        with seeded_ids("second version"), database.writing() as session:
            publish_version(session, SYSTEM, second(), None)
            session.commit()
        ids = stage.ids[""]
        before = heard(stage, ids, actors)
        assert before["dee", "/ladders/product-manager/2026.2/impact"][0] == 200
        move = f"/api/v1/reviews/{ids['review_id']}/move/2026.2"
        shown = stage.ask("ben", "GET", move)
        assert shown.status_code == 200, shown.text
        moved = stage.send(
            "ben", "POST", move, headers={"if-match": shown.headers["etag"], "content-type": "application/json"}
        )
        assert moved.status_code == 200
        return [before, heard(stage, ids, actors)]


def differing(staged: Staged, database: Database, twins: Twins) -> list[tuple[str, str]]:
    ones, others = (hear(staged, database, twins, said) for said in (twins.ones, twins.others))
    return [key for one, other in zip(ones, others, strict=True) for key in one if one[key] != other[key]]


@pytest.mark.parametrize("twins", TWINS, ids=lambda twins: twins.name)
def test_versions_and_earlier_days_tell_nothing_before_the_reveal(
    staged: Staged, database: Database, twins: Twins
) -> None:
    assert differing(staged, database, twins) == []


@ON_POSTGRES
def test_nor_do_they_on_postgres(staged: Staged, database: Database) -> None:
    assert differing(staged, database, OTHER_RHYTHM) == []


def test_a_planted_grant_tells_the_twins_apart(
    staged: Staged, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = permissions.any_of(permissions.own, permissions.assessor)
    monkeypatch.setitem(permissions.GRANTS, Permission.READ_SELF_ASSESSMENT, early)
    found = differing(staged, database, TWINS[1])
    assert {actor for actor, _ in found} == {"ann"}
    assert any("/gaps?as_of" in url for _, url in found)
