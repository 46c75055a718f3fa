"""The JSON doors of ladders."""

import pytest
from sqlalchemy.orm import Session

from service.ladders.actions import publish_version
from service.ladders.files import read_texts
from service.permissions import SYSTEM
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import SignIn
from tests.ladders.files import LADDER, publish_both

LADDERS = "/api/v1/ladders"
PRODUCT = f"{LADDERS}/product-manager/2026.1"


@pytest.fixture
def eli(session: Session, cast: Cast, sign_in: SignIn) -> Browser:
    publish_both(session)
    return sign_in(cast.eli)


@pytest.fixture
def dee(cast: Cast, sign_in: SignIn) -> Browser:
    return sign_in(cast.dee)


def test_list_goes_on_page_by_page(eli: Browser) -> None:
    first = eli.get(LADDERS, params={"limit": 2})
    assert [line["ladder"] for line in first.json()] == ["product-manager", "software-engineer"]
    link = first.headers["link"]
    rest = eli.get(link[1 : link.index(">")])
    assert [line["ladder"] for line in rest.json()] == ["technical-product-manager"]
    assert "link" not in rest.headers


def test_a_version_answers_its_ladder(eli: Browser) -> None:
    answer = eli.get(PRODUCT).json()
    assert (answer["status"], answer["ladder"]["id"], len(answer["sha256"])) == ("published", "product-manager", 64)
    assert [level["id"] for level in answer["ladder"]["levels"]] == ["junior", "middle", "senior", "lead", "principal"]


def test_a_skill_answers_with_the_ladders_that_have_it(eli: Browser) -> None:
    answer = eli.get(f"{PRODUCT}/skills/okr").json()
    assert answer["ladders"] == ["product-manager", "software-engineer", "technical-product-manager"]
    assert [e["requirement"] for e in answer["skill"]["expectations"]] == ["must"] * 5


def test_a_skill_answers_over_all_roles(eli: Browser) -> None:
    answer = eli.get("/api/v1/skills/okr").json()
    counts = {name: answer[name] for name in ("roles", "levels", "must", "should", "may", "optional")}
    assert counts == {"roles": 3, "levels": 5, "must": 15, "should": 0, "may": 0, "optional": 0}
    assert [ladder["ladder"] for ladder in answer["ladders"]] == [
        "product-manager",
        "software-engineer",
        "technical-product-manager",
    ]
    for ladder in answer["ladders"]:
        whole = eli.get(f"{LADDERS}/{ladder['ladder']}/{ladder['version']}/skills/okr").json()
        assert ladder["expectations"] == whole["skill"]["expectations"]
    assert eli.get("/api/v1/skills/unknown").status_code == 404


def test_a_blueprint_answers_its_sections(eli: Browser) -> None:
    answer = eli.get(f"{PRODUCT}/blueprint").json()
    assert [section["number"] for section in answer["sections"]] == list(range(1, 21))


@pytest.mark.parametrize("path", ["/product-manager/1", "/unknown/2026.1", "/product-manager/2026.1/skills/unknown"])
def test_unknown_is_not_found(eli: Browser, path: str) -> None:
    answer = eli.get(LADDERS + path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_ladder_without_blueprint_has_none(session: Session, dee: Browser) -> None:
    ladder = read_texts(LADDER.encode(), None).ladder
    assert ladder is not None
    publish_version(session, SYSTEM, ladder, None)
    session.commit()
    assert dee.get(f"{LADDERS}/tester/1").json()["ladder"]["title"] == "Tester"
    assert dee.get(f"{LADDERS}/tester/1/blueprint").status_code == 404


def test_retirement_is_hrs(eli: Browser, dee: Browser) -> None:
    assert eli.post(f"{PRODUCT}/retirement").status_code == 403
    assert dee.post(f"{PRODUCT}/retirement").json()["status"] == "retired"
    assert eli.get(PRODUCT).json()["status"] == "retired"
    assert dee.post(f"{PRODUCT}/retirement").status_code == 409


@pytest.mark.parametrize("path", ["", "/product-manager/2026.1", "/product-manager/2026.1/blueprint"])
def test_nobody_gets_nothing(sign_in: SignIn, path: str) -> None:
    assert sign_in(None).get(LADDERS + path).status_code == 401
    assert sign_in(None).get("/api/v1/skills/okr").status_code == 401
