"""HTML doors of closing a plan. Whatever was typed survives what could not be saved."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.checkins.queries import get_last_values
from service.closing import actions, forms
from service.closing.inputs import ClosingComment
from service.errors import PartlySaved
from service.permissions import Permission
from service.plans.forms import filled
from service.plans.queries import get_plan_to_write
from service.web.again import or_again, refused
from service.web.forms import Form, checked
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/plans/{plan_id}/closing", permission=Permission.WRITE_PLAN)
def show_closing(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID) -> Response:
    """The form in which a plan is closed: where each key result ended, and what is to be said of it."""
    plan, again = get_plan_to_write(session, actor, plan_id), refused(request)
    if not plan.may_close and again is None:
        return see_other(f"/plans/{plan_id}", flash=WHY_NOT[plan.status] if not plan.changing_since else CHANGING)
    last_values = get_last_values(session, actor, plan_id)
    values = filled(forms.closing_values(plan, last_values), again)
    return page(request, "closing/closing.html", plan=plan, values=values, last_values=last_values)


WHY_NOT = {
    "draft": "This plan is a draft; it can be closed once both sides have agreed to it.",
    "agreed": "Closing is a person’s own word: sign in and do it yourself.",
    "closed": "This plan is closed already.",
}
CHANGING = "A change of this plan is being written. Agree to it, or take it back; then it can be closed."


@router.post("/plans/{plan_id}/closing", permission=Permission.CLOSE_PLAN)
@or_again(show_closing)
def create_closing(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Close the plan for good."""
    actions.close_plan(session, actor, plan_id, forms.typed_closing(form))
    return see_other(f"/plans/{plan_id}", flash="The plan is closed.")


@router.post("/plans/{plan_id}/closing-comment", permission=Permission.CLOSE_PLAN)
@or_again(show_closing)
def save_closing_comment(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Keep the manager's comment until the plan is closed."""
    names = ("comment", "version")
    given = checked(ClosingComment, {name: form[name] for name in names if form.get(name)})
    plan = actions.write_closing_comment(session, actor, plan_id, given)
    if any(value for name, value in form.items() if name.startswith("results/")):
        raise PartlySaved("Your comment is kept. What else you typed is below, and is kept once you close the plan.")
    flash = f"Your comment is kept. It goes into the closing, and {plan.person.name} can read it."
    return see_other(f"/plans/{plan_id}/closing", flash=flash)
