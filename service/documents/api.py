"""JSON doors of plans on paper: the PDFs of revisions and drafts."""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from reports.forms import Paper, form_of
from service.documents import actions, verification
from service.documents.views import Verification
from service.errors import NotFound
from service.permissions import Permission
from service.web.answers import refusals
from service.web.etags import set_etag
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")

RETRY_AFTER = "2"
BINARY = {"type": "string", "format": "binary"}
PDF = {
    200: {
        "content": {"application/pdf": {"schema": BINARY}},
        "description": "The PDF.",
    },
    202: {"description": "The PDF is being made: ask again after Retry-After seconds."},
}


@router.get(
    "/plans/{plan_id}/revisions/{number}.pdf",
    permission=Permission.READ_PLAN,
    enqueues=True,
    response_class=Response,
    responses=PDF,
)
def show_pdf(
    plan_id: UUID, number: int, request: Request, session: DbSession, actor: SignedIn, paper: Paper = "a4"
) -> Response:
    """The printed plan of a revision: the same bytes each time. Its ETag is their SHA-256."""
    folder = request.app.state.settings.documents
    return _pdf(*actions.ask_for_pdf(session, actor, plan_id, number, folder, form_of(paper)))


@router.get(
    "/plans/{plan_id}/revisions/{number}/summary.pdf",
    permission=Permission.READ_PLAN,
    enqueues=True,
    response_class=Response,
    responses=PDF,
)
def show_summary(
    plan_id: UUID, number: int, request: Request, session: DbSession, actor: SignedIn, paper: Paper = "a4"
) -> Response:
    """A revision on one page, made when it is first asked for: the same bytes each time. Its ETag is their SHA-256."""
    folder = request.app.state.settings.documents
    return _pdf(*actions.ask_for_pdf(session, actor, plan_id, number, folder, form_of(paper, summary=True)))


@router.get(
    "/plans/{plan_id}/draft.pdf", permission=Permission.READ_PLAN, enqueues=True, response_class=Response, responses=PDF
)
def show_draft_pdf(plan_id: UUID, request: Request, session: DbSession, actor: SignedIn) -> Response:
    """A draft as it stands, printed to be talked about; made when it is asked for. Gone once both sides have agreed."""
    asked = actions.ask_for_draft(session, actor, plan_id, request.app.state.settings.documents)
    if asked is None:
        raise NotFound("Both sides have agreed, so there is no draft any more; ask for the PDF of a revision.")
    return _pdf(*asked)


def _pdf(name: str, pdf: bytes | None) -> Response:
    if pdf is None:
        return Response(status_code=202, headers={"retry-after": RETRY_AFTER})
    response = Response(
        pdf, media_type="application/pdf", headers={"content-disposition": f'inline; filename="{name}"'}
    )
    set_etag(response, sha256(pdf).hexdigest())
    return response


async def read_body(request: Request) -> bytes:
    return await request.body()


A_PDF = {"requestBody": {"content": {"application/pdf": {"schema": BINARY}}, "required": True}}


@router.post(
    "/plans/verification",
    permission=Permission.READ_PLAN,
    max_body_size=verification.MAX_UPLOAD,
    openapi_extra=A_PDF,
    responses=refusals(429),
)
def verify_pdf(session: DbSession, actor: SignedIn, pdf: Annotated[bytes, Depends(read_body)]) -> Verification:
    """Whether the PDF in the body was issued here and is unchanged, as far as the caller may read the plan. Nothing is stored."""
    return verification.verify(session, actor, pdf)


@router.post("/plans/{plan_id}/revisions/{number}/document", permission=Permission.READ_PLAN, status_code=202)
def render_again(plan_id: UUID, number: int, response: Response, session: DbSession, actor: SignedIn) -> None:
    """Ask for a revision's PDF once more, where making it did not work; `Location` says where it will be."""
    actions.render_again(session, actor, plan_id, number)
    response.headers["location"] = f"/api/v1/plans/{plan_id}/revisions/{number}.pdf"
    response.headers["retry-after"] = RETRY_AFTER
