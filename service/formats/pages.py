"""HTML doors of files in other formats: a look at what they say, and ladders that leave."""

import json

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from service.errors import Invalid
from service.formats import queries
from service.formats.all import FORMATS
from service.formats.forms import MOST_SENT, ImportForm, carried, import_of, level_choices, level_lines, sheets_of
from service.formats.matrix.vocabulary import MEANINGS
from service.formats.text import ENCODINGS
from service.ladders import views
from service.permissions import Permission, require
from service.web.pages import page
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/ladders/import", permission=Permission.PUBLISH_LADDERS)
def show_import(request: Request, actor: SignedIn) -> Response:
    """Where a file is chosen."""
    require(actor, Permission.PUBLISH_LADDERS)
    return _form(request)


@router.post("/ladders/import-previews", permission=Permission.PUBLISH_LADDERS, max_body_size=MOST_SENT)
def preview_import(request: Request, session: DbSession, actor: SignedIn, form: ImportForm) -> Response:
    """What was understood of the file, and what was not. Nothing is written."""
    require(actor, Permission.PUBLISH_LADDERS)
    session.rollback()  # reading a large file holds no transaction
    try:
        given = import_of(form)
    except Invalid as problem:
        return _form(request, problem, form)
    preview = queries.preview(given.name, given.content, given.format, given.given)
    ladder = preview.ladder
    return page(
        request, "formats/preview.html", status=200 if ladder else 422, preview=preview, carried=carried(given.content),
        mapping=json.dumps(preview.mapping, ensure_ascii=False) if preview.mapping is not None else "",
        levels=level_lines(preview), level_choices=level_choices(preview), meanings=list(MEANINGS.items()),
        encodings=list(ENCODINGS.items()),
        formats=_formats(), sheets=sheets_of(preview),
        matrix=views.matrix(ladder, ladder.levels, views.Filter()) if ladder else None,
    )  # fmt: skip


@router.get("/ladders/{ladder}/{version}/exports/{format}", permission=Permission.READ_LADDERS)
def show_export(session: DbSession, actor: SignedIn, ladder: str, version: str, format: str) -> Response:
    """A version as a file of another format."""
    name, media_type, content = queries.export(session, actor, ladder, version, format)
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


def _form(request: Request, problem: Invalid | None = None, form: FormData | None = None) -> Response:
    status = problem.status if problem else 200
    shown = {
        "formats": _formats(),
        "encodings": list(ENCODINGS.items()),
        "chosen": form.get("format", "") if form else "",
    }
    return page(request, "formats/import.html", status=status, problem=problem, **shown)


def _formats() -> list[tuple[str, str]]:
    return [("", "As its content says"), *((each.NAME, each.TITLE) for each in FORMATS)]
