"""What a file says, before anything is written, and ladders in other formats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from service import clock
from service.formats.all import FORMATS, WRITERS, find_format, get_format, get_writer
from service.formats.checking import check
from service.formats.filling import ASKED, fill
from service.formats.rules import MOST_BYTES, Given, Note
from service.formats.text import other_kind
from service.ladders.queries import get_version
from service.ladders.rules import Blueprint, Ladder
from service.permissions import Actor


@dataclass(frozen=True)
class Preview:
    """What was understood of a file and what was not. Where there are `problems` (the first 200 of `found`) there is no ladder;
    else `ladder_yaml` and `blueprint_yaml` are the texts of its files, which the ladder features take. `fields` are the answers
    to what a file leaves open, given or guessed; `mapping` is how it was read, where the format has a mapping."""

    name: str
    format: str
    title: str
    fields: Mapping[str, str]
    ladder: Ladder | None
    blueprint: Blueprint | None
    ladder_yaml: str
    blueprint_yaml: str
    problems: tuple[Note, ...]
    found: int
    notes: tuple[Note, ...]
    mapping: Mapping[str, Any] | None

    @property
    def expectations(self) -> int:
        return sum(len(skill.expectations) for skill in self.ladder.skills) if self.ladder else 0


def preview(
    name: str, content: bytes, format: str = "", given: Given | None = None, today: date | None = None
) -> Preview:
    """Read the file called `name`, as the format of that name or as the one it looks like. Never raises for what stands in it.

    Raises: NotFound for an unknown format.
    """
    given = given or Given()
    if len(content) > MOST_BYTES:
        size = f"The file has {len(content):,} bytes and may have {MOST_BYTES:,}."
        return _unread(name, format, given, size)
    if not content.strip():
        return _unread(name, format, given, "The file is empty.")
    reader = get_format(format) if format else find_format(name, content)
    if reader is None:
        known = ", ".join(each.TITLE for each in FORMATS)
        words = other_kind(content) or f"This is no format that is read here. There is {known}."
        return _unread(name, "", given, words)
    understood = fill(reader.read(content, given), given.fields, name, today or clock.today())
    checked = check(understood)
    data = understood.ladder or {}
    texts = checked.texts or ("", None)
    return Preview(
        name, reader.NAME, reader.TITLE,
        {field: str(data.get(field) or given.fields.get(field, "")) for field in ASKED}
        | {"requirement": given.fields.get("requirement") or "must", "encoding": given.fields.get("encoding", "")},
        checked.ladder, checked.blueprint, texts[0], texts[1] or "", checked.problems, checked.found,
        understood.notes, understood.mapping,
    )  # fmt: skip


def exports() -> list[tuple[str, str]]:
    """Name and title of each format that ladders can leave in."""
    return [(writer.NAME, writer.TITLE) for writer in WRITERS]


def export(session: Session, actor: Actor, ladder: str, version: str, format: str) -> tuple[str, str, bytes]:
    """A published version in another format: name of the file, media type, content.

    Raises: NotFound for the version or the format.
    """
    view = get_version(session, actor, ladder, version)
    writer = get_writer(format)
    name = f"{ladder}-{version}{writer.ENDINGS[0]}"
    return name, writer.MEDIA_TYPE, writer.write(view.ladder, view.blueprint)


def _unread(name: str, format: str, given: Given, words: str) -> Preview:
    fields = dict.fromkeys((*ASKED, "requirement", "encoding"), "") | dict(given.fields)
    return Preview(name, format, "", fields, None, None, "", "", (Note("", words),), 1, (), given.mapping)
