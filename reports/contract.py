"""The shapes of a growth plan's data, agreed or in draft, with their caps. Whatever is not in them is refused.

What may be left out came later: plans agreed before it stay readable.

Texts are plain text. They are stored as they came and cleaned for the page here: control characters go, and a word of
more than 60 characters gets invisible places to break, because one endless word costs the layout minutes.
"""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

FORMAT = "nextrung-growth-plan/1"
DRAFT_FORMAT = "nextrung-growth-plan-draft/1"
MAX_FIELD = 4_000
MAX_WORD = 60
WIDE = 8
MAX_ROWS = 200
MAX_LEVELS = 20

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
ENDLESS = re.compile(rf"\S{{{MAX_WORD}}}(?=\S)")
BREAK = "\u200b"


def printable(text: str) -> str:
    """The text without control characters, with a zero-width space after each 60 characters of an unbroken word."""
    return ENDLESS.sub(lambda word: word.group() + BREAK, CONTROL.sub("", text)).strip()


def whole_date(value: object) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("is not a date like 2026-11-21")
    return date.fromisoformat(value)


Text = Annotated[str, StringConstraints(max_length=MAX_FIELD), AfterValidator(printable)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[date, BeforeValidator(whole_date)]
Count = Annotated[int, Field(ge=0)]
Rows = Field(max_length=MAX_ROWS)
Requirement = Literal["must", "should", "may"]
State = Literal["partly", "unmet", "unknown"]
Horizon = Literal[30, 60, 90]


class Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)


class Head(Part):
    id: Text
    kind: Literal["promotion", "onboarding"]
    title: Text
    start_on: Day


class Plan(Head):
    revision: Annotated[int, Field(ge=1)]
    agreed_on: Day
    reason: Text = ""  # why the revision before was changed


class Person(Part):
    name: Text
    employee_id: Text
    org_unit: Text | None = None


class Manager(Part):
    name: Text


class Level(Part):
    id: Text
    title: Text


class Ladder(Part):
    id: Text
    title: Text
    version: Text
    sha256: Hash
    current: Level
    target: Level


class Met(Part):
    met: Count
    expected: Count


class MetShare(Met):
    needed: Count


class LevelState(Level):
    state: Literal["attained", "next", "above"]
    must: Met
    should: MetShare
    open_musts: Annotated[list[Text], Rows]


class Blocker(Part):
    skill: Text
    level: Text
    requirement: Literal["must", "should"]
    state: State
    statement: Text


class Attainment(Part):
    basis: Literal["agreed", "manager", "self"]
    attained: Level | None = None
    levels: Annotated[list[LevelState], Field(min_length=1, max_length=MAX_LEVELS)]
    blockers: Annotated[list[Blocker], Rows]


class Skill(Part):
    id: Text
    name: Text


class Expected(Part):
    level: Text
    statement: Text


class Gap(Part):
    skill: Skill
    category: Text
    requirement: Requirement
    importance: Text
    state: State
    distance: Count
    expected: Expected
    self: Text | None = None
    manager: Text | None = None
    agreed: Text | None = None
    chosen: bool

    @property
    def said(self) -> list[tuple[str, str]]:
        """(whose, rating), equal ratings on one line; without a rating there is none."""
        given = {"self": self.self, "manager": self.manager, "agreed": self.agreed}
        ratings = dict.fromkeys(rating for rating in given.values() if rating)
        return [(", ".join(side for side in given if given[side] == rating), rating) for rating in ratings]


class Difference(Part):
    skill: Text
    self: Text
    manager: Text
    rungs: int | None  # 0 where one sees parts of the next; None where a side gave no rung
    direction: Literal["self higher", "manager higher", "answered in different ways"]

    @property
    def words(self) -> str:
        """How far the two are apart, and which way."""
        if self.rungs == 0:
            return f"same rung; {self.direction.split()[0]} sees parts of the next"
        by = f" by {abs(self.rungs)} of its rungs" if self.rungs else ""
        return self.direction + by


class NotApplicable(Part):
    skill: Text
    reason: Text


class KeyResult(Part):
    id: Text | None = None
    title: Text
    metric: Text
    unit: Text
    direction: Literal["increase", "decrease", "at least", "at most"]
    baseline: Text | None = None
    target: Text
    due_on: Day
    owner: Text
    source: Text | None = None


class Aligned(Part):
    """An objective of an org unit that a personal one serves; `unit` is left out for the company's."""

    id: Text
    title: Text
    unit: Text | None = None


class Objective(Part):
    """`serves` is what the page prints; `gaps`, skill ids, `aligned` and `above`, free words, are what was chosen and written;
    `source` names what of the ladder's blueprint it began from, as a key result's does."""

    id: Text | None = None
    horizon: Horizon
    title: Text
    why: Text
    serves: Annotated[list[Text], Rows]
    gaps: Annotated[list[Text], Rows] = []
    above: Text = ""
    aligned: Aligned | None = None
    due_on: Day
    key_results: Annotated[list[KeyResult], Rows]
    projects: Annotated[list[Text], Rows]
    source: Text | None = None

    @property
    def has_wide_figures(self) -> bool:
        """Whether a figure needs more room on paper than figures usually do."""
        return any(
            len(figure or "") > WIDE for result in self.key_results for figure in (result.baseline, result.target)
        )


class CheckIn(Part):
    day: Count
    on: Day


class Milestone(Part):
    """What the role reaches so many months after the first day of an onboarding plan."""

    id: Text
    months: Annotated[int, Field(ge=1, le=60)]
    text: Text
    due_on: Day


class Signature(Part):
    role: Literal["Person", "Manager"]
    name: Text
    on: Day | None = None


class GrowthPlan(Part):
    format: Literal["nextrung-growth-plan/1"]
    language: Literal["en"]
    plan: Plan
    person: Person
    manager: Manager
    ladder: Ladder
    attainment: Attainment | None = None
    chosen: Annotated[list[Text], Rows] = []
    gaps: Annotated[list[Gap], Rows]
    differences: Annotated[list[Difference], Rows]
    not_applicable: Annotated[list[NotApplicable], Rows]
    objectives: Annotated[list[Objective], Rows]
    check_ins: Annotated[list[CheckIn], Rows]
    milestones: Annotated[list[Milestone], Rows] = []
    signatures: Annotated[list[Signature], Field(max_length=8)]


class DraftKeyResult(KeyResult):
    target: Text | None  # type: ignore[assignment]
    due_on: Day | None  # type: ignore[assignment]


class DraftObjective(Objective):
    due_on: Day | None  # type: ignore[assignment]
    key_results: Annotated[list[DraftKeyResult], Rows]  # type: ignore[assignment]


class DraftPlan(GrowthPlan):
    """A plan on its way to being agreed: the same parts, of which some may be open, and nothing to take for an agreement."""

    format: Literal["nextrung-growth-plan-draft/1"]  # type: ignore[assignment]
    plan: Head  # type: ignore[assignment]
    objectives: Annotated[list[DraftObjective], Rows]  # type: ignore[assignment]
    signatures: Annotated[list[Signature], Field(max_length=0)]


def read(data: object) -> GrowthPlan:
    """The data as typed, cleaned parts: a DraftPlan where it says that it is a draft. Raises: pydantic.ValidationError."""
    is_draft = isinstance(data, dict) and data.get("format") == DRAFT_FORMAT
    return (DraftPlan if is_draft else GrowthPlan).model_validate(data)
