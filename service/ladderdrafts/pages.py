"""HTML doors of drafts: beginning one, reading it, its review, and what is said about it."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Path, Request
from fastapi.responses import Response

from service.errors import Invalid, NotFound, Problem
from service.ladderdrafts import actions, comments, editing, forms, queries
from service.ladderdrafts.contents import FIELDS, Part, entries
from service.ladderdrafts.inputs import AnswerInput, CommentInput, FormerInput, GuestInput, NextInput, ReturnInput
from service.ladders.inputs import EXAMPLE, LadderTexts
from service.ladders.queries import list_versions
from service.permissions import Permission, require
from service.web.again import or_again
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.paging import After, read_cursor
from service.web.routing import DbSession, Router, SignedIn

Number = Annotated[int, Path(ge=1, le=1_000_000)]

router = Router(pages=True)


@router.get("/drafts", permission=Permission.LIST_DRAFTS)
def list_drafts(request: Request, session: DbSession, actor: SignedIn, after: After = None) -> Response:
    """The drafts that the reader may read."""
    found = queries.list_drafts(session, actor, after=read_cursor(after) and after)
    return page(
        request,
        "ladderdrafts/list.html",
        drafts=found.rows,
        next=f"/drafts?after={found.next}" if found.next else "",
        more=after,
    )


@router.get("/drafts/new", permission=Permission.WRITE_DRAFT)
def show_new(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """The ways to begin a draft."""
    require(actor, Permission.WRITE_DRAFT)
    versions = [
        (f"{each.ladder}/{each.version}", f"{each.title} {each.version}") for each in list_versions(session, actor)
    ]
    under_way = queries.list_under_way(session, actor)
    return page(request, "ladderdrafts/new.html", versions=versions, under_way=under_way)


@router.post("/drafts", permission=Permission.WRITE_DRAFT)
@router.post("/ladders", permission=Permission.WRITE_DRAFT)
@or_again(show_new)
def create_draft(session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Begin a draft: as the next version, from an example, or from files."""
    require(actor, Permission.WRITE_DRAFT)
    way = form.get("way")
    if way == "next":
        ladder, _, version = parse(NextInput, _only(form, "of")).of.partition("/")
        row = actions.begin_next_version(session, actor, ladder, version)
    elif way == "example":
        row = actions.begin_draft(session, actor, LadderTexts(ladder_yaml=EXAMPLE), "begun from an example")
    else:
        row = actions.begin_draft(session, actor, forms.uploaded(form))
    return see_other(f"/drafts/{row.id}", flash="The draft is begun. Nobody but HR reads it, and whom you invite.")


@router.get("/drafts/{draft_id}", permission=Permission.READ_DRAFT)
def show_draft(request: Request, session: DbSession, actor: SignedIn, draft_id: UUID) -> Response:
    """What the draft says, what is to be put right, and what may be done with it."""
    opened = queries.open_draft(session, actor, draft_id)
    draft, contents = opened.draft, opened.contents
    return page(
        request, "ladderdrafts/draft.html", draft=draft, contents=contents, head=forms.head_entry(contents),
        entries={part.value: entries(contents.data, part) for part in Part}, titles=forms.titles_of(contents),
        everything=sorted(draft.comments, key=lambda comment: comment.resolved_at is not None),
        found=[(forms.href_of(draft, contents, each), forms.line_href(draft.id, each), each) for each in contents.problems],
        categories={each.key: each.title for each in entries(contents.data, Part.CATEGORIES)},
    )  # fmt: skip


@router.get("/drafts/{draft_id}/changes", permission=Permission.READ_DRAFT)
def show_changes(request: Request, session: DbSession, actor: SignedIn, draft_id: UUID) -> Response:
    """What differs from the version that it supersedes: what a second person reads before publishing."""
    opened = queries.open_draft(session, actor, draft_id)
    found = queries.compare_with_superseded(session, actor, draft_id)
    return page(
        request, "ladderdrafts/changes.html", draft=opened.draft, contents=opened.contents, found=found,
    )  # fmt: skip


@router.post("/drafts/{draft_id}/{part}/{key}/former-id", permission=Permission.WRITE_DRAFT)
@or_again(show_changes)
def confirm_former_id(
    session: DbSession, actor: SignedIn, draft_id: UUID, part: Part, key: str, form: Form
) -> Response:
    """Say what a level or skill was called in the version before."""
    if "was" not in FIELDS[part]:
        raise NotFound
    was = parse(FormerInput, _only(form, "was")).was
    actions.edit_draft(session, actor, draft_id, editing.Change(part, key, {"was": was}), forms.seen(form))
    return see_other(f"/drafts/{draft_id}/changes", flash=f"Kept: what was {was} goes on as {key}.")


@router.get("/drafts/{draft_id}/history", permission=Permission.READ_DRAFT)
def show_history(request: Request, session: DbSession, actor: SignedIn, draft_id: UUID) -> Response:
    """Who changed what, and when."""
    draft = queries.get_draft(session, actor, draft_id)
    lines = [
        *((each.at, each.number, None, each) for each in draft.savings),
        *((s.at, s.saving, s, None) for s in draft.steps),
    ]
    lines.sort(key=lambda line: (line[0], line[1], line[2] is not None), reverse=True)
    return page(request, "ladderdrafts/history.html", draft=draft, lines=lines)


@router.get("/drafts/{draft_id}/savings/{number}", permission=Permission.READ_DRAFT)
def show_saving(request: Request, session: DbSession, actor: SignedIn, draft_id: UUID, number: Number) -> Response:
    """What one saving changed."""
    draft = queries.get_draft(session, actor, draft_id)
    found = queries.compare_savings(session, actor, draft_id, number)
    saving = next(each for each in draft.savings if each.number == number)
    return page(request, "ladderdrafts/saving.html", draft=draft, found=found, saving=saving)


@router.post("/drafts/{draft_id}/review", permission=Permission.WRITE_DRAFT)
@or_again(show_draft)
def create_review(session: DbSession, actor: SignedIn, draft_id: UUID, form: Form) -> Response:
    """Ask for review."""
    actions.ask_for_review(session, actor, draft_id, forms.seen(form))
    return see_other(f"/drafts/{draft_id}", flash="The draft is in review. Somebody else of HR reads and publishes it.")


@router.post("/drafts/{draft_id}/returns", permission=Permission.WRITE_DRAFT)
@or_again(show_changes)
def create_return(session: DbSession, actor: SignedIn, draft_id: UUID, form: Form) -> Response:
    """Take it back to draft."""
    actions.return_draft(session, actor, draft_id, parse(ReturnInput, form).reason)
    return see_other(f"/drafts/{draft_id}", flash="It is a draft again and can be written.")


@router.post("/drafts/{draft_id}/publication", permission=Permission.PUBLISH_DRAFT)
@or_again(show_changes)
def create_publication(session: DbSession, actor: SignedIn, draft_id: UUID, form: Form) -> Response:
    """Publish what was reviewed."""
    row = actions.publish_draft(session, actor, draft_id, forms.seen(form))
    return see_other(f"/ladders/{row.ladder}/{row.version}", flash=f"{row.title} {row.version} is published.")


@router.post("/drafts/{draft_id}/removal", permission=Permission.WRITE_DRAFT)
@or_again(show_draft)
def create_removal(session: DbSession, actor: SignedIn, draft_id: UUID, form: Form) -> Response:
    """Discard the draft."""
    if form.get("sure") != "yes":
        raise Invalid("Nothing is discarded yet.", [Problem("/sure", "Tick that you are sure.")])
    actions.discard_draft(session, actor, draft_id, forms.seen(form))
    return see_other("/drafts", flash="The draft is discarded.")


@router.post("/drafts/{draft_id}/guests", permission=Permission.WRITE_DRAFT)
@or_again(show_draft)
def create_guest(session: DbSession, actor: SignedIn, draft_id: UUID, form: Form) -> Response:
    """Invite somebody to comment."""
    comments.invite_guest(session, actor, draft_id, parse(GuestInput, form).email)
    return see_other(f"/drafts/{draft_id}#guests", flash="Invited: they find the draft on their home page.")


@router.post("/drafts/{draft_id}/guests/{guest_id}/removal", permission=Permission.WRITE_DRAFT)
@or_again(show_draft)
def remove_guest(session: DbSession, actor: SignedIn, draft_id: UUID, guest_id: UUID) -> Response:
    """Take an invitation back."""
    comments.remove_guest(session, actor, draft_id, guest_id)
    return see_other(f"/drafts/{draft_id}#guests", flash="The invitation is taken back; what they said stays.")


@router.post("/drafts/{draft_id}/comments", permission=Permission.COMMENT_DRAFT)
@or_again(show_draft)
def create_comment(session: DbSession, actor: SignedIn, draft_id: UUID, form: Form) -> Response:
    """Say something about a place."""
    row = comments.add_comment(session, actor, draft_id, parse(CommentInput, form))
    return see_other(_where(draft_id, row.place), flash="Your comment is there.")


@router.post("/drafts/{draft_id}/comments/{comment_id}/answers", permission=Permission.COMMENT_DRAFT)
@or_again(show_draft)
def create_answer(session: DbSession, actor: SignedIn, draft_id: UUID, comment_id: UUID, form: Form) -> Response:
    """Answer a comment."""
    row = comments.answer_comment(session, actor, draft_id, comment_id, parse(AnswerInput, form).text)
    return see_other(_where(draft_id, row.place), flash="Your answer is there.")


@router.post("/drafts/{draft_id}/comments/{comment_id}/resolution", permission=Permission.COMMENT_DRAFT)
@or_again(show_draft)
def create_resolution(session: DbSession, actor: SignedIn, draft_id: UUID, comment_id: UUID) -> Response:
    """Settle a comment."""
    row = comments.resolve_comment(session, actor, draft_id, comment_id)
    return see_other(_where(draft_id, row.place), flash="The comment is settled.")


@router.post("/drafts/{draft_id}/comments/{comment_id}/resolution/removal", permission=Permission.COMMENT_DRAFT)
@or_again(show_draft)
def remove_resolution(session: DbSession, actor: SignedIn, draft_id: UUID, comment_id: UUID) -> Response:
    """Take a settled comment up again."""
    row = comments.reopen_comment(session, actor, draft_id, comment_id)
    return see_other(_where(draft_id, row.place), flash="The comment is open again.")


def _where(draft_id: UUID, place: str) -> str:
    """The page on which a comment of this place stands."""
    part, _, rest = place.partition("/")
    return (
        f"/drafts/{draft_id}/{part}/{quote(rest.partition('/')[0], safe='')}#comments"
        if part
        else f"/drafts/{draft_id}#comments"
    )


def _only(form: Form, *names: str) -> Form:
    return type(form)({name: form.get(name, "") for name in names})
