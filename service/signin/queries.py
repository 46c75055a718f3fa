"""Who asks, and what a person sees of their own account."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.errors import NotFound, NotSignedIn
from service.people.queries import load_actor
from service.permissions import NOBODY, Actor, Permission, Scope, require
from service.settings import Settings
from service.signin import rules
from service.signin.models import ApiToken, CalendarKey, SignInSession


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One browser that is signed in."""

    id: UUID
    client: str
    created_at: datetime
    expires_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class TokenLine:
    """An API token without its secret; `prefix` is how it begins."""

    id: UUID
    name: str
    prefix: str
    scope: Scope
    created_at: datetime
    expires_at: datetime
    is_expired: bool


def identify(session: Session, request: Request) -> Actor:
    """Whoever sends `request`: by bearer token, else by session cookie, else nobody. Only reads.

    Raises: NotSignedIn for a bearer token that does not hold; the cookie is then not looked at.
    """
    settings: Settings = request.app.state.settings
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        return _by_token(session, settings, token.strip())
    key = request.cookies.get(rules.cookie_name(secure=settings.secure))
    return _by_cookie(session, settings, key) if key else NOBODY


def identify_by_calendar(session: Session, settings: Settings, secret: str) -> Actor:
    """Whose calendar address holds this secret, to read only. Raises: NotFound for one that does not hold, or no longer."""
    query = select(CalendarKey.person_id).where(CalendarKey.key_hash == rules.keyed_hash(settings.secret, secret))
    person_id = session.scalar(query)
    actor = load_actor(session, person_id, Scope.READ) if person_id else None
    if actor is None:
        raise NotFound
    return actor


def calendar_made_at(session: Session, actor: Actor) -> datetime | None:
    """When the actor made their calendar address; None where they have none."""
    require(actor, Permission.MANAGE_OWN_ACCOUNT)
    return session.scalar(select(CalendarKey.created_at).where(CalendarKey.person_id == actor.person_id))


def list_sessions(session: Session, settings: Settings, actor: Actor, key: str) -> list[SessionLine]:
    """The actor's own sessions, newest first; `key` is the cookie they ask with."""
    require(actor, Permission.MANAGE_OWN_ACCOUNT)
    current = rules.keyed_hash(settings.secret, key)
    query = select(SignInSession).where(
        SignInSession.person_id == actor.person_id, SignInSession.expires_at > clock.now()
    )
    rows = session.scalars(query.order_by(SignInSession.created_at.desc(), SignInSession.id))
    return [SessionLine(row.id, row.client, row.created_at, row.expires_at, row.key_hash == current) for row in rows]


def list_tokens(session: Session, actor: Actor) -> list[TokenLine]:
    """The actor's own tokens, newest first, the expired ones too."""
    require(actor, Permission.MANAGE_OWN_ACCOUNT)
    query = select(ApiToken).where(ApiToken.person_id == actor.person_id)
    return [token_line(row) for row in session.scalars(query.order_by(ApiToken.created_at.desc(), ApiToken.id))]


def token_line(row: ApiToken) -> TokenLine:
    """`row` as its owner sees it."""
    expired = row.expires_at <= clock.now()
    return TokenLine(row.id, row.name, row.prefix, Scope(row.scope), row.created_at, row.expires_at, expired)


def _by_token(session: Session, settings: Settings, token: str) -> Actor:
    found = None
    if token.startswith(rules.TOKEN_START):
        query = select(ApiToken.person_id, ApiToken.scope).where(
            ApiToken.key_hash == rules.keyed_hash(settings.secret, token), ApiToken.expires_at > clock.now()
        )
        found = session.execute(query).first()
    actor = load_actor(session, found.person_id, Scope(found.scope)) if found else None
    if actor is None:
        raise NotSignedIn("This token does not hold, or no longer. Make a new one on your account page.")
    return actor


def _by_cookie(session: Session, settings: Settings, key: str) -> Actor:
    query = select(SignInSession.person_id).where(
        SignInSession.key_hash == rules.keyed_hash(settings.secret, key), SignInSession.expires_at > clock.now()
    )
    person_id = session.scalar(query)
    return (load_actor(session, person_id) if person_id else None) or NOBODY
