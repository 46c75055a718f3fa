"""HTML doors of cycles."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service import clock
from service.errors import Invalid
from service.ladders.queries import list_latest
from service.people.queries import list_units
from service.permissions import Actor, Permission, may, require
from service.reviews import cycles, progress, queries, rules
from service.reviews.inputs import CycleInput
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/cycles", permission=Permission.LIST_CYCLES)
def show_cycles(request: Request, session: DbSession, actor: SignedIn, after: After = None) -> Response:
    found = queries.list_cycles(session, actor, after=after)
    may_open = may(actor, Permission.RUN_CYCLES)
    return page(request, "cycles/list.html", cycles=found, after=after, may_open=may_open)


@router.get("/cycles/new", permission=Permission.RUN_CYCLES)
def show_new_cycle(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return _form(request, session, actor)


def _form(
    request: Request,
    session: DbSession,
    actor: Actor,
    problem: Invalid | None = None,
    values: Mapping[str, Any] | None = None,
) -> Response:
    require(actor, Permission.RUN_CYCLES)
    return page(
        request,
        "cycles/new.html",
        status=problem.status if problem else 200,
        problem=problem,
        values=values or {},
        ladders=[(view.ladder.id, view.ladder.title) for view in list_latest(session, actor)],
        units=list_units(session, actor),
        today=clock.today(),
    )


@router.post("/cycles/previews", permission=Permission.RUN_CYCLES)
def preview_cycle(request: Request, session: DbSession, actor: SignedIn, form: Form) -> Response:
    try:
        plan = cycles.plan_cycle(session, actor, parse(CycleInput, form))
    except Invalid as problem:
        session.rollback()
        return _form(request, session, actor, problem, form)
    return page(request, "cycles/preview.html", plan=plan, values=form)


@router.post("/cycles", permission=Permission.RUN_CYCLES)
def create_cycle(request: Request, session: DbSession, actor: SignedIn, form: Form) -> Response:
    try:
        cycle = cycles.open_cycle(session, actor, parse(CycleInput, form))
    except Invalid as problem:
        session.rollback()
        return _form(request, session, actor, problem, form)
    return see_other(f"/cycles/{cycle.id}", flash="Opened. Everybody finds their part on their home page.")


@router.get("/cycles/{cycle_id}", permission=Permission.LIST_CYCLES)
def show_cycle(request: Request, cycle_id: UUID, session: DbSession, actor: SignedIn, after: After = None) -> Response:
    cycle = queries.get_cycle(session, actor, cycle_id)
    reviews = queries.list_reviews(session, actor, cycle_id=cycle_id, after=after)
    may_close = may(actor, Permission.RUN_CYCLES) and cycle.closed_at is None
    late = progress.count_late(session, actor, cycle_id, clock.today())
    hindrance = rules.OWN_REVIEW_RUNS if may_close and queries.runs_own_review(session, actor, cycle_id) else ""
    shown: dict[str, Any] = {
        "cycle": cycle,
        "reviews": reviews,
        "late": late,
        "may_close": may_close,
        "hindrance": hindrance,
    }
    return page(request, "cycles/cycle.html", after=after, **shown)


@router.post("/cycles/{cycle_id}/closure", permission=Permission.RUN_CYCLES)
def create_closure(cycle_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    cycles.close_cycle(session, actor, cycle_id)
    return see_other(f"/cycles/{cycle_id}", flash="Closed. Everything in it stays readable.")
