"""A whole sheet of answers at once."""

import pytest
from sqlalchemy.orm import Session

from service.errors import Conflict, Invalid, NotFound, Stale, VersionRequired
from service.reviews import actions
from service.reviews.inputs import RatingInput
from service.reviews.queries import get_assessment
from service.reviews.rules import Answer, Side
from tests.cast import Cast
from tests.factories import half, open_cycle, review_of


def answer(rung: str | None = None, version: int | None = 0) -> RatingInput:
    return RatingInput(answer=Answer.RUNG if rung else Answer.NOT_ASSESSED, rung=rung, version=version)


def test_a_sheet_saves_every_answer(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    ben = cast.actor(cast.ben)
    skills = [item.skill.id for item in get_assessment(session, ben, draft.id).items]
    actions.save_ratings(session, ben, draft.id, {skill: answer() for skill in skills})
    actions.submit_assessment(session, ben, draft.id)
    assert get_assessment(session, ben, draft.id).answered == len(skills)


def test_a_sheet_is_saved_whole_or_not_at_all(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    ben = cast.actor(cast.ben)
    with pytest.raises(Invalid) as caught:
        actions.save_ratings(session, ben, draft.id, {"okr": answer("wizard"), "magic": answer()})
    assert [problem.pointer for problem in caught.value.problems] == ["/okr/rung", "/magic/skill_id"]
    assert get_assessment(session, ben, draft.id).answered == 0


def test_a_sheet_overwrites_nothing_unseen(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    ben = cast.actor(cast.ben)
    actions.save_ratings(session, ben, draft.id, {"okr": answer("junior")})
    with pytest.raises(Stale):
        actions.save_ratings(session, ben, draft.id, {"okr": answer("middle")})
    with pytest.raises(VersionRequired):
        actions.save_ratings(session, ben, draft.id, {"okr": answer("middle", None)})
    actions.save_ratings(session, ben, draft.id, {"okr": answer("middle", 1)})


def test_nobody_else_fills_a_sheet(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    for person in (cast.ann, cast.max, cast.dee, cast.eli):
        with pytest.raises(NotFound):
            actions.save_ratings(session, cast.actor(person), draft.id, {"okr": answer()})


def test_a_submitted_sheet_stands(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    ben = cast.actor(cast.ben)
    skills = [item.skill.id for item in get_assessment(session, ben, draft.id).items]
    actions.save_ratings(session, ben, draft.id, {skill: answer() for skill in skills})
    actions.submit_assessment(session, ben, draft.id)
    with pytest.raises(Conflict):
        actions.save_ratings(session, ben, draft.id, {"okr": answer("junior", 1)})
