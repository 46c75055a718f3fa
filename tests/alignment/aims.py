"""Objectives of the cast's company and units, for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from service.alignment import actions
from service.alignment.inputs import UnitKeyResultInput, UnitObjectiveInput
from service.objectives.models import UnitKeyResult, UnitObjective
from service.people.models import OrgUnit
from tests.cast import Cast

STARTS, ENDS = date(2026, 10, 1), date(2026, 12, 31)


def given(**changes: Any) -> UnitObjectiveInput:
    values: dict[str, Any] = {
        "title": "New customers get on without help", "why": "Half of them leave.", "starts_on": STARTS, "due_on": ENDS,
    }  # fmt: skip
    return UnitObjectiveInput.model_validate(values | changes)


def result(**changes: Any) -> UnitKeyResultInput:
    values: dict[str, Any] = {
        "title": "More first reports", "metric": "New customers with a report", "unit": "%", "baseline": Decimal(20),
        "target": Decimal(60),
    }  # fmt: skip
    return UnitKeyResultInput.model_validate(values | changes)


def aim(session: Session, cast: Cast, by: Any = None, **changes: Any) -> UnitObjective:
    """An objective that Dee, or somebody else, adds; the company's, where no `unit_id` is given."""
    row = actions.add_objective(session, cast.actor(by or cast.dee), given(**changes))
    session.commit()
    return row


def key_result(session: Session, cast: Cast, row: UnitObjective, **changes: Any) -> UnitKeyResult:
    made = actions.add_key_result(
        session, cast.actor(cast.dee), row.id, result(version=row.version).model_copy(update=changes)
    )
    session.commit()
    return made


def team_of(session: Session, unit: OrgUnit) -> OrgUnit:
    """A team below a unit of the cast."""
    team = OrgUnit(name=f"Team of {unit.name}", parent_id=unit.id)
    session.add(team)
    session.commit()
    return team
