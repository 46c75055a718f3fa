"""Dates as a calendar program reads them, and the secret address of one's own."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from service.permissions import SYSTEM, Scope
from service.plans.models import Revision
from service.signin.actions import leave
from service.signin.models import CalendarKey
from tests.checkins.running import check_in, close, day, results, running_plan, said, take_out
from tests.plans import drafts
from tests.plans.drafts import DUE, START


@pytest.fixture
def plan(session, cast):
    return running_plan(session, cast)


def events(answer):
    """UID without its end → event."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len({str(event["uid"]) for event in found}) == len(found)
    return {str(event["uid"]).removesuffix("@nextrung"): event for event in found}


def moved(session, plan, days):
    """Revision 2, agreed a week later, in which every date is so many days later."""
    first = plan.revisions[0]
    data = json.loads(first.data)

    def later(text):
        return (date.fromisoformat(text) + timedelta(days)).isoformat()

    data["plan"] |= {"revision": 2, "start_on": later(data["plan"]["start_on"])}
    for review in data["check_ins"]:
        review["on"] = later(review["on"])
    for objective in data["objectives"]:
        for result in objective["key_results"]:
            result["due_on"] = later(result["due_on"])
    agreed_at = first.agreed_at + timedelta(7)
    session.add(Revision(plan=plan, number=2, data=json.dumps(data), sha256="2" * 64, agreed_at=agreed_at))
    session.commit()
    session.expire_all()


def test_the_dates_of_ones_own_plan(cast, plan, sign_in):
    answer = sign_in(cast.ben).get(f"/plans/{plan.id}/plan.ics")
    assert answer.headers["content-disposition"] == 'attachment; filename="growth-plan.ics"'
    found = events(answer)
    reviews = {f"{plan.id}-day-{days}": START + timedelta(days) for days in (30, 60, 90)}
    due = {f"{id_}-due": DUE for id_ in results(plan)}
    weekly = {f"{plan.id}-check-in": START + timedelta(7)}
    assert {uid: event.decoded("dtstart") for uid, event in found.items()} == reviews | due | weekly
    rule = found[f"{plan.id}-check-in"]["rrule"]
    assert (rule["freq"], rule["count"]) == (["WEEKLY"], [12])
    for event in found.values():
        assert event.decoded("dtend") == event.decoded("dtstart") + timedelta(1)
        assert (event["transp"], event["url"]) == ("TRANSPARENT", f"http://testserver/plans/{plan.id}")
    event = found[f"{results(plan)[0]}-due"]
    assert event["summary"] == "Due: More new users finish the first report"
    assert event["description"] == "Objective: New users reach their first report without help"


@pytest.mark.parametrize("name", ["ann", "max", "dee"])
def test_others_get_the_reviews_and_nobodys_words(cast, plan, sign_in, name):
    answer = sign_in(cast.everybody[name]).get(f"/plans/{plan.id}/plan.ics")
    assert [str(event["summary"]) for event in events(answer).values()] == [
        f"Growth plan of Ben: look back on day {days}" for days in (30, 60, 90)
    ]
    assert "report" not in answer.text


def test_a_move_keeps_the_event_and_raises_its_number(session, cast, plan, sign_in):
    browser, address = sign_in(cast.ben), f"/plans/{plan.id}/plan.ics"
    first, same = browser.get(address), browser.get(address)
    assert first.content == same.content
    moved(session, plan, 5)
    before, after = events(first), events(browser.get(address))
    assert before.keys() == after.keys()
    for uid in before:
        assert after[uid].decoded("dtstart") == before[uid].decoded("dtstart") + timedelta(5)
        assert after[uid]["sequence"] > before[uid]["sequence"]
        assert after[uid].decoded("dtstamp") > before[uid].decoded("dtstamp")


def test_a_draft_has_no_dates_and_strangers_get_none(session, cast, sign_in):
    draft = drafts.complete_plan(session, cast)
    assert sign_in(cast.ben).get(f"/plans/{draft.id}/plan.ics").status_code == 409
    assert sign_in(cast.eli).get(f"/plans/{draft.id}/plan.ics").status_code == 404


def address_of(browser):
    page = browser.post("/account/calendar").text
    return page.partition('<code class="secret">')[2].partition("</code>")[0].removeprefix("http://testserver")


def test_the_address_shows_ones_own_plan_without_signing_in(session, cast, plan, sign_in):
    address, nobody = address_of(sign_in(cast.ben)), sign_in(None)
    before = nobody.get(address)
    check_in(session, cast, plan, 7, said(45, 3, "A word"), said(46))
    answer = nobody.get(address)
    assert answer.content == before.content
    assert answer.headers["cache-control"] == "private, no-cache"
    assert len(events(answer)) == 7
    assert "Ann" not in answer.text
    assert events(answer).keys() == events(sign_in(cast.ben).get(f"/plans/{plan.id}/plan.ics")).keys()


def test_a_manager_gets_the_reviews_of_whose_plans_they_write(session, cast, plan, sign_in):
    anns, maxs, dees = (events(sign_in(None).get(address_of(sign_in(p)))) for p in (cast.ann, cast.max, cast.dee))
    assert sorted(anns) == [f"{plan.id}-day-{days}" for days in (30, 60, 90)]
    assert (maxs, dees) == ({}, {})


def told(found):
    """UID → (status, number, what the event is)."""
    return {
        uid: (str(event["status"]), event["sequence"], str(event["summary"]), event.decoded("dtstart"))
        for uid, event in found.items()
    }


def test_what_a_change_took_out_is_called_off(session, cast, plan, sign_in):
    gone, stays, _ = results(plan)
    browser, address = sign_in(cast.ben), f"/plans/{plan.id}/plan.ics"
    feed = address_of(browser)
    before = told(events(browser.get(address)))
    assert {status for status, *_ in before.values()} == {"CONFIRMED"}
    take_out(session, cast, plan, gone)
    with day(11):
        first, same = sign_in(cast.ben).get(address), sign_in(None).get(feed)
    with day(60):
        assert (
            first.content == same.content == sign_in(cast.ben).get(address).content == sign_in(None).get(feed).content
        )
    after = told(events(first))
    assert after.keys() == before.keys()
    assert after[f"{gone}-due"] == ("CANCELLED", 2, *before[f"{gone}-due"][2:])
    assert after[f"{stays}-due"] == ("CONFIRMED", 2, *before[f"{stays}-due"][2:])
    assert events(first)[f"{gone}-due"].decoded("dtstamp") == plan.revisions[1].agreed_at


def test_what_others_took_out_is_no_business_of_a_manager_s_calendar(session, cast, plan, sign_in):
    address = address_of(sign_in(cast.ann))
    take_out(session, cast, plan, results(plan)[0])
    for answer in (sign_in(None).get(address), sign_in(cast.ann).get(f"/plans/{plan.id}/plan.ics")):
        assert sorted(events(answer)) == [f"{plan.id}-day-{days}" for days in (30, 60, 90)]
        assert "report" not in answer.text


def test_what_is_still_to_come_when_a_plan_is_closed_is_called_off(session, cast, plan, sign_in):
    address, feed = f"/plans/{plan.id}/plan.ics", address_of(sign_in(cast.ben))
    before = events(sign_in(cast.ben).get(address))
    close(session, cast, plan, 40)
    with day(41):
        answer, fed = sign_in(cast.ben).get(address), sign_in(None).get(feed)
    assert fed.content == answer.content
    found = events(answer)
    assert found.keys() == before.keys()
    assert {uid for uid, event in found.items() if event["status"] == "CANCELLED"} == {
        f"{plan.id}-day-60",
        f"{plan.id}-day-90",
    }
    assert found[f"{plan.id}-check-in"]["rrule"]["count"] == [5]
    assert {event["sequence"] for event in found.values()} == {2}
    assert {event.decoded("dtstamp") for event in found.values()} == {datetime(2026, 12, 12, 9, tzinfo=UTC)}


def test_a_plan_closed_in_its_first_week_calls_off_everything_to_come(session, cast, plan, sign_in):
    close(session, cast, plan, 3)
    with day(4):
        found = events(sign_in(cast.ben).get(f"/plans/{plan.id}/plan.ics"))
    assert {str(event["status"]) for event in found.values()} == {"CANCELLED"}
    assert found[f"{plan.id}-check-in"]["rrule"]["count"] == [12]


def test_a_closed_plan_leaves_the_feed_when_nothing_of_it_is_to_come(session, cast, plan, sign_in):
    bens, anns = (address_of(sign_in(person)) for person in (cast.ben, cast.ann))
    close(session, cast, plan, 40)
    with day(90):
        assert (len(events(sign_in(None).get(bens))), len(events(sign_in(None).get(anns)))) == (7, 3)
    with day(91):
        assert events(sign_in(None).get(bens)) == events(sign_in(None).get(anns)) == {}
        assert len(events(sign_in(cast.ben).get(f"/plans/{plan.id}/plan.ics"))) == 7


def test_an_address_is_renewed_and_ended(session, cast, plan, sign_in):
    ben, nobody = sign_in(cast.ben), sign_in(None)
    assert "Make an address" in ben.get("/account").text
    first, second = address_of(ben), address_of(ben)
    assert (nobody.get(first).status_code, nobody.get(second).status_code) == (404, 200)
    assert len(second.removeprefix("/calendar/").removesuffix(".ics")) >= 43
    account = ben.get("/account").text
    assert "A new one ends it." in account
    assert second not in account
    assert ben.post("/account/calendar/revocation").status_code == 303
    assert nobody.get(second).status_code == 404
    assert nobody.get("/calendar/None.ics").status_code == nobody.get("/calendar/.ics").status_code == 404


def test_the_address_ends_with_the_account(session, cast, plan, sign_in):
    address = address_of(sign_in(cast.ben))
    assert sign_in(None).get(address).status_code == 200
    leave(session, SYSTEM, cast.ben)
    session.commit()
    assert sign_in(None).get(address).status_code == 404
    assert session.scalars(select(CalendarKey)).all() == []


def test_only_a_hash_of_the_secret_is_stored(session, cast, sign_in):
    address = address_of(sign_in(cast.ben))
    row = session.scalars(select(CalendarKey)).one()
    assert row.key_hash not in address
    assert address.removeprefix("/calendar/").removesuffix(".ics") not in str(vars(row))


def test_the_api_makes_and_ends_an_address_for_a_person_not_for_a_token(cast, plan, sign_in, bearer):
    ben = sign_in(cast.ben)
    made = ben.post("/api/v1/calendar")
    assert made.status_code == 201
    address = made.json()["address"].removeprefix("http://testserver")
    assert sign_in(None).get(address).status_code == 200
    assert bearer(cast.ben, Scope.WRITE).post("/api/v1/calendar").status_code == 403
    assert ben.delete("/api/v1/calendar").status_code == 204
    assert sign_in(None).get(address).status_code == 404


def test_the_number_of_statements_does_not_grow(session, cast, sign_in, count_queries):
    drafts.shared_review(session, cast)
    address, nobody, counts = address_of(sign_in(cast.ann)), sign_in(None), []
    people = [cast.ben, cast.cat]
    for person in people:
        with day(0):
            plan = drafts.onboarding_plan(session, cast, person, cast.ann)
            drafts.agree(session, cast, plan)
        session.expire_all()
        counts.append(count_queries(lambda: nobody.get(address)))
    assert counts[0] == counts[1] <= 7


def test_the_number_of_statements_does_not_grow_with_changed_and_closed_plans(session, cast, sign_in, count_queries):
    address, nobody, counts = address_of(sign_in(cast.ben)), sign_in(None), []
    changed, ended = running_plan(session, cast), None
    take_out(session, cast, changed, results(changed)[0])
    for _ in range(2):
        with day(11):
            ended = drafts.agree(session, cast, drafts.onboarding_plan(session, cast, cast.ben))
        close(session, cast, ended, 12)
        session.expire_all()
        with day(13):
            counts.append(count_queries(lambda: nobody.get(address)))
    assert counts[0] == counts[1] <= 9
