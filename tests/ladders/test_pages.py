"""The pages of ladders, as people meet them."""

from html import unescape
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.ladders.models import LadderVersion
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import SignIn
from tests.ladders.files import BLUEPRINT, LADDER, changed, publish_both

PRODUCT = "/ladders/product-manager/2026.1"


class Text(HTMLParser):
    """The words of a page, the ids on it and the addresses it links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)


@pytest.fixture
def ben(session: Session, cast: Cast, sign_in: SignIn) -> Browser:
    publish_both(session)
    return sign_in(cast.ben)


@pytest.fixture
def dee(cast: Cast, sign_in: SignIn) -> Browser:
    return sign_in(cast.dee)


def read(client: Browser, path: str) -> Text:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return Text(answer.text)


def test_list_shows_each_ladder_with_its_counts(ben: Browser) -> None:
    page = read(ben, "/ladders")
    assert "Family product · 5 levels from Junior to Principal · 31 skills · 95 expectations" in page.text
    assert {PRODUCT, f"{PRODUCT}/blueprint", "/ladders/technical-product-manager/2026.1"} <= set(page.links)
    assert "/ladders/new" not in page.links


def test_list_without_a_ladder_says_what_will_be_here(dee: Browser) -> None:
    page = read(dee, "/ladders")
    assert "No ladder is published" in page.text
    assert "/ladders/new" in page.links


def test_ladder_shows_a_level_beside_the_next(ben: Browser) -> None:
    page = read(ben, f"{PRODUCT}?level=middle")
    assert "Skills at Middle and Senior" in page.text
    assert "Writes the OKRs of the product team" in page.text
    assert "Carries the company's OKRs down to the teams" in page.text
    assert "Shapes the metric culture of the division" not in page.text
    assert "As at Middle" in page.text


def test_ladder_shows_all_levels_when_asked(ben: Browser) -> None:
    page = read(ben, f"{PRODUCT}?all=1")
    assert "Skills at every level" in page.text
    assert "Shapes the strategic OKRs of the company" in page.text


def test_ladder_filters_by_requirement_category_and_source(ben: Browser) -> None:
    musts = read(ben, f"{PRODUCT}?level=middle&requirement=must&category=goals-and-strategy&source=documents")
    skills = [link for link in musts.links if "/skills/" in link]
    expected = ["okr", "structured-problem-solving", "trade-off-decisions"]
    assert skills == [f"{PRODUCT}/skills/{skill}" for skill in expected]
    nothing = read(ben, f"{PRODUCT}?category=technology&requirement=must")
    assert "Nothing to show" in nothing.text


@pytest.mark.parametrize("path", ["?level=expert", "?requirement=maybe", "/skills/unknown"])
def test_what_is_not_on_the_ladder_is_refused_kindly(ben: Browser, path: str) -> None:
    assert ben.get(PRODUCT + path).status_code in (404, 422)


def test_okr_skill_shows_both_roles_and_its_counts(ben: Browser) -> None:
    page = read(ben, f"{PRODUCT}/skills/okr")
    assert "Roles 2 Levels on which something begins 5 Mandatory expectations 10 Optional expectations 0" in page.text
    assert "On the ladder of Technical Product Manager" in page.text


def test_blueprint_has_contents_that_lead_somewhere(ben: Browser) -> None:
    page = read(ben, f"{PRODUCT}/blueprint")
    anchors = [link[1:] for link in page.links if link.startswith("#") and link != "#main"]
    assert len(anchors) == 25
    assert set(anchors) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert "From Middle to Senior" in page.text


@pytest.mark.parametrize("path", ["", "?all=1", "/skills/okr", "/blueprint"])
def test_technical_ladder_has_the_same_pages(ben: Browser, path: str) -> None:
    assert ben.get(f"/ladders/technical-product-manager/2026.1{path}").status_code == 200


@pytest.mark.parametrize("path", ["/ladders", PRODUCT, f"{PRODUCT}/blueprint", f"{PRODUCT}/skills/okr", "/ladders/new"])
def test_nobody_is_asked_to_sign_in(ben: Browser, sign_in: SignIn, path: str) -> None:
    answer = sign_in(None).get(path)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/signin")


def test_schemas_are_public(sign_in: SignIn) -> None:
    for file in ("ladder", "blueprint"):
        answer = sign_in(None).get(f"/schemas/{file}.schema.json")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
        assert answer.json()["$id"] == f"{file}.schema.json"
    assert sign_in(None).get("/schemas/other.schema.json").status_code == 404


def upload(client: Browser, ladder: str, blueprint: str = "") -> tuple[int, str]:
    files = {"ladder": ("ladder.yaml", ladder.encode()), "blueprint": ("blueprint.yaml", blueprint.encode())}
    answer = client.post("/ladders/preview", files=files)
    return answer.status_code, answer.text


def rows(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(LadderVersion)) or 0


def test_upload_is_previewed_then_confirmed(session: Session, dee: Browser) -> None:
    status, html = upload(dee, LADDER, BLUEPRINT)
    assert (status, rows(session)) == (200, 0)
    assert "Begins here: 1 must-have, 0 should, 0 may" in Text(html).text
    texts = {name: _textarea(html, name) for name in ("ladder_yaml", "blueprint_yaml")}
    assert texts == {"ladder_yaml": LADDER, "blueprint_yaml": BLUEPRINT}
    answer = dee.post("/ladders", data={name: text.replace("\n", "\r\n") for name, text in texts.items()})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ladders/tester/1")
    page = read(dee, "/ladders/tester/1")
    assert "Tester 1 is published." in page.text
    assert "already" in Text(upload(dee, LADDER, BLUEPRINT)[1]).text


def test_upload_shows_every_problem_with_its_place(session: Session, dee: Browser) -> None:
    status, html = upload(dee, changed(LADDER, "title: Tester", "titel: <b>Tester"), changed(BLUEPRINT, "40", "35"))
    text = Text(html).text
    assert (status, rows(session)) == (422, 0)
    assert "3 things to mend" in text
    assert "ladder.yaml 4 1 unknown field 'titel'; did you mean 'title'?" in text
    assert "blueprint.yaml 30 5 the weights add up to 95 %; make them 100 %" in text


def test_upload_without_a_file_or_of_other_bytes_is_asked_for_again(dee: Browser) -> None:
    assert upload(dee, "")[0] == 422
    answer = dee.post("/ladders/preview", files={"ladder": ("ladder.yaml", b"\xff\xfe\x00")})
    assert (answer.status_code, "not UTF-8" in answer.text) == (422, True)
    assert dee.post("/ladders/preview", data={"ladder": "no file"}).status_code == 422
    assert dee.post("/ladders", data={}).status_code == 422


def test_other_content_under_a_published_name_is_shown_and_refused(session: Session, dee: Browser) -> None:
    dee.post("/ladders", data={"ladder_yaml": LADDER})
    other = changed(LADDER, "Tests what is missing.", "Tests everything.")
    status, html = upload(dee, other)
    assert (status, 'action="/ladders"' in html) == (200, False)
    assert "never changes" in html
    assert dee.post("/ladders", data={"ladder_yaml": other}).status_code == 409
    assert rows(session) == 1


def test_only_hr_meets_the_forms(ben: Browser) -> None:
    assert ben.get("/ladders/new").status_code == 403
    assert upload(ben, LADDER)[0] == 403
    assert ben.post("/ladders", data={"ladder_yaml": LADDER}).status_code == 403
    assert ben.post(f"{PRODUCT}/retirement").status_code == 403
    assert "/retirement" not in ben.get(PRODUCT).text


def test_hr_retires_a_version_and_it_stays_readable(ben: Browser, dee: Browser) -> None:
    assert f'action="{PRODUCT}/retirement"' in dee.get(PRODUCT).text
    assert dee.post(f"{PRODUCT}/retirement").status_code == 303
    page = read(ben, PRODUCT)
    assert "This version was retired" in page.text
    assert dee.post(f"{PRODUCT}/retirement").status_code == 409


def _textarea(html: str, name: str) -> str:
    start = html.index(">", html.index(f'<textarea id="{name}"')) + 1
    return unescape(html[start : html.index("</textarea>", start)]).removeprefix("\n")
