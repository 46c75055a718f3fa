"""HTML doors of agreeing to a plan, its revisions, and changing what was agreed."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.permissions import Permission
from service.plans import forms
from service.plans.pages import ladder_of, show_plan
from service.plans.queries import get_plan
from service.revisions import actions, data, queries
from service.revisions.inputs import ChangeInput
from service.web.again import or_again, refused
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.post("/plans/{plan_id}/agreement", permission=Permission.AGREE_PLAN)
@or_again(show_plan)
def create_agreement(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Sign the text as it stands."""
    plan = actions.agree_plan(session, actor, plan_id, forms.version_of(form))
    if not plan.is_written:
        return see_other(f"/plans/{plan_id}", flash="Both sides have agreed. The PDF is being made.")
    return see_other(f"/plans/{plan_id}", flash="You agreed. Now it waits for the other side.")


@router.get("/plans/{plan_id}/revisions/{number}", permission=Permission.READ_PLAN)
def show_revision(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, number: int) -> Response:
    """The agreed text, as the PDF prints it."""
    text = data.read(queries.get_revision(session, actor, plan_id, number).data)
    plan = get_plan(session, actor, plan_id)
    revision = next(revision for revision in plan.revisions if revision.number == number)
    return page(request, "revisions/revision.html", plan=plan, revision=revision, text=text)


@router.get("/plans/{plan_id}/change", permission=Permission.WRITE_PLAN)
def show_change(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID) -> Response:
    """Why to change what was agreed; once that is begun, what differs so far, and the way to agree to it."""
    change = queries.get_change(session, actor, plan_id)
    plan, again = get_plan(session, actor, plan_id), refused(request)
    if change is None and not plan.may_change and again is None:
        return see_other(f"/plans/{plan_id}", flash=f"This plan is {plan.status}, so there is no agreement to change.")
    values = forms.filled({"reason": "", "version": plan.version}, again)
    ladder, points = ladder_of(session, actor, plan).ladder, forms.points_of(plan)
    return page(request, "revisions/change.html", plan=plan, change=change, ladder=ladder, points=points, values=values)


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
    change = queries.get_revision_change(session, actor, plan_id, number)
    plan = get_plan(session, actor, plan_id)
    ladder = ladder_of(session, actor, plan).ladder
    return page(request, "revisions/changes.html", plan=plan, change=change, ladder=ladder, why=plan.why)
