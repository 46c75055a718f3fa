"""The steps of a review, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.audit.models import AuditEvent
from service.audit.queries import verify
from service.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from service.ladders.actions import publish_shipped
from service.people.actions import rebuild_reporting_lines
from service.people.models import OrgUnit
from service.permissions import SYSTEM
from service.reviews import actions, cycles, queries
from service.reviews.inputs import AgreedInput, RatingInput
from service.reviews.models import Assessment, Cycle, Review
from service.reviews.rules import Answer, AssessmentStatus, ReviewStatus, ShareRule, Side
from tests.cast import Cast
from tests.conftest import SignIn
from tests.factories import agree_all, confirm, cycle_input, half, open_cycle, rate_all, reveal, review_of, submit


def test_opening_a_cycle_pins_version_levels_and_assessor(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    assert (review.current_level, review.target_level, review.assessor_id) == ("middle", "senior", cast.ann.id)
    assert review.ladder_version.ladder == "product-manager"
    assert {row.side for row in review.assessments} == {Side.SELF, Side.MANAGER}


def test_somebody_at_the_top_is_reviewed_at_their_own_level(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    assert review_of(session, cast.max).target_level == "principal"


def test_a_person_without_a_manager_waits_for_an_assessor(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.max)
    assert review.assessor_id is None
    cycles.name_assessor(session, cast.actor(cast.dee), review_of(session, cast.fay).id, cast.una.id)
    assert review_of(session, cast.fay).assessor_id == cast.una.id


def test_hr_cannot_name_an_assessor_for_their_own_manager(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    with pytest.raises(NotFound):
        cycles.name_assessor(session, cast.actor(cast.dee), review_of(session, cast.max).id, cast.una.id)


def test_nobody_is_named_to_assess_themselves_or_their_manager(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.fay)
    for wrong in (cast.fay, cast.eli):
        with pytest.raises(Invalid):
            cycles.name_assessor(session, cast.actor(cast.dee), review.id, wrong.id)


def test_only_hr_and_partners_open_a_cycle(session: Session, cast: Cast) -> None:
    for person in (cast.ann, cast.ben, cast.eli, cast.una):
        with pytest.raises(Forbidden):
            cycles.open_cycle(session, cast.actor(person), cycle_input())


def test_a_partner_runs_cycles_of_their_own_units(session: Session, cast: Cast) -> None:
    pia, cast.pia.ladder, cast.pia.level = cast.actor(cast.pia), None, None
    publish_shipped(session)
    mine = cycles.open_cycle(session, pia, cycle_input("Product alone"))
    taken = set(session.scalars(select(Review.person_id).where(Review.cycle_id == mine.id)))
    assert taken == {cast.everybody[name].id for name in ("max", "ann", "ben", "cat", "dee")}
    everybody = cycles.open_cycle(session, cast.actor(cast.dee), cycle_input("The others"))
    with pytest.raises(Forbidden, match="other org units"):
        cycles.close_cycle(session, pia, everybody.id)
    assert cycles.close_cycle(session, pia, mine.id).closed_at is not None


def test_a_cycle_takes_the_units_below_too_and_no_other(session: Session, cast: Cast) -> None:
    publish_shipped(session)
    team = OrgUnit(name="Payments", parent_id=cast.ben.unit_id)
    session.add(team)
    session.flush()
    cast.cat.unit_id = team.id
    session.flush()
    dee, names = cast.actor(cast.dee), {person.id: name for name, person in cast.everybody.items()}
    for unit, expected in ((team.id, {"cat"}), (cast.eli.unit_id, {"una", "eli", "fay"})):
        given = cycle_input().model_copy(update={"unit_id": unit})
        assert {names[person_id] for person_id, *_ in cycles.plan_cycle(session, dee, given).included} == expected


def test_nobody_is_in_two_running_cycles(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    with pytest.raises(Invalid, match="Nobody would be in this cycle"):
        cycles.open_cycle(session, cast.actor(cast.dee), cycle_input("Another"))


def test_the_second_submission_reveals_and_shares(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    rate_all(session, cast, half(review, Side.SELF))
    rate_all(session, cast, half(review, Side.MANAGER))
    submit(session, cast, half(review, Side.SELF))
    assert (review.status, review.revealed_at) == (ReviewStatus.OPEN, None)
    submit(session, cast, half(review, Side.MANAGER))
    assert review.status == ReviewStatus.SHARED
    assert review.revealed_at == review.shared_at == half(review, Side.MANAGER).submitted_at


def test_after_calibration_the_person_waits_for_the_release(session: Session, cast: Cast) -> None:
    open_cycle(session, cast, ShareRule.AFTER_CALIBRATION)
    review = reveal(session, cast, cast.ben)
    managers = half(review, Side.MANAGER).id
    assert review.status == ReviewStatus.REVEALED
    with pytest.raises(NotFound):
        queries.get_assessment(session, cast.actor(cast.ben), managers)
    assert queries.get_assessment(session, cast.actor(cast.ann), half(review, Side.SELF).id).answered > 0
    actions.share_review(session, cast.actor(cast.dee), review.id)
    assert queries.get_assessment(session, cast.actor(cast.ben), managers).answered > 0


def test_submitting_needs_an_answer_for_every_skill(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    with pytest.raises(Invalid) as caught:
        submit(session, cast, draft)
    assert len(caught.value.problems) == 31


def test_a_submitted_assessment_is_locked_until_reopened(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    rate_all(session, cast, draft)
    submit(session, cast, draft)
    ben = cast.actor(cast.ben)
    given = RatingInput(answer=Answer.RUNG, rung="senior", version=1)
    with pytest.raises(Conflict):
        actions.save_rating(session, ben, draft.id, "okr", given)
    actions.reopen_assessment(session, ben, draft.id, "I forgot a project.")
    assert draft.status == AssessmentStatus.DRAFT
    assert queries.get_review(session, cast.actor(cast.ann), draft.review_id).half(Side.SELF).reopened_at is not None
    assert actions.save_rating(session, ben, draft.id, "okr", given).version == 2


def test_nothing_is_reopened_after_the_reveal(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    with pytest.raises(Conflict):
        actions.reopen_assessment(session, cast.actor(cast.ben), half(review, Side.SELF).id, "Too late.")


def test_a_second_tab_never_overwrites_silently(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft, ben = half(review_of(session, cast.ben), Side.SELF), cast.actor(cast.ben)
    first = RatingInput(answer=Answer.RUNG, rung="middle", comment="first tab", version=0)
    actions.save_rating(session, ben, draft.id, "okr", first)
    with pytest.raises(Stale) as caught:
        actions.save_rating(session, ben, draft.id, "okr", first.model_copy(update={"comment": "second tab"}))
    assert caught.value.current.comment == "first tab"
    with pytest.raises(VersionRequired):
        actions.save_rating(session, ben, draft.id, "okr", first.model_copy(update={"version": None}))


def test_only_the_rater_writes_a_draft(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    for person in (cast.ann, cast.max, cast.dee, cast.pia, cast.una, cast.eli, cast.cat):
        with pytest.raises(NotFound):
            actions.save_rating(
                session, cast.actor(person), draft.id, "okr", RatingInput(answer=Answer.NONE, version=0)
            )


def test_agreeing_ends_when_both_sides_confirm(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    agree_all(session, cast, review)
    confirm(session, cast, review, cast.ben, comment="I see the discovery part otherwise.")
    assert review.status == ReviewStatus.SHARED
    confirm(session, cast, review, cast.ann)
    assert review.status == ReviewStatus.CONFIRMED
    assert (
        queries.get_review(session, cast.actor(cast.ben), review.id).person_comment
        == "I see the discovery part otherwise."
    )


def test_a_difference_needs_a_note(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    given = AgreedInput(answer=Answer.RUNG, rung="middle", version=0)
    with pytest.raises(Invalid, match="note"):
        actions.save_agreed(session, cast.actor(cast.ann), review.id, "okr", given)


def test_changing_an_agreed_rating_asks_both_to_confirm_again(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    agree_all(session, cast, review)
    confirm(session, cast, review, cast.ben)
    given = AgreedInput(answer=Answer.RUNG, rung="senior", note="A second thought.", version=1)
    actions.save_agreed(session, cast.actor(cast.ann), review.id, "okr", given)
    assert review.person_confirmed_at is None


def test_nobody_confirms_what_they_have_not_read(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    agree_all(session, cast, review)
    ben = cast.actor(cast.ben)
    read = queries.get_agreement(session, ben, review.id).version
    given = AgreedInput(answer=Answer.RUNG, rung="senior", note="A second thought.", version=1)
    actions.save_agreed(session, cast.actor(cast.ann), review.id, "okr", given)
    for version, error in ((read, Stale), (None, VersionRequired)):
        with pytest.raises(error):
            actions.confirm_review(session, ben, review.id, "", version)
    assert review.person_confirmed_at is None
    confirm(session, cast, review, cast.ben)
    assert review.person_confirmed_at is not None


def test_agreeing_is_for_the_two_sides_only(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    given = AgreedInput(answer=Answer.NONE, note="No.", version=0)
    for person, error in ((cast.max, Forbidden), (cast.dee, Forbidden), (cast.eli, NotFound), (cast.una, NotFound)):
        with pytest.raises(error):
            actions.save_agreed(session, cast.actor(person), review.id, "okr", given)


def test_a_new_manager_gets_the_open_assessment_empty(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    old = half(review, Side.MANAGER)
    rate_all(session, cast, old)
    _move(session, cast, manager=cast.max)
    new = half(review, Side.MANAGER)
    assert (review.assessor_id, new.rater_id, new.id == old.id) == (cast.max.id, cast.max.id, False)
    assert queries.get_assessment(session, cast.actor(cast.max), new.id).answered == 0
    with pytest.raises(NotFound):
        queries.get_assessment(session, cast.actor(cast.max), old.id)


def test_a_submitted_assessment_of_the_former_manager_stays(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    rate_all(session, cast, half(review, Side.MANAGER))
    submit(session, cast, half(review, Side.MANAGER))
    _move(session, cast, manager=cast.max)
    assert half(review, Side.MANAGER).rater_id == cast.ann.id
    assert review.assessor_id == cast.max.id
    with pytest.raises(NotFound):
        queries.get_assessment(session, cast.actor(cast.max), half(review, Side.MANAGER).id)


def test_the_review_of_somebody_who_left_is_withdrawn_unrevealed(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    cast.ben.active = False
    cycles.hand_over_reviews(session, [cast.ben.id])
    review = review_of(session, cast.ben)
    assert (review.status, review.revealed_at) == (ReviewStatus.CLOSED, None)


def test_nobody_closes_a_cycle_in_which_their_own_review_runs(session: Session, cast: Cast, sign_in: SignIn) -> None:
    cycle = open_cycle(session, cast)
    browser = sign_in(cast.dee)
    page = browser.get(f"/cycles/{cycle.id}").text
    assert "Your own review still runs in this cycle." in page
    assert "Close this cycle" not in page
    for door in ("", "/api/v1"):
        assert browser.post(f"{door}/cycles/{cycle.id}/closure").status_code == 403
    with pytest.raises(Forbidden, match="Confirm it first"):
        cycles.close_cycle(session, cast.actor(cast.dee), cycle.id)
    review_of(session, cast.dee).status = ReviewStatus.CONFIRMED
    session.commit()
    assert "Close this cycle" in browser.get(f"/cycles/{cycle.id}").text
    assert browser.post(f"/cycles/{cycle.id}/closure").status_code == 303


@pytest.mark.parametrize("running", [True, False])
def test_a_preview_does_not_tell_whether_the_own_manager_is_in_a_running_cycle(
    session: Session, cast: Cast, sign_in: SignIn, running: bool
) -> None:
    open_cycle(session, cast)
    if not running:
        review_of(session, cast.max).status = ReviewStatus.CLOSED
        session.commit()
    plan = cycles.plan_cycle(session, cast.actor(cast.dee), cycle_input("Winter"))
    assert "Max" not in {name for name, _ in plan.left_out} | {name for _, name, *_ in plan.included}
    assert (plan.leads, len(plan.left_out), plan.included) == (True, 8, ())
    form = cycle_input("Winter").model_dump(
        mode="json", include={"name", "starts_on", "assess_by", "share_by", "ends_on"}
    )
    assert "Those who lead you are not listed" in sign_in(cast.dee).post("/cycles/previews", data=form).text


def test_nobody_is_in_two_running_cycles_says_the_database_too(session: Session, cast: Cast) -> None:
    first = open_cycle(session, cast)
    ben = review_of(session, cast.ben)
    second = Cycle(
        **{name: getattr(first, name) for name in ("starts_on", "assess_by", "share_by", "ends_on", "share_rule")}
    )
    second.name = "At the same moment"
    session.add(second)
    pinned = {name: getattr(ben, name) for name in ("person_id", "ladder_version_id", "current_level", "target_level")}
    session.add(Review(cycle=second, **pinned))
    with pytest.raises(IntegrityError):
        session.flush()


def test_closing_a_cycle_reveals_nothing(session: Session, cast: Cast) -> None:
    cycle = open_cycle(session, cast)
    review = review_of(session, cast.ben)
    rate_all(session, cast, half(review, Side.SELF))
    submit(session, cast, half(review, Side.SELF))
    cycles.close_cycle(session, SYSTEM, cycle.id)
    assert (review.status, review.revealed_at) == (ReviewStatus.CLOSED, None)
    with pytest.raises(NotFound):
        queries.get_assessment(session, cast.actor(cast.ann), half(review, Side.SELF).id)


def test_every_state_change_has_one_audit_row_and_the_chain_holds(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    given = RatingInput(answer=Answer.RUNG, rung="junior", version=0)
    actions.save_rating(session, cast.actor(cast.ben), draft.id, "product-analytics", given)
    session.delete(draft.ratings[0])
    review = reveal(session, cast, cast.ben)
    agree_all(session, cast, review)
    changed = AgreedInput(answer=Answer.RUNG, rung="middle", note="After a second look.", version=1)
    actions.save_agreed(session, cast.actor(cast.ann), review.id, "product-analytics", changed)
    confirm(session, cast, review, cast.ben, cast.ann)
    session.commit()
    verbs = list(session.scalars(select(AuditEvent.verb).where(AuditEvent.subject_id == cast.ben.id)))
    counts = {verb: verbs.count(verb) for verb in set(verbs)}
    assert counts == {
        "rating.saved": 1,
        "assessment.submitted": 2,
        "review.revealed": 1,
        "agreement.saved": 1,
        "review.confirmed": 2,
    }
    assert verify(session) is None


def _move(session: Session, cast: Cast, manager) -> None:  # type: ignore[no-untyped-def]
    cast.ben.manager_id = manager.id
    rebuild_reporting_lines(session)
    cycles.hand_over_reviews(session, [cast.ben.id])
    session.flush()
    session.expire_all()
    assert session.scalars(select(Assessment).where(Assessment.rater_id == manager.id)).unique().first() is not None


def test_a_mistaken_import_and_its_correction_lose_no_draft(session: Session, cast: Cast) -> None:
    """Whoever gets the review back goes on with their own draft; who had it meanwhile loses theirs, and it stays empty."""
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.MANAGER)
    rate_all(session, cast, draft)
    for manager in (cast.fay, cast.ann):
        _move(session, cast, manager)
    review = review_of(session, cast.ben)
    assert half(review, Side.MANAGER).id == draft.id
    sides = [
        (row.rater_id, row.is_current, bool(row.ratings)) for row in review.assessments if row.side == Side.MANAGER
    ]
    assert sorted(sides) == sorted([(cast.ann.id, True, True), (cast.fay.id, False, False)])
    with pytest.raises(NotFound):
        queries.get_assessment(session, cast.actor(cast.fay), draft.id)


def test_a_submitted_assessment_stays_when_its_author_is_no_longer_the_manager(session: Session, cast: Cast) -> None:
    open_cycle(session, cast)
    submitted = half(review_of(session, cast.ben), Side.MANAGER)
    rate_all(session, cast, submitted)
    submit(session, cast, submitted)
    cast.ben.manager_id = cast.fay.id
    rebuild_reporting_lines(session)
    cycles.hand_over_reviews(session, [cast.ben.id])
    assert half(review_of(session, cast.ben), Side.MANAGER).id == submitted.id
