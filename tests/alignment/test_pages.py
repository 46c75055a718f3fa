"""The pages of objectives and their JSON twins, and personal objectives that are aligned to them."""

import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from reports import contract
from service import clock
from service.alignment import actions
from service.objectives.models import UnitObjective
from service.objectives.rules import ObjectiveStatus
from service.people.models import OrgUnit
from service.plans.models import Plan
from service.revisions.actions import agree_plan
from tests.alignment import aims
from tests.alignment.test_queries import aligned_plan
from tests.plans import drafts
from tests.plans.browsing import OBJECTIVE, send, text_of, version_in

API = "/api/v1/objectives"
AIM = {
    "title": "Customers come back", "why": "They pay.", "starts_on": "2026-10-01", "due_on": "2026-12-31",
}  # fmt: skip
RESULT = {
    "title": "More orders", "metric": "Orders", "unit": "a week", "direction": "increase", "baseline": "3", "target": "9",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _autumn():
    with clock.frozen(datetime(2026, 11, 20, 9, tzinfo=UTC)):
        yield


def test_from_an_empty_page_to_a_measured_objective(session, cast, sign_in):
    ann, unit = sign_in(cast.ann), cast.ann.unit_id
    assert "No objectives yet" in text_of(ann.get("/objectives"))
    form = ann.get(f"/objectives/new?unit={unit}")
    assert 'value="2026-12-31"' in form.text
    assert re.findall(r'<option value="([^"]*)"[^>]*>Product', form.text) == [str(unit)]
    made = ann.post("/objectives", data=AIM | {"unit_id": str(unit), "version": ""})
    here = made.headers["location"]
    assert made.status_code == 303
    assert ann.post(f"{here}/key-results", data=RESULT | {"version": "1"}).status_code == 303
    (kr,) = session.scalars(select(UnitObjective)).one().key_results
    answer = send(ann, here, f"{here}/key-results/{kr.id}/value", {"value": "6", "on": "2026-11-19"})
    assert answer.headers["location"] == f"{here}#result-{kr.id}"

    ben = sign_in(cast.ben)
    seen = text_of(ben.get(here))
    assert "now 6 a week, 19 Nov 2026, by Ann" in seen
    assert "50 % its one key result" in seen
    assert "<form" not in ben.get(here).text.split("<main")[1]
    assert "Customers come back" in text_of(ben.get("/objectives"))
    assert "Add an objective" not in text_of(ben.get("/objectives"))


def test_what_could_not_be_saved_keeps_every_word(session, cast, sign_in):
    row = aims.aim(session, cast, unit_id=cast.ann.unit_id)
    ann, here = sign_in(cast.ann), f"/objectives/{row.id}"
    typed = AIM | {
        "why": "Mine & <b>only</b>",
        "owner": "nobody@example.org",
        "unit_id": str(row.unit_id),
        "version": "1",
    }
    answer = ann.post(here, data=typed)
    assert answer.status_code == 422
    assert "Mine &amp; &lt;b&gt;only&lt;/b&gt;</textarea>" in answer.text
    assert '<a href="#owner">' in answer.text
    assert "Nobody who is here now" in text_of(answer)
    backwards = ann.post("/objectives", data=typed | {"owner": "", "due_on": "2026-09-01"})
    assert (backwards.status_code, '<a href="#due_on">' in backwards.text) == (422, True)
    asked = ann.post(f"{here}/key-results", data=RESULT | {"target": "about 9", "version": "1"})
    assert (asked.status_code, 'value="about 9"' in asked.text) == (422, True)


def test_two_who_write_at_once_see_both_texts(session, cast, sign_in):
    row = aims.aim(session, cast, unit_id=cast.ann.unit_id)
    here, fields = f"/objectives/{row.id}", AIM | {"unit_id": str(row.unit_id)}
    ann, dee = sign_in(cast.ann), sign_in(cast.dee)
    seen = version_in(ann.get(f"{here}/edit"))
    assert send(dee, f"{here}/edit", here, fields | {"title": "Dee was faster"}).status_code == 303
    answer = ann.post(here, data=fields | {"title": "Ann’s own words", "version": seen})
    assert answer.status_code == 412
    assert "Ann’s own words</textarea>" in answer.text
    assert "<h3>Dee was faster</h3>" in answer.text
    again = ann.post(here, data=fields | {"title": "Ann’s own words", "version": version_in(answer)})
    assert again.status_code == 303
    late = ann.post(f"{here}/closure", data={"version": seen})
    assert (late.status_code, "Look at what stands now" in text_of(late)) == (412, True)


def test_it_is_closed_and_opened_again(session, cast, sign_in):
    row = aims.aim(session, cast, unit_id=cast.ann.unit_id)
    ann, here = sign_in(cast.ann), f"/objectives/{row.id}"
    assert send(ann, here, f"{here}/closure").status_code == 303
    session.refresh(row)
    assert row.status == ObjectiveStatus.CLOSED
    assert f'action="{here}/closure"' not in ann.get(here).text
    assert "New objective" not in text_of(ann.get("/objectives"))
    assert row.title not in text_of(ann.get("/objectives"))
    assert row.title in text_of(ann.get("/objectives?period=all"))
    assert send(ann, here, f"{here}/reopening").status_code == 303
    session.refresh(row)
    assert row.status == ObjectiveStatus.OPEN


def test_a_page_asks_for_a_new_owner(session, cast, sign_in):
    row = aims.aim(session, cast, unit_id=cast.ann.unit_id, owner="cat@example.org")
    cast.cat.active = False
    session.commit()
    assert "Cat , its owner, has left. Name a new owner" in text_of(sign_in(cast.ann).get(f"/objectives/{row.id}"))
    assert "names a new owner; the objective stands" in text_of(sign_in(cast.ben).get(f"/objectives/{row.id}"))
    assert "Cat has left: it needs a new owner" in text_of(sign_in(cast.ben).get("/objectives"))


def test_an_address_narrows_the_tree(session, cast, sign_in):
    aims.aim(session, cast, title="Of Product", unit_id=cast.ann.unit_id)
    top = aims.aim(session, cast, title="Of all")
    aims.aim(session, cast, title="Of Other", unit_id=cast.eli.unit_id, parent_id=top.id)
    ben = sign_in(cast.ben)
    narrowed = ben.get(f"/objectives?unit={cast.eli.unit_id}&period=2026-Q4")
    assert ("Of Other" in narrowed.text, "Of Product" in narrowed.text) == (True, False)
    assert re.search(rf'<option value="{cast.eli.unit_id}" selected>', narrowed.text)
    assert f'Serves company objective</span> <a href="/objectives/{top.id}">Of all</a>' in narrowed.text
    assert '<option value="2026-Q4" selected>' in narrowed.text
    assert "Nothing here" in text_of(ben.get("/objectives?unit=&period=2025-Q1"))
    assert ben.get("/objectives?period=2026-Q5").status_code == 422


def test_the_auditor_has_no_link_and_no_page(session, cast, sign_in):
    row, una = aims.aim(session, cast), sign_in(cast.una)
    assert 'href="/objectives"' in sign_in(cast.ben).get("/").text
    assert 'href="/objectives"' not in una.get("/").text
    assert (una.get("/objectives").status_code, una.get(f"/objectives/{row.id}").status_code) == (403, 404)


def test_a_key_result_is_added_changed_and_taken_out(session, cast, sign_in):
    row = aims.aim(session, cast, unit_id=cast.ann.unit_id)
    ann, here = sign_in(cast.ann), f"/objectives/{row.id}/key-results"
    more = ann.post(f"{here}?more=1", data=RESULT | {"version": "1"})
    assert more.headers["location"] == f"{here}/new"
    session.expire_all()
    (kr,) = row.key_results
    at = f"{here}/{kr.id}"
    assert send(ann, at, at, RESULT | {"title": "Hold a workshop"}).status_code == 303
    form = text_of(ann.get(at))
    assert "“Hold” makes it a task" in form
    assert send(ann, at, f"{at}/removal").status_code == 303
    assert ann.get(at).status_code == 404


def test_a_value_that_cannot_be_saved_stands_again(session, cast, sign_in):
    row = aims.aim(session, cast, unit_id=cast.ann.unit_id)
    kr, other = (aims.key_result(session, cast, row) for _ in range(2))
    ann, here = sign_in(cast.ann), f"/objectives/{row.id}"
    answer = ann.post(f"{here}/key-results/{kr.id}/value", data={"value": "about 7", "version": str(row.version)})
    assert answer.status_code == 422
    assert (answer.text.count('id="value"'), answer.text.count('value="about 7"')) == (1, 1)
    assert '<a href="#value">' in answer.text
    late = ann.post(f"{here}/key-results/{other.id}/value", data={"value": "7", "on": "2026-11-21", "version": "1"})
    assert (late.status_code, late.text.count('value="7"'), late.text.count('value="2026-11-21"')) == (412, 1, 1)


def test_the_api_does_the_same(session, cast, sign_in):
    ann, unit = sign_in(cast.ann), str(cast.ann.unit_id)
    made = ann.post(API, json=AIM | {"unit_id": unit, "why": ""})
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    here = made.headers["location"]
    assert [r["check"] for r in made.json()["remarks"]] == ["O4", "O5", "O6"]
    changed = ann.put(here, json=AIM | {"unit_id": unit}, headers={"if-match": '"1"'})
    assert (changed.status_code, changed.json()["why"]) == (200, "They pay.")
    assert ann.put(here, json=AIM | {"unit_id": unit}, headers={"if-match": '"1"'}).status_code == 412
    assert ann.put(here, json=AIM | {"unit_id": unit}).status_code == 428
    added = ann.post(f"{here}/key-results", json=RESULT, headers={"if-match": '"2"'})
    kr = added.headers["location"]
    assert kr.startswith(f"{here}/key-results/")
    value = ann.put(f"{kr}/value", json={"value": 4.5}, headers={"if-match": '"3"'}).json()
    assert value["key_results"][0]["value"] == "4.5"
    assert (value["key_results"][0]["percent"], value["progress"]["percent"]) == (25, 25)
    tree = sign_in(cast.ben).get(API).json()
    assert [line["title"] for line in tree["lines"]] == [AIM["title"]]
    assert ann.delete(kr, headers={"if-match": '"4"'}).json()["key_results"] == []
    closed = ann.post(f"{here}/closure", headers={"if-match": '"5"'})
    assert (closed.json()["status"], closed.json()["may_write"]) == ("closed", True)
    assert ann.post(f"{here}/reopening", headers={"if-match": '"6"'}).json()["status"] == "open"
    assert sign_in(cast.ben).put(here, json=AIM, headers={"if-match": '"7"'}).status_code == 403


def test_the_checks_answer_while_one_writes(session, cast, sign_in):
    row = aims.aim(session, cast, unit_id=cast.ann.unit_id)
    ann = sign_in(cast.ann)
    new = ann.post(f"{API}/checks", json={"title": "Launch 3 shops"}).json()
    assert [(r["check"], r["pointer"]) for r in new] == [
        ("O1", "/starts_on"), ("O1", "/due_on"), ("O2", "/title"), ("O3", "/title"), ("O4", "/why"),
    ]  # fmt: skip
    whole = ann.post(f"{API}/{row.id}/checks", json=AIM | {"unit_id": str(row.unit_id)}).json()
    assert [(r["check"], r["pointer"]) for r in whole] == [("O5", "/parent_id")]
    found = ann.post(f"{API}/{row.id}/key-result-checks", json={"title": "More", "direction": "increase"}).json()
    assert [r["check"] for r in found] == ["K1", "K1", "K1", "K2"]
    assert sign_in(cast.ben).post(f"{API}/checks", json={}).status_code == 403


def test_a_personal_objective_is_aligned_in_its_form(session, cast, sign_in):
    top = aims.aim(session, cast, title="Of all of us")
    own = aims.aim(session, cast, title="Of Product", unit_id=cast.ben.unit_id)
    other = aims.aim(session, cast, title="Of Other", unit_id=cast.eli.unit_id)
    plan, ben = drafts.promotion_plan(session, cast), sign_in(cast.ben)
    here = f"/plans/{plan.id}/objectives"
    form = ben.get(f"{here}/new").text
    groups = re.findall(r'<optgroup label="([^"]+)">\s*<option value="([^"]+)">', form)
    assert groups == [("Product", str(own.id)), ("The company", str(top.id))]
    bare = {name: value for name, value in OBJECTIVE.items() if name != "serves"}
    refused = ben.post(here, data=bare | {"aligned_to": str(other.id), "version": plan.version})
    assert (refused.status_code, '<a href="#aligned_to">' in refused.text) == (422, True)
    saved = ben.post(here, data=bare | {"aligned_to": str(own.id), "version": plan.version})
    assert saved.status_code == 303
    (objective,) = session.get(Plan, plan.id).objectives
    page = ben.get(f"/plans/{plan.id}")
    assert f'Objective of Product</span> <a href="/objectives/{own.id}">Of Product</a>' in page.text
    assert "what it serves" not in text_of(page)
    found = ben.get(f"/api/v1/plans/{plan.id}").json()["objectives"][0]
    assert found["aligned"]["id"] == str(own.id)
    assert "O5" not in {remark["check"] for remark in found["remarks"]}
    edit = ben.get(f"{here}/{objective.id}")
    assert f'<option value="{own.id}" selected>' in edit.text
    assert send(ben, f"{here}/{objective.id}", f"{here}/{objective.id}", bare).status_code == 303
    session.expire_all()
    assert objective.aligned_to is None


def test_what_one_is_aligned_to_stays_after_it_is_closed(session, cast, sign_in):
    row = aims.aim(session, cast, unit_id=cast.ben.unit_id)
    plan = aligned_plan(session, cast, row, agreed=False)
    actions.close_objective(session, cast.actor(cast.dee), row.id, row.version)
    session.commit()
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/objectives/{plan.objectives[0].id}"
    assert f'<option value="{row.id}" selected>' in ben.get(here).text
    assert send(ben, here, here, OBJECTIVE | {"aligned_to": str(row.id)}).status_code == 303
    session.expire_all()
    assert plan.objectives[0].aligned_to == row.id
    new = ben.post(
        f"/plans/{plan.id}/objectives", data=OBJECTIVE | {"aligned_to": str(row.id), "version": plan.version}
    )
    assert new.status_code == 422


def test_a_revision_says_what_it_is_aligned_to(session, cast):
    top = aims.aim(session, cast, title="Of all of us")
    plan = aligned_plan(session, cast, top)
    data = json.loads(plan.revisions[0].data)
    objective = data["objectives"][0]
    assert objective["aligned"] == {"id": str(top.id), "title": "Of all of us"}
    assert objective["serves"][-1] == "Company objective: Of all of us"
    assert contract.read(data).objectives[0].aligned == contract.Aligned(id=str(top.id), title="Of all of us")


def test_a_unit_is_named_in_the_revision(session, cast):
    row = aims.aim(
        session, cast, title="Ours", unit_id=session.scalars(select(OrgUnit.id).where(OrgUnit.name == "Product")).one()
    )
    data = json.loads(aligned_plan(session, cast, row).revisions[0].data)["objectives"][0]
    assert data["aligned"]["unit"] == "Product"
    assert "Objective of Product: Ours" in data["serves"]


def test_an_objective_above_that_is_worded_anew_takes_no_signature_back(session, cast):
    row = aims.aim(session, cast, unit_id=cast.ben.unit_id)
    plan = aligned_plan(session, cast, row, agreed=False)
    agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    changed = aims.given(title="In other words", unit_id=row.unit_id, version=row.version)
    actions.change_objective(session, cast.actor(cast.dee), row.id, changed)
    agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
    assert len(plan.revisions) == 1
    assert "In other words" in plan.revisions[0].data


def test_without_any_objectives_the_form_is_as_it_was(session, cast, sign_in):
    plan = drafts.promotion_plan(session, cast)
    form = sign_in(cast.ben).get(f"/plans/{plan.id}/objectives/new").text
    assert 'name="aligned_to"' not in form
    assert "Which objective above it serves" in form
