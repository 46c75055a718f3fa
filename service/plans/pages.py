"""HTML doors of plans."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from service.errors import NextrungError
from service.ladders.queries import get_version
from service.ladders.rules import Ladder
from service.permissions import Actor, Permission
from service.plans import actions, documents, forms, queries
from service.plans.forms import REFUSED, Values
from service.plans.inputs import OnboardingPlanInput, PromotionPlanInput
from service.plans.rules import PlanStatus
from service.plans.views import PlanView
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)

Gaps = Annotated[tuple[str, ...], Query(max_length=60)]


@router.get("/plans", permission=Permission.READ_PLAN)
def show_plans(request: Request, session: DbSession, actor: SignedIn, after: After = None) -> Response:
    """One's own plans, then those of others."""
    own = queries.list_plans(session, actor, own=True, limit=200).rows if after is None else ()
    others = queries.list_plans(session, actor, own=False, after=after)
    return page(request, "plans/list.html", own=own, others=others, after=after)


@router.get("/reviews/{review_id}/plans", permission=Permission.WRITE_PLAN)
def show_new_promotion_plan(
    request: Request, session: DbSession, actor: SignedIn, review_id: UUID, gap: Gaps = ()
) -> Response:  # fmt: skip
    """The gaps of a review to choose from; `gap` ticks some."""
    return _promotion_form(request, session, actor, review_id, values=forms.start_values(gap))


@router.post("/reviews/{review_id}/plans", permission=Permission.WRITE_PLAN)
def create_promotion_plan(
    request: Request, session: DbSession, actor: SignedIn, review_id: UUID, form: Form
) -> Response:
    """Begin a plan about the chosen gaps."""
    try:
        plan = actions.start_promotion_plan(session, actor, review_id, parse(PromotionPlanInput, form))
        session.flush()
    except REFUSED as problem:
        session.rollback()
        values = forms.typed(form, forms.start_values(), problem)
        return _promotion_form(request, session, actor, review_id, values=values, problem=problem)
    return see_other(f"/plans/{plan.id}", flash="The plan is begun. Add its first objective.")


@router.get("/plans/new", permission=Permission.WRITE_PLAN)
def show_new_onboardingplan_page(request: Request, session: DbSession, actor: SignedIn, person: str = "") -> Response:
    """For whom, and from when."""
    return _onboarding_form(request, session, actor, values=forms.start_values(person_id=person))


@router.post("/plans", permission=Permission.WRITE_PLAN)
def create_onboardingplan_page(request: Request, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Begin a plan for a new starter out of the blueprint."""
    try:
        plan = actions.start_onboarding_plan(session, actor, parse(OnboardingPlanInput, form))
        session.flush()
    except REFUSED as problem:
        session.rollback()
        values = forms.typed(form, forms.start_values(), problem)
        return _onboarding_form(request, session, actor, values=values, problem=problem)
    return see_other(f"/plans/{plan.id}", flash="The plan is begun, filled from the blueprint. Make it fit.")


@router.get("/plans/{plan_id}", permission=Permission.READ_PLAN)
def showplan_page(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID) -> Response:
    """The plan with what is open in it."""
    return plan_page(request, session, actor, plan_id)


@router.post("/plans/{plan_id}/agreement", permission=Permission.AGREE_PLAN)
def create_agreement(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Sign the text as it stands."""
    try:
        plan = actions.agree_plan(session, actor, plan_id, forms.version_of(form))
    except REFUSED as problem:
        session.rollback()
        return plan_page(request, session, actor, plan_id, problem=problem)
    if plan.status == PlanStatus.AGREED:
        return see_other(f"/plans/{plan_id}", flash="Both sides have agreed. The PDF is being made.")
    return see_other(f"/plans/{plan_id}", flash="You agreed. Now it waits for the other side.")


@router.post("/plans/{plan_id}/removal", permission=Permission.WRITE_PLAN)
def create_removal(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Discard a draft."""
    try:
        actions.discard_plan(session, actor, plan_id, forms.version_of(form))
    except REFUSED as problem:
        session.rollback()
        return plan_page(request, session, actor, plan_id, problem=problem)
    return see_other("/plans", flash="The draft is discarded.")


@router.get("/plans/{plan_id}/revisions/{number}.pdf", permission=Permission.READ_PLAN)
def show_pdf(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, number: int) -> Response:
    """The PDF of a revision; while it is being made, a page that says so and comes back by itself."""
    folder = request.app.state.settings.documents
    name, pdf = queries.get_pdf(session, actor, plan_id, number, folder)
    if pdf is not None:
        headers = {"content-disposition": f'inline; filename="{name}"'}
        return Response(pdf, media_type="application/pdf", headers=headers)
    plan = queries.get_plan(session, actor, plan_id)
    response = page(request, "plans/waiting.html", status=202, plan=plan, number=number)
    response.headers["refresh"] = "3"
    return response


@router.get("/plans/{plan_id}/revisions/{number}", permission=Permission.READ_PLAN)
def show_revision(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, number: int) -> Response:
    """The agreed text, as the PDF prints it."""
    text = documents.read(queries.get_revision(session, actor, plan_id, number).data)
    plan = queries.get_plan(session, actor, plan_id)
    revision = next(revision for revision in plan.revisions if revision.number == number)
    return page(request, "plans/revision.html", plan=plan, revision=revision, text=text)


@router.post("/plans/{plan_id}/revisions/{number}/document", permission=Permission.READ_PLAN)
def create_document(session: DbSession, actor: SignedIn, plan_id: UUID, number: int) -> Response:
    """Have the PDF made once more."""
    actions.render_again(session, actor, plan_id, number)
    return see_other(f"/plans/{plan_id}/revisions/{number}.pdf", flash="Asked for once more.")


def plan_page(
    request: Request, session: DbSession, actor: Actor, plan_id: UUID, *, problem: NextrungError | None = None
) -> Response:
    plan = queries.get_plan(session, actor, plan_id)
    shown = {"plan": plan, "ladder": ladder_of(session, actor, plan), "points": forms.points_of(plan), "why": plan.why}
    return page(request, "plans/plan.html", status=status_of(problem), problem=problem, **shown)


def _promotion_form(
    request: Request,
    session: DbSession,
    actor: Actor,
    review_id: UUID,
    *,
    values: Values,
    problem: NextrungError | None = None,
) -> Response:
    report = queries.get_plannable(session, actor, review_id)
    there = queries.list_plans(session, actor, review_id=review_id).rows
    shown = {"report": report, "there": there, "review_id": review_id, "values": values}
    return page(request, "plans/from_review.html", status=status_of(problem), problem=problem, **shown)


def _onboarding_form(
    request: Request, session: DbSession, actor: Actor, *, values: Values, problem: NextrungError | None = None
) -> Response:
    starters = queries.list_starters(session, actor)
    shown = {"starters": starters, "values": values}
    return page(request, "plans/onboarding.html", status=status_of(problem), problem=problem, **shown)


def ladder_of(session: DbSession, actor: Actor, plan: PlanView) -> Ladder:
    """The ladder version that a plan is pinned to: what it aims at, to show beside the text."""
    return get_version(session, actor, plan.ladder_id, plan.ladder_version).ladder


def status_of(problem: NextrungError | None) -> int:
    return problem.status if problem else 200
