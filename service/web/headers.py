"""Security headers on every answer (SECURITY.md section 4; OWASP secure headers)."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

PDF_POLICY = "base-uri 'none'; frame-ancestors 'none'"
"""A browser shows a PDF by an object of its own, which `object-src 'none'` would block."""


class SecurityHeaders:
    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        is_pdf = headers.get("content-type") == "application/pdf"
        headers["content-security-policy"] = PDF_POLICY if is_pdf else POLICY
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "same-origin"
        headers["cross-origin-opener-policy"] = "same-origin"
        if not scope["path"].startswith("/static/"):
            headers.setdefault("cache-control", "no-store")
        if self.secure:
            headers["strict-transport-security"] = "max-age=63072000"
            headers.raw[:] = [
                (name, _secured(value) if name == b"set-cookie" else value) for name, value in headers.raw
            ]


def _secured(cookie: bytes) -> bytes:
    """A cookie that browsers send over https only, whoever set it."""
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"
