"""JSON doors of growth plans. A write names the version of the plan it was made on, and answers the whole plan."""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from reports.forms import Paper, form_of
from service.errors import NotFound
from service.permissions import Permission
from service.plans import actions, queries, verification
from service.plans.checks import Remark
from service.plans.inputs import (
    KeyResultDraft,
    KeyResultInput,
    ObjectiveDraft,
    ObjectiveInput,
    OnboardingPlanInput,
    PromotionPlanInput,
)
from service.plans.views import PlanLine, PlanView, Verification
from service.web.answers import refusals
from service.web.etags import SeenVersion, set_etag
from service.web.paging import After, Limit, link_next
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")

EDIT = refusals(409, 412, 428)
RETRY_AFTER = "2"


@router.get("/plans", permission=Permission.READ_PLAN)
def list_plans(
    response: Response,
    session: DbSession,
    actor: SignedIn,
    review_id: UUID | None = None,
    after: After = None,
    limit: Limit = 50,
) -> list[PlanLine]:
    """The plans the caller may read, by name of the person."""
    found = queries.list_plans(session, actor, review_id=review_id, after=after, limit=limit)
    link_next(response, "/api/v1/plans", found, review_id=str(review_id or ""), limit=str(limit))
    return list(found.rows)


@router.post("/plans", permission=Permission.WRITE_PLAN, status_code=201, responses=refusals(409))
def start_onboarding_plan(
    response: Response, session: DbSession, actor: SignedIn, given: OnboardingPlanInput
) -> PlanView:
    """A draft for a new starter, filled from the blueprint of their ladder."""
    plan = actions.start_onboarding_plan(session, actor, given)
    return _answer(response, queries.get_plan(session, actor, plan.id), made="")


@router.post("/reviews/{review_id}/plans", permission=Permission.WRITE_PLAN, status_code=201, responses=refusals(409))
def start_promotion_plan(
    review_id: UUID, response: Response, session: DbSession, actor: SignedIn, given: PromotionPlanInput
) -> PlanView:
    """A draft about chosen gaps of a review, once the manager's view is shared."""
    plan = actions.start_promotion_plan(session, actor, review_id, given)
    return _answer(response, queries.get_plan(session, actor, plan.id), made="")


@router.get("/plans/{plan_id}", permission=Permission.READ_PLAN)
def show_plan(plan_id: UUID, response: Response, session: DbSession, actor: SignedIn) -> PlanView:
    """A plan with what its checks say, and its revisions."""
    return _answer(response, queries.get_plan(session, actor, plan_id))


@router.post("/plans/{plan_id}/objectives", permission=Permission.WRITE_PLAN, status_code=201, responses=EDIT)
def add_objective(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion, given: ObjectiveInput
) -> PlanView:
    """Add an objective to a draft; `Location` names it."""
    row = actions.add_objective(session, actor, plan_id, given.model_copy(update={"version": version}))
    return _answer(response, queries.get_plan(session, actor, plan_id), made=f"/objectives/{row.id}")


@router.put("/plans/{plan_id}/objectives/{objective_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def change_objective(
    plan_id: UUID, objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion,
    given: ObjectiveInput,
) -> PlanView:  # fmt: skip
    """Write an objective of a draft anew; its key results stay."""
    actions.change_objective(session, actor, plan_id, objective_id, given.model_copy(update={"version": version}))
    return _answer(response, queries.get_plan(session, actor, plan_id))


@router.delete("/plans/{plan_id}/objectives/{objective_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def remove_objective(
    plan_id: UUID, objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Take an objective and its key results out of a draft."""
    actions.remove_objective(session, actor, plan_id, objective_id, version)
    return _answer(response, queries.get_plan(session, actor, plan_id))


@router.post(
    "/plans/{plan_id}/objectives/{objective_id}/key-results",
    permission=Permission.WRITE_PLAN,
    status_code=201,
    responses=EDIT,
)
def add_key_result(
    plan_id: UUID, objective_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion,
    given: KeyResultInput,
) -> PlanView:  # fmt: skip
    """Add a key result to an objective of a draft; `Location` names it."""
    row = actions.add_key_result(session, actor, plan_id, objective_id, given.model_copy(update={"version": version}))
    return _answer(response, queries.get_plan(session, actor, plan_id), made=f"/key-results/{row.id}")


@router.put("/plans/{plan_id}/key-results/{key_result_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def change_key_result(
    plan_id: UUID, key_result_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion,
    given: KeyResultInput,
) -> PlanView:  # fmt: skip
    """Write a key result of a draft anew."""
    actions.change_key_result(session, actor, plan_id, key_result_id, given.model_copy(update={"version": version}))
    return _answer(response, queries.get_plan(session, actor, plan_id))


@router.delete("/plans/{plan_id}/key-results/{key_result_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def remove_key_result(
    plan_id: UUID, key_result_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Take a key result out of a draft."""
    actions.remove_key_result(session, actor, plan_id, key_result_id, version)
    return _answer(response, queries.get_plan(session, actor, plan_id))


@router.delete("/plans/{plan_id}/gaps/{skill_id}", permission=Permission.WRITE_PLAN, responses=EDIT)
def remove_gap(
    plan_id: UUID, skill_id: str, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Take a chosen gap that no objective serves out of a draft."""
    actions.remove_gap(session, actor, plan_id, skill_id, version)
    return _answer(response, queries.get_plan(session, actor, plan_id))


@router.post("/plans/{plan_id}/objective-checks", permission=Permission.WRITE_PLAN)
def check_objective(plan_id: UUID, session: DbSession, actor: SignedIn, given: ObjectiveDraft) -> tuple[Remark, ...]:
    """What the checks say of an objective while it is being written. Nothing is saved."""
    return queries.check_objective(session, actor, plan_id, given)


@router.post("/plans/{plan_id}/objectives/{objective_id}/key-result-checks", permission=Permission.WRITE_PLAN)
def check_key_result(
    plan_id: UUID, objective_id: UUID, session: DbSession, actor: SignedIn, given: KeyResultDraft
) -> tuple[Remark, ...]:
    """What the checks say of a key result while it is being written. Nothing is saved."""
    return queries.check_key_result(session, actor, plan_id, objective_id, given)


@router.delete("/plans/{plan_id}", permission=Permission.WRITE_PLAN, status_code=204, responses=EDIT)
def remove_plan(plan_id: UUID, session: DbSession, actor: SignedIn, version: SeenVersion) -> None:
    """Discard a draft."""
    actions.discard_plan(session, actor, plan_id, version)


@router.post("/plans/{plan_id}/agreement", permission=Permission.AGREE_PLAN, responses=EDIT)
def agree_plan(
    plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, version: SeenVersion
) -> PlanView:
    """Sign the plan as it stands; with both signatures it becomes a revision. In person only."""
    actions.agree_plan(session, actor, plan_id, version)
    return _answer(response, queries.get_plan(session, actor, plan_id))


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


DATA = {200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "nextrung-growth-plan/1"}}


@router.get(
    "/plans/{plan_id}/revisions/{number}", permission=Permission.READ_PLAN, response_class=Response, responses=DATA
)
def show_revision(plan_id: UUID, number: int, session: DbSession, actor: SignedIn) -> Response:
    """The agreed text as the canonical JSON that was hashed and printed. Its ETag is its SHA-256."""
    revision = queries.get_revision(session, actor, plan_id, number)
    response = Response(revision.data, media_type="application/json")
    set_etag(response, revision.sha256)
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


def _answer(response: Response, plan: PlanView, *, made: str | None = None) -> PlanView:
    """The plan with its version as ETag; `made` is what was made, below the plan, or "" for the plan itself."""
    set_etag(response, plan.version)
    if made is not None:
        response.headers["location"] = f"/api/v1/plans/{plan.id}{made}"
    return plan
