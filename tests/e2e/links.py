"""Which pages there are, and how they are found: by their links, from the home of whoever is signed in."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from sqlalchemy.orm import sessionmaker
from starlette.routing import compile_path

from service.app import make_app
from service.db import Database
from service.settings import Settings
from tests.security.calls import routes

START = "http://company"


def page_paths() -> list[str]:
    """The paths of all pages of the app, the most exact first."""
    app = make_app(Settings(secret="t" * 40), Database(sessionmaker(), sessionmaker()), work=False)
    aside = ("/api/", "/openapi.json", "/healthz", "/schemas/")
    pages = [path for method, path in routes(app) if method == "GET" and not path.startswith(aside)]
    return sorted(pages, key=lambda path: (path.count("{"), -len(path)))


def kind_of(address: str, paths: Iterable[str]) -> str | None:
    """The path that answers an address, or None."""
    place = urlsplit(address).path
    return next((path for path in paths if re.fullmatch(compile_path(path)[0], place)), None)


def follow(start: str, open_: Callable[[str], Iterable[str]], most: int) -> Iterator[str]:
    """Open pages from `start` on, link by link, at most so many of one kind (its path and the names of its questions).
    `open_` opens an address and answers the links on it. Yields the paths opened."""
    paths = page_paths()
    waiting, seen, opened = deque([start]), {start}, Counter[tuple[str, ...]]()
    while waiting:
        address = waiting.popleft()
        path = kind_of(address, paths)
        kind = (path or "", *sorted(name for name, _ in parse_qsl(urlsplit(address).query)))
        if path is None or path.endswith(".pdf") or opened[kind] >= most:
            continue
        opened[kind] += 1
        for href in open_(address):
            link = urldefrag(urljoin(START + address, href)).url
            if link.startswith(START + "/") and (here := link.removeprefix(START)) not in seen:
                seen.add(here)
                waiting.append(here)
        yield path
