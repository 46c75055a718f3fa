"""The JSON doors of drafts."""

import pytest
from sqlalchemy.orm import Session

from service.ladders.inputs import EXAMPLE
from service.permissions import Scope
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import Bearer, SignIn
from tests.ladderdrafts.drafting import add_hr, begin
from tests.ladders.files import BLUEPRINT, LADDER, changed, publish_both

DRAFTS = "/api/v1/drafts"
BODY = {"ladder_yaml": LADDER, "blueprint_yaml": BLUEPRINT}


@pytest.fixture
def dee(cast: Cast, sign_in: SignIn) -> Browser:
    return sign_in(cast.dee)


def match(number: int) -> dict[str, str]:
    return {"if-match": f'"{number}"'}


def test_the_whole_life_over_json(session: Session, cast: Cast, dee: Browser, sign_in: SignIn) -> None:
    begun = dee.post("/api/v1/ladders", json=BODY)
    here = begun.headers["location"]
    assert (begun.status_code, begun.headers["etag"], begun.json()["status"]) == (201, '"1"', "draft")
    assert dee.get("/api/v1/ladders").json() == []

    saved = dee.put(
        f"{here}/files", json=BODY | {"ladder_yaml": LADDER.replace("Tests alone.", "Alone.")}, headers=match(1)
    )
    assert (saved.status_code, saved.headers["etag"], saved.json()["number"]) == (200, '"2"', 2)
    assert [line["number"] for line in _changed(dee.get(f"{here}/savings/2").json())] == [11, 11]
    assert dee.get(f"{DRAFTS}").json()[0]["number"] == 2

    hal = sign_in(add_hr(session, cast))
    assert dee.post(f"{here}/review", headers=match(2)).json()["status"] == "in review"
    assert hal.post(f"{here}/returns", json={"reason": "Once more"}).json()["status"] == "draft"
    assert dee.post(f"{here}/review", headers=match(2)).json()["seconds"] == ["Hal"]
    assert dee.post(f"{here}/publication", headers=match(2)).status_code == 403
    published = hal.post(f"{here}/publication", headers=match(2))
    assert (published.status_code, published.json()["version"]) == (200, "1")
    assert dee.get("/api/v1/ladders/tester/1").json()["ladder"]["levels"][0]["summary"] == "Alone."
    kinds = [line.get("kind") or line["what"] for line in dee.get(f"{here}/history").json()]
    assert kinds == ["published", "review asked", "returned", "review asked", "whole files", "begun from files"]
    assert dee.delete(here, headers=match(2)).status_code == 409


def _changed(answer: dict) -> list[dict]:  # type: ignore[type-arg]
    return [line for file in answer["files"] for place in file["places"] for line in place if line["kind"] != "same"]


def test_problems_are_saved_and_told_at_their_places(dee: Browser) -> None:
    wrong = {"ladder_yaml": changed(LADDER, "title: Tester", "titel: Tester")}
    answer = dee.post(DRAFTS, json=wrong).json()
    assert answer["findings"] == [
        {"file": "ladder.yaml", "line": 1, "column": 1, "kind": "missing-field", "at": "/title",
         "message": "the field 'title' is missing; add it here"},
        {"file": "ladder.yaml", "line": 4, "column": 1, "kind": "unknown-field", "at": "/titel",
         "message": "unknown field 'titel'; did you mean 'title'?"},
    ]  # fmt: skip
    review = dee.post(f"{DRAFTS}/{answer['id']}/review", headers=match(1))
    assert (review.status_code, [each["id"] for each in review.json()["errors"]]) == (
        422,
        ["missing-field", "unknown-field"],
    )


def test_a_stale_or_missing_version_is_refused(session: Session, cast: Cast, dee: Browser) -> None:
    here = f"{DRAFTS}/{begin(session, cast).id}"
    assert dee.put(f"{here}/files", json={"ladder_yaml": "a: 1"}, headers=match(1)).status_code == 200
    stale = dee.put(f"{here}/files", json=BODY, headers=match(1))
    assert (stale.status_code, stale.json()["current"]) == (412, {"version": 2})
    assert dee.put(f"{here}/files", json=BODY).status_code == 428
    assert dee.delete(here, headers=match(2)).status_code == 204
    assert dee.get(here).status_code == 404


@pytest.mark.parametrize("body", [{}, {"ladder_yaml": ""}, {"ladder_yaml": 1}, {"ladder_yaml": "a", "x": 1}, []])
def test_wrong_bodies_are_refused(dee: Browser, body: object) -> None:
    assert dee.post("/api/v1/ladders", json=body).status_code == 422


def test_a_nul_is_refused(dee: Browser) -> None:
    assert dee.post(DRAFTS, json={"ladder_yaml": "a: \x00"}).status_code == 422


def test_the_example_of_the_documentation_has_no_problems(dee: Browser) -> None:
    assert dee.post(DRAFTS, json={"ladder_yaml": EXAMPLE}).json()["findings"] == []


def test_the_next_version_of_a_published_one(session: Session, dee: Browser) -> None:
    publish_both(session)
    answer = dee.post("/api/v1/ladders/product-manager/2026.1/drafts")
    assert (answer.status_code, answer.json()["version"], answer.json()["supersedes"]) == (201, "2026.2", "2026.1")
    found = dee.get(answer.headers["location"] + "/differences").json()
    assert (found["against"], len(_changed(found))) == ("Product Manager 2026.1", 5)
    assert dee.post("/api/v1/ladders/product-manager/1/drafts").status_code == 404


def test_comments_over_json(session: Session, cast: Cast, dee: Browser, sign_in: SignIn) -> None:
    here = f"{DRAFTS}/{begin(session, cast).id}"
    assert dee.post(f"{here}/guests", json={"email": "ann@example.org"}).json()["guests"][0]["name"] == "Ann"
    ann = sign_in(cast.ann)
    said = ann.post(f"{here}/comments", json={"place": "skills/testing", "text": "Why?"})
    assert said.status_code == 201
    one = f"{here}/comments/{said.json()['id']}"
    assert dee.post(f"{one}/answers", json={"text": "So."}).json()["answers"][0]["by"] == "Dee"
    assert ann.put(f"{one}/resolution").json()["resolved_by"] == "Ann"
    assert ann.put(f"{one}/resolution").status_code == 409
    assert ann.delete(f"{one}/resolution").json()["resolved_at"] is None
    assert [each["text"] for each in ann.get(f"{here}/comments").json()] == ["Why?"]
    for wrong in ({"text": ""}, {"place": "nowhere", "text": "x"}, {"place": "skills/none", "text": "x"}):
        assert ann.post(f"{here}/comments", json=wrong).status_code == 422
    assert dee.delete(f"{here}/guests/{cast.ann.id}").status_code == 200
    assert ann.get(here).status_code == 404


def test_a_token_writes_and_asks_and_never_publishes(session: Session, cast: Cast, bearer: Bearer) -> None:
    hal = add_hr(session, cast)
    here = f"{DRAFTS}/{begin(session, cast).id}"
    assert bearer(cast.dee, Scope.READ).get(here).status_code == 200
    assert bearer(cast.dee, Scope.READ).put(f"{here}/files", json=BODY, headers=match(1)).status_code == 403
    assert bearer(cast.dee, Scope.WRITE).post(f"{here}/review", headers=match(1)).status_code == 200
    assert bearer(hal, Scope.WRITE).post(f"{here}/publication", headers=match(1)).status_code == 403
