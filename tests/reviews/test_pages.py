"""The main job's middle over the pages, without JavaScript: rate, submit, compare, agree, confirm, see the gaps."""

import re
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.people.actions import rebuild_reporting_lines
from service.people.models import Person
from service.reviews.models import Cycle, SkillRating
from service.reviews.rules import ReviewStatus, ShareRule, Side
from tests.cast import Cast
from tests.conftest import SignIn
from tests.factories import agree_all, confirm, half, open_cycle, rate_all, reveal, review_of

CYCLE = {
    "name": "Autumn 2026", "starts_on": "2026-09-01", "assess_by": "2026-10-01", "share_by": "2026-10-15",
    "ends_on": "2026-12-01", "share_rule": "at-reveal",
}  # fmt: skip


def test_hr_previews_and_opens_a_cycle(session: Session, cast: Cast, sign_in: SignIn) -> None:
    cast.dee.ladder = cast.dee.level = None
    open_cycle(session, cast, name="Spring 2026")
    dee = sign_in(cast.dee)
    preview = dee.post("/cycles/previews", data=CYCLE)
    assert "already in a running cycle" in preview.text
    cycle = session.scalars(select(Cycle)).one()
    assert dee.post(f"/cycles/{cycle.id}/closure").status_code == 303
    assert "7 people would be in it, 1 left out." in dee.post("/cycles/previews", data=CYCLE).text
    opened = dee.post("/cycles", data=CYCLE)
    assert opened.status_code == 303
    assert "Ben" in dee.get(opened.headers["location"]).text


def test_a_cycle_with_dates_out_of_order_keeps_what_was_typed(session: Session, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.dee).post("/cycles/previews", data=CYCLE | {"share_by": "2026-09-02", "name": "Kept words"})
    assert answer.status_code == 422
    assert "The dates go in this order" in answer.text
    assert 'value="Kept words"' in answer.text


def test_a_person_rates_and_submits(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    rate_all(session, cast, draft)
    okr = session.scalars(select(SkillRating).where(SkillRating.skill_id == "okr")).unique().one()
    session.delete(okr)
    session.commit()
    ben = sign_in(cast.ben)
    assert "30 of 31 answered" in ben.get(f"/assessments/{draft.id}").text
    refused = ben.post(f"/assessments/{draft.id}/submission")
    assert (refused.status_code, "has no answer yet" in refused.text) == (422, True)
    path = f"/assessments/{draft.id}/ratings/okr"
    saved = ben.post(
        path,
        data={"answer": "middle", "toward_next": "yes", "comment": "Three quarters.", "version": "0", "then": "stay"},
    )
    assert (saved.status_code, saved.headers["location"]) == (303, path)
    assert "Three quarters." in ben.get(path).text
    evidence = {"note": "Cut nine objectives to three.", "dated": "2026-03-01", "url": "https://example.org/okr"}
    assert ben.post(f"{path}/evidence", data=evidence).status_code == 303
    assert ben.post(f"/assessments/{draft.id}/submission").headers["location"] == f"/reviews/{draft.review_id}"
    assert "submitted" in ben.get(f"/reviews/{draft.review_id}").text


def test_saving_goes_on_to_the_next_open_skill(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    saved = sign_in(cast.ben).post(
        f"/assessments/{draft.id}/ratings/okr", data={"answer": "none", "version": "0", "then": "next"}
    )
    assert saved.headers["location"] == f"/assessments/{draft.id}/ratings/pricing-and-packaging"


def test_nothing_typed_is_lost_on_an_error(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    path = f"/assessments/{draft.id}/ratings/okr"
    answer = sign_in(cast.ben).post(path, data={"answer": "not-applicable", "comment": "My long text.", "version": "0"})
    assert answer.status_code == 422
    assert "Say in a few words why this skill does not apply." in answer.text
    assert "My long text." in answer.text


def test_a_second_tab_shows_both_texts(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    ben, path = sign_in(cast.ben), f"/assessments/{draft.id}/ratings/okr"
    ben.post(path, data={"answer": "middle", "comment": "from the first tab", "version": "0"})
    answer = ben.post(path, data={"answer": "senior", "comment": "from the second tab", "version": "0"})
    assert answer.status_code == 412
    assert "from the first tab" in answer.text
    assert "from the second tab" in answer.text
    again = re.search(r'name="version" value="(\d+)"', answer.text)
    assert again is not None
    data = {"answer": "senior", "comment": "from the second tab", "version": again[1]}
    assert ben.post(path, data=data).status_code == 303


def test_comparing_agreeing_and_confirming(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben, self_="middle", manager="middle")
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    assert ben.post(f"/reviews/{review.id}/agreement/acceptance").status_code == 303
    changed = ann.post(f"/reviews/{review.id}/agreement/okr", data={"answer": "senior", "version": "1"})
    assert (changed.status_code, "Say how you came to this answer." in changed.text) == (422, True)
    data = {"answer": "senior", "note": "The cascade in spring.", "version": "1"}
    assert ann.post(f"/reviews/{review.id}/agreement/okr", data=data).status_code == 303
    assert "The cascade in spring." in ben.get(f"/reviews/{review.id}/agreement").text
    for client in (ben, ann):
        read = client.get(f"/reviews/{review.id}/agreement").text
        version = re.search(r'name="version" value="(\d+)"', read)
        stale = client.post(f"/reviews/{review.id}/confirmation", data={"comment": "Mine.", "version": "1"})
        assert (stale.status_code, "Read what stands now" in stale.text) == (412, True)
        data = {"comment": "Fine.", "version": version[1] if version else ""}
        assert client.post(f"/reviews/{review.id}/confirmation", data=data).status_code == 303
    session.expire_all()
    assert review_of(session, cast.ben).status == ReviewStatus.CONFIRMED


def test_evidence_is_answered_by_the_other_side(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    ben, ann = sign_in(cast.ben), sign_in(cast.ann)
    draft = half(review, Side.SELF)
    rate_all(session, cast, draft)
    session.commit()
    note = {"note": "Led the pricing talks.", "dated": "2026-02-02"}
    ben.post(f"/assessments/{draft.id}/ratings/okr/evidence", data=note)
    ben.post(f"/assessments/{draft.id}/submission")
    rate_all(session, cast, half(review, Side.MANAGER))
    session.commit()
    ann.post(f"/assessments/{half(review, Side.MANAGER).id}/submission")
    path = re.search(r'action="(/evidence/[^"]+)"', ann.get(f"/assessments/{draft.id}").text)
    assert path is not None
    assert ben.post(path[1], data={"state": "confirmed"}).status_code == 409
    assert ann.post(path[1], data={"state": "disputed"}).status_code == 422
    assert ann.post(path[1], data={"state": "disputed", "answer": "It was Cat."}).status_code == 303
    assert "It was Cat." in ben.get(f"/assessments/{draft.id}").text


def test_hr_shares_after_calibration(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast, ShareRule.AFTER_CALIBRATION)
    review = reveal(session, cast, cast.ben)
    dee, ben = sign_in(cast.dee), sign_in(cast.ben)
    assert "It is shared with you after calibration." in ben.get(f"/reviews/{review.id}").text
    assert ben.get(f"/reviews/{review.id}/agreement").status_code == 404
    assert dee.post(f"/reviews/{review.id}/release").status_code == 303
    assert ben.get(f"/reviews/{review.id}/agreement").status_code == 200


def test_the_gap_page_names_basis_blockers_and_differences(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    ben = sign_in(cast.ben)
    text = ben.get(f"/reviews/{review.id}/gaps").text
    assert "from the manager’s ratings" in text
    assert "What blocks Middle" in text
    assert "self higher" in text
    agree_all(session, cast, review)
    assert "from the ratings both sides agreed" in ben.get(f"/reviews/{review.id}/gaps").text
    assert "Your gaps to Lead" in ben.get(f"/reviews/{review.id}/gaps?level=lead").text
    assert "Technical Product Manager" in ben.get(f"/reviews/{review.id}/gaps?ladder=technical-product-manager").text
    assert ben.get(f"/reviews/{review.id}/gaps?level=nonsense").status_code == 404


def test_home_asks_what_is_to_do(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    text = sign_in(cast.ann).get("/").text
    assert "Rate yourself" in text
    assert "Rate <bdi>Ben</bdi>" in text
    assert "52 days ago" in text or date.today() != date(2026, 11, 22)  # noqa: DTZ011
    reveal(session, cast, cast.ben)
    assert "Talk and agree with <bdi>Ben</bdi>" in sign_in(cast.ann).get("/").text


def test_lists_ask_a_fixed_number_of_queries(session: Session, cast: Cast, sign_in: SignIn, count_queries) -> None:  # type: ignore[no-untyped-def]
    cycle = open_cycle(session, cast)
    dee = sign_in(cast.dee)
    paths = ("/reviews", f"/cycles/{cycle.id}", "/cycles")
    few = [count_queries(lambda path=path: dee.get(path)) for path in paths]
    for number in range(30):
        key = f"n{number}@example.org"
        row = Person(
            employee_id=f"N{number}", name=f"New {number:02}", email=key, email_key=key, manager_id=cast.fay.id,
            unit_id=cast.fay.unit_id, ladder="product-manager", level="junior",
        )  # fmt: skip
        session.add(row)
    rebuild_reporting_lines(session)
    open_cycle(session, cast, name="Winter 2026")
    assert dee.get("/reviews").text.count("New ") == 30
    assert [count_queries(lambda path=path: dee.get(path)) for path in paths] == few


def test_an_unknown_review_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ben).get(f"/reviews/{UUID(int=7)}").status_code == 404
    assert sign_in(cast.ben).get("/reviews/nonsense").status_code == 404


def test_the_steps_of_a_review_are_done_one_after_the_other(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    browser = sign_in(cast.ben)

    def steps() -> list[str]:
        return re.findall(r'<li class="(done|now|later)"', browser.get(f"/reviews/{review.id}").text)

    assert steps() == ["now", "later", "later", "later", "later", "later"]
    reveal(session, cast, cast.ben)
    session.commit()
    assert steps() == ["done", "done", "now", "later", "later", "later"]
    agree_all(session, cast, review)
    confirm(session, cast, review, cast.ben)
    session.commit()
    assert steps() == ["done", "done", "done", "now", "later", "later"]
    own, manager = (reader.get(f"/reviews/{review.id}").text for reader in (browser, sign_in(cast.ann)))
    assert re.search(r"You confirmed on [^;]+; it waits for <bdi>Ann</bdi>", own)
    assert "then both confirm" not in own + manager
    assert "<bdi>Ben</bdi> confirmed what you agreed; now it is your turn." in manager
    confirm(session, cast, review, cast.ann)
    session.commit()
    assert steps() == ["done", "done", "done", "done", "later", "now"]
