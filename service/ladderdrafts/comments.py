"""Inviting people to a draft, and what is said about it: allow → check → change → record."""

from uuid import UUID

from sqlalchemy.orm import Session

from service import clock
from service.audit.actions import record
from service.errors import Conflict, Invalid, NotFound, Problem
from service.ladderdrafts import queries, rules
from service.ladderdrafts.contents import Part, expectations, find, levels, read_contents
from service.ladderdrafts.inputs import CommentInput
from service.ladderdrafts.models import LadderDraft, LadderDraftComment, LadderDraftGuest
from service.people.queries import find_person
from service.permissions import Actor, Permission, require

MOST_COMMENTS = 2000


def invite_guest(session: Session, actor: Actor, draft_id: UUID, email: str) -> LadderDraft:
    """Somebody may read the draft and comment on it from now on. Whom it is for already stays.

    Raises: NotFound, Forbidden, Conflict (published), Invalid (nobody signs in so).
    """
    row = _talked_of(session, actor, draft_id, Permission.WRITE_DRAFT)
    person = find_person(session, email)
    if person is None or actor.person_id is None:
        words = "Nobody who is here now signs in with this address."
        raise Invalid("Nobody is invited yet.", [Problem("/email", words)])
    if person.id not in row.guest_ids:
        row.guests.append(LadderDraftGuest(person_id=person.id, invited_by_id=actor.person_id, invited_at=clock.now()))
        record(session, actor, "ladder_draft.guest_invited", row)
    return row


def remove_guest(session: Session, actor: Actor, draft_id: UUID, person_id: UUID) -> LadderDraft:
    """Take an invitation back; what they said stays. Raises: NotFound, Forbidden, Conflict (published)."""
    row = _talked_of(session, actor, draft_id, Permission.WRITE_DRAFT)
    found = next((guest for guest in row.guests if guest.person_id == person_id), None)
    if found is None:
        raise NotFound
    row.guests.remove(found)
    record(session, actor, "ladder_draft.guest_removed", row)
    return row


def add_comment(session: Session, actor: Actor, draft_id: UUID, given: CommentInput) -> LadderDraftComment:
    """Say something about a place of the draft. Raises: NotFound, Forbidden, Conflict (published), Invalid (no such place)."""
    row = _talked_of(session, actor, draft_id, Permission.COMMENT_DRAFT)
    _check_place(session, row, given.place)
    return _say(session, actor, row, given.place, given.text, None, "ladder_draft.comment_added")


def answer_comment(session: Session, actor: Actor, draft_id: UUID, comment_id: UUID, text: str) -> LadderDraftComment:
    """Raises: NotFound, Forbidden, Conflict (published), Invalid (too many)."""
    row = _talked_of(session, actor, draft_id, Permission.COMMENT_DRAFT)
    comment = _comment(row, comment_id)
    return _say(session, actor, row, comment.place, text, comment.id, "ladder_draft.comment_answered")


def resolve_comment(session: Session, actor: Actor, draft_id: UUID, comment_id: UUID) -> LadderDraftComment:
    """Settle a comment: its answer is in the text, or was given. Raises: NotFound, Forbidden, Conflict."""
    row = _talked_of(session, actor, draft_id, Permission.COMMENT_DRAFT)
    comment = _comment(row, comment_id)
    if comment.resolved_at is not None:
        raise Conflict("This comment is settled already.")
    comment.resolved_at, comment.resolved_by_id = clock.now(), actor.person_id
    record(session, actor, "ladder_draft.comment_resolved", comment)
    return comment


def reopen_comment(session: Session, actor: Actor, draft_id: UUID, comment_id: UUID) -> LadderDraftComment:
    """Take a settled comment up again. Raises: NotFound, Forbidden, Conflict."""
    row = _talked_of(session, actor, draft_id, Permission.COMMENT_DRAFT)
    comment = _comment(row, comment_id)
    if comment.resolved_at is None:
        raise Conflict("This comment is open.")
    comment.resolved_at, comment.resolved_by_id = None, None
    record(session, actor, "ladder_draft.comment_reopened", comment)
    return comment


def _talked_of(session: Session, actor: Actor, draft_id: UUID, permission: Permission) -> LadderDraft:
    row = queries.find_draft(session, actor, draft_id, lock=True)
    require(actor, permission, row)
    rules.check_talked_of(row.status)
    return row


def _comment(row: LadderDraft, comment_id: UUID) -> LadderDraftComment:
    found = next((it for it in row.comments if it.id == comment_id and it.answer_to is None), None)
    if found is None:
        raise NotFound
    return found


def _say(
    session: Session, actor: Actor, row: LadderDraft, place: str, text: str, to: UUID | None, verb: str
) -> LadderDraftComment:
    if len(row.comments) >= MOST_COMMENTS or actor.person_id is None:
        raise Invalid(
            "That is more than anybody can follow.",
            [Problem("/text", f"A draft takes {MOST_COMMENTS:,} comments. Talk instead.")],
        )
    comment = LadderDraftComment(
        answer_to=to, place=place, text=text, by_id=actor.person_id, at=clock.now(), saving=row.number
    )
    row.comments.append(comment)
    record(session, actor, verb, comment)
    return comment


def _check_place(session: Session, row: LadderDraft, place: str) -> None:
    """A place that is named is there, as far as the text can be read."""
    texts = queries.texts_of(session, row.id, row.number)
    data = read_contents(texts.ladder_yaml, texts.blueprint_yaml).data
    if place == rules.WHOLE or data is None:
        return
    part, key, *level = place.split("/")
    found = find(data, Part(part), key)
    held = {*levels(data), *(expectations(found.value) if found and found.fits and level else ())}
    if found is None or (level and level[0] not in held):
        raise Invalid("A comment stands at a place.", [Problem("/place", "There is no such place in the draft.")])
