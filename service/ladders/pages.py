"""HTML doors of ladders."""

import json
from datetime import date
from functools import cache
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from service.errors import NotFound
from service.ladders import actions, queries, views
from service.ladders.inputs import FILES, LadderQuery, json_schema
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
    requirement = Requirement(asked.requirement) if asked.requirement else None
    wanted = views.Filter(requirement, asked.category, asked.source, asked.q)
    shown = views.show(view.ladder, asked.levels, wanted, own_place(session, actor))
    return page(
        request, "ladders/ladder.html", view=view, ladder=view.ladder, dated=date.fromisoformat(view.ladder.dated),
        versions=queries.versions_of(session, actor, ladder), rungs=views.rungs(view.ladder), asked=asked, wanted=wanted,
        shown=shown, matrix=shown.matrix,
        categories=[("", "All"), *((each.id, each.title) for each in view.ladder.categories)],
    )  # fmt: skip


@router.get("/ladders/{ladder}/{version}/skills/{skill}", permission=Permission.READ_LADDERS)
def show_skill_of_version(
    request: Request, session: DbSession, actor: SignedIn, ladder: str, version: str, skill: str
) -> Response:
    """One skill over all levels, in this version and in the latest one of the other ladders that have it."""
    return _skill_page(request, session, actor, skill, queries.get_version(session, actor, ladder, version))


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
        rows=views.by_level(skill, ladders),
    )  # fmt: skip


@cache
def _schema(file: str) -> str:
    return json.dumps(json_schema(file), indent=2, ensure_ascii=False)
