"""YAML text as plain data that remembers where each value stands.

One pass over the C parser's events, without recursion and without aliases, so that no file can cost more than its size.
The scalars are those of YAML 1.2's core schema: `yes`, `on` and dates stay text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 20
MOST_NODES = 50_000

Path = tuple[str | int, ...]

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing that is wrong in a file; lines and columns count from 1. `kind` is a stable name, `at` the value it is about."""

    path: str
    line: int
    column: int
    kind: str
    message: str
    at: Path = ()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: error: {self.message}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value begins, and how it was written."""

    line: int
    column: int
    raw: str = ""


@dataclass
class Parsed:
    """The data of one file. `usable` is False where reading stopped half-way; `broken` values were complained about."""

    path: str
    data: Any = None
    usable: bool = False
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    broken: set[Path] = field(default_factory=set)
    problems: list[FileProblem] = field(default_factory=list)

    def where(self, path: Path) -> str:
        """The place of a value within a sentence."""
        return f"in line {self.places[path].line}"

    def problem(self, path: Path, kind: str, message: str, *, key: bool = False) -> FileProblem:
        """A problem at the value of `path` (with `key` at its name), or at the nearest thing around it there is."""
        place, around = self.keys.get(path) if key else None, path
        while place is None:
            place = self.places.get(around) or (None if around else Place(1, 1))
            around = around[:-1]
        return FileProblem(self.path, place.line, place.column, kind, message, path)


class _Stop(Exception):
    """The rest of the file cannot be read sensibly."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    value: Any
    path: Path
    key: str | None = None


def parse(path: str, content: bytes) -> Parsed:
    """Read `content`, called `path` in messages. Never raises; what is wrong is in `problems`."""
    parsed = Parsed(path)
    text = _decode(parsed, content)
    if text is None:
        return parsed
    tabs = list(_tabs(path, text))
    parsed.problems += tabs
    try:
        _Builder(parsed).build(text)
        parsed.usable = True
    except _Stop:
        pass
    except yaml.YAMLError as error:
        if not tabs:
            parsed.problems.append(_syntax(path, text, error))
    return parsed


def _decode(parsed: Parsed, content: bytes) -> str | None:
    if len(content) > MOST_BYTES:
        message = (
            f"the file has {len(content):,} bytes and may have {MOST_BYTES:,}; split what does not belong together"
        )
        parsed.problems.append(FileProblem(parsed.path, 1, 1, "too-large", message))
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        parsed.problems.append(
            _at_end(parsed.path, before, "not-utf-8", "the file is not UTF-8 here; save it as UTF-8")
        )
        return None
    if "\x00" in text:
        before = text[: text.index("\x00")]
        parsed.problems.append(_at_end(parsed.path, before, "nul", "there is a NUL character; this is not a text file"))
        return None
    return text


def _at_end(path: str, before: str, kind: str, message: str) -> FileProblem:
    return FileProblem(path, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1, kind, message)


def _tabs(path: str, text: str) -> Iterator[FileProblem]:
    if "\t" not in text:
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            yield FileProblem(path, number, line.index("\t") + 1, "tab", "there is a tab; write spaces instead")


def _syntax(path: str, text: str, error: yaml.YAMLError) -> FileProblem:
    if isinstance(error, yaml.reader.ReaderError):
        character = error.character if isinstance(error.character, str) else chr(error.character)
        place = max(text.find(character), 0)
        return _at_end(
            path, text[:place], "character", f"the character {character!r} may not stand in a YAML file; take it out"
        )
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = ", ".join(str(part) for part in (getattr(error, "context", None), getattr(error, "problem", None)) if part)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return FileProblem(
        path, line, column, "syntax", f"this is not YAML: {words}; look at quotes, colons and indentation"
    )


class _Builder:
    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.stack: list[_Open] = []
        self.nodes = 0
        self.documents = 0

    def build(self, text: str) -> None:
        """Fill `parsed` from the events of `text`.

        Raises: _Stop, yaml.YAMLError.
        """
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.NodeEvent):
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.stack.pop()
            elif isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    self._complain(event, "documents", "a second document begins; a file holds one")
                    raise _Stop
        if not self.documents:
            self._complain(None, "empty-file", "the file is empty")
            raise _Stop

    def _node(self, event: yaml.NodeEvent) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._complain(event, "too-many-values", f"the file holds more than {MOST_NODES:,} values")
            raise _Stop
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(top, event)
            return
        path = self._path(top)
        value = self._value(event, path)
        self.parsed.places[path] = Place(*_place(event), getattr(event, "value", None) or "")
        self._attach(top, path, value)
        if isinstance(event, yaml.CollectionStartEvent):
            if len(self.stack) >= MOST_DEPTH:
                self._complain(event, "too-deep", f"values are nested more than {MOST_DEPTH} deep")
                raise _Stop
            self.stack.append(_Open(value, path))

    def _key(self, top: _Open, event: yaml.NodeEvent) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self._complain(event, "field-name", "a field name is one word; here stands something else")
            raise _Stop
        self._refuse_extras(event)
        top.key = event.value
        path = (*top.path, top.key)
        if UNPRINTABLE.search(top.key):
            self._complain(event, "character", "the field's name holds a control character; take it out")
            top.key += "\x00"
            return
        if top.key in top.value:
            first = self.parsed.keys[path].line
            self._complain(
                event, "duplicate-key", f"the field {shown(top.key)} stands here twice, first in line {first}"
            )
            top.key += "\x00"  # read, but not kept
            return
        self.parsed.keys[path] = Place(*_place(event), event.value)

    def _path(self, top: _Open | None) -> Path:
        if top is None:
            return ()
        return (*top.path, len(top.value) if top.key is None else top.key)

    def _attach(self, top: _Open | None, path: Path, value: Any) -> None:
        if top is None:
            self.parsed.data = value
        elif top.key is None:
            top.value.append(value)
        else:
            if not top.key.endswith("\x00"):
                top.value[path[-1]] = value
            top.key = None

    def _value(self, event: yaml.NodeEvent, path: Path) -> Any:
        self._refuse_extras(event)
        if isinstance(event, yaml.AliasEvent):
            self._complain(event, "alias", f"*{event.anchor} is an alias; write the value itself")
            self.parsed.broken.add(path)
            return None
        if isinstance(event, yaml.ScalarEvent):
            if UNPRINTABLE.search(event.value):
                self._complain(event, "character", "the text holds a control character; take it out")
                self.parsed.broken.add(path)
                return None
            return event.value if event.style else resolve(event.value)
        return {} if isinstance(event, yaml.MappingStartEvent) else []

    def _refuse_extras(self, event: yaml.NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag:
            self._complain(event, "tag", f"{shown(tag)} is a tag; leave it out, the field says what the value is")
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            self._complain(event, "anchor", f"&{event.anchor} is an anchor; leave it out")

    def _complain(self, event: yaml.Event | None, kind: str, message: str) -> None:
        self.parsed.problems.append(FileProblem(self.parsed.path, *_place(event), kind, message))


def _place(event: yaml.Event | None) -> tuple[int, int]:
    mark = event.start_mark if event else None
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def resolve(raw: str) -> Any:
    """A plain scalar by YAML 1.2's core schema.

    >>> resolve("2026.1"), resolve("yes"), resolve("true"), resolve("~"), resolve("2026-03-17")
    (2026.1, 'yes', True, None, '2026-03-17')
    """
    if raw in _WORDS:
        return _WORDS[raw]
    if len(raw) > 30 or not _NUMBER.fullmatch(raw):
        return raw
    return int(raw) if raw.lstrip("+-").isdecimal() else float(raw)


def shown(value: object) -> str:
    """A value as a message quotes it: never long, never with control characters."""
    text = str(value)
    return repr(text if len(text) <= 60 else f"{text[:57]}…")
