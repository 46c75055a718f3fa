"""Writing a draft on its pages: what is open is said, and no typed word is lost."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select

from service.drafts.actions import add_objective
from service.drafts.inputs import ObjectiveInput
from service.gaps.queries import get_report
from service.objectives.rules import HORIZONS, horizon_end
from service.plans import queries
from service.plans.models import Plan, Revision
from service.reviews.queries import ladder_of
from service.revisions.actions import agree_plan
from tests.plans import drafts
from tests.plans.browsing import KEY_RESULT, OBJECTIVE, send, text_of, version_in


@pytest.fixture
def complete(session, cast):
    """Ben's draft with nothing open in it."""
    return drafts.complete_plan(session, cast)


@pytest.fixture
def agreed(session, cast, complete):
    return drafts.agree(session, cast, complete)


def _reread(session, plan) -> Plan:
    session.expire_all()
    return session.get(Plan, plan.id)


def test_the_draft_says_what_is_open_and_where_to_mend_it(session, cast, sign_in):
    plan = drafts.promotion_plan(session, cast)
    given = ObjectiveInput(title="Only a title", horizon=60, version=plan.version)
    objective = add_objective(session, cast.actor(cast.ben), plan.id, given)
    session.commit()
    browser, here = sign_in(cast.ben), f"/plans/{plan.id}"
    answer = browser.get(here)
    assert "4 points are open before you can agree" in text_of(answer)
    assert f'action="{here}/agreement"' not in answer.text
    links = re.findall(r'href="#(objectives/0/[^"]+)"', answer.text)
    assert links == ["objectives/0/due_on", "objectives/0/why", "objectives/0/serves", "objectives/0/key_results"]
    assert all(f'id="{place}"' in answer.text for place in links)
    assert f'href="{here}/objectives/{objective.id}#why"' in answer.text
    form = browser.get(f"{here}/objectives/{objective.id}").text
    assert re.search(r'<textarea id="why"[^>]*aria-invalid="true"', form)

    refused = browser.post(f"{here}/agreement", data={"version": plan.version})
    assert refused.status_code == 422
    assert "4 points to put right before agreeing." in text_of(refused)


@pytest.mark.parametrize("new", [True, False])
def test_an_objective_that_cannot_be_saved_keeps_every_word(session, cast, complete, sign_in, new):
    browser, here = sign_in(cast.ben), f"/plans/{complete.id}/objectives"
    action = here if new else f"{here}/{complete.objectives[0].id}"
    typed = OBJECTIVE | {
        "title": " ",
        "why": "Mine & <b>only</b>",
        "serves_gaps": complete.chosen[1],
        "projects": "One\nTwo",
    }
    answer = browser.post(action, data=typed | {"version": complete.version})
    assert answer.status_code == 422
    assert "Mine &amp; &lt;b&gt;only&lt;/b&gt;</textarea>" in answer.text
    assert "One\nTwo</textarea>" in answer.text
    assert f'value="{complete.chosen[1]}" checked' in answer.text
    assert f'name="version" value="{complete.version}"' in answer.text
    assert '<a href="#title">' in answer.text


@pytest.mark.parametrize("new", [True, False])
def test_a_key_result_that_cannot_be_saved_keeps_every_word(cast, complete, sign_in, new):
    objective = complete.objectives[0]
    here = f"/plans/{complete.id}"
    action = f"/objectives/{objective.id}/key-results" if new else f"/key-results/{objective.key_results[0].id}"
    typed = KEY_RESULT | {"baseline": "about 3", "title": "Mine", "version": complete.version}
    answer = sign_in(cast.ben).post(here + action, data=typed)
    assert answer.status_code == 422
    assert "Write a number, such as 12 or 0.5." in text_of(answer)
    assert 'value="about 3"' in answer.text
    assert 'value="Mine"' in answer.text
    assert '<option value="decrease" selected>' in answer.text


def test_two_who_write_at_once_see_both_texts(session, cast, complete, sign_in):
    objective = complete.objectives[0]
    here = f"/plans/{complete.id}/objectives/{objective.id}"
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    seen = version_in(ben.get(here))
    assert send(ann, here, here, OBJECTIVE | {"title": "Ann was faster"}).status_code == 303
    answer = ben.post(here, data=OBJECTIVE | {"title": "Ben’s own words", "version": seen})
    assert answer.status_code == 412
    assert "Ben’s own words</textarea>" in answer.text
    assert "What stands now" in text_of(answer)
    assert "<h3>Ann was faster</h3>" in answer.text
    saved = ben.post(here, data=OBJECTIVE | {"title": "Ben’s own words", "version": version_in(answer)})
    assert saved.status_code == 303
    assert _reread(session, complete).objectives[0].title == "Ben’s own words"


def test_a_key_result_changed_meanwhile_shows_both(cast, complete, sign_in):
    here = f"/plans/{complete.id}/key-results/{complete.objectives[0].key_results[0].id}"
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    seen = version_in(ben.get(here))
    assert send(ann, here, here, KEY_RESULT | {"title": "Ann’s"}).status_code == 303
    answer = ben.post(here, data=KEY_RESULT | {"title": "Ben’s", "version": seen})
    assert answer.status_code == 412
    assert 'value="Ben’s"' in answer.text
    assert "Ann’s" in text_of(answer)


def test_the_text_of_an_objective_removed_meanwhile_survives(session, cast, complete, sign_in):
    here = f"/plans/{complete.id}"
    edit = f"{here}/objectives/{complete.objectives[0].id}"
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    seen = version_in(ben.get(edit))
    assert send(ann, edit, f"{edit}/removal").status_code == 303
    answer = ben.post(edit, data=OBJECTIVE | {"title": "Ben’s", "version": seen})
    assert (answer.status_code, "Ben’s</textarea>" in answer.text) == (412, True)
    assert "no longer in the plan" in text_of(answer)
    again = ben.post(f"{here}/objectives", data=OBJECTIVE | {"title": "Ben’s", "version": version_in(answer)})
    assert again.status_code == 303
    assert [row.title for row in _reread(session, complete).objectives] == ["Ben’s"]


def test_words_typed_while_the_other_side_agreed_are_shown(cast, agreed, sign_in):
    edit = f"/plans/{agreed.id}/objectives/{agreed.objectives[0].id}"
    browser = sign_in(cast.ben)
    answer = browser.post(edit, data=OBJECTIVE | {"title": "Too late", "version": agreed.version})
    assert (answer.status_code, "Too late</textarea>" in answer.text) == (409, True)
    assert "Save the objective" not in answer.text
    assert browser.get(edit).status_code == 409


@pytest.mark.parametrize("action", ["agreement", "removal", "key result removal", "gap removal"])
def test_nothing_is_signed_or_removed_unseen(session, cast, complete, sign_in, action):
    objective = complete.objectives[0]
    here = f"/plans/{complete.id}"
    target = {
        "agreement": f"{here}/agreement",
        "removal": f"{here}/objectives/{objective.id}/removal",
        "gap removal": f"{here}/gaps/{complete.chosen[1]}/removal",
        "key result removal": f"{here}/key-results/{objective.key_results[0].id}/removal",
    }[action]
    browser = sign_in(cast.ben)
    assert browser.post(target, data={"version": complete.version - 1}).status_code == 412
    assert browser.post(target).status_code == 428
    plan = _reread(session, complete)
    assert (plan.person_signed_at, len(plan.objectives), len(plan.objectives[0].key_results)) == (None, 1, 3)


def test_a_chosen_gap_without_an_objective_is_named_and_can_be_taken_out(session, cast, complete, sign_in):
    here, (served, bare) = f"/plans/{complete.id}", complete.chosen
    browser = sign_in(cast.ben)
    seen = text_of(browser.get(here))
    assert "1 chosen gap has no objective: add one or take it out" in seen
    assert "Nothing is open." not in seen
    assert "is listed below as not in this plan" in text_of(browser.get(f"{here}/preview"))
    assert send(browser, here, f"{here}/gaps/{bare}/removal").headers["location"] == here
    after = text_of(browser.get(here))
    assert "Nothing is open." in after
    assert "chosen gap has no objective" not in after
    plan = _reread(session, complete)
    assert plan.chosen == [served]
    again = browser.post(f"{here}/gaps/{served}/removal", data={"version": plan.version})
    assert (again.status_code, "An objective serves this gap" in again.text) == (409, True)


def test_removing_a_key_result_opens_the_plan_again(session, cast, complete, sign_in):
    edit = f"/plans/{complete.id}/key-results/{complete.objectives[0].key_results[0].id}"
    browser = sign_in(cast.ben)
    assert send(browser, edit, f"{edit}/removal").headers["location"] == f"/plans/{complete.id}"
    assert "2 key results: three to five show most" in text_of(browser.get(f"/plans/{complete.id}"))
    assert browser.get(edit).status_code == 404


def test_an_edit_takes_a_signature_back_and_says_so_first(session, cast, complete, sign_in):
    here = f"/plans/{complete.id}"
    edit = f"{here}/objectives/{complete.objectives[0].id}"
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    send(ann, here, f"{here}/agreement")
    assert "Ann has agreed to the text as it stands" in text_of(ben.get(edit))
    send(ben, edit, edit, OBJECTIVE)
    assert _reread(session, complete).manager_signed_at is None


def test_another_key_result_can_follow_at_once(cast, complete, sign_in):
    results = f"/plans/{complete.id}/objectives/{complete.objectives[0].id}/key-results"
    given = KEY_RESULT | {"due_on": drafts.DUE.isoformat(), "version": complete.version}
    answer = sign_in(cast.ben).post(f"{results}?more=1", data=given)
    assert answer.headers["location"] == f"{results}/new"


def test_another_key_result_can_follow_also_after_one_is_put_right(cast, complete, sign_in):
    row, ben = complete.objectives[0], sign_in(cast.ben)
    edit = f"/plans/{complete.id}/key-results/{row.key_results[0].id}"
    assert f'formaction="{edit}?more=1"' in ben.get(edit).text
    given = KEY_RESULT | {"due_on": drafts.DUE.isoformat(), "version": complete.version}
    answer = ben.post(f"{edit}?more=1", data=given)
    assert answer.headers["location"] == f"/plans/{complete.id}/objectives/{row.id}/key-results/new"


def _gaps(session, cast, review):
    return [gap.skill.id for gap in get_report(session, cast.actor(cast.ben), review.id).gaps]


def test_two_clicks_lead_from_a_gap_to_an_objective(session, cast, sign_in):
    review = drafts.shared_review(session, cast)
    ben, gap = sign_in(cast.ben), _gaps(session, cast, review)[0]
    report = ben.get(f"/reviews/{review.id}/gaps").text
    assert f'action="/reviews/{review.id}/objectives"' in report
    assert f'name="gap" value="{gap}"' in report
    form = ben.post(f"/reviews/{review.id}/objectives", data={"gap": gap}).headers["location"]
    page = ben.get(form)
    fields = {
        name: re.search(rf'<textarea id="{name}"[^>]*>\s*([^<]+)</textarea>', page.text)[1] for name in ("title", "why")
    }
    fields |= {"due_on": re.search(r'name="due_on"[^>]*value="([^"]+)"', page.text)[1], "version": version_in(page)}
    fields["horizon"] = re.search(r'name="horizon" value="(\d+)"[^>]* checked', page.text)[1]
    assert f'name="serves_gaps" value="{gap}" checked' in page.text
    saved = ben.post(form.split("/new")[0], data=fields | {"serves_gaps": gap})
    assert saved.status_code == 303
    plan = session.get(Plan, UUID(form.split("/")[2]))
    assert (plan.chosen, [row.serves_gaps for row in plan.objectives]) == ([gap], [[gap]])
    assert [
        remark.check for remark in queries.get_plan(session, cast.actor(cast.ben), plan.id).objectives[0].remarks
    ] == ["O6"]


def test_the_draft_that_is_there_is_gone_on_with_and_left_alone_until_saving(session, cast, complete, sign_in):
    other = next(gap for gap in _gaps(session, cast, complete.review) if gap not in complete.chosen)
    agree_plan(session, cast.actor(cast.ann), complete.id, complete.version)
    session.commit()
    ben = sign_in(cast.ben)
    form = ben.post(f"/reviews/{complete.review_id}/objectives", data={"gap": other}).headers["location"]
    assert form.startswith(f"/plans/{complete.id}/objectives/new?gap={other}&horizon=")
    plan = _reread(session, complete)
    assert (other in plan.chosen, plan.manager_signed_at is None) == (False, False)
    assert send(ben, form, f"/plans/{plan.id}/objectives", OBJECTIVE | {"serves_gaps": other}).status_code == 303
    plan = _reread(session, complete)
    assert (other in plan.chosen, plan.manager_signed_at is None) == (True, True)


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"metric": ""}, "metric", "Name the metric: what is counted or measured?"),
        ({"baseline": "4", "target": "12"}, "target", "must lie below the baseline"),
        ({"baseline": ""}, "baseline", "Say where it stands today"),
        ({"due_on": ""}, "due_on", "Give it a due date within the horizon"),
    ],
)
def test_a_key_result_saved_with_something_open_says_so_beside_its_field(
    session, cast, complete, sign_in, new, fields, field, words
):
    ben, row = sign_in(cast.ben), complete.objectives[0]
    here = f"/plans/{complete.id}"
    action = f"{here}/objectives/{row.id}/key-results" if new else f"{here}/key-results/{row.key_results[0].id}"
    data = KEY_RESULT | {"due_on": drafts.DUE.isoformat(), "version": complete.version} | fields
    saved = ben.post(action, data=data)
    assert saved.status_code == 303
    page = ben.get(saved.headers["location"])
    assert "Something is still open before both can agree: see beside the field." in text_of(page)
    place = re.search(
        rf'<div id="{field}-error" data-check-for="{field}" aria-live="polite">(.*?)</div>', page.text, re.S
    )
    assert words in place[1]
    assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-error"[^>]*aria-invalid="true"', page.text)
    assert page.text.count('<p class="error">') == 1
    assert f'data-check="/api/v1{here}/objectives/{row.id}/key-result-checks"' in page.text


def test_advice_alone_holds_nobody_up(cast, complete, sign_in):
    ben, here = sign_in(cast.ben), f"/plans/{complete.id}"
    task = OBJECTIVE | {"title": "Launch 3 new reports", "due_on": drafts.DUE.isoformat(), "version": complete.version}
    added = ben.post(f"{here}/objectives", data=task | {"why": "It helps.", "serves": "Trust"})
    assert added.headers["location"].startswith(f"{here}#")
    text = text_of(ben.get(added.headers["location"]))
    assert "“Launch” makes it a task" in text
    assert "before both can agree: see beside the field" not in text


def test_an_objective_saved_with_something_open_says_so_beside_its_field(session, cast, complete, sign_in):
    ben, here = sign_in(cast.ben), f"/plans/{complete.id}/objectives"
    fields = OBJECTIVE | {"due_on": drafts.DUE.isoformat(), "why": "", "serves": ""}
    added = ben.post(here, data=fields | {"version": complete.version})
    page = ben.get(added.headers["location"])
    assert "Something is still open before both can agree" in text_of(page)
    for field in ("why", "serves"):
        assert re.search(rf'data-check-for="{field}"[^>]*>\s*<p class="error">', page.text)
        assert f'<li><a href="#{field}">' in page.text
    done = fields | {"why": "It helps.", "serves": "Trust", "version": version_in(page)}
    assert "#objective-" in ben.post(added.headers["location"], data=done).headers["location"]


def _skills(session, review, ids):
    known = ladder_of(session, review).skills_by_id
    return [known[skill_id] for skill_id in ids]


def test_a_date_outside_its_horizon_is_not_handed_on_to_key_results(session, cast, complete, sign_in):
    """It stays as it was written, with its error, until it is put right."""
    ben, row = sign_in(cast.ben), complete.objectives[0]
    here = f"/plans/{complete.id}/objectives/{row.id}"
    far = OBJECTIVE | {"due_on": "2027-06-01", "version": str(complete.version)}
    page = ben.get(ben.post(here, data=far).headers["location"])
    assert 'value="2027-06-01"' in page.text
    assert "Give it a due date within its 30 days" in text_of(page)
    end = (complete.start_on + timedelta(days=30)).isoformat()
    assert re.search(rf'<input [^>]*name="due_on"[^>]*value="{end}"', ben.get(f"{here}/key-results/new").text)


def test_a_baseline_is_asked_for_unless_it_is_a_threshold(cast, complete, sign_in):
    here = f"/plans/{complete.id}/objectives/{complete.objectives[0].id}/key-results/new"
    page = text_of(sign_in(cast.ben).get(here))
    assert "Increase and decrease need a baseline; a threshold, at least or at most, needs none." in page
    assert "Baseline (optional)" not in page


def test_several_gaps_lead_to_one_objective(session, cast, sign_in):
    review = drafts.shared_review(session, cast)
    ben, gaps = sign_in(cast.ben), _gaps(session, cast, review)
    form = ben.post(f"/reviews/{review.id}/objectives", data={"gap": gaps[:2]}).headers["location"]
    assert f"gap={gaps[0]}&gap={gaps[1]}&horizon=" in form
    page = ben.get(form).text
    ticked = re.findall(r'name="serves_gaps" value="([^"]+)" checked', page)
    assert ticked == gaps[:2]
    assert re.findall(r'name="serves_gaps" value="([^"]+)"', page) == gaps
    assert re.search(r"<textarea id=.title.[^>]*>\s*</textarea>", page), (
        "what they have in common is for the writer to say"
    )
    names = [skill.name for skill in _skills(session, review, gaps[:2])]
    why = unescape(re.search(r"<textarea id=.why.[^>]*>\s*([^<]*)<", page)[1])
    assert why == f"Senior asks for them as must-haves: {', '.join(names)}."
    here = form.split("/new")[0]
    data = OBJECTIVE | {"serves_gaps": gaps[1:4], "version": version_in(ben.get(form))}
    assert ben.post(here, data=data).status_code == 303
    plan = session.get(Plan, UUID(form.split("/")[2]))
    assert (plan.objectives[0].serves_gaps, set(plan.chosen)) == (gaps[1:4], set(gaps[:4]))


def test_a_form_sent_twice_adds_once(session, cast, complete, sign_in):
    """The version that was seen is spent by the first."""
    ben, here = sign_in(cast.ben), f"/plans/{complete.id}/objectives"
    results = f"{here}/{complete.objectives[0].id}/key-results"
    for action, fields in ((here, OBJECTIVE), (results, KEY_RESULT)):
        data = fields | {"version": _reread(session, complete).version}
        assert [ben.post(action, data=data).status_code for _ in range(2)] == [303, 412]
    plan = _reread(session, complete)
    assert sorted(len(row.key_results) for row in plan.objectives) == [0, 4]


def test_what_is_no_gap_is_not_planned(session, cast, sign_in):
    review = drafts.shared_review(session, cast)
    answer = sign_in(cast.ben).post(f"/reviews/{review.id}/objectives", data={"gap": "no-such-skill"})
    assert (answer.status_code, "Choose from the list." in answer.text) == (422, True)
    assert session.scalars(select(Plan)).all() == []


def test_the_blueprint_offers_words_and_metrics_that_fit(session, cast, sign_in):
    plan = drafts.promotion_plan(session, cast)
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/objectives"
    page = ben.get(f"{here}/new?gap=communication-clarity").text
    assert "criterion of promotion" in page
    start = re.search(r'href="([^"]+start=goal/90-days.stable-rituals)"', page)[1].replace("&amp;", "&")
    chosen = ben.get(start).text
    assert "Have product rituals that run steadily" in re.search(r"<textarea id=.title.[^>]*>\s*([^<]+)<", chosen)[1]
    assert re.search(r'name="horizon" value="90"[^>]* checked', chosen)

    row = add_objective(
        session, cast.actor(cast.ben), plan.id, drafts.objective(plan, serves_gaps=["requirements-and-user-stories"])
    )
    session.commit()
    results = f"{here}/{row.id}/key-results/new"
    assert "80–90% of items ready before planning" in ben.get(results).text
    page = ben.get(f"{results}?start=kpi/backlog-readiness").text
    for field, value in (("title", "Backlog readiness rate"), ("unit", "%"), ("target", "")):
        assert re.search(rf'name="{field}"[^>]* value="{value}"', page)


def test_an_objective_moves_to_another_lane_by_a_button(session, cast, complete, sign_in):
    """What was due on the last day of the lane stays so; a chosen date stays where it was."""
    ben, here = sign_in(cast.ben), f"/plans/{complete.id}"
    row = complete.objectives[0]
    last = {days: horizon_end(complete.start_on, days) for days in HORIZONS}
    row.due_on, kept = last[30], row.key_results[0].due_on
    row.key_results[1].due_on = last[30]
    session.commit()
    move = f"{here}/objectives/{row.id}/horizon"
    answer = send(ben, here, move, {"horizon": "90"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}#objective-{row.id}")
    row = _reread(session, complete).objectives[0]
    assert (row.horizon, row.due_on, row.key_results[1].due_on, row.key_results[0].due_on) == (
        90,
        last[90],
        last[90],
        kept,
    )
    stale = ben.post(move, data={"horizon": "60", "version": "1"})
    assert (stale.status_code, "The plan was changed since you opened it." in stale.text) == (412, True)
    assert ben.post(move, data={"horizon": "45", "version": str(complete.version)}).status_code == 422
    assert _reread(session, complete).objectives[0].horizon == 90


def test_the_preview_is_the_draft_as_it_stands_and_is_not_kept(session, cast, complete, sign_in):
    add_objective(
        session,
        cast.actor(cast.ben),
        complete.id,
        ObjectiveInput(title="Half said", horizon=60, version=complete.version),
    )
    session.commit()
    ben, here = sign_in(cast.ben), f"/plans/{complete.id}"
    page = text_of(ben.get(f"{here}/preview"))
    for words in (
        "Draft: Towards Senior",
        "What is missing before you can agree",
        "Half said",
        "first reports finished",
        "No key results yet.",
    ):
        assert words in page
    assert session.scalars(select(Revision)).all() == []
    assert sign_in(cast.eli).get(f"{here}/preview").status_code == 404


def test_the_preview_of_an_agreed_plan_is_its_revision(cast, agreed, sign_in):
    answer = sign_in(cast.ben).get(f"/plans/{agreed.id}/preview")
    assert answer.headers["location"] == f"/plans/{agreed.id}/revisions/1"


def test_the_number_of_queries_of_the_forms_does_not_grow(session, cast, complete, sign_in, count_queries):
    ben, counts = sign_in(cast.ben), []
    for more in (0, 15):
        for _ in range(more):
            add_objective(session, cast.actor(cast.ben), complete.id, drafts.objective(complete))
        session.commit()
        first = complete.objectives[0]
        here = f"/plans/{complete.id}"
        paths = [f"{here}/objectives/{first.id}", f"{here}/key-results/{first.key_results[0].id}", f"{here}/preview"]
        session.expunge_all()
        counts.append([count_queries(lambda path=path: ben.get(path)) for path in paths])
        complete = session.get(Plan, complete.id)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 26
