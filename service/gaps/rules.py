"""Attainment and gaps: pure functions of a ladder version and ratings (PRODUCT.md, "Attainment and gaps").

A level is attained by gates, never by a mean. Every result lists the expectations behind it, in one stated order: by
requirement, then importance, then distance (far first), then skill id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import ceil
from operator import attrgetter

from service.ladders.rules import Expectation, Importance, Ladder, Level, Requirement, Skill
from service.reviews.rules import NOT_ASSESSED, Answer, Rating, Side, same_answer

Ratings = Mapping[str, Rating]
"""Skill id → rating. A skill that is left out counts as not assessed."""

Judged = Mapping[str, tuple["Finding", ...]]
"""Skill id → one finding for each of the skill's expectations, in the order of the levels."""


class State(StrEnum):
    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


OPEN = frozenset({State.PARTLY, State.UNMET, State.UNKNOWN})
"""The states that make a gap. Unknown is one, and is always called unknown."""

_REQUIREMENTS = {requirement: place for place, requirement in enumerate(Requirement)}
_IMPORTANCES = {importance: place for place, importance in enumerate(Importance)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One expectation of a level against one rating.

    `distance` is the number of the skill's defined levels in (rung, e]; None where no rung is known. `order` sorts
    findings by requirement, importance, distance (far first) and skill id.
    """

    skill: Skill
    expectation: Expectation
    state: State
    distance: int | None
    reason: str = ""
    order: tuple[int, int, int, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        must, weight = _REQUIREMENTS[self.expectation.requirement], _IMPORTANCES[self.skill.importance]
        object.__setattr__(self, "order", (must, weight, -(self.distance or 0), self.skill.id))


@dataclass(frozen=True, slots=True)
class Count:
    """Coverage as counts; `needed` of `expected` pass the gate. What is not applicable is in none of them."""

    met: int
    expected: int
    needed: int

    @property
    def is_enough(self) -> bool:
        return self.met >= self.needed


@dataclass(frozen=True, slots=True)
class Rung:
    """The gates of one level. `passes` looks at this level alone, `attained` at it and all below. `may` never gates."""

    level: Level
    must: Count
    should: Count
    may: Count
    passes: bool
    attained: bool
    blockers: tuple[Finding, ...]
    not_applicable: tuple[Finding, ...]

    @property
    def asks(self) -> str:
        """What is still needed of the blockers, in words: all open must-haves, and as many should-haves as the gate waits for."""
        shoulds = sum(found.expectation.requirement is Requirement.SHOULD for found in self.blockers)
        musts, needed = len(self.blockers) - shoulds, self.should.needed - self.should.met
        said = [f"{musts} must-have{'s' if musts > 1 else ''}"] if musts else []
        if shoulds:
            open_ones = f"{shoulds} should-have{'s' if shoulds > 1 else ''}"
            said.append(open_ones if needed == shoulds else f"any {needed} of these {open_ones}")
        return ", and ".join(said)


@dataclass(frozen=True, slots=True)
class Attainment:
    """`attained` is None for somebody on the way to the first level; `next` is None at the top."""

    attained: Level | None
    next: Level | None
    rungs: tuple[Rung, ...]

    @property
    def blocked(self) -> Rung | None:
        """The next level: the first rung not attained."""
        return next((rung for rung in self.rungs if not rung.attained), None)

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """What blocks the next level."""
        return self.blocked.blockers if self.blocked else ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Self and manager on one skill. `rungs` is manager minus self in defined levels of the skill: positive where the
    manager is higher, 0 where one of them sees parts of the next level, None where at least one of them did not assess it
    or says that it does not apply. `levels` is how far that is on the ladder, which has levels that the skill does not
    define: of the same number of rungs, more levels are wider."""

    skill: Skill
    self_: Rating
    manager: Rating
    rungs: int | None
    levels: int = 0

    @property
    def width(self) -> tuple[int, int]:
        """What differences are ordered by."""
        return abs(self.rungs or 0), self.levels

    @property
    def higher(self) -> Side | None:
        """Who sees the person higher, by a rung or by parts of the next one; None where that cannot be said."""
        if self.rungs is None:
            return None
        return Side.MANAGER if self.rungs > 0 or (self.rungs == 0 and self.manager.toward_next) else Side.SELF

    @property
    def words(self) -> str:
        if self.rungs is None:
            return "answered in different ways"
        if self.rungs == 0:
            return f"same rung; {self.higher} sees parts of the next"
        return f"{abs(self.rungs)} of its rungs, {self.higher} higher"


def judge(ladder: Ladder, skill: Skill, rating: Rating) -> tuple[Finding, ...]:
    """How a rating stands against each expectation of its skill, in the order of the levels.

    >>> from tests.factories import ladder, skill
    >>> sql = skill("sql", ("junior", "must"), ("middle", "must"), ("senior", "should"))
    >>> def signs(rating):
    ...     return [(str(finding.state), finding.distance) for finding in judge(ladder(sql), sql, rating)]
    >>> signs(Rating(Answer.RUNG, "middle"))
    [('met', 0), ('met', 0), ('unmet', 1)]
    >>> signs(Rating(Answer.RUNG, "junior", toward_next=True))
    [('met', 0), ('partly', 1), ('unmet', 2)]
    >>> signs(Rating(Answer.NONE))
    [('unmet', 1), ('unmet', 2), ('unmet', 3)]
    >>> signs(NOT_ASSESSED)
    [('unknown', None), ('unknown', None), ('unknown', None)]
    """
    if rating.answer is Answer.NOT_APPLICABLE:
        return tuple(
            Finding(skill, expectation, State.NOT_APPLICABLE, None, rating.reason) for expectation in skill.expectations
        )
    return _judge(ladder, skill.id, place_of(ladder, skill, rating), rating.toward_next)


@lru_cache(maxsize=20_000)  # a skill has a dozen possible answers, and a published ladder never changes
def _judge(ladder: Ladder, skill_id: str, place: int | None, toward_next: bool) -> tuple[Finding, ...]:
    skill = ladder.skills_by_id[skill_id]
    if place is None:
        return tuple(Finding(skill, expectation, State.UNKNOWN, None) for expectation in skill.expectations)
    found = []
    for needed, expectation in enumerate(skill.expectations):
        distance = max(0, needed - place)
        if distance == 0:
            state = State.MET
        elif distance == 1 and toward_next:
            state = State.PARTLY
        else:
            state = State.UNMET
        found.append(Finding(skill, expectation, state, distance))
    return tuple(found)


def place_of(ladder: Ladder, skill: Skill, rating: Rating) -> int | None:
    """Where a rating stands among the skill's defined levels: 0 for the first, -1 for none of them, None if not known.

    A rung of another ladder counts by its level: the highest defined level not above it.
    """
    if rating.answer is Answer.RUNG and rating.rung is not None:
        return ladder.places[skill.id].get(rating.rung)
    return -1 if rating.answer is Answer.NONE else None


def findings_at(ladder: Ladder, level_id: str, ratings: Ratings) -> tuple[Finding, ...]:
    """Every expectation of a level against the ratings, in the stated order."""
    return _findings(ladder, ladder.level(level_id), _judge_all(ladder, ratings))


def gaps_of(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that are not met, unknown ones among them, in the order they came in."""
    return tuple(finding for finding in found if finding.state in OPEN)


def attain(ladder: Ladder, ratings: Ratings) -> Attainment:
    """Which level's gates the ratings pass, and what blocks the next.

    A level passes when all its `must` are met and at least the ladder's share of its `should`; it is attained when it
    and every level below pass. With four shoulds and a share of 0.7, three are needed (2.8, rounded up):

    >>> from tests.factories import ladder, skill
    >>> shoulds = [skill(name, ("junior", "should")) for name in ("api", "sql", "ux", "wiki")]
    >>> junior = Rating(Answer.RUNG, "junior")
    >>> three = attain(ladder(*shoulds, levels=("junior",)), dict.fromkeys(("api", "sql", "ux"), junior))
    >>> three.attained.title, three.rungs[0].should
    ('Junior', Count(met=3, expected=4, needed=3))
    >>> two = attain(ladder(*shoulds, levels=("junior",)), dict.fromkeys(("api", "sql"), junior))
    >>> two.attained, [finding.skill.id for finding in two.blockers]
    (None, ['ux', 'wiki'])
    """
    judged = _judge_all(ladder, ratings)
    rungs: list[Rung] = []
    below = True
    for level in ladder.levels:
        rung = _rung(level, _findings(ladder, level, judged), ladder.share, below)
        below = rung.attained
        rungs.append(rung)
    attained = [rung.level for rung in rungs if rung.attained]
    following = [rung.level for rung in rungs if not rung.attained]
    return Attainment(attained[-1] if attained else None, following[0] if following else None, tuple(rungs))


def met_by_category(ladder: Ladder, level_id: str, ratings: Ratings) -> dict[str, Count]:
    """Category id → how many of a level's expectations are met: counts, and nothing that a mean could be taken of."""
    found = findings_at(ladder, level_id, ratings)
    own = {c.id: [finding for finding in found if finding.skill.category == c.id] for c in ladder.categories}
    return {category: _count(findings, Fraction(0)) for category, findings in own.items() if findings}


def differences(ladder: Ladder, self_: Ratings, manager: Ratings, level_id: str) -> tuple[Difference, ...]:
    """Where self and manager differ on the skills of a level: the widest first (by rungs, then by levels), then by skill id.
    Whatever is not the same answer differs, half a step too; rungs of another ladder that come to the same place do not.

    >>> from tests.factories import ladder, skill
    >>> sql = skill("sql", ("junior", "must"), ("middle", "must"), ("senior", "must"))
    >>> self_, manager = {"sql": Rating(Answer.RUNG, "senior")}, {"sql": Rating(Answer.NONE)}
    >>> [(found.skill.id, found.rungs) for found in differences(ladder(sql), self_, manager, "senior")]
    [('sql', -3)]
    """
    found = []
    for skill in ladder.skills_expected_at(ladder.level(level_id).id):
        one, other = self_.get(skill.id, NOT_ASSESSED), manager.get(skill.id, NOT_ASSESSED)
        if same_answer(one, other):
            continue
        here, there = place_of(ladder, skill, one), place_of(ladder, skill, other)
        if here is None or there is None:
            found.append(Difference(skill, one, other, None))
        elif (here, one.toward_next) != (there, other.toward_next):
            levels = abs(_level_at(ladder, skill, there) - _level_at(ladder, skill, here))
            found.append(Difference(skill, one, other, there - here, levels))
    found.sort(key=lambda item: item.skill.id)
    return tuple(sorted(found, key=attrgetter("width"), reverse=True))


def _level_at(ladder: Ladder, skill: Skill, place: int) -> int:
    """The ladder's level at one of the skill's places, 0 for the first; -1 for none of them."""
    return ladder.rank[skill.expectations[place].level] if place >= 0 else -1


def _judge_all(ladder: Ladder, ratings: Ratings) -> Judged:
    return {skill.id: judge(ladder, skill, ratings.get(skill.id, NOT_ASSESSED)) for skill in ladder.skills}


def _findings(ladder: Ladder, level: Level, judged: Judged) -> tuple[Finding, ...]:
    found = [judged[skill.id][place] for skill, place in ladder.expected[level.id]]
    return tuple(sorted(found, key=attrgetter("order")))


def _rung(level: Level, found: tuple[Finding, ...], share: Fraction, below: bool) -> Rung:
    kinds: dict[Requirement, list[Finding]] = {requirement: [] for requirement in Requirement}
    for finding in found:
        kinds[finding.expectation.requirement].append(finding)
    must = _count(kinds[Requirement.MUST], Fraction(1))
    should = _count(kinds[Requirement.SHOULD], share)
    passes = must.is_enough and should.is_enough
    gating = kinds[Requirement.MUST] + ([] if should.is_enough else kinds[Requirement.SHOULD])
    return Rung(
        level=level,
        must=must,
        should=should,
        may=_count(kinds[Requirement.MAY], Fraction(0)),
        passes=passes,
        attained=below and passes,
        blockers=gaps_of(gating),
        not_applicable=tuple(finding for finding in found if finding.state is State.NOT_APPLICABLE),
    )


def _count(found: list[Finding], share: Fraction) -> Count:
    states = [finding.state for finding in found]
    expected = len(states) - states.count(State.NOT_APPLICABLE)
    return Count(states.count(State.MET), expected, ceil(share * expected))
