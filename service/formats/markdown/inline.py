"""One paragraph of Markdown as plain text, and plain text as Markdown that reads back as it. Pure."""

import re
from collections import Counter

from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST, MOST_BRACKETS = 8000, 100
"""Paragraphs beyond are no text of a ladder; they stand as they are."""
_PARSER = MarkdownIt("commonmark", {"html": True})
_SIGNS = re.compile(r"([\\`*_\[\]<>&{}|~])")
_STARTS = re.compile(r"^([#+\-=:]|\d{1,9}(?=[.)]))")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def plain(source: str, *, line_break: str = " ", lost: Counter[str] | None = None) -> str:
    """What a reader sees of `source`, without emphasis and links' addresses; `lost` counts what is not kept, by its name."""
    if len(source) > LONGEST or source.count("[") > MOST_BRACKETS:
        return source.strip()
    tokens: list[Token] = []
    _PARSER.inline.parse(source, _PARSER, {}, tokens)
    lost = Counter() if lost is None else lost
    return "".join(_text(token, line_break, lost) for token in tokens).strip()


def _text(token: Token, line_break: str, lost: Counter[str]) -> str:
    match token.type:
        case "softbreak":
            return line_break
        case "hardbreak":
            return "\n"
        case "link_open":
            lost["link’s address"] += 1
        case "image":
            lost["picture"] += 1
        case "html_inline" if _BREAK.fullmatch(token.content):
            return "\n"
        case "html_inline":
            lost["piece of HTML"] += 1
        case _:
            return token.content
    return ""


def lead(source: str) -> str:
    """The bold words with which a paragraph begins; "" where there are none."""
    found = re.match(r"(\*\*|__)(?=\S)(.{1,200}?)(?<=\S)\1", source)
    return plain(found[2]).rstrip(" :.–—-") if found else ""


def escaped(text: str) -> str:
    """`text` as one line of Markdown that reads as nothing but text."""
    line = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    return _STARTS.sub(lambda found: f"\\{found[1]}" if not found[1].isdigit() else found[1], _number_escaped(line))


def paragraphs(text: str) -> list[str]:
    """`text` as lines of Markdown; empty ones part paragraphs."""
    return [escaped(line) for line in text.split("\n")]


def _number_escaped(line: str) -> str:
    return re.sub(r"^(\d{1,9})([.)])", r"\1\\\2", line)
