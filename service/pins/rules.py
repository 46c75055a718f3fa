"""What a review is under another version of its ladder. Pure.

What is asked again follows from the two versions alone and never from anybody's answers: otherwise each side could read off what
is asked again of the other what the other had said.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from service.errors import Conflict
from service.gaps.rules import Finding, Ratings, findings_at, gaps_of
from service.ladders.comparing.reading import reads_alike
from service.ladders.comparing.successors import Successors, same_things
from service.ladders.rules import Ladder, Level
from service.reviews.rules import Rating, ReviewStatus


@dataclass(frozen=True, slots=True)
class Move:
    """A review between the levels `own`, the present and the target one, as it is under the version `after`.

    `carried` and `again` are old skill id → new one: answers that stand, and answers to what was worded anew. `new` are skills
    asked for the first time, `dropped` (old ids) those asked no more. `levels` is old level id → new one.
    """

    before: Ladder
    after: Ladder
    own: tuple[Level, Level]
    levels: Mapping[str, str]
    carried: Mapping[str, str]
    again: Mapping[str, str]
    new: tuple[str, ...]
    dropped: tuple[str, ...]

    @property
    def current(self) -> Level:
        return self.after.level(self.levels[self.own[0].id])

    @property
    def target(self) -> Level:
        return self.after.level(self.levels[self.own[1].id])

    @property
    def asks(self) -> int:
        """How many skills need an answer that has none, or none that stands."""
        return len(self.again) + len(self.new)

    def rating(self, given: Rating) -> Rating:
        """An answer that stands, with its rung as the newer version calls it."""
        return Rating(given.answer, self.levels[given.rung] if given.rung else None, given.toward_next, given.reason)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move does to the gaps at the target level. What is asked again or for the first time is `unknown` until it is
    answered; what is asked no more is closed. `closed` are findings of the older version, the others of the newer."""

    opened: tuple[Finding, ...]
    closed: tuple[Finding, ...]
    unchanged: tuple[Finding, ...]
    unknown: tuple[Finding, ...]


def check_open(status: ReviewStatus) -> None:
    """Only what neither side has revealed can move. Raises: Conflict."""
    if status is not ReviewStatus.OPEN:
        raise Conflict(
            f"This review is {status}: both sides answered under its version, so it stays there. The next cycle takes the "
            "newer one."
        )


def plan_move(before: Ladder, after: Ladder, known: Successors, current: str, target: str) -> Move:
    """`known` says which ids became which. Raises: Conflict where a level of the review is not in the newer version."""
    levels = {old: new for new, old in same_things(before.rank, after.rank, known.levels).items()}
    own = (before.level(current), before.level(target))
    for level in own:
        if level.id not in levels:
            raise Conflict(
                f"{after.title} {after.version} has no level {level.title}, and does not say what became of it. "
                "The review stays on its version."
            )
    was = same_things(before.skills_by_id, after.skills_by_id, known.skills)
    asked_before = {skill.id: skill for skill in before.skills_expected_at(target)}
    asked_after = {skill.id: skill for skill in after.skills_expected_at(levels[target])}
    pairs = {was[id_]: id_ for id_ in asked_after if was.get(id_) in asked_before}
    stand = {
        old: new
        for old, new in pairs.items()
        if reads_alike(asked_before[old], asked_after[new], levels, 2 + before.places[old][target])
    }
    return Move(
        before=before,
        after=after,
        own=own,
        levels=levels,
        carried=stand,
        again={old: new for old, new in pairs.items() if old not in stand},
        new=tuple(id_ for id_ in asked_after if id_ not in pairs.values()),
        dropped=tuple(id_ for id_ in asked_before if id_ not in pairs),
    )


def effect_of(move: Move, ratings: Ratings) -> Effect:
    """The gaps of these ratings, of one side or agreed, before and after."""
    carried = {new: move.rating(ratings[old]) for old, new in move.carried.items() if old in ratings}
    before = {found.skill.id: found for found in gaps_of(findings_at(move.before, move.own[1].id, ratings))}
    after = {found.skill.id: found for found in gaps_of(findings_at(move.after, move.target.id, carried))}
    asked = {*move.again.values(), *move.new}
    stood = {new for old, new in move.carried.items() if old in before}
    return Effect(
        opened=tuple(found for id_, found in after.items() if id_ not in asked and id_ not in stood),
        closed=tuple(
            found for id_, found in before.items() if id_ not in move.again and move.carried.get(id_) not in after
        ),
        unchanged=tuple(found for id_, found in after.items() if id_ in stood),
        unknown=tuple(found for id_, found in after.items() if id_ in asked),
    )
