"""The steps of an onboarding plan, without a database."""

from datetime import date

import pytest

from service.errors import Conflict, Invalid
from service.onboarding import rules as steps
from service.onboarding.rules import StepKind
from service.plans.rules import Kind, PlanStatus, months_after
from tests.factories import shipped

START = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 12, 1), 6, date(2027, 6, 1)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 3, 31), 6, date(2026, 9, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 6, date(2028, 8, 29)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 6, 15), 18, date(2027, 12, 15)),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


def objective(**changes: object) -> dict[str, object]:
    key_results = [
        {"id": "k1", "title": "Shown", "direction": "at least", "baseline": None, "unit": "shown", "target": "1"},
        {"id": "k2", "title": "Counted", "direction": "increase", "baseline": "1", "unit": "%", "target": "5"},
    ]
    values = {"id": "o1", "title": "Arrive", "horizon": 30, "projects": ["Read.", "Meet.", "Read."]}
    return values | {"key_results": key_results} | changes


def test_steps_are_goals_and_evidence_that_is_no_number() -> None:
    (stage,) = steps.stages(START, [objective()], (), {})
    assert [(step.kind, step.words) for step in stage.steps] == [
        (StepKind.GOAL, "Read."), (StepKind.GOAL, "Meet."), (StepKind.EVIDENCE, "Shown"),
    ]  # fmt: skip
    assert (stage.title, stage.until, stage.done) == ("30 days", date(2026, 9, 30), 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [("unit", "times"), ("target", "2"), ("target", None), ("direction", "at most"), ("baseline", "0")],
)
def test_what_is_counted_is_no_evidence_to_tick_off(field: str, value: str | None) -> None:
    shown = objective()["key_results"][0]  # type: ignore[index]
    assert steps.is_evidence(shown)
    assert not steps.is_evidence(shown | {field: value})


def test_a_tick_stays_with_its_words_and_never_moves_to_another_line() -> None:
    (stage,) = steps.stages(START, [objective()], (), {})
    key = stage.steps[1].key
    done = {key: (date(2026, 9, 2), "Ann")}
    for lines in (["Meet.", "Read."], ["Something new.", "Read.", "Meet."]):
        (stage,) = steps.stages(START, [objective(projects=lines)], (), done)
        assert [step.words for step in stage.steps if step.done_on] == ["Meet."]
    (stage,) = steps.stages(START, [objective(projects=["Read.", "Meet all."])], (), done)
    assert stage.done == 0


def test_milestones_follow_at_6_and_12_months() -> None:
    later = steps.milestones(shipped()[0][1], START)
    assert [(milestone.months, milestone.due_on) for milestone in later] == [
        *[(6, date(2027, 2, 28))] * 4, *[(12, date(2027, 8, 31))] * 4,
    ]  # fmt: skip
    assert later[0].id == "6-months.whole-lifecycle"
    found = steps.stages(START, [objective()], later, {later[5].id: (date(2027, 7, 1), "Ben")})
    assert [(stage.title, stage.done, len(stage.steps), stage.is_later) for stage in found] == [
        ("30 days", 0, 3, False), ("6 months", 0, 4, True), ("12 months", 1, 4, True),
    ]  # fmt: skip
    assert steps.milestones(None, START) == ()


def test_only_an_agreed_onboarding_plan_is_ticked_off() -> None:
    steps.check_has_steps(Kind.ONBOARDING, agreed=True)
    for kind, agreed in ((Kind.ONBOARDING, False), (Kind.PROMOTION, True)):
        with pytest.raises(Conflict):
            steps.check_has_steps(kind, agreed)


def test_of_a_closed_plan_only_the_milestones_go_on() -> None:
    for kind in StepKind:
        steps.check_open(PlanStatus.AGREED, kind)
    steps.check_open(PlanStatus.CLOSED, StepKind.MILESTONE)
    for kind in (StepKind.GOAL, StepKind.EVIDENCE):
        with pytest.raises(Conflict, match="closed"):
            steps.check_open(PlanStatus.CLOSED, kind)


def test_a_step_is_done_between_the_first_day_and_today() -> None:
    today = date(2026, 9, 10)
    for day in (START, today):
        steps.check_done_on(day, START, today)
    for day in (date(2026, 8, 30), date(2026, 9, 11)):
        with pytest.raises(Invalid) as caught:
            steps.check_done_on(day, START, today)
        assert [problem.pointer for problem in caught.value.problems] == ["/done_on"]
