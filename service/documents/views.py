"""A plan on paper as a reader gets it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as a document: the name of its file, its canonical JSON, and what its PDF is stored under."""

    file_name: str
    data: str
    key: str


class Verdict(StrEnum):
    """What can be said of a PDF that claims to be a plan."""

    ISSUED = "issued"
    FILE_CHANGED = "file changed"
    DATA_CHANGED = "data changed"
    NOT_ISSUED = "not issued"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, the words for it, and the revision it is about, where there is one."""

    verdict: Verdict
    words: str
    plan_id: UUID | None = None
    plan_title: str = ""
    number: int = 0
    agreed_on: date | None = None
