"""Those who look after others' reviews go their whole way: an HR partner, HR, and an auditor."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewVisit
from tests.e2e.server import Server
from tests.e2e.steps import fill, follow, go, press, sign_in, title

OTHER_UNIT = "Adebayo Fashola"
"""Somebody in Growth, which Priya does not look after."""


def of_a_partner(page: Page) -> None:
    """The people of her units, who is at which step, what is open by skill, and nobody else."""
    sign_in(page, "priya@larkfield.example")
    go(page, "People")
    expect(main(page)).not_to_contain_text(OTHER_UNIT)
    fill(page, **{"Name, e-mail or id": "jakub"})
    press(page, "Show")
    expect(page).to_have_url(re.compile(r"\bq=jakub\b"))
    expect(main(page)).not_to_contain_text("Mira Lindqvist")
    follow(main(page), "Jakub")
    title(page, "Jakub")

    go(page, "Team")
    follow(main(page), re.compile("^Talk"))
    expect(page).to_have_url(re.compile(r"\bstep=shared\b"))
    expect(main(page)).not_to_contain_text("Luca De Santis")
    follow(main(page), "Jakub")
    page.get_by_text("Why can I see this?").first.click()
    expect(main(page)).to_contain_text("HR partner")

    go(page, "Team")
    follow(main(page), "Gaps by skill")
    expect(page.get_by_role("columnheader", name=re.compile("^Jakub"))).to_be_visible()


def of_hr(page: Page) -> None:
    """What is late, taken along as a file; and how a cycle goes."""
    sign_in(page, "dina@larkfield.example")
    go(page, "Team")
    page.get_by_label("Org unit").select_option(label="Growth")
    press(page, "Show")
    expect(main(page)).to_contain_text(OTHER_UNIT)
    for name, first in (("CSV", b"\xef\xbb\xbf"), ("XLSX", b"PK")):
        address = main(page).get_by_role("link", name=name).get_attribute("href")
        assert address is not None
        assert page.request.get(address).body().startswith(first)

    go(page, "Cycles")
    follow(main(page), "Autumn 2026")
    title(page, "Autumn 2026")
    expect(main(page)).to_contain_text("Mira Lindqvist")
    go(page, "Plans")
    follow(main(page), "Samuel")
    expect(page).to_have_url(re.compile("/plans/.+"))


def of_an_auditor(page: Page) -> None:
    """The record and whether it is whole; no review and no people."""
    sign_in(page, "owen@larkfield.example")
    go(page, "Audit")
    follow(main(page), "Check the chain")
    expect(main(page)).to_contain_text("No line was changed")
    for place in ("Reviews", "Plans"):
        go(page, place)
        expect(main(page).get_by_role("row")).to_have_count(0)
    page.goto("/people")
    title(page, "This is not yours to do")


def main(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("main")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("walk", [of_a_partner, of_hr, of_an_auditor])
def test_a_role_s_whole_way(
    walk: Callable[[Page], None], scripts: bool, larkfield: Server, new_visit: NewVisit
) -> None:
    walk(
        new_visit(larkfield, width=1280 if scripts else 360, theme="light" if scripts else "dark", scripts=scripts).page
    )
