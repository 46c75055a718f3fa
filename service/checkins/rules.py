"""Check-ins without a database: when a plan takes them, when the next one is due, and how a key result stands."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from service.errors import Conflict, Invalid, Problem
from service.objectives.progress import percent, share_of
from service.objectives.rules import HORIZONS, RHYTHM, Direction, horizon_end
from service.plans.rules import PlanStatus

LOW = 4
"""A confidence up to this is a warning: the writer thinks it more likely that it will not be reached."""

SILENCE = timedelta(days=14)
"""Two weekly check-ins left out; one may be a holiday."""

BEHIND = Fraction(1, 2)
"""How far time may run ahead of the way gone. Half, not less: results lag the work, and many move late."""

AT_RISK = (
    f"A key result is at risk when its last confidence is {LOW} or less, when nobody has checked in for {SILENCE.days} days, "
    f"when its day has passed before it is reached, or when the share of its time that is gone is more than "
    f"{percent(BEHIND)} points ahead of the share of its way. A threshold is met or not, so the last part leaves it out."
)
"""The rule as the pages say it."""


class State(StrEnum):
    NOT_BEGUN = "not begun"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured on a day, and how sure the writer was that the target will be reached, from 0 to 10."""

    on: date
    value: Decimal
    confidence: int


@dataclass(frozen=True, slots=True)
class Course:
    """A key result as it runs: `since` is the day it was first agreed, or the plan's first day where that is later."""

    direction: Direction
    baseline: Decimal | None
    target: Decimal
    since: date
    due_on: date
    last: Point | None = None

    @property
    def share(self) -> Fraction:
        return share_of(self.direction, self.baseline, self.target, self.last.value if self.last else None)

    def time_gone(self, today: date) -> Fraction:
        """The share of its days that is over, from 0 to 1."""
        days, gone = (self.due_on - self.since).days, (today - self.since).days
        return Fraction(min(max(gone, 0), days), days) if days > 0 else Fraction(1)


def risks_of(course: Course, today: date) -> tuple[str, ...]:
    """Every part of the rule AT_RISK that holds, in words; none for what is reached."""
    last, share = course.last, course.share
    if share == 1:
        return ()
    found = []
    if last and last.confidence <= LOW:
        found.append(f"confidence {last.confidence} of 10")
    silent = today - (last.on if last else course.since)
    if silent >= SILENCE:
        found.append(f"no check-in for {silent.days} days")
    if today > course.due_on:
        found.append("its day has passed")
    gone = course.time_gone(today)
    if not course.direction.is_threshold and gone - share > BEHIND:
        found.append(f"{percent(gone)} % of its time is gone, and {percent(share)} % of its way")
    return tuple(found)


def state_of(course: Course, today: date) -> State:
    """Reached comes first, then at risk: what was never measured can be at risk too."""
    if course.share == 1:
        return State.REACHED
    if risks_of(course, today):
        return State.AT_RISK
    return State.ON_TRACK if course.last else State.NOT_BEGUN


def due_on(since: date, last_on: date | None) -> date:
    """The day of the next check-in: a week after the last one, or after the plan began to run."""
    return max(since, last_on or since) + RHYTHM


def last_day(start_on: date) -> date:
    return horizon_end(start_on, HORIZONS[-1])


def check_taken(status: PlanStatus, start_on: date, today: date) -> None:
    """Go on only where an agreed plan takes check-ins. Raises: Conflict."""
    if status is PlanStatus.CLOSED:
        raise Conflict("This plan is closed; its check-ins stand as they are.")
    if start_on > today:
        raise Conflict(f"This plan begins on {start_on:%-d %b %Y}; check-ins begin with it.")


def check_day(on: date, start_on: date, today: date) -> None:
    """Raises: Invalid for a day before the plan began, or one that is still to come."""
    if on > today:
        raise Invalid("A check-in says what was measured.", [Problem("/on", "This day is still to come.")])
    if on < start_on:
        words = f"The plan began on {start_on:%-d %b %Y}; choose that day or a later one."
        raise Invalid("A check-in is about the days of the plan.", [Problem("/on", words)])
