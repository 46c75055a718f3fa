"""What a person does, by what they read on the page: roles, labels and words, never classes or addresses."""

import re

from playwright.sync_api import Page

from service.demo.people import PASSWORD


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/signin")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")
    page.get_by_role("heading", level=1).filter(has_text=re.compile("Hello")).wait_for()


def press(page: Page, name: str, *, exact: bool = True) -> None:
    page.get_by_role("button", name=name, exact=exact).first.click()


def follow(page: Page, name: str, *, exact: bool = True) -> None:
    page.get_by_role("link", name=name, exact=exact).first.click()
