"""Bringing a ladder in, and taking it along, as people meet it."""

import re
from html import unescape

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.audit.models import AuditEvent
from service.formats.native import as_yaml as native_yaml
from service.ladderdrafts.models import LadderDraft
from service.ladders.models import LadderVersion
from service.ladders.yamltext import parse
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import SignIn
from tests.formats.files import ladder_of, sheets
from tests.formats.test_matrix import PLAIN, ROWS
from tests.ladders.files import publish_both, shipped

PREVIEWS = "/ladders/import-previews"


@pytest.fixture
def dee(cast: Cast, sign_in: SignIn) -> Browser:
    return sign_in(cast.dee)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, name
    return unescape(found[1])


def area(html: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)
    assert found is not None, name
    return unescape(found[1])


def look(client: Browser, content: bytes | str, name: str = "ladder.csv") -> str:
    content = content.encode() if isinstance(content, str) else content
    answer = client.post(PREVIEWS, files={"file": (name, content)})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_file_is_looked_at_corrected_and_goes_on_to_be_published(dee: Browser, session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    html = look(dee, PLAIN, "Engineering 2026.csv")
    said = {
        "name": hidden(html, "name"),
        "carried": hidden(html, "carried"),
        "format": "csv",
        "mapping": hidden(html, "mapping"),
    }
    said |= {"title": "Engineers", "ladder": "engineer", "version": "2026.2", "requirement": "should"}
    said |= {"levels": "senior | Oben\nmid | Mid\njunior | Unten"}
    answer = dee.post(PREVIEWS, data=said)
    assert answer.status_code == 200
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
    assert session.scalar(select(func.count()).select_from(LadderDraft)) == 0
    begun = dee.post("/drafts", data={"ladder_yaml": area(answer.text, "ladder_yaml")}).headers["location"]
    assert session.scalar(select(func.count()).select_from(LadderVersion)) == 0
    draft = dee.get(f"/api/v1{begun}").json()
    ladder = parse("", draft["texts"]["ladder_yaml"].encode()).data
    assert [level["title"] for level in ladder["levels"]] == ["Oben", "Mid", "Unten"]
    assert {each["requirement"] for skill in ladder["skills"] for each in skill["expectations"]} == {"should"}


def test_a_column_is_given_another_meaning(dee: Browser) -> None:
    html = look(dee, "Skill,Junior,Senior,Why\nTesting,a,b,c\n")
    said = {name: hidden(html, name) for name in ("name", "carried", "mapping")}
    said |= {
        "sheets/0/use": "yes",
        "sheets/0/header": "1",
        "sheets/0/columns/3/means": "summary",
        "sheets/0/columns/3/level": "",
    }
    ladder = parse("", area(dee.post(PREVIEWS, data=said).text, "ladder_yaml").encode()).data
    assert ladder["skills"][0]["summary"] == "c"
    said["sheets/0/header"] = "x"
    assert "Here stands a whole number." in dee.post(PREVIEWS, data=said).text
    assert dee.post(PREVIEWS, data=said | {"guess": "yes"}).status_code == 200


def test_problems_stand_by_place_and_nothing_can_be_confirmed(dee: Browser) -> None:
    answer = dee.post(PREVIEWS, files={"file": ("l.csv", f"Skill,Junior,Senior\nTesting,{'x' * 5000},b\n".encode())})
    assert answer.status_code == 422
    assert "row 2, column B" in answer.text
    assert "Yes, go on" not in answer.text


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"carried": "no base64"},
        {"carried": "eJw="},
        {"carried": "eJwDAAAAAAE=", "name": "x"},
    ],
)
def test_without_a_file_the_form_says_so(dee: Browser, said: dict[str, str]) -> None:
    answer = dee.post(PREVIEWS, data=said)
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_mapping_that_is_no_json_is_told(dee: Browser) -> None:
    said = {"carried": hidden(look(dee, PLAIN), "carried"), "name": "l.csv", "mapping": "{"}
    assert dee.post(PREVIEWS, data=said).status_code == 422


def test_a_file_of_more_than_two_mebibytes_is_taken_and_one_of_more_than_eight_is_told(dee: Browser) -> None:
    assert "Testing" in look(dee, PLAIN + "\n" * 3_000_000)
    answer = dee.post(PREVIEWS, files={"file": ("l.csv", b"x" * (9 * 1024 * 1024))})
    assert (answer.status_code, "may have 8,388,608" in answer.text) == (422, True)
    assert dee.post(PREVIEWS, files={"file": ("l.csv", b"x" * (13 * 1024 * 1024))}).status_code == 413


def test_words_of_a_file_are_never_markup(dee: Browser) -> None:
    html = look(
        dee, sheets(**{"<b>": [["Skill", "<i>Junior", "Senior"], ["<script>", "<img>", "</textarea><u>"]]}), "<x>.xlsx"
    )
    assert not re.search(r"<b>”|<i>Junior|<script>|<img>|<u>", html)


@pytest.mark.parametrize(
    ("format_", "start"), [("yaml", b"format: "), ("json", b"{"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")]
)
def test_a_version_leaves_in_every_format(
    cast: Cast, sign_in: SignIn, session: Session, format_: str, start: bytes
) -> None:
    publish_both(session)
    ben = sign_in(cast.ben)
    for door in ("", "/api/v1"):
        answer = ben.get(f"{door}/ladders/product-manager/2026.1/exports/{format_}")
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert answer.headers["content-disposition"] == f'attachment; filename="product-manager-2026.1.{format_}"'
    assert (
        f'href="/ladders/product-manager/2026.1/exports/{format_}"' in ben.get("/ladders/product-manager/2026.1").text
    )
    assert ben.get("/ladders/product-manager/2026.1/exports/pdf").status_code == 404
    assert ben.get("/ladders/product-manager/1999/exports/yaml").status_code == 404


def test_our_workbook_comes_back_through_the_page(dee: Browser) -> None:
    ladder, blueprint = shipped()[0]
    text = native_yaml.write(ladder, blueprint)
    assert ladder_of("l.yaml", text) == ladder
    assert "Product Manager" in look(dee, text, "pm.yaml")


def test_the_import_is_offered_to_hr_alone(dee: Browser, cast: Cast, sign_in: SignIn) -> None:
    assert 'href="/ladders/import"' in dee.get("/ladders").text
    assert 'href="/drafts/new">Begin a draft with them' in dee.get("/ladders/import").text
    assert 'href="/ladders/import"' not in sign_in(cast.ben).get("/ladders").text


def test_sheets_that_are_left_out_are_told(dee: Browser) -> None:
    html = look(dee, sheets(Skills=ROWS, Notes=[["Hello"]]), "l.xlsx")
    assert "No skills and levels were recognised here; the sheet was left out." in html


@pytest.mark.parametrize(
    "mapping",
    ['{"levels": [{"id": [1]}]}', '{"sheets": 5}', '{"levels": 5, "sheets": [5]}', '{"sheets": [{"columns": [5]}]}'],
)
def test_a_mapping_of_other_shapes_is_shown_with_what_is_wrong(dee: Browser, mapping: str) -> None:
    said = {"mapping": mapping, "levels": "junior | Junior", "sheets/0/header": "²", "sheets/0/use": "yes"}
    answer = dee.post(PREVIEWS, data=said, files={"file": ("ladder.csv", PLAIN)})
    assert (answer.status_code, "could not be read" in answer.text or "problem" in answer.text) == (422, True)
