"""What a caller may send about check-ins; the same shapes for forms and JSON."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, field_validator

from service.objectives.inputs import Number
from service.reviews.inputs import Input, OptionalText

Confidence = Annotated[int, Field(ge=0, le=10)]


class CheckInInput(Input):
    """Where one key result stands. `version` is that of the day's check-in which the writer saw, 0 where there was none."""

    value: Number = Field(description="In the key result's unit.")
    confidence: Confidence = Field(
        description="How sure you are that the target is reached in time: 0 not at all, 10 wholly."
    )
    note: OptionalText = ""
    version: int = Field(default=0, ge=0)


class KeyedCheckInInput(CheckInInput):
    key_result_id: UUID


class CheckInsInput(Input):
    """The check-ins of one day, today if it is left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "on": "2026-11-20",
                    "check_ins": [
                        {
                            "key_result_id": "6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10",
                            "value": 45,
                            "confidence": 7,
                            "note": "The new first page helps; Safari is still slow.",
                        }
                    ],
                }
            ]
        }
    )

    on: date | None = None
    check_ins: list[KeyedCheckInInput] = Field(min_length=1, max_length=200)

    @field_validator("check_ins")
    @classmethod
    def _each_once(cls, given: list[KeyedCheckInInput]) -> list[KeyedCheckInInput]:
        if len({one.key_result_id for one in given}) < len(given):
            raise ValueError("Each key result has one check-in a day; send each one once.")
        return given
