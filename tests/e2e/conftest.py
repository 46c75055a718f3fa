"""Real browsers on a real server. Nothing here is a stand-in: Debian's Chromium, uvicorn, SQLite, the worker that makes PDFs."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from service import schema
from service.db import connect
from service.demo.company import make_settings
from service.demo.people import PASSWORD
from service.ladders.actions import publish_shipped
from service.ladders.queries import known_levels
from service.people.actions import grant_role, import_people
from service.people.queries import find_person
from service.permissions import SYSTEM, Role
from service.signin.actions import set_password
from tests.e2e.looking import Visit, watch
from tests.e2e.server import Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
HR = "hana@weir.example"
FIRST = (
    f"employee id,name,e-mail,manager's id,org unit,ladder,level,start date\nW-1,Hana Weir,{HR},,Weir,,,2019-01-07\n"
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


NewVisit = Callable[..., Visit]


@pytest.fixture
def new_visit(chromium: Browser) -> Iterator[NewVisit]:
    """`new_visit(server, width=360, theme="dark", scripts=False)` is a browser of its own, its first page open.

    When the test ends without another fault, what the browser complained about is one.
    """
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def make(server: Server, *, width: int = 1280, theme: str = "light", scripts: bool = True) -> Visit:
        context = chromium.new_context(
            base_url=server.address,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        visits.append(watch(context.new_page()))
        return visits[-1]

    yield make
    for context in contexts:
        with suppress(Error):
            context.close()
    assert [complaint for visit in visits for complaint in visit.complaints] == []


@pytest.fixture(scope="session")
def larkfield(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo company on a server of this worker. Tests may add to it, and rely on nothing that others could change."""
    folder = tmp_path_factory.mktemp("larkfield") / "company"
    shutil.copytree(company, folder)
    yield from _serve(folder)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company on its first day, as the README has it made: the shipped ladders and HR, who can sign in."""
    folder = tmp_path_factory.mktemp("weir") / "founded"
    folder.mkdir()
    database = connect(make_settings(folder, 8000).database)
    schema.upgrade(database.engine)
    with database.transaction() as session:
        publish_shipped(session)
        import_people(session, SYSTEM, FIRST, known_levels(session))
        hr = find_person(session, HR)
        assert hr is not None
        grant_role(session, SYSTEM, hr, Role.HR)
        set_password(session, SYSTEM, hr, PASSWORD)
    database.engine.dispose()
    return folder


@pytest.fixture
def weir(founded: Path, tmp_path: Path) -> Iterator[Server]:
    """A company on its first day, of this test alone."""
    shutil.copytree(founded, tmp_path / "weir")
    yield from _serve(tmp_path / "weir")


def _serve(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    yield server
    server.stop()
    _, fault, words = server.log.read_text().partition("Traceback")
    assert not fault, words
