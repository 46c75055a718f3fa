"""Beginning, discarding and handing over plans, on both databases."""

import pytest
from sqlalchemy.orm import Session

from service.db import Database
from service.errors import Conflict, Forbidden, Invalid, NotFound
from service.gaps.queries import get_report
from service.people.actions import rebuild_reporting_lines
from service.plans import actions, queries
from service.plans.inputs import PromotionPlanInput
from service.plans.rules import PlanStatus
from service.plans.tasks import hand_over_plans
from service.reviews.rules import ShareRule
from service.revisions.actions import agree_plan
from tests.cast import Cast
from tests.factories import open_cycle, reveal, review_of
from tests.plans.drafts import (
    START,
    agree,
    complete_plan,
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
    agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
    cast.ben.manager_id = cast.max.id
    rebuild_reporting_lines(session)
    session.commit()
    hand_over_plans(database, person_ids=[str(cast.ben.id)])
    session.expire_all()
    assert (plan.assessor_id, plan.manager_signature) == (cast.max.id, None)
    with pytest.raises((Forbidden, NotFound)):
        agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
    version = plan.version
    for person in (cast.ben, cast.max):
        agree_plan(session, cast.actor(person), plan.id, version)
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


def test_hr_reads_a_plan_once_it_is_agreed(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    for reader in (cast.dee, cast.pia):
        with pytest.raises(NotFound):
            queries.get_plan(session, cast.actor(reader), plan.id)
    agree(session, cast, plan)
    for reader in (cast.dee, cast.pia):
        view = queries.get_plan(session, cast.actor(reader), plan.id)
        assert (view.may_write, view.may_agree, len(view.revisions)) == (False, False, 1)


def test_a_draft_is_discarded_with_all_that_hangs_on_it(session: Session, cast: Cast) -> None:
    plan = promotion_plan(session, cast)
    actions.discard_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    session.flush()
    with pytest.raises(NotFound):
        queries.find_plan(session, cast.actor(cast.ben), plan.id)


def test_a_promotion_plan_is_about_at_least_one_gap(session: Session, cast: Cast) -> None:
    review = shared_review(session, cast)
    with pytest.raises(Invalid, match="not begun yet"):
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


def test_where_there_is_no_manager_any_more_the_former_one_has_no_part(session: Session, cast: Cast) -> None:
    plan, ann = complete_plan(session, cast), cast.actor(cast.ann)
    cast.ben.manager_id = None
    session.flush()
    rebuild_reporting_lines(session)
    actions.hand_over_plans(session, [cast.ben.id])
    session.commit()
    session.expire_all()
    with pytest.raises(NotFound):
        queries.get_plan(session, ann, plan.id)
