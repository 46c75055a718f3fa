"""HTML doors of a draft's forms. A form saves what it can and shows the problems that are left beside their fields."""

from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.errors import NotFound
from service.ladderdrafts import actions, editing, forms, queries
from service.ladderdrafts.contents import FIELDS, HEAD, Part, entries, find
from service.ladderdrafts.editing import Edit
from service.ladderdrafts.inputs import MoveInput
from service.ladderdrafts.views import Opened
from service.ladders.yamltext import FileProblem
from service.permissions import Permission
from service.web.again import or_again, refused
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/drafts/{draft_id}/files", permission=Permission.READ_DRAFT)
def show_files(request: Request, session: DbSession, actor: SignedIn, draft_id: UUID) -> Response:
    """The whole files, with every problem at its line."""
    opened, again = queries.open_draft(session, actor, draft_id), refused(request)
    draft = opened.draft
    stands = {"ladder_yaml": draft.texts.ladder_yaml, "blueprint_yaml": draft.texts.blueprint_yaml or ""}
    values = forms.filled(stands, again, draft.number)
    return page(
        request, "ladderdrafts/files.html", draft=draft, values=values, stale=_stale(request),
        found=[(each, _excerpt(draft.texts.ladder_yaml, draft.texts.blueprint_yaml, each)) for each in opened.contents.problems],
    )  # fmt: skip


@router.post("/drafts/{draft_id}/files", permission=Permission.WRITE_DRAFT)
@or_again(show_files)
def update_files(session: DbSession, actor: SignedIn, draft_id: UUID, form: Form) -> Response:
    """Save the whole files as they are."""
    actions.save_draft(session, actor, draft_id, forms.uploaded(form), forms.seen(form))
    session.flush()
    count = len(queries.open_draft(session, actor, draft_id).contents.problems)
    return _saved(f"/drafts/{draft_id}/files" if count else f"/drafts/{draft_id}", "The files are saved.", count)


@router.get("/drafts/{draft_id}/head", permission=Permission.READ_DRAFT)
def show_head(request: Request, session: DbSession, actor: SignedIn, draft_id: UUID) -> Response:
    """The form of the ladder's names, dates and gates."""
    opened, again = queries.open_draft(session, actor, draft_id), refused(request)
    entry = forms.head_entry(opened.contents)
    return page(
        request, "ladderdrafts/head.html", draft=opened.draft, contents=opened.contents, entry=entry, fields=forms.head_fields(),
        values=forms.values_of(entry, None, again, opened.draft.number), stands=forms.values_of(entry, None, None, 0),
        problem=again.problem if again else forms.standing(opened.contents, entry), status=_status(request), stale=_stale(request),
    )  # fmt: skip


@router.post("/drafts/{draft_id}/head", permission=Permission.WRITE_DRAFT)
@or_again(show_head)
def update_head(session: DbSession, actor: SignedIn, draft_id: UUID, form: Form) -> Response:
    """Change the head."""
    opened = _edit(session, actor, draft_id, editing.ChangeHead(forms.typed(form, HEAD)), form)
    left = forms.standing(opened.contents, forms.head_entry(opened.contents))
    return _saved(
        f"/drafts/{draft_id}/head" if left else f"/drafts/{draft_id}", "Saved.", len(left.problems) if left else 0
    )


@router.get("/drafts/{draft_id}/{part}", permission=Permission.READ_DRAFT)
def show_part(request: Request, session: DbSession, actor: SignedIn, draft_id: UUID, part: Part) -> Response:
    """The levels, categories, skills or documents in their order."""
    opened, again = queries.open_draft(session, actor, draft_id), refused(request)
    there = entries(opened.contents.data, part)
    ends = {each.key: direction for direction, each in (("down", there[-1]), ("up", there[0]))} if there[1:] else {}
    return page(
        request, "ladderdrafts/part.html", draft=opened.draft, contents=opened.contents, part=part.value, entries=there, ends=ends,
        fields=forms.fields_of(opened.contents, part),
        values=forms.values_of(None, part, again, opened.draft.number), stale=_stale(request),
        found={each.key: forms.standing(opened.contents, each) for each in there},
    )  # fmt: skip


@router.post("/drafts/{draft_id}/{part}", permission=Permission.WRITE_DRAFT)
@or_again(show_part)
def create_entry(session: DbSession, actor: SignedIn, draft_id: UUID, part: Part, form: Form) -> Response:
    """Add an entry at the end."""
    edit = editing.Add(part, forms.typed(form, FIELDS[part]))
    _edit(session, actor, draft_id, edit, form)
    if part is Part.SKILLS:
        return see_other(
            f"/drafts/{draft_id}/skills/{quote(edit.key, safe='')}",
            flash="Added. Say now what it asks for at which level.",
        )
    return see_other(f"/drafts/{draft_id}/{part.value}#{quote(edit.key, safe='')}", flash="Added.")


@router.get("/drafts/{draft_id}/{part}/{key}", permission=Permission.READ_DRAFT)
def show_entry(request: Request, session: DbSession, actor: SignedIn, draft_id: UUID, part: Part, key: str) -> Response:
    """One level, category, skill or document: its form, or its words where the reader cannot write; and what was said."""
    opened, again = queries.open_draft(session, actor, draft_id), refused(request)
    entry = find(opened.contents.data, part, key)
    if entry is None and again is None:
        raise NotFound
    return page(
        request, "ladderdrafts/entry.html", draft=opened.draft, contents=opened.contents, part=part.value, entry=entry, key=key,
        fields=forms.fields_of(opened.contents, part, entry.value if entry else None),
        groups=forms.groups_of(opened.contents, entry) if part is Part.SKILLS and entry and entry.fits else (),
        values=forms.values_of(entry, part, again, opened.draft.number), stands=forms.values_of(entry, part, None, 0),
        problem=again.problem if again else forms.standing(opened.contents, entry), status=_status(request), stale=_stale(request),
        titles=forms.titles_of(opened.contents),
        places=forms.places_of(opened.contents, part, entry) if entry else (), said=opened.draft.comments_at(f"{part.value}/{key}"),
    )  # fmt: skip


@router.post("/drafts/{draft_id}/{part}/{key}", permission=Permission.WRITE_DRAFT)
@or_again(show_entry)
def update_entry(session: DbSession, actor: SignedIn, draft_id: UUID, part: Part, key: str, form: Form) -> Response:
    """Change an entry."""
    values = forms.typed(form, FIELDS[part])
    opened = _edit(session, actor, draft_id, editing.Change(part, key, values), form)
    now = values.get("id") or key
    left = forms.standing(opened.contents, find(opened.contents.data, part, now))
    here, there = f"/drafts/{draft_id}/{part.value}", quote(now, safe="")
    return _saved(f"{here}/{there}" if left else f"{here}#{there}", "Saved.", len(left.problems) if left else 0)


@router.post("/drafts/{draft_id}/{part}/{key}/place", permission=Permission.WRITE_DRAFT)
@or_again(show_part)
def move_entry(session: DbSession, actor: SignedIn, draft_id: UUID, part: Part, key: str, form: Form) -> Response:
    """Move an entry up or down."""
    up = parse(MoveInput, form).direction == "up"
    _edit(session, actor, draft_id, editing.Move(part, key, up), form)
    return see_other(f"/drafts/{draft_id}/{part.value}#{key}", flash="Moved.")


@router.post("/drafts/{draft_id}/{part}/{key}/removal", permission=Permission.WRITE_DRAFT)
@or_again(show_entry)
def remove_entry(session: DbSession, actor: SignedIn, draft_id: UUID, part: Part, key: str, form: Form) -> Response:
    """Take an entry out."""
    _edit(session, actor, draft_id, editing.Remove(part, key), form)
    return see_other(f"/drafts/{draft_id}/{part.value}", flash="Taken out. The history keeps it.")


def _edit(session: DbSession, actor: SignedIn, draft_id: UUID, edit: Edit, form: Form) -> Opened:
    """Make the change, and what stands after it."""
    actions.edit_draft(session, actor, draft_id, edit, forms.seen(form))
    session.flush()
    return queries.open_draft(session, actor, draft_id)


def _saved(url: str, flash: str, left: int) -> Response:
    return see_other(url, flash=f"{flash} {forms.still(left)}" if left else flash)


def _status(request: Request) -> int | None:
    """A page that shows standing problems is no refusal."""
    again = refused(request)
    return None if again else 200


def _stale(request: Request) -> bool:
    again = refused(request)
    return again is not None and again.problem.status in (409, 412)


def _excerpt(ladder_yaml: str, blueprint_yaml: str | None, problem: FileProblem) -> str:
    return forms.excerpt(ladder_yaml if problem.path.startswith("ladder") else blueprint_yaml or "", problem.line)
