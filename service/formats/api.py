"""JSON doors of files in other formats."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from service.formats import queries
from service.formats.forms import MOST_SENT
from service.formats.inputs import ImportFile
from service.formats.rules import Note
from service.permissions import Permission, require
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="ladders")

FILE = {200: {"content": {"application/octet-stream": {}}, "description": "The file."}}


@dataclass(frozen=True, slots=True)
class PreviewAnswer:
    """What was understood of a file. The texts are what POST /ladders takes; they are empty while there are problems, of which
    the first 200 of `found` are listed. `fields` and `mapping` can be sent again, corrected."""

    format: str
    fields: Mapping[str, str]
    levels: int
    skills: int
    expectations: int
    found: int
    problems: tuple[Note, ...]
    notes: tuple[Note, ...]
    mapping: Mapping[str, Any] | None
    ladder_yaml: str
    blueprint_yaml: str


@router.post("/ladders/import-previews", permission=Permission.PUBLISH_LADDERS, max_body_size=MOST_SENT)
def preview_import(session: DbSession, actor: SignedIn, file: ImportFile) -> PreviewAnswer:
    """What a file of any format says as a ladder, and what of it does not fit, each at its place. Nothing is written."""
    require(actor, Permission.PUBLISH_LADDERS)
    session.rollback()  # reading a large file holds no transaction
    found = queries.preview(file.name, file.bytes, file.format, file.given)
    ladder = found.ladder
    return PreviewAnswer(
        found.format, found.fields, len(ladder.levels) if ladder else 0, len(ladder.skills) if ladder else 0,
        found.expectations, found.found, found.problems, found.notes, found.mapping, found.ladder_yaml, found.blueprint_yaml,
    )  # fmt: skip


@router.get(
    "/ladders/{ladder}/{version}/exports/{format}",
    permission=Permission.READ_LADDERS, response_class=Response, responses=FILE,
)  # fmt: skip
def show_export(ladder: str, version: str, format: str, session: DbSession, actor: SignedIn) -> Response:
    """A version as a file of another format: yaml, json, xlsx, csv and what else there is."""
    name, media_type, content = queries.export(session, actor, ladder, version, format)
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})
