"""HTML doors of changing what was agreed: beginning, comparing, taking back."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.permissions import Permission
from service.plans import actions, forms, history, queries
from service.plans.inputs import ChangeInput
from service.plans.pages import ladder_of
from service.web.again import or_again, refused
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/plans/{plan_id}/change", permission=Permission.WRITE_PLAN)
def show_change(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID) -> Response:
    """Why to change what was agreed; once that is begun, what differs so far, and the way to agree to it."""
    change = history.get_change(session, actor, plan_id)
    plan, again = queries.get_plan(session, actor, plan_id), refused(request)
    if change is None and not plan.may_change and again is None:
        return see_other(f"/plans/{plan_id}", flash=f"This plan is {plan.status}, so there is no agreement to change.")
    values = forms.filled({"reason": "", "version": plan.version}, again)
    ladder, points = ladder_of(session, actor, plan).ladder, forms.points_of(plan)
    return page(request, "plans/change.html", plan=plan, change=change, ladder=ladder, points=points, values=values)


@router.post("/plans/{plan_id}/change", permission=Permission.WRITE_PLAN)
@or_again(show_change)
def create_change(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Open an agreed plan to be written anew."""
    plan = actions.begin_change(session, actor, plan_id, parse(ChangeInput, form))
    number = plan.revisions[-1].number
    flash = f"Now change what is to be different. Revision {number} stays in force until you have both agreed."
    return see_other(f"/plans/{plan_id}", flash=flash)


@router.post("/plans/{plan_id}/change/removal", permission=Permission.WRITE_PLAN)
@or_again(show_change)
def remove_change(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Let the plan stand again as it was agreed."""
    plan = actions.take_change_back(session, actor, plan_id, forms.version_of(form))
    flash = f"The change is taken back. Revision {plan.revisions[-1].number} stands as you agreed to it."
    return see_other(f"/plans/{plan_id}", flash=flash)


@router.get("/plans/{plan_id}/revisions/{number}/changes", permission=Permission.READ_PLAN)
def show_revision_change(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, number: int) -> Response:
    """What a revision changed of the one before."""
    change = history.get_revision_change(session, actor, plan_id, number)
    plan = queries.get_plan(session, actor, plan_id)
    ladder = ladder_of(session, actor, plan).ladder
    return page(request, "plans/changes.html", plan=plan, change=change, ladder=ladder, why=plan.why)
