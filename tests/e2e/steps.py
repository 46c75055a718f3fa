"""What people do, by what they read on the page: roles, labels and words, never classes or addresses."""

import re
from itertools import cycle

from playwright.sync_api import Locator, Page, expect

from service.demo.people import PASSWORD


def sign_in(page: Page, email: str) -> None:
    page.goto("/signin")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    title(page, "Hello")


def title(page: Page, words: str) -> None:
    """Wait for the page whose heading holds these words."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def press(page: Page | Locator, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def follow(page: Page | Locator, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).first.click()


def go(page: Page, place: str) -> None:
    """By the menu that is on every page."""
    page.get_by_role("banner").get_by_role("link", name=place, exact=True).click()


def take_up(page: Page, task: str) -> None:
    """What is asked on the home page."""
    go(page, "Home")
    page.get_by_role("main").get_by_role("listitem").filter(has_text=task).get_by_role("link").first.click()


def fill(page: Page | Locator, **fields: str) -> None:
    """`fill(page, Why="…")`; an underscore is a space."""
    for label, text in fields.items():
        page.get_by_label(re.compile(f"^{re.escape(label.replace('_', ' '))}")).first.fill(text)


# HR


def import_people(page: Page, csv: str, count: int) -> None:
    go(page, "People")
    follow(page, "Import people")
    fill(page, Or_its_text=csv)
    press(page, "Show what would change")
    expect(page.get_by_role("heading", name=f"Added: {count}")).to_be_visible()
    press(page, "Import")
    title(page, "People")


def open_cycle(page: Page, name: str, day: str) -> None:
    go(page, "Cycles")
    follow(page, "Open a cycle")
    fill(page, Name=name, Starts=day, Assess_by=day, Talk_by=day, Ends=day)
    press(page, "Preview")
    press(page, "Open the cycle")
    title(page, name)


def name_assessor(page: Page, person: str, email: str) -> None:
    go(page, "Reviews")
    follow(page, person)
    fill(page, **{"E-mail of the assessor": email})
    press(page, "Name")


# A person and a manager


def read_ladder(page: Page, ladder: str, skill: str) -> None:
    go(page, "Ladders")
    follow(page, ladder)
    title(page, ladder)
    follow(page, skill)
    title(page, skill)


def rate_all(page: Page, whom: str, rungs: list[str]) -> int:
    """From home through every skill to the last one, by "Save and go on"; the number of skills."""
    take_up(page, whom)
    follow(page, re.compile("^(Begin|Go on)"))
    for number, rung in enumerate(cycle(rungs), start=1):
        choose(page, rung)
        if number % 5 == 1:
            fill(page, Comment=f"What I saw of it: {rung} in three releases.")
        press_and_leave(page, "Save and go on")
        if not page.get_by_role("radio").count():
            return number
    raise AssertionError("there is always a next rung")


def press_and_leave(page: Page, button: str) -> None:
    where = page.url
    press(page, button)
    page.wait_for_url(lambda url: url != where)


def choose(page: Page, answer: str) -> None:
    """A rung; where the skill does not define it, the middle one, which every skill here has."""
    rung = page.get_by_role("radio", name=re.compile(f"^{answer}"))
    (rung if rung.count() else page.get_by_role("radio", name=re.compile("^Middle"))).check()


def add_evidence(page: Page, skill: str, note: str, day: str, link: str = "") -> None:
    """From the page where all answers are checked, and back to it."""
    follow(page, f"Change {skill}")
    fill(page, What_happened=note, When=day, Link=link)
    press(page, "Add evidence")
    expect(page.get_by_text(note)).to_be_visible()
    expect(page.get_by_text("it was not saved")).to_have_count(0)
    follow(page, "Check and submit")


def submit(page: Page) -> None:
    press(page, "Submit")
    title(page, "eview")


def agree_on_ratings(page: Page, whom: str) -> None:
    """Compare, take over what is the same, write down what came of the differences."""
    take_up(page, whom)
    title(page, "Compare and agree")
    press(page, "Agree where both said the same")
    follow(page, re.compile("Begin to agree|Go on agreeing"))
    page.get_by_role("radio").first.wait_for()  # the page before has none either
    while page.get_by_role("radio").count():
        choose(page, "Middle")
        fill(page, Note="We looked at the releases together.")
        press_and_leave(page, "Save and next")
    title(page, "Compare and agree")


def confirm(page: Page, comment: str) -> None:
    fill(page, Your_comment=comment)
    press(page, "Confirm")
    title(page, "eview")


def plan_first_gap(page: Page) -> str:
    """From the review to an objective about its first gap; the skill."""
    follow(page, re.compile("^Gaps to"))
    title(page, "gaps")
    skill = page.get_by_role("button", name="Plan this").first.get_attribute("aria-label")
    press(page, "Plan this")
    title(page, "New objective")
    return str(skill).removeprefix("Plan this: ")


def write_objective(page: Page, words: str, due: str) -> None:
    fill(page, Objective=words, Why_it_is_necessary="Two releases in five come back.", Due=due)
    page.get_by_role("radio", name=re.compile("^30")).check()
    press(page, "Add the objective")


def add_key_result(page: Page, words: str, due: str) -> None:
    follow(page, "Add a key result")
    fill(
        page,
        Key_result=words,
        Metric="Releases taken back, from the log",
        Baseline="40",
        Target="10",
        Unit="%",
        Due=due,
    )
    page.get_by_label("Direction").select_option(label="Decrease, from a baseline down to the target")
    press(page, "Add the key result")


def agree_on_plan(page: Page) -> None:
    press(page, "Agree")


def open_plan(page: Page) -> None:
    """One's own, or the one of whoever it is shared with."""
    go(page, "Plans")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Towards")).first.click()
    title(page, "Towards")


def check_in(page: Page, values: list[str], note: str) -> None:
    """What home asks for once a week: the values of the first key results, and a note on the first one."""
    take_up(page, "Check in")
    title(page, "Check-ins")
    for place, value in enumerate(values):
        page.get_by_label(re.compile("Value")).nth(place).fill(value)
        page.get_by_label(re.compile("Confidence")).nth(place).select_option(index=7)
    page.get_by_label(re.compile("Note")).first.fill(note)
    press(page, "Save the check-ins")
    expect(page.get_by_text(note).first).to_be_attached()
    go(page, "Home")
    expect(page.get_by_role("main").get_by_role("listitem").filter(has_text="Check in")).to_have_count(0)


def read_values(page: Page) -> list[str]:
    """What the line of the first key result tells of its check-ins, the oldest first: "31 on 5 Dec 2026"."""
    open_plan(page)
    line = page.get_by_role("img", name=re.compile("; target ")).first.text_content()
    return re.findall(r"[\d.]+ on \d+ \w+ \d+", str(line))


def change_plan(page: Page, reason: str, old: str, new: str) -> None:
    """Word an objective of an agreed plan anew, and sign."""
    open_plan(page)
    follow(page, "Change what was agreed")
    fill(page, Why_it_is_to_change=reason)
    press(page, "Begin the change")
    open_plan(page)
    follow(page, f"Edit {old}")
    fill(page, Objective=new)
    press(page, "Save the objective")
    agree_to_change(page)


def agree_to_change(page: Page) -> None:
    take_up(page, "the change")
    press(page, "Agree to the change")


def close_plan(page: Page, values: list[str], learned: str) -> None:
    open_plan(page)
    follow(page, "Close the plan")
    for place, value in enumerate(values):
        page.get_by_label(re.compile("Ended at")).nth(place).fill(value)
    fill(page, What_did_you_learn=learned)
    press(page, "Close the plan")
    expect(page.get_by_text(learned)).to_be_visible()


def close_cycle(page: Page, name: str) -> None:
    go(page, "Cycles")
    follow(page, name)
    page.get_by_text(re.compile("^Close (this|the) cycle$")).first.click()
    press(page, "Close the cycle")


def take_offered_evidence(page: Page, skill: str) -> None:
    """Add the closed plan as evidence of a skill, in the next review."""
    take_up(page, "Rate yourself")
    follow(page, skill)
    choose(page, "Middle")
    press(page, "Add it as evidence")
    expect(page.get_by_role("button", name="Add it as evidence")).to_have_count(0)
    expect(page.get_by_text(re.compile("^Growth plan .*closed on")).first).to_be_visible()


def download_pdf(page: Page, link: re.Pattern[str]) -> bytes:
    """What the link leads to, once the worker has made it."""
    address = page.get_by_role("link", name=link).first.get_attribute("href")
    assert address is not None
    for _ in range(60):
        answer = page.request.get(address)
        if answer.headers["content-type"] == "application/pdf":
            return answer.body()
        page.wait_for_timeout(500)
    raise AssertionError("The PDF is not made.")
