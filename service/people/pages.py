"""HTML doors of people: the list, one person, and the import in two steps."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from service.errors import Invalid, Problem
from service.people import actions, files, queries
from service.people.forms import View
from service.people.inputs import EXAMPLE
from service.people.rules import Preview
from service.permissions import Permission, require
from service.web.forms import check_charset
from service.web.pages import page, see_other
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)

COLUMN_NAMES = {field: title for field, (title, _) in files.COLUMNS.items()}


@dataclass(frozen=True, slots=True)
class Upload:
    """The file chosen, else the text pasted."""

    file: bytes
    pasted: str

    def text(self) -> str:
        """Raises: Invalid where there is neither, or the file is not text."""
        if not self.file and not self.pasted.strip():
            raise Invalid(
                "There is nothing to import yet.", [Problem("/file", "Choose a file, or paste its text below.")]
            )
        return files.decode(self.file) if self.file else self.pasted


async def read_upload(request: Request) -> Upload:
    """Pasted text may be longer here than other forms' fields."""
    check_charset(request)
    async with request.form(max_part_size=files.MOST_BYTES) as form:
        file, pasted = form.get("file"), form.get("csv")
        data = await file.read(files.MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
        return Upload(data, pasted if isinstance(pasted, str) else "")


Uploaded = Annotated[Upload, Depends(read_upload)]


@router.get("/people", permission=Permission.LIST_PEOPLE)
def list_people(request: Request, session: DbSession, actor: SignedIn, view: View, after: After = None) -> Response:
    """Those whom the reader may see, by name."""
    found = queries.list_people(session, actor, view, after=after)
    return page(
        request,
        "people/people.html",
        found=found,
        view=view,
        query=urlencode(view.query),
        after=after,
        units=queries.list_units(session, actor),
        titles=request.app.state.ladder_titles(session),
    )


@router.get("/people/import", permission=Permission.IMPORT_PEOPLE)
def show_import(request: Request, actor: SignedIn) -> Response:
    """Where a file is chosen or pasted."""
    require(actor, Permission.IMPORT_PEOPLE)
    return _import_form(request)


@router.post("/people/import-previews", permission=Permission.IMPORT_PEOPLE)
def preview_import(request: Request, session: DbSession, actor: SignedIn, upload: Uploaded) -> Response:
    """What the import would change; nothing is written yet."""
    require(actor, Permission.IMPORT_PEOPLE)
    try:
        text = upload.text()
        preview = queries.preview_import(session, actor, text, request.app.state.known_levels(session))
        if preview.problems:
            raise Invalid("Some rows need another look. Nothing has been written.", preview.problems)
    except Invalid as problem:
        return _import_form(request, problem, upload.pasted)
    return page(request, "people/preview.html", preview=preview, text=text)


@router.post("/people/imports", permission=Permission.IMPORT_PEOPLE)
def import_people(request: Request, session: DbSession, actor: SignedIn, upload: Uploaded) -> Response:
    """The import itself, all or nothing."""
    require(actor, Permission.IMPORT_PEOPLE)
    try:
        done = actions.import_people(session, actor, upload.text(), request.app.state.known_levels(session))
    except Invalid as problem:
        session.rollback()
        return _import_form(request, problem, upload.pasted)
    return see_other("/people", flash=_told(done))


@router.get("/people/{person_id}", permission=Permission.READ_PERSON)
def show_person(request: Request, person_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    """One person, with manager and reports. Whether their reviews tell the reader anything comes from `app.state`."""
    person = queries.get_person(session, actor, person_id)
    titles, trend = request.app.state.ladder_titles(session), request.app.state.has_trend(session, actor, person_id)
    return page(request, "people/person.html", person=person, titles=titles, trend=trend, why=person.why)


def _import_form(request: Request, problem: Invalid | None = None, pasted: str = "") -> Response:
    status = problem.status if problem else 200
    shown = {"problem": problem, "pasted": pasted, "example": EXAMPLE, "columns": COLUMN_NAMES}
    return page(request, "people/import.html", status=status, **shown)


def _told(done: Preview) -> str:
    if done.is_empty:
        return "Nothing had to be changed: everybody in the file is here as it says."
    return f"Imported: {len(done.added)} added, {len(done.changed)} changed, {done.unchanged} unchanged."
