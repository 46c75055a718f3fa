"""What a caller may send to change an agreed plan; the same shape for the form and JSON."""

from pydantic import ConfigDict, Field

from service.objectives.inputs import Title
from service.reviews.inputs import Input


class ChangeInput(Input):
    """Why an agreed plan is to change. `version` is the plan's version that the writer saw; the API takes it from
    If-Match."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "The launch moved to spring."}]})

    reason: Title
    version: int | None = Field(default=None, ge=0)
