"""Things of which each has at most one above it, as people and org units have: circles, and lines that are too long. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence

MOST_ABOVE = 50
MOST_SHOWN = 8

Circles = Mapping[str, tuple[Sequence[str], int]]
"""Name → its circle and its place in it, for each name that is in one."""


def cycles(above: Mapping[str, str]) -> list[list[str]]:
    """The circles in a relation where everything has at most one thing above it; what has no entry ends a line."""
    done: set[str] = set()
    found = []
    for start in above:
        line: dict[str, None] = {}
        here = start
        while here in above and here not in done and here not in line:
            line[here] = None
            here = above[here]
        if here in line:
            names = list(line)
            found.append(names[names.index(here) :])
        done.update(line)
    return found


def find_circles(above: Mapping[str, str]) -> Circles:
    return {name: (circle, place) for circle in cycles(above) for place, name in enumerate(circle)}


def around(circle: Sequence[str], start: int, title: Callable[[str], str]) -> str:
    """A circle as it is told, from one place around to the same; in MOST_SHOWN names, however long it is."""
    is_short = len(circle) < MOST_SHOWN
    places = range(start, start + (len(circle) if is_short else MOST_SHOWN - 2))
    names = [title(circle[place % len(circle)]) for place in places]
    return " → ".join([*names, *([] if is_short else ["…"]), names[0]])


def overlong(above: Mapping[str, str], changed: Collection[str]) -> set[str]:
    """Those of `changed` that leave somebody with more than MOST_ABOVE above them: whoever is too deep, or else the nearest
    above them that changed. In `above` there is no circle."""
    depth: dict[str, int] = {}
    nearest: dict[str, str] = {}
    for start in above:
        line, here = [], start
        while here in above and here not in depth:
            line.append(here)
            here = above[here]
        for name in reversed(line):
            depth[name] = depth.get(above[name], -1) + 1
            nearest[name] = name if name in changed else nearest.get(above[name], "")
    return {nearest[name] for name, steps in depth.items() if steps > MOST_ABOVE} - {""}
