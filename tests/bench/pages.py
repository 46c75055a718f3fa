"""The server's time for each page, with a thousand people in the database, beside the most that a page may take."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from fastapi import FastAPI

from service import schema
from service.app import make_app
from service.db import Database, connect
from service.demo.company import make_settings
from service.people.queries import find_person
from service.settings import Settings
from service.signin.actions import start_session
from tests.bench.company import WHO, found_company
from tests.browser import Browser
from tests.links import follow_links, page_paths

FLOOR = 100.0
"""Milliseconds."""

ROUNDS = 9


def run() -> str:
    """A line for each page and role, the slowest first.

    Raises: SystemExit with the whole table where a page takes longer than the floor.
    """
    with TemporaryDirectory(prefix="nextrung-bench-") as folder, _company(Path(folder)) as (app, settings, database):
        lines = []
        for role, email in WHO.items():
            client = _sign_in(app, settings, database, email)
            for address, path, _ in follow_links(client, ["/"], page_paths(app), most=1):
                lines.append((measure(client, address), role, path, address))
    lines.sort(reverse=True)
    text = "\n".join(_line(*line) for line in lines)
    slow = sum(time > FLOOR for time, *_ in lines)
    summary = f"pages: {len(lines)} with a thousand people; {slow} above {FLOOR:.0f} ms of CPU time"
    if slow:
        raise SystemExit(f"{text}\n{summary}")
    return f"{text}\n{summary}"


def measure(client: Browser, address: str) -> float:
    """Milliseconds of CPU for one answer: routing, database, template. The median, since the machine may be busy."""
    rounds = []
    for _ in range(ROUNDS):
        start = process_time()
        client.get(address)
        rounds.append((process_time() - start) * 1000)
    return median(rounds)


def _line(time: float, role: str, path: str, address: str) -> str:
    questions = "?" + address.partition("?")[2] if "?" in address else ""
    return f"{time:7.1f} ms {time / FLOOR:5.2f} × floor  {role:<8} {path}{questions[:60]}"


@contextmanager
def _company(folder: Path) -> Iterator[tuple[FastAPI, Settings, Database]]:
    settings = make_settings(folder, 8000)
    database = connect(settings.database)
    schema.upgrade(database.engine)
    found_company(database)
    yield make_app(settings, database, work=False), settings, database
    database.engine.dispose()


def _sign_in(app: FastAPI, settings: Settings, database: Database, email: str) -> Browser:
    client = Browser(app, settings.base_url)
    with database.transaction() as session:
        person = find_person(session, email)
        assert person is not None
        client.cookies.set("nextrung", start_session(session, settings, person, client="bench"))
    return client
