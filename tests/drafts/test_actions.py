"""Writing objectives and key results, on both databases."""

from decimal import Decimal

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from service.drafts.actions import (
    MOST_OBJECTIVES,
    add_key_result,
    add_objective,
)
from service.errors import Invalid, Stale, VersionRequired
from service.objectives.rules import MOST_KEY_RESULTS, Direction
from service.plans import queries
from service.revisions.actions import agree_plan
from tests.cast import Cast
from tests.plans.drafts import (
    DUE,
    complete_plan,
    edits,
    key_result,
    objective,
    promotion_plan,
)


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
        add_objective(session, cast.actor(cast.ben), plan.id, objective(plan, serves_gaps=["astrology"]))
    assert [problem.pointer for problem in caught.value.problems] == ["/serves_gaps"]


def test_a_plan_holds_no_more_than_can_be_done(session: Session, cast: Cast) -> None:
    plan, ben = promotion_plan(session, cast), cast.actor(cast.ben)
    for _ in range(MOST_OBJECTIVES):
        row = add_objective(session, ben, plan.id, objective(plan))
    with pytest.raises(Invalid, match="enough"):
        add_objective(session, ben, plan.id, objective(plan))
    for _ in range(MOST_KEY_RESULTS):
        add_key_result(session, ben, plan.id, row.id, key_result(plan))
    with pytest.raises(Invalid, match="Three to five"):
        add_key_result(session, ben, plan.id, row.id, key_result(plan))


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
        agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)
        assert (plan.manager_signature is None, plan.manager_signed_at is None) == (False, False)
        with session.begin_nested() as edited:
            edits(session, cast, plan)[place](plan.version)
            assert (plan.manager_signature, plan.manager_signed_at) == (None, None)
            edited.rollback()


def test_so_many_projects_and_no_more(session: Session, cast: Cast) -> None:
    plan = promotion_plan(session, cast)
    assert len(objective(plan, projects="\n\n".join("abcde" * 10)).project_lines) == 50
    with pytest.raises(ValidationError, match="Up to 50 lines"):
        objective(plan, projects="\n".join("a" * 51))
