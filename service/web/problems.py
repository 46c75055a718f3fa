"""Errors as answers: a page for people, problem+json (RFC 9457) for programs. The only place that renders them."""

from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic_core import to_jsonable_python
from sqlalchemy.exc import IntegrityError, OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from service.errors import Conflict, Invalid, NextrungError, NotFound, NotSignedIn, Stale, TooManyTries
from service.permissions import NOBODY
from service.web.answers import describe_refusals
from service.web.forms import problems_of
from service.web.pages import page

TOO_LARGE = (
    "This is larger than anything that is read here. Nothing was changed; send a smaller file, or less text at once."
)

log = structlog.get_logger()


class _Plain(NextrungError):
    """An error that has no class of its own, such as 405."""


def install(app: FastAPI) -> None:
    """Hang the handlers into `app`, and what they answer into its description."""
    describe_refusals(app)
    app.add_exception_handler(NotSignedIn, _signed_out)
    app.add_exception_handler(HTTPException, _http)

    @app.exception_handler(NextrungError)
    def _ours(request: Request, error: NextrungError) -> Response:
        return answer(request, error)

    @app.exception_handler(RequestValidationError)
    def _input(request: Request, error: RequestValidationError) -> Response:
        if any(part["loc"][0] == "path" for part in error.errors()):
            return answer(request, NotFound())
        return answer(
            request, Invalid("The request does not have the right shape.", problems_of(error.errors(), skip=1))
        )

    @app.exception_handler(StaleDataError)
    @app.exception_handler(IntegrityError)
    def _race(request: Request, _error: Exception) -> Response:
        return answer(
            request,
            Conflict("Somebody else did this at the same moment. Look again and repeat it if it is still needed."),
        )

    @app.exception_handler(OperationalError)
    @app.exception_handler(TimeoutError)
    def _busy(request: Request, error: OperationalError | TimeoutError) -> Response:
        log.error("database.unavailable", kind=type(getattr(error, "orig", error)).__name__)
        words = _Plain("The database does not answer just now. Nothing was changed; try again in a moment.")
        return answer(request, words, status=503, headers={"retry-after": "5"})

    @app.exception_handler(Exception)
    def _fault(request: Request, _error: Exception) -> Response:
        words = _Plain(
            "Something broke on our side. Nothing was changed; whoever runs Nextrung finds the reason in the log."
        )
        return answer(request, words, status=500)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # it is installed for that alone
    if not request.url.path.startswith("/api/"):
        _see_who_asks(request)
    if error.status_code == 404:
        return answer(request, NotFound("There is no such page."))
    plain = _Plain(TOO_LARGE if error.status_code == 413 else str(error.detail))
    response = answer(request, plain, status=error.status_code, headers=dict(error.headers or {}))
    if error.status_code == 413:
        request.state.too_large = response  # for TooLargeInWords
    return response


def answer(
    request: Request, error: NextrungError, *, status: int | None = None, headers: dict[str, str] | None = None
) -> Response:
    """`error` in the form the caller reads."""
    status = status or error.status
    headers = dict(headers or {})
    if isinstance(error, TooManyTries):
        headers["retry-after"] = str(error.retry_after)
    if request.url.path.startswith("/api/"):
        if isinstance(error, NotSignedIn):
            headers["www-authenticate"] = "Bearer"
        return JSONResponse(_body(error, status), status, headers, media_type="application/problem+json")
    if isinstance(error, NotSignedIn):
        return RedirectResponse(f"/signin?next={quote(_path_of_page(request))}", 303)
    title = error.title if status == error.status else "That did not work"
    response = page(request, "problem.html", status=status, title=title, error=error)
    response.headers.update(headers)
    return response


def _see_who_asks(request: Request) -> None:
    """Where no route was found, nobody has asked yet who is signed in; the frame of the page shows it."""
    if not hasattr(request.state, "actor"):
        with request.app.state.database.transaction(readonly=True) as session:
            try:
                request.state.actor = request.app.state.identify(session, request)
            except NotSignedIn:  # a token that does not hold
                request.state.actor = NOBODY


def _body(error: NextrungError, status: int) -> dict[str, Any]:
    title = error.title if status == error.status else "That did not work"
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": error.detail}
    if error.problems:
        body["errors"] = [
            {"pointer": p.pointer, "detail": p.detail} | ({"id": p.id} if p.id else {}) for p in error.problems
        ]
    if isinstance(error, Stale) and error.current is not None:
        body["current"] = to_jsonable_python(error.current)
    return body


async def _signed_out(request: Request, error: Exception) -> Response:
    """The way to the sign-in page; for a form a page that keeps what was written until it can be sent again."""
    words, in_person = await _words_of(request), getattr(request.state, "in_person", True)
    if words:
        return page(request, "signed_out.html", status=401, words=words, again=not in_person)
    return answer(request, error)  # type: ignore[arg-type]  # it is installed for NotSignedIn alone


async def _words_of(request: Request) -> list[tuple[str, str]]:
    """What a form brought along whose sender is no longer signed in, to be sent again or, where it is a person's own word,
    to be read: somebody else may sign in next. A password is not handed back."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("application/x-www-form-urlencoded") or request.url.path.startswith(("/api/", "/account")):
        return []
    try:
        async with request.form() as form:
            return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    except HTTPException:  # no form that can be read
        return []


def _path_of_page(request: Request) -> str:
    """Where to go after signing in: the page itself, or home where it was a form that was sent."""
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
