"""Closing a plan: final values, words, what is carried over, who reads what, and that nothing changes afterwards."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.checkins.actions import check_in
from service.checkins.inputs import CheckInInput
from service.closing import actions as closing
from service.closing.inputs import ClosingComment, ClosingInput
from service.closing.queries import get_closing
from service.documents.queries import get_draft
from service.drafts.actions import remove_objective
from service.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from service.people.actions import rebuild_reporting_lines
from service.permissions import Scope
from service.plans import actions, queries, text
from service.plans.inputs import PromotionPlanInput
from service.plans.models import Closing, Plan
from service.plans.rules import PlanStatus
from service.reviews.models import EvidenceOffer
from service.revisions.actions import begin_change, take_change_back
from service.revisions.inputs import ChangeInput
from tests.cast import Cast
from tests.conftest import Bearer, CountQueries, SignIn
from tests.factories import open_cycle
from tests.plans.browsing import send, text_of, version_in
from tests.plans.drafts import START, agree, complete_plan, onboarding_plan

LEARNED = "Ask the new users first."


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """Everything happens on 8 Jan 2027, 67 days after the start of the plan."""
    with clock.frozen(datetime(2027, 1, 8, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def plan(session: Session, cast: Cast) -> Plan:
    """Ben's plan, agreed: three key results from 40.5 to 60 %."""
    return agree(session, cast, complete_plan(session, cast))


def results_of(plan: Plan, *values: Any, carry: tuple[int, ...] = ()) -> dict[str, dict[str, Any]]:
    ids = [result.id for objective in plan.objectives for result in objective.key_results]
    pairs = enumerate(zip(ids, values, strict=True))
    return {str(id_): {"value": value, "carry_over": place in carry} for place, (id_, value) in pairs}


def given(plan: Plan, *values: Any, **more: Any) -> ClosingInput:
    """One met, one on the way and one without a way gone, unless other values are given."""
    body = {"results": results_of(plan, *(values or (60, 57, 40)), carry=more.pop("carry", ()))}
    return ClosingInput.model_validate(body | {"reflection": {"learned": LEARNED}, "version": plan.version} | more)


def close(session: Session, cast: Cast, plan: Plan, *values: Any, who: Any = None, **more: Any) -> Plan:
    closing.close_plan(session, cast.actor(who or cast.ben), plan.id, given(plan, *values, **more))
    session.commit()
    return plan


def test_the_closing_keeps_values_scores_and_words(session: Session, cast: Cast, plan: Plan) -> None:
    close(session, cast, plan)
    row = session.scalars(select(Closing)).one()
    data = json.loads(row.data)
    assert (plan.status, row.sha256) == (PlanStatus.CLOSED, text.hash_of(row.data))
    assert text.canonical(data) == row.data
    assert [kr["percent"] for kr in data["objectives"][0]["key_results"]] == [100, 85, 0]
    assert [kr["value"] for kr in data["objectives"][0]["key_results"]] == ["60", "57", "40"]
    assert (data["objectives"][0]["percent"], data["closed_by"], data["closed_on"]) == (62, "Ben", "2027-01-08")
    assert (data["revision"], data["revision_sha256"]) == (1, plan.revisions[0].sha256)
    assert (data["reflection"]["learned"], data["format"]) == (LEARNED, "nextrung-closing/1")


def test_nothing_changes_afterwards(session: Session, cast: Cast, plan: Plan) -> None:
    close(session, cast, plan)
    ben = cast.actor(cast.ben)
    with pytest.raises(Conflict, match="closed"):
        close(session, cast, plan)
    with pytest.raises(Conflict, match="closed"):
        begin_change(session, ben, plan.id, ChangeInput(reason="x", version=plan.version))
    with pytest.raises(Conflict, match="closed"):
        remove_objective(session, ben, plan.id, plan.objectives[0].id, plan.version)
    with pytest.raises(Conflict, match="closed"):
        closing.write_closing_comment(session, cast.actor(cast.ann), plan.id, ClosingComment(version=plan.version))


def test_it_is_closed_when_agreed_begun_and_not_being_changed(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    with pytest.raises(Conflict, match="not agreed yet"):
        close(session, cast, plan)
    agree(session, cast, plan)
    with clock.frozen(datetime(2026, 11, 1, 9, tzinfo=UTC)), pytest.raises(Conflict, match="begins on 2 Nov 2026"):
        close(session, cast, plan)
    begin_change(session, cast.actor(cast.ben), plan.id, ChangeInput(reason="x", version=plan.version))
    with pytest.raises(Conflict, match="being written"):
        close(session, cast, plan)
    take_change_back(session, cast.actor(cast.ben), plan.id, plan.version)
    with clock.frozen(datetime(2026, 11, 2, 0, tzinfo=UTC)):
        close(session, cast, plan)
    assert plan.status == PlanStatus.CLOSED


def test_the_version_that_was_seen_is_asked_for(session: Session, cast: Cast, plan: Plan) -> None:
    with pytest.raises(VersionRequired):
        close(session, cast, plan, version=None)
    with pytest.raises(Stale):
        close(session, cast, plan, version=plan.version - 1)


def problems(session: Session, cast: Cast, plan: Plan, *values: Any, who: Any = None, **more: Any) -> list[str]:
    with pytest.raises(Invalid) as refused:
        close(session, cast, plan, *values, who=who, **more)
    return [problem.pointer for problem in refused.value.problems]


def test_every_key_result_ends_somewhere(session: Session, cast: Cast, plan: Plan) -> None:
    ids = [result.id for result in plan.objectives[0].key_results]
    assert problems(session, cast, plan, 60, 57, None) == [f"/results/{ids[2]}/value"]
    stranger = uuid4()
    results = results_of(plan, 60, 57, 40) | {str(stranger): {"value": 1}}
    assert problems(session, cast, plan, results=results) == [f"/results/{stranger}"]
    results[str(ids[2])] = {"remark": "The report was switched off in spring."}
    del results[str(stranger)]
    close(session, cast, plan, results=results)
    last = get_closing(session, cast.actor(cast.ben), plan.id).ending.objectives[0].key_results[2]  # type: ignore[union-attr]
    assert (last.value, last.percent, last.remark) == (None, 0, "The report was switched off in spring.")


def test_each_side_gives_its_own_words(session: Session, cast: Cast, plan: Plan) -> None:
    assert problems(session, cast, plan, reflection={"met": "Most"}) == ["/reflection/learned"]
    assert problems(session, cast, plan, comment="I did well") == ["/comment"]
    assert problems(session, cast, plan, who=cast.ann) == ["/reflection/learned"]
    close(session, cast, plan, who=cast.ann, reflection={}, comment="Well asked.")
    data = json.loads(session.scalars(select(Closing)).one().data)
    assert (data["comment"], data["closed_by"], data["manager"]) == ("Well asked.", "Ann", "Ann")


def test_the_managers_comment_waits_for_the_closing(session: Session, cast: Cast, plan: Plan) -> None:
    ann, ben = cast.actor(cast.ann), cast.actor(cast.ben)
    with pytest.raises(Invalid):
        closing.write_closing_comment(session, ben, plan.id, ClosingComment(comment="x", version=plan.version))
    kept = ClosingComment(comment="You made the others ask better.", version=plan.version)
    closing.write_closing_comment(session, ann, plan.id, kept)
    assert queries.get_plan(session, ben, plan.id).closing_comment == kept.comment
    for reader in (cast.max, cast.dee):
        assert queries.get_plan(session, cast.actor(reader), plan.id).closing_comment == ""
    close(session, cast, plan)
    ended = get_closing(session, ben, plan.id)
    assert ended
    assert ended.ending.comment == kept.comment


def test_a_new_manager_speaks_as_the_manager(session: Session, cast: Cast, plan: Plan) -> None:
    cast.ben.manager_id = cast.fay.id
    rebuild_reporting_lines(session)
    session.commit()
    kept = ClosingComment(comment="Well asked.", version=plan.version)
    closing.write_closing_comment(session, cast.actor(cast.fay), plan.id, kept)
    close(session, cast, plan)
    data = json.loads(session.scalars(select(Closing)).one().data)
    assert (data["manager"], data["comment"]) == ("Fay", "Well asked.")


def test_a_number_is_kept_as_people_write_it(session: Session, cast: Cast, plan: Plan) -> None:
    close(session, cast, plan, "6e1", "5.7e1", 40)
    data = json.loads(session.scalars(select(Closing)).one().data)
    assert [kr["value"] for kr in data["objectives"][0]["key_results"]] == ["60", "57", "40"]


@pytest.mark.parametrize(
    ("reader", "words"), [("ben", True), ("ann", True), ("max", True), ("dee", False), ("pia", False)]
)
def test_hr_reads_scores_and_not_the_words(session: Session, cast: Cast, plan: Plan, reader: str, words: bool) -> None:
    close(session, cast, plan)
    found = get_closing(session, cast.actor(cast.everybody[reader]), plan.id)
    assert found
    assert found.ending.met == (1, 3)
    assert (found.ending.reflection is not None, found.ending.comment is not None) == (words, words)


def test_only_the_two_sides_close(session: Session, cast: Cast, plan: Plan) -> None:
    for other in (cast.max, cast.dee, cast.pia):
        with pytest.raises(Forbidden):
            close(session, cast, plan, who=other)
    for stranger in (cast.eli, cast.una):
        with pytest.raises(NotFound):
            close(session, cast, plan, who=stranger)


def carried(session: Session, plan: Plan) -> Plan | None:
    return session.scalars(select(Plan).where(Plan.carried_from_id == plan.id)).unique().one_or_none()


def test_what_is_ticked_goes_on_from_where_it_ended(session: Session, cast: Cast, plan: Plan) -> None:
    close(session, cast, plan, carry=(1, 2))
    new = carried(session, plan)
    assert new is not None
    assert (new.status, new.person_id, new.assessor_id, new.review_id) == (
        PlanStatus.DRAFT, plan.person_id, plan.assessor_id, plan.review_id,
    )  # fmt: skip
    (old,), (objective,) = plan.objectives, new.objectives
    assert [result.baseline for result in objective.key_results] == ["57", "40"]
    assert {result.target for result in objective.key_results} == {"60"}
    moved = clock.today() - START
    assert (new.start_on, objective.due_on) == (clock.today(), old.due_on + moved)  # type: ignore[operator]
    assert objective.key_results[0].due_on == old.key_results[1].due_on + moved  # type: ignore[operator]
    assert (objective.projects, objective.serves_gaps, new.chosen) == (old.projects, old.serves_gaps, old.serves_gaps)
    assert not {result.id for result in objective.key_results} & {result.id for result in old.key_results}
    agree(session, cast, new)  # nothing is left to put right
    shown = get_closing(session, cast.actor(cast.ben), plan.id)
    assert shown
    assert shown.carried_to_id == new.id


def test_nothing_ticked_begins_nothing_and_what_is_met_stays(session: Session, cast: Cast, plan: Plan) -> None:
    met = plan.objectives[0].key_results[0].id
    assert problems(session, cast, plan, carry=(0,)) == [f"/results/{met}/carry_over"]
    close(session, cast, plan)
    assert carried(session, plan) is None


def test_hr_is_not_led_to_a_draft(session: Session, cast: Cast, plan: Plan) -> None:
    close(session, cast, plan, carry=(1,))
    found = get_closing(session, cast.actor(cast.dee), plan.id)
    assert found
    assert found.carried_to_id is None


def test_after_a_later_review_the_rest_goes_on_on_its_own(session: Session, cast: Cast, plan: Plan) -> None:
    assert plan.review is not None
    plan.review.status = "closed"  # so that the next cycle takes Ben
    session.flush()
    later = open_cycle(session, cast, name="Spring 2027")
    later.starts_on = datetime(2027, 1, 4).date()  # noqa: DTZ001
    close(session, cast, plan, carry=(1,))
    new = carried(session, plan)
    assert new is not None
    assert new.review_id is None
    assert queries.get_plan(session, cast.actor(cast.ann), new.id).objectives
    assert get_draft(session, cast.actor(cast.ann), new.id)


def test_a_review_keeps_its_one_draft(session: Session, cast: Cast, plan: Plan) -> None:
    assert plan.review_id is not None
    again = PromotionPlanInput(start_on=clock.today(), chosen=plan.chosen[:1])
    other = actions.start_promotion_plan(session, cast.actor(cast.ben), plan.review_id, again)
    close(session, cast, plan, carry=(1,))
    new = carried(session, plan)
    assert new is not None
    assert (new.id, new.review_id) != (other.id, other.review_id)


def test_who_left_takes_nothing_further(session: Session, cast: Cast, plan: Plan) -> None:
    cast.ben.active = False
    session.flush()
    with pytest.raises(Conflict, match="has left"):
        close(session, cast, plan, who=cast.ann, carry=(1,), reflection={})


def test_an_onboarding_plan_is_closed_without_offers(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    plan = agree(session, cast, onboarding_plan(session, cast, cast.cat))
    count = sum(len(objective.key_results) for objective in plan.objectives)
    closing.close_plan(session, cast.actor(cast.cat), plan.id, given(plan, *([1] * (count - 1)), 0, carry=(count - 1,)))
    assert session.scalars(select(EvidenceOffer)).all() == []
    new = carried(session, plan)
    assert new is not None
    assert (new.kind, len(new.objectives), new.chosen) == ("onboarding", 1, [])


def test_skills_that_were_served_get_an_offer(session: Session, cast: Cast, plan: Plan) -> None:
    close(session, cast, plan)
    (offer,) = session.scalars(select(EvidenceOffer))
    assert (offer.skill_id, offer.url, str(offer.dated)) == (plan.chosen[0], f"/plans/{plan.id}", "2027-01-08")
    assert offer.note == f"Growth plan “{plan.title}”, closed on 8 Jan 2027: 1 of 3 key results for this met."


def fields(plan: Plan, *values: str, **more: str) -> dict[str, str]:
    ids = [result.id for objective in plan.objectives for result in objective.key_results]
    named = {f"results/{id_}/value": value for id_, value in zip(ids, values, strict=True)}
    return named | {name.replace("__", "/"): value for name, value in more.items()}


def test_closing_by_the_page(session: Session, cast: Cast, plan: Plan, sign_in: SignIn) -> None:
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}"
    assert "Close the plan" in text_of(ben.get(here))
    form = f"{here}/closing"
    shown = ben.get(form)
    typed = fields(plan, "60", "abc", "", reflection__met="Most of <it>", comment="")
    again = ben.post(form, data=typed | {"version": version_in(shown)})
    assert again.status_code == 422
    said = text_of(again)
    assert (again.text.count('value="60"'), again.text.count('value="abc"')) == (1, 1)
    assert ("Write a number, such as 12 or 0.5." in said, "Most of &lt;it&gt;" in again.text) == (True, True)

    typed = fields(plan, "60", "57", "40", reflection__met="Most of <it>", reflection__learned="")
    typed[f"results/{plan.objectives[0].key_results[1].id}/carry_over"] = "yes"
    again = ben.post(form, data=typed | {"version": version_in(shown)})
    assert (again.status_code, "Say in a few words what you take with you." in text_of(again)) == (422, True)
    assert (again.text.count('value="yes" checked'), "Most of &lt;it&gt;" in again.text) == (1, True)

    done = ben.post(form, data=typed | {"reflection/learned": LEARNED, "version": version_in(again)})
    assert done.headers["location"] == here
    page = ben.get(here)
    said = text_of(page)
    assert "Well done: 1 of 3 key results is met." in said
    assert said.index("What you reached") < said.index("What came part of the way") < said.index(LEARNED)
    assert "Most of &lt;it&gt;" in page.text
    new = carried(session, plan)
    assert new is not None
    assert f'href="/plans/{new.id}"' in page.text
    assert f'href="/plans/{plan.id}"' in ben.get(f"/plans/{new.id}").text
    assert ben.get(form).headers["location"] == here

    hr = text_of(sign_in(cast.dee).get(here))
    assert ("1 of 3" in hr, "57 %" in hr, LEARNED in hr, "Most of" in hr) == (True, True, False, False)


def test_a_stale_form_stands_again_with_all_words(session: Session, cast: Cast, plan: Plan, sign_in: SignIn) -> None:
    ben, form = sign_in(cast.ben), f"/plans/{plan.id}/closing"
    typed = fields(plan, "60", "57.5", "40", reflection__learned=LEARNED)
    again = ben.post(form, data=typed | {"version": str(plan.version - 1)})
    assert (again.status_code, 'value="57.5"' in again.text, LEARNED in again.text) == (412, True, True)
    begin_change(session, cast.actor(cast.ann), plan.id, ChangeInput(reason="x", version=plan.version))
    session.commit()
    again = ben.post(form, data=typed | {"version": str(plan.version)})
    assert (again.status_code, 'value="57.5"' in again.text, LEARNED in again.text) == (409, True, True)


@pytest.mark.parametrize(
    "odd", [{"results": "x"}, {"results/x/value": "1"}, {"results/x": "1"}, {"reflection": "y"}, {"a/b/c/d": "1"}]
)
def test_an_odd_form_is_refused_in_peace(plan: Plan, cast: Cast, sign_in: SignIn, odd: dict[str, str]) -> None:
    more = fields(plan, "60", "57", "40", reflection__learned=LEARNED) | {"version": str(plan.version)}
    assert sign_in(cast.ben).post(f"/plans/{plan.id}/closing", data=odd | more).status_code == 422


def test_the_manager_keeps_a_comment_by_the_page(session: Session, cast: Cast, plan: Plan, sign_in: SignIn) -> None:
    ann, form = sign_in(cast.ann), f"/plans/{plan.id}/closing"
    shown = ann.get(form)
    assert "reflection/learned" not in shown.text
    kept = ann.post(f"{form}-comment", data={"comment": "Well asked.", "version": version_in(shown)})
    assert kept.headers["location"] == form
    assert "Well asked." in ann.get(form).text
    assert "Well asked." in text_of(sign_in(cast.ben).get(form))
    typed = fields(plan, "60", "57.5", "") | {"comment": "Well asked indeed.", "version": version_in(shown)}
    partly = ann.post(f"{form}-comment", data=typed)
    assert ("Your comment is kept." in partly.text, 'value="57.5"' in partly.text) == (True, True)
    assert "Well asked indeed." in text_of(sign_in(cast.ben).get(form))
    assert send(ann, form, form, fields(plan, "60", "57", "40") | {"comment": "Well asked, Ben."}).status_code == 303
    assert "Well asked, Ben." in text_of(sign_in(cast.ben).get(f"/plans/{plan.id}"))


def test_the_last_known_values_are_filled_in(session: Session, plan: Plan, cast: Cast, sign_in: SignIn) -> None:
    first = plan.objectives[0].key_results[0].id
    check_in(session, cast.actor(cast.ben), plan.id, None, {first: CheckInInput(value=Decimal("51.25"), confidence=7)})
    session.commit()
    shown = sign_in(cast.ben).get(f"/plans/{plan.id}/closing")
    assert (shown.text.count('value="51.25"'), "last check-in" in shown.text) == (1, True)


def test_the_same_through_the_api(session: Session, cast: Cast, plan: Plan, sign_in: SignIn, bearer: Bearer) -> None:
    ben, here = sign_in(cast.ben), f"/api/v1/plans/{plan.id}"
    assert ben.get(f"{here}/closing").status_code == 404
    ann = sign_in(cast.ann)
    comment = {"comment": "Well asked."}
    assert ann.put(f"{here}/closing-comment", json=comment).status_code == 428
    kept = ann.put(f"{here}/closing-comment", json=comment, headers={"if-match": ann.get(here).headers["etag"]})
    seen = {"if-match": kept.headers["etag"]}
    body = {"results": results_of(plan, 60, 57, 40, carry=(1,)), "reflection": {"learned": LEARNED}}
    assert bearer(cast.ben, Scope.WRITE).post(f"{here}/closing", json=body, headers=seen).status_code == 403
    assert ben.post(f"{here}/closing", json=body).status_code == 428
    assert ben.post(f"{here}/closing", json={"results": {}}, headers=seen).status_code == 422
    done = ben.post(f"{here}/closing", json=body, headers=seen)
    assert (done.status_code, done.headers["location"]) == (201, f"{here}/closing")
    assert done.json()["ending"]["objectives"][0]["key_results"][1]["percent"] == 85
    assert (done.json()["ending"]["comment"], done.json()["carried_to_id"] is not None) == ("Well asked.", True)
    assert ben.get(here).json()["status"] == "closed"
    hr = sign_in(cast.dee).get(f"{here}/closing").json()
    assert (hr["ending"]["reflection"], hr["ending"]["comment"], hr["carried_to_id"]) == (None, None, None)
    assert hr["ending"]["objectives"] == done.json()["ending"]["objectives"]


def test_reading_a_closed_plan_costs_a_few_queries_more(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, count_queries: CountQueries
) -> None:
    ben = sign_in(cast.ben)
    before = count_queries(lambda: ben.get(f"/plans/{plan.id}"))
    close(session, cast, plan, carry=(1, 2))
    assert count_queries(lambda: ben.get(f"/plans/{plan.id}")) <= before + 4


def test_a_comment_that_was_kept_stays_where_closing_says_nothing(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn
) -> None:
    ann, here = sign_in(cast.ann), f"/api/v1/plans/{plan.id}"
    kept = ann.put(
        f"{here}/closing-comment", json={"comment": "Well asked."}, headers={"if-match": f'"{plan.version}"'}
    )
    seen = {"if-match": kept.headers["etag"]}
    assert ann.post(f"{here}/closing", json={"results": results_of(plan, 60, 57, 40)}, headers=seen).status_code in (
        200,
        201,
    )
    assert ann.get(f"{here}/closing").json()["ending"]["comment"] == "Well asked."
