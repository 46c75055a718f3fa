"""The pages of ladders, as people meet them."""

from html.parser import HTMLParser

import pytest
from sqlalchemy.orm import Session

from service.ladders.actions import checked, publish_version
from service.ladders.files import read_texts
from service.ladders.starts import entries
from service.permissions import SYSTEM
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import CountQueries, SignIn
from tests.ladders.files import LADDER, changed, publish_both, shipped

PRODUCT = "/ladders/product-manager/2026.1"
TECHNICAL = "/ladders/technical-product-manager/2026.1"


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


def publish(session: Session, ladder_yaml: str, blueprint_yaml: str | None = None) -> None:
    """What the files say, as the operator publishes it."""
    publish_version(
        session, SYSTEM, *checked(read_texts(ladder_yaml.encode(), blueprint_yaml and blueprint_yaml.encode()))
    )
    session.commit()


def read(client: Browser, path: str) -> Text:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return Text(answer.text)


def cell_of(client: Browser, path: str, id_: str) -> str:
    """The words inside an opened cell."""
    html = client.get(path).text
    start = html.index(f'<div id="{id_}"')
    return Text(html[start : html.index("</div>", start)]).text


def test_list_shows_each_ladder_with_its_counts_and_where_one_stands(ben: Browser) -> None:
    page = read(ben, "/ladders")
    assert "31 skills · 95 expectations · family product · version 2026.1" in page.text
    pairs = "Junior and Middle · Middle and Senior, yours · Senior and Lead · Lead and Principal · All levels"
    assert f"{pairs} 31 skills" in page.text
    assert page.text.count("yours") == 1
    assert {PRODUCT, f"{PRODUCT}/blueprint", TECHNICAL} <= set(page.links)
    assert "/drafts/new" not in page.links


def test_list_without_a_ladder_says_what_will_be_here(dee: Browser) -> None:
    page = read(dee, "/ladders")
    assert "No ladder is published" in page.text
    assert "/drafts/new" in page.links


def test_list_keeps_older_and_retired_versions_in_reach(session: Session, dee: Browser) -> None:
    for version in ("1", "2", "10"):
        publish(session, changed(LADDER, 'version: "1"', f'version: "{version}"'))
    dee.post("/ladders/tester/2/retirement")
    page = read(dee, "/ladders")
    versions = [link for link in page.links if link in [f"/ladders/tester/{version}" for version in (1, 2, 10)]]
    assert versions == ["/ladders/tester/10"] * 2 + ["/ladders/tester/10", "/ladders/tester/2", "/ladders/tester/1"]
    assert "2 retired" in page.text


def test_ladder_shows_the_readers_level_beside_the_next(ben: Browser) -> None:
    page = read(ben, PRODUCT)
    assert "Skills at Middle and Senior" in page.text
    assert "Middle your level 4 must-have, 16 should, 11 may" in page.text
    assert "Senior next 9 must-have, 11 should, 11 may" in page.text
    assert "Asked at this level: 9 must-have, 11 should, 11 may · Senior beside Lead" in page.text
    assert "Writes the OKRs of the product team" in page.text
    assert "Carries the company's OKRs down to the teams" in page.text
    assert "As at Middle" in page.text
    assert "31 skills in 7 categories" in page.text


def test_who_stands_on_another_ladder_sees_the_lowest_two(ben: Browser) -> None:
    page = read(ben, TECHNICAL)
    assert "Skills at Junior and Middle" in page.text
    assert "your level" not in page.text


@pytest.mark.parametrize(
    ("levels", "title"),
    [
        ("all", "every level"),
        ("senior", "Senior and Lead"),
        ("junior,lead", "Junior and Lead"),
        ("", "Middle and Senior"),
    ],
)
def test_levels_are_chosen_by_link(ben: Browser, levels: str, title: str) -> None:
    page = read(ben, f"{PRODUCT}?levels={levels}")
    assert f"Skills at {title} Choose levels" in page.text
    assert ("Shapes the strategic OKRs of the company" in page.text) == (
        levels == "all" or "lead" in levels + title.lower()
    )


def test_an_opened_cell_tells_signs_source_and_the_next_rung(ben: Browser) -> None:
    cell = cell_of(ben, f"{PRODUCT}?levels=middle", "okr.senior")
    assert "Shows when it is met Each team objective names the company objective" in cell
    assert "Shows while it is not yet Team OKRs sit under company OKRs by wording only" in cell
    assert "Deepens at Lead ■ Shapes the metric culture of the division" in cell
    assert "Source: Skill profile on OKRs, key results, the North Star and HEART, Product Manager, 3rd table" in cell
    house = cell_of(ben, f"{PRODUCT}?levels=lead", "iterative-delivery.lead")
    assert "No higher level asks for more of this skill." in house
    assert "Source: added by the house. Only a lead sees where delivery" in house


def test_ladder_filters_and_says_how_many_it_found(ben: Browser) -> None:
    page = read(ben, f"{PRODUCT}?levels=middle&requirement=must&category=goals-and-strategy&source=documents&q=the")
    skills = [link for link in page.links if "/skills/" in link]
    expected = ["okr", "structured-problem-solving", "trade-off-decisions"]
    assert skills == [f"{PRODUCT}/skills/{skill}" for skill in expected]
    assert "3 of 31 skills: must-have, Goals and strategy, from the documents, “the”. Show all 31 ." in page.text
    assert f"{PRODUCT}?levels=middle#skills" in page.links
    assert "Left out by the filter" in page.text


def test_nothing_found_says_what_to_leave_out(ben: Browser) -> None:
    page = read(ben, f"{PRODUCT}?category=technology&requirement=must&q=e")
    assert "No skill fits all of this" in page.text
    assert "You asked for must-have, Technology, “e” at Middle and Senior." in page.text
    assert "Without must-have : 8 skills Without Technology : 9 skills Show all skills" in page.text
    assert f"{PRODUCT}?category=technology&q=e#skills" in page.links
    lost = read(ben, f"{PRODUCT}?q=%3Cb%3Ezebra&category=%22x")
    assert 'You asked for "x, “<b>zebra” at Middle and Senior.' in lost.text


def test_every_link_within_the_page_leads_somewhere(ben: Browser) -> None:
    for path in (PRODUCT, f"{PRODUCT}?levels=all", f"{PRODUCT}/blueprint", "/skills/okr", f"{TECHNICAL}/blueprint"):
        page = read(ben, path)
        anchors = {link[1:] for link in page.links if link.startswith("#") and link != "#main"}
        assert len(anchors) > 3
        assert anchors <= set(page.ids)
        assert len(page.ids) == len(set(page.ids))


def test_links_between_ladder_and_skill_meet(ben: Browser) -> None:
    links = [link for link in read(ben, "/skills/okr").links if "#skill-" in link]
    assert len(links) == 3
    for link in links:
        path, _, anchor = link.partition("#")
        assert anchor in read(ben, path).ids


@pytest.mark.parametrize(
    "path", ["?levels=expert", "?requirement=maybe", "?source=mars", "?q=" + "a" * 201, "/skills/unknown"]
)
def test_what_is_not_on_the_ladder_is_refused_kindly(ben: Browser, path: str) -> None:
    assert ben.get(PRODUCT + path).status_code in (404, 422)


@pytest.mark.parametrize("path", ["/skills/okr", f"{PRODUCT}/skills/okr", f"{TECHNICAL}/skills/okr"])
def test_okr_skill_shows_all_roles_at_five_levels(ben: Browser, path: str) -> None:
    page = read(ben, path)
    assert "3 roles, 5 levels: 15 must-have, 0 optional." in page.text
    assert page.text.count("■") == 15 + 12 + 1  # each cell, what deepens, the key
    assert [row for row in page.ids if row in ("junior", "middle", "senior", "lead", "principal")] == [
        "junior", "middle", "senior", "lead", "principal",
    ]  # fmt: skip


def test_optional_expectations_are_told_apart(ben: Browser) -> None:
    page = read(ben, "/skills/pricing-and-packaging")
    assert "1 role, 3 levels: 0 must-have, 3 optional (0 should, 3 may)." in page.text
    assert ben.get("/skills/unknown").status_code == 404


def test_skill_of_an_older_version_is_read_as_it_was(session: Session, dee: Browser) -> None:
    publish(session, LADDER)
    newer = changed(changed(LADDER, 'version: "1"', 'version: "2"'), "Tests what is there.", "Tests everything.")
    publish(session, newer)
    assert "Tests what is there." in read(dee, "/ladders/tester/1/skills/testing").text
    assert "Tests everything." not in read(dee, "/ladders/tester/1/skills/testing").text
    assert "Tests everything." in read(dee, "/skills/testing").text
    assert "There is a newer version, 2" in read(dee, "/ladders/tester/1").text
    assert "newer version" not in read(dee, "/ladders/tester/2").text


def test_blueprint_has_contents_and_keeps_its_figures_in_tables(ben: Browser) -> None:
    html = ben.get(f"{PRODUCT}/blueprint").text
    page = Text(html)
    assert sum(link.startswith("#section-") for link in page.links) == 40  # the contents, and each heading's own
    assert [id_ for id_ in page.ids if id_.startswith("section-")][:2] == ["section-role-summary", "section-mission"]
    assert html.count('id="kpi-') == 21
    assert "All together 100 %" in page.text
    assert "From Middle to Senior" in page.text
    assert (
        page.text.index("What high performance looks like") < page.text.index("By day 30") < page.text.index("7 About")
    )


@pytest.mark.parametrize("ladder", [0, 1, 2])
def test_every_place_that_a_plan_may_link_to_is_on_the_page_once(ben: Browser, ladder: int) -> None:
    blueprint = shipped()[ladder][1]
    assert blueprint is not None
    page = read(ben, f"/ladders/{blueprint.ladder}/2026.1/blueprint")
    assert "Areas of responsibility and their starting points" in page.text
    assert [page.ids.count(entry.anchor) for entry in entries(blueprint).values()] == [1] * len(entries(blueprint))


@pytest.mark.parametrize("ladders", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/ladders", 2), ("/ladders/test-1/1", 3), ("/skills/testing", 1), ("/ladders/test-1/1/skills/testing", 2)],
)
def test_number_of_queries_does_not_grow(
    session: Session, cast: Cast, sign_in: SignIn, count_queries: CountQueries, path: str, queries: int, ladders: int
) -> None:
    for number in range(1, ladders + 1):
        ladder = read_texts(changed(LADDER, "ladder: tester", f"ladder: test-{number}").encode(), None).ladder
        assert ladder is not None
        publish_version(session, SYSTEM, ladder, None)
    session.commit()
    ben = sign_in(cast.ben)
    nobody_else = count_queries(lambda: ben.get("/ladders/none/1"))  # who asks, and that it is not there
    read(ben, path)
    assert count_queries(lambda: read(ben, path)) == nobody_else - 1 + queries


@pytest.mark.parametrize("path", ["", "?levels=all", "/skills/okr", "/blueprint"])
def test_technical_ladder_has_the_same_pages(ben: Browser, path: str) -> None:
    assert ben.get(TECHNICAL + path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/ladders", PRODUCT, f"{PRODUCT}/blueprint", f"{PRODUCT}/skills/okr", "/skills/okr", "/drafts/new"]
)
def test_nobody_is_asked_to_sign_in(ben: Browser, sign_in: SignIn, path: str) -> None:
    answer = sign_in(None).get(path)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/signin")


def test_schemas_are_public(sign_in: SignIn) -> None:
    for file in ("ladder", "blueprint"):
        answer = sign_in(None).get(f"/schemas/{file}.schema.json")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
        assert answer.json()["$id"] == f"{file}.schema.json"
    assert sign_in(None).get("/schemas/other.schema.json").status_code == 404


def test_only_hr_meets_the_forms(ben: Browser) -> None:
    assert "/drafts" not in ben.get(PRODUCT).text
    assert ben.post(f"{PRODUCT}/retirement").status_code == 403
    assert "/retirement" not in ben.get(PRODUCT).text


def test_hr_retires_a_version_and_it_stays_readable(ben: Browser, dee: Browser) -> None:
    assert f'action="{PRODUCT}/retirement"' in dee.get(PRODUCT).text
    assert dee.post(f"{PRODUCT}/retirement").status_code == 303
    page = read(ben, PRODUCT)
    assert "This version was retired" in page.text
    assert dee.post(f"{PRODUCT}/retirement").status_code == 409
