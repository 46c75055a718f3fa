"""Routers that refuse a route without a permission, and the dependencies every door shares."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from service.errors import Forbidden, Invalid, NotFound, NotSignedIn
from service.permissions import IN_PERSON, READING, Actor, Permission, Scope
from service.web.answers import refusals
from service.web.crosssite import check_same_site
from service.web.strictjson import StrictRoute

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
SAFE_METHODS = ("GET", "HEAD")


def open_session(request: Request) -> Iterator[Session]:
    """One transaction a request; committed before the answer is sent, so that no failed commit goes unseen."""
    readonly = request.method in SAFE_METHODS and not getattr(request.state, "enqueues", False)
    with request.app.state.database.transaction(readonly=readonly) as session:
        yield session


DbSession = Annotated[Session, Depends(open_session, scope="function")]


def get_actor(request: Request, session: DbSession) -> Actor:
    """Whoever asks, from the session cookie or the bearer token; nobody where neither holds."""
    actor: Actor = request.app.state.identify(session, request)
    request.state.actor = actor
    return actor


SignedIn = Annotated[Actor, Depends(get_actor)]


async def _enqueues(request: Request) -> None:
    request.state.enqueues = True


class Guard:
    """The first check of each route: signed in where needed, within the token's scope, from our own pages."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, request: Request, actor: SignedIn) -> None:
        if any("\0" in str(part) for part in request.path_params.values()):
            raise NotFound  # no name of ours has it, and PostgreSQL takes no text that does
        if any("\0" in value for value in request.query_params.values()):
            raise Invalid("The address holds a character that no text of ours does; leave it out.")
        if request.method not in SAFE_METHODS and actor.scope is None:
            check_same_site(request)
        if self.permission is Permission.PUBLIC:
            return
        request.state.in_person = self.permission in IN_PERSON
        if actor.person_id is None:
            raise NotSignedIn("Sign in to go on.")
        if actor.scope is not None and self.permission in IN_PERSON:
            raise Forbidden("This is a person's own word: sign in and do it yourself, a token cannot.")
        if actor.scope is Scope.READ and (self.permission not in READING or request.method not in SAFE_METHODS):
            raise Forbidden("This token may only read.")


class Router:
    """A thin front of FastAPI's router: `permission` has no default, so a route without one fails at import."""

    def __init__(self, *, pages: bool = False, tag: str = "") -> None:
        answer: dict[str, Any] = {"responses": refusals(401, 403, 404, 422)}
        if pages:
            answer = {"default_response_class": HTMLResponse, "include_in_schema": False}
        answer["route_class"] = StrictRoute
        self.inner = APIRouter(prefix="" if pages else "/api/v1", tags=[tag] if tag else None, **answer)

    def get(
        self, path: str, *, permission: Permission, enqueues: bool = False, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """With `enqueues`, looking at it may ask for a job, in a transaction that writes."""
        first = [Depends(_enqueues)] if enqueues else []
        return self._route("GET", path, permission, options, first)

    def post(self, path: str, *, permission: Permission, **options: Any) -> Callable[[Endpoint], Endpoint]:
        return self._route("POST", path, permission, options)

    def put(self, path: str, *, permission: Permission, **options: Any) -> Callable[[Endpoint], Endpoint]:
        return self._route("PUT", path, permission, options)

    def delete(self, path: str, *, permission: Permission, **options: Any) -> Callable[[Endpoint], Endpoint]:
        return self._route("DELETE", path, permission, options)

    def _route(
        self, method: str, path: str, permission: Permission, options: dict[str, Any], first: Iterable[Any] = ()
    ) -> Callable[[Endpoint], Endpoint]:
        guard = Depends(Guard(permission))
        return self.inner.api_route(path, methods=[method], dependencies=[*first, guard], **options)
