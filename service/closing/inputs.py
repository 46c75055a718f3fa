"""What a caller may send when a plan ends; the same shapes for forms and JSON."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from service.objectives.inputs import Number
from service.reviews.inputs import Input, OptionalText


class ResultInput(Input):
    """Where a key result ended, in its unit; None where it was not measured, and `remark` says why. `carry_over` takes what
    was not met into a new draft."""

    value: Number | None = None
    remark: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    carry_over: bool = False


class ReflectionInput(Input):
    """The person's own words at the end of a plan (PRODUCT.md, "Growth plan and OKR checks")."""

    met: OptionalText = Field(default="", description="What was met?")
    in_the_way: OptionalText = Field(default="", description="What stood in the way?")
    too_high: OptionalText = Field(default="", description="Was the aim too high?")
    support: OptionalText = Field(default="", description="What support was missing?")
    learned: OptionalText = Field(default="", description="What was learned?")


class ClosingInput(Input):
    """`results` by key result id, one for each. The reflection is the person's, the comment the manager's. `version` is
    the plan's version that the writer saw; the API takes it from If-Match."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "results": {"6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10": {"value": 57, "carry_over": True}},
                    "reflection": {"learned": "Ask the new users first, then build."},
                }
            ]
        }
    )

    results: dict[UUID, ResultInput] = Field(default_factory=dict, max_length=200)
    reflection: ReflectionInput = ReflectionInput()
    comment: OptionalText = ""
    version: int | None = Field(default=None, ge=0)


class ClosingComment(Input):
    """The manager's word for the closing, kept until then. `version` as in ClosingInput."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"comment": "You made the others ask better."}]})

    comment: OptionalText = ""
    version: int | None = Field(default=None, ge=0)
