"""A draft's life: who writes, who publishes, and what each step leaves behind."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.audit.models import AuditEvent
from service.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Stale, VersionRequired
from service.ladderdrafts import actions, comments, queries
from service.ladderdrafts.contents import Part, read_contents
from service.ladderdrafts.editing import Change, ChangeHead, Move, Remove
from service.ladderdrafts.inputs import CommentInput
from service.ladderdrafts.models import LadderDraft, LadderDraftComment, LadderDraftSaving
from service.ladderdrafts.rules import DraftStatus
from service.ladders.actions import publish_version
from service.ladders.inputs import LadderTexts
from service.ladders.models import LadderVersion
from service.permissions import SYSTEM, Permission, may
from tests.cast import Cast
from tests.ladderdrafts.drafting import TEXTS, add_hr, begin, in_review
from tests.ladders.files import BLUEPRINT, LADDER, changed, shipped


def verbs(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)))


def edited(row_text: str) -> LadderTexts:
    return LadderTexts(ladder_yaml=row_text, blueprint_yaml=BLUEPRINT)


def test_a_draft_is_begun_with_its_names_and_first_saving(session: Session, cast: Cast) -> None:
    row = begin(session, cast)
    assert (row.status, row.ladder, row.version, row.title, row.number) == (
        DraftStatus.DRAFT,
        "tester",
        "1",
        "Tester",
        1,
    )
    assert queries.texts_of(session, row.id, 1) == TEXTS
    assert verbs(session)[-1] == "ladder_draft.begun"


@pytest.mark.parametrize("name", ["max", "ann", "ben", "pia", "una"])
def test_only_hr_begins_a_draft(session: Session, cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        actions.begin_draft(session, cast.actor(cast.everybody[name]), TEXTS)


def test_the_system_is_no_author(session: Session) -> None:
    with pytest.raises((Forbidden, NotSignedIn)):
        actions.begin_draft(session, SYSTEM, TEXTS)


def test_a_draft_may_hold_problems_and_even_no_yaml(session: Session, cast: Cast) -> None:
    row = begin(session, cast, "title: [", None)
    draft = queries.get_draft(session, cast.actor(cast.dee), row.id)
    assert (draft.ladder, draft.title, [found.kind for found in draft.findings]) == ("", "", ["syntax"])


def test_the_next_version_supersedes_the_one_it_comes_from(session: Session, cast: Cast) -> None:
    for ladder, blueprint in shipped():
        publish_version(session, SYSTEM, ladder, blueprint)
    dee = cast.actor(cast.dee)
    row = actions.begin_next_version(session, dee, "product-manager", "2026.1")
    again = actions.begin_next_version(session, dee, "product-manager", "2026.1")
    session.commit()
    draft = queries.get_draft(session, dee, row.id)
    assert (row.version, draft.supersedes, draft.findings, draft.hindrances) == ("2026.2", "2026.1", (), ())
    assert again.version == "2026.3"
    (ladder, blueprint), *_ = shipped()
    now = read_contents(draft.texts.ladder_yaml, draft.texts.blueprint_yaml)
    assert now.ladder is not None
    assert now.ladder.skills == ladder.skills
    assert (now.blueprint and now.blueprint.sections) == (blueprint and blueprint.sections)


def test_saving_counts_and_the_same_text_again_does_not(session: Session, cast: Cast) -> None:
    row, dee = begin(session, cast), cast.actor(cast.dee)
    more = edited(LADDER.replace("title: Tester", "title: Testing"))
    actions.save_draft(session, dee, row.id, more, 1)
    actions.save_draft(session, dee, row.id, edited(more.ladder_yaml.replace("\n", "\r\n")), 2)
    assert (row.number, row.title) == (2, "Testing")
    assert verbs(session)[-2:] == ["ladder_draft.begun", "ladder_draft.saved"]
    assert queries.texts_of(session, row.id, 1) == TEXTS


def test_an_older_or_no_version_is_refused(session: Session, cast: Cast) -> None:
    row, dee = begin(session, cast), cast.actor(cast.dee)
    actions.save_draft(session, dee, row.id, edited(LADDER + "\n"), 1)
    with pytest.raises(Stale):
        actions.save_draft(session, dee, row.id, edited(LADDER), 1)
    with pytest.raises(VersionRequired):
        actions.save_draft(session, dee, row.id, edited(LADDER), None)


def test_a_form_saves_the_canonical_text_with_its_blueprint(session: Session, cast: Cast) -> None:
    row, dee = begin(session, cast, "# of ours\n" + LADDER), cast.actor(cast.dee)
    actions.edit_draft(session, dee, row.id, ChangeHead({"version": "2", "supersedes": "1"}), 1)
    texts = queries.texts_of(session, row.id, 2)
    contents = read_contents(texts.ladder_yaml, texts.blueprint_yaml)
    assert contents.problems == ()
    assert "# of ours" not in texts.ladder_yaml
    assert contents.ladder is not None
    assert (contents.ladder.version, contents.ladder.supersedes) == ("2", "1")
    assert (
        session.scalars(select(LadderDraftSaving.what).where(LadderDraftSaving.number == 2)).one()
        == "head of the ladder"
    )


def test_review_needs_a_text_without_problems(session: Session, cast: Cast) -> None:
    row = begin(session, cast, changed(LADDER, "title: Tester", "titel: Tester"))
    with pytest.raises(Invalid) as error:
        actions.ask_for_review(session, cast.actor(cast.dee), row.id, 1)
    assert [problem.id for problem in error.value.problems] == ["missing-field", "unknown-field"]


def test_review_needs_a_free_name_and_a_version_to_supersede(session: Session, cast: Cast) -> None:
    row, dee = begin(session, cast), cast.actor(cast.dee)
    contents = read_contents(LADDER, BLUEPRINT)
    assert contents.ladder is not None
    publish_version(session, SYSTEM, contents.ladder, contents.blueprint)
    with pytest.raises(Invalid, match="One thing"):
        actions.ask_for_review(session, dee, row.id, 1)
    actions.edit_draft(session, dee, row.id, ChangeHead({"version": "3", "supersedes": "2"}), 1)
    with pytest.raises(Invalid) as error:
        actions.ask_for_review(session, dee, row.id, 2)
    assert [problem.detail for problem in error.value.problems] == [
        "It supersedes 2, and there is no such version of this ladder."
    ]
    actions.edit_draft(session, dee, row.id, ChangeHead({"supersedes": "1"}), 2)
    assert actions.ask_for_review(session, dee, row.id, 3).status is DraftStatus.IN_REVIEW


def test_in_review_the_text_is_locked(session: Session, cast: Cast) -> None:
    row, dee = in_review(session, cast), cast.actor(cast.dee)
    for act in (
        lambda: actions.save_draft(session, dee, row.id, edited(LADDER + "\n"), 1),
        lambda: actions.edit_draft(session, dee, row.id, Move(Part.LEVELS, "low", up=False), 1),
        lambda: actions.ask_for_review(session, dee, row.id, 1),
        lambda: actions.discard_draft(session, dee, row.id, 1),
    ):
        with pytest.raises(Conflict):
            act()


def test_a_second_person_publishes(session: Session, cast: Cast) -> None:
    row, hal = in_review(session, cast), cast.actor(add_hr(session, cast))
    assert queries.get_draft(session, hal, row.id).seconds == ("Hal",)
    version = actions.publish_draft(session, hal, row.id, 1)
    assert (version.ladder, version.version, version.status) == ("tester", "1", "published")
    assert (row.status, row.version_id) == (DraftStatus.PUBLISHED, version.id)
    assert verbs(session)[-2:] == ["ladder.published", "ladder_draft.published"]
    with pytest.raises(Conflict):
        actions.publish_draft(session, hal, row.id, 1)


def test_whoever_asked_cannot_publish(session: Session, cast: Cast) -> None:
    row = in_review(session, cast)
    with pytest.raises(Forbidden):
        actions.publish_draft(session, cast.actor(cast.dee), row.id, 1)
    assert session.scalar(select(func.count()).select_from(LadderVersion)) == 0


def test_whoever_saved_any_of_it_or_asked_before_cannot_publish(session: Session, cast: Cast) -> None:
    hal, ivy = (cast.actor(add_hr(session, cast, name)) for name in ("Hal", "Ivy"))
    row, dee = begin(session, cast), cast.actor(cast.dee)
    actions.edit_draft(session, hal, row.id, Change(Part.LEVELS, "low", {"title": "Lower"}), 1)
    actions.ask_for_review(session, ivy, row.id, 2)
    actions.return_draft(session, dee, row.id, "A word is missing.")
    actions.edit_draft(session, dee, row.id, Change(Part.LEVELS, "low", {"title": "Lowest"}), 2)
    actions.ask_for_review(session, dee, row.id, 3)
    for actor in (dee, hal, ivy):
        with pytest.raises(Forbidden):
            actions.publish_draft(session, actor, row.id, 3)
    assert queries.get_draft(session, dee, row.id).seconds == ()
    jo = cast.actor(add_hr(session, cast, "Jo"))
    assert actions.publish_draft(session, jo, row.id, 3).version == "1"


def test_it_goes_back_to_draft_with_a_reason(session: Session, cast: Cast) -> None:
    row, hal = in_review(session, cast), cast.actor(add_hr(session, cast))
    actions.return_draft(session, hal, row.id, "The second level is not clear.")
    session.flush()
    assert row.status is DraftStatus.DRAFT
    assert (
        session.scalars(select(AuditEvent.reason).order_by(AuditEvent.seq.desc())).first()
        == "The second level is not clear."
    )
    assert [step.reason for step in queries.get_draft(session, hal, row.id).steps] == [
        "",
        "The second level is not clear.",
    ]
    with pytest.raises(Conflict):
        actions.return_draft(session, hal, row.id, "Again")
    actions.save_draft(session, cast.actor(cast.dee), row.id, edited(LADDER + "\n"), 1)


def test_what_was_published_meanwhile_is_not_published_again(session: Session, cast: Cast) -> None:
    row, hal = in_review(session, cast), cast.actor(add_hr(session, cast))
    contents = read_contents(LADDER, None)
    assert contents.ladder is not None
    publish_version(session, SYSTEM, contents.ladder, None)
    with pytest.raises(Invalid):
        actions.publish_draft(session, hal, row.id, 1)


def test_what_was_read_before_the_lock_is_read_again_behind_it(session: Session, cast: Cast) -> None:
    row, hal = in_review(session, cast), cast.actor(add_hr(session, cast))
    queries.open_draft(session, hal, row.id)
    session.execute(
        update(LadderDraft).values(number=2, status=DraftStatus.DRAFT).execution_options(synchronize_session=False)
    )
    with pytest.raises(Stale):
        actions.publish_draft(session, hal, row.id, 1)


def test_taking_out_of_a_list_that_is_not_there_is_refused(session: Session, cast: Cast) -> None:
    row = begin(session, cast, "title: Tester\n", None)
    with pytest.raises(NotFound):
        actions.edit_draft(session, cast.actor(cast.dee), row.id, Remove(Part.CATEGORIES, "craft"), 1)


@pytest.mark.parametrize("blueprint", ["5", "[]", "text"])
def test_a_blueprint_that_has_no_fields_is_a_problem_of_the_draft(session: Session, cast: Cast, blueprint: str) -> None:
    row = begin(session, cast, LADDER, blueprint)
    found = queries.get_draft(session, cast.actor(cast.dee), row.id).findings
    assert [(each.file, each.line) for each in found] == [("blueprint.yaml", 1)]


def test_a_discarded_draft_is_gone_but_for_the_audit(session: Session, cast: Cast) -> None:
    row, dee = begin(session, cast), cast.actor(cast.dee)
    comments.add_comment(session, dee, row.id, CommentInput(text="Hm"))
    comments.invite_guest(session, dee, row.id, "ann@example.org")
    draft_id = row.id
    session.commit()
    actions.discard_draft(session, dee, draft_id, 1)
    session.commit()
    session.expire_all()
    for table in (LadderDraft, LadderDraftSaving, LadderDraftComment):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert verbs(session)[-1] == "ladder_draft.discarded"
    with pytest.raises(NotFound):
        queries.get_draft(session, dee, draft_id)


def test_guests_read_and_comment_and_nobody_else_knows(session: Session, cast: Cast) -> None:
    row, dee, ann = begin(session, cast), cast.actor(cast.dee), cast.actor(cast.ann)
    with pytest.raises(NotFound):
        queries.get_draft(session, ann, row.id)
    comments.invite_guest(session, dee, row.id, "ANN@example.org")
    comments.invite_guest(session, dee, row.id, "ann@example.org")
    session.flush()
    draft = queries.get_draft(session, ann, row.id)
    assert [guest.name for guest in draft.guests] == ["Ann"]
    assert (draft.may_comment, draft.may_write, draft.may_publish) == (True, False, False)
    comments.add_comment(session, ann, row.id, CommentInput(place="skills/testing/high", text="Too high?"))
    with pytest.raises(Forbidden):
        actions.save_draft(session, ann, row.id, TEXTS, 1)
    comments.remove_guest(session, dee, row.id, cast.ann.id)
    session.flush()
    with pytest.raises(NotFound):
        queries.get_draft(session, ann, row.id)
    assert queries.get_draft(session, dee, row.id).comments[0].by == "Ann"


def test_partners_read_and_do_not_comment(session: Session, cast: Cast) -> None:
    row, pia = begin(session, cast), cast.actor(cast.pia)
    draft = queries.get_draft(session, pia, row.id)
    assert (draft.may_comment, draft.may_write) == (False, False)
    with pytest.raises(Forbidden):
        comments.add_comment(session, pia, row.id, CommentInput(text="Hm"))


def test_an_invitation_is_for_somebody_who_is_here(session: Session, cast: Cast) -> None:
    row = begin(session, cast)
    with pytest.raises(Invalid):
        comments.invite_guest(session, cast.actor(cast.dee), row.id, "nobody@example.org")


def test_comments_are_answered_and_settled(session: Session, cast: Cast) -> None:
    row, dee = begin(session, cast), cast.actor(cast.dee)
    comment = comments.add_comment(session, dee, row.id, CommentInput(place="skills/testing", text="Why?"))
    session.flush()
    comments.answer_comment(session, dee, row.id, comment.id, "Because.")
    comments.resolve_comment(session, dee, row.id, comment.id)
    session.flush()
    session.expire_all()
    (found,) = queries.get_draft(session, dee, row.id).comments
    assert (found.text, [answer.text for answer in found.answers], found.resolved_by) == ("Why?", ["Because."], "Dee")
    with pytest.raises(Conflict):
        comments.resolve_comment(session, dee, row.id, comment.id)
    comments.reopen_comment(session, dee, row.id, comment.id)
    assert queries.list_drafts(session, dee).rows[0].open_comments == 1


@pytest.mark.parametrize("place", ["skills/nothing", "skills/testing/top", "levels/top"])
def test_a_comment_stands_at_a_place_that_is_there(session: Session, cast: Cast, place: str) -> None:
    row = begin(session, cast)
    with pytest.raises(Invalid):
        comments.add_comment(session, cast.actor(cast.dee), row.id, CommentInput(place=place, text="Hm"))


def test_what_is_published_takes_no_more_comments_and_guests(session: Session, cast: Cast) -> None:
    row, hal = in_review(session, cast), cast.actor(add_hr(session, cast))
    actions.publish_draft(session, hal, row.id, 1)
    with pytest.raises(Conflict):
        comments.add_comment(session, hal, row.id, CommentInput(text="Hm"))
    with pytest.raises(Conflict):
        comments.invite_guest(session, hal, row.id, "ann@example.org")


def test_the_list_holds_what_one_may_read_row_by_row(session: Session, cast: Cast) -> None:
    one, two = begin(session, cast), begin(session, cast, changed(LADDER, 'version: "1"', 'version: "2"'), None)
    comments.invite_guest(session, cast.actor(cast.dee), two.id, "ben@example.org")
    session.commit()
    for person in cast.everybody.values():
        actor = cast.actor(person)
        seen = {line.id for line in queries.list_drafts(session, actor).rows}
        assert seen == {row.id for row in (one, two) if may(actor, Permission.READ_DRAFT, row)}, person.name


def test_what_waits_for_somebody_is_on_their_list(session: Session, cast: Cast) -> None:
    row, hal, ann = in_review(session, cast), cast.actor(add_hr(session, cast)), cast.actor(cast.ann)
    comments.invite_guest(session, cast.actor(cast.dee), row.id, "ann@example.org")
    session.commit()

    def asked(actor):  # type: ignore[no-untyped-def]
        return [publishes for _, publishes in queries.list_asked(session, actor)]

    assert (asked(hal), asked(cast.actor(cast.dee)), asked(ann), asked(cast.actor(cast.pia))) == (
        [True],
        [],
        [False],
        [],
    )
    comments.add_comment(session, ann, row.id, CommentInput(text="Good."))
    session.flush()
    assert asked(ann) == []
