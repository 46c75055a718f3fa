"""Where the lines of a chart go, in CSS pixels of the page; `templates/charts.html.j2` draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten, wrap

from reports.contract import BREAK, LevelState

WIDTH = 658  # A4 less its margins
LOWEST, RISE = 38, 17
LETTER = 6.4  # average width of a letter of Source Sans at 13 px


@dataclass(frozen=True)
class Step:
    x: float
    y: float
    width: float
    height: float
    state: str
    title: list[str]
    label: str
    note: str
    middle: float


@dataclass(frozen=True)
class Staircase:
    width: int
    height: int
    ground: int
    steps: list[Step]
    words: str


def staircase(levels: Sequence[LevelState], current_id: str, target_id: str) -> Staircase:
    """Levels as rising steps, the lowest first; `words` says the same for those who cannot see it."""
    ground = LOWEST + RISE * (len(levels) - 1) + 4
    width = WIDTH / len(levels)
    marks = {target_id: ["target"]} | {current_id: ["today", "target"] if current_id == target_id else ["today"]}
    steps = [_step(level, place, width, ground, marks.get(level.id, [])) for place, level in enumerate(levels)]
    lines = max(len(step.title) for step in steps)
    words = ", ".join(f"{level.title} {_state_words(level)}" for level in levels)
    return Staircase(WIDTH, ground + 22 + 16 * lines, ground, steps, f"Staircase of levels: {words}.")


def _step(level: LevelState, place: int, width: float, ground: int, marks: Sequence[str]) -> Step:
    height = LOWEST + RISE * place
    letters = max(4, int((width - 10) / LETTER))
    return Step(
        x=round(place * width + 2, 2),
        y=ground - height,
        width=round(width - 4, 2),
        height=height,
        state=level.state,
        title=_two_lines(level.title, letters),
        label=_label(level, width),
        note=" · ".join(marks),
        middle=round((place + 0.5) * width, 2),
    )


def _two_lines(title: str, letters: int) -> list[str]:
    plain = title.replace(BREAK, "")
    lines = wrap(plain, letters, max_lines=2, placeholder="…")
    return lines or [shorten(plain, letters, placeholder="…")]


def _label(level: LevelState, width: float) -> str:
    if level.state == "attained":
        return "attained"
    if level.state == "above":
        return ""
    open_musts = level.must.expected - level.must.met
    words = "must-have" if open_musts == 1 else "must-haves"
    return f"{open_musts} open {words}" if width >= 125 else f"{open_musts} open"


def _state_words(level: LevelState) -> str:
    if level.state == "next":
        return f"next, {level.must.expected - level.must.met} of {level.must.expected} must-haves open"
    return level.state
