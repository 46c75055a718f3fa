"""The shapes of ladder.yaml, of blueprint.yaml and of what the API takes; ladders/*.schema.json are made from them."""

from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from service.ladders.rules import HOUSE, Horizon, Importance, Requirement
from service.ladders.yamltext import MOST_BYTES

ID_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
VERSION_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


def _check_date(text: str) -> str:
    if len(text) != 10 or date.fromisoformat(text).isoformat() != text:
        raise ValueError
    return text


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=80)]
Version = Annotated[str, StringConstraints(pattern=VERSION_PATTERN, max_length=40)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Dated = Annotated[str, AfterValidator(_check_date), WithJsonSchema({"type": "string", "format": "date"})]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _say_when_reason(schema: dict[str, Any]) -> None:
    schema["if"] = {"properties": {"document": {"const": HOUSE}}}
    schema["then"] = {"required": ["reason"]}
    schema["else"] = {"required": ["section"]}


class SourceShape(Shape):
    """Where a statement comes from: a document and its section, or `house` with a reason."""

    model_config = ConfigDict(json_schema_extra=_say_when_reason)

    document: Id
    """An id of `documents`, or `house` for what the documents leave open."""
    section: Title | None = None
    reason: Words | None = None
    """Why the house added or decided it."""


class DocumentShape(Shape):
    title: Title
    dated: Dated | None = None


class LevelShape(Shape):
    """One rung; the list goes from the lowest to the highest."""

    id: Id
    title: Title
    summary: Words
    source: SourceShape
    was: Id | None = None
    """Its id in the version that this one supersedes, where that is another."""


class CategoryShape(Shape):
    id: Id
    title: Title


class ExpectationShape(Shape):
    """What is expected from a level on; written once, where it begins."""

    level: Id
    requirement: Requirement
    statement: Words
    """In the present tense, without a subject."""
    indicators: tuple[Words, ...] = Field(default=(), max_length=20)
    """What one sees when it is met."""
    counter_indicators: tuple[Words, ...] = Field(default=(), max_length=20)
    """What one sees when it is not yet."""
    source: SourceShape


class SkillShape(Shape):
    """The same id in two ladders is the same skill."""

    id: Id
    name: Title
    category: Id
    importance: Importance
    summary: Words
    source: SourceShape
    expectations: tuple[ExpectationShape, ...] = Field(min_length=1)
    """In the order of the levels; one at each level where something new begins."""
    was: Id | None = None
    """Its id in the version that this one supersedes, where that is another."""


class GatesShape(Shape):
    should_share: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.7
    """Share of the should-expectations that a level needs."""


class LadderFile(Shape):
    """One version of one ladder, as written in ladder.yaml."""

    format: Literal["nextrung-ladder/1"]
    ladder: Id
    """The name of the folder above the version's."""
    version: Version
    """The name of the folder; in quotes, for it is text."""
    title: Title
    family: Id
    """The job family; ladders of one family are neighbours."""
    dated: Dated
    supersedes: Version | None = None
    """The version that this one replaces."""
    summary: Words
    gates: GatesShape = GatesShape()
    documents: dict[Id, DocumentShape] = Field(default={}, max_length=100)
    levels: tuple[LevelShape, ...] = Field(min_length=1, max_length=20)
    categories: tuple[CategoryShape, ...] = Field(min_length=1, max_length=50)
    skills: tuple[SkillShape, ...] = Field(min_length=1, max_length=200)
    carried: dict[Id, Any] | None = Field(default=None, max_length=10)
    """What a format that it was brought in with says beyond a ladder, by that format's name; nobody needs to write it."""


class ItemShape(Shape):
    id: Id
    title: Title | None = None
    text: Words
    tag: Title | None = None
    source: SourceShape | None = None
    """Left out where it is the source of the list."""


class GroupShape(Shape):
    id: Id
    title: Title
    items: tuple[ItemShape, ...] = Field(min_length=1, max_length=200)


class SectionShape(Shape):
    id: Id
    number: Annotated[int, Field(strict=True, ge=1, le=100)]
    title: Title
    source: SourceShape
    groups: tuple[GroupShape, ...] = Field(min_length=1, max_length=100)


class GoalsShape(Shape):
    horizon: Horizon
    title: Title
    source: SourceShape
    goals: tuple[ItemShape, ...] = Field(min_length=1, max_length=50)
    evidence: tuple[ItemShape, ...] = Field(default=(), max_length=50)


class KpiShape(Shape):
    id: Id
    name: Title
    type: Title
    measures: Words
    why: Words
    target: Words
    frequency: Title
    source: SourceShape | None = None


class KpisShape(Shape):
    source: SourceShape
    items: tuple[KpiShape, ...] = Field(min_length=1, max_length=100)
    notes: tuple[ItemShape, ...] = Field(default=(), max_length=50)


class DimensionShape(Shape):
    id: Id
    title: Title
    bar: Words
    weight: Annotated[int, Field(strict=True, ge=1, le=100)]
    """In whole per cent; all together make 100."""
    source: SourceShape | None = None


class ScorecardShape(Shape):
    source: SourceShape
    dimensions: tuple[DimensionShape, ...] = Field(min_length=1, max_length=50)


class SkillGroupShape(Shape):
    id: Id
    title: Title
    source: SourceShape
    skills: tuple[Id, ...] = Field(min_length=1, max_length=200)


class CriterionShape(Shape):
    id: Id
    title: Title
    text: Words
    skill: Id
    """A skill of ladder.yaml with an expectation that begins at the level above."""
    source: SourceShape | None = None


class PromotionShape(Shape):
    from_level: Id = Field(alias="from")
    to_level: Id = Field(alias="to")
    source: SourceShape
    criteria: tuple[CriterionShape, ...] = Field(min_length=1, max_length=50)


class TargetShape(Shape):
    id: Id
    name: Title
    measures: Words
    target: Words | None = None
    """Left out where the source names the figure alone."""
    source: SourceShape | None = None


class AreaShape(Shape):
    """An area of responsibility, from its measures to the figures it is counted by."""

    id: Id
    title: Title
    source: SourceShape | None = None
    skills: tuple[Id, ...] = Field(min_length=1, max_length=50)
    """Skills of ladder.yaml whose gaps the area fits."""
    measures: tuple[ItemShape, ...] = Field(default=(), max_length=50)
    """How one sees that the area goes well."""
    starts: tuple[ItemShape, ...] = Field(min_length=1, max_length=50)
    """Objectives to begin with."""
    projects: tuple[ItemShape, ...] = Field(default=(), max_length=50)
    targets: tuple[TargetShape, ...] = Field(default=(), max_length=50)
    """Figures for key results."""


class AreasShape(Shape):
    source: SourceShape
    areas: tuple[AreaShape, ...] = Field(min_length=1, max_length=50)
    notes: tuple[ItemShape, ...] = Field(default=(), max_length=50)


class BlueprintFile(Shape):
    """The description of a role around its ladder, as written in blueprint.yaml."""

    format: Literal["nextrung-blueprint/1"]
    ladder: Id
    version: Version
    title: Title
    documents: dict[Id, DocumentShape] = Field(default={}, max_length=100)
    sections: tuple[SectionShape, ...] = Field(min_length=1, max_length=100)
    goals: tuple[GoalsShape, ...] = Field(default=(), max_length=6)
    kpis: KpisShape | None = None
    scorecard: ScorecardShape | None = None
    skills: tuple[SkillGroupShape, ...] = Field(default=(), max_length=50)
    promotion: tuple[PromotionShape, ...] = Field(default=(), max_length=20)
    starting_points: AreasShape | None = None


EXAMPLE = """\
format: nextrung-ladder/1
ladder: tester
version: "2026.1"
title: Tester
family: quality
dated: 2026-01-31
summary: Finds out what does not work.
documents: {profile: {title: Profile of a tester}}
levels:
  - {id: junior, title: Junior, summary: Tests alone., source: {document: profile, section: "1"}}
categories: [{id: craft, title: Craft}]
skills:
  - id: testing
    name: Testing
    category: craft
    importance: critical
    summary: Testing what was built.
    source: {document: profile, section: "2"}
    expectations:
      - level: junior
        requirement: must
        statement: Tests what is there.
        source: {document: house, reason: Nobody can test less.}
"""


class LadderQuery(BaseModel):
    """What a reader asks of a ladder's page, as it stands in the address; empty means everything."""

    model_config = ConfigDict(frozen=True)

    levels: str = Field(default="", max_length=400)
    requirement: Literal["", "must", "should", "may"] = ""
    category: str = Field(default="", max_length=80)
    source: Literal["", "house", "documents"] = ""
    q: str = Field(default="", max_length=200)

    def address(self, **changes: str) -> str:
        """The same question, changed, as the query of a link."""
        asked = {name: value for name, value in (self.model_dump() | changes).items() if value}
        return "?" + urlencode(asked, safe=",")


class DifferencesQuery(BaseModel):
    """What a version is compared with: a version of its ladder, or `ladder/version` of another; empty is the one before."""

    model_config = ConfigDict(frozen=True)

    before: str = Field(default="", max_length=130, alias="from")


class LibraryQuery(BaseModel):
    """What a reader asks of the library of skills, as it stands in the address; empty means everything."""

    model_config = ConfigDict(frozen=True)

    ladder: str = Field(default="", max_length=80)
    category: str = Field(default="", max_length=80)
    differing: Literal["", "true"] = ""
    q: str = Field(default="", max_length=200)


class LadderTexts(BaseModel):
    """A ladder version as the text of its files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ladder_yaml: str = Field(
        min_length=1, max_length=MOST_BYTES, description="The whole of ladder.yaml.", examples=[EXAMPLE]
    )
    blueprint_yaml: str | None = Field(
        default=None, max_length=MOST_BYTES, description="The whole of blueprint.yaml, if there is one."
    )


FILES: dict[str, type[Shape]] = {"ladder": LadderFile, "blueprint": BlueprintFile}


def json_schema(file: str) -> dict[str, Any]:
    """The JSON Schema of `ladder` or `blueprint` files, for editors."""
    schema = FILES[file].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{file}.schema.json"} | schema
