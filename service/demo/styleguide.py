"""The page of every part that pages are made of, in all its states. Only the demo has this door."""

from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response

from service import clock
from service.errors import Invalid, Problem
from service.permissions import Permission
from service.web.pages import page
from service.web.routing import Router, SignedIn

router = Router(pages=True)

PROBLEM = Invalid(
    "Some fields need another look.",
    [Problem("/wrong", "Write the date as 2026-11-21."), Problem("/answer", "Choose one of those offered.")],
)


@router.get("/styleguide", permission=Permission.PUBLIC)
def show_styleguide(request: Request, _actor: SignedIn) -> Response:
    """Nothing on it is about anybody, so whoever has the demo may look."""
    today = clock.today()
    days = {"yesterday": today - timedelta(days=1), "soon": today + timedelta(days=5)}
    return page(request, "styleguide.html", shown=PROBLEM, days=days)
