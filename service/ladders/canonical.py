"""A ladder version as canonical JSON: one text, and so one hash, for one content.

Keys sorted, compact separators, UTF-8 without escapes, absent values left out (a later optional field changes no hash).
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from pydantic import TypeAdapter

from service.ladders.rules import Blueprint, Ladder, Version


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


def recall(sha: str) -> Version | None:
    """The version of this hash, if it was read before in this process."""
    return _remembered.get(sha)


def remember(sha: str, text: str) -> Version:
    """Read a canonical text, once in a process."""
    version = from_json(text)
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.pop(next(iter(_remembered)), None)  # the oldest; another thread may have been here first
    _remembered[sha] = version
    return version
