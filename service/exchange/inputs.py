"""A plan as a file holds it."""

import json
from datetime import date
from math import isfinite
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from service.drafts.inputs import MOST_PROJECTS, Days, KeyResultFields, Source
from service.ladders.yamltext import MOST_DEPTH, UNPRINTABLE
from service.objectives.inputs import StartDay, Title, Word
from service.plans.inputs import SkillId
from service.plans.rules import Kind
from service.reviews.inputs import Input, OptionalText

MOST_HISTORY = 256 * 1024


class LadderName(Input):
    """A ladder version; where `sha256` is given, it is one of this content."""

    id: SkillId
    version: SkillId
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class KeyResultOfFile(KeyResultFields):
    """`id` is the one it has where the file was written."""

    id: UUID | None = None


class AlignedOfFile(Input):
    """The objective above, as it was named where the file was written."""

    id: UUID
    title: Title
    unit: Word = ""


class ObjectiveOfFile(Input):
    """`id` as in KeyResultOfFile; `projects` are lines."""

    id: UUID | None = None
    title: Title
    horizon: Days
    why: OptionalText = ""
    serves_gaps: list[SkillId] = Field(default_factory=list, max_length=60)
    serves: OptionalText = ""
    aligned: AlignedOfFile | None = None
    due_on: date | None = None
    source: Source = None
    projects: list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]] = Field(
        default_factory=list, max_length=MOST_PROJECTS
    )
    key_results: list[KeyResultOfFile] = Field(default_factory=list, max_length=10)


class PlanFile(Input):
    """A plan as a file, whole, to be checked or taken to another installation. `person` is an employee id. `history` is what
    was agreed where it comes from: it is kept as it came and is no agreement here. When the plan leaves again, those entries
    have `elsewhere: true`, and those of the installation that it leaves have not."""

    format: Literal["nextrung-plan/1"]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    kind: Kind = Kind.PROMOTION
    start_on: StartDay
    person: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    ladder: LadderName | None = None
    current: SkillId = ""
    target: SkillId = ""
    chosen: list[SkillId] = Field(default_factory=list, max_length=60)
    objectives: list[ObjectiveOfFile] = Field(default_factory=list, max_length=20)
    history: list[dict[str, Any]] = Field(default_factory=list, max_length=200)

    @field_validator("objectives")
    @classmethod
    def _told_once(cls, value: list[ObjectiveOfFile]) -> list[ObjectiveOfFile]:
        ids = [objective.id for objective in value if objective.id]
        ids += [result.id for objective in value for result in objective.key_results if result.id]
        if len(ids) > len(set(ids)):
            raise PydanticCustomError("unfit", "An id stands here twice; leave it out at one of the two.")
        return value

    @field_validator("history")
    @classmethod
    def _keepable(cls, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not _is_plain(value, MOST_DEPTH) or len(json.dumps(value)) > MOST_HISTORY:
            raise PydanticCustomError("unfit", "This holds more than the history of a plan does; leave it out.")
        return value


def _is_plain(value: Any, depth: int) -> bool:
    """Whether JSON data can be kept in any database and written out again."""
    if depth == 0:
        return False
    if isinstance(value, dict):
        return all(_is_plain(key, depth) and _is_plain(inner, depth - 1) for key, inner in value.items())
    if isinstance(value, list):
        return all(_is_plain(inner, depth - 1) for inner in value)
    if isinstance(value, str):
        return not UNPRINTABLE.search(value)
    return not isinstance(value, float) or isfinite(value)
