"""Agreeing to a plan: both signatures under one text that can be printed, on both databases."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from reports import growth_plan
from service.audit.models import AuditEvent
from service.drafts.actions import (
    change_objective,
)
from service.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from service.gaps.queries import get_report
from service.jobs.models import Job
from service.plans.models import ObjectiveRow
from service.plans.rules import PlanStatus
from service.reviews.rules import NOT_ASSESSED
from service.revisions import data
from service.revisions.actions import agree_plan
from service.revisions.data import document_data
from tests.cast import Cast
from tests.conftest import SignIn
from tests.factories import open_cycle, review_of
from tests.plans.drafts import (
    agree,
    complete_plan,
    edits,
    objective,
    onboarding_plan,
)


def test_agreeing_needs_the_version_seen(session: Session, cast: Cast) -> None:
    plan, ben = complete_plan(session, cast), cast.actor(cast.ben)
    with pytest.raises(VersionRequired):
        agree_plan(session, ben, plan.id, None)
    with pytest.raises(Stale):
        agree_plan(session, ben, plan.id, plan.version - 1)


def test_errors_of_the_checks_stop_agreeing(session: Session, cast: Cast) -> None:
    plan, ben = complete_plan(session, cast), cast.actor(cast.ben)
    change_objective(session, ben, plan.id, plan.objectives[0].id, objective(plan, why="", serves_gaps=[]))
    with pytest.raises(Invalid) as caught:
        agree_plan(session, ben, plan.id, plan.version)
    assert [problem.id for problem in caught.value.problems] == ["O4", "O5"]
    assert plan.person_signature is None


@pytest.mark.parametrize("first", ["ben", "ann"])
def test_one_side_alone_agrees_nothing(session: Session, cast: Cast, first: str) -> None:
    plan = complete_plan(session, cast)
    signer = cast.actor(cast.everybody[first])
    for _ in range(2):
        agree_plan(session, signer, plan.id, plan.version)
    assert (plan.status, plan.agreed_at, plan.revisions) == (PlanStatus.DRAFT, None, [])
    assert session.scalars(select(Job)).all() == []


def test_only_the_two_sides_sign(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    for person, error in ((cast.max, Forbidden), (cast.dee, NotFound), (cast.pia, NotFound), (cast.eli, NotFound)):
        with pytest.raises(error):
            agree_plan(session, cast.actor(person), plan.id, plan.version)


@pytest.mark.parametrize("order", [("ben", "ann"), ("ann", "ben")])
def test_both_signatures_make_revision_one_and_ask_for_its_pdf_once(
    session: Session, cast: Cast, order: tuple[str, ...]
) -> None:
    plan = complete_plan(session, cast)
    for name in order:
        agree_plan(session, cast.actor(cast.everybody[name]), plan.id, plan.version)
    session.commit()
    session.expire_all()
    [revision] = plan.revisions
    assert (plan.status, revision.number, revision.agreed_at) == (PlanStatus.AGREED, 1, plan.agreed_at)
    jobs = [(job.task, job.arguments) for job in session.scalars(select(Job).order_by(Job.id))]
    assert jobs == [
        ("render_revision", {"revision_id": str(revision.id)}),
        ("remove_draft", {"plan_id": str(plan.id)}),
    ]
    verbs = list(
        session.scalars(select(AuditEvent.verb).where(AuditEvent.resource_id == str(plan.id)).order_by(AuditEvent.seq))
    )
    assert verbs == ["plan.started", "plan.signed", "plan.signed", "plan.agreed"]


def test_the_revisions_hash_is_that_of_its_canonical_text(session: Session, cast: Cast) -> None:
    [revision] = agree(session, cast, complete_plan(session, cast)).revisions
    data = json.loads(revision.data)
    assert revision.sha256 == sha256(revision.data.encode()).hexdigest() == growth_plan.data_hash(data)
    assert revision.data == json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert get_hash_of_review(session, cast) == data["ladder"]["sha256"]


def test_a_revision_is_what_the_report_expects(session: Session, cast: Cast) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    report = get_report(session, cast.actor(cast.ben), review_of(session, cast.ben).id)
    checked = growth_plan.check(json.loads(plan.revisions[0].data))
    assert [gap.skill.id for gap in checked.gaps] == [gap.skill.id for gap in report.gaps]
    assert len(plan.chosen) == 2
    assert {gap.skill.id for gap in checked.gaps if gap.chosen} == {plan.chosen[0]}  # the other has no objective
    assert checked.attainment is not None
    assert checked.attainment.basis == "manager"
    assert [signature.name for signature in checked.signatures] == ["Ben", "Ann"]


def test_a_difference_without_a_rung_is_in_the_revision_too(session: Session, cast: Cast) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    report = get_report(session, cast.actor(cast.ben), review_of(session, cast.ben).id)
    item = replace(report.differences[0], manager=NOT_ASSESSED, rungs=None)
    report = replace(report, differences=(item,), manager=report.manager | {item.skill.id: NOT_ASSESSED})
    data = document_data(plan, report.ladder, report.sha256, report, 2)
    [found] = growth_plan.check(data).differences
    assert (found.skill, found.self, found.rungs) == (item.skill.name, "Middle", None)
    assert (found.manager, found.direction) == ("not assessed", "answered in different ways")


def test_half_a_step_is_a_difference_in_the_revision_and_in_print(session: Session, cast: Cast) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    report = get_report(session, cast.actor(cast.ben), review_of(session, cast.ben).id)
    item = replace(report.differences[0], rungs=0, manager=replace(report.differences[0].self_, toward_next=True))
    data = document_data(plan, report.ladder, report.sha256, replace(report, differences=(item,)), 2)
    checked = growth_plan.check(data)
    assert (checked.differences[0].rungs, checked.differences[0].direction) == (0, "manager higher")
    printed = growth_plan.to_html(checked, "0" * 64)
    assert "They differ on 1 skill, the widest first, counted in the rungs that a skill describes." in printed
    assert "same rung; manager sees parts of the next" in printed


def test_an_onboarding_revision_is_what_the_report_expects(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    plan = agree(session, cast, onboarding_plan(session, cast, cast.cat))
    checked = growth_plan.check(json.loads(plan.revisions[0].data))
    assert (checked.plan.kind, len(checked.objectives), checked.attainment) == ("onboarding", 3, None)


def test_an_agreed_plan_refuses_every_edit_and_signature(session: Session, cast: Cast) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    text = plan.revisions[0].data
    for edit in edits(session, cast, plan):
        with pytest.raises(Conflict, match="agreed"):
            edit(plan.version)
    with pytest.raises(Conflict, match="agreed"):
        agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    assert [revision.data for revision in plan.revisions] == [text]


def test_what_cannot_be_printed_is_not_agreed_and_breaks_no_page(session: Session, cast: Cast, sign_in: SignIn) -> None:
    plan, ben = complete_plan(session, cast), cast.actor(cast.ben)
    session.execute(update(ObjectiveRow).values(projects=["x"] * 201))  # as an older program let it in
    session.commit()
    session.expire_all()
    shown = sign_in(cast.ben).get(f"/plans/{plan.id}/preview")
    assert shown.status_code == 422
    assert "cannot be printed" in shown.text
    agree_plan(session, ben, plan.id, plan.version)
    with pytest.raises(Invalid, match="cannot be printed"):
        agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)


def test_nobody_agrees_with_who_has_left(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    cast.ben.active = False
    session.commit()
    with pytest.raises(Conflict, match="has left"):
        agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)


def test_the_same_word_twice_is_one_line_in_the_log(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    for _ in range(3):
        agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    session.commit()
    count = select(func.count()).select_from(AuditEvent).where(AuditEvent.verb == "plan.signed")
    assert session.scalar(count) == 1


def test_a_fault_in_the_data_says_nothing_of_its_words() -> None:
    with pytest.raises(Invalid) as found:
        data.read('{"format": "canary-word"}')
    assert "canary" not in str(found.value.problems) + str(found.value.__cause__)


def get_hash_of_review(session: Session, cast: Cast) -> str:
    return review_of(session, cast.ben).ladder_version.sha256
