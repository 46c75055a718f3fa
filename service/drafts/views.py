"""What is offered to who writes an objective."""

from dataclasses import dataclass

from service.drafts.rules import Start
from service.ladders.rules import Area, Blueprint, Kpi, Ladder
from service.ladders.starts import Entry


@dataclass(frozen=True, slots=True)
class StartingPoints:
    """What the ladder and its blueprint offer to an objective: texts to begin with, metrics for its key results, and the
    areas of responsibility that hold both."""

    ladder: Ladder
    blueprint: Blueprint | None
    starts: tuple[Start, ...]
    metrics: tuple[Kpi, ...]
    areas: tuple[tuple[Area, tuple[Entry, ...]], ...] = ()
