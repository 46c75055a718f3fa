"""JSON doors of drafts. A write names in If-Match the saving it was made on, and answers the whole draft."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from service.errors import NotFound
from service.ladderdrafts import actions, comments, queries
from service.ladderdrafts.inputs import AnswerInput, CommentInput, GuestInput, ReturnInput
from service.ladderdrafts.views import Comment, Differences, DraftLine, DraftView, Saving, Step
from service.ladders.inputs import LadderTexts
from service.ladders.queries import VersionLine, line_of
from service.permissions import Permission
from service.web.answers import refusals
from service.web.etags import SeenVersion, set_etag
from service.web.paging import After, Limit, link_next
from service.web.routing import DbSession, Router, SignedIn

Number = Annotated[int, Path(ge=1, le=1_000_000)]

router = Router(tag="drafts")

EDIT = refusals(409, 412, 428)
STATE = refusals(409)


@router.get("/drafts", permission=Permission.LIST_DRAFTS)
def list_drafts(
    response: Response, session: DbSession, actor: SignedIn, after: After = None, limit: Limit = 50
) -> list[DraftLine]:
    """The drafts that the caller may read, by ladder and version."""
    found = queries.list_drafts(session, actor, after=after, limit=limit)
    link_next(response, "/api/v1/drafts", found, limit=str(limit))
    return list(found.rows)


@router.post("/drafts", permission=Permission.WRITE_DRAFT, status_code=201)
@router.post("/ladders", permission=Permission.WRITE_DRAFT, status_code=201)
def begin_draft(response: Response, session: DbSession, actor: SignedIn, texts: LadderTexts) -> DraftView:
    """Begin a draft of the text of a version's files, which may have problems still. Publishing takes a second person."""
    return _begun(response, session, actor, actions.begin_draft(session, actor, texts).id)


@router.post("/ladders/{ladder}/{version}/drafts", permission=Permission.WRITE_DRAFT, status_code=201)
def begin_next_version(ladder: str, version: str, response: Response, session: DbSession, actor: SignedIn) -> DraftView:
    """Begin a draft of the version after a published one."""
    return _begun(response, session, actor, actions.begin_next_version(session, actor, ladder, version).id)


@router.get("/drafts/{draft_id}", permission=Permission.READ_DRAFT)
def get_draft(draft_id: UUID, response: Response, session: DbSession, actor: SignedIn) -> DraftView:
    """The draft with its files, every problem at its place, its comments and its history."""
    return _answer(response, session, actor, draft_id)


@router.put("/drafts/{draft_id}/files", permission=Permission.WRITE_DRAFT, responses=EDIT)
def save_draft(
    draft_id: UUID, texts: LadderTexts, response: Response, session: DbSession, actor: SignedIn, seen: SeenVersion
) -> DraftView:
    """Put these files in the place of the draft's; they are saved with their problems, which the answer lists."""
    actions.save_draft(session, actor, draft_id, texts, seen)
    return _answer(response, session, actor, draft_id)


@router.delete("/drafts/{draft_id}", permission=Permission.WRITE_DRAFT, status_code=204, responses=EDIT)
def discard_draft(draft_id: UUID, session: DbSession, actor: SignedIn, seen: SeenVersion) -> None:
    """Take a draft away, with its savings and comments."""
    actions.discard_draft(session, actor, draft_id, seen)


@router.post("/drafts/{draft_id}/review", permission=Permission.WRITE_DRAFT, responses=EDIT)
def ask_for_review(
    draft_id: UUID, response: Response, session: DbSession, actor: SignedIn, seen: SeenVersion
) -> DraftView:
    """Lock the text for a second person to read and publish."""
    actions.ask_for_review(session, actor, draft_id, seen)
    return _answer(response, session, actor, draft_id)


@router.post("/drafts/{draft_id}/returns", permission=Permission.WRITE_DRAFT, responses=STATE)
def return_draft(
    draft_id: UUID, given: ReturnInput, response: Response, session: DbSession, actor: SignedIn
) -> DraftView:
    """From review back to draft, with the reason."""
    actions.return_draft(session, actor, draft_id, given.reason)
    return _answer(response, session, actor, draft_id)


@router.post("/drafts/{draft_id}/publication", permission=Permission.PUBLISH_DRAFT, responses=EDIT)
def publish_draft(draft_id: UUID, session: DbSession, actor: SignedIn, seen: SeenVersion) -> VersionLine:
    """Publish what was reviewed; by a person other than whoever wrote any of it or asked for the review."""
    return line_of(actions.publish_draft(session, actor, draft_id, seen))


@router.get("/drafts/{draft_id}/differences", permission=Permission.READ_DRAFT)
def get_differences(draft_id: UUID, session: DbSession, actor: SignedIn) -> Differences:
    """What differs from the version that it supersedes."""
    return queries.compare_with_superseded(session, actor, draft_id)


@router.get("/drafts/{draft_id}/history", permission=Permission.READ_DRAFT)
def get_history(draft_id: UUID, session: DbSession, actor: SignedIn) -> list[Saving | Step]:
    """Who changed what and when, the newest first: savings and changes of state."""
    draft = queries.get_draft(session, actor, draft_id)
    return sorted([*draft.savings, *draft.steps], key=lambda each: each.at, reverse=True)


@router.get("/drafts/{draft_id}/savings/{number}", permission=Permission.READ_DRAFT)
def get_saving(draft_id: UUID, number: Number, session: DbSession, actor: SignedIn) -> Differences:
    """What one saving changed."""
    return queries.compare_savings(session, actor, draft_id, number)


@router.post("/drafts/{draft_id}/guests", permission=Permission.WRITE_DRAFT, responses=STATE)
def invite_guest(
    draft_id: UUID, given: GuestInput, response: Response, session: DbSession, actor: SignedIn
) -> DraftView:
    """Invite somebody to read and comment."""
    comments.invite_guest(session, actor, draft_id, given.email)
    return _answer(response, session, actor, draft_id)


@router.delete("/drafts/{draft_id}/guests/{guest_id}", permission=Permission.WRITE_DRAFT, responses=STATE)
def remove_guest(draft_id: UUID, guest_id: UUID, response: Response, session: DbSession, actor: SignedIn) -> DraftView:
    """Take an invitation back."""
    comments.remove_guest(session, actor, draft_id, guest_id)
    return _answer(response, session, actor, draft_id)


@router.get("/drafts/{draft_id}/comments", permission=Permission.READ_DRAFT)
def list_comments(draft_id: UUID, session: DbSession, actor: SignedIn) -> list[Comment]:
    """What was said, in the order of time, each with its answers."""
    return list(queries.get_draft(session, actor, draft_id).comments)


@router.post("/drafts/{draft_id}/comments", permission=Permission.COMMENT_DRAFT, status_code=201, responses=STATE)
def add_comment(draft_id: UUID, given: CommentInput, session: DbSession, actor: SignedIn) -> Comment:
    """Say something about a place of the draft."""
    return _comment(session, actor, draft_id, comments.add_comment(session, actor, draft_id, given).id)


@router.post(
    "/drafts/{draft_id}/comments/{comment_id}/answers",
    permission=Permission.COMMENT_DRAFT,
    status_code=201,
    responses=STATE,
)
def answer_comment(
    draft_id: UUID, comment_id: UUID, given: AnswerInput, session: DbSession, actor: SignedIn
) -> Comment:
    """Answer a comment; the whole comment comes back."""
    comments.answer_comment(session, actor, draft_id, comment_id, given.text)
    return _comment(session, actor, draft_id, comment_id)


@router.put("/drafts/{draft_id}/comments/{comment_id}/resolution", permission=Permission.COMMENT_DRAFT, responses=STATE)
def resolve_comment(draft_id: UUID, comment_id: UUID, session: DbSession, actor: SignedIn) -> Comment:
    """Settle a comment."""
    comments.resolve_comment(session, actor, draft_id, comment_id)
    return _comment(session, actor, draft_id, comment_id)


@router.delete(
    "/drafts/{draft_id}/comments/{comment_id}/resolution", permission=Permission.COMMENT_DRAFT, responses=STATE
)
def reopen_comment(draft_id: UUID, comment_id: UUID, session: DbSession, actor: SignedIn) -> Comment:
    """Take a settled comment up again."""
    comments.reopen_comment(session, actor, draft_id, comment_id)
    return _comment(session, actor, draft_id, comment_id)


def _answer(response: Response, session: DbSession, actor: SignedIn, draft_id: UUID) -> DraftView:
    session.flush()
    draft = queries.get_draft(session, actor, draft_id)
    set_etag(response, draft.number)
    return draft


def _begun(response: Response, session: DbSession, actor: SignedIn, draft_id: UUID) -> DraftView:
    response.headers["location"] = f"/api/v1/drafts/{draft_id}"
    return _answer(response, session, actor, draft_id)


def _comment(session: DbSession, actor: SignedIn, draft_id: UUID, comment_id: UUID) -> Comment:
    session.flush()
    for comment in queries.get_draft(session, actor, draft_id).comments:
        if comment.id == comment_id:
            return comment
    raise NotFound
