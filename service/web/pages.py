"""HTML answers: templates get frozen read models, never ORM objects (decision 5 of service/README.md)."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined

from reports import charts
from service import clock
from service.permissions import NOBODY, Permission, may
from service.web.again import refused

FOLDER = Path(__file__).resolve().parent.parent / "templates"
FLASH = "nextrung-flash"

environment = Environment(
    loader=ChoiceLoader([FileSystemLoader(FOLDER), PrefixLoader({"reports": PackageLoader("reports")})]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def day(value: date | datetime | None) -> str:
    """A date as people read it: 21 Nov 2026."""
    return f"{value.day} {value:%b %Y}" if value else "–"


def iso_day(value: str) -> str:
    """As `day`, of a date as data has it."""
    return day(date.fromisoformat(value))


def moment(value: datetime | None) -> str:
    """A moment with its zone: 21 Nov 2026, 14:03 UTC."""
    return f"{day(value)}, {value:%H:%M} UTC" if value else "–"


def from_now(value: date) -> str:
    """How far a date is: "today", "in 3 days", "2 days ago". Stands beside the date, never instead of it."""
    days = (value - clock.today()).days
    if days == 0:
        return "today"
    unit = "day" if abs(days) == 1 else "days"
    return f"in {days} {unit}" if days > 0 else f"{-days} {unit} ago"


def is_past(value: date) -> bool:
    return value < clock.today()


environment.filters.update(day=day, iso_day=iso_day, moment=moment, from_now=from_now, is_past=is_past)
environment.globals.update(may=may, today=clock.today, Permission=Permission)
environment.globals.update(geometry=charts, COLOURS={name: f"var(--{name})" for name in charts.COLOURS})


def page(request: Request, template: str, *, status: int | None = None, **context: Any) -> Response:
    """Render `template`. It always has `actor`, `path` and `flash`; where a form of it was refused, `problem` says why and
    is the status, and `values` are the words that were typed. `why` are the words on why this reader sees the page, where
    it is about somebody."""
    flash = unquote(request.cookies.get(FLASH, ""))
    again = refused(request)
    context = {"problem": again and again.problem, "values": again.typed if again else {}} | context
    html = environment.get_template(template).render(
        actor=getattr(request.state, "actor", NOBODY), path=request.url.path, flash=flash, **context
    )
    response = HTMLResponse(html, status or (again.problem.status if again else 200))
    if flash:
        response.delete_cookie(FLASH)
    return response


def see_other(url: str, *, flash: str = "") -> Response:
    """Answer a form with the page to look at next (303), and one line on what was done."""
    response = RedirectResponse(url, 303)
    if flash:
        response.set_cookie(FLASH, quote(flash), max_age=60, httponly=True, samesite="lax")
    return response
