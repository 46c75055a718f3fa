"""The checks of a growth plan, without a database: pure functions from a plan's parts to remarks.

Source: PRODUCT.md, "Growth plan and OKR checks", which draws on "A Product Manager's Guide to OKR Goal Setting & Department
Management" (objectives: dated, necessary, aligned; key results: measured, three to five of them; a task is neither).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from service.objectives.rules import RHYTHM, Direction, KeyResult, Objective, horizon_end
from service.objectives.wording import figure_in, task_in

ADVISED_OBJECTIVES = 5
GUIDE = "A Product Manager’s Guide to OKR Goal Setting & Department Management"


class Weight(StrEnum):
    """An error stops agreeing; advice explains itself."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Check:
    """What a check asks, why, by which source, and how a text fails and passes it. `id` as in PRODUCT.md."""

    id: str
    weight: Weight
    asks: str
    reason: str
    source: str
    poor: str
    good: str


CHECKS = {
    check.id: check
    for check in (
        Check(
            "O1", Weight.ERROR, "An objective has a due date within its horizon.",
            "A horizon is a promise to look again on its last day; what is due later is not decided then.",
            "Nextrung’s horizons of 30, 60 and 90 days", "30 days, due in four months", "30 days, due on day 28",
        ),
        Check(
            "O2", Weight.ADVICE, "An objective is said in words, without a figure.",
            "It says what will be different; the key results say by how much.",
            f"{GUIDE}, blueprint of an OKR", "Raise activation to 60 %", "New users get to work without help",
        ),
        Check(
            "O3", Weight.ADVICE, "An objective is an outcome, not a task.",
            "A task can be done without anything getting better.",
            f"{GUIDE}, frequent questions", "Launch the new onboarding", "New users get to work without help",
        ),
        Check(
            "O4", Weight.ERROR, "An objective says why it is necessary.",
            "Without the reason nobody can tell later whether it is still worth the time.",
            f"{GUIDE}, OKR implementation", "(left empty)", "Half of the new users leave before their first report.",
        ),
        Check(
            "O5", Weight.ERROR, "An objective says what it serves: a gap, or an objective above it.",
            "It ties the person’s growth to what the team needs.",
            f"{GUIDE}, OKR implementation", "(nothing chosen)", "The gap in product analytics",
        ),
        Check(
            "O6", Weight.ADVICE, "An objective has three to five key results; with none it cannot be agreed.",
            "One number can be moved without the outcome; more than five nobody follows each week.",
            f"{GUIDE}, OKR implementation", "One key result", "Three: finish rate, questions to support, days to the first report",
        ),
        Check(
            "K1", Weight.ERROR, "A key result has a metric, a unit and a number to reach.",
            "Whoever reads it can tell whether it is met.",
            f"{GUIDE}, blueprint of an OKR", "Better activation", "Share of new users with a report in week one: 60 %",
        ),
        Check(
            "K2", Weight.ERROR, "A key result has a baseline to move from, or is a threshold with a direction.",
            "Progress is the share of the way from the baseline to the target.",
            f"{GUIDE}, blueprint of an OKR", "To 60 %", "From 35 % to 60 %; or: at most 2 days",
        ),
        Check(
            "K3", Weight.ADVICE, "A key result is a result, not a task.",
            "Done is not the same as better; a task may support it as a project.",
            f"{GUIDE}, frequent questions", "Interview ten users", "New users who finish the first report: from 35 % to 60 %",
        ),
        Check(
            "K4", Weight.ERROR, "A key result belongs to one objective, and is not itself one of them.",
            "Counted twice it hides which objective it decides about; an aligned objective stands by itself.",
            f"{GUIDE}, aligned objectives and key results", "The same key result under two objectives",
            "An objective of its own that names the one above it",
        ),
        Check(
            "K5", Weight.ERROR, "A key result is due within the horizon of its objective.",
            "At the end of the horizon all its key results are read together.",
            "Nextrung’s horizons of 30, 60 and 90 days", "Due after the objective’s last day", "Due on that day or before",
        ),
        Check(
            "K6", Weight.ERROR, "Target and baseline differ, in the direction stated.",
            "Otherwise it is met before anything was done, or can never be.",
            "Nextrung’s measure of progress", "Decrease from 40 to 60", "Decrease from 60 to 40",
        ),
        Check(
            "P1", Weight.ADVICE,
            "A person has up to five objectives at a time, a department or team about two, the organisation three.",
            "More of them share too little attention for any to move.",
            f"{GUIDE}, areas of responsibility",
            "Eight objectives in 90 days", "Three now; the others wait in the notes",
        ),
        Check(
            "C1", Weight.ADVICE, "A running plan has a check-in in the last 7 days.",
            "What is looked at each week can still be mended; at the end it can only be told.",
            f"{GUIDE}, aligned objectives and key results",
            "The first look at the numbers on day 30", "Ten minutes each week: value, confidence, a line on why",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check says: its id in PRODUCT.md, whether it stops agreeing, where it stands and how to put it right."""

    check: str
    weight: Weight
    pointer: str
    detail: str


def errors(remarks: Iterable[Remark]) -> list[Remark]:
    """Those that stop agreeing."""
    return [remark for remark in remarks if remark.weight is Weight.ERROR]


def check_plan(start_on: date, objectives: Sequence[Objective]) -> tuple[Remark, ...]:
    """All remarks on a plan, in the order of its objectives. Pointers are /objectives/0/key_results/1/target and the like."""
    remarks = list(check_count(len(objectives)))
    for place, objective in enumerate(objectives):
        remarks += check_objective(start_on, objective, without(objectives, place), f"/objectives/{place}")
    return tuple(remarks)


def without(objectives: Sequence[Objective], place: int) -> list[Objective]:
    """The others of a plan."""
    return [*objectives[:place], *objectives[place + 1 :]]


def check_count(count: int) -> Iterator[Remark]:
    """The remark on a plan of too many objectives (P1)."""
    if count > ADVISED_OBJECTIVES:
        detail = (
            f"{count} objectives: up to {ADVISED_OBJECTIVES} is what one person can follow. Which of them can wait?"
        )
        yield Remark("P1", Weight.ADVICE, "/objectives", detail)


def check_rhythm(since: date, last_on: date | None, today: date) -> Iterator[Remark]:
    """The remark on a running plan that nobody has checked in on for more than seven days (C1). `since` is when it began to
    run, `last_on` the day of its last check-in."""
    days = (today - max(since, last_on or since)).days
    if days > RHYTHM.days:
        words = "The last check-in was" if last_on else "The plan has run without a check-in for"
        detail = f"{words} {days} days{' ago' if last_on else ''}. Say where each key result stands, once a week."
        yield Remark("C1", Weight.ADVICE, "/check_ins", detail)


def check_objective(
    start_on: date, objective: Objective, others: Sequence[Objective] = (), at: str = ""
) -> Iterator[Remark]:
    """The remarks on one objective and its key results, beside the `others` of its plan (O1 to O6, K1 to K6)."""
    yield from check_words(start_on, objective, at)
    yield from _check_number(len(objective.key_results), at)
    for place, key_result in enumerate(objective.key_results):
        yield from check_key_result(start_on, objective.horizon, key_result, others, f"{at}/key_results/{place}")


def check_words(start_on: date, objective: Objective, at: str = "") -> Iterator[Remark]:
    """The remarks on an objective's own fields, whatever its key results (O1 to O5)."""
    if figure := figure_in(objective.title):
        detail = f"“{figure}” is a figure. Say in words what will be different; the number belongs in a key result."
        yield Remark("O2", Weight.ADVICE, f"{at}/title", detail)
    if verb := task_in(objective.title):
        detail = f"“{verb}” makes it a task. What should it change, and for whom? The task itself may stand below, as a project."
        yield Remark("O3", Weight.ADVICE, f"{at}/title", detail)
    end = horizon_end(start_on, objective.horizon)
    span = f"between {start_on:%-d %b %Y} and {end:%-d %b %Y}"
    if objective.due_on is None or not start_on <= objective.due_on <= end:
        yield _error("O1", f"{at}/due_on", f"Give it a due date within its {objective.horizon} days: {span}.")
    if not objective.why.strip():
        yield _error("O4", f"{at}/why", "Say why it is necessary: what gets better for whom?")
    if not (objective.serves_gaps or objective.serves.strip() or objective.is_aligned):
        yield _error("O5", f"{at}/serves", "Say what it serves: choose a gap, or name the objective above it.")


def _check_number(count: int, at: str) -> Iterator[Remark]:
    if count == 0:
        yield _error("O6", f"{at}/key_results", "Add three to five key results: how will you know that it is reached?")
    elif not 3 <= count <= 5:
        detail = (
            f"{count} key result{'s' if count > 1 else ''}: three to five show most without turning into a task list."
        )
        yield Remark("O6", Weight.ADVICE, f"{at}/key_results", detail)


def check_key_result(
    start_on: date, horizon: int, key_result: KeyResult, others: Sequence[Objective] = (), at: str = ""
) -> Iterator[Remark]:
    """The remarks on one key result of an objective with this horizon in days, beside the `others` of its plan (K1 to K6)."""
    baseline, target, end = key_result.baseline, key_result.target, horizon_end(start_on, horizon)
    if verb := task_in(key_result.title):
        detail = f"“{verb}” makes it a task. What should it change, from what to what?"
        yield Remark("K3", Weight.ADVICE, f"{at}/title", detail)
    yield from _check_belongs(key_result.title, others, at)
    for name, value, detail in (
        ("metric", key_result.metric.strip(), "Name the metric: what is counted or measured?"),
        ("unit", key_result.unit.strip(), "Name the unit, such as %, days or interviews."),
        ("target", target is not None, "Give the number to reach."),
    ):
        if not value:
            yield _error("K1", f"{at}/{name}", detail)
    if baseline is None and not key_result.direction.is_threshold:
        yield _error(
            "K2", f"{at}/baseline", "Say where it stands today, or choose “at least” or “at most” for a threshold."
        )
    if key_result.due_on is None or not start_on <= key_result.due_on <= end:
        yield _error("K5", f"{at}/due_on", f"Give it a due date within the horizon, {end:%-d %b %Y} at the latest.")
    if baseline is not None and target is not None and not _moves(key_result.direction, baseline, target):
        way = "above" if key_result.direction.goes_up else "below"
        word = "up" if key_result.direction.goes_up else "down"
        detail = f"The direction goes {word}, so the target ({target}) must lie {way} the baseline ({baseline})."
        yield _error("K6", f"{at}/target", detail)


def _check_belongs(title: str, others: Sequence[Objective], at: str) -> Iterator[Remark]:
    words = title.casefold().split()
    for other in others if words else ():
        if other.title.casefold().split() == words:
            detail = (
                f"“{other.title}” is an objective of its own. Let it stand by itself, and say there what it serves."
            )
            yield _error("K4", f"{at}/title", detail)
        elif any(result.title.casefold().split() == words for result in other.key_results):
            detail = f"“{other.title}” has this key result too. Keep it with the objective that it decides about."
            yield _error("K4", f"{at}/title", detail)


def _moves(direction: Direction, baseline: Decimal, target: Decimal) -> bool:
    return target > baseline if direction.goes_up else target < baseline


def _error(check: str, pointer: str, detail: str) -> Remark:
    return Remark(check, Weight.ERROR, pointer, detail)
