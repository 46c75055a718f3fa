"""JSON doors of signin: who I am, my tokens, and my calendar."""

from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict

from service.permissions import Actor, Permission, Role, Scope
from service.signin import actions, queries, rules
from service.signin.inputs import TokenRequest
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="signin")


class Me(BaseModel):
    """Whoever asks. `scope` is the token's, and null in a browser session."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "person_id": "6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10",
                    "name": "Ann Berg",
                    "roles": ["hr"],
                    "is_manager": True,
                    "scope": "read",
                }
            ]
        },
    )

    person_id: UUID
    name: str
    roles: list[Role]
    is_manager: bool
    scope: Scope | None


@router.get("/me", permission=Permission.USE_APP)
def show_me(actor: SignedIn) -> Me:
    """Who the service takes the caller for."""
    return _me(actor)


@router.get("/tokens", permission=Permission.MANAGE_OWN_ACCOUNT)
def list_tokens(session: DbSession, actor: SignedIn) -> list[queries.TokenLine]:
    """One's own tokens, without their secrets. A token cannot ask for this."""
    return queries.list_tokens(session, actor)


@router.post("/tokens", permission=Permission.MANAGE_OWN_ACCOUNT, status_code=201)
def create_token(request: Request, session: DbSession, actor: SignedIn, wish: TokenRequest) -> actions.NewToken:
    """Make a token; the secret is in this answer and nowhere else. A token cannot make another."""
    return actions.create_token(session, request.app.state.settings, actor, wish)


@router.delete("/tokens/{token_id}", permission=Permission.MANAGE_OWN_ACCOUNT, status_code=204)
def revoke_token(token_id: UUID, session: DbSession, actor: SignedIn) -> None:
    """End a token."""
    actions.revoke_token(session, actor, token_id)


class CalendarAddress(BaseModel):
    """Where a calendar program finds one's dates. Whoever has the address reads them."""

    model_config = ConfigDict(frozen=True)

    address: str


@router.post("/calendar", permission=Permission.MANAGE_OWN_ACCOUNT, status_code=201)
def create_calendar(request: Request, session: DbSession, actor: SignedIn) -> CalendarAddress:
    """Make one's calendar address, in place of an older one; it is in this answer and nowhere else."""
    settings = request.app.state.settings
    secret = actions.make_calendar(session, settings, actor)
    return CalendarAddress(address=rules.calendar_address(settings.base_url, secret))


@router.delete("/calendar", permission=Permission.MANAGE_OWN_ACCOUNT, status_code=204)
def end_calendar(session: DbSession, actor: SignedIn) -> None:
    """End one's calendar address."""
    actions.end_calendar(session, actor)


def _me(actor: Actor) -> Me:
    assert actor.person_id is not None  # noqa: S101  # USE_APP is for people
    return Me(
        person_id=actor.person_id,
        name=actor.name,
        roles=sorted(actor.roles),
        is_manager=actor.has_reports,
        scope=actor.scope,
    )
