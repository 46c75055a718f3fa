"""JSON doors of growth plans. A write names the version of the plan it was made on, and answers the whole plan."""

from functools import partial
from uuid import UUID

from fastapi import Response

from service.permissions import Permission
from service.plans import actions, history, queries
from service.plans.inputs import PromotionPlanInput
from service.plans.views import PlanLine, PlanView
from service.web.answers import refusals
from service.web.etags import SeenVersion, set_etag
from service.web.forms import AsOf
from service.web.paging import After, Limit, link_next
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="plans")

EDIT = refusals(409, 412, 428)


@router.get("/plans", permission=Permission.READ_PLAN)
def list_plans(
    response: Response,
    session: DbSession,
    actor: SignedIn,
    review_id: UUID | None = None,
    after: After = None,
    limit: Limit = 50,
    as_of: AsOf = None,
) -> list[PlanLine]:
    """The plans the caller may read, by name of the person; now, or as of a day."""
    find = partial(history.list_plans_then, day=as_of) if as_of else queries.list_plans
    found = find(session, actor, review_id=review_id, after=after, limit=limit)
    asked = {"review_id": str(review_id or ""), "as_of": str(as_of or ""), "limit": str(limit)}
    link_next(response, "/api/v1/plans", found, **asked)
    return list(found.rows)


@router.post("/reviews/{review_id}/plans", permission=Permission.WRITE_PLAN, status_code=201, responses=refusals(409))
def start_promotion_plan(
    review_id: UUID, response: Response, session: DbSession, actor: SignedIn, given: PromotionPlanInput
) -> PlanView:
    """A draft about chosen gaps of a review, once the manager's view is shared."""
    plan = actions.start_promotion_plan(session, actor, review_id, given)
    return answer_plan(response, queries.get_plan(session, actor, plan.id), made="")


@router.get("/plans/{plan_id}", permission=Permission.READ_PLAN)
def show_plan(plan_id: UUID, response: Response, session: DbSession, actor: SignedIn, as_of: AsOf = None) -> PlanView:
    """A plan with what its checks say, and its revisions; as of a day the text that was in force, without an ETag."""
    if as_of:
        return history.get_plan_then(session, actor, plan_id, as_of)
    return answer_plan(response, queries.get_plan(session, actor, plan_id))


@router.delete("/plans/{plan_id}", permission=Permission.WRITE_PLAN, status_code=204, responses=EDIT)
def remove_plan(plan_id: UUID, session: DbSession, actor: SignedIn, version: SeenVersion) -> None:
    """Discard a draft."""
    actions.discard_plan(session, actor, plan_id, version)


def answer_plan(response: Response, plan: PlanView, *, made: str | None = None) -> PlanView:
    """The plan with its version as ETag; `made` is what was made, below the plan, or "" for the plan itself."""
    set_etag(response, plan.version)
    if made is not None:
        response.headers["location"] = f"/api/v1/plans/{plan.id}{made}"
    return plan
