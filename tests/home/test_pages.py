"""The home page: what is asked of whom, by when, and nothing else."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest

from service.clock import frozen
from service.reviews.rules import ShareRule
from tests.factories import agree_all, confirm, open_cycle, reveal, review_of
from tests.plans.drafts import agree, complete_plan
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
    assert [line[:2] for line in tasks(html)] == [("Rate yourself", "1 Oct 2026 in 11 days · Autumn 2026")]
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


def test_hr_sees_how_a_running_cycle_stands_before_anything_is_late(session, cast, sign_in):
    cycle = open_cycle(session, cast)
    for moment, when in (
        (BEFORE, "1 Oct 2026 in 11 days · assess by this day, nothing is late"),
        (AFTER, "15 Oct 2026 in 12 days · talk by this day, 7 late"),
    ):
        with frozen(moment):
            html = sign_in(cast.dee).get("/").text
        assert tasks(html, "Running cycles") == [("Autumn 2026", when, f"/cycles/{cycle.id}")]
    assert "Running cycles" not in sign_in(cast.ben).get("/").text


def test_nothing_looks_settled_before_both_have_confirmed(session, cast, sign_in):
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    browser = sign_in(cast.ben)
    assert '<svg class="chart staircase' not in browser.get("/").text
    assert "nothing is settled before the talk" in browser.get("/").text
    agree_all(session, cast, review)
    assert "nothing is settled before the talk" in browser.get("/").text
    confirm(session, cast, review, cast.ben, cast.ann)
    session.commit()
    text = browser.get("/").text
    assert '<svg class="chart staircase' in text
    assert "From the ratings you agreed, on" in text


def test_an_agreed_plan_says_its_next_review_and_what_is_due(session, cast, sign_in):
    plan = agree(session, cast, complete_plan(session, cast))
    address, seen = f"/plans/{plan.id}", {}
    for days in (1, 31, 61, 91):
        with frozen(datetime.combine(plan.start_on + timedelta(days=days), time(9), tzinfo=UTC)):
            seen[days] = tasks(sign_in(cast.ben).get("/").text, "Your growth plan")
    first = [seen[days][0][0] for days in seen]
    assert first[:3] == [f"Look back on the first {horizon} days with your manager" for horizon in (30, 60, 90)]
    assert (first[3], len(seen[91])) == ("The 90 days are over: look back with your manager", 1)
    assert seen[1][1][0] == f"Next: {plan.objectives[0].key_results[0].title}"
    assert {line[2] for lines in seen.values() for line in lines} == {address}


def test_the_links_of_hr_lead_to_as_many_reviews(session, cast, sign_in):
    open_cycle(session, cast, ShareRule.AFTER_CALIBRATION)
    reveal(session, cast, cast.ben)
    with frozen(AFTER):
        for person in (cast.dee, cast.pia):
            browser = sign_in(person)
            counted = [line for line in tasks(browser.get("/").text) if line[2].startswith("/team")]
            assert counted
            for what, _, href in counted:
                assert browser.get(href).text.count('<th scope="row"') == int(what.split()[0]), what


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
