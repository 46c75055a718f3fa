"""Writing and agreeing plans, on both databases."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports import growth_plan
from service.audit.models import AuditEvent
from service.db import Database
from service.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from service.gaps.queries import get_report
from service.jobs.actions import run_all
from service.jobs.models import Job
from service.people.actions import rebuild_reporting_lines
from service.plans import actions, documents, queries
from service.plans.inputs import OnboardingPlanInput, PromotionPlanInput
from service.plans.models import Document, Plan
from service.plans.rules import Direction, PlanStatus
from service.plans.tasks import hand_over_plans
from service.plans.text import document_data
from service.reviews.rules import NOT_ASSESSED, ShareRule
from service.settings import Settings
from service.worker import make_tasks
from tests.cast import Cast
from tests.factories import open_cycle, reveal, review_of
from tests.plans.drafts import (
    DUE,
    START,
    agree,
    complete_plan,
    key_result,
    objective,
    onboarding_plan,
    promotion_plan,
    shared_review,
)


def test_a_promotion_plan_waits_until_the_managers_view_is_shared(session: Session, cast: Cast) -> None:
    open_cycle(session, cast, ShareRule.AFTER_CALIBRATION)
    given = PromotionPlanInput(start_on=START)
    for review in (review_of(session, cast.cat), reveal(session, cast, cast.ben)):
        for person in (review.person, cast.ann):
            with pytest.raises(Conflict, match="shared"):
                actions.start_promotion_plan(session, cast.actor(person), review.id, given)


def test_a_promotion_plan_is_pinned_to_its_review(session: Session, cast: Cast) -> None:
    plan = promotion_plan(session, cast)
    review = review_of(session, cast.ben)
    pinned = (plan.review_id, plan.ladder_version_id, plan.current_level, plan.target_level, plan.assessor_id)
    assert pinned == (review.id, review.ladder_version_id, "middle", "senior", cast.ann.id)
    assert (plan.title, plan.status, len(plan.chosen)) == ("Towards Senior, Autumn 2026", PlanStatus.DRAFT, 2)


def test_a_draft_follows_the_reporting_line_and_is_signed_anew(
    session: Session, cast: Cast, database: Database
) -> None:
    plan = complete_plan(session, cast)
    actions.agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
    cast.ben.manager_id = cast.max.id
    rebuild_reporting_lines(session)
    session.commit()
    hand_over_plans(database, person_ids=[str(cast.ben.id)])
    session.expire_all()
    assert (plan.assessor_id, plan.manager_signature) == (cast.max.id, None)
    with pytest.raises((Forbidden, NotFound)):
        actions.agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
    version = plan.version
    for person in (cast.ben, cast.max):
        actions.agree_plan(session, cast.actor(person), plan.id, version)
    assert plan.status == PlanStatus.AGREED


def test_nobody_plans_with_somebody_who_left(session: Session, cast: Cast) -> None:
    review = shared_review(session, cast)
    cast.ben.active = False
    session.flush()
    with pytest.raises(Conflict, match="left"):
        actions.start_promotion_plan(session, cast.actor(cast.ann), review.id, PromotionPlanInput(start_on=START))


def test_only_open_gaps_are_chosen(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben, self_="senior", manager="senior")
    ben = cast.actor(cast.ben)
    met = get_report(session, ben, review.id).of_state("met")[0].skill.id
    for wrong in (met, "no-such-skill"):
        with pytest.raises(Invalid) as caught:
            actions.start_promotion_plan(session, ben, review.id, PromotionPlanInput(start_on=START, chosen=[wrong]))
        assert [problem.pointer for problem in caught.value.problems] == ["/chosen"]


def test_only_the_two_sides_start_a_plan(session: Session, cast: Cast) -> None:
    review, given = shared_review(session, cast), PromotionPlanInput(start_on=START)
    for person, error in ((cast.max, Forbidden), (cast.dee, Forbidden), (cast.pia, Forbidden), (cast.eli, NotFound)):
        with pytest.raises(error):
            actions.start_promotion_plan(session, cast.actor(person), review.id, given)


@pytest.mark.parametrize("ladder", ["product-manager", "technical-product-manager"])
def test_an_onboarding_plan_is_filled_from_the_blueprint(session: Session, cast: Cast, ladder: str) -> None:
    open_cycle(session, cast)
    cast.cat.ladder = ladder
    plan = onboarding_plan(session, cast, cast.cat, cast.ann)
    assert [(o.horizon, o.due_on) for o in plan.objectives] == [
        (30, date(2026, 12, 2)), (60, date(2027, 1, 1)), (90, date(2027, 1, 31)),
    ]  # fmt: skip
    assert [len(o.key_results) for o in plan.objectives] == [3, 3, 3]
    assert [len(o.projects) for o in plan.objectives] == [5, 4, 4]
    assert (plan.review_id, plan.assessor_id, plan.current_level) == (None, cast.ann.id, "junior")


def test_an_onboarding_plan_can_be_agreed_as_it_is_filled(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    plan = onboarding_plan(session, cast, cast.cat)
    session.expire_all()
    objectives = queries.get_plan(session, cast.actor(cast.cat), plan.id).objectives
    assert [remark.check for objective in objectives for remark in objective.remarks] == [
        "O3"
    ]  # the blueprint says "Deliver"


def test_an_onboarding_plan_needs_a_blueprint(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict, match="no blueprint"):
        onboarding_plan(session, cast, cast.cat)


def test_who_may_start_an_onboarding_plan(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    given = OnboardingPlanInput(person_id=cast.cat.id, start_on=START)
    for person, error in ((cast.max, Forbidden), (cast.dee, NotFound), (cast.ben, NotFound), (cast.eli, NotFound)):
        with pytest.raises(error):
            actions.start_onboarding_plan(session, cast.actor(person), given)
    assert onboarding_plan(session, cast, cast.cat, cast.ann).person_id == cast.cat.id


def test_what_is_written_is_what_is_read(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    session.expire_all()
    view = queries.get_plan(session, cast.actor(cast.ben), plan.id)
    [written] = view.objectives
    assert (written.title, written.horizon, written.due_on) == (objective(plan).title, 30, DUE)
    assert written.projects == ("Talk to ten new users", "Mend the import page")
    assert written.remarks == ()
    first = written.key_results[0]
    assert (first.baseline, first.target, first.direction, first.owner) == (
        Decimal("40.5"),
        60,
        Direction.INCREASE,
        "Ben",
    )


def test_an_unknown_skill_is_served_by_no_objective(session: Session, cast: Cast) -> None:
    plan = promotion_plan(session, cast)
    with pytest.raises(Invalid) as caught:
        actions.add_objective(session, cast.actor(cast.ben), plan.id, objective(plan, serves_gaps=["astrology"]))
    assert [problem.pointer for problem in caught.value.problems] == ["/serves_gaps"]


def test_a_plan_holds_no_more_than_can_be_done(session: Session, cast: Cast) -> None:
    plan, ben = promotion_plan(session, cast), cast.actor(cast.ben)
    for _ in range(actions.MOST_OBJECTIVES):
        row = actions.add_objective(session, ben, plan.id, objective(plan))
    with pytest.raises(Invalid, match="enough"):
        actions.add_objective(session, ben, plan.id, objective(plan))
    for _ in range(actions.MOST_KEY_RESULTS):
        actions.add_key_result(session, ben, plan.id, row.id, key_result(plan))
    with pytest.raises(Invalid, match="Three to five"):
        actions.add_key_result(session, ben, plan.id, row.id, key_result(plan))


def edits(session: Session, cast: Cast, plan: Plan):  # type: ignore[no-untyped-def]
    """Every way to change a plan, by the person, seen at `version`."""
    ben, row = cast.actor(cast.ben), plan.objectives[0]
    kr = row.key_results[0]
    return [
        lambda v: actions.add_objective(session, ben, plan.id, objective(plan, version=v)),
        lambda v: actions.change_objective(session, ben, plan.id, row.id, objective(plan, title="Another", version=v)),
        lambda v: actions.add_key_result(session, ben, plan.id, row.id, key_result(plan, version=v)),
        lambda v: actions.change_key_result(
            session, ben, plan.id, kr.id, key_result(plan, target=Decimal(70), version=v)
        ),
        lambda v: actions.remove_gap(session, ben, plan.id, plan.chosen[-1], v),
        lambda v: actions.remove_key_result(session, ben, plan.id, kr.id, v),
        lambda v: actions.remove_objective(session, ben, plan.id, row.id, v),
    ]


def test_every_edit_needs_the_version_seen_and_makes_a_new_one(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    for edit in edits(session, cast, plan):
        before = plan.version
        with pytest.raises(VersionRequired):
            edit(None)
        with pytest.raises(Stale):
            edit(before - 1)
        edit(before)
        session.flush()
        assert plan.version == before + 1
    assert len(plan.objectives) == 1


def test_every_edit_takes_the_signatures_back(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    for place in range(7):
        actions.agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
        assert (plan.manager_signature is None, plan.manager_signed_at is None) == (False, False)
        with session.begin_nested() as edited:
            edits(session, cast, plan)[place](plan.version)
            assert (plan.manager_signature, plan.manager_signed_at) == (None, None)
            edited.rollback()


def test_agreeing_needs_the_version_seen(session: Session, cast: Cast) -> None:
    plan, ben = complete_plan(session, cast), cast.actor(cast.ben)
    with pytest.raises(VersionRequired):
        actions.agree_plan(session, ben, plan.id, None)
    with pytest.raises(Stale):
        actions.agree_plan(session, ben, plan.id, plan.version - 1)


def test_errors_of_the_checks_stop_agreeing(session: Session, cast: Cast) -> None:
    plan, ben = complete_plan(session, cast), cast.actor(cast.ben)
    actions.change_objective(session, ben, plan.id, plan.objectives[0].id, objective(plan, why="", serves_gaps=[]))
    with pytest.raises(Invalid) as caught:
        actions.agree_plan(session, ben, plan.id, plan.version)
    assert [problem.id for problem in caught.value.problems] == ["O4", "O5"]
    assert plan.person_signature is None


@pytest.mark.parametrize("first", ["ben", "ann"])
def test_one_side_alone_agrees_nothing(session: Session, cast: Cast, first: str) -> None:
    plan = complete_plan(session, cast)
    signer = cast.actor(cast.everybody[first])
    for _ in range(2):
        actions.agree_plan(session, signer, plan.id, plan.version)
    assert (plan.status, plan.agreed_at, plan.revisions) == (PlanStatus.DRAFT, None, [])
    assert session.scalars(select(Job)).all() == []


def test_only_the_two_sides_sign(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    for person, error in ((cast.max, Forbidden), (cast.dee, NotFound), (cast.pia, NotFound), (cast.eli, NotFound)):
        with pytest.raises(error):
            actions.agree_plan(session, cast.actor(person), plan.id, plan.version)


@pytest.mark.parametrize("order", [("ben", "ann"), ("ann", "ben")])
def test_both_signatures_make_revision_one_and_ask_for_its_pdf_once(
    session: Session, cast: Cast, order: tuple[str, ...]
) -> None:
    plan = complete_plan(session, cast)
    for name in order:
        actions.agree_plan(session, cast.actor(cast.everybody[name]), plan.id, plan.version)
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


def get_hash_of_review(session: Session, cast: Cast) -> str:
    return review_of(session, cast.ben).ladder_version.sha256


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
        actions.agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    assert [revision.data for revision in plan.revisions] == [text]


def test_hr_reads_a_plan_once_it_is_agreed(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    for reader in (cast.dee, cast.pia):
        with pytest.raises(NotFound):
            queries.get_plan(session, cast.actor(reader), plan.id)
    agree(session, cast, plan)
    for reader in (cast.dee, cast.pia):
        view = queries.get_plan(session, cast.actor(reader), plan.id)
        assert (view.may_write, view.may_agree, len(view.revisions)) == (False, False, 1)


def test_asking_for_the_pdf_again_is_for_readers(session: Session, cast: Cast) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    actions.render_again(session, cast.actor(cast.dee), plan.id, 1)
    session.flush()
    assert len(session.scalars(select(Job)).all()) == 3
    for person, number in ((cast.eli, 1), (cast.ben, 2)):
        with pytest.raises(NotFound):
            actions.render_again(session, cast.actor(person), plan.id, number)


def test_the_pdf_is_rendered_once_stored_by_hash_and_served(
    session: Session, cast: Cast, database: Database, settings: Settings
) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    ben, tasks = cast.actor(cast.ben), make_tasks(settings)
    assert queries.get_pdf(session, ben, plan.id, 1, settings.documents) == ("growth-plan-E-ben-r1.pdf", None)
    assert run_all(database, tasks) == 2
    session.expire_all()
    [document] = session.scalars(select(Document)).all()
    [file] = settings.documents.iterdir()
    _, pdf = queries.get_pdf(session, ben, plan.id, 1, settings.documents)
    assert pdf == file.read_bytes()
    assert (sha256(pdf).hexdigest(), len(pdf), document.pages >= 1) == (document.sha256, document.size, True)
    written = file.stat().st_mtime_ns

    tasks["render_revision"](database, revision_id=str(plan.revisions[0].id))
    session.expire_all()
    assert len(session.scalars(select(Document)).all()) == 1
    assert [(entry, entry.stat().st_mtime_ns) for entry in settings.documents.iterdir()] == [(file, written)]
    rendered = select(AuditEvent).where(AuditEvent.verb == "document.rendered")
    assert len(session.scalars(rendered).all()) == 1


def test_a_pdf_that_was_lost_is_made_again(session: Session, cast: Cast, settings: Settings) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    [revision] = plan.revisions
    old, new = "0" * 64, documents.key_of(revision.sha256)
    for key, pdf in ((old, b"%PDF older"), (new, b"%PDF newer")):
        assert queries.get_unrendered(session, revision.id, settings.documents) == (new, revision.data)
        documents.store(settings.documents, key, pdf)
        actions.note_document(session, revision.id, key, pdf)
        session.flush()
        assert queries.get_pdf(session, cast.actor(cast.ben), plan.id, 1, settings.documents)[1] == pdf
        if key == old:
            (settings.documents / f"{old}.pdf").write_bytes(b"damaged")


RENDER = "import sys; from reports.growth_plan import render; import json; sys.stdout.buffer.write(render(json.load(sys.stdin)))"


def test_the_same_revision_gives_the_same_bytes_in_another_process(session: Session, cast: Cast) -> None:
    [revision] = agree(session, cast, complete_plan(session, cast)).revisions
    here = documents.render(revision.data)
    there = subprocess.run(
        [sys.executable, "-c", RENDER], input=revision.data.encode(), capture_output=True, check=True
    ).stdout
    assert here[:5] == b"%PDF-"
    assert sha256(here).hexdigest() == sha256(there).hexdigest()


def test_a_draft_is_discarded_with_all_that_hangs_on_it(session: Session, cast: Cast) -> None:
    plan = promotion_plan(session, cast)
    actions.discard_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    session.flush()
    with pytest.raises(NotFound):
        queries.find_plan(session, cast.actor(cast.ben), plan.id)


def test_a_promotion_plan_is_about_at_least_one_gap(session: Session, cast: Cast) -> None:
    review = shared_review(session, cast)
    with pytest.raises(Invalid, match="about a gap"):
        actions.start_promotion_plan(session, cast.actor(cast.ben), review.id, PromotionPlanInput(start_on=START))


def test_a_draft_stays_with_the_assessor_hr_named_when_only_they_move(
    session: Session, cast: Cast, database: Database
) -> None:
    plan = promotion_plan(session, cast)
    plan.assessor_id = cast.fay.id
    session.commit()
    hand_over_plans(database, person_ids=[str(cast.fay.id)])
    session.expire_all()
    assert plan.assessor_id == cast.fay.id
    cast.fay.active = False
    session.commit()
    hand_over_plans(database, person_ids=[str(cast.fay.id)])
    session.expire_all()
    assert plan.assessor_id == cast.ann.id
