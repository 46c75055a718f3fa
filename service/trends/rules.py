"""A person's reviews beside each other: where they stand on one line, and which way each skill went. Pure.

A line is a run of reviews of which each one's ladder version leads to the next one's. Along it a skill and its rungs are followed
by what people wrote in `was`; an answer is compared with the one before only where both answer the same words.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from service.gaps.rules import Ratings, place_of
from service.ladders.comparing.reading import reads_alike
from service.ladders.comparing.successors import Successors, leading, same_things
from service.ladders.rules import Ladder, Skill
from service.reviews.rules import NOT_ASSESSED, Rating


class Way(StrEnum):
    """Which way a rating went since the one before it, parts of the next rung included."""

    UP = "up"
    SAME = "same"
    LOWER = "lower"


NO_COUNTERPART = "not on the ladder then"
ONLY_LATER = "asked for only later"
NOT_NOW = "not asked for this time"
NOT_AGREED = "not agreed yet"


@dataclass(frozen=True, slots=True)
class Point:
    """What one review counts, at its own target level. `own_view` where the ratings are the person's own, `unsettled` while
    the agreed set is still being written."""

    cycle: str
    ladder: Ladder
    target: str
    ratings: Ratings
    own_view: bool = False
    unsettled: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A skill in one review. `rating` is named as `ladder` names it: the newest version of the line where the rung lives on in
    it, else the one of the review; None where there is none, and `note` says why. `way` is the way since the review of the
    cycle `since`, None where that cannot be said; where there is an earlier one, `note` says why not."""

    ladder: Ladder
    rating: Rating | None = None
    way: Way | None = None
    since: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A skill of the newest version of a line, with one cell for each of its reviews."""

    skill: Skill
    cells: tuple[Cell, ...]


def why_apart(versions: Collection[Ladder], before: Ladder, after: Ladder) -> str:
    """Why two neighbours in time do not stand on one line; "" where they do."""
    if before.id != after.id:
        return "on another ladder"
    if leading(versions, before, after) is None:
        return f"{after.version} does not come after {before.version}"
    return ""


def follow(versions: Collection[Ladder], points: Sequence[Point]) -> tuple[Row, ...]:
    """What the newest of the points, oldest first on one line, asks for at its target, followed through all of them."""
    line, newest = _Line(versions, points), points[-1]
    return tuple(line.row(skill) for skill in newest.ladder.skills_expected_at(newest.target))


def no_longer_asked(versions: Collection[Ladder], points: Sequence[Point]) -> tuple[str, ...]:
    """The names of what an earlier point asked for and the newest does not, each as it was called last."""
    line, newest = _Line(versions, points), points[-1]
    asked = newest.ladder.skills_expected_at(newest.target)
    told = {(at, id_) for skill in asked for at, id_ in enumerate(line.ids(skill.id))}
    found: dict[str, str] = {}
    for at, point in enumerate(points):
        now = {old: new for new, old in line.skills(at, len(points) - 1).items()}
        gone = (skill for skill in point.ladder.skills_expected_at(point.target) if (at, skill.id) not in told)
        found |= {now.get(skill.id, skill.id): skill.name for skill in gone}
    return tuple(sorted(set(found.values())))


class _Line:
    """The points of one line, and what is the same thing in any two of them."""

    def __init__(self, versions: Collection[Ladder], points: Sequence[Point]):
        self.versions, self.points = versions, points
        self.known, self.skills, self.levels = cache(self._known), cache(self._skills), cache(self._levels)

    def _known(self, one: int, other: int) -> Successors:
        return leading(self.versions, self.points[one].ladder, self.points[other].ladder) or Successors()

    def _skills(self, one: int, other: int) -> dict[str, str]:
        """Id in the later point → id in the earlier one."""
        before, after = self.points[one].ladder, self.points[other].ladder
        return same_things(before.skills_by_id, after.skills_by_id, self.known(one, other).skills)

    def _levels(self, one: int, other: int) -> dict[str, str]:
        """Id in the earlier point → id in the later one."""
        before, after = self.points[one].ladder, self.points[other].ladder
        return {old: new for new, old in same_things(before.rank, after.rank, self.known(one, other).levels).items()}

    def ids(self, skill_id: str) -> list[str | None]:
        """What a skill of the newest point is called in each, step by step back; None where it is not there."""
        at = len(self.points) - 1
        found: list[str | None] = [skill_id]
        for earlier in range(at - 1, -1, -1):
            before = self.skills(earlier, at).get(skill_id)
            found.append(before)
            if before is not None:
                at, skill_id = earlier, before
        return found[::-1]

    def row(self, skill: Skill) -> Row:
        ids, cells = self.ids(skill.id), []
        last, asked = None, False
        for at, (point, id_) in enumerate(zip(self.points, ids, strict=True)):
            if id_ is None:
                cells.append(Cell(point.ladder, note=NO_COUNTERPART))
            elif point.ladder.places[id_][point.target] < 0:
                cells.append(Cell(point.ladder, note=NOT_NOW if asked else ONLY_LATER))
            elif point.unsettled and id_ not in point.ratings:
                asked = True
                cells.append(Cell(point.ladder, note=NOT_AGREED))
            else:
                asked = True
                given = self._given(at, id_)
                cells.append(self._cell(given, last))
                last = last if given.place is None else given
        return Row(skill, tuple(cells))

    def _given(self, at: int, skill_id: str) -> "_Given":
        point = self.points[at]
        skill, rating = point.ladder.skills_by_id[skill_id], point.ratings.get(skill_id, NOT_ASSESSED)
        return _Given(at, skill, rating, place_of(point.ladder, skill, rating))

    def _cell(self, now: "_Given", then: "_Given | None") -> Cell:
        ladder, rating = self._named(now)
        if then is None or then.place is None or now.place is None:
            return Cell(ladder, rating)
        point, earlier = self.points[now.at], self.points[then.at]
        if point.own_view != earlier.own_view:
            note = f"another side’s view than in {earlier.cycle}"
            return Cell(ladder, rating, since=earlier.cycle, note=note)
        read = 2 + max(then.place, earlier.ladder.places[then.skill.id][earlier.target])
        if not reads_alike(then.skill, now.skill, self.levels(then.at, now.at), read):
            return Cell(ladder, rating, since=earlier.cycle, note=f"worded anew since {earlier.cycle}")
        return Cell(ladder, rating, _way(then, now), earlier.cycle)

    def _named(self, given: "_Given") -> tuple[Ladder, Rating]:
        """The answer as the newest version of the line calls its rung, where it still has it."""
        levels = self.levels(given.at, len(self.points) - 1)
        if given.rating.rung not in levels:
            return self.points[given.at].ladder, given.rating
        return self.points[-1].ladder, replace(given.rating, rung=levels[given.rating.rung])


@dataclass(frozen=True, slots=True)
class _Given:
    """The answer of the point `at` on a skill as it is called there; `place` among its rungs, None where there is none."""

    at: int
    skill: Skill
    rating: Rating
    place: int | None


def _way(then: _Given, now: _Given) -> Way:
    rungs = (now.place or 0) - (then.place or 0) or now.rating.toward_next - then.rating.toward_next
    return Way.SAME if rungs == 0 else Way.UP if rungs > 0 else Way.LOWER
