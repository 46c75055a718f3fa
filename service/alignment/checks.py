"""What the checks say of objectives of the company and its units. Pure.

They are those of a person's objectives (service/objectives/checks.py). What differs: a period of its own takes the place of a
horizon, and the advised number is about three for the organisation and two for a department or team.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from service.alignment.rules import Period
from service.objectives import checks
from service.objectives.checks import Remark, Weight
from service.objectives.rules import KeyResult, Objective, most_at_once

ADVISED_COMPANY, ADVISED_UNIT = 3, 2


@dataclass(frozen=True, slots=True)
class Written:
    """An objective of a unit as the checks read it. `others` are those that its key results are held against (K4)."""

    title: str
    why: str
    is_company: bool
    has_parent: bool
    period: Period
    key_results: tuple[KeyResult, ...] = ()
    others: Sequence[Objective] = ()

    @property
    def days(self) -> int:
        """Its own length stands for the horizon of a person's objective."""
        return (self.period[1] - self.period[0]).days

    def as_objective(self) -> Objective:
        serves = "the company" if self.is_company or self.has_parent else ""
        return Objective(self.title, self.days, self.why, (), serves, self.period[1], self.key_results)


def check_dates(starts_on: date | None, due_on: date | None) -> Iterator[Remark]:
    """What keeps the two dates from being a period (O1)."""
    for name, day in (("starts_on", starts_on), ("due_on", due_on)):
        if day is None:
            yield Remark("O1", Weight.ERROR, f"/{name}", "Give the date, such as 2026-12-31.")
    if starts_on and due_on and due_on < starts_on:
        detail = f"It would be due before it starts: give a day from {starts_on:%-d %b %Y} on."
        yield Remark("O1", Weight.ERROR, "/due_on", detail)


def check_objective(written: Written) -> Iterator[Remark]:
    """The remarks on an objective and its key results (O2 to O6, K1 to K6)."""
    yield from _fitting(checks.check_objective(written.period[0], written.as_objective(), written.others))


def check_words(written: Written) -> Iterator[Remark]:
    """The remarks on its own fields, whatever its key results (O2 to O5)."""
    yield from _fitting(checks.check_words(written.period[0], written.as_objective()))


def check_key_result(written: Written, key_result: KeyResult) -> Iterator[Remark]:
    """The remarks on one of its key results (K1 to K6)."""
    yield from checks.check_key_result(written.period[0], written.days, key_result, written.others)


def _fitting(found: Iterable[Remark]) -> Iterator[Remark]:
    """O5 asks for a parent, as advice: somewhere the line has to begin."""
    for remark in found:
        if remark.check == "O5":
            detail = "Say which objective above it serves; where there is none, say in the reason what it is for."
            remark = Remark("O5", Weight.ADVICE, "/parent_id", detail)
        yield remark


def check_number(name: str, *, is_company: bool, periods: Iterable[Period], at: str = "") -> Iterator[Remark]:
    """The remark on a company or unit with too many open objectives at the same time (P1)."""
    count, advised = most_at_once(periods), ADVISED_COMPANY if is_company else ADVISED_UNIT
    if count > advised:
        whole = "an organisation" if is_company else "a department or team"
        detail = (
            f"{name} has {count} objectives at the same time: about {advised} is what {whole} can follow."
            " Which of them can wait?"
        )
        yield Remark("P1", Weight.ADVICE, at, detail)


def within(own: Period, others: Iterable[Period]) -> list[Period]:
    """The own period, and what others take of it."""
    cut = ((max(first, own[0]), min(last, own[1])) for first, last in others)
    return [own, *(period for period in cut if period[0] <= period[1])]
