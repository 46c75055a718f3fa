"""Attainment and gaps: pure functions of a ladder version and ratings (PRODUCT.md, "Attainment and gaps").

A level is attained by gates, never by a mean. Every result lists the expectations behind it, in one stated order: by
requirement, then importance, then distance (far first), then skill id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from service.ladders.rules import Expectation, Importance, Ladder, Level, Requirement, Skill
from service.reviews.rules import NOT_ASSESSED, Answer, Rating

Ratings = Mapping[str, Rating]
"""Skill id → rating. A skill that is left out counts as not assessed."""


class State(StrEnum):
    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


OPEN = frozenset({State.PARTLY, State.UNMET, State.UNKNOWN})
"""The states that make a gap. Unknown is one, and is always called unknown."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One expectation of a level against one rating. `distance` is the number of the skill's defined levels in (rung, e];
    None where no rung is known."""

    skill: Skill
    expectation: Expectation
    state: State
    distance: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """Coverage as counts; `needed` of `expected` pass the gate. What is not applicable is in neither."""

    met: int
    expected: int
    needed: int


@dataclass(frozen=True, slots=True)
class Rung:
    """The gates of one level. `passes` looks at this level alone, `attained` at it and all below."""

    level: Level
    must: Count
    should: Count
    passes: bool
    attained: bool
    blockers: tuple[Finding, ...]
    not_applicable: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Attainment:
    """`attained` is None for somebody on the way to the first level; `next` is None at the top."""

    attained: Level | None
    next: Level | None
    rungs: tuple[Rung, ...]

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """What blocks the next level: the first rung not attained."""
        return next((rung.blockers for rung in self.rungs if not rung.attained), ())


@dataclass(frozen=True, slots=True)
class Difference:
    """Self and manager on one skill. `rungs` is manager minus self in defined levels of the skill; None where only one
    of them chose a rung."""

    skill: Skill
    self_: Rating
    manager: Rating
    rungs: int | None


def judge(ladder: Ladder, skill: Skill, expectation: Expectation, rating: Rating) -> Finding:
    """How a rating stands against an expectation of its skill.

    With defined levels junior, middle and senior: "middle" meets what is expected at middle and is one short of senior;
    with `toward_next` it is partly at senior.
    """
    if rating.answer is Answer.NOT_APPLICABLE:
        return Finding(skill, expectation, State.NOT_APPLICABLE, None, rating.reason)
    place = place_of(ladder, skill, rating)
    if place is None:
        return Finding(skill, expectation, State.UNKNOWN, None)
    distance = max(0, ladder.places[skill.id][expectation.level] - place)
    if distance == 0:
        state = State.MET
    elif distance == 1 and rating.toward_next:
        state = State.PARTLY
    else:
        state = State.UNMET
    return Finding(skill, expectation, state, distance)


def place_of(ladder: Ladder, skill: Skill, rating: Rating) -> int | None:
    """Where a rating stands among the skill's defined levels: 0 for the first, -1 for none of them, None if not known.

    A rung of another ladder counts by its level: the highest defined level not above it.
    """
    if rating.answer is Answer.NONE:
        return -1
    if rating.answer is Answer.RUNG and rating.rung is not None:
        return ladder.places[skill.id].get(rating.rung)
    return None


def findings_at(ladder: Ladder, level_id: str, ratings: Ratings) -> tuple[Finding, ...]:
    """Every expectation of a level against the ratings, in the stated order."""
    level_id = ladder.level(level_id).id
    found: list[Finding] = []
    for alike in ladder.expected[level_id]:
        judged = [judge(ladder, skill, expected, ratings.get(skill.id, NOT_ASSESSED)) for skill, expected in alike]
        found += sorted(judged, key=lambda finding: -(finding.distance or 0))
    return tuple(found)


def gaps_at(ladder: Ladder, level_id: str, ratings: Ratings) -> tuple[Finding, ...]:
    """The expectations of a level that are not met, unknown ones among them, in the stated order."""
    return tuple(finding for finding in findings_at(ladder, level_id, ratings) if finding.state in OPEN)


def attain(ladder: Ladder, ratings: Ratings) -> Attainment:
    """Which level's gates the ratings pass, and what blocks the next.

    A level passes when all its `must` are met and at least the ladder's share of its `should`; it is attained when it and
    every level below pass. With four shoulds and a share of 0.7, three are needed (2.8, rounded up).
    """
    rungs: list[Rung] = []
    below = True
    for level in ladder.levels:
        rung = _rung(ladder, level, ratings, below)
        below = rung.attained
        rungs.append(rung)
    attained = [rung.level for rung in rungs if rung.attained]
    following = [rung.level for rung in rungs if not rung.attained]
    return Attainment(attained[-1] if attained else None, following[0] if following else None, tuple(rungs))


def differences(ladder: Ladder, self_: Ratings, manager: Ratings, level_id: str) -> tuple[Difference, ...]:
    """Where self and manager differ on the skills of a level: the widest first, then by skill id."""
    found = []
    for skill in ladder.skills_expected_at(level_id):
        one, other = self_.get(skill.id, NOT_ASSESSED), manager.get(skill.id, NOT_ASSESSED)
        here, there = place_of(ladder, skill, one), place_of(ladder, skill, other)
        if here is not None and there is not None:
            if here != there:
                found.append(Difference(skill, one, other, there - here))
        elif one.answer is not other.answer:
            found.append(Difference(skill, one, other, None))
    return tuple(sorted(found, key=lambda item: (-abs(item.rungs or 0), item.skill.id)))


def _rung(ladder: Ladder, level: Level, ratings: Ratings, below: bool) -> Rung:
    found = findings_at(ladder, level.id, ratings)
    must = _count(found, Requirement.MUST, Fraction(1))
    should = _count(found, Requirement.SHOULD, Fraction(str(ladder.should_share)))
    musts_pass, shoulds_pass = must.met >= must.needed, should.met >= should.needed
    blocking = {Requirement.MUST} if shoulds_pass else {Requirement.MUST, Requirement.SHOULD}
    return Rung(
        level=level,
        must=must,
        should=should,
        passes=musts_pass and shoulds_pass,
        attained=below and musts_pass and shoulds_pass,
        blockers=tuple(f for f in found if f.state in OPEN and f.expectation.requirement in blocking),
        not_applicable=tuple(f for f in found if f.state is State.NOT_APPLICABLE),
    )


def _count(found: tuple[Finding, ...], requirement: Requirement, share: Fraction) -> Count:
    counted = [f for f in found if f.expectation.requirement is requirement and f.state is not State.NOT_APPLICABLE]
    return Count(sum(f.state is State.MET for f in counted), len(counted), ceil(share * len(counted)))

