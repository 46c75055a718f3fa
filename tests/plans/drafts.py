"""Plans at each step, for tests."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from service.drafts.actions import (
    add_key_result,
    add_objective,
    change_key_result,
    change_objective,
    remove_gap,
    remove_key_result,
    remove_objective,
)
from service.drafts.inputs import KeyResultInput, ObjectiveInput
from service.gaps.queries import get_report
from service.onboarding.actions import start_onboarding_plan
from service.onboarding.inputs import OnboardingPlanInput
from service.plans import actions
from service.plans.inputs import PromotionPlanInput
from service.plans.models import Plan
from service.reviews.models import Review
from service.revisions.actions import agree_plan
from tests.cast import Cast
from tests.factories import open_cycle, reveal

START, DUE = date(2026, 11, 2), date(2026, 12, 1)


def shared_review(session: Session, cast: Cast) -> Review:
    """Ben's review, both sides in and open to each other, with gaps towards Senior."""
    open_cycle(session, cast)
    return reveal(session, cast, cast.ben, self_="middle", manager="junior")


def promotion_plan(session: Session, cast: Cast) -> Plan:
    """Ben's plan about the first two gaps of his review, without objectives yet."""
    review = shared_review(session, cast)
    gaps = get_report(session, cast.actor(cast.ben), review.id).gaps
    given = PromotionPlanInput(start_on=START, chosen=[gap.skill.id for gap in gaps[:2]])
    plan = actions.start_promotion_plan(session, cast.actor(cast.ben), review.id, given)
    session.commit()
    return plan


def onboarding_plan(session: Session, cast: Cast, person, starter=None) -> Plan:  # type: ignore[no-untyped-def]
    """The plan of `person` by their own hand, or by that of `starter`."""
    given = OnboardingPlanInput(person_id=person.id, start_on=START)
    plan = start_onboarding_plan(session, cast.actor(starter or person), given)
    session.commit()
    return plan


def objective(plan: Plan, **changes: object) -> ObjectiveInput:
    values: dict[str, object] = {
        "title": "New users reach their first report without help", "horizon": 30, "why": "Half of them leave before it.",
        "serves_gaps": plan.chosen[:1], "due_on": DUE, "projects": "Talk to ten new users\nMend the import page",
        "version": plan.version,
    }  # fmt: skip
    return ObjectiveInput.model_validate(values | changes)


def key_result(plan: Plan, **changes: object) -> KeyResultInput:
    values: dict[str, object] = {
        "title": "More new users finish the first report", "metric": "first reports finished", "unit": "%",
        "direction": "increase", "baseline": Decimal("40.5"), "target": Decimal(60), "due_on": DUE, "version": plan.version,
    }  # fmt: skip
    return KeyResultInput.model_validate(values | changes)


def complete_plan(session: Session, cast: Cast) -> Plan:
    """Ben's plan with one objective and three key results: nothing left to put right."""
    plan, ben = promotion_plan(session, cast), cast.actor(cast.ben)
    row = add_objective(session, ben, plan.id, objective(plan))
    for _ in range(3):
        add_key_result(session, ben, plan.id, row.id, key_result(plan))
    session.commit()
    return plan


def agree(session: Session, cast: Cast, plan: Plan) -> Plan:
    """Both sign: the person, then Ann."""
    for signer in (plan.person, cast.ann):
        agree_plan(session, cast.actor(signer), plan.id, plan.version)
    session.commit()
    return plan


def edits(session: Session, cast: Cast, plan: Plan):  # type: ignore[no-untyped-def]
    """Every way to change a plan, by the person, seen at `version`."""
    ben, row = cast.actor(cast.ben), plan.objectives[0]
    kr = row.key_results[0]
    return [
        lambda v: add_objective(session, ben, plan.id, objective(plan, version=v)),
        lambda v: change_objective(session, ben, plan.id, row.id, objective(plan, title="Another", version=v)),
        lambda v: add_key_result(session, ben, plan.id, row.id, key_result(plan, version=v)),
        lambda v: change_key_result(session, ben, plan.id, kr.id, key_result(plan, target=Decimal(70), version=v)),
        lambda v: remove_gap(session, ben, plan.id, plan.chosen[-1], v),
        lambda v: remove_key_result(session, ben, plan.id, kr.id, v),
        lambda v: remove_objective(session, ben, plan.id, row.id, v),
    ]
