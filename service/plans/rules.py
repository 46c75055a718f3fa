"""Growth plans without a database: their kinds and states, and what holds for every text of one."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date
from enum import StrEnum

from service.errors import Invalid, Problem, Stale, VersionRequired
from service.gaps.rules import Finding, State
from service.ladders.rules import Horizon

DAYS = {Horizon.DAYS_30: 30, Horizon.DAYS_60: 60, Horizon.DAYS_90: 90}


class Kind(StrEnum):
    PROMOTION = "promotion"
    ONBOARDING = "onboarding"


class PlanStatus(StrEnum):
    DRAFT = "draft"
    AGREED = "agreed"
    CLOSED = "closed"


def months_after(start_on: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day: 31 August and 6 months is 28 February."""
    year, month = divmod(start_on.year * 12 + start_on.month - 1 + months, 12)
    return date(year, month + 1, min(start_on.day, monthrange(year, month + 1)[1]))


def horizon_for(gap: Finding) -> int:
    """Where an objective about a gap is offered to begin: what shows in part soon, one rung later, more last."""
    if gap.state is State.PARTLY or gap.distance is None:
        return 30
    return 60 if gap.distance == 1 else 90


def check_version(stands: int, seen: int | None) -> None:
    """Whether the writer saw the plan as it stands. Raises: Stale, VersionRequired."""
    if seen is None:
        raise VersionRequired("Send the version of the plan you saw (If-Match, or the field version).")
    if seen != stands:
        raise Stale("The plan was changed since you opened it. Look at what stands now before you go on.")


def check_chosen(chosen: list[str], known: Collection[str], pointer: str = "/chosen") -> None:
    """Whether these skills are among the known ones. Raises: Invalid, with `pointer` for each that is not."""
    wrong = [skill_id for skill_id in chosen if skill_id not in known]
    if wrong:
        raise Invalid(
            "Choose from the list.", [Problem(pointer, f"{skill_id!r} is not one of them.") for skill_id in wrong]
        )
