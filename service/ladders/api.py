"""JSON doors of ladders."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from service.errors import Invalid, Problem
from service.ladders import actions, queries, views
from service.ladders.comparing.telling import Telling
from service.ladders.inputs import DifferencesQuery
from service.ladders.library import SharedSkill, Wanted
from service.ladders.queries import VersionLine
from service.ladders.rules import Blueprint, Ladder, Skill, Status
from service.ladders.views import SkillAcross
from service.permissions import Permission
from service.web.paging import After, Limit, cut, link_next, read_cursor
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="ladders")
ShortText = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class LadderAnswer:
    """A version and its ladder; the blueprint has an address of its own."""

    id: UUID
    sha256: str
    status: Status
    ladder: Ladder


@dataclass(frozen=True, slots=True)
class SkillAnswer:
    """A skill as one version defines it, and the ladders whose latest version has it."""

    ladder: str
    version: str
    skill: Skill
    ladders: tuple[str, ...]


@router.get("/ladders", permission=Permission.READ_LADDERS)
def list_ladders(
    session: DbSession, actor: SignedIn, response: Response, after: After = None, limit: Limit = 50
) -> list[VersionLine]:
    """Every ladder version, published or retired, by ladder and name."""
    rows = queries.page_of_versions(session, actor, read_cursor(after), limit)
    page = cut(rows, limit, lambda line: f"{line.ladder}/{line.version}")
    link_next(response, "/api/v1/ladders", page, limit=str(limit))
    return list(page.rows)


@router.get("/ladders/{ladder}/{version}", permission=Permission.READ_LADDERS)
def get_ladder(ladder: str, version: str, session: DbSession, actor: SignedIn) -> LadderAnswer:
    """One version with its levels, skills and expectations."""
    view = queries.get_version(session, actor, ladder, version)
    return LadderAnswer(view.id, view.sha256, view.status, view.ladder)


@router.get("/ladders/{ladder}/{version}/skills/{skill}", permission=Permission.READ_LADDERS)
def get_skill(ladder: str, version: str, skill: str, session: DbSession, actor: SignedIn) -> SkillAnswer:
    """One skill of a version, over all levels."""
    view = queries.get_version(session, actor, ladder, version)
    found = queries.skill_in(view, skill)
    ladders = tuple(other.ladder.id for other in queries.find_skill(session, actor, skill))
    return SkillAnswer(ladder, version, found, ladders)


@router.get("/ladders/{ladder}/{version}/differences", permission=Permission.READ_LADDERS)
def get_differences(
    ladder: str, version: str, session: DbSession, actor: SignedIn, asked: Annotated[DifferencesQuery, Query()]
) -> Telling:
    """What this version says differently from another one, by kind of change; each change also stands there in words."""
    view = queries.get_version(session, actor, ladder, version)
    before = asked.before or queries.version_before(view.ladder, queries.versions_of(session, actor, ladder))
    if not before:
        problem = Problem("/from", "Name a version, or ladder/version of another ladder.")
        raise Invalid(
            f"{view.ladder.title} {version} is the first version: there is none before to compare it with.", [problem]
        )
    return queries.compare_versions(session, actor, ladder, version, before).telling


@router.get("/skills", permission=Permission.READ_LADDERS)
def list_skills(
    session: DbSession,
    actor: SignedIn,
    response: Response,
    ladder: ShortText = "",
    category: ShortText = "",
    differing: bool = False,
    q: ShortText = "",
    after: After = None,
    limit: Limit = 50,
) -> list[SharedSkill]:
    """The skills of the latest versions by name, where each is used, and whether ladders word it differently."""
    found, _ = queries.list_skills(session, actor, Wanted(ladder, category, differing, q))
    last = read_cursor(after) or ""
    page = cut([shared for shared in found if shared.key > last][: limit + 1], limit, lambda shared: shared.key)
    kept = {"ladder": ladder, "category": category, "differing": "true" if differing else "", "q": q}
    link_next(response, "/api/v1/skills", page, **kept)
    return list(page.rows)


@router.get("/skills/{skill}", permission=Permission.READ_LADDERS)
def get_skill_across(skill: str, session: DbSession, actor: SignedIn) -> SkillAcross:
    """One skill over all roles: what each level of the latest version of every ladder expects, and how much of it is must-have."""
    return views.across(skill, [view.ladder for view in queries.get_skill(session, actor, skill)])


@router.get("/ladders/{ladder}/{version}/blueprint", permission=Permission.READ_LADDERS)
def get_blueprint(ladder: str, version: str, session: DbSession, actor: SignedIn) -> Blueprint:
    """The description of the role around the ladder."""
    return queries.blueprint_of(queries.get_version(session, actor, ladder, version))


@router.post("/ladders/{ladder}/{version}/retirement", permission=Permission.PUBLISH_LADDERS)
def retire_ladder(ladder: str, version: str, session: DbSession, actor: SignedIn) -> VersionLine:
    """Take a version out of use for new reviews; it stays readable."""
    return queries.line_of(actions.retire_version(session, actor, ladder, version))
