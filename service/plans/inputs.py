"""What a caller may send about plans; the same shapes for forms and JSON. Drafts may be incomplete: the checks say what is open."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from service.plans.rules import Direction
from service.reviews.inputs import Input, OptionalText

Title = Annotated[
    str,
    AfterValidator(lambda text: " ".join(text.split())),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
SkillId = Annotated[str, StringConstraints(max_length=80)]
Source = Annotated[
    str | None,
    StringConstraints(strip_whitespace=True, max_length=300),
    AfterValidator(lambda text: text or None),
    Field(
        description="What of the plan's ladder version it began from: `ladder/version/kind/id`. Left out, there is none."
    ),
]
StartDay = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2199, 12, 31))]
Number = Annotated[Decimal, Field(max_digits=15, decimal_places=4, allow_inf_nan=False)]


def _few_lines(text: str) -> str:
    if sum(bool(line.strip()) for line in text.splitlines()) > MOST_PROJECTS:
        raise ValueError(f"Up to {MOST_PROJECTS} lines are possible; keep the ones that matter.")
    return text


MOST_PROJECTS = 50
Projects = Annotated[OptionalText, AfterValidator(_few_lines)]


class PromotionPlanInput(Input):
    """A plan out of the chosen gaps of a review."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"start_on": "2026-11-02", "chosen": ["product-analytics"]}]}
    )

    start_on: StartDay
    chosen: list[SkillId] = Field(default_factory=list, max_length=60)


class OnboardingPlanInput(Input):
    """A plan for a new starter, filled from the blueprint of their ladder."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"person_id": "6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10", "start_on": "2026-11-02"}]
        }
    )

    person_id: UUID
    start_on: StartDay


Days = Annotated[
    Literal[30, 60, 90], BeforeValidator(lambda value: int(value) if value in ("30", "60", "90") else value)
]


class MoveInput(Input):
    """Another horizon for an objective. `version` as in ObjectiveInput."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"horizon": 60}]})

    horizon: Days
    version: int | None = Field(default=None, ge=0)


class TickInput(Input):
    """A step is done: on a day, or today where it is left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"done_on": "2026-11-20"}]})

    done_on: StartDay | None = None


class GapsInput(Input):
    """The skills whose gaps an objective is to be about."""

    gap: list[SkillId] = Field(default_factory=list, max_length=60)


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


class KeyResultFields(Input):
    """What is written of a key result."""

    title: Title
    metric: Word = ""
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    direction: Direction = Direction.INCREASE
    baseline: Number | None = None
    target: Number | None = None
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


class ChangeInput(Input):
    """Why an agreed plan is to change. `version` as in ObjectiveInput."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "The launch moved to spring."}]})

    reason: Title
    version: int | None = Field(default=None, ge=0)


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
    """`results` by key result id, one for each. The reflection is the person's, the comment the manager's. `version` as in
    ObjectiveInput."""

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
    """The manager's word for the closing, kept until then. `version` as in ObjectiveInput."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"comment": "You made the others ask better."}]})

    comment: OptionalText = ""
    version: int | None = Field(default=None, ge=0)


class KeyResultDraft(KeyResultInput):
    """A key result while it is being written: nothing of it is needed yet."""

    title: OptionalText = ""
