"""The home page: what is asked of whom, by when, and nothing else."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from service.clock import frozen
from service.gaps.queries import get_report
from service.plans import actions
from service.plans.inputs import PromotionPlanInput
from service.reviews.models import AgreedRating, Cycle, Review
from service.reviews.rules import Answer, ReviewStatus, ShareRule, Side
from service.revisions.actions import agree_plan
from tests.factories import agree_all, confirm, half, open_cycle, rate_all, reveal, review_of, submit
from tests.plans.drafts import START, agree, complete_plan
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
    assert "From the ratings you agreed on" in text


def test_an_agreed_plan_says_its_next_review_and_what_is_due(session, cast, sign_in):
    plan = agree(session, cast, complete_plan(session, cast))
    address, seen = f"/plans/{plan.id}", {}
    for days in (1, 31, 61, 91):
        with frozen(datetime.combine(plan.start_on + timedelta(days=days), time(9), tzinfo=UTC)):
            seen[days] = tasks(sign_in(cast.ben).get("/").text, "Your growth plan")
            html = sign_in(cast.ben).get("/").text
    first = [seen[days][0][0] for days in seen if seen[days]]
    assert first == [f"Look back on the first {horizon} days with your manager" for horizon in (30, 60, 90)]
    assert seen[1][1][0] == f"Next: {plan.objectives[0].key_results[0].title}"
    assert {line[2] for lines in seen.values() for line in lines} == {address}
    assert seen[91] == []
    assert "Its 90 days ended on 31 Jan 2027." in html
    assert f'<a href="{address}">read {plan.title}</a>' in html
    assert f'<a href="{address}/closing">Close it</a>' in html


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


def test_an_auditor_is_offered_the_record_and_asked_nothing(cast, sign_in):
    html = sign_in(cast.una).get("/").text
    assert tasks(html) == []
    assert 'that the record of who did what is whole: <a href="/audit">Audit</a>' in html
    assert "the record" not in sign_in(cast.eli).get("/").text


def settled(session, cast):
    """Ben's review, agreed and confirmed by both."""
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    agree_all(session, cast, review)
    confirm(session, cast, review, cast.ben, cast.ann)
    session.commit()
    return review


def test_a_confirmed_review_asks_for_the_plan_until_it_is_agreed(session, cast, sign_in):
    with frozen(BEFORE):
        review = settled(session, cast)
        new, day = f"/reviews/{review.id}/plans", "1 Dec 2026 in 72 days"
        assert tasks(sign_in(cast.ben).get("/").text) == [("Plan your next 90 days", f"{day} · Autumn 2026", new)]
        assert ("Plan the next 90 days with Ben", f"{day} · Autumn 2026", new) in tasks(sign_in(cast.ann).get("/").text)

        gaps = get_report(session, cast.actor(cast.ben), review.id).gaps
        chosen = PromotionPlanInput(start_on=START, chosen=[gaps[0].skill.id])
        plan = actions.start_promotion_plan(session, cast.actor(cast.ben), review.id, chosen)
        session.commit()
        here = f"/plans/{plan.id}"
        assert tasks(sign_in(cast.ben).get("/").text) == [("Finish the draft plan", day, here)]
        assert ("Finish the draft plan with Ben", day, here) in tasks(sign_in(cast.ann).get("/").text)


def test_who_signed_a_draft_is_asked_no_more(session, cast, sign_in):
    with frozen(BEFORE):
        plan = complete_plan(session, cast)
        agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
        session.commit()
        here = f"/plans/{plan.id}"
        assert here not in [line[2] for line in tasks(sign_in(cast.ben).get("/").text)]
        assert ("Read and agree the growth plan of Ben", "2 Nov 2026 in 43 days", here) in tasks(
            sign_in(cast.ann).get("/").text
        )


def test_no_plan_is_asked_for_where_no_gap_is_open(session, cast, sign_in):
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben, self_="principal", manager="principal")
    agree_all(session, cast, review)
    for row in session.scalars(select(AgreedRating)):
        row.answer, row.rung, row.reason = Answer.NOT_APPLICABLE, None, "Not part of this job."
    confirm(session, cast, review, cast.ben, cast.ann)
    session.commit()
    assert tasks(sign_in(cast.ben).get("/").text) == []


def waits(html):
    return [plain(line) for line in re.findall(r'<p class="quiet">(Waiting for .*?)</p>', html)]


def test_whoever_has_done_their_part_sees_whom_it_waits_for(session, cast, sign_in):
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    assert waits(ben.get("/").text) == waits(ann.get("/").text) == []
    rate_all(session, cast, half(review, Side.SELF))
    submit(session, cast, half(review, Side.SELF))
    session.commit()
    assert waits(ben.get("/").text) == ["Waiting for Ann to rate you, by 1 Oct 2026."]
    assert waits(ann.get("/").text) == []
    rate_all(session, cast, half(review, Side.MANAGER))
    submit(session, cast, half(review, Side.MANAGER))
    agree_all(session, cast, review)
    assert waits(ben.get("/").text) == []
    confirm(session, cast, review, cast.ann)
    session.commit()
    assert waits(ann.get("/").text) == ["Waiting for Ben to confirm, by 15 Oct 2026."]
    assert waits(ben.get("/").text) == []


def test_a_manager_who_was_first_waits_for_the_person_and_both_for_hr(session, cast, sign_in):
    open_cycle(session, cast, ShareRule.AFTER_CALIBRATION)
    review = review_of(session, cast.ben)
    rate_all(session, cast, half(review, Side.MANAGER))
    submit(session, cast, half(review, Side.MANAGER))
    session.commit()
    assert waits(sign_in(cast.ann).get("/").text) == ["Waiting for Ben to rate themselves, by 1 Oct 2026."]
    rate_all(session, cast, half(review, Side.SELF))
    submit(session, cast, half(review, Side.SELF))
    session.commit()
    assert waits(sign_in(cast.ben).get("/").text) == ["Waiting for HR to share both views, by 15 Oct 2026."]
    assert waits(sign_in(cast.ann).get("/").text) == ["Waiting for HR to share your view with Ben, by 15 Oct 2026."]


def test_without_a_manager_one_waits_for_hr_to_name_somebody(session, cast, sign_in):
    open_cycle(session, cast)
    review = review_of(session, cast.max)
    rate_all(session, cast, half(review, Side.SELF))
    submit(session, cast, half(review, Side.SELF))
    session.commit()
    assert waits(sign_in(cast.max).get("/").text) == ["Waiting for HR to name who rates you, by 1 Oct 2026."]


def test_the_last_agreed_rung_stays_while_the_next_one_is_assessed(session, cast, sign_in):
    with frozen(BEFORE):
        settled(session, cast)
    session.execute(update(Review).values(status=ReviewStatus.CLOSED))
    said = "From the ratings you agreed on 20 Sep 2026 in Autumn 2026, on"
    open_cycle(session, cast, name="Spring 2027")
    assert said in sign_in(cast.ben).get("/").text
    newest = session.scalars(
        select(Review).join(Review.cycle).where(Review.person_id == cast.ben.id, Cycle.name == "Spring 2027")
    )
    rate_all(session, cast, half(newest.unique().one(), Side.SELF))
    session.commit()
    assert said in sign_in(cast.ben).get("/").text


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
    assert sent[0] == sent[1] <= 23


def test_nor_with_more_confirmed_reviews(session, cast, sign_in, count_queries):
    settled(session, cast)
    browser, sent = sign_in(cast.ann), []
    with frozen(BEFORE):
        sent.append(count_queries(lambda: browser.get("/")))
    review = reveal(session, cast, cast.cat)
    agree_all(session, cast, review)
    confirm(session, cast, review, cast.cat, cast.ann)
    session.commit()
    with frozen(BEFORE):
        sent.append(count_queries(lambda: browser.get("/")))
    assert sent[0] == sent[1] <= 25


def test_whoever_signed_a_plan_sees_whom_it_waits_for(session, cast, sign_in):
    plan = complete_plan(session, cast)
    agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    session.commit()
    assert "Waiting for <bdi>Ann</bdi> to agree the growth plan that you signed" in sign_in(cast.ben).get("/").text
    assert "Read and agree the growth plan of" in sign_in(cast.ann).get("/").text
