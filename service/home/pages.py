"""The home page and the health check."""

from fastapi import Request
from fastapi.responses import Response

from service.permissions import Permission
from service.web.pages import page
from service.web.routing import Router, SignedIn

router = Router(pages=True)


@router.get("/", permission=Permission.USE_APP)
def show_home(request: Request, actor: SignedIn) -> Response:
    return page(request, "home/home.html", actor=actor)


@router.get("/healthz", permission=Permission.PUBLIC)
def show_health() -> Response:
    return Response("ok\n", media_type="text/plain")
