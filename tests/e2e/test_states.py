"""The pages that only a form leads to, and those that say no: looked at like every other page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewVisit
from tests.e2e.looking import look
from tests.e2e.server import Server
from tests.e2e.steps import choose, fill, press, sign_in, take_up
from tests.e2e.test_main_job import PEOPLE


def of_nobody(page: Page) -> Iterator[str]:
    page.goto("/signin")
    fill(page, **{"E-mail": "nobody@larkfield.example", "Password": "not the password"})
    press(page, "Sign in")
    yield "refused at the door"


def of_hr(page: Page) -> Iterator[str]:
    sign_in(page, "dina@larkfield.example")
    for name, text in (("an import with mistakes", PEOPLE.replace("junior", "wizard")), ("an import", PEOPLE)):
        page.goto("/people/import")
        fill(page, Or_its_text=text)
        press(page, "Show what would change")
        yield name
    for name, ends in (("a cycle with mistakes", "2027-01-01"), ("a cycle", "2027-03-01")):
        page.goto("/cycles/new")
        dates = {"Starts": "2027-01-11", "Assess by": "2027-02-01", "Talk by": "2027-02-08", "Ends": ends}
        fill(page, Name="Winter 2027", **dates)
        press(page, "Preview")
        yield name
    page.goto("/nowhere")
    yield "not found"


def of_a_person(page: Page) -> Iterator[str]:
    sign_in(page, "mira@larkfield.example")
    page.goto("/people/import")
    yield "not allowed"
    page.goto("/account")
    fill(page, Password_now="wrong", **{"New password": "four plain words", "New password again": "four other words"})
    page.get_by_label("New password again").fill("four other words")
    press(page, "Change the password")
    yield "a password that was not changed"
    page.goto("/account")
    page.get_by_label("Name", exact=True).fill("nightly report")
    press(page, "Make a token")
    yield "a token"
    take_up(page, "Rate yourself")
    page.get_by_role("link", name="Influence without authority").first.click()
    choose(page, "Does not apply")
    press(page, "Save and go on")
    expect(page.get_by_role("alert")).to_be_visible()  # the form waits for what saves itself
    yield "an answer without its reason"


@pytest.mark.parametrize("states", [of_nobody, of_hr, of_a_person])
def test_states(states, larkfield: Server, new_visit: NewVisit) -> None:  # type: ignore[no-untyped-def]
    page = new_visit(larkfield).page
    found = [f"{name}: {line}" for name in states(page) for line in look(page)]
    assert not found, "\n".join(["", *found])
