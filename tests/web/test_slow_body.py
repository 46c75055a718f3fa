"""Whoever sends a request slowly, or stops half-way, keeps nobody else from writing."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

from service import schema
from service.app import make_app
from service.db import Database, connect
from service.settings import Settings
from tests.browser import Browser


@pytest.mark.parametrize(
    ("path", "kind"), [("/signin", "application/x-www-form-urlencoded"), ("/api/v1/tokens", "application/json")]
)
def test_a_request_on_its_way_holds_no_lock(tmp_path: Path, path: str, kind: str) -> None:
    file = tmp_path / "own.sqlite3"
    database = connect(f"sqlite:///{file}")
    schema.upgrade(database.engine)
    app = make_app(Settings(secret="t" * 40, data_dir=tmp_path), database, work=False)
    headers = {"host": "127.0.0.1", "sec-fetch-site": "same-origin", "cookie": "nextrung=x", "content-type": kind}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    parts = iter([(b"a=", True), (b"b", False)])
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        other = sqlite3.connect(file, timeout=0.1, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # fails where the request holds the write lock
        other.execute("ROLLBACK")
        other.close()
        body, more = next(parts)
        return {"type": "http.request", "body": body, "more_body": more}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] in (401, 422)
    database.engine.dispose()


def test_no_connection_in_time_is_a_503(tmp_path: Path) -> None:
    options = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": 0.1}
    engine = create_engine(f"sqlite:///{tmp_path / 'own.sqlite3'}", **options)
    make = sessionmaker(engine)
    app = make_app(Settings(secret="t" * 40, data_dir=tmp_path), Database(make, make), work=False)
    with engine.connect():  # the only one
        answer = Browser(app, raise_faults=False).get("/ladders", headers={"cookie": "nextrung=x"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    engine.dispose()
