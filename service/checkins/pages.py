"""HTML doors of check-ins: the weekly form with its history, and calendars."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from service.checkins import actions, calendar, dates, forms, queries
from service.permissions import Permission
from service.web.again import or_again, refused
from service.web.forms import AsOf, Blank, Form
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)

Day = Annotated[date | None, Blank, Query()]


@router.get("/plans/{plan_id}/check-ins", permission=Permission.READ_CHECK_INS)
def show_check_ins(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, on: Day = None, as_of: AsOf = None
) -> Response:
    """How the plan stands, the form for one day, and what was said before; as of a day without the form."""
    progress = queries.get_progress(session, actor, plan_id, as_of=as_of)
    return page(
        request,
        "checkins/check_ins.html",
        progress=progress,
        form=forms.shown(progress, refused(request), on),
        confidences=forms.CONFIDENCES,
        why=progress.why,
    )


@router.post("/plans/{plan_id}/check-ins", permission=Permission.CHECK_IN)
@or_again(show_check_ins)
def create_check_ins(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Save what is new and fits; the rest stands again with its words."""
    progress = queries.get_progress(session, actor, plan_id, permission=Permission.CHECK_IN)
    on = forms.day_of(form)
    given, unfit = forms.typed(form, progress, on)
    late = actions.check_in_fitting(session, actor, plan_id, on, given)
    if unfit or late:
        raise forms.partly_saved(progress, unfit | late, saved=len(given) - len(late))
    flash = "Saved. Thank you for looking." if given else "Nothing was new, so nothing was saved."
    return see_other(f"/plans/{plan_id}/check-ins", flash=flash)


@router.get("/plans/{plan_id}/plan.ics", permission=Permission.READ_PLAN)
def show_calendar(plan_id: UUID, request: Request, session: DbSession, actor: SignedIn) -> Response:
    """The dates of an agreed plan, to be taken into a calendar."""
    found = dates.get_dates(session, actor, plan_id)
    headers = {"content-disposition": 'attachment; filename="growth-plan.ics"'}
    body = calendar.write([found], request.app.state.settings.base_url)
    return Response(body, media_type=calendar.MEDIA_TYPE, headers=headers)


@router.get("/calendar/{secret}.ics", permission=Permission.PUBLIC)
def show_feed(secret: str, request: Request, session: DbSession) -> Response:
    """The calendar of whoever made this address, without signing in: the address is the secret."""
    settings = request.app.state.settings
    body = calendar.write(dates.list_feed(session, settings, secret), settings.base_url)
    return Response(body, media_type=calendar.MEDIA_TYPE, headers={"cache-control": "private, no-cache"})
