"""A plan after the reporting line changed: Ann managed Ben and signed, from then on Fay is his manager."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.models import AuditEvent
from service.checkins.queries import get_progress
from service.closing.actions import write_closing_comment
from service.closing.inputs import ClosingComment
from service.closing.queries import get_closing
from service.db import Database
from service.documents.queries import get_draft
from service.drafts.actions import change_key_result
from service.errors import Conflict, Forbidden, NotFound
from service.people.actions import rebuild_reporting_lines
from service.permissions import SYSTEM, Permission, may
from service.plans import queries
from service.plans.models import Plan
from service.plans.queries import visible_plans
from service.plans.rules import PlanStatus
from service.plans.tasks import hand_over_plans
from service.reviews import cycles
from service.revisions.actions import agree_plan, begin_change, take_change_back
from service.revisions.inputs import ChangeInput
from tests.cast import Cast
from tests.checkins.running import check_in, close, day, results, running_plan, said
from tests.conftest import SignIn
from tests.plans.browsing import text_of
from tests.plans.drafts import agree, key_result, onboarding_plan


def hand_over(session: Session, cast: Cast, database: Database) -> None:
    cast.ben.manager_id = cast.fay.id
    rebuild_reporting_lines(session)
    session.commit()
    hand_over_plans(database, person_ids=[str(cast.ben.id)])
    session.expire_all()


@pytest.fixture
def plan(session: Session, cast: Cast, database: Database) -> Plan:
    """Ben's running plan, signed by Ann, with a check-in, handed over to Fay."""
    plan = running_plan(session, cast)
    check_in(session, cast, plan, 7, said(44))
    hand_over(session, cast, database)
    return plan


def readers(session: Session, cast: Cast, plan_id: UUID) -> set[str]:
    """Who reads the plan; one by one and by the list the same."""
    plan = session.get_one(Plan, plan_id)
    found = set()
    for name, person in cast.everybody.items():
        actor = cast.actor(person)
        reads = may(actor, Permission.READ_PLAN, plan)
        assert (name, reads) == (name, plan in session.scalars(visible_plans(actor)).unique().all())
        found |= {name} if reads else set()
    return found


def test_an_agreed_plan_goes_to_the_new_manager_as_it_was_signed(session: Session, cast: Cast, plan: Plan) -> None:
    assert (plan.assessor_id, plan.signed_by_id, plan.status) == (cast.fay.id, cast.ann.id, PlanStatus.AGREED)
    assert plan.manager_signature == plan.person_signature
    told = session.scalars(select(AuditEvent).where(AuditEvent.verb == "plan.handed_over")).all()
    assert [event.resource_id for event in told] == [str(plan.id)]


def test_the_new_manager_reads_checks_in_and_changes_it(session: Session, cast: Cast, plan: Plan) -> None:
    fay = cast.actor(cast.fay)
    with day(8):
        (first, *_) = get_progress(session, fay, plan.id).objectives[0].key_results
        assert first.last is not None
    check_in(session, cast, plan, 8, said(45), person=cast.fay)
    begin_change(session, fay, plan.id, ChangeInput(reason="More", version=plan.version))
    change_key_result(session, fay, plan.id, results(plan)[0], key_result(plan, title="More"))
    for person in (cast.ben, cast.fay):
        agree_plan(session, cast.actor(person), plan.id, plan.version)
    assert (plan.signed_by_id, len(plan.revisions)) == (cast.fay.id, 2)


def test_the_former_manager_reads_the_text_they_signed_and_no_more(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn
) -> None:
    assert readers(session, cast, plan.id) == {"ben", "fay", "ann", "dee", "pia"}
    ann, actor = sign_in(cast.ann), cast.actor(cast.ann)
    page = ann.get(f"/plans/{plan.id}")
    assert page.status_code == 200
    assert "You signed what is agreed in it, and neither the plan nor its cycle is closed." in text_of(page)
    assert "Ann , who signed it, can read it until the plan or its cycle is closed" in text_of(page)
    assert "Ann agreed on 2 Nov 2026" in text_of(page)
    assert ann.get(f"/plans/{plan.id}/check-ins").status_code == 404
    for act in (Permission.WRITE_PLAN, Permission.AGREE_PLAN, Permission.CLOSE_PLAN, Permission.CHECK_IN):
        assert not may(actor, act, plan)
    for read in (Permission.READ_CHECK_INS, Permission.READ_REFLECTION):
        assert not may(actor, read, plan)
    with pytest.raises(NotFound):
        check_in(session, cast, plan, 8, said(45), person=cast.ann)
    with pytest.raises(Forbidden):
        begin_change(session, actor, plan.id, ChangeInput(reason="More", version=plan.version))


def test_the_former_manager_reads_nothing_of_a_change(session: Session, cast: Cast, plan: Plan) -> None:
    ben, ann = cast.actor(cast.ben), cast.actor(cast.ann)
    before = queries.get_plan(session, ann, plan.id)
    begin_change(session, ben, plan.id, ChangeInput(reason="More", version=plan.version))
    change_key_result(session, ben, plan.id, results(plan)[0], key_result(plan, title="SECRET"))
    session.commit()
    assert queries.get_plan(session, ann, plan.id) == before
    assert (before.signer_name, before.assessor_name) == ("Ann", "Fay")
    assert get_draft(session, ann, plan.id) is None


def test_reading_ends_when_the_new_manager_has_signed(session: Session, cast: Cast, plan: Plan) -> None:
    ben = cast.actor(cast.ben)
    begin_change(session, ben, plan.id, ChangeInput(reason="More", version=plan.version))
    change_key_result(session, ben, plan.id, results(plan)[0], key_result(plan, title="More"))
    assert "ann" in readers(session, cast, plan.id)
    for person in (cast.ben, cast.fay):
        agree_plan(session, cast.actor(person), plan.id, plan.version)
    session.commit()
    assert readers(session, cast, plan.id) == {"ben", "fay", "dee", "pia"}


def test_reading_ends_with_the_plan(session: Session, cast: Cast, plan: Plan) -> None:
    assert queries.get_plan(session, cast.actor(cast.ben), plan.id).former_name == "Ann"
    close(session, cast, plan, 40)
    assert queries.get_plan(session, cast.actor(cast.ben), plan.id).former_name == ""
    assert readers(session, cast, plan.id) == {"ben", "fay", "dee", "pia"}


def test_reading_ends_with_the_cycle_and_the_plan_goes_on(session: Session, cast: Cast, plan: Plan) -> None:
    assert plan.review is not None
    cycles.close_cycle(session, SYSTEM, plan.review.cycle_id)
    session.commit()
    session.expire_all()
    assert readers(session, cast, plan.id) == {"ben", "fay", "dee", "pia"}
    check_in(session, cast, plan, 8, said(45), person=cast.fay)


def test_an_onboarding_plan_is_of_no_cycle(session: Session, cast: Cast, plan: Plan, database: Database) -> None:
    assert plan.review is not None
    with day(0):
        first_days = agree(session, cast, onboarding_plan(session, cast, cast.cat))
    cast.cat.manager_id = cast.fay.id
    rebuild_reporting_lines(session)
    session.commit()
    hand_over_plans(database, person_ids=[str(cast.cat.id)])
    session.expire_all()
    cycles.close_cycle(session, SYSTEM, plan.review.cycle_id)
    session.commit()
    assert readers(session, cast, first_days.id) == {"cat", "fay", "ann", "dee", "pia"}


def test_a_closed_plan_goes_to_the_new_manager_too(session: Session, cast: Cast, database: Database) -> None:
    plan = running_plan(session, cast)
    close(session, cast, plan, 40)
    assert "ann" in readers(session, cast, plan.id)
    hand_over(session, cast, database)
    assert readers(session, cast, plan.id) == {"ben", "fay", "dee", "pia"}
    ended = get_closing(session, cast.actor(cast.fay), plan.id)
    assert ended is not None
    assert ended.ending.manager == "Ann"


def test_a_closing_comment_stays_the_word_of_who_wrote_it(session: Session, cast: Cast, database: Database) -> None:
    plan = running_plan(session, cast)
    given = ClosingComment(comment="Well begun.", version=plan.version)
    write_closing_comment(session, cast.actor(cast.ann), plan.id, given)
    session.commit()
    hand_over(session, cast, database)
    close(session, cast, plan, 40)
    ended = get_closing(session, cast.actor(cast.ben), plan.id)
    assert ended is not None
    assert (ended.ending.manager, ended.ending.comment) == ("Fay", "Ann, who was the manager before: Well begun.")


def test_taking_a_change_back_does_not_bring_the_former_manager_back(
    session: Session, cast: Cast, database: Database
) -> None:
    """Also where the new manager signed the change before the plan was handed over."""
    plan, ben, ann = running_plan(session, cast), cast.actor(cast.ben), cast.actor(cast.ann)
    begin_change(session, ben, plan.id, ChangeInput(reason="More", version=plan.version))
    change_key_result(session, ben, plan.id, results(plan)[0], key_result(plan, title="More"))
    cast.ben.manager_id = cast.fay.id
    rebuild_reporting_lines(session)
    session.commit()
    agree_plan(session, cast.actor(cast.fay), plan.id, plan.version)
    session.commit()
    hand_over_plans(database, person_ids=[str(cast.ben.id)])
    session.expire_all()
    take_change_back(session, ben, plan.id, plan.version)
    session.commit()
    assert plan.assessor_id == cast.fay.id
    assert not may(ann, Permission.READ_CHECK_INS, plan)


def test_no_change_begins_of_the_plan_of_somebody_who_left(session: Session, cast: Cast) -> None:
    plan = running_plan(session, cast)
    cast.ben.active = False
    session.commit()
    with pytest.raises(Conflict, match="has left"):
        begin_change(session, cast.actor(cast.ann), plan.id, ChangeInput(reason="More", version=plan.version))
