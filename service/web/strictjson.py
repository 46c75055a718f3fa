"""JSON bodies that mean one thing: no member twice, no NaN, no half of a character (RFC 8259, sections 4, 6 and 8.2)."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message


class StrictRequest(Request):
    """Raises: json.JSONDecodeError, which is answered 422, for everything that is not strict JSON."""

    async def json(self) -> Any:
        return read(await self.body())


class StrictRoute(APIRoute):
    """A route that has its body before anything else begins, and reads JSON strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            body = await request.body()  # whoever sends slowly, or stops half-way, holds no transaction

            async def receive() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return await handle(StrictRequest(request.scope, receive))

        return handle_strictly


def read(body: bytes) -> Any:
    """The value of a JSON text. Raises: json.JSONDecodeError."""
    try:
        text = body.decode()
        value = json.loads(text, object_pairs_hook=_members, parse_constant=_constant)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except (RecursionError, UnicodeError) as error:
        raise json.JSONDecodeError("Nested too deep, or not text", "", 0) from error
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # an integer of thousands of digits
        raise json.JSONDecodeError("A number too long", "", 0) from error
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise json.JSONDecodeError("A member is there twice", "", 0)
    return found


def _constant(_name: str) -> NoReturn:
    raise json.JSONDecodeError("NaN and Infinity are no JSON numbers", "", 0)
