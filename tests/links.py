"""Which pages the app has, and how a person comes to them: link by link from the home page."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx
from fastapi import FastAPI
from starlette.routing import compile_path

from tests.security.calls import routes

LINK = re.compile(r"""<a\b[^>]*?\shref="([^"]*)\"""")


def page_paths(app: FastAPI) -> list[str]:
    """The paths of all pages of the app, the most exact first."""
    aside = ("/api/", "/openapi.json", "/healthz", "/schemas/")
    found = [path for method, path in routes(app) if method == "GET" and not path.startswith(aside)]
    return sorted(found, key=lambda path: (path.count("{"), -len(path)))


def path_of(address: str, paths: list[str]) -> str | None:
    """The path that answers an address, or None."""
    place = urlsplit(address).path
    return next((path for path in paths if re.fullmatch(compile_path(path)[0], place)), None)


def kind_of(address: str, path: str) -> tuple[str, ...]:
    """Pages of one kind have one path, and the same names in their questions."""
    return (path, *sorted({name for name, _ in parse_qsl(urlsplit(address).query)}))


def follow_links(
    client: httpx.Client, starts: Iterable[str], paths: list[str], most: int
) -> Iterator[tuple[str, str, httpx.Response]]:
    """Pages from `starts` on, each with its path and its answer; at most so many of one kind. Files are not opened."""
    origin = str(client.base_url).rstrip("/")
    waiting, seen, opened = deque(starts), set(starts), Counter[tuple[str, ...]]()
    while waiting:
        address = waiting.popleft()
        path = path_of(address, paths)
        kind = kind_of(address, path or "")
        opened[kind] += 1
        if path is None or path.endswith(".pdf") or opened[kind] > most:
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
