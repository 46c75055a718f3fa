"""What a caller may send about objectives and key results of a plan; the same shapes for forms and JSON.

Drafts may be incomplete: the checks say what is open.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from service.objectives.inputs import MeasuredInput, Title, Word
from service.plans.inputs import SkillId
from service.reviews.inputs import Input, OptionalText

MOST_PROJECTS = 50
Source = Annotated[
    str | None,
    StringConstraints(strip_whitespace=True, max_length=300),
    AfterValidator(lambda text: text or None),
    Field(
        description="What of the plan's ladder version it began from: `ladder/version/kind/id`. Left out, there is none."
    ),
]


def _few_lines(text: str) -> str:
    if sum(bool(line.strip()) for line in text.splitlines()) > MOST_PROJECTS:
        raise ValueError(f"Up to {MOST_PROJECTS} lines are possible; keep the ones that matter.")
    return text


Projects = Annotated[OptionalText, AfterValidator(_few_lines)]
Days = Annotated[
    Literal[30, 60, 90], BeforeValidator(lambda value: int(value) if value in ("30", "60", "90") else value)
]


class MoveInput(Input):
    """Another horizon for an objective. `version` as in ObjectiveInput."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"horizon": 60}]})

    horizon: Days
    version: int | None = Field(default=None, ge=0)


class ObjectiveInput(Input):
    """`version` is the plan's version that the writer saw; the API takes it from If-Match."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "New users reach their first report without help",
                    "horizon": 60,
                    "why": "Half of them leave before they see a figure of their own.",
                    "serves_gaps": ["product-analytics"],
                    "due_on": "2026-12-31",
                    "projects": "Interviews with ten new users",
                    "source": "product-manager/2026.1/goal/60-days.quick-win",
                }
            ]
        }
    )

    title: Title
    horizon: Days
    why: OptionalText = ""
    serves_gaps: list[SkillId] = Field(default_factory=list, max_length=60)
    serves: OptionalText = ""
    aligned_to: UUID | None = Field(
        default=None, description="An open objective of the person's unit, of one above it, or of the company."
    )
    due_on: date | None = None
    projects: Projects = Field(default="", description="One supporting project or to-do a line, up to 50.")
    source: Source = None
    version: int | None = Field(default=None, ge=0)

    @property
    def project_lines(self) -> list[str]:
        return [line.strip() for line in self.projects.splitlines() if line.strip()]


class ObjectiveDraft(ObjectiveInput):
    """An objective while it is being written: nothing of it is needed yet."""

    title: OptionalText = ""


class KeyResultFields(MeasuredInput):
    """What is written of a key result of a plan."""

    due_on: date | None = None
    owner: Word = ""
    source: Source = None


class KeyResultInput(KeyResultFields):
    """`version` is the plan's version that the writer saw; the API takes it from If-Match."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "More new users finish the first report",
                    "metric": "Share of new users with a report in week one",
                    "unit": "%",
                    "direction": "increase",
                    "baseline": 35,
                    "target": 60,
                    "due_on": "2026-12-20",
                    "source": "product-manager/2026.1/kpi/activation-rate",
                }
            ]
        }
    )

    version: int | None = Field(default=None, ge=0)


class KeyResultDraft(KeyResultInput):
    """A key result while it is being written: nothing of it is needed yet."""

    title: OptionalText = ""
