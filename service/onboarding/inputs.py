"""What a caller may send about onboarding plans; the same shapes for forms and JSON."""

from uuid import UUID

from pydantic import ConfigDict

from service.objectives.inputs import StartDay
from service.reviews.inputs import Input


class OnboardingPlanInput(Input):
    """A plan for a new starter, filled from the blueprint of their ladder."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"person_id": "6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10", "start_on": "2026-11-02"}]
        }
    )

    person_id: UUID
    start_on: StartDay


class TickInput(Input):
    """A step is done: on a day, or today where it is left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"done_on": "2026-11-20"}]})

    done_on: StartDay | None = None
