"""HTML doors of ladders."""

import json
from datetime import date
from functools import cache
from typing import Literal

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from service.errors import Invalid, NotFound, Problem
from service.ladders import actions, canonical, queries, views
from service.ladders.files import Reading, read_texts
from service.ladders.inputs import FILES, LadderTexts, json_schema
from service.ladders.rules import Requirement
from service.permissions import Permission, require
from service.web.forms import Form, parse
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
    latest = queries.list_latest(session, actor)
    lines = queries.list_versions(session, actor)
    return page(request, "ladders/list.html", latest=latest, lines=lines)


@router.get("/ladders/new", permission=Permission.PUBLISH_LADDERS)
def show_new(request: Request, actor: SignedIn) -> Response:
    """The form that takes the files of a version."""
    require(actor, Permission.PUBLISH_LADDERS)
    return page(request, "ladders/new.html", found=())


@router.post("/ladders/preview", permission=Permission.PUBLISH_LADDERS)
def show_preview(request: Request, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """What the files say, before anything is written."""
    require(actor, Permission.PUBLISH_LADDERS)
    ladder_yaml, blueprint_yaml = _content(form, "ladder"), _content(form, "blueprint")
    if not ladder_yaml:
        problem = Invalid("The ladder is missing.", [Problem("/ladder", "Choose the file ladder.yaml.")])
        return page(request, "ladders/new.html", status=problem.status, problem=problem, found=())
    reading = read_texts(ladder_yaml, blueprint_yaml or None)
    if reading.ladder is None:
        return _with_problems(request, reading)
    there = queries.find_version(session, actor, reading.ladder.id, reading.ladder.version)
    sha256 = canonical.hash_of(canonical.to_json(reading.ladder, reading.blueprint))
    return page(
        request, "ladders/preview.html", ladder=reading.ladder, blueprint=reading.blueprint, there=there, sha256=sha256,
        ladder_yaml=ladder_yaml.decode("utf-8-sig"), blueprint_yaml=blueprint_yaml.decode("utf-8-sig"),
        rungs=views.rungs(reading.ladder),
    )  # fmt: skip


@router.post("/ladders", permission=Permission.PUBLISH_LADDERS)
def create_version(request: Request, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Publish what was confirmed."""
    try:
        texts = parse(LadderTexts, form)
        row = actions.publish_texts(session, actor, texts)
    except Invalid as problem:
        session.rollback()
        return page(request, "ladders/new.html", status=problem.status, problem=problem, found=())
    return see_other(f"/ladders/{row.ladder}/{row.version}", flash=f"{row.title} {row.version} is published.")


@router.get("/ladders/{ladder}/{version}", permission=Permission.READ_LADDERS)
def show_ladder(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    ladder: str,
    version: str,
    level: str = "",
    requirement: Literal["", "must", "should", "may"] = "",
    category: str = "",
    source: views.Origin = "",
    all: str = "",
) -> Response:
    """The levels, and what each skill asks at a level and the next one (or, with all=1, at every level)."""
    view = queries.get_version(session, actor, ladder, version)
    levels = views.levels_shown(view.ladder, level, everything=bool(all))
    wanted = Requirement(requirement) if requirement else None
    table = views.table(view.ladder, views.Shown(levels, wanted, category, source))
    return page(
        request, "ladders/ladder.html", view=view, ladder=view.ladder, dated=date.fromisoformat(view.ladder.dated),
        rungs=views.rungs(view.ladder), levels=levels, table=table,
        level_choices=[(each.id, each.title) for each in view.ladder.levels],
        category_choices=[("", "All"), *((each.id, each.title) for each in view.ladder.categories)],
        asked={"level": levels[0].id, "requirement": requirement, "category": category, "source": source, "all": all},
    )  # fmt: skip


@router.get("/ladders/{ladder}/{version}/skills/{skill}", permission=Permission.READ_LADDERS)
def show_skill(
    request: Request, session: DbSession, actor: SignedIn, ladder: str, version: str, skill: str
) -> Response:
    """One skill over all levels, here and in the other ladders that have it."""
    view = queries.get_version(session, actor, ladder, version)
    found = queries.skill_in(view, skill)
    others = [other for other in queries.find_skill(session, actor, skill) if other.ladder.id != ladder]
    ladders = [view.ladder, *(other.ladder for other in others)]
    return page(
        request, "ladders/skill.html", view=view, ladder=view.ladder, skill=found, ladders=ladders,
        facts=views.skill_facts(skill, ladders),
    )  # fmt: skip


@router.get("/ladders/{ladder}/{version}/blueprint", permission=Permission.READ_LADDERS)
def show_blueprint(request: Request, session: DbSession, actor: SignedIn, ladder: str, version: str) -> Response:
    """The description of the role around the ladder."""
    view = queries.get_version(session, actor, ladder, version)
    blueprint = queries.blueprint_of(view)
    return page(request, "ladders/blueprint.html", view=view, ladder=view.ladder, blueprint=blueprint)


@router.post("/ladders/{ladder}/{version}/retirement", permission=Permission.PUBLISH_LADDERS)
def create_retirement(session: DbSession, actor: SignedIn, ladder: str, version: str) -> Response:
    """Retire a version."""
    row = actions.retire_version(session, actor, ladder, version)
    return see_other(f"/ladders/{ladder}/{version}", flash=f"{row.title} {row.version} is retired and stays readable.")


@cache
def _schema(file: str) -> str:
    return json.dumps(json_schema(file), indent=2, ensure_ascii=False)


def _content(form: FormData, name: str) -> bytes:
    file = form.get(name)
    return file.file.read() if isinstance(file, UploadFile) else b""


def _with_problems(request: Request, reading: Reading) -> Response:
    count = len(reading.problems)
    problem = Invalid(f"{'One thing' if count == 1 else f'{count} things'} to mend before this can be published.")
    return page(request, "ladders/new.html", status=problem.status, problem=problem, found=reading.problems)
