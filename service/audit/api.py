"""JSON doors of audit."""

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from service.audit import queries
from service.permissions import Permission
from service.web.paging import After, Limit, link_next
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="audit")


class ChainCheck(BaseModel):
    """Whether every link of the log holds, and else at which sequence number it first does not."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [{"holds": True, "first_break": None}]})

    holds: bool
    first_break: int | None


@router.get("/audit", permission=Permission.READ_AUDIT)
def list_events(
    response: Response, session: DbSession, actor: SignedIn, after: After = None, limit: Limit = 50
) -> list[queries.AuditLine]:
    """Who did what, newest first; for auditors, without what is about the caller."""
    found = queries.list_events(session, actor, after=after, limit=limit)
    link_next(response, "/api/v1/audit", found, limit=str(limit))
    return list(found.rows)


@router.get("/audit/own", permission=Permission.READ_OWN_AUDIT)
def list_own_events(
    response: Response, session: DbSession, actor: SignedIn, after: After = None, limit: Limit = 50
) -> list[queries.OwnLine]:
    """What concerns the caller, newest first."""
    found = queries.list_own_events(session, actor, after=after, limit=limit)
    link_next(response, "/api/v1/audit/own", found, limit=str(limit))
    return list(found.rows)


@router.get("/audit/verification", permission=Permission.READ_AUDIT)
def check_chain(session: DbSession, actor: SignedIn) -> ChainCheck:
    """Check the whole hash chain; for auditors."""
    broken = queries.check_chain(session, actor).broken
    return ChainCheck(holds=broken is None, first_break=broken)
