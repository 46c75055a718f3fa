"""The JSON door of gaps."""

import pytest
from sqlalchemy.orm import Session

from service.permissions import Scope
from service.reviews.rules import Side
from tests.cast import Cast
from tests.conftest import Bearer, SignIn
from tests.factories import agree_all, half, open_cycle, rate_all, reveal, review_of, submit


def gaps_of(session: Session, person: object, query: str = "") -> str:
    return f"/api/v1/reviews/{review_of(session, person).id}/gaps{query}"


def test_a_report_names_its_basis_its_order_and_every_reason(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    reveal(session, cast, cast.ben, self_="senior", manager="middle")
    report = sign_in(cast.ben).get(gaps_of(session, cast.ben)).json()

    assert (report["basis"], report["is_draft"], report["target"]["id"]) == ("manager", False, "senior")
    assert (report["attained"]["id"], report["next"]["id"], report["at_top"]) == ("middle", "senior", False)
    assert report["order"].startswith("By requirement")
    assert [level["id"] for level in report["levels"]] == ["junior", "middle", "senior", "lead", "principal"]
    gate = report["levels"][2]
    assert (gate["passes"], gate["attained"], gate["must"]["met"] < gate["must"]["expected"]) == (False, False, True)

    okr = next(finding for finding in report["findings"] if finding["skill_id"] == "okr")
    assert (okr["state"], okr["distance"], okr["level"], okr["requirement"]) == ("unmet", 1, "senior", "must")
    assert (okr["self"], okr["manager"], okr["agreed"]) == ("Senior", "Middle", None)
    assert okr["skill"] in gate["blockers"]
    difference = next(difference for difference in report["differences"] if difference["skill_id"] == "okr")
    assert difference == {
        "skill_id": "okr",
        "skill": okr["skill"],
        "self": "Senior",
        "manager": "Middle",
        "rungs": -1,
        "higher": "self",
    }
    assert "technical-product-manager" in {ladder["id"] for ladder in report["neighbours"]}


def test_agreed_ratings_become_the_basis(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    agree_all(session, cast, reveal(session, cast, cast.ben))
    report = sign_in(cast.ann).get(gaps_of(session, cast.ben)).json()
    assert (report["basis"], {finding["agreed"] is None for finding in report["findings"]}) == ("agreed", {False})


def test_before_the_reveal_each_side_sees_its_own_and_others_nothing(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    rate_all(session, cast, half(review, Side.SELF), "senior")
    rate_all(session, cast, half(review, Side.MANAGER), "junior")
    submit(session, cast, half(review, Side.MANAGER))
    session.commit()

    own = sign_in(cast.ben).get(gaps_of(session, cast.ben)).json()
    assert (own["basis"], own["is_draft"], own["differences"]) == ("self", True, [])
    assert {(finding["manager"], finding["agreed"]) for finding in own["findings"]} == {(None, None)}
    managers = sign_in(cast.ann).get(gaps_of(session, cast.ben)).json()
    assert (managers["basis"], managers["is_draft"]) == ("manager", False)
    assert {finding["self"] for finding in managers["findings"]} == {None}
    for person in (cast.max, cast.dee, cast.pia, cast.una, cast.eli, cast.cat):
        assert sign_in(person).get(gaps_of(session, cast.ben)).status_code == 404


def test_any_level_of_any_ladder_can_be_asked_for(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    client = sign_in(cast.ben)
    lead = client.get(gaps_of(session, cast.ben, "?level=lead")).json()
    assert (lead["target"]["id"], lead["ladder"]["id"]) == ("lead", "product-manager")
    top = client.get(gaps_of(session, cast.ben, "?level=principal&ladder=technical-product-manager")).json()
    assert (top["at_top"], top["ladder"]["id"]) == (True, "technical-product-manager")


@pytest.mark.parametrize(
    ("query", "status"),
    [("?level=nowhere", 404), ("?ladder=nowhere", 404), ("?level=a%00b", 422), ("?ladder=%F0%9F%92%A5", 422)],
)
def test_levels_and_ladders_that_are_not_there(
    session: Session, cast: Cast, sign_in: SignIn, query: str, status: int
) -> None:
    open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    assert sign_in(cast.ben).get(gaps_of(session, cast.ben, query)).status_code == status


def test_a_reading_token_is_enough(session: Session, cast: Cast, bearer: Bearer) -> None:
    open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    assert bearer(cast.ann, Scope.READ).get(gaps_of(session, cast.ben)).status_code == 200
    assert bearer(cast.eli, Scope.WRITE).get(gaps_of(session, cast.ben)).status_code == 404
