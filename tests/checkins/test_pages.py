"""The weekly form as people fill it in, and what a plan's page shows of it to whom."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from service.checkins.models import CheckIn
from service.drafts.actions import add_key_result, add_objective
from service.objectives.rules import MOST_KEY_RESULTS
from service.plans.models import Revision
from tests.checkins.running import check_in, day, results, running_plan, said, take_out
from tests.plans import drafts
from tests.plans.browsing import text_of
from tests.plans.drafts import START


@pytest.fixture
def plan(session, cast):
    return running_plan(session, cast)


@pytest.fixture
def here(plan):
    return f"/plans/{plan.id}/check-ins"


def filled_in(browser, here, **typed):
    """The fields of the form as a browser sends them, with what is typed over what stands."""
    html = browser.get(here).text
    fields = {}
    for tag in re.findall(r"<input[^>]*>", html):
        found = {part: re.search(rf' {part}="([^"]*)"', tag) for part in ("name", "value")}
        if found["name"]:
            fields[found["name"][1]] = found["value"][1] if found["value"] else ""
    for name, options in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', html, re.DOTALL):
        fields[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', html, re.DOTALL):
        fields[name] = unescape(text)
    assert "seen_on" in fields
    return fields | typed


def answers(*ids, value="45", confidence="7", note=""):
    found = {}
    for id_ in ids:
        found |= {f"{id_}/value": value, f"{id_}/confidence": confidence, f"{id_}/note": note}
    return found


def test_a_week_is_told_in_one_form(cast, plan, here, sign_in):
    ben, ids = sign_in(cast.ben), results(plan)
    with day(7):
        html = ben.get(here)
        assert "Nobody has checked in yet." in text_of(html)
        assert html.text.count('class="skill"') == 3
        assert "Projects and to-dos beside it (2)" in text_of(html)
        answer = ben.post(
            here, data=filled_in(ben, here, **answers(*ids, note="The first page helps.\nSafari is slow."))
        )
        assert (answer.status_code, answer.headers["location"]) == (303, here)
        page = ben.get(here)
    words = text_of(page)
    assert (
        words.count("Stands for this day: 45 % , confidence 7 of 10, by Ben The first page helps. Safari is slow.") == 3
    )
    assert page.text.count('value="45"') == 3
    assert page.text.count('<option value="7" selected>') == 3
    assert "23 % of the way on average" in words
    title = "More new users finish the first report: 40.5 to begin with, 45 on 9 Nov 2026; target 60 by 1 Dec 2026"
    assert page.text.count(f"<title>{title}</title>") == 3


def test_what_is_left_out_is_nothing_said(cast, plan, here, sign_in, session):
    ben, (first, *_) = sign_in(cast.ben), results(plan)
    with day(7):
        ben.post(here, data=filled_in(ben, here, **answers(first)))
        nothing = ben.post(here, data=filled_in(ben, here, **answers(first)))
        assert "Nothing was new" in text_of(ben.get(nothing.headers["location"]))
    assert len(session.scalars(select(CheckIn)).all()) == 1


def test_what_fits_is_saved_and_the_rest_stands_again(cast, plan, here, sign_in, session):
    ben, (first, second, third) = sign_in(cast.ben), results(plan)
    typed = answers(first) | answers(second, value="a lot", note="<b>Much</b>") | answers(third, confidence="")
    with day(7):
        page = ben.post(here, data=filled_in(ben, here, **typed))
        assert page.status_code == 422
        words = text_of(page)
        assert "2 check-ins need another look. The others are saved." in words
        assert "Write a number, such as 12 or 0.5." in words
        assert "Choose from 0 to 10" in words
        assert 'value="a lot"' in page.text
        assert "&lt;b&gt;Much&lt;/b&gt;" in page.text
        assert f'href="#{second}/value"' in page.text
        assert [row.key_result_id for row in session.scalars(select(CheckIn))] == [first]

        again = filled_in(ben, here, **answers(second, value="44"))
        assert ben.post(here, data=again).status_code == 303
    assert len(session.scalars(select(CheckIn)).all()) == 2


def test_a_number_is_needed_also_where_it_has_not_moved(cast, plan, here, sign_in):
    ben, first = sign_in(cast.ben), results(plan)[0]
    with day(7):
        page = ben.post(here, data=filled_in(ben, here, **answers(first, value="", note="No news")))
    assert "Give the number as it stands, also where it has not moved." in text_of(page)
    assert "No news" in page.text


def test_a_check_in_of_the_other_side_is_shown_before_it_is_corrected(session, cast, plan, here, sign_in):
    ben, first = sign_in(cast.ben), results(plan)[0]
    with day(7):
        opened = filled_in(ben, here, **answers(first, value="46"))
        check_in(session, cast, plan, 7, said(45, note="Counted on Friday"), person=cast.ann)
        page = ben.post(here, data=opened)
        assert page.status_code == 422
        words = text_of(page)
        assert "Ann has checked in for this day already" in words
        assert "Stands for this day: 45 % , confidence 7 of 10, by Ann Counted on Friday" in words
        assert 'value="46"' in page.text
        again = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
        assert again[f"{first}/version"] == "1"
        assert ben.post(here, data=opened | again | answers(first, value="46")).status_code == 303
        said_before = text_of(ben.get(here))
    assert "Corrected; before it said 45 % , confidence 7 of 10, by Ann Counted on Friday" in said_before


def test_another_day_overwrites_nothing_unseen(session, cast, plan, here, sign_in):
    check_in(session, cast, plan, 5, said(45))
    ben, first = sign_in(cast.ben), results(plan)[0]
    before = (START + timedelta(5)).isoformat()
    with day(7):
        page = ben.post(here, data=filled_in(ben, here, on=before, **answers(first, value="46")))
        assert page.status_code == 422
        assert f'name="seen_on" value="{before}"' in page.text
        assert "Stands for this day: 45 %" in text_of(page)
        older = ben.get(f"{here}?on={before}")
        assert f'name="{first}/version" value="1"' in older.text
        for wrong in ("2027-01-01", "2026-11-01", "soon"):
            answer = ben.post(here, data=filled_in(ben, here, on=wrong, **answers(first)))
            assert (answer.status_code, 'href="#on"' in answer.text) == (422, True), wrong
            assert 'value="45"' in answer.text


def test_those_above_read_and_those_beside_do_not_know_of_it(session, cast, plan, here, sign_in):
    check_in(session, cast, plan, 7, said(45, note="A word"))
    with day(8):
        page = sign_in(cast.max).get(here)
        assert (page.status_code, "A word" in page.text, 'name="seen_on"' in page.text) == (200, True, False)
        assert sign_in(cast.max).post(here, data={}).status_code == 403
        for name in ("dee", "pia", "una", "eli", "cat"):
            browser = sign_in(cast.everybody[name])
            assert [browser.get(here).status_code, browser.post(here, data={}).status_code] == [404, 404], name


def test_whoever_may_not_read_them_sees_the_same_page_with_and_without(session, cast, plan, here, sign_in):
    names = ("dee", "pia", "ann", "max")
    pages = (f"/plans/{plan.id}", f"/api/v1/plans/{plan.id}", "/plans", "/", f"/plans/{plan.id}/plan.ics", here)
    seen = []
    for number in (5, 6):
        check_in(session, cast, plan, number, said(40 + number, note=f"note {number}"), said(50))
        with day(8):
            seen.append({name: [_of(sign_in(cast.everybody[name]).get(page)) for page in pages] for name in names})
    assert [seen[0][name] == seen[1][name] for name in names] == [True, True, False, False]
    assert "Progress" not in seen[0]["dee"][0][1]
    assert ">Progress</h2>" in seen[0]["max"][0][1]


def _of(answer):
    return answer.status_code, answer.text


def test_the_page_of_the_plan_shows_how_it_stands(session, cast, plan, here, sign_in):
    check_in(session, cast, plan, 7, said(45, 3), said(60), said(41))
    with day(8):
        words = text_of(sign_in(cast.ann).get(f"/plans/{plan.id}"))
    for part in ("at risk confidence 3 of 10", "reached", "on track", "45 % 9 Nov 2026", "3 of 10", "41 %"):
        assert part in words, part
    assert "Next check-in: 16 Nov 2026, in 6 days." in words
    assert "is 4 or less" in words
    with day(20):
        assert "The last check-in was 13 days ago." in text_of(sign_in(cast.ann).get(f"/plans/{plan.id}"))


def test_nothing_in_a_closed_plan_is_at_risk(session, cast, plan, here, sign_in):
    check_in(session, cast, plan, 7, said(45, 3), said(60), said(41))
    plan.status = "closed"
    session.commit()
    with day(30):
        words = text_of(sign_in(cast.ann).get(f"/plans/{plan.id}"))
    assert "45 % 9 Nov 2026" in words
    for part in ("at risk", "is 4 or less", "Next check-in", "Dates for a calendar"):
        assert part not in words, part


def test_what_a_change_took_out_keeps_its_check_ins_and_counts_for_nothing(session, cast, plan, here, sign_in):
    gone = results(plan)[0]
    check_in(session, cast, plan, 7, said(60, note="All the way"), said("40.5"), said("40.5"))
    take_out(session, cast, plan, gone)
    with day(11):
        html = text_of(sign_in(cast.ben).get(here))
        data = sign_in(cast.ben).get(f"/api/v1{here}").json()
        above, dee = sign_in(cast.max).get(here), sign_in(cast.dee).get(here)
    said_of_it = html.partition("No longer in the plan (1)")[2]
    assert "taken out by revision 2, 12 Nov 2026" in said_of_it
    assert "60 % , confidence 7 of 10, by Ben All the way" in said_of_it
    assert "All the way" not in html.partition("No longer in the plan (1)")[0]
    assert ("All the way" in text_of(above), dee.status_code) == (True, 404)
    (objective,), (left,) = data["objectives"], data["taken_out"]
    assert [objective["percent"], *(result["percent"] for result in objective["key_results"])] == [0, 0, 0]
    assert (left["id"], left["revision"], left["on"], left["unit"]) == (str(gone), 2, "2026-11-12", "%")
    assert left["check_ins"][0] == data["taken_out"][0]["check_ins"][-1]
    assert left["check_ins"][0]["value"] == "60"


def test_what_came_back_counts_again_and_what_nobody_measured_leaves_no_trace(session, cast, plan, here, sign_in):
    gone, other, _ = results(plan)
    check_in(session, cast, plan, 7, said(60))
    take_out(session, cast, plan, gone)
    take_out(session, cast, plan, other, 12)
    first, newest = (json.loads(plan.revisions[at].data) for at in (0, -1))
    newest["objectives"][0]["key_results"].append(first["objectives"][0]["key_results"][0])
    agreed_at = plan.agreed_at + timedelta(1)
    session.add(Revision(plan=plan, number=4, data=json.dumps(newest), sha256="4" * 64, agreed_at=agreed_at))
    session.commit()
    session.expire_all()
    with day(14):
        data = sign_in(cast.ben).get(f"/api/v1{here}").json()
    assert data["taken_out"] == []
    assert [result["percent"] for result in data["objectives"][0]["key_results"]] == [0, 100]


def test_a_draft_has_no_check_ins_yet(session, cast, sign_in):
    draft = drafts.complete_plan(session, cast)
    here = f"/plans/{draft.id}/check-ins"
    with day(7):
        for answer in (sign_in(cast.ben).get(here), sign_in(cast.ben).post(here, data={})):
            assert answer.status_code == 409
            assert "once both sides have agreed" in text_of(answer)
        assert "Progress" not in sign_in(cast.ben).get(f"/plans/{draft.id}").text


def test_home_asks_the_person_when_it_is_due(session, cast, plan, here, sign_in):
    asked = {}
    for number in (6, 7, 10):
        with day(number):
            words = {name: sign_in(cast.everybody[name]).get("/").text for name in ("ben", "ann")}
        asked[number] = [name for name, html in words.items() if f'href="{here}"' in html]
    assert asked == {6: [], 7: ["ben"], 10: ["ben"]}
    with day(10):
        assert "Check in on your growth plan 9 Nov 2026 3 days ago" in text_of(sign_in(cast.ben).get("/"))


def test_words_of_people_are_never_markup(session, cast, plan, here, sign_in):
    check_in(session, cast, plan, 7, said(45, note="<i>so</i>"))
    with day(7):
        for page in (here, f"{here}?on=2026-11-03", f"/plans/{plan.id}"):
            html = sign_in(cast.ann).get(page).text
            assert "<i>" not in html
        assert "&lt;i&gt;so&lt;/i&gt;" in sign_in(cast.ann).get(here).text


def grown(session, cast, count):
    """Another of Ben's plans with so many key results, each with a check-in."""
    plan, ben = drafts.onboarding_plan(session, cast, cast.ben, cast.ann), cast.actor(cast.ben)
    for objective in list(plan.objectives)[1:]:
        plan.objectives.remove(objective)
    objective = plan.objectives[0]
    for result in list(objective.key_results)[1:]:
        objective.key_results.remove(result)
    session.flush()
    for number in range(count - 1):
        if len(objective.key_results) == MOST_KEY_RESULTS:
            wish = drafts.objective(plan, title=f"Outcome {number}", serves="Users", serves_gaps=[])
            objective = add_objective(session, ben, plan.id, wish)
        result = drafts.key_result(plan, title=f"Sign {number}")
        add_key_result(session, ben, plan.id, objective.id, result)
    drafts.agree(session, cast, plan)
    return plan


def test_the_number_of_statements_does_not_grow(session, cast, sign_in, count_queries):
    drafts.shared_review(session, cast)
    counts = []
    for count in (1, 30):
        with day(0):
            plan = grown(session, cast, count)
        for number in (3, 4):
            check_in(session, cast, plan, number, *[said(1)] * count)
        session.expire_all()
        pages = ("/", f"/plans/{plan.id}", f"/plans/{plan.id}/check-ins", f"/plans/{plan.id}/plan.ics")
        ben = sign_in(cast.ben)
        with day(15):
            counts.append([count_queries(lambda page=page, ben=ben: ben.get(page)) for page in pages])
        plan.status = "closed"
        session.commit()
    assert counts[0] == counts[1]
    assert counts[0][2] <= 12
