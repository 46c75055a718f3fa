"""Every page, by axe (WCAG 2.2 AA), by keyboard, at 320 px and at 200 % zoom; and whether that would find anything."""

import pytest
from playwright.sync_api import Route

from service.demo.people import PASSWORD
from tests.e2e.conftest import NewVisit
from tests.e2e.looking import look
from tests.e2e.server import Server
from tests.e2e.tour import Stop, all_pages, program_of, tour

PARTS = 3
NOT_PAGES = {
    "/plans/{plan_id}/revisions/{number}.pdf", "/plans/{plan_id}/revisions/{number}/summary.pdf", "/plans/{plan_id}/draft.pdf",
    "/plans/{plan_id}/plan.ics", "/calendar/{secret}.ics", "/team.csv", "/team.xlsx",
    "/ladders/{ladder}/{version}/exports/{format}",
}  # fmt: skip
"""Files that people open or keep."""
LATER = {"/reviews/{review_id}/move/{to}"}
"""What nothing leads to before a newer version is published: walked in test_drafting."""


@pytest.fixture(scope="session")
def toured(larkfield: Server) -> tuple[list[Stop], list[str]]:
    larkfield.command("people", "password", "jakub@larkfield.example", "--password-stdin", typed=f"{PASSWORD}\n")
    return tour(larkfield)


def test_every_page_can_be_reached_and_no_link_leads_nowhere(toured: tuple[list[Stop], list[str]]) -> None:
    stops, dead = toured
    assert set(all_pages()) - {stop.path for stop in stops} == NOT_PAGES | LATER
    assert dead == []


@pytest.mark.parametrize("again", [False, pytest.param(True, marks=pytest.mark.long)], ids=["first", "again"])
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page(
    part: int, again: bool, larkfield: Server, toured: tuple[list[Stop], list[str]], new_visit: NewVisit
) -> None:
    mine = [stop for stop in toured[0] if stop.again is again][part::PARTS]
    found = []
    for who in sorted({stop.who for stop in mine}):
        page = new_visit(larkfield).page
        with program_of(larkfield, who) as client:
            page.context.add_cookies(
                [{"name": n, "value": v, "url": larkfield.address} for n, v in client.cookies.items()]
            )
        for stop in mine:
            if stop.who == who:
                page.goto(stop.address)
                found += [f"{stop.address} of {who or 'nobody'}: {line}" for line in look(page)]
    assert not found, "\n".join(["", *found])


DEFECTS = {
    "axe label": ("<h1", "<input type=text><h1"),
    "axe button-name": ("<h1", "<button></button><h1"),
    "axe color-contrast": ("<h1", '<p><font color="#999999">Grey words on paper</font></p><h1'),
    "axe target-size": ("<h1", "<a href=/a>1</a><br><a href=/b>2</a><br><a href=/c>3</a><h1"),
    "axe scrollable-region-focusable": ("<h1", f"<pre>{'wide ' * 200}</pre><h1"),
    "sideways at 320": ("<h1", f"<table><tr><td nowrap>{'wide ' * 12}</table><h1"),
    "sideways at 640": ("<h1", f"<table><tr><td nowrap>{'wide ' * 40}</table><h1"),
    "headings": ("<h1", "<h1>Another</h1><h1"),
    "main": ("<h1", "</main><main><h1"),
    "title": ("<title>", "<title></title><x>"),
    "lang": (' lang="en"', ""),
    "first Tab": ('<a class="skip"', '<a href="/elsewhere">Elsewhere</a><a class="skip"'),
}
"""What `look` must find, and how it comes into a page."""


@pytest.mark.parametrize("expected", DEFECTS)
def test_a_planted_defect_is_found(expected: str, larkfield: Server, new_visit: NewVisit) -> None:
    page = new_visit(larkfield).page
    before, after = DEFECTS[expected]

    def plant(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(before, after, 1))

    page.route("**/signin", plant)
    page.goto("/signin")
    assert any(line.startswith(expected) for line in look(page))


def test_focus_that_is_not_seen_is_found(larkfield: Server, new_visit: NewVisit) -> None:
    page = new_visit(larkfield).page

    def plant(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + "*:focus { outline: 0 !important }")

    page.route("**/style.css", plant)
    page.goto("/signin")
    assert any(line.startswith("focus unseen") for line in look(page))


def test_a_breach_of_the_content_policy_is_found(larkfield: Server, new_visit: NewVisit) -> None:
    visit = new_visit(larkfield)

    def plant(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<h1", "<script>1</script><h1", 1))

    visit.page.route("**/signin", plant)
    visit.page.goto("/signin")
    assert "Content Security Policy" in visit.complaints.pop()
