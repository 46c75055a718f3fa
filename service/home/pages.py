"""The home page and the health check."""

from fastapi import Request
from fastapi.responses import Response

from service.home import queries
from service.permissions import Permission
from service.web.pages import page
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/", permission=Permission.USE_APP)
def show_home(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return page(request, "home/home.html", home=queries.get_home(session, actor))


@router.get("/healthz", permission=Permission.PUBLIC)
def show_health() -> Response:
    return Response("ok\n", media_type="text/plain")
