"""Two at the same moment, on databases that really commit: one wins, the other is told, and nothing is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service import schema
from service.audit.queries import verify
from service.checkins import actions as check_ins
from service.checkins.models import CheckIn
from service.closing import actions as closing
from service.closing.inputs import ClosingInput
from service.db import Database, connect
from service.errors import Conflict, NextrungError, Stale
from service.gaps.queries import get_report
from service.ladders.actions import publish_shipped
from service.ladders.models import LadderVersion
from service.onboarding.actions import start_onboarding_plan
from service.onboarding.inputs import OnboardingPlanInput
from service.plans import actions as plans
from service.plans.inputs import PromotionPlanInput
from service.plans.models import Closing, Plan
from service.reviews import actions, cycles
from service.reviews.inputs import RatingInput
from service.reviews.models import Review, SkillRating
from service.reviews.rules import Answer, ReviewStatus, Side
from service.revisions.actions import begin_change
from service.revisions.inputs import ChangeInput
from tests.cast import make_cast
from tests.checkins.running import results, running_plan, said
from tests.factories import cycle_input, half, open_cycle, rate_all, review_of
from tests.plans import drafts
from tests.plans.drafts import START

ROUNDS = 5


@pytest.fixture
def committed(own_url: str) -> Iterator[Database]:
    """A database of this test's own, whose commits are commits."""
    database = connect(own_url)
    schema.upgrade(database.engine)
    yield database
    database.engine.dispose()


def at_once(database: Database, *acts: Callable[[Session], Any]) -> list[Any]:
    """What each act gave or was refused with, all begun at the same moment in transactions of their own."""
    ready = Barrier(len(acts))

    def run(act: Callable[[Session], Any]) -> Any:
        ready.wait()
        try:
            with database.transaction() as session:
                return act(session)
        except NextrungError as refusal:
            return refusal
        except IntegrityError as refusal:  # what web/problems.py answers by 409
            return Conflict(str(refusal.orig))

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_processes_that_start_first_publish_the_shipped_ladders_once(committed: Database) -> None:
    told = at_once(committed, *[lambda session: len(publish_shipped(session))] * 3)
    assert [answer for answer in told if isinstance(answer, NextrungError)] == []
    with committed.transaction() as session:
        assert session.scalar(select(func.count()).select_from(LadderVersion)) == 2
        assert verify(session) is None


def test_two_submissions_at_once_reveal_once(committed: Database) -> None:
    with committed.writing() as session:
        cast = make_cast(session)
        open_cycle(session, cast)
        review = review_of(session, cast.ben)
        for side in Side:
            rate_all(session, cast, half(review, side))
        session.commit()
        raters = {side: (cast.actor(half(review, side).rater), half(review, side).id) for side in Side}
    submissions = [
        lambda s, who=who, which=which: actions.submit_assessment(s, who, which).id for who, which in raters.values()
    ]

    told = at_once(committed, *submissions, *submissions)

    assert sum(isinstance(answer, NextrungError) for answer in told) == 2
    with committed.transaction() as session:
        revealed = session.get_one(Review, review.id)
        assert (revealed.status, revealed.revealed_at is not None) == (ReviewStatus.SHARED, True)
        assert verify(session) is None


def test_two_cycles_opened_at_once_never_hold_the_same_person(committed: Database) -> None:
    with committed.writing() as session:
        cast = make_cast(session)
        publish_shipped(session)
        session.commit()
        dee = cast.actor(cast.dee)
    names = ("Autumn 2026", "At the same moment")

    told = at_once(committed, *[lambda s, n=name: cycles.open_cycle(s, dee, cycle_input(n)).name for name in names])

    assert sum(isinstance(answer, str) for answer in told) == 1
    with committed.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Review)) == 9
        assert verify(session) is None


def test_two_presses_begin_one_plan(committed: Database) -> None:
    with committed.writing() as session:
        cast = make_cast(session)
        review = drafts.shared_review(session, cast)
        ben, ann = cast.actor(cast.ben), cast.actor(cast.ann)
        gap = get_report(session, ben, review.id).gaps[0].skill.id
    given = PromotionPlanInput(start_on=drafts.START, chosen=[gap])
    starter = OnboardingPlanInput(person_id=ben.person_id, start_on=drafts.START)

    told = at_once(
        committed, *[lambda s, who=who: plans.start_promotion_plan(s, who, review.id, given).id for who in (ben, ann)]
    )
    told += at_once(committed, *[lambda s, who=who: start_onboarding_plan(s, who, starter).id for who in (ben, ann)])

    assert (told[0], told[2]) == (told[1], told[3])
    with committed.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 2
        assert verify(session) is None


def test_a_plan_is_closed_once_and_not_while_it_is_being_changed(committed: Database) -> None:
    with committed.writing() as session:
        cast = make_cast(session)
        plan = drafts.agree(session, cast, drafts.complete_plan(session, cast))
        ben, ann = cast.actor(cast.ben), cast.actor(cast.ann)
        results = {str(kr.id): {"value": 50, "carry_over": True} for row in plan.objectives for kr in row.key_results}
    body = {"results": results, "version": plan.version}
    given = ClosingInput.model_validate(body | {"reflection": {"learned": "To ask."}})
    change = ChangeInput(reason="It moved.", version=plan.version)

    told = at_once(
        committed,
        lambda s: closing.close_plan(s, ben, plan.id, given).status,
        lambda s: closing.close_plan(s, ann, plan.id, ClosingInput.model_validate(body)).status,
        lambda s: begin_change(s, ann, plan.id, change).status,
        lambda s: begin_change(s, ben, plan.id, change).status,
    )

    assert sum(not isinstance(answer, NextrungError) for answer in told) == 1
    with committed.transaction() as session:
        stands = session.get_one(Plan, plan.id)
        closings = session.scalar(select(func.count()).select_from(Closing))
        drafts_made = session.scalar(select(func.count()).select_from(Plan).where(Plan.carried_from_id == plan.id))
        closed = stands.status == "closed"
        assert (closings, drafts_made, stands.changing_since is None) == ((1, 1, True) if closed else (0, 0, False))
        assert verify(session) is None


def test_of_two_tabs_one_saves_and_the_other_is_shown_what_stands(committed: Database) -> None:
    with committed.writing() as session:
        cast = make_cast(session)
        open_cycle(session, cast)
        draft = half(review_of(session, cast.ben), Side.SELF).id
        ben = cast.actor(cast.ben)
    for seen in range(ROUNDS):
        texts = [f"tab {tab} after {seen}" for tab in (1, 2)]
        given = [RatingInput(answer=Answer.NONE, comment=text, version=seen) for text in texts]

        told = at_once(committed, *[lambda s, g=g: actions.save_rating(s, ben, draft, "okr", g) for g in given])

        refused = [answer for answer in told if isinstance(answer, Stale)]
        kept = [answer for answer in told if not isinstance(answer, NextrungError)]
        assert (len(refused), len(kept)) == (1, 1)
        assert refused[0].current == kept[0]
        with committed.transaction() as session:
            row = session.scalars(select(SkillRating).where(SkillRating.assessment_id == draft)).one()
            assert (row.version, row.comment) == (seen + 1, kept[0].comment)


def test_of_two_check_ins_on_one_day_one_stands_and_the_other_is_told(committed: Database) -> None:
    with committed.writing() as session:
        cast = make_cast(session)
        plan = running_plan(session, cast)
        sides, first = [cast.actor(cast.ben), cast.actor(cast.ann)], results(plan)[0]
    for seen in range(ROUNDS):
        given = [said(number, note=f"{number} after {seen}", version=seen) for number in (45, 46)]

        told = at_once(
            committed,
            *[
                lambda s, who=who, what=what: check_ins.check_in(s, who, plan.id, START, {first: what})
                for who, what in zip(sides, given, strict=True)
            ],
        )

        assert (sum(isinstance(answer, Stale) for answer in told), told.count(None)) == (1, 1)
        with committed.transaction() as session:
            rows = session.scalars(select(CheckIn).order_by(CheckIn.number)).all()
            assert [row.number for row in rows] == list(range(1, seen + 2))
            assert rows[-1].note == given[told.index(None)].note
            assert verify(session) is None
