"""HTML doors of plans on paper: previews, PDFs, and the page that waits for one."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from reports.forms import Paper, form_of
from reports.schema import published
from service.documents import actions, queries, verification
from service.errors import Invalid, Problem
from service.permissions import Actor, Permission
from service.plans import forms
from service.plans.queries import get_plan
from service.revisions import data
from service.web.forms import Form
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/schemas/growth-plan-1.json", permission=Permission.PUBLIC)
def show_data_schema() -> Response:
    """The JSON Schema of the data that a revision is printed from and that its PDF holds."""
    return Response(published(), media_type="application/schema+json")


@router.get("/plans/verification", permission=Permission.READ_PLAN)
def show_verification(request: Request) -> Response:
    """Where a PDF is chosen to be checked."""
    return page(request, "documents/verification.html", found=None)


@router.post("/plans/verification", permission=Permission.READ_PLAN, max_body_size=verification.MAX_UPLOAD)
def create_verification(request: Request, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Whether it was issued here and is unchanged. The file is read and forgotten."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        problem = Invalid("There is nothing to check yet.", [Problem("/file", "Choose the PDF of a plan.")])
        return page(request, "documents/verification.html", status=problem.status, problem=problem, found=None)
    found = verification.verify(session, actor, file.file.read(verification.MAX_PDF + 1))
    return page(request, "documents/verification.html", found=found, name=file.filename)


@router.get("/plans/{plan_id}/preview", permission=Permission.READ_PLAN)
def show_preview(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID) -> Response:
    """A draft as the document that it would become; nothing of it is stored."""
    draft = queries.get_draft(session, actor, plan_id)
    plan = get_plan(session, actor, plan_id)
    if draft is None:
        return see_other(f"/plans/{plan_id}/revisions/{plan.revisions[-1].number}")
    text = data.read(draft.data)
    return page(request, "documents/preview.html", plan=plan, text=text, points=forms.points_of(plan))


@router.get("/plans/{plan_id}/draft.pdf", permission=Permission.READ_PLAN, enqueues=True)
def show_draft_pdf(request: Request, session: DbSession, actor: SignedIn, plan_id: UUID) -> Response:
    """The PDF of a draft as it stands; while it is being made, a page that says so and comes back by itself."""
    asked = actions.ask_for_draft(session, actor, plan_id, request.app.state.settings.documents)
    if asked is None:
        return see_other(f"/plans/{plan_id}", flash="Both sides have agreed: this is no draft any more.")
    return _pdf_of(request, session, actor, plan_id, *asked)


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
    plan = get_plan(session, actor, plan_id)
    again = f"{request.url.path}?{request.url.query}".rstrip("?")
    response = page(
        request,
        "documents/waiting.html",
        status=202,
        plan=plan,
        number=number,
        again=again,
        may_ask_again=may_ask_again,
    )
    response.headers["refresh"] = "3"
    return response
