"""A ladder version as canonical JSON: one text, and so one hash, for one content.

Keys sorted, compact separators, UTF-8 without escapes, absent values left out (a later optional field changes no hash).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from pydantic import TypeAdapter

from service.ladders.rules import Blueprint, Ladder

Version = tuple[Ladder, Blueprint | None]


@dataclass(frozen=True)
class _Content:
    ladder: Ladder
    blueprint: Blueprint | None


LADDER = TypeAdapter(Ladder)
BLUEPRINT = TypeAdapter(Blueprint)
_CONTENT = TypeAdapter(_Content)
_MOST_REMEMBERED = 64
_remembered: dict[str, Version] = {}


def to_json(ladder: Ladder, blueprint: Blueprint | None) -> str:
    """The canonical text; `from_json` gives the same objects back."""
    content = {
        "ladder": LADDER.dump_python(ladder, mode="json", exclude_none=True),
        "blueprint": BLUEPRINT.dump_python(blueprint, mode="json", exclude_none=True) if blueprint else None,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_of(text: str) -> str:
    """The SHA-256 (hex) of a canonical text."""
    return sha256(text.encode()).hexdigest()


def from_json(text: str) -> Version:
    """The ladder and its blueprint out of a canonical text."""
    content = _CONTENT.validate_json(text)
    return content.ladder, content.blueprint


def remember(sha: str, load: Callable[[], str]) -> Version:
    """The version of this hash, read once in a process; `load` fetches its canonical text when it is needed."""
    version = _remembered.get(sha)
    if version is None:
        version = from_json(load())
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[sha] = version
    return version
