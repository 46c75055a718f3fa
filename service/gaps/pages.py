"""HTML doors of gap reports."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from service.gaps import queries
from service.permissions import Permission
from service.reviews.rules import ReviewStatus
from service.web.forms import AsOf
from service.web.pages import page
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)
Id = Annotated[str | None, Query(max_length=80, pattern="^[a-z0-9-]*$")]


@router.get("/reviews/{review_id}/gaps", permission=Permission.READ_GAPS)
def show_gaps(
    request: Request,
    review_id: UUID,
    session: DbSession,
    actor: SignedIn,
    level: Id = None,
    ladder: Id = None,
    as_of: AsOf = None,
) -> Response:
    report = queries.get_report(session, actor, review_id, level=level or None, ladder=ladder or None, as_of=as_of)
    part = report.review.is_own or report.review.is_assessor
    same = report.ladder.id == report.review.ladder_id and report.target == report.review.target
    may_plan = (
        part
        and same
        and as_of is None
        and report.review.shared_at is not None
        and report.review.status != ReviewStatus.CLOSED
    )
    return page(request, "gaps/report.html", report=report, may_plan=may_plan, why=report.why)
