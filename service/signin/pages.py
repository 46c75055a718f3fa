"""HTML doors of signin: the sign-in form and one's own account."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.errors import Invalid, Problem
from service.people.rules import email_key
from service.permissions import Permission
from service.settings import Settings
from service.signin import actions, queries, rules
from service.signin.inputs import PasswordChange, SignIn, TokenRequest
from service.web.forms import Form, parse
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)

NOT_TOGETHER = "This e-mail address and password do not belong together."


@router.get("/signin", permission=Permission.PUBLIC)
def show_sign_in(request: Request, actor: SignedIn, next: str = "/") -> Response:
    """The form; whoever is signed in already goes on."""
    if actor.person_id is not None:
        return see_other(rules.local_path(next))
    return page(request, "signin/signin.html", values={"next": rules.local_path(next)})


@router.post("/signin", permission=Permission.PUBLIC)
def create_session(request: Request, session: DbSession, form: Form) -> Response:
    """Sign in and go on to the page asked for."""
    settings = _settings(request)
    try:
        attempt = parse(SignIn, form)
    except Invalid as problem:
        return _sign_in_again(request, form, problem)
    key = actions.sign_in(session, settings, attempt, _visitor(request))
    if key is None:
        return _sign_in_again(request, form, Invalid("You are not signed in yet.", [Problem("/email", NOT_TOGETHER)]))
    response = see_other(rules.local_path(attempt.next))
    mark = rules.device_mark(settings.secret, email_key(attempt.email))
    seconds = rules.DEVICE_DAYS * 24 * 3600
    response.set_cookie(
        rules.DEVICE_COOKIE,
        mark,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=settings.secure,
        path="/signin",
    )
    return _with_session(response, settings, key)


@router.post("/signout", permission=Permission.PUBLIC)
def end_session(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Sign this browser out."""
    settings = _settings(request)
    actions.sign_out(session, settings, actor, _visitor(request).key)
    return _without_session(settings, "You are signed out.")


@router.get("/account", permission=Permission.MANAGE_OWN_ACCOUNT)
def show_account(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """One's own sessions, password and tokens."""
    return _account(request, session, actor)


@router.post("/account/sessions/ended", permission=Permission.MANAGE_OWN_ACCOUNT)
def end_sessions(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Sign out everywhere."""
    actions.end_sessions(session, actor)
    return _without_session(_settings(request), "You are signed out everywhere.")


@router.post("/account/password", permission=Permission.MANAGE_OWN_ACCOUNT)
def update_password(request: Request, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Change the password; the other sessions end."""
    settings = _settings(request)
    try:
        key = actions.change_password(session, settings, actor, parse(PasswordChange, form), _visitor(request))
    except Invalid as problem:
        session.rollback()
        return _account(request, session, actor, problem=problem)
    if key is None:
        wrong = Invalid("The password was not changed.", [Problem("/current", "This is not your present password.")])
        return _account(request, session, actor, problem=wrong)
    flash = "Your password is changed. Every other browser is signed out."
    return _with_session(see_other("/account", flash=flash), settings, key)


@router.post("/account/tokens", permission=Permission.MANAGE_OWN_ACCOUNT)
def create_token(request: Request, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Make a token; its secret is on this one answer and nowhere else."""
    try:
        new = actions.create_token(session, _settings(request), actor, parse(TokenRequest, form))
    except Invalid as problem:
        session.rollback()
        return _account(request, session, actor, problem=problem, values=dict(form))
    return page(request, "signin/token.html", new=new)


@router.post("/account/tokens/{token_id}/revocation", permission=Permission.MANAGE_OWN_ACCOUNT)
def revoke_token(token_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    """End a token."""
    actions.revoke_token(session, actor, token_id)
    return see_other("/account", flash="The token no longer holds.")


@router.post("/account/calendar", permission=Permission.MANAGE_OWN_ACCOUNT)
def create_calendar(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """Make a calendar address, in place of an older one; it is on this one answer and nowhere else."""
    settings = _settings(request)
    secret = actions.make_calendar(session, settings, actor)
    return page(request, "signin/calendar.html", address=rules.calendar_address(settings.base_url, secret))


@router.post("/account/calendar/revocation", permission=Permission.MANAGE_OWN_ACCOUNT)
def end_calendar(session: DbSession, actor: SignedIn) -> Response:
    """End the calendar address."""
    actions.end_calendar(session, actor)
    return see_other("/account", flash="The calendar address no longer holds.")


def _account(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    *,
    problem: Invalid | None = None,
    values: dict[str, Any] | None = None,
) -> Response:
    sessions = queries.list_sessions(session, _settings(request), actor, _visitor(request).key)
    tokens = queries.list_tokens(session, actor)
    status = problem.status if problem else 200
    shown = {"problem": problem, "values": values or {}, "sessions": sessions, "tokens": tokens}
    calendar_made_at = queries.calendar_made_at(session, actor)
    return page(request, "signin/account.html", status=status, calendar_made_at=calendar_made_at, **shown)


def _sign_in_again(request: Request, form: Form, problem: Invalid) -> Response:
    values = {"email": form.get("email", ""), "next": rules.local_path(str(form.get("next", "/")))}
    return page(request, "signin/signin.html", status=problem.status, problem=problem, values=values)


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _visitor(request: Request) -> rules.Visitor:
    return rules.Visitor(
        address=request.client.host if request.client else "",
        client=rules.name_client(request.headers.get("user-agent", "")),
        key=request.cookies.get(rules.cookie_name(secure=_settings(request).secure), ""),
        device=request.cookies.get(rules.DEVICE_COOKIE, ""),
    )


def _with_session(response: Response, settings: Settings, key: str) -> Response:
    name, seconds = rules.cookie_name(secure=settings.secure), settings.session_hours * 3600
    response.set_cookie(name, key, max_age=seconds, httponly=True, samesite="lax", secure=settings.secure)
    return response


def _without_session(settings: Settings, flash: str) -> Response:
    response = see_other("/signin", flash=flash)
    name = rules.cookie_name(secure=settings.secure)
    response.delete_cookie(name, httponly=True, samesite="lax", secure=settings.secure)
    return response
