"""Where a request comes from, as the counting of wrong sign-ins sees it."""

from typing import Any

import pytest
import uvicorn

from service.cli import run
from service.db import Database
from service.settings import Settings
from tests.browser import Browser


@pytest.mark.parametrize(
    ("behind_proxy", "sent", "seen"),
    [
        (False, "192.0.2.1", "127.0.0.1"),
        (True, "192.0.2.1", "192.0.2.1"),
        (True, "192.0.2.66, 192.0.2.1", "192.0.2.1"),
    ],
)
def test_a_made_up_address_counts_nowhere(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, database: Database, behind_proxy: bool, sent: str, seen: str
) -> None:
    """The demo has no proxy and believes nobody; the last address is the one that a proxy has added itself."""
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    served: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda app, **given: served.update(given, app=app))
    run(settings, database, "127.0.0.1", 8000, behind_proxy=behind_proxy)

    addresses = []

    async def note(scope: Any, _receive: Any, send: Any) -> None:
        addresses.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(note, proxy_headers=served["proxy_headers"], log_config=None)
    config.load()
    Browser(config.loaded_app).get("/signin", headers={"x-forwarded-for": sent})
    assert addresses == [seen]
