"""The team view: whom it holds, how an address narrows it, and the same rows as files."""

import csv
import re
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from service.clock import frozen
from service.paging import write_cursor
from service.people.actions import rebuild_reporting_lines
from service.people.models import Person
from service.reviews.rules import ShareRule, Side
from tests.factories import half, open_cycle, rate_all, reveal, review_of, submit

AFTER = datetime(2026, 10, 3, 9, 0, tzinfo=UTC)


def hire(session, cast, count, name="more", **more):
    """New product managers below Ann."""
    for number in range(count):
        mail = f"{name}{number}@x.org"
        row = Person(
            employee_id=f"{name}-{number}", name=f"{name} {number:02}", email=mail, email_key=mail, manager_id=cast.ann.id,
            unit_id=cast.ann.unit_id, ladder="product-manager", level="junior", started_on=date(2026, 1, 1), **more,
        )  # fmt: skip
        session.add(row)
    session.flush()
    rebuild_reporting_lines(session)
    session.commit()


def names(html):
    return re.findall(r'<th scope="row"[^>]*><a href="/reviews/[^"]+"><bdi>([^<]+)</bdi>', html)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("ann", ["Ben", "Cat"]),
        ("max", ["Ann", "Ben", "Cat", "Dee"]),
        ("fay", ["Eli"]),
        ("dee", ["Ann", "Ben", "Cat", "Eli", "Fay", "Pia", "Una"]),
        ("pia", ["Ann", "Ben", "Cat", "Dee", "Max"]),
    ],
)
def test_the_team_is_those_below_or_in_the_units(session, cast, sign_in, name, seen):
    open_cycle(session, cast)
    assert names(sign_in(cast.everybody[name]).get("/team").text) == seen


@pytest.mark.parametrize("name", ["ben", "eli", "una"])
def test_who_leads_nobody_has_none(cast, sign_in, name):
    answers = [sign_in(cast.everybody[name]).get(path).status_code for path in ("/team", "/team.csv", "/team.xlsx")]
    assert answers == [403, 403, 403]


@pytest.fixture
def busy(session, cast):
    """Ben's review is shared, Cat's half done, Fay has nobody to assess her."""
    cycle = open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    rate_all(session, cast, half(review_of(session, cast.cat), Side.SELF))
    submit(session, cast, half(review_of(session, cast.cat), Side.SELF))
    session.commit()
    return cycle


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("step=shared", ["Ben"]),
        ("step=open&late=", ["Ann", "Cat", "Dee"]),
        ("late=yes", ["Ann", "Cat", "Dee"]),
        ("late=yes&step=shared", []),
        ("reach=direct", ["Ann", "Dee"]),
        ("reach=tree&q=E-CAT", ["Cat"]),
        ("q=BEN%40", ["Ben"]),
        ("q=%25", []),
        ("ladder=technical-product-manager", []),
        ("unit={product}", ["Ann", "Ben", "Cat", "Dee"]),
        ("unit={other}", []),
        ("assessor={ann}", ["Ben", "Cat"]),
        ("cycle={cycle}&step=&unit=&reach=&q=&ladder=", ["Ann", "Ben", "Cat", "Dee"]),
        ("cycle={ann}", []),
    ],
)
def test_the_address_narrows_page_file_and_api_alike(cast, sign_in, busy, query, seen):
    ids = {"product": cast.ann.unit_id, "other": cast.fay.unit_id, "ann": cast.ann.id, "cycle": busy.id}
    query, browser = query.format(**ids), sign_in(cast.max)
    with frozen(AFTER):
        assert names(browser.get(f"/team?{query}").text) == seen
        assert [row["Person"] for row in rows(browser.get(f"/team.csv?{query}"))] == seen
        assert [line["review"]["person_name"] for line in browser.get(f"/api/v1/team?{query}").json()] == seen


@pytest.mark.parametrize("query", ["cycle=x", "step=x", "reach=up", "late=maybe", f"q={'x' * 101}", "after=x"])
def test_a_view_that_is_none_is_refused(cast, sign_in, query):
    assert sign_in(cast.dee).get(f"/team?{query}").status_code == 422


def rows(answer):
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_what_a_review_waits_for_and_whether_it_is_late(cast, sign_in, busy):
    with frozen(AFTER):
        answer = sign_in(cast.dee).get("/team.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="team-2026-10-03.csv"'
    told = {
        row["Person"]: (row["Step"], row["Self"], row["Manager"], row["Waits for"], row["By"], row["Late"])
        for row in rows(answer)
    }
    assert told["Ben"] == ("Talk", "submitted", "submitted", "the talk", "2026-10-15", "")
    assert told["Cat"] == ("Assessing", "submitted", "not yet", "the manager’s assessment", "2026-10-01", "late")
    assert told["Fay"] == ("Assessing", "not yet", "no assessor yet", "an assessor", "2026-10-01", "late")


def test_late_is_the_same_in_the_list_and_in_the_filter(session, cast, sign_in, busy):
    browser = sign_in(cast.dee)
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 15), date(2026, 10, 16)):
        with frozen(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
            everybody = rows(browser.get("/team.csv"))
            late = rows(browser.get("/team.csv?late=yes"))
        assert [row for row in everybody if row["Late"]] == late


def test_the_counts_at_the_steps_are_those_of_the_view(cast, sign_in, busy):
    with frozen(AFTER):
        html = sign_in(cast.max).get("/team?step=shared").text
    told = re.findall(r'<a href="/team\?[^"]*"[^>]*>([A-Z][a-z ]+) <b[^>]*>(\d+)</b></a>', html)
    assert told == [("All", "4"), ("Assessing", "3"), ("Talk", "1"), ("Late", "3")]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1", "－1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula_in_either_file(session, cast, sign_in, text):
    cast.ben.name, cast.ben.employee_id = text, text
    session.commit()
    open_cycle(session, cast)
    browser = sign_in(cast.ann)
    ben = next(row for row in rows(browser.get("/team.csv")) if row["Person"] != "Cat")
    safe = f"'{text}".replace("\t=", "\t'=").replace("\r=", "\r'=")  # a tab or a line end may begin another cell
    assert (ben["Person"], ben["Employee id"]) == (safe, safe)
    with ZipFile(BytesIO(browser.get("/team.xlsx").content)) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_the_workbook_holds_the_view_with_dates_as_dates(cast, sign_in, busy):
    with frozen(AFTER):
        answer = sign_in(cast.ann).get("/team.xlsx")
        again = sign_in(cast.ann).get("/team.xlsx")
    assert answer.content == again.content
    with ZipFile(BytesIO(answer.content)) as book:
        sheet, texts = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()
    assert sheet.count("<row ") == 1 + 2
    assert re.search(r'<c r="N2" s="\d+"><v>46310</v>', sheet)  # 15 Oct 2026
    assert ">Ben<" in texts


def test_a_view_of_more_than_a_page_goes_on_and_its_file_holds_all(session, cast, sign_in):
    hire(session, cast, 60)
    open_cycle(session, cast, ShareRule.AT_REVEAL)
    browser = sign_in(cast.ann)
    first = browser.get("/team?reach=tree").text
    link = re.search(r'href="(/team\?reach=tree&amp;after=[^"]+)" rel="next"', first)[1].replace("&amp;", "&")
    assert len(names(first)) == 50
    assert len(names(browser.get(link).text)) == 12
    assert len(rows(browser.get("/team.csv?reach=tree"))) == 62
    answer = browser.get("/api/v1/team?reach=tree&limit=5")
    assert len(answer.json()) == 5
    assert re.match(r"</api/v1/team\?limit=5&reach=tree&after=[^>]+>; rel=\"next\"", answer.headers["link"])


@pytest.mark.parametrize("path", ["/team", "/team.csv", "/team.xlsx", "/api/v1/team", "/cycles/{cycle}"])
def test_the_number_of_statements_does_not_grow(session, cast, sign_in, count_queries, path):
    hire(session, cast, 30)
    cycle = open_cycle(session, cast)
    browser = sign_in(cast.dee)
    one, many = f"{path}?q=Cat".format(cycle=cycle.id), path.format(cycle=cycle.id)
    browser.get(one)
    assert count_queries(lambda: browser.get(one)) == count_queries(lambda: browser.get(many)) <= 16


@pytest.mark.parametrize("door", ["", "/api/v1"])
def test_gaps_after_the_last_one_are_no_fault(session, cast, sign_in, door):
    open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    after = write_cursor(f"Zoe|{cast.ben.id}")
    answer = sign_in(cast.ann).get(f"{door}/team/gaps", params={"after": after})
    assert (answer.status_code, "Nobody further" in answer.text or answer.text) == (200, "null" if door else True)


def test_where_nothing_is_late_the_page_says_so(session, cast, sign_in):
    open_cycle(session, cast)
    with frozen(datetime(2026, 9, 2, tzinfo=UTC)):
        browser = sign_in(cast.dee)
        assert "Nothing is late" in browser.get("/team", params={"late": "yes"}).text
        narrowed = browser.get("/team", params={"late": "yes", "q": "ben"}).text
    assert ("Nothing is late" in narrowed, "Take a filter away" in narrowed) == (False, True)
