"""Changing an agreed plan: the old revision is in force until both have signed the new text."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports import contract
from service import clock
from service.audit.models import AuditEvent
from service.documents.queries import get_draft
from service.drafts.actions import (
    add_key_result,
    add_objective,
    change_key_result,
    change_objective,
    move_objective,
    remove_key_result,
    remove_objective,
)
from service.drafts.inputs import MoveInput
from service.errors import Conflict, Forbidden, Stale, VersionRequired
from service.home.queries import get_home
from service.people.actions import rebuild_reporting_lines
from service.permissions import Scope
from service.plans import actions, text
from service.plans.models import Plan
from service.plans.rules import PlanStatus
from service.revisions import queries as history
from service.revisions.actions import agree_plan, begin_change, take_change_back
from service.revisions.inputs import ChangeInput
from service.revisions.rules import Change
from tests.cast import Cast
from tests.conftest import Bearer, CountQueries, SignIn
from tests.plans.browsing import send, text_of
from tests.plans.drafts import agree, complete_plan, key_result, objective, promotion_plan

WHY = "The launch moved to spring."


@pytest.fixture
def plan(session: Session, cast: Cast) -> Plan:
    """Ben's plan, agreed by both as revision 1."""
    return agree(session, cast, complete_plan(session, cast))


def begin(session: Session, cast: Cast, plan: Plan, who: Any = None) -> Plan:
    given = ChangeInput(reason=WHY, version=plan.version)
    begin_change(session, cast.actor(who or cast.ben), plan.id, given)
    session.commit()
    return plan


def rewrite(session: Session, cast: Cast, plan: Plan, title: str = "Sales trusts the roadmap") -> None:
    """A change of each kind: a title, one key result out, an objective in, another gone to 60 days."""
    ben = cast.actor(cast.ben)
    first = plan.objectives[0]
    change_objective(session, ben, plan.id, first.id, objective(plan, title=title))
    remove_key_result(session, ben, plan.id, first.key_results[0].id, plan.version)
    added = add_objective(session, ben, plan.id, objective(plan, title="Support asks less"))
    for number in range(3):
        given = key_result(plan, title=f"{title}: fewer questions, part {number}")
        add_key_result(session, ben, plan.id, added.id, given)
    move_objective(session, ben, plan.id, added.id, MoveInput(horizon=60, version=plan.version))
    session.commit()


def rows(plan: Plan) -> Any:
    return json.loads(text.canonical(text.written(plan)))


def test_both_sign_the_new_text_and_it_becomes_revision_two(session: Session, cast: Cast, plan: Plan) -> None:
    begin(session, cast, plan)
    assert (plan.status, plan.person_signature, plan.manager_signature) == (PlanStatus.AGREED, None, None)
    rewrite(session, cast, plan)
    agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
    assert (len(plan.revisions), plan.changing_since is not None) == (1, True)

    agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    session.commit()

    assert [revision.number for revision in plan.revisions] == [1, 2]
    assert (plan.changing_since, plan.change_reason, plan.in_force) == (None, "", None)
    data = json.loads(plan.revisions[1].data)
    assert contract.read(data).plan.reason == WHY
    assert "reason" not in json.loads(plan.revisions[0].data)["plan"]
    assert [it["title"] for it in data["objectives"]] == ["Sales trusts the roadmap", "Support asks less"]
    verbs = session.scalars(select(AuditEvent.verb).where(AuditEvent.resource_id == str(plan.id))).all()
    assert [verb for verb in verbs if verb != "plan.signed"] == [
        "plan.started",
        "plan.agreed",
        "plan.change_begun",
        "plan.agreed",
    ]


def test_a_change_of_a_change_makes_revision_three(session: Session, cast: Cast, plan: Plan) -> None:
    for number in (2, 3):
        begin(session, cast, plan)
        rewrite(session, cast, plan, title=f"Title of {number}")
        agree(session, cast, plan)
    assert [revision.number for revision in plan.revisions] == [1, 2, 3]
    told = history.get_revision_change(session, cast.actor(cast.ben), plan.id, 3)
    assert told.differences.objectives[0].fields == (Change("title", "Title of 2", "Title of 3"),)


def test_an_unchanged_text_is_not_signed_again(session: Session, cast: Cast, plan: Plan) -> None:
    begin(session, cast, plan)
    with pytest.raises(Conflict, match="Nothing differs from revision 1"):
        agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    first = plan.objectives[0]
    change_objective(session, cast.actor(cast.ben), plan.id, first.id, objective(plan))  # the same words again
    with pytest.raises(Conflict, match="Nothing differs"):
        agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)


def test_an_edit_takes_the_word_of_the_other_side_back(session: Session, cast: Cast, plan: Plan) -> None:
    begin(session, cast, plan)
    rewrite(session, cast, plan)
    agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
    change_objective(session, cast.actor(cast.ben), plan.id, plan.objectives[0].id, objective(plan, title="Other"))
    assert plan.manager_signature is None


def test_taken_back_everything_is_as_it_was(session: Session, cast: Cast, plan: Plan) -> None:
    before, signed = rows(plan), (plan.person_signed_at, plan.manager_signed_at, plan.person_signature)
    begin(session, cast, plan)
    rewrite(session, cast, plan)
    remove_objective(session, cast.actor(cast.ben), plan.id, plan.objectives[0].id, plan.version)
    session.commit()

    take_change_back(session, cast.actor(cast.ann), plan.id, plan.version)
    session.commit()
    session.expire_all()

    assert rows(plan) == before  # ids of objectives and key results among it
    assert (plan.person_signed_at, plan.manager_signed_at, plan.person_signature) == signed
    assert plan.person_signature == plan.manager_signature == text.signature_of(plan)
    assert (plan.changing_since, len(plan.revisions)) == (None, 1)


def test_one_change_at_a_time_on_the_version_that_was_seen(session: Session, cast: Cast, plan: Plan) -> None:
    ben = cast.actor(cast.ben)
    with pytest.raises(VersionRequired):
        begin_change(session, ben, plan.id, ChangeInput(reason=WHY))
    with pytest.raises(Stale):
        begin_change(session, ben, plan.id, ChangeInput(reason=WHY, version=plan.version - 1))
    begin(session, cast, plan)
    with pytest.raises(Conflict, match="being written"):
        begin_change(session, ben, plan.id, ChangeInput(reason=WHY, version=plan.version))
    with pytest.raises(Conflict, match="stays"):
        actions.discard_plan(session, ben, plan.id, plan.version)


def test_a_draft_is_just_written_on(session: Session, cast: Cast) -> None:
    plan = promotion_plan(session, cast)
    with pytest.raises(Conflict, match="not agreed yet"):
        begin_change(session, cast.actor(cast.ben), plan.id, ChangeInput(reason=WHY, version=plan.version))
    with pytest.raises(Conflict, match="Nothing of this plan"):
        take_change_back(session, cast.actor(cast.ben), plan.id, plan.version)


def test_only_the_two_sides_change_it(session: Session, cast: Cast, plan: Plan) -> None:
    for other in (cast.max, cast.dee):
        with pytest.raises(Forbidden):
            begin_change(session, cast.actor(other), plan.id, ChangeInput(reason=WHY, version=plan.version))


def pages(plan: Plan, revision: int = 1) -> list[str]:
    here = f"/plans/{plan.id}"
    api = [f"/api/v1{here}", "/api/v1/plans", f"/api/v1{here}/draft.pdf", f"/api/v1{here}/revisions/{revision}"]
    return [here, "/plans", "/", f"{here}/preview", f"{here}/draft.pdf", f"{here}/revisions/{revision}", *api]


@pytest.mark.parametrize("reader", ["max", "dee", "pia"])
def test_nobody_else_learns_anything_of_a_change(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, reader: str
) -> None:
    """Byte for byte, header for header, on every page and every JSON."""
    browser = sign_in(cast.everybody[reader])

    def seen() -> list[tuple[int, dict[str, str], bytes]]:
        answers = [browser.get(page) for page in pages(plan)]
        browser.cookies.delete("nextrung-flash")
        return [
            (it.status_code, {n: v for n, v in it.headers.items() if n != "set-cookie"}, it.content) for it in answers
        ]

    with clock.frozen(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        before = seen()
        begin(session, cast, plan)
        assert seen() == before
        rewrite(session, cast, plan)
        agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
        session.commit()
        assert seen() == before
        assert [browser.get(f"{at}/plans/{plan.id}/change").status_code for at in ("", "/api/v1")] == [403, 403]
        agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
        session.commit()
        assert "Support asks less" in browser.get(f"/plans/{plan.id}").text


def test_the_two_sides_write_in_the_pages_they_know(session: Session, cast: Cast, plan: Plan, sign_in: SignIn) -> None:
    ben, ann, here = sign_in(cast.ben), sign_in(cast.ann), f"/plans/{plan.id}"
    assert "Change what was agreed" in text_of(ben.get(here))
    assert send(ben, f"{here}/change", f"{here}/change", {"reason": ""}).status_code == 422
    assert send(ben, f"{here}/change", f"{here}/change", {"reason": WHY}).headers["location"] == here

    for browser in (ben, ann):
        assert f"{WHY}" in text_of(browser.get(here))
    first = plan.objectives[0]
    form = f"{here}/objectives/{first.id}"
    fields = {"title": "Sales trusts the <roadmap>", "horizon": "60", "why": first.why, "due_on": "2026-12-20"}
    assert send(ben, form, form, fields | {"serves_gaps": first.serves_gaps}).status_code == 303
    shown = ann.get(f"{here}/change").text
    assert '<del><span class="hidden">Before: </span>30 days\n</del>' in shown
    assert '<ins><span class="hidden">Now: </span>60 days\n</ins>' in shown
    assert "Sales trusts the &lt;roadmap&gt;" in shown

    for result in list(first.key_results):
        at = f"{here}/key-results/{result.id}"
        assert ben.get(at).status_code == 200
    for browser in (ben, ann):
        assert send(browser, f"{here}/change", f"{here}/agreement").status_code == 303
    assert "Revision 2" in text_of(ben.get(here))
    told = text_of(sign_in(cast.dee).get(f"{here}/revisions/2/changes"))
    assert (WHY in told, "Before: 30 days" in told, "Now: 60 days" in told) == (True, True, True)
    assert ben.get(f"{here}/revisions/1/changes").status_code == 404


def test_taking_back_by_the_page(session: Session, cast: Cast, plan: Plan, sign_in: SignIn) -> None:
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}"
    begin(session, cast, plan)
    assert send(ben, f"{here}/change", f"{here}/change/removal").status_code == 303
    assert "Agreed by both sides" in text_of(ben.get(here))
    assert ben.get(f"{here}/change").status_code == 200  # to begin another one


def test_the_same_through_the_api(session: Session, cast: Cast, plan: Plan, sign_in: SignIn, bearer: Bearer) -> None:
    ben, here = sign_in(cast.ben), f"/api/v1/plans/{plan.id}"
    assert ben.get(f"{here}/change").status_code == 404
    seen = {"if-match": ben.get(here).headers["etag"]}
    assert ben.post(f"{here}/change", json={"reason": WHY}).status_code == 428
    begun = ben.post(f"{here}/change", json={"reason": WHY}, headers=seen)
    assert (begun.status_code, begun.json()["change_reason"], begun.json()["status"]) == (201, WHY, "agreed")
    assert ben.get(f"{here}/change").json()["differences"] == {"plan": [], "objectives": []}
    seen = {"if-match": begun.headers["etag"]}
    assert ben.post(f"{here}/agreement", headers=seen).status_code == 409

    session.refresh(plan)
    rewrite(session, cast, plan)
    change = ben.get(f"{here}/change")
    kinds = [it["kind"] for it in change.json()["differences"]["objectives"]]
    assert (kinds, change.json()["revision"]) == (["changed", "added"], 1)
    program = bearer(cast.ben, Scope.WRITE)
    assert program.post(f"{here}/agreement", headers={"if-match": change.headers["etag"]}).status_code == 403
    for person in (cast.ben, cast.ann):
        signed = sign_in(person).post(f"{here}/agreement", headers={"if-match": change.headers["etag"]})
        assert signed.status_code == 200
    assert (signed.json()["changing_since"], len(signed.json()["revisions"])) == (None, 2)
    told = sign_in(cast.dee).get(f"{here}/revisions/2/changes").json()
    assert (told["number"], told["reason"], [it["kind"] for it in told["differences"]["objectives"]]) == (2, WHY, kinds)


def test_taking_back_through_the_api(session: Session, cast: Cast, plan: Plan, sign_in: SignIn) -> None:
    ben, here = sign_in(cast.ben), f"/api/v1/plans/{plan.id}"
    before = ben.get(here).json()
    begin(session, cast, plan)
    after = ben.request("DELETE", f"{here}/change", headers={"if-match": ben.get(here).headers["etag"]})
    assert after.status_code == 200
    assert after.json() == before | {"version": before["version"] + 2}


def test_the_draft_of_a_change_is_for_its_writers(session: Session, cast: Cast, plan: Plan) -> None:
    begin(session, cast, plan)
    rewrite(session, cast, plan)
    ours = get_draft(session, cast.actor(cast.ann), plan.id)
    assert ours
    assert "Support asks less" in ours.data
    assert get_draft(session, cast.actor(cast.max), plan.id) is None


def test_who_changed_desks_finds_the_change_with_the_new_manager(session: Session, cast: Cast, plan: Plan) -> None:
    begin(session, cast, plan)
    rewrite(session, cast, plan)
    agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
    cast.ben.manager_id = cast.fay.id
    rebuild_reporting_lines(session)
    session.commit()
    actions.hand_over_plans(session, [cast.ben.id])
    assert (plan.assessor_id, plan.manager_signature) == (cast.fay.id, None)

    take_change_back(session, cast.actor(cast.ben), plan.id, plan.version)
    assert (plan.assessor_id, plan.signed_by_id) == (cast.fay.id, cast.ann.id)
    assert plan.manager_signature == plan.person_signature == text.signature_of(plan)


def test_home_asks_to_finish_and_to_sign_a_change_and_shows_what_is_in_force(
    session: Session, cast: Cast, plan: Plan
) -> None:
    ben, ann = cast.actor(cast.ben), cast.actor(cast.ann)
    with clock.frozen(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        running = get_home(session, ben).plan
        begin(session, cast, plan)
        rewrite(session, cast, plan)
        for result in plan.objectives[0].key_results:
            given = key_result(plan, title="Another title")
            change_key_result(session, ben, plan.id, result.id, given)
        agree_plan(session, ben, plan.id, plan.version)
        session.commit()
        asked = [task for task in get_home(session, ann).tasks if "change" in task.what]
        assert [(task.what, task.whom) for task in asked] == [
            ("Read and agree the change of the growth plan of", "Ben")
        ]
        assert get_home(session, ben).plan == running


def test_a_change_costs_no_more_queries_for_more_objectives(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, count_queries: CountQueries
) -> None:
    begin(session, cast, plan)
    ben = sign_in(cast.ben)
    rewrite(session, cast, plan)
    few = count_queries(lambda: ben.get(f"/plans/{plan.id}/change"))
    for _ in range(3):
        add_objective(session, cast.actor(cast.ben), plan.id, objective(plan))
    session.commit()
    assert count_queries(lambda: ben.get(f"/plans/{plan.id}/change")) == few


def test_a_text_from_before_ids_is_not_changed(session: Session, cast: Cast, plan: Plan) -> None:
    data = json.loads(plan.revisions[0].data)
    for it in data["objectives"]:
        del it["id"]
    plan.revisions[0].data = json.dumps(data)  # in memory: the table would refuse it
    session.expunge(plan.revisions[0])
    with pytest.raises(Conflict, match="begin a new one"):
        text.agreed_text(plan)
