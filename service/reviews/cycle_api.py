"""JSON doors of cycles."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Response

from service.permissions import Permission
from service.reviews import cycles, queries
from service.reviews.inputs import CycleInput
from service.reviews.views import CycleView
from service.web.answers import refusals
from service.web.paging import After, Limit, link_next
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="reviews")


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody whom the cycle would take, and the two levels their review would pin."""

    person_id: UUID
    name: str
    current_level: str
    target_level: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class CyclePreview:
    included: tuple[Taken, ...]
    left_out: tuple[LeftOut, ...]


@router.get("/cycles", permission=Permission.LIST_CYCLES)
def list_cycles(
    response: Response, session: DbSession, actor: SignedIn, after: After = None, limit: Limit = 50
) -> list[CycleView]:
    """All cycles, the newest first, with counts over the reviews that the caller may see."""
    found = queries.list_cycles(session, actor, after=after, limit=limit)
    link_next(response, "/api/v1/cycles", found, limit=str(limit))
    return list(found.rows)


@router.post("/cycles", permission=Permission.RUN_CYCLES, status_code=201)
def open_cycle(response: Response, session: DbSession, actor: SignedIn, given: CycleInput) -> CycleView:
    """Begin a cycle with a review for each person that the filter takes."""
    cycle = cycles.open_cycle(session, actor, given)
    response.headers["location"] = f"/api/v1/cycles/{cycle.id}"
    return queries.get_cycle(session, actor, cycle.id)


@router.post("/cycles/previews", permission=Permission.RUN_CYCLES)
def preview_cycle(session: DbSession, actor: SignedIn, given: CycleInput) -> CyclePreview:
    """Whom a cycle would take, and whom not and why; those who lead the caller are in neither list. Writes nothing."""
    plan = cycles.plan_cycle(session, actor, given)
    return CyclePreview(tuple(Taken(*row) for row in plan.included), tuple(LeftOut(*row) for row in plan.left_out))


@router.get("/cycles/{cycle_id}", permission=Permission.LIST_CYCLES)
def show_cycle(cycle_id: UUID, session: DbSession, actor: SignedIn) -> CycleView:
    """One cycle and how far its reviews are."""
    return queries.get_cycle(session, actor, cycle_id)


@router.post("/cycles/{cycle_id}/closure", permission=Permission.RUN_CYCLES, responses=refusals(409))
def close_cycle(cycle_id: UUID, session: DbSession, actor: SignedIn) -> CycleView:
    """End a cycle: its reviews are closed as they stand, and what was not revealed stays so. Not while the caller's own
    review in it runs."""
    cycles.close_cycle(session, actor, cycle_id)
    return queries.get_cycle(session, actor, cycle_id)
