"""What somebody at Larkfield answers, chosen by hashing who and what: the same in every demo, and no two people alike."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

from service.demo import words
from service.demo.voices import VOICES
from service.ladders.rules import Ladder, Skill
from service.reviews.inputs import RatingInput
from service.reviews.rules import Answer, Side

Item = TypeVar("Item")


def roll(*keys: object) -> float:
    """A number from 0 up to 1 that follows from `keys` alone."""
    return int.from_bytes(sha256("|".join(map(str, keys)).encode()).digest()[:6]) / 2**48


def pick(options: Sequence[Item], *keys: object) -> Item:
    return options[int(roll(*keys) * len(options))]


def fill_sheet(
    ladder: Ladder, person: str, side: Side, level: str, target: str, *, growth: float = 0.0, share: float = 1.0
) -> dict[str, RatingInput]:
    """One side's answers for the skills expected at `target`; the first `share` of them. `growth` is what was learned
    since the first cycle."""
    skills = ladder.skills_expected_at(target)
    return {
        skill.id: _answer(ladder, skill, person, side, level, target, growth)
        for skill in skills[: round(len(skills) * share)]
    }


def _answer(
    ladder: Ladder, skill: Skill, person: str, side: Side, level: str, target: str, growth: float
) -> RatingInput:
    if skill.id == "mobile-and-web-platforms" and roll("no mobile", person) < 0.4:
        return RatingInput(answer=Answer.NOT_APPLICABLE, reason=words.NOT_APPLICABLE, version=0)
    if side is Side.MANAGER and roll("unseen", person, skill.id) < 0.015:
        return RatingInput(answer=Answer.NOT_ASSESSED, version=0)
    place = _place(ladder, skill, person, level, target, growth) + _bias(person, skill, side)
    defined = [expectation.level for expectation in skill.expectations]
    floor = 0 if ladder.expected_at(skill, level) and level != ladder.levels[0].id else -1
    place = min(max(place, floor), len(defined) - 1)
    said = roll("says", person, skill.id, side) < 0.45
    return RatingInput(
        answer=Answer.NONE if place < 0 else Answer.RUNG,
        rung=None if place < 0 else defined[place],
        toward_next=place < len(defined) - 1 and roll("toward", person, skill.id) < 0.4,
        comment=pick(VOICES[ladder.family].comments[side][skill.category], "comment", person, skill.id, side)
        if said
        else "",
        version=0,
    )


def _place(ladder: Ladder, skill: Skill, person: str, level: str, target: str, growth: float) -> int:
    """How far the skill shows, as a place among its defined levels: mostly what is expected now, at times the next."""
    expected = skill.expectations
    now, following = ladder.expected_at(skill, level), ladder.expected_at(skill, target)
    here = expected.index(now) if now else -1
    ready = 0.7 if roll("ready", person) > 0.85 else 0.0
    shown = roll("shown", person, skill.id) + 0.3 * (roll("strength", person) - 0.5) + growth + ready
    if shown < 0.08:
        return here - 1
    return expected.index(following) if following and shown > 0.7 else here


def _bias(person: str, skill: Skill, side: Side) -> int:
    """People see themselves a little higher, and managers a little more evenly."""
    seen = roll("seen", person, skill.id, side)
    higher = 0.07 if side is Side.SELF else 0.03
    return 1 if seen < higher else -1 if seen > 0.97 else 0
