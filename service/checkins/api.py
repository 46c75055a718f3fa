"""JSON doors of check-ins."""

from uuid import UUID

from fastapi import Request, Response

from service.checkins import actions, calendar, dates, queries
from service.checkins.inputs import CheckInsInput
from service.checkins.views import PlanProgress
from service.permissions import Permission
from service.web.answers import refusals
from service.web.forms import AsOf
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="check-ins")

ICS = {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}, "description": "iCalendar (RFC 5545)."}}


@router.get("/plans/{plan_id}/check-ins", permission=Permission.READ_CHECK_INS, responses=refusals(409))
def show_check_ins(plan_id: UUID, session: DbSession, actor: SignedIn, as_of: AsOf = None) -> PlanProgress:
    """How far each key result and objective of an agreed plan is, and every check-in; now, or as of a day."""
    return queries.get_progress(session, actor, plan_id, as_of=as_of)


@router.post(
    "/plans/{plan_id}/check-ins", permission=Permission.CHECK_IN, status_code=201, responses=refusals(409, 412)
)
def create_check_ins(plan_id: UUID, session: DbSession, actor: SignedIn, given: CheckInsInput) -> PlanProgress:
    """Check in on key results, for one day: all of them or none. A key result has one check-in a day; to correct it, send
    its `version` along. The earlier one is kept."""
    actions.check_in(session, actor, plan_id, given.on, {one.key_result_id: one for one in given.check_ins})
    return queries.get_progress(session, actor, plan_id)


@router.get(
    "/plans/{plan_id}/plan.ics", permission=Permission.READ_PLAN, response_class=Response, responses=ICS | refusals(409)
)
def show_calendar(plan_id: UUID, request: Request, session: DbSession, actor: SignedIn) -> Response:
    """The dates of an agreed plan, to be taken into a calendar."""
    found = dates.get_dates(session, actor, plan_id)
    return Response(calendar.write([found], request.app.state.settings.base_url), media_type=calendar.MEDIA_TYPE)
