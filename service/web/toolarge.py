"""A body over the limit is refused in words: the server's own middleware would answer it in three, as plain text."""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class TooLargeInWords:
    """Sends what problems.py left in `request.state.too_large` in place of the bare 413 of RequestBodyLimitMiddleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        instead: Any = None

        async def send_words(message: Message) -> None:
            nonlocal instead
            if message["type"] == "http.response.start" and message["status"] == 413:
                instead = scope.get("state", {}).get("too_large")
            if instead is None:
                await send(message)
            elif message["type"] == "http.response.start":
                await instead(scope, receive, send)

        await self.app(scope, receive, send_words)
