"""A browser or program that asks the app directly: no socket, and one change of thread a request."""

import atexit
from contextlib import ExitStack
from functools import cache

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

_kept = ExitStack()
atexit.register(_kept.close)


@cache
def _portal() -> BlockingPortal:
    """The event loop of this process, in a thread that ends with it."""
    return _kept.enter_context(start_blocking_portal())


class _InProcess(httpx.BaseTransport):
    def __init__(self, app: FastAPI, *, raise_faults: bool) -> None:
        self.inner = httpx.ASGITransport(app, raise_app_exceptions=raise_faults)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return _portal().call(self._answer, request)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self.inner.handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread(), request=request)


class Browser(httpx.Client):
    """Keeps its cookies and follows no redirect. With `raise_faults` a fault of the app is the test's, else a 500."""

    def __init__(
        self, app: FastAPI, base_url: str = "http://testserver", *, raise_faults: bool = True,
        headers: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            transport=_InProcess(app, raise_faults=raise_faults),
            base_url=base_url,
            headers=headers,
            follow_redirects=False,
        )
