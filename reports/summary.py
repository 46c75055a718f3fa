"""What of a growth plan goes on one page: as many rows as fit, and in words what was left out and where it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from reports.contract import GrowthPlan, KeyResult, Objective

MOST_ROWS = 45  # more never fit, however short they are
LONGEST = {"title": 90, "objective": 130, "result": 100, "name": 60, "figure": 24}


@dataclass(frozen=True, slots=True)
class Shown:
    number: int
    objective: Objective
    results: list[KeyResult]

    @property
    def more(self) -> int:
        return len(self.objective.key_results) - len(self.results)


@dataclass(frozen=True, slots=True)
class Summary:
    rows: list[Shown]
    objectives_left: int
    results_left: int

    @property
    def has_wide_figures(self) -> bool:
        return any(row.objective.has_wide_figures for row in self.rows)


def summary_of(plan: GrowthPlan, budget: int) -> Summary:
    """The first `budget` rows: every objective in turn first, then, from the first on, their key results."""
    ordered = sorted(plan.objectives, key=attrgetter("horizon"))
    left = budget - len(ordered)
    rows = []
    for number, objective in enumerate(ordered[:budget], 1):
        results = objective.key_results[: max(left, 0)]
        left -= len(results)
        rows.append(Shown(number, objective, results))
    shown = sum(len(row.results) for row in rows)
    return Summary(rows, len(ordered) - len(rows), sum(len(it.key_results) for it in ordered) - shown)


def largest(plan: GrowthPlan, fits: Callable[[Summary], bool]) -> Summary:
    """The summary with the most rows that fits; with none it must."""
    low, high = 0, min(MOST_ROWS, sum(1 + len(it.key_results) for it in plan.objectives))
    tried = high  # most plans fit whole
    while low < high:
        low, high = (tried, high) if fits(summary_of(plan, tried)) else (low, tried - 1)
        tried = (low + high + 1) // 2
    return summary_of(plan, low)


def shortened(text: str, what: str) -> str:
    """The text up to the length that a summary has room for, with … where something is missing: after a whole word, but in the
    middle of one that is very long, and of a script that has no spaces."""
    most = LONGEST[what]
    if len(text) <= most:
        return text
    room = text[:most]
    whole, space, _ = room.rpartition(" ")
    kept = whole if space and len(whole) > most * 2 // 3 else room[:-1]
    return kept.rstrip(" ,;:–") + "…"
