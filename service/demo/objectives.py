"""What Larkfield, its departments and two of its teams want to reach in 2026, each with an owner and key results."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.alignment import actions
from service.alignment.inputs import UnitKeyResultInput, UnitObjectiveInput, ValueInput
from service.demo.words import Result
from service.objectives.models import UnitKeyResult
from service.objectives.rules import Direction
from service.people.models import OrgUnit
from service.permissions import Actor

STARTS_ON, DUE_ON = date(2026, 4, 1), date(2026, 12, 31)


@dataclass(frozen=True, slots=True)
class UnitAim:
    """An objective of a unit ("" for the company), by its owner's name; `values` are those of October, one a key result."""

    unit: str
    owner: str
    title: str
    why: str
    serves: str
    results: tuple[Result, ...]
    values: tuple[str, ...]


HELPED = "Customers see what their own figures tell them"
TRUSTED = "Customers rely on us on their busiest day"
STAY = "Small shops find us and stay"
FIRST_WEEK = "New customers get a report of their own without help"

UNIT_AIMS = (
    UnitAim(
        "", "marguerite", HELPED, "Those who leave say that they never saw what the product told them about their business.", "",
        (
            Result("More customers act on a report", "Customers who changed something after a report", "%", "increase", "22", "40"),
            Result("Fewer customers leave in the first year", "Customers leaving in year one", "%", "decrease", "18", "11"),
            Result("Customers would recommend us", "Answers of 9 or 10", "%", "increase", "31", "45"),
        ),
        ("29", "15", "36"),
    ),
    UnitAim(
        "", "stefan", TRUSTED, "Two long outages in a sales week cost three of our ten largest customers.", "",
        (
            Result("Busy days run through", "Peak days without an outage", "%", "increase", "91", "99.5"),
            Result("Faults are short", "Median time to restore", "minutes", "decrease", "74", "20"),
            Result("Reports stay quick at the peak", "Slowest reports at the peak", "seconds", "at-most", None, "4"),
        ),
        ("97", "41", "5.5"),
    ),
    UnitAim(
        "Product", "ngozi", FIRST_WEEK, "Half of the new customers ask support before they see a first figure.", HELPED,
        (
            Result("More first reports in week one", "New customers with a report in week one", "%", "increase", "35", "60"),
            Result("Fewer questions on the first report", "Questions to support", "a week", "decrease", "48", "20"),
            Result("Reports are opened again", "Reports opened a second time", "%", "increase", "27", "45"),
        ),
        ("46", "31", "33"),
    ),
    UnitAim(
        "Growth", "ana", STAY, "We win shops that are too small for what they bought.", HELPED,
        (
            Result("More trials become customers", "Trials that become customers", "%", "increase", "9", "14"),
            Result("Small shops stay", "Small shops there after six months", "%", "increase", "61", "75"),
            Result("Prices are understood", "Questions on the invoice", "a month", "decrease", "130", "60"),
        ),
        ("12", "64", "95"),
    ),
    UnitAim(
        "Platform", "stefan", "Teams release on their own, at any hour", "Each release waits for one of four people.", TRUSTED,
        (
            Result("Releases need nobody else", "Releases without a hand from Platform", "%", "increase", "15", "80"),
            Result("Going back is quick", "Time to take a release back", "minutes", "decrease", "35", "5"),
            Result("Limits are known", "Services with a written limit", "%", "increase", "20", "90"),
        ),
        ("52", "12", "70"),
    ),
    UnitAim(
        "Reporting", "tomasz", "The first report explains itself", "New customers read it alone, late in the evening.",
        FIRST_WEEK,
        (
            Result("More is understood at first sight", "Test readers who explain it rightly", "of 10", "increase", "4", "8"),
            Result("Fewer settings before the first figure", "Settings to fill in", "settings", "decrease", "11", "3"),
            Result("Figures agree with the till", "Reports off by more than a cent", "a week", "at-most", None, "1"),
        ),
        ("6", "5", "1"),
    ),
    UnitAim(
        "Activation", "chiara", "A trial shows its worth in the first hour", "Two of three trials are left within a day.",
        STAY,
        (
            Result("More trials reach a figure", "Trials with a figure in the first hour", "%", "increase", "24", "55"),
            Result("Trials come back the next day", "Trials opened on day two", "%", "increase", "30", "50"),
            Result("Imports work at once", "Imports that fail", "%", "decrease", "19", "5"),
        ),
        ("31", "37", "9"),
    ),
)  # fmt: skip
"""Each below the one it serves."""


def add_objectives(session: Session, actor: Actor) -> None:
    units = {row.name: row.id for row in session.execute(select(OrgUnit.name, OrgUnit.id))}
    made: dict[str, UUID] = {}
    for aim in UNIT_AIMS:
        given = UnitObjectiveInput(
            title=aim.title, why=aim.why, unit_id=units.get(aim.unit), parent_id=made.get(aim.serves),
            owner=f"{aim.owner}@larkfield.example", starts_on=STARTS_ON, due_on=DUE_ON,
        )  # fmt: skip
        row = actions.add_objective(session, actor, given)
        made[aim.title] = row.id
        for result in aim.results:
            actions.add_key_result(session, actor, row.id, _key_result(result, row.version))


def bring_values(session: Session, actor: Actor) -> None:
    """Where the key results stand in October."""
    values = {result.title: value for aim in UNIT_AIMS for result, value in zip(aim.results, aim.values, strict=True)}
    for row in session.scalars(
        select(UnitKeyResult).order_by(UnitKeyResult.objective_id, UnitKeyResult.position)
    ).all():
        given = ValueInput(value=Decimal(values[row.title]), version=row.objective.version)
        actions.measure_key_result(session, actor, row.objective_id, row.id, given)


def _key_result(result: Result, version: int) -> UnitKeyResultInput:
    baseline = None if result.baseline is None else Decimal(result.baseline)
    return UnitKeyResultInput(
        title=result.title, metric=result.metric, unit=result.unit, direction=Direction(result.direction),
        baseline=baseline, target=Decimal(result.target), version=version,
    )  # fmt: skip
