"""Plans at each step, for tests."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from service.gaps.queries import get_report
from service.plans import actions
from service.plans.inputs import KeyResultInput, ObjectiveInput, OnboardingPlanInput, PromotionPlanInput
from service.plans.models import Plan
from service.reviews.models import Review
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
    plan = actions.start_onboarding_plan(session, cast.actor(starter or person), given)
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
    row = actions.add_objective(session, ben, plan.id, objective(plan))
    for _ in range(3):
        actions.add_key_result(session, ben, plan.id, row.id, key_result(plan))
    session.commit()
    return plan


def agree(session: Session, cast: Cast, plan: Plan) -> Plan:
    """Both sign: the person, then Ann."""
    for signer in (plan.person, cast.ann):
        actions.agree_plan(session, cast.actor(signer), plan.id, plan.version)
    session.commit()
    return plan
