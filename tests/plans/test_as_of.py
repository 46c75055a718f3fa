"""A plan as of a day tells the text in force then, what had been said of it by then, and no word of a draft."""

from datetime import timedelta

import pytest

from service.checkins import actions
from service.checkins.queries import get_progress
from service.checkins.rules import State
from service.closing.queries import get_closing
from service.errors import Conflict, Invalid, NotFound
from service.plans.history import get_plan_then, list_plans_then
from service.plans.queries import list_plans
from service.plans.rules import PlanStatus
from service.revisions.actions import begin_change
from service.revisions.inputs import ChangeInput
from tests.checkins.running import check_in, close, day, results, said, take_out
from tests.plans import drafts
from tests.plans.drafts import START


@pytest.fixture
def plan(session, cast):
    """Ben's: begun on day 0, agreed on day 3, checked in on days 5 and 8, changed on day 10, closed on day 20."""
    with day(0):
        plan = drafts.complete_plan(session, cast)
    with day(3):
        drafts.agree(session, cast, plan)
    check_in(session, cast, plan, 5, said(45))
    check_in(session, cast, plan, 8, said(50, confidence=2))
    take_out(session, cast, plan, results(plan)[2], 10)
    with day(12):
        given = ChangeInput(reason="More", version=plan.version)
        begin_change(session, cast.actor(cast.ben), plan.id, given)
        drafts.change_objective(
            session,
            cast.actor(cast.ben),
            plan.id,
            plan.objectives[0].id,
            drafts.objective(plan, title="Called otherwise"),
        )
        drafts.agree(session, cast, plan)
    session.expire_all()
    close(session, cast, plan, 20)
    session.expire_all()
    return plan


def then(session, cast, plan, number, reader=None):
    with day(30):
        return get_plan_then(session, cast.actor(reader or cast.ben), plan.id, START + timedelta(days=number))


def test_each_day_has_the_text_in_force_and_the_status(session, cast, plan):
    told = []
    for number in (0, 3, 10, 12, 19, 20):
        view = then(session, cast, plan, number)
        told.append((number, str(view.status), len(view.revisions), [it.title for it in view.objectives]))
    first, last = "New users reach their first report without help", "Called otherwise"
    assert told == [
        (0, "draft", 0, []), (3, "agreed", 1, [first]), (10, "agreed", 2, [first]), (12, "agreed", 3, [last]),
        (19, "agreed", 3, [last]), (20, "closed", 3, [last]),
    ]  # fmt: skip
    assert [len(then(session, cast, plan, number).objectives[0].key_results) for number in (3, 10)] == [3, 2]


def test_signatures_are_those_of_the_text_of_then(session, cast, plan):
    view = then(session, cast, plan, 4)
    on = START + timedelta(days=3)
    assert (view.signed_on, view.signer_name, view.agreed_at.date()) == ((("Ben", on), ("Ann", on)), "Ann", on)


@pytest.mark.parametrize("number", [0, 3, 20])
def test_nothing_may_be_done_about_an_earlier_day(session, cast, plan, number):
    view = then(session, cast, plan, number)
    assert (view.may_write, view.may_agree, view.may_change, view.may_close, view.is_written) == (False,) * 5


def test_of_a_draft_the_two_sides_learn_that_it_was_one_and_others_nothing(session, cast, plan):
    for reader in (cast.ben, cast.ann):
        view = then(session, cast, plan, 2, reader)
        assert (view.status, view.objectives, view.chosen, view.revisions) == (PlanStatus.DRAFT, (), (), ())
    for reader in (cast.max, cast.dee):
        with pytest.raises(NotFound, match="no plan that you can read by the end of 4 Nov 2026"):
            then(session, cast, plan, 2, reader)
        assert then(session, cast, plan, 3, reader).status is PlanStatus.AGREED
    with pytest.raises(NotFound):
        then(session, cast, plan, 20, cast.eli)


def test_before_it_was_begun_there_was_no_plan_and_a_day_to_come_is_refused(session, cast, plan):
    with pytest.raises(NotFound, match="no plan"):
        then(session, cast, plan, -1)
    with pytest.raises(Invalid, match="still to come"):
        then(session, cast, plan, 31)


def test_a_change_that_is_being_written_is_in_no_past(session, cast):
    with day(0):
        plan = drafts.agree(session, cast, drafts.complete_plan(session, cast))
    with day(5):
        begin_change(session, cast.actor(cast.ben), plan.id, ChangeInput(reason="Why", version=plan.version))
        changed = drafts.objective(plan, title="To come")
        drafts.change_objective(session, cast.actor(cast.ben), plan.id, plan.objectives[0].id, changed)
        session.commit()
    session.expire_all()
    view = then(session, cast, plan, 6)
    assert ([it.title for it in view.objectives], view.changing_since) == (
        ["New users reach their first report without help"],
        None,
    )


def test_progress_counts_what_had_been_said_by_then(session, cast, plan):
    def progress(number):
        with day(30):
            return get_progress(session, cast.actor(cast.ben), plan.id, as_of=START + timedelta(days=number))

    first = [progress(number).objectives[0].key_results[0] for number in (4, 5, 8)]
    assert [(kr.last and kr.last.value, kr.state) for kr in first] == [
        (None, State.NOT_BEGUN), (45, State.ON_TRACK), (50, State.AT_RISK),
    ]  # fmt: skip
    assert [progress(number).revision for number in (4, 10, 12)] == [1, 2, 3]
    assert (progress(9).taken_out, progress(19).status, progress(20).status) == ((), "agreed", "closed")
    with pytest.raises(Conflict, match="was not agreed by 4 Nov 2026"):
        progress(2)


def test_silence_is_counted_up_to_that_day(session, cast):
    with day(0):
        plan = drafts.agree(session, cast, drafts.complete_plan(session, cast))
    with day(40):
        ben = cast.actor(cast.ben)
        states = [
            get_progress(session, ben, plan.id, as_of=START + timedelta(days=n)).objectives[0].key_results[0].state
            for n in (13, 14)
        ]
    assert states == [State.NOT_BEGUN, State.AT_RISK]


def test_a_check_in_about_an_earlier_day_was_not_known_before_it_was_said(session, cast):
    with day(0):
        plan = drafts.agree(session, cast, drafts.complete_plan(session, cast))
    ben = cast.actor(cast.ben)
    with day(9):
        actions.check_in(session, ben, plan.id, START + timedelta(days=4), {results(plan)[0]: said(55)})
        session.commit()
        lasts = [
            get_progress(session, ben, plan.id, as_of=START + timedelta(days=n)).objectives[0].key_results[0].last
            for n in (4, 8, 9)
        ]
    assert [last and last.value for last in lasts] == [None, None, 55]


def test_the_closing_is_told_from_its_day_on(session, cast, plan):
    with day(30):
        ben = cast.actor(cast.ben)
        assert get_closing(session, ben, plan.id, START + timedelta(days=19)) is None
        assert get_closing(session, ben, plan.id, START + timedelta(days=20)).ending.reflection.learned == "Ask first."


def test_the_list_holds_what_each_plan_of_it_tells(session, cast, plan):
    for number in (-1, 2, 3, 12, 20):
        for reader in cast.everybody.values():
            actor, on = cast.actor(reader), START + timedelta(days=number)
            with day(30):
                lines = {line.id: line for line in list_plans_then(session, actor, on).rows}
                now = {line.id for line in list_plans(session, actor).rows}
                assert lines.keys() <= now
                for id_ in now:
                    try:
                        view = get_plan_then(session, actor, id_, on)
                    except NotFound:
                        assert id_ not in lines
                        continue
                    line = lines[id_]
                    assert (line.title, line.status, line.agreed_at, line.latest_revision or 0, line.start_on) == (
                        view.title, view.status, view.agreed_at, len(view.revisions), view.start_on,
                    )  # fmt: skip


def test_both_doors_tell_the_day(session, cast, plan, sign_in):
    with day(30):
        ben = sign_in(cast.ben)
        here = f"/plans/{plan.id}"
        page = ben.get(f"{here}?as_of=2026-11-06").text
        assert ("As of 6 Nov 2026" in page, "Called otherwise" in page, "method=\"post\" action=\"/plans" in page) == (
            True, False, False,
        )  # fmt: skip
        draft = ben.get(f"{here}?as_of=2026-11-03").text
        assert ("A draft on that day" in draft, "New users reach" in draft) == (True, False)
        answer = ben.get(f"/api/v1{here}?as_of=2026-11-06").json()
        assert (answer["as_of"], answer["status"], len(answer["revisions"])) == ("2026-11-06", "agreed", 1)
        assert ben.get(f"/api/v1{here}/check-ins?as_of=2026-11-06").json()["as_of"] == "2026-11-06"
        said_then = ben.get(f"{here}/check-ins?as_of=2026-11-07").text
        assert ("As of 7 Nov 2026" in said_then, "45 %" in said_then, "50 %" in said_then) == (True, True, False)
        assert ben.get(f"/api/v1{here}/closing?as_of=2026-11-06").status_code == 404
        assert ben.get(f"/api/v1{here}?as_of=2026-12-30").status_code == 422
        assert ben.get(f"{here}?as_of=").status_code == 200
        listed = ben.get("/plans?as_of=2026-11-06")
        assert (listed.status_code, f"{here}?as_of=2026-11-06" in listed.text) == (200, True)
        assert [line["latest_revision"] for line in ben.get("/api/v1/plans?as_of=2026-11-06").json()] == [1]
        assert sign_in(cast.dee).get(f"{here}?as_of=2026-11-03").status_code == 404


def test_the_number_of_statements_of_the_list_does_not_grow(session, cast, sign_in, count_queries):
    ann, sent = sign_in(cast.ann), []
    with day(0):
        drafts.agree(session, cast, drafts.complete_plan(session, cast))
    with day(9):
        sent.append(count_queries(lambda: ann.get("/plans?as_of=2026-11-06")))
    with day(1):
        for person in (cast.ben, cast.cat):
            drafts.onboarding_plan(session, cast, person)
    with day(9):
        sent.append(count_queries(lambda: ann.get("/plans?as_of=2026-11-06")))
        assert len(ann.get("/api/v1/plans?as_of=2026-11-06").json()) == 3
    assert sent[0] == sent[1]
