"""JSON doors of gaps."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from service.gaps import queries
from service.gaps.rules import Count, Difference, Finding, Rung, State
from service.gaps.views import Basis, GapReport
from service.ladders.inputs import ID_PATTERN
from service.ladders.rules import Importance, Level, Requirement
from service.permissions import Permission
from service.reviews.rules import Rating, Side
from service.web.forms import AsOf
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="gaps")

ORDER = "By requirement, then importance, then distance (far first), then skill id."

LevelId = Annotated[
    str | None, Query(pattern=ID_PATTERN, max_length=80, description="A level; the target level if left out.")
]
LadderId = Annotated[
    str | None, Query(pattern=ID_PATTERN, max_length=80, description="Another ladder, in its newest published version.")
]
Words = Annotated[str | None, Field(description="A rating in words; null where there is none that the caller may see.")]


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class LevelName(Answer):
    id: str
    title: str


class LadderName(Answer):
    id: str
    version: str
    title: str


class LevelAnswer(Answer):
    """The gates of one level. `passes` looks at this level alone, `attained` at it and all below."""

    id: str
    title: str
    must: Count
    should: Count
    passes: bool
    attained: bool
    blockers: list[str] = Field(description="The skills that block this level, by name, in the stated order.")
    not_applicable: list[str]


class FindingAnswer(Answer):
    """One expectation of the target level against the counted rating, and each set of ratings in words."""

    skill_id: str
    skill: str
    requirement: Requirement
    importance: Importance
    state: State
    distance: int | None = Field(description="Defined levels between the rung and the expectation; null where unknown.")
    level: str = Field(description="The level where the expectation begins.")
    statement: str
    reason: str = Field(description="Why it is not applicable.")
    self_: Words = Field(serialization_alias="self")
    manager: Words
    agreed: Words


class DifferenceAnswer(Answer):
    """Self and manager on one skill; `rungs` is manager minus self, null where only one chose a rung."""

    skill_id: str
    skill: str
    self_: Words = Field(serialization_alias="self")
    manager: Words
    rungs: int | None = Field(description="0 where one of them sees parts of the next rung.")
    higher: Side | None = Field(description="Who sees the person higher; null where `rungs` is.")


class GapAnswer(Answer):
    """Attainment and gaps of one review against one level, from what the caller may see."""

    review_id: UUID
    ladder: LadderName
    sha256: str = Field(description="The hash of the ladder version's content.")
    target: LevelName
    basis: Basis = Field(description="Whose ratings are counted.")
    as_of: date | None = Field(description="The day at whose end it stood so; null for now.")
    is_draft: bool = Field(description="Whether the basis is still being written.")
    attained: LevelName | None = Field(description="Null on the way to the first level.")
    next: LevelName | None = Field(description="Null where every level is attained.")
    at_top: bool = Field(description="Whether no level follows the target on this ladder.")
    levels: list[LevelAnswer]
    order: str = Field(description="How findings and blockers are ordered.", examples=[ORDER])
    findings: list[FindingAnswer]
    differences: list[DifferenceAnswer]
    neighbours: list[LadderName] = Field(description="Other published ladders of the family.")


@router.get("/reviews/{review_id}/gaps", permission=Permission.READ_GAPS)
def show_gaps(
    review_id: UUID,
    session: DbSession,
    actor: SignedIn,
    level: LevelId = None,
    ladder: LadderId = None,
    as_of: AsOf = None,
) -> GapAnswer:
    """The gaps to the target level, or to any level of the pinned version or of another ladder; now, or as of a day."""
    report = queries.get_report(session, actor, review_id, level=level, ladder=ladder, as_of=as_of)
    attainment = report.attainment
    return GapAnswer(
        review_id=report.review.id,
        ladder=LadderName(id=report.ladder.id, version=report.ladder.version, title=report.ladder.title),
        sha256=report.sha256,
        target=_name(report.target),
        basis=report.basis,
        as_of=report.as_of,
        is_draft=report.is_draft,
        attained=_name(attainment.attained) if attainment.attained else None,
        next=_name(attainment.next) if attainment.next else None,
        at_top=report.at_top,
        levels=[_level(rung) for rung in attainment.rungs],
        order=ORDER,
        findings=[_finding(report, finding) for finding in report.findings],
        differences=[_difference(report, difference) for difference in report.differences],
        neighbours=[LadderName(id=id_, version=version, title=title) for id_, version, title in report.neighbours],
    )


def _name(level: Level) -> LevelName:
    return LevelName(id=level.id, title=level.title)


def _level(rung: Rung) -> LevelAnswer:
    return LevelAnswer(
        id=rung.level.id,
        title=rung.level.title,
        must=rung.must,
        should=rung.should,
        passes=rung.passes,
        attained=rung.attained,
        blockers=[finding.skill.name for finding in rung.blockers],
        not_applicable=[finding.skill.name for finding in rung.not_applicable],
    )


def _finding(report: GapReport, finding: Finding) -> FindingAnswer:
    skill, expectation = finding.skill, finding.expectation
    return FindingAnswer(
        skill_id=skill.id,
        skill=skill.name,
        requirement=expectation.requirement,
        importance=skill.importance,
        state=finding.state,
        distance=finding.distance,
        level=expectation.level,
        statement=expectation.statement,
        reason=finding.reason,
        self_=_words(report, report.self_, skill.id),
        manager=_words(report, report.manager, skill.id),
        agreed=_words(report, report.agreed, skill.id),
    )


def _difference(report: GapReport, difference: Difference) -> DifferenceAnswer:
    skill = difference.skill
    return DifferenceAnswer(
        skill_id=skill.id,
        skill=skill.name,
        self_=_words(report, report.self_, skill.id),
        manager=_words(report, report.manager, skill.id),
        rungs=difference.rungs,
        higher=difference.higher,
    )


def _words(report: GapReport, ratings: dict[str, Rating], skill_id: str) -> str | None:
    return report.words(ratings, skill_id) if skill_id in ratings else None
