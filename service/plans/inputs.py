"""What a caller may send about plans; the same shapes for forms and JSON."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from service.objectives.inputs import StartDay
from service.reviews.inputs import Input

SkillId = Annotated[str, StringConstraints(max_length=80)]


class PromotionPlanInput(Input):
    """A plan out of the chosen gaps of a review."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"start_on": "2026-11-02", "chosen": ["product-analytics"]}]}
    )

    start_on: StartDay
    chosen: list[SkillId] = Field(default_factory=list, max_length=60)


class GapsInput(Input):
    """The skills whose gaps an objective is to be about."""

    gap: list[SkillId] = Field(default_factory=list, max_length=60)
