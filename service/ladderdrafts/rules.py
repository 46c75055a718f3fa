"""The life of a draft, who is a second person to it, and how a next version is called. Pure."""

import re
from collections.abc import Collection, Iterable
from enum import StrEnum

from service.errors import Conflict
from service.ladders.rules import version_order


class DraftStatus(StrEnum):
    """From the first word to the record of what was published; retiring is the published version's own step."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    PUBLISHED = "published"


class StepKind(StrEnum):
    """What happened to a draft beside its savings."""

    REVIEW_ASKED = "review asked"
    RETURNED = "returned"
    PUBLISHED = "published"


STEPS = {
    StepKind.REVIEW_ASKED: (DraftStatus.DRAFT, DraftStatus.IN_REVIEW),
    StepKind.RETURNED: (DraftStatus.IN_REVIEW, DraftStatus.DRAFT),
    StepKind.PUBLISHED: (DraftStatus.IN_REVIEW, DraftStatus.PUBLISHED),
}
WORDS = {
    DraftStatus.DRAFT: "This is a draft; ask for review first.",
    DraftStatus.IN_REVIEW: "This draft is in review and its text is locked. Take it back to draft to go on writing.",
    DraftStatus.PUBLISHED: "This draft is published and stays as it is. A change is the next version.",
}

WHOLE = ""
"""The place of a comment that is about the draft as a whole."""

_PLACE = re.compile(r"(levels|skills)/[^/]{1,80}(/[^/]{1,80})?")


def advance(status: DraftStatus, kind: StepKind) -> DraftStatus:
    """The status after a step. Raises: Conflict where it is not the step's time."""
    before, after = STEPS[kind]
    if status is not before:
        raise Conflict(WORDS[status])
    return after


def check_written(status: DraftStatus) -> None:
    """Its text changes only while it is a draft. Raises: Conflict."""
    if status is not DraftStatus.DRAFT:
        raise Conflict(WORDS[status])


def check_talked_of(status: DraftStatus) -> None:
    """What is published takes no more comments and guests. Raises: Conflict."""
    if status is DraftStatus.PUBLISHED:
        raise Conflict(WORDS[status])


def is_place(text: str) -> bool:
    """Whether a comment can stand there: the whole, `levels/ID`, `skills/ID`, or an expectation, `skills/ID/LEVEL`."""
    if text == WHOLE:
        return True
    found = _PLACE.fullmatch(text)
    return found is not None and (found[1] == "skills" or found[2] is None)


def next_version(name: str, taken: Collection[str] = ()) -> str:
    """The name after `name`: its last number one higher, until it is free.

    >>> next_version("2026.1"), next_version("2026.9", ["2026.10"]), next_version("spring")
    ('2026.2', '2026.11', 'spring.2')
    """
    parts = re.fullmatch(r"(.*?)([0-9]+)([^0-9]*)", name)
    head, number, tail = (parts[1], int(parts[2]), parts[3]) if parts else (f"{name}.", 1, "")
    while (found := f"{head}{(number := number + 1)}{tail}") in taken:
        pass
    return found


def newest(names: Iterable[str]) -> str | None:
    """The version whose name comes last (2026.10 after 2026.9), or None."""
    return max(names, key=version_order, default=None)
