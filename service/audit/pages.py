"""HTML doors of audit. Names come from `app.state.list_names`, since people lie above audit."""

from fastapi import Request
from fastapi.responses import Response

from service.audit import queries
from service.audit.rules import WORDS
from service.permissions import Permission
from service.web.pages import page
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/audit", permission=Permission.READ_AUDIT)
def list_events(request: Request, session: DbSession, actor: SignedIn, after: After = None) -> Response:
    """The log, newest first, for auditors."""
    found = queries.list_events(session, actor, after=after)
    ids = [person for line in found.rows for person in (line.actor_id, line.subject_id) if person is not None]
    names = request.app.state.list_names(session, ids)
    return page(request, "audit/audit.html", found=found, names=names, words=WORDS, after=after)


@router.get("/audit/own", permission=Permission.READ_OWN_AUDIT)
def list_own_events(request: Request, session: DbSession, actor: SignedIn, after: After = None) -> Response:
    """What concerns the reader, newest first."""
    found = queries.list_own_events(session, actor, after=after)
    names = request.app.state.list_names(session, [line.actor_id for line in found.rows if line.actor_id is not None])
    return page(request, "audit/own.html", found=found, names=names, words=WORDS, after=after)


@router.get("/audit/verification", permission=Permission.READ_AUDIT)
def check_chain(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Whether the hash chain holds, for auditors."""
    return page(request, "audit/verification.html", check=queries.check_chain(session, actor))
