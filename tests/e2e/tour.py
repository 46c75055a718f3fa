"""Which pages to look at, as whom."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from sqlalchemy.orm import sessionmaker

from service.app import make_app
from service.db import Database
from service.demo import styleguide
from service.demo.people import PASSWORD
from service.settings import Settings
from tests.e2e.server import Server
from tests.links import follow_links, kind_of, page_paths

NOBODY = ""
WHO = (NOBODY, "mira", "jakub", "tomasz", "dina", "priya", "owen")
"""A person who rates; one whose talk is open; a manager of reviews at every step; HR, HR partner, auditor."""

STARTS = {NOBODY: ["/signin", "/styleguide"], "mira": ["/", "/skills/okr"]}
"""Where somebody begins who does not begin at home; two pages are there to be sent to people."""

MOST = 2
"""So many pages of one kind are looked at: one kind shows itself differently to different people, at different steps."""


@dataclass(frozen=True)
class Stop:
    """A page, and who looks at it; `again` where another one of its kind comes before it."""

    who: str
    address: str
    path: str
    again: bool


def all_pages() -> list[str]:
    """The paths of the product's pages and of the demo's own."""
    settings, database = Settings(secret="t" * 40), Database(sessionmaker(), sessionmaker())
    return page_paths(make_app(settings, database, work=False, more_doors=(styleguide,)))


def tour(server: Server) -> tuple[list[Stop], list[str]]:
    """The pages to look at, and the links that lead nowhere."""
    paths, taken = all_pages(), Counter[tuple[str, ...]]()
    stops: list[Stop] = []
    dead: list[str] = []
    for who in WHO:
        with program_of(server, who) as client:
            for address, path, answer in follow_links(client, STARTS.get(who, ["/"]), paths, MOST):
                if answer.status_code != 200:
                    dead.append(f"{who} {address}: {answer.status_code}")
                kind = kind_of(address, path)
                taken[kind] += 1
                if taken[kind] <= MOST:
                    stops.append(Stop(who, address, path, again=taken[kind] > 1))
    return stops, dead


@contextmanager
def program_of(server: Server, who: str) -> Iterator[httpx.Client]:
    """Signed in; `NOBODY` is not."""
    with httpx.Client(base_url=server.address, headers={"sec-fetch-site": "same-origin"}, timeout=30) as client:
        if who:
            typed = {"email": f"{who}@larkfield.example", "password": PASSWORD, "next": ""}
            assert client.post("/signin", data=typed).status_code == 303
        yield client
