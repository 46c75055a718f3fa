"""One cell of a matrix as a statement with what shows that it is met, and what shows that it is not yet. Pure."""

import re
from dataclasses import dataclass

from service.formats.matrix.vocabulary import counter_heading, indicator_heading

_BULLET = re.compile(r"^\s*(?:[-–—*•·◦▪▫‣●○■□➢➤►✓✔✗✘→>]\s+|[•·▪‣●■➢✓✔]|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)(?=\S)")


@dataclass(frozen=True)
class CellText:
    statement: str
    indicators: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()


def split_cell(text: str) -> CellText:
    """A cell of several lines: what stands before the list is the statement, the list what one sees; lines under a heading such
    as “Red flags” are what one sees while it is not yet met. A list alone gives its first line as the statement.

    >>> split_cell("Tests well.\\n- Writes tests\\n- Runs them\\nRed flags:\\n- Skips them")
    CellText(statement='Tests well.', indicators=('Writes tests', 'Runs them'), counters=('Skips them',))
    """
    if "\n" not in text.strip():
        return CellText(without_bullet(text.strip()))
    lines = [line for line in text.split("\n") if line.strip()]
    is_list = any(_BULLET.match(line) for line in lines)
    statement: list[str] = []
    lists: dict[str, list[str]] = {"met": [], "not": []}
    now = "head"
    for line in lines:
        words, bullet = without_bullet(line), _BULLET.match(line) is not None
        if not bullet and counter_heading(words):
            now = "not"
        elif not bullet and statement and indicator_heading(words):
            now = "met"
        elif now == "head" and not bullet and (is_list or not statement):
            statement.append(words)
        elif bullet or not is_list or not lists["met" if now == "head" else now]:
            now = "met" if now == "head" else now
            lists[now].append(words)
        elif line[:1].isspace():
            lists[now][-1] += f" {words}"
        else:
            lists[now].append(words)
    if not statement and lists["met"]:
        statement = [lists["met"].pop(0)]
    return CellText(" ".join(statement), tuple(lists["met"]), tuple(lists["not"]))


def lines_of(text: str) -> list[str]:
    """The entries of a cell that holds a list: its lines without bullets; a line that is indented goes on with the one before."""
    found: list[str] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        if found and line[:1].isspace() and not _BULLET.match(line):
            found[-1] += f" {line.strip()}"
        else:
            found.append(without_bullet(line))
    return [line for line in found if line]


def without_bullet(line: str) -> str:
    return _BULLET.sub("", line).strip()
