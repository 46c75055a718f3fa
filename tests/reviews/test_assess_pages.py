"""Assessing over the pages, without JavaScript: one skill, the list, evidence, checking, last time's answers."""

import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.permissions import SYSTEM
from service.reviews import cycles
from service.reviews.models import Assessment, Cycle, Evidence, Review, SkillRating
from service.reviews.rules import ShareRule, Side
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import CountQueries, SignIn
from tests.factories import agree_all, half, open_cycle, rate_all, reveal, review_of, submit

NOTE = {"note": "Cut nine objectives to three.", "dated": "2026-03-01"}


@pytest.fixture
def draft(session: Session, cast: Cast) -> Assessment:
    """Ben's own, without any answer."""
    open_cycle(session, cast)
    return half(review_of(session, cast.ben), Side.SELF)


@pytest.fixture
def ben(cast: Cast, sign_in: SignIn) -> Browser:
    return sign_in(cast.ben)


def path_of(draft: Assessment, skill: str = "") -> str:
    return f"/assessments/{draft.id}/ratings" + (f"/{skill}" if skill else "")


def answers(session: Session, draft: Assessment) -> dict[str, SkillRating]:
    session.expire_all()
    rows = session.scalars(select(SkillRating).where(SkillRating.assessment_id == draft.id)).unique()
    return {row.skill_id: row for row in rows}


def fields(text: str) -> dict[str, str]:
    """What a browser would send of a form that nobody touches: its versions, chosen radios and texts."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    found |= dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)"[^>]* checked', text))
    found |= dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', text, re.DOTALL))
    return found


def test_a_list_saves_what_is_new_and_nothing_else(
    session: Session, cast: Cast, draft: Assessment, ben: Browser
) -> None:
    rate_all(session, cast, draft, comment="As it was.")
    session.commit()
    before = {skill: row.version for skill, row in answers(session, draft).items()}
    form = fields(ben.get(path_of(draft)).text)
    assert len([name for name in form if name.endswith("/comment")]) == 31
    saved = ben.post(path_of(draft), data=form | {"okr/answer": "senior", "okr/comment": "Since spring."})
    assert (saved.status_code, saved.headers["location"]) == (303, f"/assessments/{draft.id}?view=list")
    after = answers(session, draft)
    assert (after["okr"].rung, after["okr"].comment) == ("senior", "Since spring.")
    assert {skill for skill, row in after.items() if row.version != before[skill]} == {"okr"}


def test_a_list_with_slips_saves_the_rest_and_keeps_every_word(
    session: Session, draft: Assessment, ben: Browser
) -> None:
    form = fields(ben.get(path_of(draft)).text)
    typed = {
        "okr/answer": "middle", "okr/comment": "Fine.", "systems-thinking/comment": "Which rung, I wonder.",
        "communication-clarity/answer": "not-applicable", "communication-clarity/comment": "Nobody asks me.",
    }  # fmt: skip
    refused = ben.post(path_of(draft), data=form | typed)
    assert refused.status_code == 422
    assert fields(refused.text).items() >= typed.items()
    assert answers(session, draft).keys() == {"okr"}
    summary = refused.text[refused.text.index('class="errors"') : refused.text.index("</section>")]
    assert "2 answers need another look. All else is saved." in summary
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>: ([^<]+)</li>', summary) == [
        ("communication-clarity/reason", "Clear communication: Why it does not apply",
         "Say in a few words why this skill does not apply."),
        ("systems-thinking/answer", "Systems thinking: The highest rung that is met consistently",
         "Choose an answer: a rung, Before the first rung, Not assessed, or Does not apply."),
    ]  # fmt: skip
    for id_ in ("systems-thinking/answer", "communication-clarity/reason"):
        assert refused.text.count(f'id="{id_}"') == refused.text.count(f'id="{id_}-error"') == 1
    mended = {"systems-thinking/answer": "none", "communication-clarity/reason": "A role without talks."}
    after = fields(refused.text) | {"okr/comment": "Fine, and more."} | mended
    assert ben.post(path_of(draft), data=after).status_code == 303
    assert answers(session, draft).keys() == {"okr", "systems-thinking", "communication-clarity"}
    assert answers(session, draft)["okr"].comment == "Fine, and more."


def test_parts_of_the_next_show_at_no_last_rung(session: Session, draft: Assessment, ben: Browser) -> None:
    ticked = {"answer": "principal", "toward_next": "yes", "version": "0"}
    for path, prefix in ((path_of(draft, "okr"), ""), (path_of(draft), "okr/")):
        refused = ben.post(path, data={prefix + name: value for name, value in ticked.items()})
        assert (refused.status_code, f'id="{prefix}toward_next-error"' in refused.text) == (422, True)
        assert f'id="{prefix}toward_next"' in refused.text
    assert answers(session, draft) == {}


def test_does_not_apply_says_that_it_needs_a_reason(draft: Assessment, ben: Browser) -> None:
    for path in (path_of(draft), path_of(draft, "okr")):
        label = re.search(r'<label for="(?:okr/)?reason">(.*?)</label>', ben.get(path).text)
        assert label
        assert "(needed with this answer)" in label[1]
        assert "(optional)" not in label[1]


def test_a_list_that_met_another_tab_shows_both_texts(session: Session, draft: Assessment, ben: Browser) -> None:
    form = fields(ben.get(path_of(draft)).text)
    ben.post(path_of(draft, "okr"), data={"answer": "middle", "comment": "from the first tab", "version": "0"})
    typed = {"okr/answer": "senior", "okr/comment": "from the list", "systems-thinking/answer": "middle"}
    refused = ben.post(path_of(draft), data=form | typed)
    assert refused.status_code == 422
    assert "from the first tab" in refused.text
    assert fields(refused.text).items() >= typed.items()
    assert answers(session, draft)["okr"].comment == "from the first tab"
    assert answers(session, draft).keys() == {"okr", "systems-thinking"}
    assert ben.post(path_of(draft), data=fields(refused.text)).status_code == 303
    after = answers(session, draft)
    assert (after["okr"].comment, sorted(after)) == ("from the list", ["okr", "systems-thinking"])


def test_evidence_is_saved_with_the_answer_beside_it(session: Session, draft: Assessment, ben: Browser) -> None:
    answer = {"answer": "middle", "comment": "Three quarters.", "version": "0"}
    late = ben.post(path_of(draft, "okr"), data=answer | NOTE | {"dated": "2099-01-01"})
    assert (late.status_code, "This date is still to come." in late.text) == (422, True)
    assert fields(late.text)["note"] == NOTE["note"]
    assert [row.evidence for row in answers(session, draft).values()] == [[]]
    assert ben.post(path_of(draft, "okr"), data=answer | NOTE | {"then": "next"}).status_code == 303
    assert [item.note for item in answers(session, draft)["okr"].evidence] == [NOTE["note"]]


def test_the_buttons_of_evidence_keep_what_is_typed(session: Session, draft: Assessment, ben: Browser) -> None:
    answer = {"answer": "middle", "comment": "First words.", "version": "0"}
    added = ben.post(path_of(draft, "okr") + "/evidence", data=answer | NOTE)
    assert (added.status_code, added.headers["location"]) == (303, path_of(draft, "okr") + "#evidence")
    assert 'id="evidence"' in ben.get(path_of(draft, "okr")).text
    assert "1 piece of evidence<" in ben.get(f"/assessments/{draft.id}/ratings").text
    assert answers(session, draft)["okr"].comment == "First words."
    without = ben.post(path_of(draft, "okr") + "/evidence", data=answer | {"comment": "Second.", "version": "1"})
    assert (without.status_code, fields(without.text)["comment"]) == (422, "Second.")
    assert answers(session, draft)["okr"].comment == "Second."
    evidence = session.scalars(select(Evidence)).unique().one()
    removal = f"/evidence/{evidence.id}/removal"
    stale = ben.post(removal, data=answer | {"comment": "Third.", "version": "7"})
    assert (stale.status_code, fields(stale.text)["comment"]) == (412, "Third.")
    assert session.scalars(select(Evidence)).unique().all() != []
    assert ben.post(removal, data=answer | {"comment": "Third.", "version": "2"}).status_code == 303
    assert (answers(session, draft)["okr"].comment, session.scalars(select(Evidence)).all()) == ("Third.", [])


def test_a_link_alone_is_evidence_and_neither_is_none(session: Session, draft: Assessment, ben: Browser) -> None:
    answer = {"answer": "middle", "version": "0", "dated": "2026-03-01"}
    empty = ben.post(path_of(draft, "okr") + "/evidence", data=answer)
    assert (empty.status_code, "Write what happened, or give a link." in empty.text) == (422, True)
    link = answer | {"url": "https://wiki.example.org/42", "then": "next"}
    assert ben.post(path_of(draft, "okr"), data=link).status_code == 303
    for path in (f"/assessments/{draft.id}", path_of(draft, "okr")):
        assert '<br><a href="https://wiki.example.org/42" rel="noreferrer">' in ben.get(path).text


def test_the_check_shows_what_evidence_there_is(draft: Assessment, ben: Browser) -> None:
    ben.post(path_of(draft, "okr"), data={"answer": "middle", "version": "0"} | NOTE)
    text = ben.get(f"/assessments/{draft.id}").text
    assert '<p class="quiet">Evidence, 1 Mar 2026<br>' in text
    assert text.count(NOTE["note"]) == 1


def test_a_dispute_without_a_word_keeps_the_page(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    own = half(reveal(session, cast, cast.ben), Side.SELF)
    session.add(Evidence(rating_row=answers(session, own)["okr"], note="Seen.", dated=date(2026, 3, 1)))
    session.commit()
    evidence = session.scalars(select(Evidence)).unique().one()
    ann, address = sign_in(cast.ann), f"/evidence/{evidence.id}/answer"
    refused = ann.post(address, data={"state": "disputed", "answer": ""})
    assert (refused.status_code, "Say what you see differently." in refused.text) == (422, True)
    assert refused.text.count('id="answer"') == refused.text.count('id="answer-error"') == 1
    assert '<a href="#answer">Your word on this evidence</a>: ' in refused.text
    long = ann.post(address, data={"state": "disputed", "answer": "x" * 4001})
    assert (long.status_code, 'value="' + "x" * 4001 in long.text) == (422, True)
    assert ann.post(address, data={"state": "disputed", "answer": "The team did."}).status_code == 303


def test_sending_the_same_twice_is_no_conflict(session: Session, draft: Assessment, ben: Browser) -> None:
    data = {"answer": "middle", "comment": "Once.", "version": "0"}
    assert [ben.post(path_of(draft, "okr"), data=data).status_code for _ in range(2)] == [303, 303]
    assert answers(session, draft)["okr"].version == 1
    assert ben.post(path_of(draft, "okr"), data=data | {"comment": "Twice."}).status_code == 412


def test_a_box_left_ticked_does_not_stand_in_the_way(session: Session, draft: Assessment, ben: Browser) -> None:
    data = {"answer": "not-assessed", "toward_next": "yes", "version": "0"}
    assert ben.post(path_of(draft, "okr"), data=data).status_code == 303
    assert answers(session, draft)["okr"].toward_next is False


def test_going_on_finds_the_next_open_skill_and_then_the_check(
    session: Session, cast: Cast, draft: Assessment, ben: Browser
) -> None:
    rate_all(session, cast, draft)
    for skill in ("okr", "systems-thinking"):
        session.delete(answers(session, draft)[skill])
    session.commit()
    data = {"answer": "none", "then": "next"}
    on = ben.post(path_of(draft, "systems-thinking"), data=data | {"version": "0"})
    assert on.headers["location"] == path_of(draft, "okr")
    assert "30 of 31 answered" in ben.get(path_of(draft, "okr")).text
    done = ben.post(path_of(draft, "okr"), data=data | {"version": "0"})
    assert done.headers["location"] == f"/assessments/{draft.id}"


def test_the_check_names_what_is_open_first_and_leads_back(
    session: Session, cast: Cast, draft: Assessment, ben: Browser
) -> None:
    rate_all(session, cast, draft, comment="Because I did it twice.")
    session.delete(answers(session, draft)["okr"])
    session.commit()
    text = ben.get(f"/assessments/{draft.id}").text
    assert text.index("Still without an answer") < text.index('id="ratings/okr"') < text.index("Your answers")
    assert text.count("Because I did it twice.") == text.count(">Change<") == 30
    assert "/submission" not in text
    assert f'href="{path_of(draft)}#ratings/okr"' in ben.get(f"/assessments/{draft.id}?view=list").text
    ben.post(path_of(draft, "okr"), data={"answer": "not-assessed", "version": "0"})
    complete = ben.get(f"/assessments/{draft.id}").text
    assert f'action="/assessments/{draft.id}/submission"' in complete
    assert "Still without an answer" not in complete


@pytest.mark.parametrize(
    ("rule", "words"),
    [(ShareRule.AT_REVEAL, "too."), (ShareRule.AFTER_CALIBRATION, "once HR shares it after calibration.")],
)
def test_who_will_read_it_is_said_before_writing(
    rule: ShareRule, words: str, session: Session, cast: Cast, sign_in: SignIn
) -> None:
    open_cycle(session, cast, rule)
    review = review_of(session, cast.ben)
    for path in ("", "/ratings", "/ratings/okr"):
        own = sign_in(cast.ben).get(f"/assessments/{half(review, Side.SELF).id}{path}").text
        assert "Only you, until you and <bdi>Ann</bdi> have both submitted." in own
        other = " ".join(sign_in(cast.ann).get(f"/assessments/{half(review, Side.MANAGER).id}{path}").text.split())
        assert f"the managers above and HR can read it, and <bdi>Ben</bdi> {words}" in other


def test_a_submitted_answer_is_read_not_written(session: Session, cast: Cast, draft: Assessment, ben: Browser) -> None:
    rate_all(session, cast, draft)
    session.commit()
    assert ben.post(f"/assessments/{draft.id}/submission").status_code == 303
    for path in (path_of(draft), path_of(draft, "okr")):
        assert ben.get(path).headers["location"] == f"/assessments/{draft.id}"
    late = ben.post(path_of(draft, "okr"), data={"answer": "senior", "comment": "One more word.", "version": "1"})
    assert (late.status_code, fields(late.text)["comment"]) == (409, "One more word.")
    late = ben.post(path_of(draft), data={"okr/answer": "senior", "okr/comment": "One more.", "okr/version": "1"})
    assert (late.status_code, fields(late.text)["okr/comment"]) == (409, "One more.")


def spring(session: Session, cast: Cast, *, submitted: tuple[Side, ...] = tuple(Side)) -> Review:
    """Ben's review in a cycle before, each side with words of its own, handed over by those named."""
    cycle = open_cycle(session, cast, name="Spring 2026")
    cycle.starts_on = date(2026, 3, 1)
    review = review_of(session, cast.ben)
    for side in Side:
        rate_all(session, cast, half(review, side), comment=f"The {side} side of spring.")
    for side in submitted:
        submit(session, cast, half(review, side))
    session.commit()
    return review


def autumn(session: Session, cast: Cast) -> Review:
    """Spring closed, and Ben's review in the cycle after it."""
    cycles.close_cycle(session, SYSTEM, session.scalars(select(Cycle.id)).one())
    cycle = open_cycle(session, cast)
    mine = Review.person_id == cast.ben.id, Review.cycle_id == cycle.id
    return session.scalars(select(Review).where(*mine)).unique().one()


def test_last_time_is_the_same_side_and_what_was_agreed(session: Session, cast: Cast, sign_in: SignIn) -> None:
    agree_all(session, cast, spring(session, cast))
    review = autumn(session, cast)
    for person, side in ((cast.ben, Side.SELF), (cast.ann, Side.MANAGER)):
        draft, other = half(review, side), next(one for one in Side if one is not side)
        for path, times in ((path_of(draft, "okr"), 1), (path_of(draft), 31)):
            text = sign_in(person).get(path).text
            assert text.count("Last time, Spring 2026") == text.count(f"The {side} side of spring.") == times
            assert text.count("As we said in the talk.") == times
            assert f"The {other} side" not in text


def test_what_was_never_revealed_stays_unseen(session: Session, cast: Cast, sign_in: SignIn) -> None:
    """Ann submitted, Ben did not, the cycle ended. Ann reads her own words; a new manager does not, nor Ben."""
    spring(session, cast, submitted=(Side.MANAGER,))
    review = autumn(session, cast)
    assert "The manager side" in sign_in(cast.ann).get(path_of(half(review, Side.MANAGER), "okr")).text
    assert "Last time" not in sign_in(cast.ben).get(path_of(half(review, Side.SELF), "okr")).text
    cycles.name_assessor(session, cast.actor(cast.dee), review.id, cast.fay.id)
    session.commit()
    session.expire_all()
    text = sign_in(cast.fay).get(path_of(half(review, Side.MANAGER), "okr"))
    assert (text.status_code, "Last time" in text.text) == (200, False)


def test_the_first_cycle_has_no_last_time(draft: Assessment, ben: Browser) -> None:
    assert "Last time" not in ben.get(path_of(draft, "okr")).text


def test_pages_ask_a_fixed_number_of_queries(
    session: Session, cast: Cast, ben: Browser, count_queries: CountQueries
) -> None:
    """With one answer or all 31, each with evidence, and last time beside it."""
    agree_all(session, cast, spring(session, cast))
    draft = half(autumn(session, cast), Side.SELF)
    ben.post(path_of(draft, "okr"), data={"answer": "middle", "version": "0"} | NOTE)
    paths = (f"/assessments/{draft.id}", path_of(draft), path_of(draft, "okr"))
    few = [count_queries(lambda path=path: ben.get(path)) for path in paths]  # type: ignore[misc]
    session.delete(answers(session, draft)["okr"].evidence[0])
    session.delete(answers(session, draft)["okr"])
    session.flush()
    rate_all(session, cast, draft)
    for row in answers(session, draft).values():
        session.add(Evidence(rating_row=row, note="Seen.", dated=date(2026, 3, 1)))
    session.commit()
    assert [count_queries(lambda path=path: ben.get(path)) for path in paths] == few  # type: ignore[misc]
    assert max(few) <= 25


def test_a_bad_link_undoes_no_answer(session: Session, draft: Assessment, ben: Browser) -> None:
    typed = {"answer": "middle", "comment": "Since spring.", "url": "wiki/42", "note": "Five interviews"}
    for path, version in ((path_of(draft, "okr"), "0"), (path_of(draft, "okr") + "/evidence", "1")):
        refused = ben.post(path, data=typed | {"version": version})
        assert refused.status_code == 422
        assert "Answer saved; the evidence not yet." in refused.text
        assert "Answer saved; the evidence not yet: see above" in refused.text
        assert "Saved in another place" not in refused.text
        assert 'value="wiki/42"' in refused.text
        stands = answers(session, draft)["okr"]
        assert (stands.rung, stands.comment, stands.evidence) == ("middle", "Since spring.", [])
        assert fields(refused.text)["version"] == str(stands.version)


def test_what_is_missing_is_said_as_it_is(draft: Assessment, ben: Browser) -> None:
    none = ben.post(path_of(draft, "okr"), data={"comment": "Which rung?", "version": "0"}).text
    assert "Choose an answer: a rung, Before the first rung, Not assessed, or Does not apply." in none
    assert "This is needed." not in none
    without = ben.post(path_of(draft, "okr"), data={"answer": "not-applicable", "version": "0"}).text
    assert '<h2 id="errors-title">The reason is missing.</h2>' in without


def test_that_not_assessed_stays_open_is_said_before_the_choice(draft: Assessment, ben: Browser) -> None:
    for path in (path_of(draft), path_of(draft, "okr"), f"/assessments/{draft.id}"):
        text = ben.get(path).text
        assert "counts as open, never as low" in text
        assert "unknown" not in text
