"""HTML doors of plans."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from reports.forms import Paper, form_of
from reports.schema import published
from service.errors import Invalid, Problem
from service.ladders.queries import LadderView, get_version
from service.permissions import Actor, Permission
from service.plans import actions, documents, forms, history, queries, ticks, verification
from service.plans.inputs import GapsInput, OnboardingPlanInput, PromotionPlanInput
from service.plans.rules import Kind, PlanStatus
from service.plans.views import PlanView
from service.web.again import or_again, refused
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)

Gaps = Annotated[tuple[str, ...], Query(max_length=60)]


@router.get("/schemas/growth-plan-1.json", permission=Permission.PUBLIC)
def show_data_schema() -> Response:
    """The JSON Schema of the data that a revision is printed from and that its PDF holds."""
    return Response(published(), media_type="application/schema+json")


@router.get("/plans", permission=Permission.READ_PLAN)
def show_plans(request: Request, session: DbSession, actor: SignedIn, after: After = None) -> Response:
    """One's own plans, then those of others."""
    own = queries.list_plans(session, actor, own=True, limit=200).rows if after is None else ()
    others = queries.list_plans(session, actor, own=False, after=after)
    return page(request, "plans/list.html", own=own, others=others, after=after)


@router.get("/plans/verification", permission=Permission.READ_PLAN)
def show_verification(request: Request) -> Response:
    """Where a PDF is chosen to be checked."""
    return page(request, "plans/verification.html", found=None)


@router.post("/plans/verification", permission=Permission.READ_PLAN, max_body_size=verification.MAX_UPLOAD)
def create_verification(request: Request, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Whether it was issued here and is unchanged. The file is read and forgotten."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        problem = Invalid("There is nothing to check yet.", [Problem("/file", "Choose the PDF of a plan.")])
        return page(request, "plans/verification.html", status=problem.status, problem=problem, found=None)
    found = verification.verify(session, actor, file.file.read(verification.MAX_PDF + 1))
    return page(request, "plans/verification.html", found=found, name=file.filename)


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


@router.get("/plans/new", permission=Permission.WRITE_PLAN)
def show_new_onboarding_plan(request: Request, session: DbSession, actor: SignedIn, person: str = "") -> Response:
    """For whom, and from when."""
    values = forms.filled(forms.start_values(person_id=person), refused(request))
    return page(request, "plans/onboarding.html", starters=queries.list_starters(session, actor), values=values)


@router.post("/plans", permission=Permission.WRITE_PLAN)
@or_again(show_new_onboarding_plan)
def create_onboarding_plan(session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Begin a plan for a new starter out of the blueprint."""
    plan = actions.start_onboarding_plan(session, actor, parse(OnboardingPlanInput, form))
    session.flush()
    return see_other(f"/plans/{plan.id}", flash="The plan is begun, filled from the blueprint. Make it fit.")


@router.get("/plans/{plan_id}", permission=Permission.READ_PLAN)
def show_plan(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID) -> Response:
    """The plan with what is open in it. Its progress comes from `app.state`, since check-ins lie above plans."""
    plan = queries.get_plan(session, actor, plan_id)
    ladder = ladder_of(session, actor, plan).ladder
    progress = request.app.state.find_progress(session, actor, plan_id) if plan.revisions else None
    closing = history.get_closing(session, actor, plan_id) if plan.status == PlanStatus.CLOSED else None
    steps = ticks.get_steps(session, actor, plan_id) if plan.kind is Kind.ONBOARDING else None
    points = forms.points_of(plan)
    return page(
        request, "plans/plan.html", plan=plan, ladder=ladder, why=plan.why, points=points, progress=progress,
        closing=closing, steps=steps,
    )  # fmt: skip


@router.get("/plans/{plan_id}/preview", permission=Permission.READ_PLAN)
def show_preview(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID) -> Response:
    """A draft as the document that it would become; nothing of it is stored."""
    draft = queries.get_draft(session, actor, plan_id)
    plan = queries.get_plan(session, actor, plan_id)
    if draft is None:
        return see_other(f"/plans/{plan_id}/revisions/{plan.revisions[-1].number}")
    text = documents.read(draft.data)
    return page(request, "plans/preview.html", plan=plan, text=text, points=forms.points_of(plan))


@router.get("/plans/{plan_id}/draft.pdf", permission=Permission.READ_PLAN, enqueues=True)
def show_draft_pdf(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID) -> Response:
    """The PDF of a draft as it stands; while it is being made, a page that says so and comes back by itself."""
    asked = actions.ask_for_draft(session, actor, plan_id, request.app.state.settings.documents)
    if asked is None:
        return see_other(f"/plans/{plan_id}", flash="Both sides have agreed: this is no draft any more.")
    return _pdf_of(request, session, actor, plan_id, *asked)


@router.post("/plans/{plan_id}/agreement", permission=Permission.AGREE_PLAN)
@or_again(show_plan)
def create_agreement(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Sign the text as it stands."""
    plan = actions.agree_plan(session, actor, plan_id, forms.version_of(form))
    if not plan.is_written:
        return see_other(f"/plans/{plan_id}", flash="Both sides have agreed. The PDF is being made.")
    return see_other(f"/plans/{plan_id}", flash="You agreed. Now it waits for the other side.")


@router.post("/plans/{plan_id}/removal", permission=Permission.WRITE_PLAN)
@or_again(show_plan)
def create_removal(session: DbSession, actor: SignedIn, plan_id: UUID, form: Form) -> Response:
    """Discard a draft."""
    actions.discard_plan(session, actor, plan_id, forms.version_of(form))
    return see_other("/plans", flash="The draft is discarded.")


@router.get("/plans/{plan_id}/revisions/{number}.pdf", permission=Permission.READ_PLAN, enqueues=True)
def show_pdf(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, number: int, paper: Paper = "a4"
) -> Response:
    """The PDF of a revision; while it is being made, a page that says so and comes back by itself."""
    folder = request.app.state.settings.documents
    name, pdf = actions.ask_for_pdf(session, actor, plan_id, number, folder, form_of(paper))
    return _pdf_of(request, session, actor, plan_id, name, pdf, number, may_ask_again=paper == "a4")


@router.get("/plans/{plan_id}/revisions/{number}/summary.pdf", permission=Permission.READ_PLAN, enqueues=True)
def show_summary(
    request: Request, session: DbSession, actor: SignedIn, plan_id: UUID, number: int, paper: Paper = "a4"
) -> Response:
    """A revision on one page, for the talk; while it is being made, as `show_pdf`."""
    folder = request.app.state.settings.documents
    name, pdf = actions.ask_for_pdf(session, actor, plan_id, number, folder, form_of(paper, summary=True))
    return _pdf_of(request, session, actor, plan_id, name, pdf, number)


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


def _pdf_of(
    request: Request, session: DbSession, actor: Actor, plan_id: UUID, name: str, pdf: bytes | None,
    number: int | None = None, *, may_ask_again: bool = False,
) -> Response:  # fmt: skip
    """The PDF of revision `number` or of the draft, or the page that waits for it and, but for A4, asks by being looked at."""
    if pdf is not None:
        headers = {"content-disposition": f'inline; filename="{name}"'}
        return Response(pdf, media_type="application/pdf", headers=headers)
    plan = queries.get_plan(session, actor, plan_id)
    again = f"{request.url.path}?{request.url.query}".rstrip("?")
    response = page(
        request, "plans/waiting.html", status=202, plan=plan, number=number, again=again, may_ask_again=may_ask_again
    )
    response.headers["refresh"] = "3"
    return response


def ladder_of(session: DbSession, actor: Actor, plan: PlanView) -> LadderView:
    """The ladder version that a plan is pinned to, with its blueprint: what it aims at, to show beside the text."""
    return get_version(session, actor, plan.ladder_id, plan.ladder_version)
