"""The YAML front matter of a text file, parted from its body. Pure."""

import re
from dataclasses import dataclass
from typing import Any

from service.formats.rules import Note, sentence
from service.ladders.yamltext import Parsed, parse

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Parts:
    """`first_line` is the line in which the body begins; `parsed` holds the front matter with places, counted in the file."""

    body: str
    first_line: int = 1
    front: Any = None
    faults: tuple[Note, ...] = ()
    parsed: Parsed | None = None


def parted(text: str) -> Parts:
    """A text without front matter is all body."""
    if not re.match(r"---[ \t]*\n", text):
        return Parts(text)
    begin = text.index("\n") + 1
    end = _FENCE.search(text, begin)
    if end is None:
        return Parts(text)
    parsed = parse("", ("\n" + text[begin : end.start()]).encode("utf-8", "replace"))
    problems = [each for each in parsed.problems if each.kind != "empty-file"]
    faults = tuple(
        Note(f"line {each.line}, column {each.column}", sentence(each.message[:1].upper() + each.message[1:]))
        for each in problems
    )
    body = text[end.end() :].removeprefix("\n")
    first = text.count("\n", 0, end.end()) + 2
    return Parts(body, first, None if faults else parsed.data, faults, parsed)
