"""The pages of drafts, as HR and those who are invited meet them."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.ladderdrafts import actions, comments, queries
from service.ladderdrafts.inputs import CommentInput
from service.ladderdrafts.models import LadderDraft
from service.ladders.models import LadderVersion
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import CountQueries, SignIn
from tests.ladderdrafts.drafting import add_hr, begin, in_review
from tests.ladders.files import BLUEPRINT, LADDER, changed, publish_both
from tests.ladders.test_pages import Text, read


@pytest.fixture
def dee(cast: Cast, sign_in: SignIn) -> Browser:
    return sign_in(cast.dee)


def texts_of(session: Session, row: LadderDraft) -> str:
    session.expire_all()
    return queries.texts_of(session, row.id, session.get(LadderDraft, row.id).number).ladder_yaml  # type: ignore[union-attr]


def test_files_begin_a_draft_and_publish_nothing(session: Session, dee: Browser) -> None:
    files = {"ladder_file": ("ladder.yaml", LADDER.encode()), "blueprint_file": ("blueprint.yaml", BLUEPRINT.encode())}
    answer = dee.post("/ladders", data={"way": "files"}, files=files)
    page = read(dee, answer.headers["location"])
    assert (answer.status_code, "Tester 1, a draft" in page.text, "The text has no problems" in page.text) == (
        303,
        True,
        True,
    )
    assert session.scalar(select(func.count()).select_from(LadderVersion)) == 0


def test_files_with_problems_begin_a_draft_that_lists_them(dee: Browser) -> None:
    wrong = {
        "ladder_yaml": changed(LADDER, "title: Tester", "titel: <b>Tester"),
        "blueprint_yaml": changed(BLUEPRINT, "40", "35"),
    }
    page = read(dee, dee.post("/drafts", data=wrong).headers["location"])
    assert "ladder.yaml:4:1 unknown field 'titel'; did you mean 'title'?" in page.text
    assert "blueprint.yaml:30:5 the weights add up to 95 %; make them 100 %" in page.text
    assert "Review begins when nothing is left to put right" in page.text


@pytest.mark.parametrize(
    "given", [{"data": {}}, {"data": {"ladder_yaml": ""}}, {"files": {"ladder_file": ("l", b"\xff\xfe")}}]
)
def test_no_file_and_other_bytes_are_asked_for_again(dee: Browser, given: dict[str, dict[str, object]]) -> None:
    assert dee.post("/drafts", **given).status_code == 422  # type: ignore[arg-type]


def test_the_next_version_begins_from_the_page_of_a_ladder(session: Session, dee: Browser) -> None:
    publish_both(session)
    assert 'value="product-manager/2026.1"' in dee.get("/ladders/product-manager/2026.1").text
    answer = dee.post("/drafts", data={"way": "next", "of": "product-manager/2026.1"})
    page = read(dee, answer.headers["location"])
    assert "Product Manager 2026.2, a draft" in page.text
    assert "What differs from 2026.1" in page.text
    assert dee.post("/drafts", data={"way": "next", "of": "nothing/1"}).status_code == 404


def test_who_begins_a_version_sees_what_is_under_way(session: Session, cast: Cast, dee: Browser) -> None:
    publish_both(session)
    assert "Under way already" not in read(dee, "/drafts/new").text
    row = begin(session, cast)
    page = read(dee, "/drafts/new")
    assert ("Under way already" in page.text, f"/drafts/{row.id}" in page.links) == (True, True)


def test_the_example_begins_a_ladder_without_problems(dee: Browser) -> None:
    page = read(dee, dee.post("/drafts", data={"way": "example"}).headers["location"])
    assert "The text has no problems" in page.text


def test_a_form_saves_and_goes_back_to_the_list(session: Session, cast: Cast, dee: Browser) -> None:
    row = begin(session, cast)
    form = {"version_seen": "1", "name": "Testing well", "at/low/statement": "Tests all."}
    answer = dee.post(f"/drafts/{row.id}/skills/testing", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/drafts/{row.id}/skills#testing")
    assert "name: Testing well" in texts_of(session, row)
    assert "statement: Tests all." in texts_of(session, row)


def test_a_form_with_problems_saves_every_word_and_shows_them_beside_their_fields(
    session: Session, cast: Cast, dee: Browser
) -> None:
    row = begin(session, cast)
    form = {"version_seen": "1", "name": "Testing", "category": "art", "at/low/statement": ""}
    answer = dee.post(f"/drafts/{row.id}/skills/testing", data=form)
    assert answer.headers["location"] == f"/drafts/{row.id}/skills/testing"
    page = read(dee, answer.headers["location"])
    assert "2 things to put right here before review" in page.text
    assert "Category : unknown category 'art'; there is craft" in page.text
    assert "Low: Statement : nothing stands here yet; write it" in page.text
    assert {"category-error", "at/low/statement-error"} <= set(page.ids)
    listed = read(dee, f"/drafts/{row.id}")
    assert {f"/drafts/{row.id}/skills/testing#category", f"/drafts/{row.id}/skills/testing#at/low/statement"} <= set(
        listed.links
    )


def test_a_control_character_is_refused_with_every_word_kept(session: Session, cast: Cast, dee: Browser) -> None:
    row = begin(session, cast)
    answer = dee.post(
        f"/drafts/{row.id}/skills/testing", data={"version_seen": "1", "summary": "A\x07bell", "name": "Kept"}
    )
    assert (answer.status_code, "control character" in answer.text, 'value="Kept"' in answer.text) == (422, True, True)


@pytest.mark.parametrize("place", ["skills/testing", "levels/low", "head", "files", "documents/profile"])
def test_a_stale_form_keeps_its_words_beside_what_stands_now(
    session: Session, cast: Cast, dee: Browser, place: str
) -> None:
    row = begin(session, cast)
    dee.post(f"/drafts/{row.id}/head", data={"version_seen": "1", "summary": "Meanwhile."})
    mine = {"version_seen": "1", "title": "My words", "name": "My words", "ladder_yaml": "title: My words"}
    answer = dee.post(f"/drafts/{row.id}/{place}", data=mine)
    assert (answer.status_code, "My words" in answer.text, "What stands now" in answer.text) == (412, True, True)
    assert 'name="version_seen" value="2"' in answer.text
    assert "My words" not in texts_of(session, row)


def test_a_form_without_a_version_changes_nothing(session: Session, cast: Cast, dee: Browser) -> None:
    row = begin(session, cast)
    assert dee.post(f"/drafts/{row.id}/head", data={"title": "New"}).status_code == 428
    assert dee.post(f"/drafts/{row.id}/head", data={"title": "New", "version_seen": "x"}).status_code == 422


def test_what_is_typed_while_the_review_begins_is_not_lost(session: Session, cast: Cast, dee: Browser) -> None:
    row = in_review(session, cast)
    answer = dee.post(f"/drafts/{row.id}/files", data={"version_seen": "1", "ladder_yaml": "title: My words"})
    assert (answer.status_code, "title: My words" in answer.text, "Save the files" in answer.text) == (409, True, False)
    answer = dee.post(f"/drafts/{row.id}/skills/testing", data={"version_seen": "1", "name": "My words"})
    assert (answer.status_code, "My words" in answer.text) == (409, True)


def test_the_whole_file_keeps_its_comments_and_a_form_says_that_it_does_not(
    session: Session, cast: Cast, dee: Browser
) -> None:
    row = begin(session, cast)
    remark = "# ours\r\n" + LADDER.replace("\n", "\r\n")
    answer = dee.post(
        f"/drafts/{row.id}/files", data={"version_seen": "1", "ladder_yaml": remark, "blueprint_yaml": BLUEPRINT}
    )
    assert answer.headers["location"] == f"/drafts/{row.id}"
    assert texts_of(session, row) == "# ours\n" + LADDER
    assert "Saving a form writes it anew" in read(dee, f"/drafts/{row.id}/skills/testing").text
    assert "Saving a form" not in read(dee, f"/drafts/{begin(session, cast).id}/skills/testing").text


def test_a_text_that_is_no_yaml_leads_to_the_whole_file(session: Session, cast: Cast, dee: Browser) -> None:
    row = begin(session, cast, "title: [", None)
    for place in ("", "/head", "/skills", "/files", "/changes", "/history"):
        assert f"/drafts/{row.id}" in dee.get(f"/drafts/{row.id}{place}").text, place
    assert "Mend the whole file first" in read(dee, f"/drafts/{row.id}").text
    assert dee.get(f"/drafts/{row.id}/skills/testing").status_code == 404


ODD = (
    "skills: 1", "skills: [1, {id: 1}, {id: a/b}, {id: okr, expectations: 7, category: [a]}]", "documents: [1]",
    "levels: {a: 1}", "gates: 3", "documents: {a: 1}", "title: [1]", "1: 2",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_pages_of_oddly_shaped_files_stand(session: Session, cast: Cast, dee: Browser, odd: str) -> None:
    row = begin(session, cast, odd, None)
    for place in ("", "/head", "/levels", "/skills", "/categories", "/documents", "/files", "/changes"):
        assert dee.get(f"/drafts/{row.id}{place}").status_code == 200, place
    forms = {"head": {}, "levels": {"title": "Low"}, "skills": {"name": "New"}, "documents": {"title": "Doc"}}
    for place, values in (forms | {"skills/okr": {"name": "x"}, "documents/a": {"title": "A"}}).items():
        version = session.scalar(select(LadderDraft.number).where(LadderDraft.id == row.id))
        answer = dee.post(f"/drafts/{row.id}/{place}", data={"version_seen": str(version)} | values)
        assert answer.status_code in (303, 404, 409, 422), (place, answer.text)


def test_entries_are_added_moved_and_taken_out(session: Session, cast: Cast, dee: Browser) -> None:
    row = begin(session, cast)
    here = f"/drafts/{row.id}"
    added = dee.post(f"{here}/skills", data={"version_seen": "1", "name": "Telling", "category": "craft"})
    assert added.headers["location"] == f"{here}/skills/telling"
    assert dee.post(f"{here}/skills", data={"version_seen": "2", "name": "Telling"}).status_code == 422
    moved = dee.post(f"{here}/skills/telling/place", data={"version_seen": "2", "direction": "up"})
    assert moved.headers["location"] == f"{here}/skills#telling"
    assert texts_of(session, row).index("telling") < texts_of(session, row).index("id: testing")
    assert dee.post(f"{here}/skills/telling/removal", data={"version_seen": "3"}).status_code == 303
    assert "telling" not in texts_of(session, row)
    history = read(dee, f"{here}/history").text
    for words in ("skill removed: telling", "skill telling moved up", "skill added: Telling", "begun from files"):
        assert words in history
    assert "name: Telling" in read(dee, f"{here}/savings/2").text


def test_review_and_publication_over_the_pages(session: Session, cast: Cast, dee: Browser, sign_in: SignIn) -> None:
    row = begin(session, cast)
    hal, here = sign_in(add_hr(session, cast)), f"/drafts/{row.id}"
    assert dee.post(f"{here}/review", data={"version_seen": "1"}).status_code == 303
    assert "It waits for Hal" in read(dee, here).text
    assert "Publish Tester 1" not in dee.get(f"{here}/changes").text
    assert dee.post(f"{here}/publication", data={"version_seen": "1"}).status_code == 403
    assert "Publish Tester 1" in hal.get(f"{here}/changes").text
    assert hal.post(f"{here}/returns", data={"reason": ""}).status_code == 422
    assert hal.post(f"{here}/returns", data={"reason": "One word <b>more</b>"}).status_code == 303
    assert "One word <b>more</b>" in read(dee, here).text
    dee.post(f"{here}/review", data={"version_seen": "1"})
    done = hal.post(f"{here}/publication", data={"version_seen": "1"})
    assert done.headers["location"] == "/ladders/tester/1"
    assert "Tester 1 is published." in read(hal, "/ladders/tester/1").text
    record = read(dee, here).text
    assert "This draft is published" in record
    assert "Published" in read(dee, f"{here}/history").text
    assert "Save the skill" not in dee.get(f"{here}/skills/testing").text


def test_a_guest_reads_and_comments_beside_the_skill(
    session: Session, cast: Cast, dee: Browser, sign_in: SignIn
) -> None:
    row = begin(session, cast)
    ann, here = sign_in(cast.ann), f"/drafts/{row.id}"
    assert ann.get(here).status_code == 404
    dee.post(f"{here}/guests", data={"email": "ann@example.org"})
    assert "Comment on the draft of the ladder Tester 1" in read(ann, "/").text
    assert "Tester 1" in read(ann, "/drafts").text
    page = read(ann, f"{here}/skills/testing")
    assert "Tests what is there." in page.text
    assert "Save the skill" not in page.text
    said = ann.post(f"{here}/comments", data={"place": "skills/testing/high", "text": "Too much?"})
    assert said.headers["location"] == f"{here}/skills/testing#comments"
    beside = read(dee, f"{here}/skills/testing").text
    assert "Too much?" in beside
    assert "on Testing at High" in beside
    session.expire_all()
    comment = queries.get_draft(session, cast.actor(cast.dee), row.id).comments[0]
    dee.post(f"{here}/comments/{comment.id}/answers", data={"text": "Less, then."})
    dee.post(f"{here}/comments/{comment.id}/resolution")
    beside = read(ann, f"{here}/skills/testing").text
    assert "Less, then." in beside
    assert "Settled by Dee" in beside
    assert "Comment on the draft" not in read(ann, "/").text


def test_discarding_asks_whether_one_is_sure(session: Session, cast: Cast, dee: Browser) -> None:
    row = begin(session, cast)
    assert dee.post(f"/drafts/{row.id}/removal", data={"version_seen": "1"}).status_code == 422
    assert (
        dee.post(f"/drafts/{row.id}/removal", data={"version_seen": "1", "sure": "yes"}).headers["location"]
        == "/drafts"
    )
    assert dee.get(f"/drafts/{row.id}").status_code == 404


def test_lists_of_nothing_say_what_will_be_here(cast: Cast, dee: Browser, sign_in: SignIn) -> None:
    assert "No draft is begun" in read(dee, "/drafts").text
    assert "You are invited to no draft" in read(sign_in(cast.ben), "/drafts").text
    assert Text(sign_in(cast.ben).get("/ladders").text).links.count("/drafts") == 0


def test_number_of_queries_does_not_grow(
    session: Session, cast: Cast, dee: Browser, count_queries: CountQueries
) -> None:
    actor, sent = cast.actor(cast.dee), []
    row = begin(session, cast)
    for more in (0, 30):
        for number in range(more):
            begin(session, cast)
            comments.add_comment(session, actor, row.id, CommentInput(text=f"{number}"))
            actions.save_draft(
                session, actor, row.id, queries.LadderTexts(ladder_yaml=LADDER + "\n" * number), row.number
            )
        session.commit()
        session.expire_all()
        read(dee, "/drafts")
        sent.append(
            [
                count_queries(lambda path=path: read(dee, path))
                for path in ("/drafts", f"/drafts/{row.id}", "/drafts/new")
            ]
        )  # type: ignore[misc]
    assert sent[0] == sent[1]
    assert sent[0] <= [8, 20]


def test_an_id_that_is_none_leads_to_its_own_page_all_the_same(session: Session, cast: Cast, dee: Browser) -> None:
    row = begin(session, cast)
    added = dee.post(f"/drafts/{row.id}/skills", data={"id": "a?b#c", "name": "Odd", "version_seen": "1"})
    assert added.headers["location"] == f"/drafts/{row.id}/skills/a%3Fb%23c"
    assert "Odd" in read(dee, added.headers["location"]).text
