"""Markdown: ours with front matter, out and in; anybody's by headings or tables, in (README.md, decision 15). Pure."""

from collections.abc import Iterator
from typing import Any

from service.formats.markdown.blocks import MOST_LINES, Section, outline
from service.formats.markdown.front import parted
from service.formats.markdown.guessing import (
    LIST,
    HeadingMap,
    bold_heads_as_sections,
    from_data,
    guess,
    lists_as_sections,
)
from service.formats.markdown.headings import read_headings
from service.formats.markdown.own import is_own, read_own, words
from service.formats.markdown.tables import read_tables
from service.formats.markdown.writing import to_markdown
from service.formats.pruning import drop_repeats, prune
from service.formats.rules import Given, Note, Understood
from service.formats.text import decode
from service.formats.texts import Data, texts_of
from service.ladders.rules import Blueprint, Ladder
from service.ladders.writing import ladder_data

NAME = "markdown"
TITLE = "Markdown"
ENDINGS: tuple[str, ...] = (".md", ".markdown", ".mdown")
MEDIA_TYPE = "text/markdown"

MOST_BYTES = 1024 * 1024
MOST_NAMED = 8
HEAD = ("title", "ladder", "version", "family", "dated", "supersedes", "summary")


def fits(name: str, content: bytes) -> bool:
    """A file of this ending with headings, lists or tables, or what we wrote; what is only front matter is data."""
    ours = content.startswith(b"---") and b"format: nextrung-ladder/" in content[:200] and b"\n# " in content
    if ours or not name.lower().endswith(ENDINGS):
        return ours
    parts = parted(content[:MOST_BYTES].decode("utf-8", "replace").replace("\r\n", "\n"))
    if isinstance(parts.front, dict) and any(_is_data(value) for value in parts.front.values()):
        return False
    return any(line.startswith(("#", "|", "=", "- ", "* ")) for line in parts.body.split("\n"))


def read(content: bytes, given: Given) -> Understood:
    """What a text says. The mapping has the depths of headings, or is that of tables where levels stand in tables."""
    if len(content) > MOST_BYTES:
        return _refused("line 1", f"The file has {len(content):,} bytes; {MOST_BYTES:,} are the most that can be read.")
    text, wrong = decode(content, given)
    if wrong is not None:
        return Understood(None, faults=(wrong,))
    if text.count("\n") > MOST_LINES:
        return _refused(f"line {MOST_LINES + 1:,}", f"More than {MOST_LINES:,} lines cannot be read.")
    parts = parted(text)
    if parts.faults:
        return Understood(None, faults=parts.faults)
    own = is_own(parts.front)
    try:
        root, notes = outline(parts.body, parts.first_line, "\n" if own else " ")
    except RecursionError:
        return _refused("line 1", "Lists and quotations are nested too deep to be read.")
    if own:
        data, places, more = read_own(parts.front, root)
        return Understood(data, notes=(*notes, *more), places=places)
    return _read_foreign(root, parts.front if isinstance(parts.front, dict) else {}, notes, given)


def write(ladder: Ladder, _blueprint: Blueprint | None) -> bytes:
    """The ladder by headings; it reads back as the same. The blueprint stays behind: it has a file of its own."""
    data = ladder_data(ladder)
    exact: list[Data] = []
    parts = parted(to_markdown(data, exact))
    read_back, _, _ = read_own(parts.front, outline(parts.body, 1, "\n")[0])
    reads = texts_of(read_back)
    for ref, text in texts_of(data).items():
        if reads.get(ref) != text:
            exact.append({"at": list(ref), "reads": reads.get(ref), "text": text})
    return to_markdown(data, exact).encode()


def _read_foreign(root: Section, front: Data, notes: list[Note], given: Given) -> Understood:
    if given.mapping and "sheets" in given.mapping:
        return _with_head(read_tables(root, given), front, root, notes)
    made = lists_as_sections(root) if given.mapping and given.mapping.get("levels") == LIST else 0
    if given.mapping:
        mapping, wrong = from_data(given.mapping)
        if wrong:
            return Understood(None, faults=tuple(wrong), mapping=given.mapping)
    else:
        mapping = guess(root)
        if not mapping.levels:
            tables = read_tables(root, given)
            if tables.ladder is not None or tables.mapping is None:
                return _with_head(tables, front, root, notes)
            mapping = guess(root) if lists_as_sections(root) or made else mapping
    return _by_headings(root, mapping, front, notes)


def _by_headings(root: Section, mapping: HeadingMap, front: Data, notes: list[Note]) -> Understood:
    if mapping.skills == LIST and mapping.levels != LIST:
        bold_heads_as_sections(root, mapping.levels)
    data, places, more = read_headings(root, mapping)
    data, places, repeated = drop_repeats(data, places)
    data, places, left_out = prune(data, places)
    said = (*notes, *more, *repeated, *left_out)
    if not data.get("skills"):
        words = (
            "No headings of levels were recognised. Say how deep those of levels and skills stand, and name the levels."
        )
        return Understood(None, faults=(Note("line 1", words),), notes=said, mapping=mapping.as_data())
    return Understood(data | _head(front), notes=said, places=places, mapping=mapping.as_data())


def _with_head(tables: Understood, front: Data, root: Section, notes: list[Note]) -> Understood:
    if tables.ladder is None:
        return tables
    first = next((section for section in root.sections if section.depth == 1), root)
    found = {"title": first.title, "summary": words(first.blocks)}
    head = {name: text for name, text in found.items() if text} | _head(front)
    said = (*notes, *_texts_beside(root, first), *tables.notes)
    return Understood(tables.ladder | head, notes=said, places=tables.places, mapping=tables.mapping)


def _texts_beside(root: Section, first: Section) -> Iterator[Note]:
    """What stands beside tables where only these are read."""
    left = [section for section in (root, *root.walk()) if section is not first and words(section.blocks)]
    if left:
        named = ", ".join(f"“{section.title[:80]}”" for section in left[:MOST_NAMED] if section.title)
        more = f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else ""
        below = f" below {named}{more}" if named else ""
        yield Note(f"line {left[0].line}", f"Only tables were read; the text{below} was left out.")


def _head(front: Data) -> Data:
    """The fields of ladder.yaml that the front matter says."""
    return {name: value for name in HEAD if (value := front.get(name)) and isinstance(value, str)}


def _is_data(value: Any) -> bool:
    """Whether a field of front matter holds what only data does: a list of objects."""
    return isinstance(value, list) and any(isinstance(each, dict) for each in value)


def _refused(place: str, words: str) -> Understood:
    return Understood(None, faults=(Note(place, words),))


__all__ = ["ENDINGS", "MEDIA_TYPE", "NAME", "TITLE", "fits", "read", "write"]
