"""A list is what one may read, row by row."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.permissions import NOBODY, SYSTEM, Actor, Permission, may
from service.plans.models import Plan
from service.plans.queries import list_plans, visible_plans
from service.reviews.models import Review
from service.reviews.queries import visible_reviews
from tests.cast import Cast
from tests.factories import open_cycle, reveal
from tests.plans.drafts import agree, complete_plan, onboarding_plan


def everyone(cast: Cast) -> dict[str, Actor]:
    return {name: cast.actor(person) for name, person in cast.everybody.items()} | {"nobody": NOBODY, "system": SYSTEM}


def test_the_plans_one_sees_are_those_one_may_read(session: Session, cast: Cast) -> None:
    agree(session, cast, complete_plan(session, cast))
    for person in (cast.ann, cast.cat, cast.dee, cast.eli, cast.fay, cast.max, cast.pia):
        plan = onboarding_plan(session, cast, person)
        if person is cast.cat:
            agree(session, cast, plan)
    plans = session.scalars(select(Plan)).unique().all()
    seen = {
        name: {p.id for p in session.scalars(visible_plans(actor)).unique()} for name, actor in everyone(cast).items()
    }
    assert seen == {
        name: {p.id for p in plans if may(actor, Permission.READ_PLAN, p)} for name, actor in everyone(cast).items()
    }
    counts = {name: len(ids) for name, ids in seen.items()}
    assert counts == {
        "max": 5, "ann": 3, "ben": 1, "cat": 1, "dee": 3, "pia": 3, "una": 0, "eli": 1, "fay": 2, "nobody": 0, "system": 0,
    }  # fmt: skip


def test_the_reviews_one_sees_are_those_one_may_read(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    reviews = session.scalars(select(Review)).unique().all()
    assert len(reviews) == len(cast.everybody)
    for name, actor in everyone(cast).items():
        seen = {review.id for review in session.scalars(visible_reviews(actor)).unique()}
        assert (name, seen) == (name, {r.id for r in reviews if may(actor, Permission.READ_REVIEW, r)})


def test_a_list_goes_on_where_the_page_before_ended(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    for person in (cast.cat, cast.ann, cast.max, cast.ben):
        onboarding_plan(session, cast, person)
    top, after, names = cast.actor(cast.max), None, []
    while True:
        page = list_plans(session, top, after=after, limit=1)
        names += [line.person_name for line in page.rows]
        if page.next is None:
            break
        after = page.next
    assert names == ["Ann", "Ben", "Cat", "Max"]


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_a_page_holds_no_more_than_asked(session: Session, cast: Cast, limit: int) -> None:
    open_cycle(session, cast)
    onboarding_plan(session, cast, cast.ann)
    onboarding_plan(session, cast, cast.ben)
    assert len(list_plans(session, cast.actor(cast.max), limit=limit).rows) == min(limit, 2)
