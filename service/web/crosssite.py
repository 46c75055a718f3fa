"""Refuses unsafe requests that another site's page made the browser send (OWASP CSRF cheat sheet, fetch metadata)."""

from urllib.parse import urlsplit

from fastapi import Request

from service.errors import Forbidden


def check_same_site(request: Request) -> None:
    """Go on only for requests of our own pages: by `Sec-Fetch-Site`, else by `Origin`; neither header means no browser
    page, and then a cookie must not be enough either.

    Raises: Forbidden.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        origin = request.headers.get("origin")
        allowed = origin is not None and _host_of(origin) == request.headers.get("host")
    if not allowed:
        raise Forbidden("This request did not come from a page of Nextrung. Open the page here and try again.")


def _host_of(origin: str) -> str:
    """Host and port; "" for what is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
