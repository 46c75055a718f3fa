"""HTML doors of plans."""

from functools import partial
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from service.ladders.queries import LadderView, get_version
from service.permissions import Actor, Permission
from service.plans import actions, forms, history, queries
from service.plans.inputs import GapsInput, PromotionPlanInput
from service.plans.rules import Kind, PlanStatus
from service.plans.views import PlanView
from service.web.again import or_again, refused
from service.web.forms import AsOf, Form, parse, version_of
from service.web.pages import page, see_other
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)

Gaps = Annotated[tuple[str, ...], Query(max_length=60)]


@router.get("/plans", permission=Permission.READ_PLAN)
def show_plans(
    request: Request, session: DbSession, actor: SignedIn, after: After = None, as_of: AsOf = None
) -> Response:
    """One's own plans, then those of others."""
    find = partial(history.list_plans_then, day=as_of) if as_of else queries.list_plans
    own = find(session, actor, own=True, limit=200).rows if after is None else ()
    others = find(session, actor, own=False, after=after)
    return page(request, "plans/list.html", own=own, others=others, after=after, as_of=as_of)


@router.get("/reviews/{review_id}/plans", permission=Permission.WRITE_PLAN)
def show_new_promotion_plan(
    request: Request, session: DbSession, actor: SignedIn, review_id: UUID, gap: Gaps = ()
) -> Response:
    """The gaps of a review to choose from; `gap` ticks some."""
    report = queries.get_plannable(session, actor, review_id)
    there = queries.list_plans(session, actor, review_id=review_id).rows
    draft = next((line for line in there if line.status == PlanStatus.DRAFT), None)
    values = forms.filled(forms.start_values(gap), refused(request))
    return page(
        request, "plans/from_review.html", report=report, draft=draft, there=there, review_id=review_id, values=values
    )


@router.post("/reviews/{review_id}/plans", permission=Permission.WRITE_PLAN)
@or_again(show_new_promotion_plan)
def create_promotion_plan(session: DbSession, actor: SignedIn, review_id: UUID, form: Form) -> Response:
    """Begin a plan about the chosen gaps."""
    given = parse(PromotionPlanInput, form)
    plan = actions.start_promotion_plan(session, actor, review_id, given)
    session.flush()
    if (plan.start_on, plan.chosen) != (given.start_on, given.chosen):
        flash = "There was a draft for this review already. It stands as it was; what you chose now is not in it."
        return see_other(f"/plans/{plan.id}", flash=flash)
    return see_other(f"/plans/{plan.id}", flash="The plan is begun. Add its first objective.")


@router.post("/reviews/{review_id}/objectives", permission=Permission.WRITE_PLAN)
@or_again(show_new_promotion_plan)
def plan_gaps(session: DbSession, actor: SignedIn, review_id: UUID, form: Form) -> Response:
    """From gaps to the form of an objective about them, in the draft of this review or in a new one."""
    gaps = list(dict.fromkeys(parse(GapsInput, form).gap))
    plan, horizon = actions.plan_gaps(session, actor, review_id, gaps)
    session.flush()
    about = urlencode([*(("gap", gap) for gap in gaps), ("horizon", horizon)])
    return see_other(f"/plans/{plan.id}/objectives/new?{about}")


@router.get("/plans/{plan_id}", permission=Permission.READ_PLAN)
def show_plan(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, as_of: AsOf = None) -> Response:
    """The plan with what is open in it, or as of a day. What features above plans know of it comes from `app.state`."""
    plan = history.get_plan_then(session, actor, plan_id, as_of) if as_of else queries.get_plan(session, actor, plan_id)
    ladder, state = ladder_of(session, actor, plan).ladder, request.app.state
    progress = state.find_progress(session, actor, plan_id, as_of) if plan.revisions else None
    closing = state.get_closing(session, actor, plan_id, as_of) if plan.status == PlanStatus.CLOSED else None
    steps = state.get_steps(session, actor, plan_id) if plan.kind is Kind.ONBOARDING and not as_of else None
    points = forms.points_of(plan)
    return page(
        request, "plans/plan.html", plan=plan, ladder=ladder, why=plan.why, points=points, progress=progress,
        closing=closing, steps=steps,
    )  # fmt: skip


@router.post("/plans/{plan_id}/removal", permission=Permission.WRITE_PLAN)
@or_again(show_plan)
def create_removal(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Discard a draft."""
    actions.discard_plan(session, actor, plan_id, version_of(form))
    return see_other("/plans", flash="The draft is discarded.")


def ladder_of(session: DbSession, actor: Actor, plan: PlanView) -> LadderView:
    """The ladder version that a plan is pinned to, with its blueprint: what it aims at, to show beside the text."""
    return get_version(session, actor, plan.ladder_id, plan.ladder_version)
