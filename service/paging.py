"""Keyset pages: a list goes on after the last row seen, whatever was added meanwhile."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from service.errors import Invalid, Problem

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, and the cursor to the following ones, or None at the end."""

    rows: tuple[Row, ...]
    next: str | None


def cut(rows: Sequence[Row], limit: int, key: Callable[[Row], str]) -> Page[Row]:
    """A page out of `limit + 1` fetched rows; `key` gives the unique sort key of a row."""
    more = len(rows) > limit
    kept = tuple(rows[:limit])
    return Page(kept, write_cursor(key(kept[-1])) if more else None)


def write_cursor(key: str) -> str:
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> str | None:
    """The sort key to go on after.

    Raises: Invalid for a cursor that no page gave out.
    """
    if cursor is None:
        return None
    try:
        key = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise _not_ours() from error
    if "\0" in key:
        raise _not_ours()
    return key


def read_named_cursor(cursor: str | None) -> tuple[str, UUID] | None:
    """The name and id to go on after, in a list sorted by both whose key is `name|id`.

    Raises: Invalid for a cursor that no page gave out.
    """
    key = read_cursor(cursor)
    if key is None:
        return None
    name, _, row_id = key.rpartition("|")
    try:
        return name, UUID(row_id)
    except ValueError as error:
        raise _not_ours() from error


def read_dated_cursor(cursor: str | None) -> tuple[date, UUID] | None:
    """The date and id to go on after, in a list sorted by both whose key is `date|id`.

    Raises: Invalid for a cursor that no page gave out.
    """
    last = read_named_cursor(cursor)
    try:
        return (date.fromisoformat(last[0]), last[1]) if last else None
    except ValueError as error:
        raise _not_ours() from error


def _not_ours() -> Invalid:
    problem = Problem("/after", "This cursor is not one of ours; start the list again without it.")
    return Invalid("The list cannot go on from there.", [problem])
