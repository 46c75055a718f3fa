"""What a rating may be and which step follows which (PRODUCT.md, "Assessments")."""

from itertools import product

import pytest

from service.errors import Conflict, Invalid
from service.reviews.rules import (
    NOT_ASSESSED,
    Answer,
    AssessmentStatus,
    Rating,
    ReviewStatus,
    advance,
    check_complete,
    check_rating,
    check_reopen,
    needs_note,
    same_answer,
)
from service.reviews.views import rating_words
from tests.factories import ladder, skill

SQL = skill("sql", ("junior", "must"), ("senior", "must"))
LADDER = ladder(SQL, skill("ux", ("middle", "should")), skill("law", ("senior", "may")))


def rung(level: str, *, toward: bool = False) -> Rating:
    return Rating(Answer.RUNG, level, toward)


STEPS = {
    (ReviewStatus.OPEN, ReviewStatus.REVEALED),
    (ReviewStatus.OPEN, ReviewStatus.CLOSED),
    (ReviewStatus.REVEALED, ReviewStatus.SHARED),
    (ReviewStatus.REVEALED, ReviewStatus.CLOSED),
    (ReviewStatus.SHARED, ReviewStatus.CONFIRMED),
    (ReviewStatus.SHARED, ReviewStatus.CLOSED),
    (ReviewStatus.CONFIRMED, ReviewStatus.CLOSED),
}


@pytest.mark.parametrize(("status", "to"), list(product(ReviewStatus, ReviewStatus)))
def test_a_review_takes_one_step_at_a_time_and_never_goes_back(status: ReviewStatus, to: ReviewStatus) -> None:
    if (status, to) in STEPS:
        assert advance(status, to=to) is to
    else:
        with pytest.raises(Conflict, match=f"is {status}; it cannot become {to}"):
            advance(status, to=to)


@pytest.mark.parametrize(
    "rating",
    [
        rung("junior"),
        rung("junior", toward=True),
        rung("senior"),
        Rating(Answer.NONE),
        Rating(Answer.NONE, toward_next=True),
        NOT_ASSESSED,
        Rating(Answer.NOT_APPLICABLE, reason="We have no database."),
    ],
)
def test_an_answer_that_fits_the_skill(rating: Rating) -> None:
    assert check_rating(LADDER, "senior", "sql", rating) == SQL


@pytest.mark.parametrize(
    ("rating", "pointer"),
    [
        (rung("middle"), "/rung"),  # a level of the ladder where this skill says nothing new
        (rung("staff"), "/rung"),
        (Rating(Answer.RUNG), "/rung"),
        (Rating(Answer.NONE, "junior"), "/rung"),
        (Rating(Answer.NOT_ASSESSED, "junior"), "/rung"),
        (Rating(Answer.NOT_APPLICABLE, "junior", reason="no"), "/rung"),
        (rung("senior", toward=True), "/toward_next"),
        (Rating(Answer.NOT_ASSESSED, toward_next=True), "/toward_next"),
        (Rating(Answer.NOT_APPLICABLE, toward_next=True, reason="no"), "/toward_next"),
        (Rating(Answer.NOT_APPLICABLE), "/reason"),
        (Rating(Answer.NOT_APPLICABLE, reason="  "), "/reason"),
    ],
)
def test_an_answer_that_does_not_fit_says_where(rating: Rating, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_rating(LADDER, "senior", "sql", rating)
    assert [problem.pointer for problem in caught.value.problems] == [pointer]


def test_a_skill_that_is_not_expected_at_the_target_takes_no_answer() -> None:
    late = ladder(skill("pricing", ("senior", "may")))
    with pytest.raises(Invalid, match="not asked for"):
        check_rating(late, "middle", "pricing", NOT_ASSESSED)


def test_a_skill_that_is_not_on_the_ladder_takes_no_answer() -> None:
    with pytest.raises(Invalid, match="not on this ladder"):
        check_rating(LADDER, "senior", "astrology", NOT_ASSESSED)


@pytest.mark.parametrize(
    ("target", "answered", "missing"),
    [
        ("junior", (), ["sql"]),
        ("junior", ("sql",), []),
        ("middle", ("sql",), ["ux"]),
        ("senior", (), ["sql", "ux", "law"]),
        ("senior", ("law", "sql", "ux"), []),
        ("junior", ("sql", "law"), []),
    ],
)
def test_every_skill_expected_at_the_target_needs_an_answer(
    target: str, answered: tuple[str, ...], missing: list[str]
) -> None:
    if not missing:
        return check_complete(LADDER, target, answered)
    with pytest.raises(Invalid) as caught:
        check_complete(LADDER, target, answered)
    assert [problem.pointer for problem in caught.value.problems] == [f"/ratings/{skill_id}" for skill_id in missing]
    return None


def test_a_submitted_assessment_is_reopened_until_both_are_revealed() -> None:
    check_reopen(AssessmentStatus.SUBMITTED, revealed=False)


@pytest.mark.parametrize(
    ("status", "revealed"),
    [(AssessmentStatus.SUBMITTED, True), (AssessmentStatus.DRAFT, False), (AssessmentStatus.DRAFT, True)],
)
def test_nothing_else_is_reopened(status: AssessmentStatus, revealed: bool) -> None:
    with pytest.raises(Conflict):
        check_reopen(status, revealed=revealed)


NA = Rating(Answer.NOT_APPLICABLE, reason="one reason")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (rung("junior"), rung("junior"), True),
        (rung("junior"), rung("senior"), False),
        (rung("junior"), rung("junior", toward=True), False),
        (NA, Rating(Answer.NOT_APPLICABLE, reason="another"), True),
        (NA, NOT_ASSESSED, False),
        (NOT_ASSESSED, None, True),
        (Rating(Answer.NONE), None, False),
    ],
)
def test_two_sides_say_the_same_whatever_their_reasons(one: Rating, other: Rating | None, same: bool) -> None:
    assert same_answer(one, other) is same


@pytest.mark.parametrize(
    ("agreed", "self_", "manager", "needed"),
    [
        (rung("junior"), rung("junior"), rung("junior"), False),
        (rung("junior"), rung("junior"), rung("senior"), True),
        (rung("senior"), rung("junior"), rung("senior"), True),
        (rung("senior"), rung("junior"), rung("junior"), True),
        (NOT_ASSESSED, None, NOT_ASSESSED, False),
    ],
)
def test_an_agreed_rating_that_differs_from_either_side_needs_a_note(
    agreed: Rating, self_: Rating | None, manager: Rating, needed: bool
) -> None:
    assert needs_note(agreed, self_, manager) is needed


@pytest.mark.parametrize(
    ("rating", "words"),
    [
        (None, "not yet"),
        (NOT_ASSESSED, "not assessed"),
        (NA, "not applicable"),
        (rung("senior"), "Senior"),
        (rung("junior", toward=True), "Junior, parts of the next show"),
        (Rating(Answer.NONE), "before the first rung"),
        (Rating(Answer.NONE, toward_next=True), "before the first rung, parts of the next show"),
    ],
)
def test_a_rating_in_words(rating: Rating | None, words: str) -> None:
    assert rating_words(LADDER, rating) == words
