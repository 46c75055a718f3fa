"""The `nextrung` command as whoever runs the machine uses it."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from secrets import token_hex

import httpx
import pytest
from typer.testing import CliRunner, Result

from service import schema
from service.cli import app
from service.db import connect
from service.ladders.queries import list_versions
from service.permissions import SYSTEM
from service.plans.models import Document
from service.settings import ROOT

HR, MANAGER, PERSON = "dina@larkfield.example", "tomasz@larkfield.example", "mira@larkfield.example"
STRANGER = "chiara@larkfield.example"


class Shell:
    """A terminal whose settings point to one data folder."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.variables = {"NEXTRUNG_DATA_DIR": str(folder), "NEXTRUNG_AS": "", "NO_COLOR": "1"} | variables

    def __call__(self, *words: str, typed: str = "") -> Result:
        result = CliRunner(env=self.variables).invoke(app, list(words), input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty data folder."""
    return Shell(tmp_path / "data")


@pytest.fixture
def larkfield(company: Path) -> Shell:
    """The demo company, to be read."""
    return Shell(company)


@pytest.fixture
def own_larkfield(company: Path, tmp_path: Path) -> Shell:
    """A copy of the demo company, to be changed."""
    shutil.copytree(company, tmp_path / "copy")
    return Shell(tmp_path / "copy")


def test_help_names_every_command(shell: Shell) -> None:
    text = shell("--help").stdout
    for name in ("serve", "demo", "ladders", "people", "cycles", "gaps", "plans", "migrate", "audit"):
        assert f" {name} " in text


@pytest.mark.parametrize(
    "words",
    [
        ("cycles", "list", "--as", HR),
        ("gaps", PERSON, "--as", HR),
        ("plans", "list", "--as", HR),
        ("people", "list"),
        ("ladders", "list"),
        ("audit", "verify"),
    ],
)
def test_without_the_schema_every_command_says_what_to_run(shell: Shell, words: tuple[str, ...]) -> None:
    result = shell(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip().endswith("nextrung migrate")
    assert not shell.folder.exists()


def test_migrate_makes_the_database_and_says_where_it_stands(shell: Shell) -> None:
    assert shell("migrate").stdout == "The database is at revision 0010.\n"
    assert shell("migrate").exit_code == 0
    assert shell("audit", "verify").stdout.startswith("0 events, unbroken.")


def test_migrating_down_asks_first(shell: Shell) -> None:
    shell("migrate")
    assert shell("migrate", "--to", "base", typed="n\n").exit_code == 1
    assert shell("audit", "verify").exit_code == 0
    assert shell("migrate", "--to", "base", typed="y\n").stdout.endswith("The database is at revision base.\n")
    assert shell("audit", "verify").exit_code == 1


def test_an_unknown_revision_is_one_line(shell: Shell) -> None:
    result = shell("migrate", "--to", "tomorrow")
    known = ", ".join(["base", *sorted(path.stem[:4] for path in (ROOT / "migrations/versions").glob("0*.py"))])
    assert (result.exit_code, result.stderr) == (1, f"There is no revision 'tomorrow'. There are: {known}.\n")


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    url = f"postgresql://nobody:hunter2@127.0.0.1:{_free_port()}/none"
    result = Shell(tmp_path, NEXTRUNG_DATABASE_URL=url)("audit", "verify")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "hunter2" not in result.stderr


def test_serve_refuses_unsafe_settings_and_names_all_of_them(shell: Shell) -> None:
    result = shell("serve")
    assert result.exit_code == 1
    assert "NEXTRUNG_SECRET" in result.stderr
    assert "NEXTRUNG_BASE_URL" in result.stderr
    assert not shell.folder.exists()


def test_a_setting_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    result = Shell(tmp_path, NEXTRUNG_SESSION_HOURS="long")("serve")
    assert result.exit_code == 1
    assert "NEXTRUNG_SESSION_HOURS" in result.stderr


def test_people_are_imported_against_the_published_ladders(shell: Shell, tmp_path: Path) -> None:
    shell("migrate")
    shell("ladders", "publish", str(ROOT / "ladders"))
    header = "employee id,name,e-mail,manager's id,org unit,ladder,level,start date\n"
    (tmp_path / "good.csv").write_text(f"{header}1,Ada,ada@example.org,,Product,product-manager,middle,2024-01-08\n")
    (tmp_path / "bad.csv").write_text(f"{header}2,Bob,bob@example.org,,Product,product-manager,wizard,2024-01-08\n")
    bad = shell("people", "import", str(tmp_path / "bad.csv"), "--yes")
    assert bad.exit_code == 1
    assert "row 2, level" in bad.stderr
    assert shell("people", "import", str(tmp_path / "good.csv"), "--yes").stdout.endswith("Imported.\n")
    assert shell("people", "list").stdout == "1\tAda\tada@example.org\tProduct\tproduct-manager\tmiddle\n"


def test_a_command_in_somebodys_name_needs_the_name(larkfield: Shell) -> None:
    assert larkfield("cycles", "list").exit_code in (1, 2)
    larkfield.variables["NEXTRUNG_AS"] = HR
    assert larkfield("cycles", "list").exit_code == 0
    result = larkfield("cycles", "list", "--as", "nobody@example.org")
    assert (result.exit_code, result.stderr) == (1, "Nobody here signs in as nobody@example.org.\n")


def test_cycles_are_listed_closed_and_opened(own_larkfield: Shell) -> None:
    autumn, spring = own_larkfield("cycles", "list", "--as", HR).stdout.splitlines()
    assert "Autumn 2026  2026-10-12 to 2026-12-31  running" in autumn
    assert "Spring 2026  2026-03-30 to 2026-06-26  closed" in spring
    cycle_id = autumn.partition(" ")[0]
    winter = ("cycles", "open", "--name", "Winter 2027", "--starts", "2027-01-11", "--as", HR)
    assert "already in a running cycle" in own_larkfield(*winter, "--dry-run").stdout
    assert own_larkfield("cycles", "close", cycle_id, "--as", HR).stdout == "Autumn 2026 is closed.\n"
    assert own_larkfield(*winter, "--dry-run").stdout.endswith(
        "Winter 2027 would take 55 people and those who lead you.\n"
    )
    assert "Winter 2027 is open with 55 people" in own_larkfield(*winter).stdout
    again = own_larkfield(*winter)
    assert again.exit_code == 1
    assert again.stderr.splitlines()[1].startswith("  /name: ")


def test_only_hr_opens_and_closes_cycles(larkfield: Shell) -> None:
    result = larkfield("cycles", "open", "--name", "Mine", "--starts", "2027-01-11", "--as", PERSON)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


def test_dates_that_do_not_fit_are_named(larkfield: Shell) -> None:
    result = larkfield("cycles", "open", "--name", "X", "--starts", "2027-01-11", "--ends", "2026-01-01", "--as", HR)
    assert result.exit_code == 1
    assert "this order" in result.stderr
    assert larkfield("cycles", "open", "--name", "X", "--starts", "soon", "--as", HR).exit_code == 1


def test_gaps_say_what_is_open_and_why(larkfield: Shell) -> None:
    text = larkfield("gaps", PERSON, "--as", PERSON).stdout
    lines = text.splitlines()
    assert lines[:2] == [
        "Mira Lindqvist · Autumn 2026 (open) · Product Manager 2026.1",
        "Towards Senior; counted: self ratings, still a draft.",
    ]
    assert any(line.startswith("  Senior       must ") for line in lines)
    assert any(line.startswith("Open (") for line in lines)
    assert "manager:" not in text


def test_gaps_to_another_level_and_ladder(larkfield: Shell) -> None:
    words = ("gaps", PERSON, "--as", PERSON)
    assert "Towards Lead;" in larkfield(*words, "--level", "lead").stdout
    assert "Technical Product Manager" in larkfield(*words, "--ladder", "technical-product-manager").stdout
    assert larkfield(*words, "--level", "wizard").exit_code == 1
    assert "There is no level above Principal" in larkfield(*words, "--level", "principal").stdout


@pytest.mark.parametrize("reader", [STRANGER, MANAGER, "owen@larkfield.example"])
def test_gaps_show_nothing_that_the_reader_may_not_see(larkfield: Shell, reader: str) -> None:
    result = larkfield("gaps", PERSON, "--as", reader)
    assert "self:" not in result.stdout
    if reader != MANAGER:
        assert (result.exit_code, result.stdout) == (1, "")


def test_plans_are_listed_and_printed(larkfield: Shell, tmp_path: Path) -> None:
    lines = larkfield("plans", "list", "--as", HR).stdout.splitlines()
    assert len(lines) == 11
    database = connect(f"sqlite:///{larkfield.folder / 'nextrung.sqlite3'}")
    with database.transaction(readonly=True) as session:
        printed = {made.sha256: made.key for made in session.query(Document)}
    written = []
    for line in lines:
        plan_id = line.partition(" ")[0]
        result = larkfield("plans", "pdf", plan_id, "-o", str(tmp_path / f"{plan_id}.pdf"), "--as", HR)
        if result.exit_code == 0:
            written.append((tmp_path / f"{plan_id}.pdf").read_bytes())
        else:
            assert result.stderr == "This PDF is still being made by the server; try again in a moment.\n"
    stored = [(larkfield.folder / "documents" / f"{key}.pdf").read_bytes() for key in printed.values()]
    assert sorted(written) == sorted(stored)


def test_a_pdf_is_verified(larkfield: Shell, tmp_path: Path) -> None:
    issued = next((larkfield.folder / "documents").glob("[0-9a-f]*.pdf"))
    result = larkfield("plans", "verify", str(issued))
    assert (result.exit_code, result.stdout[:50]) == (0, "Issued here, unchanged: revision 1 of the plan of ")
    for changed, words in (
        (issued.read_bytes() + b" ", "Not as issued: the data inside is that of revision 1 of the plan of "),
        (b"%PDF-1.7 what is this", "Not issued here: this is not a PDF that can be read.\n"),
    ):
        (tmp_path / "x.pdf").write_bytes(changed)
        result = larkfield("plans", "verify", str(tmp_path / "x.pdf"))
        assert (result.exit_code, result.stdout[: len(words)]) == (1, words)
    result = larkfield("plans", "verify", str(issued), "--as", STRANGER)
    assert (result.exit_code, result.stdout) == (1, "Not issued here, or of a plan that you may not read.\n")


def test_a_plan_of_somebody_else_does_not_exist(larkfield: Shell, tmp_path: Path) -> None:
    plan_id = larkfield("plans", "list", "--as", PERSON).stdout.partition(" ")[0]
    result = larkfield("plans", "pdf", plan_id, "-o", str(tmp_path / "x.pdf"), "--as", STRANGER)
    assert (result.exit_code, result.stderr) == (1, "There is nothing here that you can see.\n")
    missing = larkfield("plans", "pdf", plan_id, "--revision", "9", "-o", str(tmp_path / "x.pdf"), "--as", PERSON)
    assert missing.exit_code == 1
    assert not (tmp_path / "x.pdf").exists()


def test_a_plan_goes_out_and_comes_in_as_a_draft_which_has_no_pdf(own_larkfield: Shell, tmp_path: Path) -> None:
    plan_id = own_larkfield("plans", "list", "--as", PERSON).stdout.partition(" ")[0]
    file = str(tmp_path / "plan.yaml")
    assert own_larkfield("plans", "export", plan_id, "-o", file, "--as", PERSON).exit_code == 0
    assert own_larkfield("plans", "check", file).exit_code == 0
    assert own_larkfield("plans", "import", file, "--as", STRANGER).exit_code == 1
    draft_id = own_larkfield("plans", "import", file, "--as", PERSON).stdout.partition(" ")[0]
    assert draft_id not in ("", plan_id)
    result = own_larkfield("plans", "pdf", draft_id, "-o", str(tmp_path / "x.pdf"), "--as", PERSON)
    assert result.exit_code == 1
    assert "not agreed by both sides yet" in result.stderr


def test_audit_verify_finds_what_was_changed_outside(own_larkfield: Shell) -> None:
    assert own_larkfield("audit", "verify").exit_code == 0
    connection = sqlite3.connect(own_larkfield.folder / "nextrung.sqlite3")
    with connection:
        connection.execute("DROP TRIGGER audit_event_no_update")
        connection.execute("UPDATE audit_event SET reason = 'as agreed' WHERE seq = 30")
    connection.close()
    result = own_larkfield("audit", "verify")
    assert result.exit_code == 1
    assert "at event 30" in result.stderr


def test_serve_migrates_publishes_and_answers(tmp_path: Path) -> None:
    port, folder = _free_port(), tmp_path / "data"
    settings = {"NEXTRUNG_SECRET": token_hex(32), "NEXTRUNG_BASE_URL": "https://rungs.example.org"}
    environment = os.environ | settings | {"NEXTRUNG_DATA_DIR": str(folder)}
    words = [sys.executable, "-m", "service.cli", "serve", "--port", str(port)]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert _answers(f"http://127.0.0.1:{port}/signin", "rungs.example.org")
        finally:
            server.send_signal(signal.SIGINT)
        _, log = server.communicate(timeout=60)
    assert '"event": "server.starting"' in log
    assert sqlite3.sqlite_version in log
    assert "Traceback" not in log
    database = connect(f"sqlite:///{folder / 'nextrung.sqlite3'}")
    assert schema.is_current(database.engine)
    with database.transaction(readonly=True) as session:
        assert len(list_versions(session, SYSTEM)) == 2


def _answers(url: str, host: str) -> bool:
    for _ in range(300):
        try:
            return httpx.get(url, headers={"host": host}).status_code == 200
        except httpx.TransportError:
            time.sleep(0.2)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
