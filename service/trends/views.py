"""What a reader gets of a person's reviews beside each other, all in words and counts."""

from dataclasses import dataclass
from uuid import UUID

from service.gaps.rules import Count
from service.gaps.views import Basis
from service.trends.rules import Way


@dataclass(frozen=True, slots=True)
class Standing:
    """What one review came to, at its own target. `attained` is None on the way to `first`, the lowest level. `is_draft` while
    the agreed set is still being written."""

    review_id: UUID
    cycle: str
    version: str
    current: str
    target: str
    basis: Basis
    is_draft: bool
    attained: str | None
    first: str
    must: Count
    should: Count


@dataclass(frozen=True, slots=True)
class Followed:
    """One skill in one review: the rating in words, "" where there is none; `way` is the way since the cycle `since`, None
    where that cannot be said; `note` says why there is no rating, or why it cannot be compared."""

    words: str
    way: Way | None
    since: str
    note: str


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A skill by its newest id and name, with one entry for each review of its line."""

    id: str
    name: str
    reviews: tuple[Followed, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Reviews that can be compared, oldest first. `apart` says why they do not go on from the line before, "" for the first;
    `gone` names the skills that were asked for earlier and are no more."""

    apart: str
    ladder: str
    title: str
    standings: tuple[Standing, ...]
    skills: tuple[SkillLine, ...]
    gone: tuple[str, ...]

    @property
    def version(self) -> str:
        """The newest."""
        return self.standings[-1].version


@dataclass(frozen=True, slots=True)
class Trend:
    """A person's revealed reviews, oldest first, as far as the reader may read them; `latest` is the newest of all that the
    reader knows of, revealed or not."""

    person_id: UUID
    person_name: str
    is_own: bool
    latest: UUID
    lines: tuple[Line, ...]
    why: tuple[str, ...]

    @property
    def reviews(self) -> int:
        return sum(len(line.standings) for line in self.lines)
