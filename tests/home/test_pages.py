"""The home page: what is asked of whom, by when, and nothing else."""

import re
from datetime import UTC, datetime

import pytest

from service.clock import frozen
from service.reviews.rules import ShareRule
from tests.factories import open_cycle, reveal, review_of
from tests.team.test_pages import hire

BEFORE = datetime(2026, 9, 20, 9, 0, tzinfo=UTC)
AFTER = datetime(2026, 10, 3, 9, 0, tzinfo=UTC)


def tasks(html, title="Asked of you now"):
    """(what, when, where to) of each line under a title."""
    block = re.search(rf"<h2>{title}</h2>\s*<ul class=\"tasks\">(.*?)</ul>", html, re.DOTALL)
    line = r'<li><b>(.*?)</b>\s*<span>(.*?)</span>\s*<a class="button quiet" href="([^"]+)"'
    lines = re.findall(line, block[1], re.DOTALL) if block else []
    return [(plain(what), plain(when), href.replace("&amp;", "&")) for what, when, href in lines]


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_a_person_is_asked_for_their_own_part(session, cast, sign_in):
    open_cycle(session, cast)
    with frozen(BEFORE):
        html = sign_in(cast.ben).get("/").text
    assert [line[:2] for line in tasks(html)] == [("Rate yourself", "1 Oct 2026 in 11 days")]
    assert "Your next rung" in html
    assert "Late in your team" not in html


def test_a_manager_sees_who_is_late_below_after_the_day_and_not_before(session, cast, sign_in):
    open_cycle(session, cast)
    with frozen(BEFORE):
        assert tasks(sign_in(cast.ann).get("/").text, "Late in your team") == []
    with frozen(AFTER):
        late = tasks(sign_in(cast.ann).get("/").text, "Late in your team")
    ben = review_of(session, cast.ben)
    assert [line[0] for line in late] == ["Ben", "Cat"]
    assert late[0] == ("Ben", "1 Oct 2026 2 days ago · waits for both assessments", f"/reviews/{ben.id}")


def test_hr_is_asked_for_assessors_shares_and_what_is_late(session, cast, sign_in):
    cycle = open_cycle(session, cast, ShareRule.AFTER_CALIBRATION)
    reveal(session, cast, cast.ben)
    team = f"/team?cycle={cycle.id}&"
    with frozen(AFTER):
        asked = tasks(sign_in(cast.dee).get("/").text)
        partner = tasks(sign_in(cast.pia).get("/").text)
    assert (
        "1 review to share with the person",
        "15 Oct 2026 in 12 days · Autumn 2026",
        team + "step=revealed",
    ) in asked
    # Max, Fay, Pia and Una have nobody above them; Max is Dee's own manager, whom she does not look after
    assert ("3 reviews without an assessor", "1 Oct 2026 2 days ago · Autumn 2026", team + "step=unassigned") in asked
    assert [line[0] for line in asked if "late" in line[0]] == ["6 reviews late"]
    assert [line[0] for line in partner if "assessor" in line[0]] == ["1 review without an assessor"]


def test_the_links_of_hr_lead_to_as_many_reviews(session, cast, sign_in):
    open_cycle(session, cast, ShareRule.AFTER_CALIBRATION)
    reveal(session, cast, cast.ben)
    with frozen(AFTER):
        for person in (cast.dee, cast.pia):
            browser = sign_in(person)
            counted = [line for line in tasks(browser.get("/").text) if line[2].startswith("/team")]
            assert counted
            for what, _, href in counted:
                assert browser.get(href).text.count('<tr><th scope="row">') == int(what.split()[0]), what


def test_an_auditor_is_asked_to_check_the_record(cast, sign_in):
    assert tasks(sign_in(cast.una).get("/").text) == [
        ("Check that the record of who did what is whole", "", "/audit/verification")
    ]


@pytest.mark.parametrize("name", ["eli", "dee"])
def test_nothing_asked_says_so(cast, sign_in, name):
    assert "Nothing is asked of you now." in sign_in(cast.everybody[name]).get("/").text


def test_the_number_of_statements_does_not_grow(session, cast, sign_in, count_queries):
    browser, sent = sign_in(cast.ann), []
    for more, name in ((0, "First"), (30, "Second")):
        hire(session, cast, more)
        open_cycle(session, cast, name=name)
        with frozen(AFTER):
            sent.append(count_queries(lambda: browser.get("/")))
    assert sent[0] == sent[1] <= 20
