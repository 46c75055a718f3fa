"""What a draft says of the version before it: confirmed with one press, and told at its line where it cannot be."""

import pytest
from sqlalchemy.orm import Session

from service.errors import Invalid
from service.ladderdrafts import actions, queries
from service.ladderdrafts.models import LadderDraft
from service.ladders.actions import checked, publish_version
from service.ladders.files import read_texts
from service.permissions import SYSTEM
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import SignIn
from tests.ladderdrafts.drafting import add_hr, begin
from tests.ladders.files import BLUEPRINT, LADDER, changed
from tests.ladders.test_pages import read

NEXT = changed(LADDER, 'version: "1"', 'version: "2"\nsupersedes: "1"')
RENAMED = changed(NEXT, "- id: testing", "- id: checking")
BUTTON = "It is the same"


@pytest.fixture
def row(session: Session, cast: Cast) -> LadderDraft:
    """A draft in which one skill has another id, and nothing says so."""
    publish_version(session, SYSTEM, *checked(read_texts(LADDER.encode(), BLUEPRINT.encode())))
    return begin(session, cast, RENAMED, None)


@pytest.fixture
def dee(cast: Cast, sign_in: SignIn) -> Browser:
    return sign_in(cast.dee)


def confirm(client: Browser, row: LadderDraft, was: str = "testing", seen: str = "1", at: str = "skills/checking"):  # type: ignore[no-untyped-def]
    return client.post(f"/drafts/{row.id}/{at}/former-id", data={"was": was, "version_seen": seen})


def test_a_suggestion_is_confirmed_with_one_press(session: Session, row: LadderDraft, dee: Browser) -> None:
    here = f"/drafts/{row.id}/changes"
    assert dee.get(here).text.count(BUTTON) > 0
    answer = confirm(dee, row)
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    page = dee.get(here).text
    assert (BUTTON in page, "Perhaps the same" in page, "The same under another id" in page) == (False, False, True)
    assert "was: testing" in queries.texts_of(session, row.id, 2).ladder_yaml


def test_only_who_may_write_it_while_it_is_a_draft_gets_the_button(
    session: Session, cast: Cast, row: LadderDraft, dee: Browser, sign_in: SignIn
) -> None:
    pia = sign_in(cast.pia)
    assert "Perhaps the same" in pia.get(f"/drafts/{row.id}/changes").text
    assert BUTTON not in pia.get(f"/drafts/{row.id}/changes").text
    assert confirm(pia, row).status_code == 403
    assert confirm(sign_in(cast.eli), row).status_code == 404
    actions.ask_for_review(session, cast.actor(cast.dee), row.id, 1)
    session.commit()
    for client in (dee, sign_in(add_hr(session, cast))):
        assert BUTTON not in client.get(f"/drafts/{row.id}/changes").text
        assert confirm(client, row).status_code == 409


def test_a_stale_or_odd_confirmation_changes_nothing(session: Session, row: LadderDraft, dee: Browser) -> None:
    for given, status in (
        ({"seen": "0"}, 412), ({"seen": ""}, 428), ({"was": ""}, 422), ({"was": "No id"}, 422), ({"at": "skills/none"}, 404),
        ({"at": "categories/craft"}, 404),
    ):  # fmt: skip
        assert (given, confirm(dee, row, **given).status_code) == (given, status)
    session.expire_all()
    assert queries.texts_of(session, row.id, row.number).ladder_yaml == RENAMED


def test_a_file_with_comments_says_that_they_go(session: Session, cast: Cast, row: LadderDraft, dee: Browser) -> None:
    words = "Saving a form writes it anew"
    assert words not in dee.get(f"/drafts/{row.id}/changes").text
    assert words in dee.get(f"/drafts/{begin(session, cast, '# ours' + chr(10) + RENAMED, None).id}/changes").text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (changed(RENAMED, "    name: Testing", "    was: tasting\n    name: Testing"), "ladder.yaml:21:10"),
        (changed(NEXT, "    title: High", "    was: hihg\n    title: High"), "ladder.yaml:14:10"),
    ],
)
def test_a_former_id_that_names_nothing_is_told_before_review(
    session: Session, cast: Cast, row: LadderDraft, dee: Browser, text: str, place: str
) -> None:
    wrong = begin(session, cast, text, None)
    page = read(dee, f"/drafts/{wrong.id}").text
    assert (place in page, "did you mean" in page, "Review begins when nothing is left" in page) == (True, True, True)
    with pytest.raises(Invalid, match="One thing is to put right before this can be reviewed") as refused:
        actions.ask_for_review(session, cast.actor(cast.dee), wrong.id, 1)
    assert [(problem.id, place in problem.detail) for problem in refused.value.problems] == [("former-id", True)]


def test_it_stands_beside_its_field(session: Session, cast: Cast, row: LadderDraft, dee: Browser) -> None:
    wrong = begin(session, cast, changed(RENAMED, "    name: Testing", "    was: tasting\n    name: Testing"), None)
    page = dee.get(f"/drafts/{wrong.id}/skills/checking").text
    assert "was-error" in page
    assert "Tester 1 has no such skill" in page


def test_without_a_version_before_there_is_nothing_to_name(session: Session, cast: Cast, row: LadderDraft) -> None:
    text = changed(
        changed(RENAMED, 'supersedes: "1"', 'supersedes: "0"'), "    name: Testing", "    was: x\n    name: Testing"
    )
    draft = queries.get_draft(session, cast.actor(cast.dee), begin(session, cast, text, None).id)
    assert (draft.findings, len(draft.hindrances)) == ((), 1)
