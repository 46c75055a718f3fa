"""The form of an import: the file that is carried along between two looks at it, and its mapping, field by field."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from service.errors import Invalid, Problem
from service.formats.inputs import ImportFields
from service.formats.queries import Preview
from service.formats.rules import MOST_BYTES, Given
from service.web.forms import check_charset, parse
from service.web.strictjson import read as read_json

MOST_SENT = 12 * 1024 * 1024
"""A file of 8 MiB as base64, with the fields about it."""


@dataclass(frozen=True)
class Import:
    """A file with what is said about it."""

    name: str
    content: bytes
    format: str
    given: Given


async def read_import(request: Request) -> FormData:
    """The fields; a file that is carried along is longer than other forms' fields."""
    check_charset(request)
    async with request.form(max_part_size=MOST_SENT) as form:
        file = form.get("file")
        if isinstance(file, UploadFile) and file.filename:
            content = await file.read(MOST_BYTES + 1)
            fields = [(name, value) for name, value in form.multi_items() if name not in ("file", "carried", "name")]
            return FormData([*fields, ("name", file.filename), ("carried", carried(content))])
        return FormData([(name, value) for name, value in form.multi_items() if isinstance(value, str)])


ImportForm = Annotated[FormData, Depends(read_import)]


def import_of(form: FormData) -> Import:
    """Raises: Invalid where there is no file, or the fields about it do not fit."""
    content = _unpacked(_text(form, "carried"))
    if not content:
        raise Invalid("There is nothing to read yet.", [Problem("/file", "Choose a file.")])
    fields = parse(ImportFields, FormData([(name, form[name]) for name in ImportFields.model_fields if name in form]))
    said = {name: value.strip() for name, value in fields.model_dump().items() if value.strip()}
    return Import(_text(form, "name")[:200] or "file", content, _text(form, "format"), Given(said, mapping_of(form)))


def carried(content: bytes) -> str:
    """A file as a field of a form."""
    return base64.b64encode(zlib.compress(content, 6)).decode()


def mapping_of(form: FormData) -> dict[str, Any] | None:
    """The mapping that came along, with what was changed in the fields over it; None where it is to be guessed.

    Raises: Invalid.
    """
    text = _text(form, "mapping")
    if not text or _text(form, "guess"):
        return None
    try:
        mapping = read_json(text.encode())
    except json.JSONDecodeError as error:
        raise Invalid("The mapping is not JSON.", [Problem("/mapping", "Write it as JSON.")]) from error
    if not isinstance(mapping, dict):
        raise Invalid("The mapping is not JSON.", [Problem("/mapping", "It begins with a brace.")])
    if _text(form, "levels") and isinstance(mapping.get("levels"), list):
        mapping["levels"] = _levels(_text(form, "levels"), mapping["levels"])
    for place, sheet in enumerate(_dicts(mapping.get("sheets"))):
        _overlay(sheet, form, f"sheets/{place}", ("category", "skill", "level"))
        if f"sheets/{place}/header" in form:
            sheet["use"] = f"sheets/{place}/use" in form
            header = _text(form, f"sheets/{place}/header")
            sheet["header"] = int(header) if header.isascii() and header.isdecimal() and len(header) < 8 else header
        for number, column in enumerate(_dicts(sheet.get("columns"))):
            _overlay(column, form, f"sheets/{place}/columns/{number}", ("means", "level"))
    return mapping


def sheets_of(preview: Preview) -> list[dict[str, Any]] | None:
    """The sheets of a mapping of tables as a form shows them; None where it has none, or they are not as they should be: then
    the mapping is shown as it came."""
    given = preview.mapping or {}
    sheets, levels = given.get("sheets"), given.get("levels")
    fits = (
        _all_dicts(sheets) and _all_dicts(levels) and all(_all_dicts(sheet.get("columns")) for sheet in _dicts(sheets))
    )
    return _dicts(sheets) if fits else None


def _all_dicts(value: Any) -> bool:
    return isinstance(value, list) and len(_dicts(value)) == len(value)


def level_lines(preview: Preview) -> str:
    """The levels of a mapping as lines that can be changed and put in another order."""
    levels = _dicts((preview.mapping or {}).get("levels"))
    return "\n".join(f"{level.get('id')} | {level.get('title')}" for level in levels)


def level_choices(preview: Preview) -> list[tuple[str, str]]:
    """The levels of a mapping to choose from, or none of them."""
    levels = _dicts((preview.mapping or {}).get("levels"))
    return [("", "none"), *((str(level.get("id")), str(level.get("title"))) for level in levels)]


def _levels(text: str, before: list[Any]) -> list[dict[str, Any]]:
    known = {level["id"]: level for level in _dicts(before) if isinstance(level.get("id"), str)}
    found = []
    for line in text.splitlines():
        id_, _, title = (part.strip() for part in line.partition("|"))
        if id_:
            found.append({**known.get(id_, {"summary": ""}), "id": id_, "title": title or id_})
    return found


def _overlay(thing: dict[str, Any], form: FormData, at: str, names: tuple[str, ...]) -> None:
    for name in names:
        if f"{at}/{name}" in form:
            thing[name] = _text(form, f"{at}/{name}")


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _unpacked(text: str) -> bytes:
    """No more than a file may have, whatever was sent."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), MOST_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error):
        return b""
