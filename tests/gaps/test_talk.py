"""The sheet for the talk: what lies apart comes first, gates are counted for each side, agreeing goes from skill to skill."""

import re
from datetime import date

import pytest

from service.clock import now
from service.gaps.queries import get_talk
from service.gaps.views import Basis
from service.reviews.models import AgreedRating, Evidence
from service.reviews.rules import Answer, Side
from tests.factories import agree_all, half, open_cycle, rate_all, reveal, review_of, submit


@pytest.fixture
def review(session, cast):
    """Ben's review, shared: all Middle, but Ben sees himself at Senior in OKRs, and Ann sees him at Junior in analytics and
    does not assess SQL."""
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    for side in Side:
        rate_all(session, cast, half(review, side), "middle", comment=f"Written by {side}")
        _change(session, half(review, side), "okr" if side is Side.SELF else "product-analytics", side)
        submit(session, cast, half(review, side))
    session.commit()
    return review


def _change(session, assessment, skill_id, side):
    rows = {row.skill_id: row for row in assessment.ratings}
    rows[skill_id].rung = "lead" if side is Side.SELF else "junior"
    if side is Side.MANAGER:
        rows["sql-and-data-querying"].answer, rows["sql-and-data-querying"].rung = Answer.NOT_ASSESSED, None
        rows["experimentation"].toward_next = True
    session.flush()


def _talk(session, cast, review):
    session.expire_all()
    return get_talk(session, cast.actor(cast.ben), review.id)


def test_differences_come_first_and_the_widest_on_top(session, cast, review):
    lines = _talk(session, cast, review).lines
    apart = [(line.item.skill.id, line.words) for line in lines if line.item.differs]
    assert apart == [
        ("okr", "2 of its rungs, self higher"),
        ("product-analytics", "1 of its rungs, self higher"),
        ("experimentation", "same rung; manager sees parts of the next"),
        ("sql-and-data-querying", "answered in different ways"),
    ]
    assert [line.item.skill.id for line in lines[:4]] == [skill_id for skill_id, _ in apart]
    assert {line.words for line in lines[4:]} == {"the same"}
    assert [line.finding.order for line in lines[4:]] == sorted(line.finding.order for line in lines[4:])


def test_every_page_and_door_tells_the_same_number_of_differences(session, cast, review, sign_in):
    """Half a step counts: what is not the same answer is what the talk is for."""
    ben, here = sign_in(cast.ben), f"/reviews/{review.id}"
    talk = _talk(session, cast, review)
    assert f"You differ on <b>4 of {len(talk.lines)}</b> skills" in ben.get(f"{here}/agreement").text
    gaps = ben.get(f"{here}/gaps").text
    assert f"They differ on 4 of {len(talk.lines)} skills" in gaps
    assert "same rung; manager sees parts of the next" in gaps
    told = ben.get(f"/api/v1{here}/gaps").json()["differences"]
    assert [(it["skill_id"], it["rungs"], it["higher"]) for it in told] == [
        ("okr", -2, "self"),
        ("product-analytics", -1, "self"),
        ("experimentation", 0, "manager"),
        ("sql-and-data-querying", None, None),
    ]
    assert sum(skill["differs"] for skill in ben.get(f"/api/v1{here}/agreement").json()["skills"]) == 4


def test_a_line_says_how_much_both_wrote_about_it(session, cast, review, sign_in):
    said = half(review, Side.SELF).ratings[0]
    said.comment = "I do this each week."
    session.add(Evidence(rating_id=said.id, dated=date(2026, 9, 1), note="A launch"))
    session.commit()
    [line] = [line for line in _talk(session, cast, review).lines if line.item.skill.id == said.skill_id]
    other = bool(line.item.manager.comment)
    assert (line.comments, line.evidence) == (1 + other, 1)
    page = sign_in(cast.ben).get(f"/reviews/{review.id}/agreement").text
    assert re.search(rf"<summary>\s*{line.comments} comments?\s*,<br>\s*1 piece\s*<span", page)


def test_the_plot_has_a_place_for_each_side(session, cast, review):
    lines = {line.item.skill.id: line for line in _talk(session, cast, review).lines}
    assert lines["okr"].places == (3, 1, None, 2)
    assert lines["sql-and-data-querying"].places[:3] == (1, None, None)
    assert lines["experimentation"].partly == ("manager",)
    assert lines["okr"].partly == ()


def test_what_blocks_says_how_many_of_it_are_needed(session, cast, review, sign_in):
    asks = _talk(session, cast, review).stand.attainment.blocked.asks
    assert "must-have" in asks
    assert f"Still needed: {asks}." in sign_in(cast.ben).get(f"/reviews/{review.id}/agreement").text


def test_half_an_agreement_says_nothing_about_a_level(session, cast, review):
    talk = _talk(session, cast, review)
    assert (talk.basis, talk.stand.basis, talk.agreed) == (Basis.MANAGER, Basis.MANAGER, 0)
    agree_all(session, cast, review)
    talk = _talk(session, cast, review)
    assert (talk.basis, talk.agreed, talk.following()) == (Basis.AGREED, len(talk.lines), None)
    by = {stand.basis: stand for stand in talk.stands}
    assert by[Basis.AGREED].attainment == by[Basis.MANAGER].attainment
    assert by[Basis.SELF].categories != by[Basis.MANAGER].categories


def test_the_counts_by_category_add_up_to_the_gates(session, cast, review):
    talk = _talk(session, cast, review)
    for stand in talk.stands:
        rung = stand.rung(talk.agreement.review.target)
        kinds = (rung.must, rung.should, rung.may)
        assert sum(count.met for count in stand.categories.values()) == sum(kind.met for kind in kinds)
        assert sum(count.expected for count in stand.categories.values()) == sum(kind.expected for kind in kinds)


def test_agreeing_goes_on_from_skill_to_skill(session, cast, review, sign_in):
    ann, here = sign_in(cast.ann), f"/reviews/{review.id}/agreement"
    assert f'href="{here}/okr">Begin to agree' in ann.get(here).text
    page = ann.get(f"{here}/okr").text
    assert "Written by self" in page
    assert "Written by manager" in page
    chips = re.sub(r"<svg.*?</svg>|\s+", " ", page, flags=re.DOTALL)
    assert re.search(r"<b>Middle <span[^>]*> *manager *</span>", chips)
    assert re.search(r"<b>Lead <span[^>]*> *self *</span>", chips)
    answer = {"answer": "middle", "version": "0", "then": "next"}
    assert f'action="{here}/okr" novalidate' in page
    assert "counts as open, never as low" in page
    nothing = ann.post(f"{here}/okr", data={"version": "0", "note": "After the talk."}).text
    assert "Choose an answer: a rung, Before the first rung, Not assessed, or Does not apply." in nothing
    refused = ann.post(f"{here}/okr", data=answer | {"reason": "kept"})
    assert (refused.status_code, "Say how you came to this answer." in refused.text) == (422, True)
    assert 'value="middle" checked' in refused.text
    saved = ann.post(f"{here}/okr", data=answer | {"note": "After the talk."})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{here}/product-analytics")


def test_the_last_one_leads_to_confirming(session, cast, review, sign_in):
    agree_all(session, cast, review)
    ben, here = sign_in(cast.ben), f"/reviews/{review.id}/agreement"
    assert ben.get(here).text.count(f'action="/reviews/{review.id}/confirmation"') == 1
    data = {"answer": "middle", "version": "1", "note": "Again.", "then": "next"}
    assert ben.post(f"{here}/okr", data=data).headers["location"] == f"{here}#confirm"
    stale = ben.post(f"/reviews/{review.id}/confirmation", data={"comment": "My own words", "version": "1"})
    assert (stale.status_code, "My own words</textarea>" in stale.text) == (412, True)


def test_what_both_said_and_agreed_can_be_folded_away(session, cast, review, sign_in):
    ben, here = sign_in(cast.ben), f"/reviews/{review.id}/agreement"
    assert "settled" not in ben.get(here).text
    agree_all(session, cast, review)
    settled = [line for line in _talk(session, cast, review).lines if line.is_settled]
    assert settled == [line for line in _talk(session, cast, review).lines if not line.item.differs]
    page = ben.get(here).text
    assert page.count('class="settled"') == len(settled) + 1
    assert f"Show the {len(settled)} on which both said the same and agreed on it" in page


def test_nobody_is_asked_to_confirm_before_all_is_agreed(cast, review, sign_in):
    page = sign_in(cast.ben).get(f"/reviews/{review.id}/agreement").text
    assert f'action="/reviews/{review.id}/confirmation"' not in page
    assert "You can both confirm once every skill has an agreed rating" in page


def test_what_was_typed_survives_the_end_of_the_talk(session, cast, review, sign_in):
    review.status = "closed"
    session.commit()
    answer = sign_in(cast.ann).post(
        f"/reviews/{review.id}/agreement/okr",
        data={"answer": "lead", "version": "0", "note": "Half a page of thoughts"},
    )
    assert (answer.status_code, "Half a page of thoughts</textarea>" in answer.text) == (409, True)


def test_the_number_of_queries_does_not_grow_with_what_was_agreed_and_shown(
    session, cast, review, sign_in, count_queries
):
    browser, counts = sign_in(cast.ann), []
    ratings = half(review, Side.SELF).ratings
    for shown in (ratings[:1], ratings[1:30]):
        for row in shown:
            session.add(Evidence(rating_id=row.id, dated=date(2026, 9, 1), note="A launch"))
            session.add(
                AgreedRating(
                    review_id=review.id,
                    skill_id=row.skill_id,
                    answer=row.answer,
                    rung=row.rung,
                    note="So.",
                    saved_by=cast.ben.id,
                    saved_at=now(),
                    version=1,
                )
            )
        session.commit()
        session.expunge_all()
        pages = (f"/reviews/{review.id}/agreement", f"/reviews/{review.id}/agreement/okr", f"/reviews/{review.id}/gaps")
        counts.append([count_queries(lambda page=page: browser.get(page)) for page in pages])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 19


def test_a_refused_form_keeps_the_version_it_was_written_for(session, cast, sign_in):
    """Else the words of the other side, saved meanwhile, would be gone with the next press."""
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben, self_="senior", manager="junior")
    path = f"/reviews/{review.id}/agreement/okr"
    said = {"answer": "middle", "note": "Ben's word.", "version": "0"}
    assert sign_in(cast.ben).post(path, data=said).status_code == 303
    ann = sign_in(cast.ann)
    refused = ann.post(path, data={"answer": "junior", "note": "", "version": "0"})
    assert (refused.status_code, 'name="version" value="0"' in refused.text) == (422, True)
    stale = ann.post(path, data={"answer": "junior", "note": "Mine.", "version": "0"})
    assert (stale.status_code, "Ben&#39;s word." in stale.text) == (412, True)
