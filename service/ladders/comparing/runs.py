"""How two texts differ, word by word, and how much they are alike. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Kana and Han are written without spaces between words: there each sign stands for itself."""
JOINER = "\u200d"
READABLE = 0.4
"""Below this share of common words a text was written anew: it is told as one removed and one added run, which reads better
than a mosaic of accidental matches."""
MOST_COMPARED = 2_000
"""Words beyond which only the equal beginning and end are told apart, so that no text costs more than a moment."""

MOST_ALIKE = 20
"""A word that stands more often in one text is matched beside others and never by itself: a row of the same sign costs hours."""


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    kind: Kind
    text: str


def runs(before: str, after: str) -> tuple[Run, ...]:
    """The runs of `after` and what was removed. Same and removed joined are `before`, same and added `after`; what is removed
    stands before what is added in its place."""
    old, new = words(before), words(after)
    steps = _anew(old, new) if likeness(before, after) < READABLE else _matched(old, new)
    return tuple(_joined(_bridged(list(_joined(steps)))))


def words(text: str) -> list[str]:
    """Words, spaces and single signs, which joined are `text` again. A mark stays with the sign that it belongs to."""
    found: list[str] = []
    kind_before = ""
    for sign in text:
        kind = _kind(sign)
        if found and (kind == "mark" or found[-1][-1] == JOINER or (kind == kind_before and kind in ("word", "space"))):
            found[-1] += sign
        else:
            found.append(sign)
            kind_before = kind
    return found


def likeness(before: str, after: str) -> float:
    """The share of words that two texts have in common, 0…1, wherever they stand (Dice); 1 for two texts without words."""
    return shared(bag(before), bag(after))


def bag(*texts: str) -> frozenset[str]:
    """The words of some texts, without regard to upper and lower case; one that stands there again has its number behind it, so
    that bags are compared as sets, thousands in a moment."""
    counts: Counter[str] = Counter()
    found = set()
    for word in (word for text in texts for word in words(text.casefold()) if _kind(word[0]) in ("word", "sign")):
        counts[word] += 1
        found.add(f"{word} {counts[word]}")
    return frozenset(found)


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two bags have in common, 0…1."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 1.0


@lru_cache(maxsize=8192)
def _kind(sign: str) -> str:
    """What `sign` does to the word that it may stand in."""
    category = unicodedata.category(sign)
    if category[0] == "M" or category == "Cf":
        return "mark"
    if sign.isspace():
        return "space"
    if UNSPACED.match(sign):
        return "sign"
    return "word" if category[0] in "LN" else "other"


def _anew(old: list[str], new: list[str]) -> Iterator[Run]:
    yield Run(Kind.REMOVED, "".join(old))
    yield Run(Kind.ADDED, "".join(new))


def _matched(old: list[str], new: list[str]) -> Iterator[Run]:
    if len(old) + len(new) > 2 * MOST_COMPARED:
        yield from _ends(old, new)
        return
    counts = Counter(new)
    matcher = SequenceMatcher(lambda word: word.isspace() or counts[word] > MOST_ALIKE, old, new, autojunk=False)
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        same = old[old_from:old_to] == new[new_from:new_to]
        yield from (
            [Run(Kind.SAME, "".join(new[new_from:new_to]))]
            if same
            else _anew(old[old_from:old_to], new[new_from:new_to])
        )


def _ends(old: list[str], new: list[str]) -> Iterator[Run]:
    first = _alike(zip(old, new, strict=False))
    last = _alike(zip(reversed(old[first:]), reversed(new[first:]), strict=False))
    yield Run(Kind.SAME, "".join(old[:first]))
    yield from _anew(old[first : len(old) - last], new[first : len(new) - last])
    yield Run(Kind.SAME, "".join(old[len(old) - last :]))


def _alike(pairs: Iterable[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _bridged(found: list[Run]) -> Iterator[Run]:
    """A space that stayed between two changed words belongs to the change: "one two" → "three four" is one change."""
    for place, run in enumerate(found):
        inner = 0 < place < len(found) - 1
        if run.kind is Kind.SAME and inner and run.text.isspace():
            yield from (Run(Kind.REMOVED, run.text), Run(Kind.ADDED, run.text))
        else:
            yield run


def _joined(found: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of one kind as one, the removed before the added, without what is empty."""
    for same, group in groupby(found, key=lambda run: run.kind is Kind.SAME):
        stretch = list(group)
        for kind in [Kind.SAME] if same else [Kind.REMOVED, Kind.ADDED]:
            text = "".join(run.text for run in stretch if run.kind is kind)
            if text:
                yield Run(kind, text)
