"""HTML doors of ladders."""

import json
from datetime import date
from functools import cache
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from service.errors import NotFound
from service.ladders import actions, queries, views
from service.ladders.inputs import FILES, DifferencesQuery, LadderQuery, LibraryQuery, json_schema
from service.ladders.library import Wanted, compared, count_skills
from service.ladders.outline import outline
from service.ladders.rules import Requirement
from service.people.queries import own_place
from service.permissions import Permission
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/schemas/{file}.schema.json", permission=Permission.PUBLIC)
def show_schema(file: str) -> Response:
    """The JSON Schema of ladder.yaml or blueprint.yaml, which editors fetch without signing in."""
    if file not in FILES:
        raise NotFound
    return Response(_schema(file), media_type="application/schema+json")


@router.get("/ladders", permission=Permission.READ_LADDERS)
def list_ladders(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Every ladder with its versions."""
    lines = queries.list_versions(session, actor)
    place = own_place(session, actor)
    latest = [
        (view, views.level_choices(view.ladder, view.ladder.levels, views.own_level(view.ladder, place)))
        for view in queries.latest_of(session, lines)
    ]
    return page(request, "ladders/list.html", latest=latest, lines=lines)


@router.get("/ladders/{ladder}/{version}", permission=Permission.READ_LADDERS)
def show_ladder(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    ladder: str,
    version: str,
    asked: Annotated[LadderQuery, Query()],
) -> Response:
    """What each skill asks at the reader's level and the next one, at two levels by name, or at all of them."""
    view = queries.get_version(session, actor, ladder, version)
    versions = queries.versions_of(session, actor, ladder)
    requirement = Requirement(asked.requirement) if asked.requirement else None
    wanted = views.Filter(requirement, asked.category, asked.source, asked.q)
    shown = views.show(view.ladder, asked.levels, wanted, own_place(session, actor))
    return page(
        request, "ladders/ladder.html", view=view, ladder=view.ladder, dated=date.fromisoformat(view.ladder.dated),
        versions=versions, before=queries.version_before(view.ladder, versions), rungs=views.rungs(view.ladder), asked=asked,
        wanted=wanted, shown=shown, matrix=shown.matrix, exports=request.app.state.exports,
        categories=[("", "All"), *((each.id, each.title) for each in view.ladder.categories)],
    )  # fmt: skip


@router.get("/ladders/{ladder}/{version}/skills/{skill}", permission=Permission.READ_LADDERS)
def show_skill_of_version(
    request: Request, session: DbSession, actor: SignedIn, ladder: str, version: str, skill: str
) -> Response:
    """One skill over all levels, in this version and in the latest one of the other ladders that have it."""
    return _skill_page(request, session, actor, skill, queries.get_version(session, actor, ladder, version))


@router.get("/ladders/{ladder}/{version}/differences", permission=Permission.READ_LADDERS)
def show_differences(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    ladder: str,
    version: str,
    asked: Annotated[DifferencesQuery, Query()],
) -> Response:
    """What this version says differently from the one before, or from any other."""
    view = queries.get_version(session, actor, ladder, version)
    before = asked.before or queries.version_before(view.ladder, queries.versions_of(session, actor, ladder))
    found = queries.compare_versions(session, actor, ladder, version, before) if before else None
    others = [line for line in queries.list_versions(session, actor) if line.id != view.id]
    choices = queries.choices(others, ladder)
    return page(request, "ladders/differences.html", ladder=view.ladder, found=found, choices=choices)


@router.get("/skills", permission=Permission.READ_LADDERS)
def list_skills(
    request: Request, session: DbSession, actor: SignedIn, asked: Annotated[LibraryQuery, Query()]
) -> Response:
    """Every skill of the latest versions, where it is used, and whether ladders word it differently."""
    wanted = Wanted(asked.ladder, asked.category, bool(asked.differing), asked.q)
    found, ladders = queries.list_skills(session, actor, wanted)
    categories = {it.id: it.title for ladder in ladders[::-1] for it in ladder.categories}
    levels = {it.id: it.title for ladder in ladders[::-1] for it in ladder.levels}
    return page(
        request, "ladders/library.html", asked=asked, found=found, of=count_skills(ladders), level_titles=levels,
        ladders=[("", "All"), *((it.id, it.title) for it in ladders)],
        categories=[("", "All"), *sorted(categories.items(), key=lambda pair: pair[1])],
    )  # fmt: skip


@router.get("/skills/{skill}", permission=Permission.READ_LADDERS)
def show_skill(request: Request, session: DbSession, actor: SignedIn, skill: str) -> Response:
    """One skill over all levels, in the latest version of every ladder that has it."""
    return _skill_page(request, session, actor, skill)


@router.get("/ladders/{ladder}/{version}/blueprint", permission=Permission.READ_LADDERS)
def show_blueprint(request: Request, session: DbSession, actor: SignedIn, ladder: str, version: str) -> Response:
    """The description of the role around the ladder."""
    view = queries.get_version(session, actor, ladder, version)
    blueprint = queries.blueprint_of(view)
    return page(
        request, "ladders/blueprint.html", ladder=view.ladder, blueprint=blueprint, outline=outline(blueprint)
    )  # fmt: skip


@router.post("/ladders/{ladder}/{version}/retirement", permission=Permission.PUBLISH_LADDERS)
def create_retirement(session: DbSession, actor: SignedIn, ladder: str, version: str) -> Response:
    """Retire a version."""
    row = actions.retire_version(session, actor, ladder, version)
    return see_other(f"/ladders/{ladder}/{version}", flash=f"{row.title} {row.version} is retired and stays readable.")


def _skill_page(
    request: Request, session: DbSession, actor: SignedIn, skill: str, pinned: queries.LadderView | None = None
) -> Response:
    ladders = [view.ladder for view in queries.get_skill(session, actor, skill, pinned)]
    return page(
        request, "ladders/skill.html", pinned=pinned, skill=views.across(skill, ladders), ladders=ladders,
        rows=views.by_level(skill, ladders), compared=[(other, compared(skill, ladders[0], other)) for other in ladders[1:]],
    )  # fmt: skip


@cache
def _schema(file: str) -> str:
    return json.dumps(json_schema(file), indent=2, ensure_ascii=False)
