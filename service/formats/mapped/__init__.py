"""Anybody's JSON or YAML by a small mapping: where in it the levels, skills and texts stand (README.md, decision 16). Pure."""

from collections.abc import Callable
from typing import Any

from service.formats import jsontext
from service.formats.mapped import mapping as maps
from service.formats.mapped.guessing import guess
from service.formats.mapped.paths import WrongPath
from service.formats.mapped.reading import read_mapped
from service.formats.markdown.front import parted
from service.formats.pruning import drop_repeats, prune
from service.formats.rules import Given, Note, Path, Understood, sentence
from service.formats.text import decode
from service.ladders.yamltext import Parsed, parse

NAME = "mapped"
TITLE = "JSON or YAML with a mapping"
ENDINGS: tuple[str, ...] = (".yaml", ".yml", ".json", ".md")
MEDIA_TYPE = "application/yaml"

NO_GUESS = (
    "How this file says levels and skills was not recognised. Write a mapping: `skills: {each: …}` and"
    " `expectations: {each: …, level: …, statement: …}`."
)
EMPTY = {
    "skills": {"each": "skills.*", "name": "name"},
    "expectations": {"each": "levels.*", "level": "{key}", "statement": "."},
}
"""What is shown to begin with where nothing was recognised."""


def fits(name: str, content: bytes) -> bool:
    """Any JSON or YAML, also as the front matter of a text: it is tried behind the formats that say what they are."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    return name.lower().endswith((".json", ".yaml", ".yml")) or start[:1] in (b"{", b"[") or start[:4] == b"---\n"


def read(content: bytes, given: Given) -> Understood:
    """What a file says by the given mapping, or by a guessed one."""
    data, place, faults = _parse(content, given)
    if faults:
        return Understood(None, faults=faults)
    shown: Any = given.mapping or guess(data)
    if shown is None:
        return Understood(None, faults=(Note(place(()), NO_GUESS),), mapping=EMPTY)
    mapping, wrong = maps.from_data(shown)
    if wrong:
        return Understood(None, faults=tuple(wrong), mapping=shown)
    try:
        said = read_mapped(data, mapping, place)
    except WrongPath as error:
        return Understood(None, faults=(Note("mapping", sentence(str(error))),), mapping=shown)
    if said.faults:
        return Understood(None, faults=tuple(said.faults), notes=tuple(said.notes), mapping=shown)
    ladder, places, repeated = drop_repeats(said.ladder, said.places)
    ladder, places, left_out = prune(ladder, places)
    notes = (*said.notes, *repeated, *left_out)
    if not ladder.get("skills"):
        words = "By this mapping no skill has an expectation at a level. Look at the paths of `expectations`."
        return Understood(None, faults=(Note("mapping expectations", words),), notes=notes, mapping=shown)
    return Understood(ladder, notes=notes, places=places, mapping=shown)


def _parse(content: bytes, given: Given) -> tuple[Any, Callable[[Path], str], tuple[Note, ...]]:
    """The data, a function that says where a value of it stands, and why it cannot be read."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        parsed_json = jsontext.parse(content)
        return parsed_json.data, jsontext.pointer, parsed_json.faults
    if len(content) > jsontext.MOST_BYTES:
        return (
            None,
            jsontext.pointer,
            (Note("line 1", f"The file has {len(content):,} bytes; that is more than can be read."),),
        )
    text, wrong = decode(content, given)
    if wrong is not None:
        return None, jsontext.pointer, (wrong,)
    parts = parted(text)
    parsed = parts.parsed
    if parsed is None:
        parsed = parse("", text.encode("utf-8", "replace"))
    faults = tuple(
        Note(f"line {each.line}, column {each.column}", sentence(each.message[:1].upper() + each.message[1:]))
        for each in parsed.problems[:100]
    )
    return parsed.data, _places(parsed), faults


def _places(parsed: Parsed) -> Callable[[Path], str]:
    def place(path: Path) -> str:
        found = parsed.problem(path, "", "")
        return f"line {found.line}, column {found.column}"

    return place


__all__ = ["EMPTY", "ENDINGS", "MEDIA_TYPE", "NAME", "TITLE", "fits", "read"]
