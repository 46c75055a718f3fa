"""The same by JSON."""

from base64 import b64encode
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.ladders.models import LadderVersion
from service.ladders.yamltext import parse
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import SignIn
from tests.formats.test_matrix import PLAIN

PREVIEWS = "/api/v1/ladders/import-previews"


@pytest.fixture
def dee(cast: Cast, sign_in: SignIn) -> Browser:
    return sign_in(cast.dee)


def body(text: str = PLAIN, **more: Any) -> dict[str, Any]:
    return {"name": "ladder.csv", "content": b64encode(text.encode()).decode()} | more


def test_a_preview_can_be_corrected_and_published(dee: Browser, session: Session) -> None:
    first = dee.post(PREVIEWS, json=body()).json()
    assert (first["format"], first["levels"], first["skills"], first["expectations"]) == ("csv", 3, 2, 5)
    assert first["fields"]["title"] == "Ladder"
    mapping = first["mapping"]
    mapping["levels"].reverse()
    again = dee.post(PREVIEWS, json=body(mapping=mapping, ladder="tester", version="1", title="Tester")).json()
    assert again["problems"] == []
    assert session.scalar(select(func.count()).select_from(LadderVersion)) == 0
    done = dee.post("/api/v1/ladders", json={"ladder_yaml": again["ladder_yaml"]})
    assert (done.status_code, done.json()["ladder"]) == (201, "tester")
    levels = parse("", done.json()["texts"]["ladder_yaml"].encode()).data["levels"]
    assert [level["id"] for level in levels] == ["senior", "mid", "junior"]


def test_problems_have_places(dee: Browser) -> None:
    found = dee.post(PREVIEWS, json=body("Id,Skill,Junior,Senior\na,x,1,2\na,y,1,2\n")).json()
    assert [each["place"] for each in found["problems"]] == ["row 3, column B"]
    assert found["ladder_yaml"] == ""


@pytest.mark.parametrize(
    "wrong", [{"content": "é"}, {"content": "a"}, {"requirement": "perhaps"}, {"mapping": []}, {"names": "x"}]
)
def test_what_does_not_fit_is_told(dee: Browser, wrong: dict[str, Any]) -> None:
    assert dee.post(PREVIEWS, json=body() | wrong).status_code == 422


def test_an_unknown_format_is_not_found(dee: Browser) -> None:
    assert dee.post(PREVIEWS, json=body(format="docx")).status_code == 404
