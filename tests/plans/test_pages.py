"""Growth plans as people walk through them: forms and links only, no script, on both databases."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event

from service import clock
from service.jobs.actions import run_all
from service.plans import actions
from service.plans.inputs import KeyResultInput, ObjectiveInput, OnboardingPlanInput, PromotionPlanInput
from service.plans.models import Plan
from service.worker import make_tasks
from tests.factories import agree_all, open_cycle, reveal, review_of

DUE = (clock.today() + timedelta(days=20)).isoformat()
OBJECTIVE = {"title": "Sales trusts the roadmap", "horizon": "30", "why": "They ask twice.", "due_on": DUE, "serves": "Trust"}
KEY_RESULT = {
    "title": "Fewer questions", "metric": "Questions a week", "unit": "questions", "direction": "decrease",
    "baseline": "12", "target": "4", "due_on": DUE, "owner": "Ben",
}  # fmt: skip


@pytest.fixture
def review(session, cast):
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    agree_all(session, cast, review)
    return review


@pytest.fixture
def plan(session, cast, review):
    """Ben's empty draft."""
    given = PromotionPlanInput(start_on=clock.today(), chosen=["product-analytics"])
    plan = actions.start_promotion_plan(session, cast.actor(cast.ben), review.id, given)
    session.commit()
    return plan


@pytest.fixture
def complete(session, cast, plan):
    """Ben's draft with nothing open in it."""
    _write(session, cast.actor(cast.ben), plan)
    return plan


@pytest.fixture
def agreed(session, cast, complete):
    for person in (cast.ben, cast.ann):
        actions.agree_plan(session, cast.actor(person), complete.id, complete.version)
    session.commit()
    return complete


def _write(session, actor, plan):
    given = ObjectiveInput.model_validate(OBJECTIVE | {"version": plan.version})
    objective = actions.add_objective(session, actor, plan.id, given)
    for number in range(3):
        values = KEY_RESULT | {"title": f"Fewer questions {number}", "version": plan.version}
        actions.add_key_result(session, actor, plan.id, objective.id, KeyResultInput.model_validate(values))
    session.commit()


def _text(answer) -> str:
    """What a reader sees, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def _version(answer) -> str:
    return re.findall(r'name="version" value="(\d+)"', answer.text)[0]


def _send(browser, page, action, fields=None):
    """Fill in the form of `page` whose action is `action`, as it stands there."""
    answer = browser.get(page)
    assert f'action="{action}"' in answer.text
    return browser.post(action, data=(fields or {}) | {"version": _version(answer)})


def _reread(session, plan) -> Plan:
    session.expire_all()
    return session.get(Plan, plan.id)


@contextmanager
def _counted(connection) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def test_from_a_gap_to_the_pdf_by_forms_alone(session, cast, review, sign_in, database, settings):
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    new = f"/reviews/{review.id}/plans"
    choices = re.findall(r'name="chosen" value="([^"]+)"', ben.get(new).text)
    answer = ben.post(new, data={"chosen": choices[:2], "start_on": clock.today().isoformat()})
    assert answer.status_code == 303
    here = answer.headers["location"]
    assert "Add the first objective" in _text(ben.get(here))

    answer = _send(ben, f"{here}/objectives/new?gap={choices[0]}", f"{here}/objectives", OBJECTIVE)
    assert answer.status_code == 303
    objective = answer.headers["location"].split("#objective-")[1]
    results = f"{here}/objectives/{objective}/key-results"
    for number in range(3):
        fields = KEY_RESULT | {"title": f"Fewer questions {number}"}
        assert _send(ben, f"{results}/new", results, fields).headers["location"] == f"{here}#objective-{objective}"
    page = _text(ann.get(here))
    assert page.count("12 → to 4 questions") == 3
    assert "Nothing is open. When you both agree" in page

    assert _send(ann, here, f"{here}/agreement").status_code == 303
    assert "It waits for Ben" in _text(ann.get(here))
    assert "Now it is your turn" in _text(ben.get(here))
    assert _send(ben, here, f"{here}/agreement").status_code == 303
    assert "Agreed by both sides" in _text(ben.get(here))

    waiting = ben.get(f"{here}/revisions/1.pdf")
    assert (waiting.status_code, waiting.headers["refresh"]) == (202, "3")
    assert "is being made" in _text(waiting)
    assert run_all(database, make_tasks(settings)) == 1
    pdf = ben.get(f"{here}/revisions/1.pdf")
    assert (pdf.status_code, pdf.headers["content-type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert pdf.headers["content-disposition"] == 'inline; filename="growth-plan-E-ben-r1.pdf"'
    assert re.search(r"\b[1-9]\d* pages", _text(ben.get(here)))


def test_a_revision_reads_as_the_text_that_was_signed(cast, agreed, sign_in):
    answer = sign_in(cast.ben).get(f"/plans/{agreed.id}/revisions/1")
    page = _text(answer)
    for words in ("Towards Senior", "Sales trusts the roadmap", "They ask twice.", "Questions a week"):
        assert words in page
    assert agreed.revisions[0].sha256 in page
    assert page.count("signed on") == 2
    assert sign_in(cast.ben).get(f"/plans/{agreed.id}/revisions/2").status_code == 404


def test_a_pdf_that_was_not_made_can_be_asked_for_again(cast, agreed, sign_in, database, settings):
    browser, here = sign_in(cast.ben), f"/plans/{agreed.id}/revisions/1"
    answer = browser.post(f"{here}/document")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}.pdf")
    assert run_all(database, make_tasks(settings)) == 2
    assert browser.get(f"{here}.pdf").status_code == 200


def test_no_plan_begins_before_the_managers_view_is_shared(session, cast, sign_in):
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    browser, new = sign_in(cast.ben), f"/reviews/{review.id}/plans"
    assert "after the manager’s view has been shared" in _text(browser.get(new))
    answer = browser.post(new, data={"start_on": clock.today().isoformat()})
    assert answer.status_code == 409


def test_a_wrong_first_day_keeps_the_chosen_gaps(cast, review, sign_in):
    answer = sign_in(cast.ben).post(f"/reviews/{review.id}/plans", data={"chosen": ["product-analytics"], "start_on": "soon"})
    assert answer.status_code == 422
    assert 'value="product-analytics" checked' in answer.text
    assert 'value="soon"' in answer.text
    assert "Write the date as 2026-11-21." in _text(answer)


def test_gaps_can_be_ticked_by_the_link(cast, review, sign_in):
    page = sign_in(cast.ben).get(f"/reviews/{review.id}/plans?gap=product-analytics").text
    assert re.findall(r'name="chosen" value="([^"]+)" checked', page) == ["product-analytics"]


def test_an_onboarding_plan_is_for_oneself_or_ones_reports(session, cast, review, sign_in):
    ann = sign_in(cast.ann)
    offered = re.findall(r'<option value="[^"]+"(?: selected)?>([^<]+)<', ann.get("/plans/new").text)
    assert offered == ["Ann (you)", "Ben", "Cat"]
    fields = {"person_id": str(cast.cat.id), "start_on": "2026-11-23"}
    answer = ann.post("/plans", data=fields)
    assert answer.status_code == 303
    page = _text(ann.get(answer.headers["location"]))
    assert "First 90 days as Product Manager" in page
    assert "Nothing is open. When you both agree" in page
    assert ann.post("/plans", data=fields | {"person_id": str(cast.eli.id)}).status_code == 404
    again = ann.post("/plans", data=fields | {"start_on": "x"})
    assert (again.status_code, f'value="{cast.cat.id}" selected' in again.text) == (422, True)


def test_the_draft_says_what_is_open_and_where_to_mend_it(session, cast, plan, sign_in):
    given = ObjectiveInput(title="Only a title", horizon=60, version=plan.version)
    objective = actions.add_objective(session, cast.actor(cast.ben), plan.id, given)
    session.commit()
    browser, here = sign_in(cast.ben), f"/plans/{plan.id}"
    answer = browser.get(here)
    assert "4 points are open before you can agree" in _text(answer)
    assert f'action="{here}/agreement"' not in answer.text
    links = re.findall(r'href="#(objectives/0/[^"]+)"', answer.text)
    assert links == ["objectives/0/due_on", "objectives/0/why", "objectives/0/serves", "objectives/0/key_results"]
    assert all(f'id="{place}"' in answer.text for place in links)
    assert f'href="{here}/objectives/{objective.id}#why"' in answer.text
    form = browser.get(f"{here}/objectives/{objective.id}").text
    assert re.search(r'<textarea id="why"[^>]*aria-invalid="true"', form)

    refused = browser.post(f"{here}/agreement", data={"version": plan.version})
    assert refused.status_code == 422
    assert "4 points to mend before agreeing." in _text(refused)


@pytest.mark.parametrize("new", [True, False])
def test_an_objective_that_cannot_be_saved_keeps_every_word(session, cast, complete, sign_in, new):
    browser, here = sign_in(cast.ben), f"/plans/{complete.id}/objectives"
    action = here if new else f"{here}/{complete.objectives[0].id}"
    typed = OBJECTIVE | {"title": " ", "why": "Mine & <b>only</b>", "serves_gaps": "product-analytics", "projects": "One\nTwo"}
    answer = browser.post(action, data=typed | {"version": complete.version})
    assert answer.status_code == 422
    assert "Mine &amp; &lt;b&gt;only&lt;/b&gt;</textarea>" in answer.text
    assert "One\nTwo</textarea>" in answer.text
    assert 'value="product-analytics" checked' in answer.text
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
    assert "Write a number, such as 12 or 0.5." in _text(answer)
    assert 'value="about 3"' in answer.text
    assert 'value="Mine"' in answer.text
    assert '<option value="decrease" selected>' in answer.text


def test_two_who_write_at_once_see_both_texts(session, cast, complete, sign_in):
    objective = complete.objectives[0]
    here = f"/plans/{complete.id}/objectives/{objective.id}"
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    seen = _version(ben.get(here))
    assert _send(ann, here, here, OBJECTIVE | {"title": "Ann was faster"}).status_code == 303
    answer = ben.post(here, data=OBJECTIVE | {"title": "Ben’s own words", "version": seen})
    assert answer.status_code == 412
    assert 'value="Ben’s own words"' in answer.text
    assert "What stands now" in _text(answer)
    assert "<h3>Ann was faster</h3>" in answer.text
    saved = ben.post(here, data=OBJECTIVE | {"title": "Ben’s own words", "version": _version(answer)})
    assert saved.status_code == 303
    assert _reread(session, complete).objectives[0].title == "Ben’s own words"


def test_a_key_result_changed_meanwhile_shows_both(cast, complete, sign_in):
    here = f"/plans/{complete.id}/key-results/{complete.objectives[0].key_results[0].id}"
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    seen = _version(ben.get(here))
    assert _send(ann, here, here, KEY_RESULT | {"title": "Ann’s"}).status_code == 303
    answer = ben.post(here, data=KEY_RESULT | {"title": "Ben’s", "version": seen})
    assert answer.status_code == 412
    assert 'value="Ben’s"' in answer.text
    assert "Ann’s" in _text(answer)


def test_the_text_of_an_objective_removed_meanwhile_survives(session, cast, complete, sign_in):
    here = f"/plans/{complete.id}"
    edit = f"{here}/objectives/{complete.objectives[0].id}"
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    seen = _version(ben.get(edit))
    assert _send(ann, edit, f"{edit}/removal").status_code == 303
    answer = ben.post(edit, data=OBJECTIVE | {"title": "Ben’s", "version": seen})
    assert (answer.status_code, 'value="Ben’s"' in answer.text) == (412, True)
    assert "no longer in the plan" in _text(answer)
    again = ben.post(f"{here}/objectives", data=OBJECTIVE | {"title": "Ben’s", "version": _version(answer)})
    assert again.status_code == 303
    assert [row.title for row in _reread(session, complete).objectives] == ["Ben’s"]


def test_words_typed_while_the_other_side_agreed_are_shown(cast, agreed, sign_in):
    edit = f"/plans/{agreed.id}/objectives/{agreed.objectives[0].id}"
    browser = sign_in(cast.ben)
    answer = browser.post(edit, data=OBJECTIVE | {"title": "Too late", "version": agreed.version})
    assert (answer.status_code, 'value="Too late"' in answer.text) == (409, True)
    assert "Save the objective" not in answer.text
    assert browser.get(edit).status_code == 409


@pytest.mark.parametrize("action", ["agreement", "removal", "key result removal"])
def test_nothing_is_signed_or_removed_unseen(session, cast, complete, sign_in, action):
    objective = complete.objectives[0]
    here = f"/plans/{complete.id}"
    target = {
        "agreement": f"{here}/agreement",
        "removal": f"{here}/objectives/{objective.id}/removal",
        "key result removal": f"{here}/key-results/{objective.key_results[0].id}/removal",
    }[action]
    browser = sign_in(cast.ben)
    assert browser.post(target, data={"version": complete.version - 1}).status_code == 412
    assert browser.post(target).status_code == 428
    plan = _reread(session, complete)
    assert (plan.person_signed_at, len(plan.objectives), len(plan.objectives[0].key_results)) == (None, 1, 3)


def test_removing_a_key_result_opens_the_plan_again(session, cast, complete, sign_in):
    edit = f"/plans/{complete.id}/key-results/{complete.objectives[0].key_results[0].id}"
    browser = sign_in(cast.ben)
    assert _send(browser, edit, f"{edit}/removal").headers["location"] == f"/plans/{complete.id}"
    assert "2 key results: three to five show most" in _text(browser.get(f"/plans/{complete.id}"))
    assert browser.get(edit).status_code == 404


def test_an_edit_takes_a_signature_back_and_says_so_first(session, cast, complete, sign_in):
    here = f"/plans/{complete.id}"
    edit = f"{here}/objectives/{complete.objectives[0].id}"
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    _send(ann, here, f"{here}/agreement")
    assert "Ann has agreed to the text as it stands" in _text(ben.get(edit))
    _send(ben, edit, edit, OBJECTIVE)
    assert _reread(session, complete).manager_signed_at is None


def test_another_key_result_can_follow_at_once(cast, complete, sign_in):
    results = f"/plans/{complete.id}/objectives/{complete.objectives[0].id}/key-results"
    answer = sign_in(cast.ben).post(f"{results}?more=1", data=KEY_RESULT | {"version": complete.version})
    assert answer.headers["location"] == f"{results}/new"


def test_a_draft_is_read_by_its_sides_and_the_line_above(cast, complete, sign_in):
    found = {name: sign_in(who).get(f"/plans/{complete.id}").status_code for name, who in cast.everybody.items()}
    seen = {name for name, status in found.items() if status == 200}
    assert seen == {"ben", "ann", "max"}
    assert {status for name, status in found.items() if name not in seen} == {404}


def test_an_agreed_plan_is_read_by_hr_too(cast, agreed, sign_in):
    paths = ("", "/revisions/1")
    for path in paths:
        found = {name: sign_in(who).get(f"/plans/{agreed.id}{path}").status_code for name, who in cast.everybody.items()}
        assert {name for name, status in found.items() if status == 200} == {"ben", "ann", "max", "dee", "pia"}
    assert "Sales trusts the roadmap" in _text(sign_in(cast.dee).get(f"/plans/{agreed.id}"))


def test_who_only_reads_is_offered_no_form_and_gets_none(cast, complete, review, sign_in):
    here = f"/plans/{complete.id}"
    objective = complete.objectives[0]
    browser = sign_in(cast.max)
    page = browser.get(here).text
    assert "<form" not in page.split("<main")[1]
    assert "/objectives/new" not in page
    edit = f"{here}/objectives/{objective.id}"
    for path in (f"{here}/objectives/new", edit, f"{edit}/key-results/new", f"/reviews/{review.id}/plans"):
        assert browser.get(path).status_code == 403
    for path in (f"{here}/objectives", edit, f"{edit}/removal", f"{here}/agreement", f"/reviews/{review.id}/plans"):
        fields = OBJECTIVE | {"version": complete.version}
        assert browser.post(path, data=fields).status_code == 403
    assert sign_in(cast.dee).post(f"/reviews/{review.id}/plans", data={"start_on": DUE}).status_code == 403


def test_the_list_has_ones_own_first_and_others_below(cast, agreed, sign_in):
    page = _text(sign_in(cast.ben).get("/plans"))
    assert "Your plans" in page
    assert "Plans of others" not in page
    ann = _text(sign_in(cast.ann).get("/plans"))
    assert ann.index("No plan of your own yet") < ann.index("Plans of others") < ann.index("Towards Senior")
    assert "Towards Senior" not in _text(sign_in(cast.eli).get("/plans"))


def test_the_list_goes_on_where_it_stopped(session, cast, review, sign_in):
    _many(session, cast, review, 53)
    browser = sign_in(cast.ann)
    first = browser.get("/plans")
    second = browser.get(re.findall(r'href="(/plans\?after=[^"]+)"', first.text)[0])
    plans = [set(re.findall(r'href="/plans/([0-9a-f-]{36})"', page.text)) for page in (first, second)]
    assert [len(plans[0]), len(plans[1]), len(plans[0] | plans[1])] == [50, 3, 53]
    assert browser.get("/plans?after=bm9uc2Vuc2U").status_code == 422


def test_the_number_of_queries_does_not_grow_with_the_list(session, cast, review, sign_in, connection):
    browser, counts = sign_in(cast.ann), []
    for more in (1, 29):
        _many(session, cast, review, more)
        session.expunge_all()
        with _counted(connection) as seen:
            assert browser.get("/plans").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14


def test_the_number_of_queries_does_not_grow_with_the_objectives(session, cast, complete, sign_in, connection):
    browser, counts = sign_in(cast.ben), []
    for more in (0, 12):
        for _ in range(more):
            _write(session, cast.actor(cast.ben), complete)
        session.expunge_all()
        with _counted(connection) as seen:
            assert browser.get(f"/plans/{complete.id}").status_code == 200
        counts.append(len(seen))
        complete = session.get(Plan, complete.id)
    assert counts[0] == counts[1] <= 18


def _many(session, cast, review, count):
    for _ in range(count):
        given = PromotionPlanInput(start_on=clock.today(), chosen=[])
        actions.start_promotion_plan(session, cast.actor(cast.ben), review.id, given)
    session.commit()


def test_names_and_texts_of_people_are_never_markup(session, cast, review, sign_in):
    cast.ben.name = "<i>Ben</i>"
    session.flush()
    given = OnboardingPlanInput(person_id=cast.ben.id, start_on=clock.today())
    plan = actions.start_onboarding_plan(session, cast.actor(cast.ann), given)
    session.commit()
    for path in ("/plans", f"/plans/{plan.id}", "/plans/new"):
        page = sign_in(cast.ann).get(path).text
        assert "<i>" not in page
        assert "&lt;i&gt;Ben&lt;/i&gt;" in page
