"""No word is lost while one rates: without a network, signed out, in two tabs, with the server gone; and the keys."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewVisit
from tests.e2e.server import Server
from tests.e2e.steps import press, sign_in

MIRA, TOMASZ = "mira@larkfield.example", "tomasz@larkfield.example"
SAVED = re.compile(r"^Saved \d\d:\d\d$")
TRYING = "Not saved, trying again …"


@pytest.fixture(scope="module")
def server(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of this module alone, for it is killed. Each test has its own skill."""
    folder = tmp_path_factory.mktemp("assessing") / "company"
    shutil.copytree(company, folder)
    server = Server(folder)
    yield server
    server.stop()


def ratings(page: Page) -> str:
    """The address under which Mira's open answers are; she is signed in and at home."""
    links = page.eval_on_selector_all(
        "main a[href^='/assessments/']", "links => links.map(it => it.getAttribute('href'))"
    )
    return f"{links[0]}/ratings"


def open_skill(page: Page, skill: str) -> str:
    sign_in(page, MIRA)
    address = f"{ratings(page)}/{skill}"
    page.goto(address)
    return address


def write(page: Page, text: str, *, rung: int = 0) -> None:
    """Choose a rung, 0 for the lowest of the skill, and say why."""
    page.get_by_role("radio").nth(rung).check()
    page.get_by_label("Comment").fill(text)


def expect_state(page: Page, words: str | re.Pattern[str]) -> None:
    """Within the longest pause between two tries."""
    expect(page.locator("[data-state]").first).to_have_text(words, timeout=40_000)


def test_what_is_written_saves_itself(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server).page
    open_skill(page, "systems-thinking")
    before = int(page.locator("#progress").inner_text().split()[0])
    write(page, "I drew the loops before touching one.")
    expect_state(page, SAVED)
    expect(page.locator("#progress")).to_have_text(f"{before + 1} of 31 answered")
    page.reload()
    expect(page.get_by_label("Comment")).to_have_value("I drew the loops before touching one.")
    expect(page.get_by_text("and it was not saved")).to_have_count(0)


def test_a_moment_without_network(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server).page
    open_skill(page, "communication-clarity")
    page.context.set_offline(True)
    write(page, "Written in a tunnel.")
    expect_state(page, TRYING)
    page.context.set_offline(False)
    expect_state(page, SAVED)
    page.reload()
    expect(page.get_by_label("Comment")).to_have_value("Written in a tunnel.")


def test_the_session_ends_while_writing(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server).page
    open_skill(page, "data-product-thinking")
    page.context.clear_cookies()
    write(page, "Longer than twelve hours in the making.")
    expect_state(page, re.compile("you are signed out"))
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value, MIRA)
    page.bring_to_front()
    expect_state(page, SAVED)
    page.reload()
    expect(page.get_by_label("Comment")).to_have_value("Longer than twelve hours in the making.")


def test_two_tabs_show_both_texts(server: Server, new_visit: NewVisit) -> None:
    one = new_visit(server).page
    address = open_skill(one, "execution-discipline")
    other = one.context.new_page()
    other.goto(address)
    write(one, "From the first tab.")
    expect_state(one, SAVED)
    write(other, "From the second tab.", rung=1)
    panel = other.get_by_label("Two versions")
    expect(panel).to_contain_text("From the first tab.")
    expect(panel).to_contain_text("From the second tab.")
    press(other, "My answer, both texts")
    expect_state(other, SAVED)
    other.reload()
    expect(other.get_by_label("Comment")).to_have_value("From the first tab.\n\nFrom the second tab.")
    expect(other.get_by_role("radio").nth(1)).to_be_checked()


def test_the_server_starts_anew_while_one_types(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server).page
    address = open_skill(page, "learning-and-resilience")
    write(page, "Half a sentence")
    expect_state(page, SAVED)
    server.kill()
    page.get_by_label("Comment").press_sequentially(" and its other half.")
    expect_state(page, TRYING)
    server.start()
    expect_state(page, SAVED)
    server.kill()
    page.get_by_label("Comment").press_sequentially(" And one more.")
    expect_state(page, TRYING)
    page.close(run_before_unload=True)
    server.start()
    again = page.context.new_page()
    again.goto(address)
    expect(again.get_by_label("Comment")).to_have_value("Half a sentence and its other half.")
    expect(again.get_by_label("Text that was not saved")).to_contain_text("And one more.")
    press(again, "Put it back")
    expect_state(again, SAVED)
    again.reload()
    expect(again.get_by_label("Comment")).to_have_value("Half a sentence and its other half. And one more.")


def test_evidence_that_was_not_added_is_told_before_submitting(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server).page
    address = open_skill(page, "influence-without-authority")
    page.get_by_role("radio").first.check()
    page.get_by_label("What happened").fill("Three teams moved their dates for us.")
    expect_state(page, re.compile("The evidence is not added yet"))
    page.goto(address.split("/ratings/")[0])
    told = page.get_by_text("kept in this browser only").locator("visible=true")
    expect(told).to_have_count(1)
    told.get_by_role("link").click()
    kept = page.get_by_label("Text that was not saved")
    expect(kept).to_be_in_viewport()
    expect(kept.locator("[data-mine]")).to_have_text("Three teams moved their dates for us.")
    press(page, "Put it back")
    press(page, "Save and go on")
    page.goto(address.split("/ratings/")[0])
    expect(page.get_by_text("Three teams moved their dates for us.")).to_be_visible()
    expect(told).to_have_count(0)


def test_unsaved_words_are_nobody_else_s(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server).page
    address = open_skill(page, "facilitation-and-conflict")
    page.get_by_label("Comment").fill("Only for me.")
    expect_state(page, re.compile("this browser keeps your text"))
    page.goto(address)
    expect(page.get_by_label("Text that was not saved")).to_contain_text("Only for me.")
    page.context.clear_cookies()
    sign_in(page, TOMASZ)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unsaved'))") == []

    page.context.clear_cookies()
    open_skill(page, "facilitation-and-conflict")
    page.get_by_label("Comment").fill("Gone with signing out.")
    press(page, "Sign out")
    page.get_by_label("E-mail").wait_for()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unsaved'))") == []


def test_without_scripts_signing_in_again_keeps_the_form(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server, scripts=False).page
    address = open_skill(page, "trade-off-decisions")
    page.context.clear_cookies()
    write(page, "Chose the slower option, and said why.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value, MIRA)
    press(page, "Send it again")
    assert page.url.endswith(address)
    expect(page.get_by_label("Comment")).to_have_value("Chose the slower option, and said why.")


def test_keys(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server).page
    address = open_skill(page, "product-analytics")
    title = page.get_by_role("heading", level=1)
    page.keyboard.press("3")
    expect(page.get_by_role("radio").nth(2)).to_be_checked()
    expect_state(page, SAVED)
    page.keyboard.press("j")
    expect(title).not_to_have_text("Product analytics")
    page.keyboard.press("k")
    expect(title).to_have_text("Product analytics")
    page.keyboard.press("e")
    expect(page.get_by_label("What happened")).to_be_focused()
    page.keyboard.type("j1?")
    expect(page.get_by_label("What happened")).to_have_value("j1?")
    page.get_by_label("What happened").fill("")
    title.click()
    page.keyboard.press("?")
    switch = page.get_by_label("Keys are on")
    expect(switch).to_be_visible()
    switch.uncheck()
    page.keyboard.press("j")
    page.goto(address)
    title.click()
    page.keyboard.press("1")
    expect(page.get_by_role("radio").nth(2)).to_be_checked()
    assert page.url.endswith(address)


def test_the_list_saves_and_turns_by_keys(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server).page
    sign_in(page, MIRA)
    page.goto(ratings(page))
    first, second = (page.locator("section.skill").nth(place) for place in (0, 1))
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert second.evaluate("it => it.contains(document.activeElement)")
    page.keyboard.press("k")
    assert first.evaluate("it => it.contains(document.activeElement)")
    page.keyboard.press("1")
    expect(first.get_by_label("Junior")).to_be_checked()
    expect(first.locator("[data-state]")).to_have_text(SAVED)
    expect(second.locator("[data-state]")).not_to_have_text(SAVED)


def test_a_bad_link_moves_no_other_box(server: Server, new_visit: NewVisit) -> None:
    page = new_visit(server).page
    open_skill(page, "security-and-privacy-by-design")
    page.get_by_role("radio").first.check()
    page.get_by_label("Link").fill("wiki/42")
    press(page, "Save")
    expect_state(page, re.compile("Answer saved; the evidence not yet"))
    for boxes in (".evidence .row > .field > label", ".evidence .row :is(input, button)"):
        tops = page.eval_on_selector_all(boxes, "all => all.map(it => it.getBoundingClientRect().y)")
        assert len(set(tops)) == 1, boxes


@pytest.mark.parametrize("width", [360, 768])
def test_a_narrow_frame_names_the_reader_and_has_one_size_of_text(
    server: Server, new_visit: NewVisit, width: int
) -> None:
    page = new_visit(server).page
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, MIRA)
    expect(page.locator(".frame").get_by_text("Mira Lindqvist")).to_be_visible()
    sizes = page.eval_on_selector_all(
        ".frame nav :is(a, button, p)", "all => all.map(it => getComputedStyle(it).fontSize)"
    )
    assert len(set(sizes)) == 1
    pieces = page.eval_on_selector_all(".tasks :is(time, small)", "all => all.map(it => it.getClientRects().length)")
    assert set(pieces) == {1}, "each piece stands on one line"
