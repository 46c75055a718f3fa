"""What a caller may send about plans; the same shapes for forms and JSON. Drafts may be incomplete: the checks say what is open."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from service.plans.rules import Direction
from service.reviews.inputs import Input, OptionalText

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Number = Annotated[Decimal, Field(max_digits=15, decimal_places=4, allow_inf_nan=False)]


class PromotionPlanInput(Input):
    """A plan out of the chosen gaps of a review."""

    start_on: date
    chosen: list[str] = Field(default_factory=list, max_length=60, examples=[["product-analytics"]])


class OnboardingPlanInput(Input):
    """A plan for a new starter, filled from the blueprint of their ladder."""

    person_id: UUID
    start_on: date


class ObjectiveInput(Input):
    title: Title = Field(examples=["New users reach their first report without help"])
    horizon: Literal[30, 60, 90]
    why: OptionalText = ""
    serves_gaps: list[str] = Field(default_factory=list, max_length=60)
    serves: OptionalText = ""
    due_on: date | None = None
    projects: OptionalText = Field(default="", description="One supporting project or to-do a line.")
    version: int | None = Field(default=None, ge=0)

    @field_validator("horizon", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value

    @property
    def project_lines(self) -> list[str]:
        return [line.strip() for line in self.projects.splitlines() if line.strip()]


class KeyResultInput(Input):
    title: Title = Field(examples=["More new users finish the first report"])
    metric: Word = ""
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    direction: Direction = Direction.INCREASE
    baseline: Number | None = None
    target: Number | None = None
    due_on: date | None = None
    owner: Word = ""
    version: int | None = Field(default=None, ge=0)
