"""A draft that was set aside when the assessor changed stays unread, whatever happens to the review later."""

from sqlalchemy.orm import Session

from service.permissions import Permission, may
from service.reviews import cycles
from service.reviews.rules import Side
from tests.cast import Cast
from tests.conftest import SignIn
from tests.factories import half, open_cycle, rate_all, review_of, submit


def test_a_draft_set_aside_is_read_by_nobody(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    aside = half(review, Side.MANAGER)
    rate_all(session, cast, aside, comment="Ann's unfinished thoughts")
    cycles.name_assessor(session, cast.actor(cast.dee), review.id, cast.max.id)
    for side in Side:
        rate_all(session, cast, half(review, side))
        submit(session, cast, half(review, side))
    session.commit()
    assert review.shared_at is not None

    for name, person in cast.everybody.items():
        assert not may(cast.actor(person), Permission.READ_MANAGER_ASSESSMENT, aside), name
        for path in (f"/assessments/{aside.id}", f"/api/v1/assessments/{aside.id}"):
            assert sign_in(person).get(path).status_code == 404, name
