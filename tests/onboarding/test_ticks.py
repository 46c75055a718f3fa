"""Ticking off an onboarding plan: by both sides, on the page and in the API, on both databases."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from reports import growth_plan
from service import clock
from service.audit.models import AuditEvent
from service.errors import Conflict, Forbidden, Invalid, NotFound
from service.onboarding import actions as ticks
from service.onboarding.actions import start_onboarding_plan
from service.onboarding.inputs import OnboardingPlanInput
from service.onboarding.models import Tick
from service.onboarding.queries import get_steps
from service.onboarding.rules import StepKind
from service.permissions import Scope
from service.plans.models import Plan
from service.plans.rules import PlanStatus, months_after
from tests.factories import open_cycle
from tests.plans.browsing import text_of
from tests.plans.drafts import agree, complete_plan

TODAY = clock.today()
DAY, START = TODAY - timedelta(days=3), TODAY - timedelta(days=20)


@pytest.fixture
def draft(session, cast):
    """Cat's first 90 days, begun by Ann."""
    open_cycle(session, cast)
    given = OnboardingPlanInput(person_id=cast.cat.id, start_on=START)
    plan = start_onboarding_plan(session, cast.actor(cast.ann), given)
    session.commit()
    return plan


@pytest.fixture
def agreed(session, cast, draft):
    return agree(session, cast, draft)


def steps_of(session, cast, plan, person=None):
    return get_steps(session, cast.actor(person or plan.person), plan.id)


def first(session, cast, plan, kind=StepKind.GOAL):
    found = steps_of(session, cast, plan)
    return next(step for stage in found.stages for step in stage.steps if step.kind is kind)


def test_goals_evidence_and_milestones_are_the_steps(session, cast, agreed):
    found = steps_of(session, cast, agreed)
    assert [(stage.title, len(stage.steps)) for stage in found.stages] == [
        ("30 days", 8), ("60 days", 7), ("90 days", 7), ("6 months", 4), ("12 months", 4),
    ]  # fmt: skip
    assert (found.done, found.count, found.may_tick) == (0, 30, True)
    assert [stage.until for stage in found.stages][3:] == [months_after(START, 6), months_after(START, 12)]


@pytest.mark.parametrize("kind", list(StepKind))
def test_both_sides_tick_off_and_take_back_and_the_record_keeps_it(session, cast, agreed, kind):
    key, text = first(session, cast, agreed, kind).key, agreed.revisions[-1].data
    ticks.tick_step(session, cast.actor(cast.cat), agreed.id, key, DAY)
    step = first(session, cast, agreed, kind)
    assert (step.done_on, step.done_by, steps_of(session, cast, agreed).done) == (DAY, "Cat", 1)
    for _ in range(2):  # said again, it changes nothing
        ticks.tick_step(session, cast.actor(cast.ann), agreed.id, key, None)
    step = first(session, cast, agreed, kind)
    assert (step.done_on, step.done_by) == (TODAY, "Ann")
    for _ in range(2):
        ticks.untick_step(session, cast.actor(cast.ann), agreed.id, key)
    session.commit()
    assert session.scalars(select(Tick)).all() == []
    verbs = select(AuditEvent.verb).where(AuditEvent.resource_kind == "tick").order_by(AuditEvent.seq)
    assert session.scalars(verbs).all() == ["step.ticked", "step.ticked", "step.unticked"]
    assert (agreed.revisions[-1].data, agreed.status) == (text, PlanStatus.AGREED)


def test_hr_and_those_above_read_and_others_do_not(session, cast, agreed):
    key = first(session, cast, agreed).key
    for person, error in ((cast.max, Forbidden), (cast.dee, Forbidden), (cast.pia, Forbidden), (cast.eli, NotFound)):
        with pytest.raises(error):
            ticks.tick_step(session, cast.actor(person), agreed.id, key, None)
        with pytest.raises(error):
            ticks.untick_step(session, cast.actor(person), agreed.id, key)
    for person in (cast.max, cast.dee, cast.pia):
        assert not steps_of(session, cast, agreed, person).may_tick
    with pytest.raises(NotFound):
        steps_of(session, cast, agreed, cast.eli)


def test_nothing_is_ticked_off_ahead_of_time(session, cast, draft):
    cat, key = cast.actor(cast.cat), first(session, cast, draft).key
    assert not steps_of(session, cast, draft).may_tick
    with pytest.raises(Conflict, match="both sides have agreed"):
        ticks.tick_step(session, cat, draft.id, key, None)
    agree(session, cast, draft)
    for day in (START - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid):
            ticks.tick_step(session, cat, draft.id, key, day)
    with pytest.raises(NotFound, match="no such step"):
        ticks.tick_step(session, cat, draft.id, "7-months.fly", None)


def test_a_plan_about_gaps_has_no_steps(session, cast):
    plan = agree(session, cast, complete_plan(session, cast))
    assert steps_of(session, cast, plan).stages == ()
    with pytest.raises(Conflict, match="onboarding"):
        ticks.tick_step(session, cast.actor(cast.ben), plan.id, "6-months.whole-lifecycle", None)


def test_the_steps_are_those_of_the_text_in_force(session, cast, agreed):
    """What is written for a next revision is no step before it is agreed."""
    agreed.objectives[0].projects = ["Not agreed yet"]
    session.flush()
    words = [step.words for stage in steps_of(session, cast, agreed).stages for step in stage.steps]
    assert "Not agreed yet" not in words
    assert len(words) == 30


def test_a_closed_plan_keeps_its_ticks_and_its_milestones_go_on(session, cast, agreed):
    cat, goal = cast.actor(cast.cat), first(session, cast, agreed)
    milestone = first(session, cast, agreed, StepKind.MILESTONE)
    ticks.tick_step(session, cat, agreed.id, goal.key, DAY)
    agreed.status = PlanStatus.CLOSED
    session.flush()
    with pytest.raises(Conflict, match="closed"):
        ticks.untick_step(session, cat, agreed.id, goal.key)
    ticks.tick_step(session, cat, agreed.id, milestone.key, None)
    assert steps_of(session, cast, agreed).done == 2


def test_the_revision_names_the_milestones_and_the_page_and_pdf_print_them(session, cast, agreed, sign_in):
    data = json.loads(agreed.revisions[-1].data)
    assert [(it["months"], it["due_on"]) for it in data["milestones"]][::4] == [
        (6, months_after(START, 6).isoformat()), (12, months_after(START, 12).isoformat()),
    ]  # fmt: skip
    html = growth_plan.to_html(growth_plan.check(data), "0" * 64)
    assert "Milestones to follow" in html
    assert "Show KPI improvements that last" in html
    assert "Milestones to follow" in text_of(sign_in(cast.cat).get(f"/plans/{agreed.id}/revisions/1"))


def test_the_page_of_a_draft_shows_what_follows_and_has_nothing_to_tick(draft, cast, sign_in):
    page = sign_in(cast.cat).get(f"/plans/{draft.id}")
    assert "Milestones to follow" in text_of(page)
    assert "/ticks/" not in page.text


def test_a_step_is_ticked_off_by_a_button_and_told_as_a_count(session, cast, agreed, sign_in):
    cat, here = sign_in(cast.cat), f"/plans/{agreed.id}"
    page = cat.get(here)
    assert "0 of 30 ticked off" in text_of(page)
    action = re.findall(rf'action="({here}/ticks/[^"]+)"', page.text)[0]
    answer = cat.post(action)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}#step-{action.rsplit('/', 1)[1]}")
    page = text_of(cat.get(here))
    assert "1 of 30 ticked off" in page
    assert "30 days: 1 of 8" in page
    assert "ticked off by Cat" in page
    steps = page.partition("1 of 30 ticked off")[2].partition("Progress")[0]
    assert not re.search(r"\d %|\d percent", steps)  # a count, never a share
    ahead = cat.post(action, data={"done_on": (TODAY + timedelta(days=1)).isoformat()})
    assert (ahead.status_code, "Choose today or a day before it." in ahead.text) == (422, True)
    assert cat.post(action, data={"done_on": DAY.isoformat()}).status_code == 303
    assert cat.post(f"{action}/removal").status_code == 303
    assert "0 of 30 ticked off" in text_of(cat.get(here))
    dee = sign_in(cast.dee).get(here)
    assert ("0 of 30 ticked off" in text_of(dee), "/ticks/" in dee.text) == (True, False)


def test_the_api_ticks_off_with_the_same_words(session, cast, agreed, bearer):
    writer, reader = bearer(cast.cat, Scope.WRITE), bearer(cast.cat, Scope.READ)
    here = f"/api/v1/plans/{agreed.id}/ticks"
    step = reader.get(here).json()["stages"][0]["steps"][0]
    assert (step["kind"], step["done_on"]) == ("goal", None)
    answer = writer.put(f"{here}/{step['key']}", json={"done_on": DAY.isoformat()})
    assert (answer.status_code, answer.json()["done"]) == (200, 1)
    assert answer.json()["stages"][0]["steps"][0] == step | {"done_on": DAY.isoformat(), "done_by": "Cat"}
    assert writer.put(f"{here}/{step['key']}", json={"done_on": "2999-01-01"}).status_code == 422
    assert reader.put(f"{here}/{step['key']}", json={}).status_code == 403
    assert writer.put(f"{here}/nothing", json={}).status_code == 404
    for _ in range(2):
        answer = writer.delete(f"{here}/{step['key']}")
        assert (answer.status_code, answer.json()["done"]) == (200, 0)


def test_the_number_of_queries_does_not_grow_with_the_ticks(session, cast, agreed, sign_in, count_queries):
    cat, plan_id, counts = sign_in(cast.cat), agreed.id, []
    here = f"/plans/{plan_id}"
    keys = [step.key for stage in steps_of(session, cast, agreed).stages for step in stage.steps]
    for some in (keys[:1], keys[1:9]):
        for key in some:
            ticks.tick_step(session, cast.actor(cast.cat), agreed.id, key, DAY)
        session.commit()
        session.expunge_all()
        counts.append(count_queries(lambda: cat.get(here)))
        agreed = session.get(Plan, plan_id)
    assert counts[0] == counts[1]
