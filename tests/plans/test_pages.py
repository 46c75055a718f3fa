"""Growth plans as people walk through them: forms and links only, no script, on both databases."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from service import clock
from service.drafts.actions import add_key_result, add_objective
from service.jobs.actions import run_all
from service.onboarding.actions import start_onboarding_plan
from service.onboarding.inputs import OnboardingPlanInput
from service.plans.actions import start_promotion_plan
from service.plans.inputs import PromotionPlanInput
from service.plans.models import Plan
from service.plans.rules import Kind
from service.worker import make_tasks
from tests.factories import open_cycle, review_of
from tests.plans import drafts
from tests.plans.browsing import DUE, KEY_RESULT, OBJECTIVE, send, text_of


@pytest.fixture
def review(session, cast):
    return drafts.shared_review(session, cast)


@pytest.fixture
def complete(session, cast):
    """Ben's draft with nothing open in it."""
    return drafts.complete_plan(session, cast)


@pytest.fixture
def agreed(session, cast, complete):
    return drafts.agree(session, cast, complete)


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
    assert "Add the first objective" in text_of(ben.get(here))

    answer = send(ben, f"{here}/objectives/new?gap={choices[0]}", f"{here}/objectives", OBJECTIVE)
    assert answer.status_code == 303
    objective = answer.headers["location"].split("#objective-")[1]
    results = f"{here}/objectives/{objective}/key-results"
    for number in range(3):
        fields = KEY_RESULT | {"title": f"Fewer questions {number}"}
        assert send(ben, f"{results}/new", results, fields).headers["location"] == f"{here}#objective-{objective}"
    page = text_of(ann.get(here))
    assert page.count("12 → to 4 questions") == 3
    assert "When you both agree, this text becomes revision 1" in page
    assert "where your two ratings differ. You both keep it; the managers above and HR can read it." in page

    assert send(ann, here, f"{here}/agreement").status_code == 303
    assert "It waits for Ben" in text_of(ann.get(here))
    assert "Now it is your turn" in text_of(ben.get(here))
    assert send(ben, here, f"{here}/agreement").status_code == 303
    assert "Agreed by both sides" in text_of(ben.get(here))

    waiting = ben.get(f"{here}/revisions/1.pdf")
    assert (waiting.status_code, waiting.headers["refresh"]) == (202, "3")
    assert "is being made" in text_of(waiting)
    assert run_all(database, make_tasks(settings)) == 2
    pdf = ben.get(f"{here}/revisions/1.pdf")
    assert (pdf.status_code, pdf.headers["content-type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert pdf.headers["content-disposition"] == 'inline; filename="growth-plan-E-ben-r1.pdf"'
    assert re.search(r"\b[1-9]\d* pages", text_of(ben.get(here)))


def test_a_revision_reads_as_the_text_that_was_signed(cast, agreed, sign_in):
    answer = sign_in(cast.ben).get(f"/plans/{agreed.id}/revisions/1")
    page = text_of(answer)
    for words in (
        "Towards Senior",
        "New users reach their first report",
        "Half of them leave before it.",
        "first reports finished",
    ):
        assert words in page
    assert agreed.revisions[0].sha256 in page
    assert page.count("signed on") == 2
    assert sign_in(cast.ben).get(f"/plans/{agreed.id}/revisions/2").status_code == 404


def test_a_pdf_that_was_not_made_can_be_asked_for_again(cast, agreed, sign_in, database, settings):
    browser, here = sign_in(cast.ben), f"/plans/{agreed.id}/revisions/1"
    answer = browser.post(f"{here}/document")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}.pdf")
    assert run_all(database, make_tasks(settings)) == 3
    assert browser.get(f"{here}.pdf").status_code == 200


def test_no_plan_begins_before_the_managers_view_is_shared(session, cast, sign_in):
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    browser, new = sign_in(cast.ben), f"/reviews/{review.id}/plans"
    assert "after the manager’s view has been shared" in text_of(browser.get(new))
    answer = browser.post(new, data={"start_on": clock.today().isoformat()})
    assert answer.status_code == 409


def test_a_wrong_first_day_keeps_the_chosen_gaps(cast, review, sign_in):
    answer = sign_in(cast.ben).post(
        f"/reviews/{review.id}/plans", data={"chosen": ["product-analytics"], "start_on": "soon"}
    )
    assert answer.status_code == 422
    assert 'value="product-analytics" checked' in answer.text
    assert 'value="soon"' in answer.text
    assert "Write the date as 2026-11-21." in text_of(answer)


def test_beginning_twice_leads_to_the_same_draft(session, cast, review, sign_in):
    ben, new = sign_in(cast.ben), f"/reviews/{review.id}/plans"
    data = {"chosen": "product-analytics", "start_on": "2026-11-02"}
    first, again = (ben.post(new, data=data) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert "There is a draft already" in text_of(ben.get(new))
    assert f'action="{new}"' not in ben.get(new).text
    other = ben.post(new, data=data | {"chosen": "okr"})
    assert other.headers["location"] == first.headers["location"]
    assert "It stands as it was" in text_of(ben.get(first.headers["location"]))
    assert len(session.scalars(select(Plan)).all()) == 1


def test_an_agreed_plan_says_what_was_not_planned_in_final_words(cast, agreed, sign_in):
    page = text_of(sign_in(cast.ben).get(f"/plans/{agreed.id}")).partition("Chosen gaps")[2]
    assert (page.count("Nothing was planned for this horizon."), "yet" in page) == (2, False)


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
    page = text_of(ann.get(answer.headers["location"]))
    assert "First 90 days as Product Manager" in page
    assert "Nothing is open. When you both agree" in page
    assert ann.post("/plans", data=fields | {"person_id": str(cast.eli.id)}).status_code == 404
    again = ann.post("/plans", data=fields | {"start_on": "x"})
    assert (again.status_code, f'value="{cast.cat.id}" selected' in again.text) == (422, True)


def test_a_draft_is_read_by_its_sides_and_the_line_above(cast, complete, sign_in):
    found = {name: sign_in(who).get(f"/plans/{complete.id}").status_code for name, who in cast.everybody.items()}
    seen = {name for name, status in found.items() if status == 200}
    assert seen == {"ben", "ann", "max"}
    assert {status for name, status in found.items() if name not in seen} == {404}


def test_an_agreed_plan_is_read_by_hr_too(cast, agreed, sign_in):
    paths = ("", "/revisions/1")
    for path in paths:
        found = {
            name: sign_in(who).get(f"/plans/{agreed.id}{path}").status_code for name, who in cast.everybody.items()
        }
        assert {name for name, status in found.items() if status == 200} == {"ben", "ann", "max", "dee", "pia"}
    assert "New users reach their first report without help" in text_of(sign_in(cast.dee).get(f"/plans/{agreed.id}"))


def test_who_only_reads_is_offered_no_form_and_gets_none(cast, complete, sign_in):
    new, here = f"/reviews/{complete.review_id}/plans", f"/plans/{complete.id}"
    objective = complete.objectives[0]
    browser = sign_in(cast.max)
    page = browser.get(here).text
    assert "<form" not in page.split("<main")[1]
    assert "/objectives/new" not in page
    edit = f"{here}/objectives/{objective.id}"
    for path in (f"{here}/objectives/new", edit, f"{edit}/key-results/new", new):
        assert browser.get(path).status_code == 403
    for path in (f"{here}/objectives", edit, f"{edit}/removal", f"{here}/agreement", new):
        fields = OBJECTIVE | {"version": complete.version}
        assert browser.post(path, data=fields).status_code == 403
    assert sign_in(cast.dee).post(new, data={"start_on": DUE}).status_code == 403


def test_the_list_has_ones_own_first_and_others_below(cast, agreed, sign_in):
    page = text_of(sign_in(cast.ben).get("/plans"))
    assert "Your plans" in page
    assert "Plans of others" not in page
    ann = text_of(sign_in(cast.ann).get("/plans"))
    assert ann.index("No plan of your own yet") < ann.index("Plans of others") < ann.index("Towards Senior")
    assert "Towards Senior" not in text_of(sign_in(cast.eli).get("/plans"))


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
            add_objective(session, cast.actor(cast.ben), complete.id, drafts.objective(complete))
        session.commit()
        session.expunge_all()
        with _counted(connection) as seen:
            assert browser.get(f"/plans/{complete.id}").status_code == 200
        counts.append(len(seen))
        complete = session.get(Plan, complete.id)
    assert counts[0] == counts[1] <= 20


def _many(session, cast, review, count):
    """Straight into the table: only their number matters."""
    same = {
        "person_id": cast.ben.id, "assessor_id": cast.ann.id, "review_id": review.id, "current_level": "middle",
        "ladder_version_id": review.ladder_version_id, "kind": Kind.PROMOTION, "title": "Towards Senior",
        "target_level": "senior", "start_on": clock.today(), "chosen": [], "created_at": clock.now(),
    }  # fmt: skip
    session.add_all(Plan(**same) for _ in range(count))
    session.commit()


def test_names_and_texts_of_people_are_never_markup(session, cast, review, sign_in):
    cast.ben.name = "<i>Ben</i>"
    session.flush()
    given = OnboardingPlanInput(person_id=cast.ben.id, start_on=clock.today())
    plan = start_onboarding_plan(session, cast.actor(cast.ann), given)
    session.commit()
    for path in ("/plans", f"/plans/{plan.id}", "/plans/new"):
        page = sign_in(cast.ann).get(path).text
        assert "<i>" not in page
        assert "&lt;i&gt;Ben&lt;/i&gt;" in page


def test_the_plan_is_the_last_step_of_its_review_for_those_who_may_read_it(session, cast, review, sign_in):
    def last_step(person) -> str:
        steps = re.findall(r'<li class="(?:done|now|later)".*?</li>', sign_in(person).get(f"/reviews/{review.id}").text)
        return " ".join(re.sub(r"<[^>]+>", " ", steps[-1]).split())

    assert last_step(cast.ben) == last_step(cast.ann) == "Plan from the gaps you choose"
    assert last_step(cast.max).startswith("Close ")  # there is none to read yet
    plan = start_promotion_plan(
        session, cast.actor(cast.ben), review.id, PromotionPlanInput(start_on=drafts.START, chosen=["okr"])
    )
    session.commit()
    assert {last_step(person) for person in (cast.ben, cast.ann, cast.max)} == {"Plan started"}
    assert last_step(cast.dee).startswith("Close ")  # HR reads what is agreed
    row = add_objective(session, cast.actor(cast.ben), plan.id, drafts.objective(plan))
    for _ in range(3):
        add_key_result(session, cast.actor(cast.ben), plan.id, row.id, drafts.key_result(plan))
    drafts.agree(session, cast, plan)
    agreed = f"Plan (done) agreed on {clock.today():%-d %b %Y}"
    assert {last_step(person) for person in (cast.ben, cast.ann, cast.max, cast.dee)} == {agreed}
    assert f'href="/plans/{plan.id}">agreed</a>' in sign_in(cast.dee).get(f"/reviews/{review.id}").text
