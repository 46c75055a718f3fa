"""Every page, by axe (WCAG 2.2 AA), at 320 px, at 200 % zoom and by keyboard, for each role; and the gate itself."""

import re
from collections.abc import Iterable

import pytest

from service.demo.people import SIGN_INS
from tests.e2e.conftest import NewVisit
from tests.e2e.links import follow
from tests.e2e.looking import look
from tests.e2e.server import Server
from tests.e2e.steps import sign_in

WHO = ["mira", "tomasz", "dina", "priya", "owen", "chiara"]


@pytest.mark.parametrize("name", WHO)
def test_pages_of(name: str, larkfield: Server, new_visit: NewVisit) -> None:
    visit = new_visit(larkfield)
    page = visit.page
    sign_in(page, f"{name}@larkfield.example")
    found: list[str] = []

    def open_(address: str) -> Iterable[str]:
        page.goto(address)
        found.extend(f"{address} {line}" for line in look(page))
        return page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")

    opened = list(follow("/", open_, most=1))
    print(len(opened), opened)
    assert not found, "\n".join(["", *found])
