"""Checking in: what stands, what is kept, who may, and when."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from service.audit.models import AuditEvent
from service.checkins import actions, queries
from service.checkins.models import CheckIn
from service.checkins.rules import State
from service.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from service.people.actions import rebuild_reporting_lines
from service.plans.models import Revision
from service.plans.rules import PlanStatus
from tests.checkins.running import check_in, day, results, running_plan, said
from tests.plans.drafts import START, complete_plan


@pytest.fixture
def plan(session, cast):
    return running_plan(session, cast)


def progress(session, cast, plan, person=None):
    return queries.get_progress(session, cast.actor(person or cast.ben), plan.id)


def standing(session, cast, plan):
    """(day, value, confidence, note, by) of the first key result."""
    first = next(iter(progress(session, cast, plan).key_results.values()))
    return [((c.on - START).days, str(c.value), c.confidence, c.note, c.author_name) for c in first.check_ins]


def test_four_weeks_of_check_ins_make_the_progress(session, cast, plan):
    for week, values in enumerate([(40.5, 40.5), (45, 44), (50.25, 43), (60, 42)], start=1):
        check_in(session, cast, plan, 7 * week, *[said(value, week + 3) for value in values])
    with day(28):
        found = progress(session, cast, plan)
    shares = [(kr.percent, kr.state, kr.last and str(kr.last.value)) for kr in found.key_results.values()]
    assert shares == [(100, State.REACHED, "60"), (8, State.AT_RISK, "42"), (0, State.AT_RISK, None)]
    assert found.objectives[0].percent == 36
    assert [len(kr.check_ins) for kr in found.key_results.values()] == [4, 4, 0]
    assert (found.next_on, found.remarks) == (START + timedelta(35), ())


def test_a_correction_takes_the_place_and_the_earlier_one_is_kept(session, cast, plan):
    check_in(session, cast, plan, 7, said(45, 7, "first"))
    check_in(session, cast, plan, 7, said(44, 6, "counted again", version=1), person=cast.ann)
    assert standing(session, cast, plan) == [(7, "44", 6, "counted again", "Ann")]
    last = next(iter(progress(session, cast, plan).key_results.values())).last
    assert [(old.note, old.author_name, old.version) for old in last.replaces] == [("first", "Ben", 1)]
    assert last.version == 2


def test_what_was_not_seen_is_not_overwritten(session, cast, plan):
    check_in(session, cast, plan, 7, said(45, 7, "Ann's"), person=cast.ann)
    for seen in (0, 2):
        with pytest.raises(Stale, match="Ann has checked in for this day") as refused:
            check_in(session, cast, plan, 7, said(46, version=seen))
        assert refused.value.current.note == "Ann's"
    with pytest.raises(Stale, match="no check-in of this day"):
        check_in(session, cast, plan, 8, said(46, version=1))
    assert standing(session, cast, plan) == [(7, "45", 7, "Ann's", "Ann")]


def test_the_same_sent_twice_is_kept_once(session, cast, plan):
    for value in ("45", "45.0"):
        check_in(session, cast, plan, 7, said(value))
    assert session.scalar(select(func.count()).select_from(CheckIn)) == 1
    saved = select(AuditEvent).where(AuditEvent.verb == "check_ins.saved")
    assert [(e.resource_kind, e.resource_id, e.subject_id) for e in session.scalars(saved)] == [
        ("plan", str(plan.id), cast.ben.id)
    ]


def test_all_or_none_for_programs(session, cast, plan):
    ben, first, nowhere = cast.actor(cast.ben), results(plan)[0], uuid4()
    with day(7), pytest.raises(Invalid) as refused:
        actions.check_in(session, ben, plan.id, None, {first: said(45), nowhere: said(1)})
    assert [problem.pointer for problem in refused.value.problems] == [f"/{nowhere}"]


def test_what_fits_is_kept_from_a_form(session, cast, plan):
    ben, (first, second, _) = cast.actor(cast.ben), results(plan)
    check_in(session, cast, plan, 7, said(45))
    with day(7):
        refused = actions.check_in_fitting(session, ben, plan.id, None, {first: said(46), second: said(41)})
    session.commit()
    assert list(refused) == [first]
    found = progress(session, cast, plan).key_results
    assert [str(kr.last.value) for kr in found.values() if kr.last] == ["45", "41"]


@pytest.mark.parametrize(
    ("name", "error"),
    [("max", Forbidden), ("dee", NotFound), ("pia", NotFound), ("una", NotFound), ("eli", NotFound), ("cat", NotFound)],
)
def test_only_the_two_sides_check_in(session, cast, plan, name, error):
    with pytest.raises(error):
        check_in(session, cast, plan, 7, said(45), person=cast.everybody[name])


def test_a_new_manager_goes_on_where_the_former_one_stood(session, cast, plan):
    check_in(session, cast, plan, 7, said(45), person=cast.ann)
    cast.ben.manager_id = cast.max.id
    session.flush()
    rebuild_reporting_lines(session)
    session.commit()
    session.expire_all()
    check_in(session, cast, plan, 14, said(47), person=cast.max)
    assert [line[1] for line in standing(session, cast, plan)] == ["45", "47"]


def test_a_draft_takes_none(session, cast):
    draft = complete_plan(session, cast)
    with day(7), pytest.raises(Conflict, match="once both sides have agreed"):
        actions.check_in(session, cast.actor(cast.ben), draft.id, None, {results(draft)[0]: said(45)})


def test_a_closed_plan_keeps_what_was_said(session, cast, plan):
    check_in(session, cast, plan, 7, said(45))
    plan.status = PlanStatus.CLOSED
    session.commit()
    with pytest.raises(Conflict, match="closed"):
        check_in(session, cast, plan, 8, said(46))
    with day(60):
        found = progress(session, cast, plan)
    assert (found.may_check_in, found.next_on, found.remarks) == (False, None, ())
    assert standing(session, cast, plan) == [(7, "45", 7, "", "Ben")]


def test_only_days_of_the_plan_that_have_been(session, cast, plan):
    ben, first = cast.actor(cast.ben), results(plan)[0]
    with day(7):
        for wrong in (START - timedelta(1), START + timedelta(8)):
            with pytest.raises(Invalid):
                actions.check_in(session, ben, plan.id, wrong, {first: said(45)})
        actions.check_in(session, ben, plan.id, START + timedelta(2), {first: said(45)})
    with day(-1), pytest.raises(Conflict, match="begins on"):
        actions.check_in(session, ben, plan.id, None, {first: said(45)})


def test_the_rhythm_is_advised_and_then_asked_for(session, cast, plan):
    said_on = {}
    for number in (7, 8, 90, 91):
        with day(number):
            found = progress(session, cast, plan)
            due = [(one.title, (one.due_on - START).days) for one in queries.list_due(session, cast.actor(cast.ben))]
            said_on[number] = ([remark.check for remark in found.remarks], due)
    asked = [("Towards Senior, Autumn 2026", 7)]
    assert said_on == {7: ([], asked), 8: (["C1"], asked), 90: (["C1"], asked), 91: ([], [])}

    check_in(session, cast, plan, 9, said(45), person=cast.ann)
    with day(15):
        assert queries.list_due(session, cast.actor(cast.ben)) == ()
    with day(17):
        remark = progress(session, cast, plan).remarks[0]
        assert remark.detail.startswith("The last check-in was 8 days ago.")
        assert [(one.due_on - START).days for one in queries.list_due(session, cast.actor(cast.ben))] == [16]
        assert queries.list_due(session, cast.actor(cast.ann)) == ()


def test_what_a_later_revision_adds_runs_from_its_own_day(session, cast, plan):
    first = plan.revisions[0]
    data = json.loads(first.data)
    added = data["objectives"][0]["key_results"][0] | {"id": str(uuid4()), "title": "Added later"}
    data["objectives"][0]["key_results"].append(added)
    data["plan"]["revision"] = 2
    session.add(
        Revision(plan=plan, number=2, data=json.dumps(data), sha256="2" * 64, agreed_at=first.agreed_at + timedelta(13))
    )
    session.commit()
    session.expire_all()
    check_in(session, cast, plan, 7, said(45))
    with day(15):
        found = progress(session, cast, plan)
    assert [((kr.since - START).days, kr.state) for kr in found.key_results.values()] == [
        (0, State.ON_TRACK), (0, State.AT_RISK), (0, State.AT_RISK), (13, State.NOT_BEGUN),
    ]  # fmt: skip
    assert found.revision == 2


def test_the_number_of_statements_does_not_grow(session, cast, plan, count_queries):
    ben, sent = cast.actor(cast.ben), []
    for number in (1, 2):
        texts = {id_: said(40 + number, note=str(number)) for id_ in results(plan)[: number * 2 - 1]}
        with day(number):
            sent.append(count_queries(lambda t=texts: actions.check_in(session, ben, plan.id, None, t)))
        session.commit()
        session.expire_all()
    assert sent[0] == sent[1] <= 12
