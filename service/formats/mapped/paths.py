"""The paths of a mapping: a small closed language for places in nested data. Pure; nothing in it is ever run.

tracks.*.milestones      named fields and `*` for every entry of a list or every field of an object
content.0  "odd.name"    the first entry; a name with dots or spaces stands in quotes
.                        the value itself
{key}  {number}          the name (or place, from 0) of the entry itself; its place counted from 1
^name  ^{key}  ^^name    the same one or two entries further out
=Words                   these words and no path
"""

import re
from dataclasses import dataclass
from typing import Any

from service.formats.rules import Path
from service.ladders.hints import suggest

LONGEST = 200
MOST_FOUND = 20_000
_STEP = re.compile(r'"([^"]+)"|([^".{}=^\s][^".{}=^]*)')


class WrongPath(ValueError):
    """A path that is none, or that leads to nothing; its words say where it stopped."""


@dataclass(frozen=True)
class Expression:
    """`ups` entries further out, then `steps`; or the `word` key or number; or the `constant`."""

    source: str
    ups: int = 0
    steps: tuple[str, ...] = ()
    word: str = ""
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A value where a path led. `outer` is the entry of the `*` before; `entry` the one that it is a field of."""

    value: Any
    path: Path
    key: str | int = ""
    number: int = 0
    outer: "Node | None" = None
    entry: "Node | None" = None


def parse_path(source: str) -> Expression:
    """Raises: WrongPath."""
    text = source.strip()
    if not text or len(text) > LONGEST:
        raise WrongPath(f"A path has 1 to {LONGEST} signs, such as tracks.*.name.")
    if text.startswith("="):
        return Expression(source, constant=text[1:].strip())
    ups = len(text) - len(text.lstrip("^"))
    rest = text[ups:].removeprefix(".") if ups else text
    if rest in ("{key}", "{number}"):
        return Expression(source, ups, word=rest[1:-1])
    if rest in (".", ""):
        return Expression(source, ups)
    steps: list[str] = []
    at = 0
    while at < len(rest):
        found = _STEP.match(rest, at)
        if found is None or (found.end() < len(rest) and rest[found.end()] != ".") or found.end() == len(rest) - 1:
            raise WrongPath(
                f"“{source}” is no path from sign {ups + at + 1} on. Write names with dots between, such as tracks.*.name."
            )
        steps.append(found[1] or found[2].strip())
        at = found.end() + 1
    return Expression(source, ups, tuple(steps))


def find(node: Node, expression: Expression) -> list[Node]:
    """Every value that a path leads to from `node`; none where it leads nowhere."""
    return _walk(node, expression)[0]


def find_some(node: Node, expression: Expression) -> list[Node]:
    """The same, where there must be some.

    Raises: WrongPath, saying where the path stops and what stands there.
    """
    found, stopped = _walk(node, expression)
    if not found:
        raise WrongPath(stopped or f"“{expression.source}” leads to nothing.")
    return found


def text_at(node: Node, expression: Expression) -> str:
    """The one text that an expression gives; numbers as they are written; "" for anything else."""
    if expression.constant is not None:
        return expression.constant
    at = _outer(node, expression.ups)
    if expression.word and at is not None:
        return str(at.key if expression.word == "key" else at.number)
    return next((text for found in find(node, expression) if (text := as_text(found.value))), "")


def as_text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if isinstance(value, str | int | float) else ""


def describe(value: Any) -> str:
    """A value in a few words, with the names that stand in it."""
    if isinstance(value, dict):
        names = ", ".join(map(str, list(value)[:8])) + (", …" if len(value) > 8 else "")
        return f"an object with {names}" if value else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}" + (
            f", the first of them {describe(value[0])}" if value and not isinstance(value[0], list) else ""
        )
    if value is None:
        return "nothing"
    return (
        f"the text “{value[:40]}{'…' if len(value) > 40 else ''}”" if isinstance(value, str) else f"the value {value}"
    )


def dotted(path: Path) -> str:
    return ".".join(str(step) for step in path) or "the top"


def _outer(node: Node, ups: int) -> Node | None:
    at: Node | None = node
    for _ in range(ups):
        at = at.outer if at is not None else None
    return at


def _walk(node: Node, expression: Expression) -> tuple[list[Node], str]:
    start = _outer(node, expression.ups)
    if start is None:
        return [], f"“{expression.source}” goes further out than there are entries."
    now, stopped = [start], ""
    for step in expression.steps:
        following: list[Node] = []
        for each in now:
            found = _step(each, step)
            following += found
            if not found and not stopped:
                stopped = _stop(each, step)
            if len(following) > MOST_FOUND:
                raise WrongPath(f"“{expression.source}” leads to more than {MOST_FOUND:,} values.")
        now = following
    return now, stopped


def _step(node: Node, step: str) -> list[Node]:
    value = node.value
    if step == "*":
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        outer = node.entry or node
        return [Node(inner, (*node.path, key), key, number, outer) for number, (key, inner) in enumerate(entries, 1)]
    if isinstance(value, dict) and step in value:
        return [Node(value[step], (*node.path, step), node.key, node.number, node.outer, node.entry or node)]
    if isinstance(value, list) and step.isdecimal() and len(step) < 6 and int(step) < len(value):
        return [Node(value[int(step)], (*node.path, int(step)), node.key, node.number, node.outer, node.entry or node)]
    return []


def _stop(node: Node, step: str) -> str:
    value = node.value
    at = f"at {dotted(node.path)} stands {describe(value)}"
    if isinstance(value, list) and step != "*":
        return f"{at}; “{step}” is no entry of it, * stands for each"
    if isinstance(value, dict) and step != "*":
        return f"{at}; “{step}” is not among them{suggest(step, [str(name) for name in value])}"
    return f"{at}; there is nothing below it for “{step}”"
