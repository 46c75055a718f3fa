"""What every format of ladders has in common: a file goes in, and out comes what was understood of it. Pure.

A format is one module of this folder that has

    NAME, TITLE, ENDINGS, MEDIA_TYPE      how it is called, by programs and by people, and its files
    fits(name, content) -> bool           whether a file looks like it, at a glance
    read(content, given) -> Understood    never raises; nothing is fetched, run or written
    write(ladder, blueprint) -> bytes     where ladders can leave in it (`Writes`)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from service.ladders.rules import Blueprint, Ladder

MOST_BYTES = 8 * 1024 * 1024
"""Of a file that comes in."""

Path = tuple[str | int, ...]
"""The place of a value in the data of ladder.yaml: ("skills", 3, "expectations", 0, "statement")."""


@dataclass(frozen=True)
class Given:
    """What somebody says about a file beside its content: the fields of ladder.yaml that the file leaves open (`ladder`,
    `version`, `title`, `family`, `dated`, `supersedes`), the `requirement` of expectations that say none, the `encoding` of
    a text, and for a format with a mapping the mapping as corrected. A field that is given wins over the file."""

    fields: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Note:
    """Something that was left out, guessed or put right on the way in. `place` is as the format's people say it: "row 12",
    "Skills!C4", "line 31", "/CFItems/3"."""

    place: str
    words: str


def sentence(words: str) -> str:
    """A message of the checks as a sentence of its own."""
    return words if words.endswith((".", "?")) else f"{words}."


def times(rule: str, count: int) -> str:
    """A rule that was used once, or several times."""
    return rule if count == 1 else f"{rule} ({count:,} times)"


@dataclass(frozen=True)
class Understood:
    """What a file says. `ladder` and `blueprint` are the plain data of ladder.yaml and blueprint.yaml, which may still miss
    what the checks ask for; None where the file cannot be read at all, and then `faults` say why, each at its place.

    A ladder with a `format` is one of ours and is complete or faulty; in any other, what is missing is filled in and noted.
    `places` says where in the file a value of `ladder` stands, so that what the checks find is told in the words of the file;
    a value without an entry has the place of what it stands in. `blueprint_places` is the same for `blueprint`.
    `mapping` is how the file was read, guessed or as given, where the format has a mapping that a person can correct.
    """

    ladder: dict[str, Any] | None
    blueprint: dict[str, Any] | None = None
    faults: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    places: Mapping[Path, str] = field(default_factory=dict)
    blueprint_places: Mapping[Path, str] = field(default_factory=dict)
    mapping: Mapping[str, Any] | None = None


class Format(Protocol):
    """One module of this folder. `ENDINGS` are those of its files, with the dot, the first for what is written."""

    NAME: str
    TITLE: str
    ENDINGS: tuple[str, ...]
    MEDIA_TYPE: str

    def fits(self, name: str, content: bytes) -> bool: ...

    def read(self, content: bytes, given: Given) -> Understood: ...


class Writes(Format, Protocol):
    """A format that ladders can leave in."""

    def write(self, ladder: Ladder, blueprint: Blueprint | None) -> bytes: ...
