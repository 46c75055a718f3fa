"""What a closed plan showed is offered as evidence in the next review, to those who may read the plan."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.audit.models import AuditEvent
from service.errors import Conflict, Invalid, NotFound
from service.reviews import actions, queries
from service.reviews.inputs import RatingInput
from service.reviews.models import Assessment, EvidenceOffer
from service.reviews.rules import Answer, Side
from tests.cast import Cast
from tests.conftest import SignIn
from tests.factories import half, open_cycle, rate_all, review_of, submit
from tests.plans.browsing import text_of

SKILL = "okr"
NOTE = "Growth plan “Towards Senior”, closed on 8 Jan 2027: 3 of 4 key results for this met."


@pytest.fixture
def offer(session: Session, cast: Cast) -> EvidenceOffer:
    """Of a plan of Ben's with Ann, while his review is being assessed."""
    open_cycle(session, cast)
    actions.offer_evidence(session, cast.ben, cast.ann.id, SKILL, NOTE, f"/plans/{uuid4()}")
    session.commit()
    return session.scalars(select(EvidenceOffer)).one()


def draft(session: Session, cast: Cast, side: Side = Side.SELF, person: Any = None) -> Assessment:
    return half(review_of(session, person or cast.ben), side)


def answer(session: Session, cast: Cast, assessment: Assessment, skill: str = SKILL) -> None:
    given = RatingInput(answer=Answer.NONE, version=0)
    actions.save_rating(session, cast.actor(assessment.rater), assessment.id, skill, given)


@pytest.mark.parametrize("side", list(Side))
def test_taking_it_makes_a_row_of_evidence(session: Session, cast: Cast, offer: EvidenceOffer, side: Side) -> None:
    assessment = draft(session, cast, side)
    rater = cast.actor(assessment.rater)
    (offered,) = queries.list_offers(session, rater, assessment.id, SKILL)
    with pytest.raises(Invalid, match="Choose an answer first"):
        actions.take_offer(session, rater, assessment.id, SKILL, offered.id)
    answer(session, cast, assessment)

    taken = actions.take_offer(session, rater, assessment.id, SKILL, offered.id)

    assert actions.take_offer(session, rater, assessment.id, SKILL, offered.id) == taken
    session.expire_all()
    (piece,) = queries.get_rating(session, rater, assessment.id, SKILL).evidence
    assert (piece.note, piece.url, piece.dated) == (NOTE, offer.url, offer.dated)
    assert queries.list_offers(session, rater, assessment.id, SKILL) == ()


def test_one_side_does_not_see_whether_the_other_took_it(session: Session, cast: Cast, offer: EvidenceOffer) -> None:
    mine, theirs = draft(session, cast), draft(session, cast, Side.MANAGER)
    ann = cast.actor(cast.ann)
    before = queries.list_offers(session, ann, theirs.id, SKILL)
    answer(session, cast, mine)
    actions.take_offer(session, cast.actor(cast.ben), mine.id, SKILL, offer.id)
    session.expire_all()
    assert queries.list_offers(session, ann, theirs.id, SKILL) == before
    about = AuditEvent.resource_id == str(offer.id)
    assert session.scalars(select(AuditEvent).where(about)).all() == []


def test_an_assessor_who_may_not_read_the_plan_is_offered_nothing(
    session: Session, cast: Cast, offer: EvidenceOffer
) -> None:
    theirs = draft(session, cast, Side.MANAGER)
    theirs.review.assessor_id = theirs.rater_id = cast.fay.id  # of another unit
    session.commit()
    session.expire_all()
    fay = cast.actor(cast.fay)
    assert queries.list_offers(session, fay, theirs.id, SKILL) == ()
    answer(session, cast, theirs)
    with pytest.raises(NotFound):
        actions.take_offer(session, fay, theirs.id, SKILL, offer.id)


def test_an_offer_is_of_one_person_and_one_skill(session: Session, cast: Cast, offer: EvidenceOffer) -> None:
    cats, bens = draft(session, cast, person=cast.cat), draft(session, cast)
    ben = cast.actor(cast.ben)
    other = next(
        item.skill.id for item in queries.get_assessment(session, ben, bens.id).items if item.skill.id != SKILL
    )
    assert queries.list_offers(session, cast.actor(cast.cat), cats.id, SKILL) == ()
    assert queries.list_offers(session, ben, bens.id, other) == ()
    answer(session, cast, bens, other)
    with pytest.raises(NotFound):
        actions.take_offer(session, ben, bens.id, other, offer.id)


def test_a_submitted_assessment_takes_nothing_more(session: Session, cast: Cast, offer: EvidenceOffer) -> None:
    mine, ben = draft(session, cast), cast.actor(cast.ben)
    rate_all(session, cast, mine)
    submit(session, cast, mine)
    assert queries.list_offers(session, ben, mine.id, SKILL) == ()
    with pytest.raises(Conflict):
        actions.take_offer(session, ben, mine.id, SKILL, offer.id)


def test_the_newest_three_are_offered(session: Session, cast: Cast, offer: EvidenceOffer) -> None:
    for number in range(4):
        with clock.frozen(clock.now() + timedelta(minutes=1 + number)):
            actions.offer_evidence(session, cast.ben, cast.ann.id, SKILL, f"Plan {number}", f"/plans/{uuid4()}")
    session.commit()
    offered = queries.list_offers(session, cast.actor(cast.ben), draft(session, cast).id, SKILL)
    assert [it.note for it in offered] == ["Plan 3", "Plan 2", "Plan 1"]


def test_one_press_by_the_page_keeps_the_answer_too(
    session: Session, cast: Cast, offer: EvidenceOffer, sign_in: SignIn
) -> None:
    ben, mine = sign_in(cast.ben), draft(session, cast)
    here = f"/assessments/{mine.id}/ratings/{SKILL}"
    button = f'formaction="{here}/offers/{offer.id}"'
    shown = ben.get(here)
    assert (button in shown.text, NOTE in text_of(shown)) == (True, True)
    refused = ben.post(f"{here}/offers/{offer.id}", data={"comment": "My words", "version": "0"})
    assert (refused.status_code, "Choose an answer first" in refused.text) == (422, True)
    typed = {"answer": "none", "comment": "My words", "version": "0"}
    assert ben.post(f"{here}/offers/{offer.id}", data=typed).headers["location"] == here
    shown = ben.get(here)
    assert (button in shown.text, f'href="{offer.url}"' in shown.text, "My words" in shown.text) == (False, True, True)


def test_the_same_through_the_api(session: Session, cast: Cast, offer: EvidenceOffer, sign_in: SignIn) -> None:
    ann, theirs = sign_in(cast.ann), draft(session, cast, Side.MANAGER)
    here = f"/api/v1/assessments/{theirs.id}/ratings/{SKILL}"
    (offered,) = ann.get(f"{here}/offers").json()
    assert offered == {"id": str(offer.id), "dated": str(offer.dated), "note": NOTE, "url": offer.url}
    ann.put(here, json={"answer": "none"}, headers={"if-match": '"0"'})
    taken = ann.post(f"{here}/offers/{offer.id}")
    assert (taken.status_code, taken.json()["note"]) == (201, NOTE)
    assert ann.get(f"{here}/offers").json() == []
    assert ann.delete(taken.headers["location"]).status_code == 204
    assert len(ann.get(f"{here}/offers").json()) == 1
    assert date.fromisoformat(offered["dated"]) <= clock.today()
