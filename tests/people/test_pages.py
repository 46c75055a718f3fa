import re
from html import unescape

import pytest
from sqlalchemy import func, select

from service.audit.models import AuditEvent
from service.people.models import OrgUnit, Person
from tests.factories import open_cycle
from tests.people.test_actions import CAST, HEAD

NEW = HEAD + "E-new,<b>Noa</b>,noa@x.org,E-ann,Product,,,\n"


@pytest.fixture(autouse=True)
def known_levels(app):
    levels = frozenset({"junior", "middle", "senior", "lead", "principal"})
    app.state.known_levels = lambda _session: {"product-manager": levels}


def _count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def _preview(browser, text):
    return browser.post("/people/import-previews", data={"csv": text})


@pytest.mark.parametrize("name", ["max", "ann", "dee", "pia", "fay"])
def test_the_list_names_whom_one_may_see(sign_in, cast, name):
    text = sign_in(cast.everybody[name]).get("/people").text
    assert ("<bdi>Ben</bdi></a>" in text) == (name != "fay")
    assert ('href="/people/import"' in text) == (name in ("dee", "pia"))


@pytest.mark.parametrize("name", ["ben", "eli", "una"])
def test_who_leads_nobody_has_no_list(sign_in, cast, name):
    assert sign_in(cast.everybody[name]).get("/people").status_code == 403


def test_search_and_empty_result(sign_in, cast):
    browser = sign_in(cast.dee)
    assert "Cat" not in browser.get("/people", params={"q": "ben"}).text
    empty = browser.get("/people", params={"q": '"><script>alert(1)</script>'}).text
    assert "Nobody found" in empty
    assert "<script>alert" not in empty


def test_a_list_of_more_than_a_page_goes_on(sign_in, session, cast):
    for number in range(60):
        mail = f"n{number}@x.org"
        session.add(Person(employee_id=f"N-{number}", name=f"N{number:02}", email=mail, email_key=mail))
    session.commit()
    browser = sign_in(cast.dee)
    first = browser.get("/people", params={"q": "n"}).text
    link = unescape(re.search(r'href="(/people\?q=n&amp;after=[^"]+)"', first).group(1))
    rest = browser.get(link).text
    assert first.count("<tr") + rest.count("<tr") - 2 == 60 + 3  # Ann, Ben and Una have the letter too
    assert 'href="/people?q=n"' in rest


def test_a_person_shows_to_the_line_above_and_to_nobody_else(sign_in, cast):
    seen = {
        name
        for name, person in cast.everybody.items()
        if sign_in(person).get(f"/people/{cast.ben.id}").status_code == 200
    }
    assert seen == {"ben", "ann", "max", "dee", "pia"}


def test_unseen_unknown_and_malformed_are_one_answer(sign_in, cast):
    browser = sign_in(cast.eli)
    answers = [browser.get(f"/people/{key}") for key in (cast.ben.id, "6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10", "7")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize("name", ["ben", "ann", "max", "una"])
def test_only_hr_and_partners_import(sign_in, session, cast, name):
    browser = sign_in(cast.everybody[name])
    answers = [
        browser.get("/people/import"),
        _preview(browser, NEW),
        browser.post("/people/imports", data={"csv": NEW}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert _count(session, Person) == 9


def test_from_the_form_over_the_preview_to_the_import(sign_in, session, cast):
    browser = sign_in(cast.dee)
    assert browser.get("/people/import").status_code == 200
    shown = browser.post(
        "/people/import-previews", files={"file": ("people.csv", ("\ufeff" + NEW).encode(), "text/csv")}
    )
    assert shown.status_code == 200
    assert "<bdi>&lt;b&gt;Noa&lt;/b&gt;</bdi>" in shown.text
    assert "kept as they are: 9" in shown.text
    assert _count(session, Person) == 9
    carried = unescape(re.search(r'name="csv" value="([^"]*)"', shown.text).group(1))
    done = browser.post("/people/imports", data={"csv": carried})
    assert (done.status_code, done.headers["location"]) == (303, "/people")
    assert _count(session, Person) == 10
    assert "Imported: 1 added, 0 changed, 0 unchanged." in browser.get("/people").text


def test_the_same_again_says_so_and_writes_nothing(sign_in, session, cast):
    browser = sign_in(cast.dee)
    assert "Nothing to change" in _preview(browser, CAST).text
    assert browser.post("/people/imports", data={"csv": CAST}).status_code == 303
    assert _count(session, AuditEvent) == 0


def test_the_preview_tells_problems_by_row_and_column(sign_in, cast):
    pasted = HEAD + "E-1,A,a@x.org,E-7,,,,21.11.2026\n"
    answer = _preview(sign_in(cast.dee), pasted)
    text = answer.text
    cells = re.findall(r'<tr><td class="figure">(\d+)</td><td>([^<]+)</td>', text)
    assert [(row, unescape(column)) for row, column in cells] == [("2", "manager's id"), ("2", "start date")]
    assert 'action="/people/imports"' not in text
    assert answer.status_code == 422
    assert pasted in unescape(text)  # in its field, to be mended


@pytest.mark.parametrize("path", ["import-previews", "imports"])
def test_both_steps_name_two_hundred_problems_and_count_the_rest(sign_in, cast, path):
    rows = "".join(f"N-{number},,n{number}@x.org,,,,,\n" for number in range(203))
    text = sign_in(cast.dee).post(f"/people/{path}", data={"csv": HEAD + rows}).text
    assert text.count("The name is needed.") == 200
    assert "And 3 more." in text


def test_what_is_emptied_and_new_is_not_shown_calmly(sign_in, cast):
    text = _preview(
        sign_in(cast.dee),
        CAST.replace("E-ann,Product,product-manager,middle,2024-01-08", ",Legal,product-manager,middle,"),
    ).text
    assert re.findall(r"<li><bdi>([^<]+)</bdi></li>", text)[:2] == [
        "1 person loses their manager: Ben.",
        "1 person loses their start date: Ben.",
    ]
    assert text.count(">emptied</span>") == 2
    assert re.search(r'<bdi>Legal</bdi>: <span class="status attention">new</span>', text)


def test_the_preview_tells_changes_field_by_field(sign_in, cast):
    text = _preview(sign_in(cast.dee), CAST.replace("product-manager,middle", "product-manager,senior")).text
    assert re.search(r"<td>level</td>\s*<td><bdi>middle</bdi></td><td><bdi>senior</bdi></td>", text)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"data": {"csv": ""}}, "Choose a file, or paste its text below."),
        ({}, "Choose a file, or paste its text below."),
        ({"data": {"csv": "just a line"}}, "does not name the columns"),
        ({"files": {"file": ("x.csv", b"\xff\x00\xfe", "text/csv")}}, "CSV UTF-8"),
        ({"files": {"file": ("x.png", b"\x89PNG\r\n", "image/png")}}, "CSV UTF-8"),
    ],
)
def test_what_cannot_be_read_shows_the_form_again(sign_in, cast, sent, words):
    answer = sign_in(cast.dee).post("/people/import-previews", **sent)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_file_that_became_wrong_meanwhile_is_not_imported(sign_in, session, cast):
    answer = sign_in(cast.dee).post("/people/imports", data={"csv": NEW.replace("E-ann", "E-gone")})
    assert answer.status_code == 422
    assert _count(session, Person) == 9


def test_a_file_of_a_megabyte_and_more_passes_both_steps(sign_in, session, cast):
    rows = "".join(f"N-{n},{'Ñ' * 100},n{n}@x.org,,,,,\n" for n in range(6000))
    browser = sign_in(cast.dee)
    shown = browser.post("/people/import-previews", files={"file": ("people.csv", (HEAD + rows).encode(), "text/csv")})
    assert "Added: 6000" in shown.text
    done = browser.post("/people/imports", files={"csv": (None, HEAD + rows)})
    assert done.status_code == 303
    assert _count(session, Person) == 6009


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("level=junior", ["Cat", "Eli"]),
        ("level=junior&unit={other}", ["Eli"]),
        ("unit={top}", ["Ann", "Ben", "Cat", "Dee", "Max", "Pia"]),
        ("ladder=product-manager&level=middle&unit=", ["Ben"]),
        ("ladder=technical-product-manager", []),
        ("level=junior&q=cat", ["Cat"]),
    ],
)
def test_filters_narrow_the_list_and_its_api(sign_in, session, cast, query, seen):
    top = OrgUnit(name="Company")
    session.add(top)
    session.flush()
    cast.ann.unit.parent_id = top.id
    session.commit()
    query, browser = query.format(other=cast.eli.unit_id, top=top.id), sign_in(cast.dee)
    html = browser.get(f"/people?{query}").text
    assert re.findall(r'<th scope="row"[^>]*><a href="/people/[^"]+"><bdi>([^<]+)', html) == seen
    assert [person["name"] for person in browser.get(f"/api/v1/people?{query}").json()] == seen


def test_ladders_and_levels_stand_by_their_titles(sign_in, session, cast):
    open_cycle(session, cast)
    cast.cat.ladder = "no-longer-published"
    session.commit()
    browser = sign_in(cast.dee)
    lines = dict(re.findall(r"<bdi>(\w+)</bdi></a></th>.*?Ladder\">([^<]+)</td>", browser.get("/people").text, re.S))
    assert (lines["Ben"], lines["Cat"]) == ("Product Manager", "no-longer-published")
    assert '<p class="lede">Product Manager, Middle</p>' in browser.get(f"/people/{cast.ben.id}").text
