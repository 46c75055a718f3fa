"""The web application: explicit wiring, and nothing else."""

import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from types import ModuleType
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

import service.alignment.api
import service.alignment.pages
import service.audit.api
import service.audit.pages
import service.checkins.api
import service.checkins.pages
import service.closing.api
import service.closing.pages
import service.documents.api
import service.documents.pages
import service.drafts.api
import service.drafts.pages
import service.exchange.api
import service.exchange.pages
import service.formats.api
import service.formats.pages
import service.formats.queries
import service.gaps.api
import service.gaps.pages
import service.gaps.talk_pages
import service.home.pages
import service.ladderdrafts.api
import service.ladderdrafts.edit_pages
import service.ladderdrafts.pages
import service.ladders.api
import service.ladders.pages
import service.onboarding.api
import service.onboarding.pages
import service.people.api
import service.people.pages
import service.pins.api
import service.pins.pages
import service.plans.api
import service.plans.pages
import service.reviews.api
import service.reviews.assess_pages
import service.reviews.cycle_api
import service.reviews.cycle_pages
import service.reviews.pages
import service.revisions.api
import service.revisions.pages
import service.signin.api
import service.signin.pages
import service.team.api
import service.team.pages
import service.trends.api
import service.trends.pages
from service.checkins.queries import find_progress
from service.closing.queries import get_closing
from service.db import Database
from service.documents import files
from service.jobs import actions as jobs
from service.ladders.queries import known_levels, ladder_titles
from service.onboarding.queries import get_steps
from service.people.queries import list_names
from service.pins.queries import newer_versions
from service.plans.queries import get_plan_of_review
from service.settings import ROOT, Settings
from service.signin.queries import identify
from service.trends.queries import has_trend
from service.web import problems
from service.web.fonts import Fonts
from service.web.headers import SecurityHeaders
from service.web.toolarge import TooLargeInWords
from service.worker import make_tasks

DOORS = (
    service.home.pages,
    service.signin.pages,
    service.people.pages,
    service.formats.pages,
    service.ladderdrafts.pages,
    service.pins.pages,
    service.ladderdrafts.edit_pages,
    service.ladders.pages,
    service.reviews.cycle_pages,
    service.reviews.pages,
    service.reviews.assess_pages,
    service.gaps.pages,
    service.gaps.talk_pages,
    service.trends.pages,
    service.exchange.pages,
    service.onboarding.pages,
    service.documents.pages,
    service.plans.pages,
    service.drafts.pages,
    service.revisions.pages,
    service.closing.pages,
    service.alignment.pages,
    service.checkins.pages,
    service.team.pages,
    service.audit.pages,
    service.signin.api,
    service.people.api,
    service.formats.api,
    service.ladderdrafts.api,
    service.ladders.api,
    service.reviews.cycle_api,
    service.reviews.api,
    service.gaps.api,
    service.trends.api,
    service.exchange.api,
    service.onboarding.api,
    service.plans.api,
    service.drafts.api,
    service.documents.api,
    service.revisions.api,
    service.closing.api,
    service.alignment.api,
    service.checkins.api,
    service.pins.api,
    service.team.api,
    service.audit.api,
)
"""Where two of them fit a path, the first answers: /plans/new is no plan’s id."""

MOST_BYTES = 2 * 1024 * 1024


def make_app(
    settings: Settings, database: Database, *, work: bool = True, more_doors: Iterable[ModuleType] = ()
) -> FastAPI:
    """The application on `database`; with `work`, a thread of it works the job queue off."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=jobs.run_forever, args=(database, make_tasks(settings), stop), daemon=True)
        if work:
            files.remove_drafts(settings.documents)  # rendered by what may have been another version of the program
            thread.start()
        yield
        stop.set()
        if work:
            thread.join(timeout=30)

    app = FastAPI(
        title="Nextrung", version="1", lifespan=lifespan, max_body_size=MOST_BYTES, redoc_url=None, docs_url=None,
        redirect_slashes=False,  # such a redirect would go to whatever host the request names
    )  # fmt: skip
    app.state.settings, app.state.database, app.state.identify = settings, database, identify
    app.state.known_levels, app.state.ladder_titles, app.state.list_names = known_levels, ladder_titles, list_names
    app.state.find_progress, app.state.get_closing, app.state.get_steps = find_progress, get_closing, get_steps
    app.state.plan_of_review, app.state.newer_versions = get_plan_of_review, newer_versions
    app.state.has_trend = has_trend
    app.state.exports = service.formats.queries.exports()
    problems.install(app)
    for door in (*DOORS, *more_doors):
        app.include_router(door.router.inner)
    app.mount("/static/fonts", Fonts(), name="fonts")
    app.mount("/static", StaticFiles(directory=ROOT / "service" / "static"), name="static")
    if settings.secure:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[urlsplit(settings.base_url).hostname or ""])
    _wrap_in_headers(app, secure=settings.secure)
    return app


def _wrap_in_headers(app: FastAPI, *, secure: bool) -> None:
    """Security headers on every answer, those of the outermost middleware too: a fault of ours, a wrong host."""
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: SecurityHeaders(TooLargeInWords(build()), secure=secure)  # type: ignore[method-assign]
