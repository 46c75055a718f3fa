"""JSON text as plain data, within limits, with everything that is wrong at its line or pointer. Pure.

What JSON allows and a ladder cannot hold (two values under one name, NaN, control characters in names) is a fault and no guess.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.formats.rules import Note, Path

MOST_BYTES = 4 * 1024 * 1024
MOST_DEPTH = 40
MOST_VALUES = 60_000
MOST_FAULTS = 200

_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]},]', re.DOTALL)
_TOKENS_OF_A_VALUE = 4
_LONGEST_NUMBER = 30


@dataclass(frozen=True)
class Json:
    """The data of a text; None with `faults` where it cannot be used."""

    data: Any
    faults: tuple[Note, ...] = ()


def parse(content: bytes) -> Json:
    """Read a whole JSON text. Never raises."""
    if len(content) > MOST_BYTES:
        return _refused("line 1", f"The file has {len(content):,} bytes; {MOST_BYTES:,} are the most that can be read.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _refused(f"line {line}", "The file is not UTF-8 here. Save it as UTF-8.")
    if found := beyond(text):
        return Json(None, (found,))
    try:
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_Unfit,
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return _refused(place, f"This is not JSON: {error.msg[:1].lower()}{error.msg[1:]}.")
    except (ValueError, RecursionError):
        return _refused("line 1", "This is not JSON that can be read.")
    faults = tuple(_faults(data))
    return Json(None if faults else data, faults)


def pointer(path: Path) -> str:
    """The place of a value as a JSON pointer (RFC 6901).

    >>> pointer(("CFItems", 3, "a/b"))
    '/CFItems/3/a~1b'
    """
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path) or "/"


def _refused(place: str, words: str) -> Json:
    return Json(None, (Note(place, words),))


class _Unfit:
    """A number that is none, such as NaN or one beyond all bounds."""

    def __init__(self, text: str) -> None:
        self.text = text


class _Twice(dict[str, Any]):
    """An object with names that stood before in it."""

    names: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    twice = _Twice(plain)
    seen: set[str] = set()
    twice.names = tuple(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return twice


def _integer(text: str) -> int | _Unfit:
    return int(text) if len(text) <= _LONGEST_NUMBER else _Unfit(text)


def _float(text: str) -> float | _Unfit:
    return float(text) if len(text) <= _LONGEST_NUMBER and math.isfinite(float(text)) else _Unfit(text)


def beyond(text: str) -> Note | None:
    """Where a text holds more than may be read, before anything is made of it."""
    depth = 0
    for count, found in enumerate(_STRUCTURE.finditer(text)):
        if found[0] in ("[", "{"):
            depth += 1
        elif found[0] in ("]", "}"):
            depth -= 1
        if depth > MOST_DEPTH or count > MOST_VALUES * _TOKENS_OF_A_VALUE:
            line = f"line {text.count(chr(10), 0, found.start()) + 1}"
            if depth > MOST_DEPTH:
                return Note(line, f"Values are nested more than {MOST_DEPTH} deep here.")
            return Note(line, f"The file holds more than {MOST_VALUES:,} values; this is as far as it was read.")
    return None


def _faults(data: Any) -> Iterator[Note]:
    told = values = 0
    stack: list[tuple[Path, Any]] = [((), data)]
    while stack and told < MOST_FAULTS:
        path, value = stack.pop()
        values += 1
        if values > MOST_VALUES:
            yield Note("line 1", f"The file holds more than {MOST_VALUES:,} values.")
            return
        if isinstance(value, _Unfit):
            told += 1
            yield Note(pointer(path), f"{value.text[:40]} is not a number that can be kept. Write another, or text.")
        elif isinstance(value, dict):
            for name in value.names if isinstance(value, _Twice) else ():
                told += 1
                yield Note(pointer((*path, name)), "This name stands twice in the same object. Leave one.")
            stack.extend(((*path, name), inner) for name, inner in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend(((*path, place), inner) for place, inner in reversed(list(enumerate(value))))
