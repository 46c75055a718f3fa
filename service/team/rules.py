"""What a team view may be narrowed to, as its address says it."""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from uuid import UUID


class Step(StrEnum):
    """The steps of a review, and the one that none of them names: nobody to assess."""

    UNASSIGNED = "unassigned"
    OPEN = "open"
    REVEALED = "revealed"
    SHARED = "shared"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


class Reach(StrEnum):
    """How far down: the own direct reports, or everybody below. Without it, everybody in sight."""

    DIRECT = "direct"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """One view. Without a cycle, it is of the running ones; with `as_of` it is as it stood at the end of that day."""

    cycle: UUID | None = None
    step: Step | None = None
    late: bool = False
    unit: UUID | None = None
    ladder: str = ""
    reach: Reach | None = None
    assessor: UUID | None = None
    q: str = ""
    as_of: date | None = None

    @property
    def query(self) -> dict[str, str]:
        """The view as parameters of an address, those at rest left out."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: "yes" if value is True else str(value) for name, value in given.items() if value}
