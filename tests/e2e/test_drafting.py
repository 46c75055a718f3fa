"""The next version of a ladder: one of HR writes it, a manager comments, and a second person of HR publishes it."""

import re

import pytest
from playwright.sync_api import Page, expect

from service.clock import today
from service.demo.people import PASSWORD
from tests.e2e import steps
from tests.e2e.conftest import HR, NewVisit
from tests.e2e.looking import look
from tests.e2e.server import Server

SECOND, MANAGER = "ilse@weir.example", "mustafa@weir.example"
PEOPLE = f"""employee id,name,e-mail,manager's id,org unit,ladder,level,start date
W-2,Mustafa Nagib,{MANAGER},W-1,Weir / Product,product-manager,lead,2020-05-04
W-3,Ilse Brandt,{SECOND},W-1,Weir,,,2021-02-01
"""


@pytest.mark.parametrize(
    ("width", "theme", "scripts"),
    [(1280, "light", True), (360, "dark", False)],
    ids=["desktop", "phone-without-scripts"],
)
def test_from_a_published_version_to_the_next(
    weir: Server, new_visit: NewVisit, width: int, theme: str, scripts: bool
) -> None:
    hr, second, manager = (new_visit(weir, width=width, theme=theme, scripts=scripts).page for _ in range(3))
    steps.sign_in(hr, HR)
    steps.import_people(hr, PEOPLE, 2)
    weir.command("people", "grant", SECOND, "hr")
    for email in (SECOND, MANAGER):
        weir.command("people", "password", email, "--password-stdin", typed=f"{PASSWORD}\n")

    steps.open_cycle(hr, "Winter", today().isoformat())
    begin_the_next_version(hr)
    change_a_skill(hr)
    rename_a_level(hr)
    see_a_problem_and_mend_it(hr)
    seen = look(hr) if scripts else []
    steps.fill(hr, **{"E-mail of whom to invite": MANAGER})
    steps.press(hr, "Invite")
    expect(main(hr)).to_contain_text("Mustafa Nagib")

    steps.sign_in(manager, MANAGER)
    comment_on_it(manager)
    manager.goto(manager.url.partition("#")[0])
    seen += look(manager) if scripts else []
    hr.reload()
    expect(main(hr)).to_contain_text("Could an expert own a system too?")
    steps.press(hr, "Ask for review")
    expect(main(hr)).to_contain_text("It waits for Ilse Brandt")

    steps.sign_in(second, SECOND)
    steps.take_up(second, "Read and publish the ladder Product Manager 2026.2")
    expect(main(second)).to_contain_text("title: Expert")
    seen += look(second) if scripts else []
    steps.press(second, "Publish Product Manager 2026.2")
    expect(main(second)).to_contain_text("Product Manager 2026.2 is published.")
    expect(main(second).get_by_text("Expert").first).to_be_visible()
    seen += move_the_review(manager, scripts)
    assert seen == []


def begin_the_next_version(page: Page) -> None:
    steps.go(page, "Ladders")
    steps.follow(main(page), "Product Manager")
    steps.title(page, "Product Manager")
    steps.press(page, "Begin the next version")
    steps.title(page, "Product Manager 2026.2, a draft")


def change_a_skill(page: Page) -> None:
    steps.follow(main(page), "Systems thinking")
    steps.title(page, "Systems thinking")
    page.get_by_label(re.compile("^Middle: Statement")).fill("Draws how a change in one place moves another.")
    steps.press(page, "Save the skill")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    back(page)


def rename_a_level(page: Page) -> None:
    steps.follow(main(page), "Lead")
    page.get_by_label("Title").fill("Expert")
    steps.press(page, "Save the level")
    expect(main(page)).to_contain_text("Expert")
    back(page)


def see_a_problem_and_mend_it(page: Page) -> None:
    """What is wrong stands beside its field, on the draft's page, and at its line in the file; and review waits for it."""
    steps.follow(main(page), "Title, version, dates and gates")
    page.get_by_label("Dated").fill("next spring")
    steps.press(page, "Save")
    expect(page.get_by_label("Dated")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Dated")).to_have_value("next spring")
    back(page)
    expect(page.get_by_role("button", name="Ask for review")).to_be_disabled()
    steps.follow(main(page), "ladder.yaml:")
    expect(main(page)).to_contain_text("dated: next spring")
    back(page)
    steps.follow(main(page), "Mend it in its form")
    page.get_by_label("Dated").fill("2026-11-28")
    steps.press(page, "Save")
    expect(page.get_by_role("button", name="Ask for review")).to_be_enabled()


def comment_on_it(page: Page) -> None:
    steps.take_up(page, "Comment on the draft of the ladder Product Manager 2026.2")
    steps.follow(main(page), "Systems thinking")
    expect(page.get_by_role("button", name="Save the skill")).to_have_count(0)
    page.get_by_label("About").select_option("At Expert")
    page.get_by_label("Comment", exact=True).fill("Could an expert own a system too?")
    steps.press(page, "Comment")
    expect(main(page)).to_contain_text("on Systems thinking at Expert")


def move_the_review(page: Page, scripts: bool) -> list[str]:
    """Mustafa's own review goes over to the version that was just published, since he says so."""
    steps.go(page, "Reviews")
    steps.follow(main(page), "Mustafa Nagib")
    steps.follow(main(page), "see what would change")
    steps.title(page, "Move your review to 2026.2")
    expect(main(page)).to_contain_text("Systems thinking")
    seen = look(page) if scripts else []
    steps.press(page, "Move my review to 2026.2")
    expect(main(page)).to_contain_text("Your review is on 2026.2 now.")
    return seen


def back(page: Page) -> None:
    """To the draft, by the line under the title."""
    main(page).locator(".lede").get_by_role("link").first.click()
    steps.title(page, "a draft")


def main(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("main")
