"""What a caller may send about objectives of the company and its units; the same shapes for forms and JSON."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from service.objectives.inputs import MeasuredInput, Number, StartDay, Title
from service.reviews.inputs import Input, OptionalText

Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
Version = Annotated[int | None, Field(ge=0)]
OPEN, ALL = "open", "all"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which objectives a list holds: of an org unit and those below, and `open`, `all`, or those of a quarter (2026-Q4)."""

    unit: UUID | None = None
    period: str = OPEN


class UnitObjectiveInput(Input):
    """Without `unit_id` it is the company's. `owner` is an e-mail address; left out, whoever writes a new objective owns it, and
    an old one keeps its owner. `version` is the one that the writer saw; the API takes it from If-Match."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "New customers see their own figures in the first week",
                    "why": "Half of those who leave never saw a report of their own.",
                    "owner": "ann@example.org",
                    "starts_on": "2026-10-01",
                    "due_on": "2026-12-31",
                }
            ]
        }
    )

    title: Title
    unit_id: UUID | None = None
    parent_id: UUID | None = Field(default=None, description="The objective above that it serves.")
    why: OptionalText = ""
    owner: Email = ""
    starts_on: StartDay
    due_on: StartDay
    version: Version = None


class UnitObjectiveDraft(UnitObjectiveInput):
    """An objective while it is being written: nothing of it is needed yet."""

    title: OptionalText = ""
    starts_on: StartDay | None = None  # type: ignore[assignment]
    due_on: StartDay | None = None  # type: ignore[assignment]


class UnitKeyResultInput(MeasuredInput):
    """It is due with its objective. `version` is the objective's, as there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "More new customers with a report in week one",
                    "metric": "Share of new customers with a report of their own",
                    "unit": "%",
                    "direction": "increase",
                    "baseline": 35,
                    "target": 60,
                }
            ]
        }
    )

    version: Version = None


class UnitKeyResultDraft(UnitKeyResultInput):
    """A key result while it is being written: nothing of it is needed yet."""

    title: OptionalText = ""


class ValueInput(Input):
    """Where a key result stands; today, where no day is given."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": 41.5, "on": "2026-11-20"}]})

    value: Number
    on: StartDay | None = None
    version: Version = None
