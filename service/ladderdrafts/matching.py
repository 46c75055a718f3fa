"""Which lines of one text stand in another, in their order: by the lines that stand once in both, and between these again. Pure.

What repeats in every entry of a file leads a comparison astray and makes it slow, so it is only looked at between lines that do not
repeat (Bram Cohen's patience diff). The whole costs little more than reading both texts.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

SMALL = 64
"""Lines up to which a place without such lines is compared line with line."""

Pair = tuple[int, int]
_Range = tuple[int, int, int, int]


def matching(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The places (old, new) of lines that stayed, rising in both."""
    found: list[Pair] = []
    open_ = [(0, len(old), 0, len(new))]
    while open_:
        old_from, old_to, new_from, new_to = open_.pop()
        while old_from < old_to and new_from < new_to and old[old_from] == new[new_from]:
            found.append((old_from, new_from))
            old_from, new_from = old_from + 1, new_from + 1
        while old_from < old_to and new_from < new_to and old[old_to - 1] == new[new_to - 1]:
            old_to, new_to = old_to - 1, new_to - 1
            found.append((old_to, new_to))
        here = (old_from, old_to, new_from, new_to)
        if old_from == old_to or new_from == new_to:
            continue
        if anchors := _anchors(old, new, here):
            found += anchors
            open_ += _between(anchors, here)
        elif max(old_to - old_from, new_to - new_from) <= SMALL:
            found += _closely(old, new, here)
    return sorted(found)


def _anchors(old: Sequence[str], new: Sequence[str], here: _Range) -> list[Pair]:
    """Lines that stand once on both sides, as many as rise together."""
    old_from, old_to, new_from, new_to = here
    once_old, once_new = Counter(old[old_from:old_to]), Counter(new[new_from:new_to])
    place = {old[at]: at for at in range(old_from, old_to) if once_old[old[at]] == 1}
    pairs = [(place[new[at]], at) for at in range(new_from, new_to) if once_new[new[at]] == 1 and new[at] in place]
    return _rising(pairs)


def _rising(pairs: list[Pair]) -> list[Pair]:
    """The longest rising part of pairs whose second places rise (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (at, _) in enumerate(pairs):
        pile = bisect_left(tops, at)
        before.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [at]
        ends[pile : pile + 1] = [number]
    found = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _between(anchors: list[Pair], here: _Range) -> Iterator[_Range]:
    old_from, old_to, new_from, new_to = here
    for one, other in [*anchors, (old_to, new_to)]:
        yield old_from, one, new_from, other
        old_from, new_from = one + 1, other + 1


def _closely(old: Sequence[str], new: Sequence[str], here: _Range) -> Iterator[Pair]:
    old_from, old_to, new_from, new_to = here
    blocks = SequenceMatcher(None, old[old_from:old_to], new[new_from:new_to], autojunk=False).get_matching_blocks()
    for one, other, size in blocks:
        yield from ((old_from + one + step, new_from + other + step) for step in range(size))
