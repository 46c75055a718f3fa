"""Frozen read models of drafts, for pages and answers alike."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.ladderdrafts.contents import Contents
from service.ladderdrafts.differences import FileDifference
from service.ladderdrafts.rules import DraftStatus, StepKind
from service.ladders.comparing.telling import Telling
from service.ladders.inputs import LadderTexts


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in a list. `number` is its newest saving, `open_comments` those that nobody has settled."""

    id: UUID
    ladder: str
    version: str
    title: str
    status: DraftStatus
    number: int
    begun_by: str
    begun_at: datetime
    saved_at: datetime
    open_comments: int


@dataclass(frozen=True, slots=True)
class Saving:
    """Who left which text when; `what` says in a line what was done."""

    number: int
    by: str
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Step:
    """A change of state, of the text of `saving`; `reason` only where one was asked for."""

    kind: StepKind
    saving: int
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited to read and comment."""

    person_id: UUID
    name: str
    invited_by: str
    invited_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    id: UUID
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What was said at a place about the text of `saving`, and what was answered; settled once `resolved_at` is set."""

    id: UUID
    place: str
    text: str
    by: str
    at: datetime
    saving: int
    answers: tuple[Answer, ...]
    resolved_by: str | None
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of the text, at line and column of its file. `at` is a JSON pointer into the file's data."""

    file: str
    line: int
    column: int
    kind: str
    message: str
    at: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """One draft. `hindrances` is what, beside `findings`, stands in the way of its review; `seconds` are the names of those who
    may publish it, since they have no part in its text."""

    id: UUID
    ladder: str
    version: str
    title: str
    status: DraftStatus
    number: int
    begun_by: str
    begun_at: datetime
    saved_by: str
    saved_at: datetime
    supersedes: str | None
    texts: LadderTexts
    findings: tuple[Finding, ...]
    hindrances: tuple[str, ...]
    savings: tuple[Saving, ...]
    steps: tuple[Step, ...]
    guests: tuple[Guest, ...]
    comments: tuple[Comment, ...]
    seconds: tuple[str, ...]
    version_status: str | None
    may_write: bool
    may_comment: bool
    may_publish: bool

    @property
    def is_open(self) -> bool:
        """Whether the reader can write into it now."""
        return self.may_write and self.status is DraftStatus.DRAFT

    @property
    def open_comments(self) -> int:
        return sum(comment.resolved_at is None for comment in self.comments)

    def comments_at(self, place: str) -> tuple[Comment, ...]:
        """Those at a place and, for a skill, at its expectations; the open ones first."""
        here = [each for each in self.comments if each.place == place or (place and each.place.startswith(f"{place}/"))]
        return tuple(sorted(here, key=lambda comment: comment.resolved_at is not None))


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with what its text says, for the pages that show and change it."""

    draft: DraftView
    contents: Contents


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two texts: of `against`, a saving or the superseded version in words, and the newer one. `telling`
    says it in the ladder's own terms, where both are whole ladders."""

    against: str
    files: tuple[FileDifference, ...]
    telling: Telling | None = None
