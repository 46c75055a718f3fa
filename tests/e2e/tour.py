"""Which pages there are, and who gets to them: link by link from the home page, as each role."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx
from sqlalchemy.orm import sessionmaker
from starlette.routing import compile_path

from service.app import make_app
from service.db import Database
from service.demo.people import PASSWORD
from service.settings import Settings
from tests.e2e.server import Server
from tests.security.calls import routes

LINK = re.compile(r"""<a\b[^>]*?\shref="([^"]*)\"""")
NOBODY = ""
WHO = (NOBODY, "mira", "jakub", "tomasz", "dina", "priya", "owen")
"""A person who rates; one whose talk is open; a manager of reviews at every step; HR, HR partner, auditor."""

MOST = 3
"""So many pages of one kind are looked at: one kind shows itself differently to different people, at different steps."""


@dataclass(frozen=True)
class Stop:
    """A page, and who looks at it."""

    who: str
    address: str
    path: str


def page_paths() -> list[str]:
    """The paths of all pages of the app, the most exact first."""
    app = make_app(Settings(secret="t" * 40), Database(sessionmaker(), sessionmaker()), work=False)
    aside = ("/api/", "/openapi.json", "/healthz", "/schemas/")
    found = [path for method, path in routes(app) if method == "GET" and not path.startswith(aside)]
    return sorted(found, key=lambda path: (path.count("{"), -len(path)))


def kind_of(address: str, paths: list[str]) -> str | None:
    """The path that answers an address, or None."""
    place = urlsplit(address).path
    return next((path for path in paths if re.fullmatch(compile_path(path)[0], place)), None)


def tour(server: Server) -> tuple[list[Stop], list[str]]:
    """The pages to look at, and the links that lead nowhere."""
    paths, taken = page_paths(), Counter[tuple[str, ...]]()
    stops: list[Stop] = []
    dead: list[str] = []
    for who in WHO:
        with program_of(server, who) as client:
            for address, path, answer in _follow(client, "/" if who else "/signin", paths):
                if answer.status_code != 200:
                    dead.append(f"{who} {address}: {answer.status_code}")
                kind = (path, *sorted(name for name, _ in parse_qsl(urlsplit(address).query)))
                taken[kind] += 1
                if taken[kind] <= MOST:
                    stops.append(Stop(who, address, path))
    return stops, dead


@contextmanager
def program_of(server: Server, who: str) -> Iterator[httpx.Client]:
    """Signed in; `NOBODY` is not."""
    with httpx.Client(base_url=server.address, headers={"sec-fetch-site": "same-origin"}, timeout=30) as client:
        if who:
            typed = {"email": f"{who}@larkfield.example", "password": PASSWORD, "next": ""}
            assert client.post("/signin", data=typed).status_code == 303
        yield client


def _follow(client: httpx.Client, start: str, paths: list[str]) -> Iterator[tuple[str, str, httpx.Response]]:
    """Pages from `start` on, each with its path and its answer; at most `MOST` of one kind, and files are not opened."""
    origin = str(client.base_url).rstrip("/")
    waiting, seen, opened = deque([start]), {start}, Counter[tuple[str, ...]]()
    while waiting:
        address = waiting.popleft()
        path = kind_of(address, paths)
        kind = (path or "", *sorted(name for name, _ in parse_qsl(urlsplit(address).query)))
        opened[kind] += 1
        if path is None or opened[kind] > MOST:
            continue
        answer = client.get(address)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        yield address, path, answer
        for href in LINK.findall(answer.text):
            link = urldefrag(urljoin(origin + address, unescape(href))).url.removeprefix(origin)
            if link.startswith("/") and link not in seen:
                seen.add(link)
                waiting.append(link)
