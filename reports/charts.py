"""Where the lines of a chart go: pure geometry for the pages and for the PDF; `templates/charts.html.j2` draws it.

Lengths are CSS pixels unless a name says percent, y grows downwards. Every drawing has `words`, which say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import cos, pi, sin
from textwrap import shorten, wrap
from typing import Literal, NotRequired, TypedDict

COLOURS = {  # on paper; the tokens of the same names in style.css are their like on a page
    "ink": "#1c2733",
    "quiet": "#52606d",
    "edge": "#7b8794",
    "line": "#d5dbe1",
    "accent": "#0b6b5d",
    "paper": "#ffffff",
}

BREAK = "\u200b"  # a place to break an endless word; the page puts it there

EDGE = 0.3  # percent: room for half an outline
PITCH = 48  # from level to level of a dumbbell: five levels and "none yet" fit a phone
MIDDLE = 12
MARKS = ("target", "agreed", "self", "manager")  # each is seen around or inside those that come after it
HALF_WAY = {"self": MIDDLE - 6.5, "manager": float(MIDDLE), "agreed": MIDDLE + 6.5}  # y of the small marks
AXIS_LETTERS = 13

AXES = range(5, 10)
RADIUS = 96
LABEL_LETTERS = 13


class Level(TypedDict):
    """A rung of the staircase; `note` is a word more on it ("today")."""

    title: str
    state: Literal["attained", "next", "above"]
    open_musts: int
    note: NotRequired[str]


class Axis(TypedDict):
    """A category: how many of its `target` expectations are met by the one's and by the other's ratings."""

    title: str
    self: int
    manager: int
    target: int


@dataclass(frozen=True)
class Step:
    left_percent: float
    width_percent: float
    y: int
    height: int
    state: str
    title: list[str]
    below: str
    beside: str


@dataclass(frozen=True)
class Staircase:
    height: int
    steps: list[Step]
    words: str


@dataclass(frozen=True)
class Spot:
    """A mark of a dumbbell; a small one stands half a step up: parts of the next level show already."""

    name: str
    x: float
    y: float
    small: bool = False


@dataclass(frozen=True)
class Dumbbell:
    width: int
    height: int
    ticks: list[float]
    bar: tuple[float, float] | None
    tails: list[tuple[float, float]]
    spots: list[Spot]
    words: str


@dataclass(frozen=True)
class Sparkline:
    """`goal` is where the target's bar stands; `line` begins at the baseline, where there is one."""

    width: int
    height: int
    line: list[tuple[float, float]]
    goal: tuple[float, float]
    words: str


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    anchor: str
    lines: list[str]


@dataclass(frozen=True)
class Radar:
    width: int
    height: int
    middle: tuple[float, float]
    rings: list[list[tuple[float, float]]]
    shapes: dict[str, list[tuple[float, float]]]
    labels: list[Label]
    words: str


def staircase(levels: Sequence[Level]) -> Staircase:
    """Levels as rising steps, the lowest first and at the foot; each has room for its words on a phone (288 px)."""
    rise = min(6.0, 24 / max(1, len(levels) - 1))
    steps: list[Step] = []
    y = 2
    for place in reversed(range(len(levels))):
        level = levels[place]
        title = _lines(level["title"], 18, 3)
        below = open_words(level["open_musts"]) if level["state"] == "next" else ""
        beside = [word for word in ("attained" if level["state"] == "attained" else "", level.get("note", "")) if word]
        height = 12 + 17 * (len(title) + bool(below))
        left = round(EDGE + place * rise, 2)
        steps.append(
            Step(left, round(100 - EDGE - left, 2), y, height, level["state"], title, below, " · ".join(beside))
        )
        y += height + 3
    said = ", ".join(f"{level['title'].replace(BREAK, '')} {_state_words(level)}" for level in levels)
    return Staircase(y - 1, steps[::-1], f"Staircase of levels: {said}.")


def open_words(open_musts: int) -> str:
    """What the next level waits for: must-haves, and without an open one the share of should-haves."""
    if not open_musts:
        return "should-haves open"
    return f"{open_musts} must-have{'s' if open_musts > 1 else ''} open"


def dumbbell(
    levels: Sequence[str], places: Sequence[tuple[str, int | None]], partly: Sequence[str], label: str
) -> Dumbbell:
    """One skill on one line. `places`: name of a mark and its level, -1 for none yet, None to leave it out.

    `partly` names the marks whose rating shows parts of the next level. A level is one x: equal marks stand in each other.
    """
    known = [(name, at) for name, at in places if at is not None]
    rising = [(name, at) for name, at in known if name in partly and name in HALF_WAY and at < len(levels) - 1]
    spots = [Spot(name, _x(at), MIDDLE) for name, at in sorted(known, key=lambda mark: MARKS.index(mark[0]))]
    spots += [Spot(name, _x(at) + PITCH / 2, HALF_WAY[name], small=True) for name, at in rising]
    tails = [(_x(at), _x(at) + PITCH / 2) for at in sorted({at for _, at in rising})]
    sides = [at for name, at in known if name in ("self", "manager")]
    bar = (_x(min(sides)), _x(max(sides))) if len(set(sides)) > 1 else None
    said = [
        f"{name} {levels[at] if at >= 0 else 'none yet'}{', parts of the next one show' if name in partly else ''}"
        for name, at in known
    ]
    ticks = [_x(at) for at in range(-1, len(levels))]
    words = f"{label}: {'; '.join(said) or 'no rating yet'}"
    return Dumbbell(PITCH * (len(levels) + 1), 2 * MIDDLE, ticks, bar, tails, spots, words)


def axis(levels: Sequence[str]) -> tuple[int, int, list[Label]]:
    """(width, height, names) over a column of dumbbells; long names take turns on two floors, so that none meets another."""
    titles = ["None yet", *levels]
    floors = 2 if any(len(title) > 6 for title in titles) else 1
    letters = AXIS_LETTERS if floors == 2 else 6
    names = [_lines(title, letters) for title in titles]
    tall = max(map(len, names)) * 14
    labels = []
    for place, lines in enumerate(names):
        foot = tall * (floors - place % floors)
        labels.append(Label(_x(place - 1), foot - 14 * len(lines) + 11, "middle", lines))
    return PITCH * (len(levels) + 1), tall * floors, labels


def radar(axes: Sequence[Axis]) -> Radar:
    """Shares of expectations met, category by category, clockwise from the top; the rim is all that the target expects.

    Raises: ValueError for fewer than 5 or more than 9 axes, or a count outside its target.
    """
    if len(axes) not in AXES:
        raise ValueError(f"a radar has {AXES.start} to {AXES.stop - 1} axes, not {len(axes)}")
    for one in axes:
        if one["target"] < 1 or not (0 <= one["self"] <= one["target"] and 0 <= one["manager"] <= one["target"]):
            raise ValueError(f"{one['title']}: the counts must be from 0 to the target, and the target at least 1")
    names = [_lines(one["title"], LABEL_LETTERS, 3) for one in axes]
    tall = max(map(len, names)) * 15
    x, y = RADIUS + 88, RADIUS + tall + 12
    whole = [1.0] * len(axes)
    shapes = {
        "target": _polygon(x, y, whole),
        "manager": _polygon(x, y, [one["manager"] / one["target"] for one in axes]),
        "self": _polygon(x, y, [one["self"] / one["target"] for one in axes]),
    }
    rings = [_polygon(x, y, [part] * len(axes)) for part in (0.25, 0.5, 0.75)]
    labels = [_label(x, y, place, len(axes), lines) for place, lines in enumerate(names)]
    said = "; ".join(f"{one['title']}: self {one['self']}, manager {one['manager']} of {one['target']}" for one in axes)
    return Radar(2 * x, 2 * y, (x, y), rings, shapes, labels, f"Expectations met by category. {said}.")


def sparkline(
    points: Sequence[tuple[date, Decimal]], begin: tuple[date, Decimal | None], goal: tuple[date, Decimal], label: str
) -> Sparkline:
    """What was measured, day by day, from the first day's baseline towards the target on its day; as small as a word. What was
    measured before the first day moves it."""
    days_told = [day for day, _ in points]
    first, last = min([begin[0], *days_told]), max([goal[0], *days_told])
    measured = [(day, value) for day, value in ((first, begin[1]), *points) if value is not None]
    values = [goal[1], *(value for _, value in measured)]
    low, span, days = min(values), max(values) - min(values), max((last - first).days, 1)

    def place(day: date, value: Decimal) -> tuple[float, float]:
        height = float((value - low) / span) if span else 0.5
        return round(4 + (day - first).days / days * 112, 1), round(34 - height * 28, 1)

    said = [f"{value} on {day.day} {day:%b %Y}" for day, value in points]
    start = [f"{begin[1]} to begin with"] if begin[1] is not None else []
    words = f"{label}: {', '.join(start + said) or 'nothing measured yet'}; target {goal[1]} by {goal[0].day} {goal[0]:%b %Y}"
    return Sparkline(120, 40, [place(*at) for at in measured], place(*goal), words)


def _polygon(x: float, y: float, shares: Sequence[float]) -> list[tuple[float, float]]:
    return [_on_spoke(x, y, place, len(shares), share * RADIUS) for place, share in enumerate(shares)]


def _on_spoke(x: float, y: float, place: int, places: int, length: float) -> tuple[float, float]:
    angle = 2 * pi * place / places
    return round(x + length * sin(angle), 2), round(y - length * cos(angle), 2)


def _label(x: float, y: float, place: int, places: int, lines: list[str]) -> Label:
    """Outside its spoke's end; `y` is the first line's foot."""
    at_x, at_y = _on_spoke(x, y, place, places, RADIUS + 10)
    side, height = sin(2 * pi * place / places), cos(2 * pi * place / places)
    anchor = "middle" if abs(side) < 0.1 else "start" if side > 0 else "end"
    tall = 15 * len(lines)
    return Label(at_x, round(at_y + 11 - tall * (1 + height) / 2, 2), anchor, lines)


def _x(at: float) -> float:
    return (at + 1.5) * PITCH


def _lines(title: str, letters: int, lines: int = 2) -> list[str]:
    plain = title.replace(BREAK, "")
    return wrap(plain, letters, max_lines=lines, placeholder="…") or [shorten(plain, letters, placeholder="…")]


def _state_words(level: Level) -> str:
    return f"next, {open_words(level['open_musts'])}" if level["state"] == "next" else level["state"]
