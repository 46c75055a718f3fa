"""Beginning an onboarding plan out of the blueprint, on both databases."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from service.errors import Conflict, Forbidden, NotFound
from service.onboarding.actions import start_onboarding_plan
from service.onboarding.inputs import OnboardingPlanInput
from service.plans import queries
from tests.cast import Cast
from tests.factories import open_cycle
from tests.plans.drafts import (
    START,
    onboarding_plan,
)


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
            start_onboarding_plan(session, cast.actor(person), given)
    assert onboarding_plan(session, cast, cast.cat, cast.ann).person_id == cast.cat.id
