"""What a plan takes over from the blueprint keeps saying where it began: in the form, the API, the revision, on the page."""

import json
import re
from html import unescape

import pytest
from sqlalchemy.orm import Session

from service.drafts.actions import add_key_result, add_objective, change_objective
from service.drafts.rules import areas_for
from service.errors import Invalid
from service.ladders.starts import entries, reference
from service.permissions import Scope
from service.plans.models import ObjectiveRow, Plan
from service.plans.text import signature_of
from tests.cast import Cast
from tests.factories import open_cycle, shipped
from tests.plans.browsing import KEY_RESULT, OBJECTIVE, send, text_of
from tests.plans.drafts import agree, complete_plan, key_result, objective, onboarding_plan, promotion_plan

PM = "product-manager/2026.1"
CRITERION, KPI = f"{PM}/criterion/senior.communication", f"{PM}/kpi/backlog-readiness"


@pytest.fixture
def plan(session, cast):
    return promotion_plan(session, cast)


def add(session: Session, cast: Cast, plan: Plan, **changes: object) -> ObjectiveRow:
    row = add_objective(session, cast.actor(cast.ben), plan.id, objective(plan, **changes))
    session.commit()
    return row


def test_areas_are_offered_where_they_name_the_skill():
    ladder, blueprint = shipped()[0]

    def offered(skill_id):
        return [area.id for area in areas_for(blueprint, ladder.skills_by_id[skill_id])]

    assert offered("customer-empathy") == ["user-needs"]
    assert offered("trade-off-decisions") == ["features"]
    assert offered("cloud-and-deployment") == []


@pytest.mark.parametrize(
    ("gap", "key", "words", "projects"),
    [
        ("communication-clarity", "criterion/senior.communication", "Tells leadership a crisp story", ""),
        ("communication-clarity", "start/alignment.product-updates", "Everybody concerned knows", "Write guides"),
    ],
)
def test_taking_one_over_fills_the_form_and_is_kept(session, cast, plan, sign_in, gap, key, words, projects):
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/objectives"
    offer = re.search(rf'href="([^"]+start={key})"', ben.get(f"{here}/new?gap={gap}").text)
    assert offer
    form = ben.get(unescape(offer[1]))
    assert words in re.search(r"<textarea id=.title.[^>]*>\s*([^<]+)<", form.text)[1]
    assert projects in re.search(r"<textarea id=.projects.[^>]*>\s*([^<]*)<", form.text)[1]
    assert re.search(rf'name="source" value="{PM}/{key}"[^>]* checked', form.text)
    answer = send(ben, unescape(offer[1]), here, OBJECTIVE | {"source": f"{PM}/{key}", "serves_gaps": gap})
    assert answer.status_code == 303
    session.expire_all()
    assert session.get(Plan, plan.id).objectives[0].source == f"{PM}/{key}"
    page = ben.get(f"/plans/{plan.id}")
    kind, _, id_ = key.partition("/")
    assert f'href="/ladders/product-manager/2026.1/blueprint#{kind}-{id_}"' in page.text
    assert "From the blueprint:" in text_of(page)


def test_key_results_are_counted_as_kpis_targets_and_measures_are(session, cast, plan, sign_in):
    row = add(session, cast, plan, serves_gaps=["requirements-and-user-stories"])
    ben, results = sign_in(cast.ben), f"/plans/{plan.id}/objectives/{row.id}/key-results"
    page = text_of(ben.get(f"{results}/new"))
    for words in (
        "Backlog readiness rate efficiency KPI", "as the blueprint has it: 80–90% of items ready before planning, every two weeks",
        "Assumptions are tested with users", "Choosing which features and capabilities come first: 70 or more",
    ):  # fmt: skip
        assert words in page
    form = ben.get(f"{results}/new?start=target/features.monthly-users").text
    assert 'value="Monthly active users"' in form
    assert "The blueprint’s own target for it: 20% more." in unescape(form)
    answer = send(ben, f"{results}/new?start=kpi/backlog-readiness", results, KEY_RESULT | {"source": KPI})
    assert answer.status_code == 303
    session.expire_all()
    assert session.get(Plan, plan.id).objectives[0].key_results[0].source == KPI
    assert "from the blueprint : KPI: Backlog readiness rate" in text_of(ben.get(f"/plans/{plan.id}"))


def test_editing_keeps_the_link_until_it_is_dropped(session, cast, plan, sign_in):
    row = add(session, cast, plan, source=CRITERION)
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/objectives/{row.id}"
    form = ben.get(here).text
    assert "In the blueprint, criterion of promotion: Communication" in form
    for source in (CRITERION, ""):
        assert send(ben, here, here, OBJECTIVE | {"title": "Told anew", "source": source}).status_code == 303
        session.expire_all()
        assert session.get(Plan, plan.id).objectives[0].source == (source or None)
    assert 'name="source"' not in ben.get(here).text


@pytest.mark.parametrize(
    "name",
    [
        "product-manager/2026.1/kpi/fame",
        "product-manager/2025.1/kpi/backlog-readiness",
        "kpi/backlog-readiness",
        "x" * 300,
    ],
)
def test_an_unknown_place_is_a_clear_error(session, cast, plan, name):
    ben = cast.actor(cast.ben)
    row = add(session, cast, plan)
    for refused in (
        lambda: add_objective(session, ben, plan.id, objective(plan, source=name)),
        lambda: add_key_result(session, ben, plan.id, row.id, key_result(plan, source=name)),
    ):
        with pytest.raises(Invalid) as caught:
            refused()
        (problem,) = caught.value.problems
        assert problem.pointer == "/source"
        assert "the blueprint of product-manager 2026.1" in problem.detail
        assert "product-manager/2026.1/goals/30-days" in problem.detail


def test_what_was_carried_over_from_another_version_stays(session, cast, plan):
    row, old = add(session, cast, plan), "product-manager/2025.1/kpi/old"
    row.source = old
    session.commit()
    change_objective(session, cast.actor(cast.ben), plan.id, row.id, objective(plan, source=old))
    assert row.source == old


def test_the_api_takes_and_gives_it(cast, session, plan, bearer):
    ben, here = bearer(cast.ben, Scope.WRITE), f"/api/v1/plans/{plan.id}"
    body = {"title": "Led well", "horizon": 30, "why": "So.", "source": CRITERION}
    answer = ben.post(f"{here}/objectives", json=body, headers={"if-match": f'"{plan.version}"'}).json()
    (given,) = answer["objectives"]
    assert given["source"] == CRITERION
    assert answer["origins"][CRITERION]["label"] == "criterion of promotion: Communication"
    kr = {"title": "More", "source": KPI}
    place = f"{here}/objectives/{given['id']}/key-results"
    answer = ben.post(place, json=kr, headers={"if-match": f'"{answer["version"]}"'}).json()
    assert answer["objectives"][0]["key_results"][0]["source"] == KPI
    wrong = ben.post(place, json=kr | {"source": "a/b/c/d"}, headers={"if-match": f'"{answer["version"]}"'})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/source")


def test_a_revision_holds_it_and_a_signature_of_before_stays_good(session, cast):
    plan = complete_plan(session, cast)
    before = signature_of(plan)
    plan.objectives[0].source = CRITERION
    assert signature_of(plan) != before
    plan.objectives[0].source = None
    assert signature_of(plan) == before
    plan.objectives[0].source, plan.objectives[0].key_results[0].source = CRITERION, KPI
    session.commit()
    (found,) = json.loads(agree(session, cast, plan).revisions[0].data)["objectives"]
    assert (found["source"], [kr.get("source") for kr in found["key_results"]]) == (CRITERION, [KPI, None, None])


@pytest.mark.parametrize("which", [0, 1])
def test_an_onboarding_plan_says_where_all_of_it_began(session, cast, which):
    open_cycle(session, cast)
    ladder, blueprint = shipped()[which]
    cast.cat.ladder = ladder.id
    session.commit()
    plan = onboarding_plan(session, cast, cast.cat)
    sources = [row.source for row in plan.objectives] + [kr.source for row in plan.objectives for kr in row.key_results]
    known = {reference(blueprint, key) for key in entries(blueprint)}
    assert set(sources) <= known
    assert len(sources) == len(set(sources)) == 12
