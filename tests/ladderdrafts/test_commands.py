"""`nextrung ladders publish` and `drafts` on a database of their own."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from service import schema
from service.cli import app
from service.db import connect, make_engine
from service.ladderdrafts import actions
from service.people.queries import load_actor_by_email
from tests.cast import make_cast
from tests.ladderdrafts.drafting import add_hr
from tests.ladders.files import BLUEPRINT, LADDER, changed


def run(*words: str):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, ["ladders", *words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tester" / "1"
    folder.mkdir(parents=True)
    (folder / "ladder.yaml").write_text(LADDER)
    (folder / "blueprint.yaml").write_text(BLUEPRINT)
    return folder


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with the cast and a second person of HR, which the commands find by its setting."""
    url = f"sqlite:///{tmp_path / 'commands.sqlite3'}"
    monkeypatch.setenv("NEXTRUNG_DATABASE_URL", url)
    engine = make_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    with connect(url).transaction() as session:
        add_hr(session, make_cast(session))
    return url


DEE, HAL = ("--as", "Dee@Example.org"), ("--as", "hal@example.org")


def draft_of(words: str) -> str:
    found = re.search(r"[0-9a-f-]{36}", words)
    assert found is not None, words
    return found[0]


def ask_for_review(stored: str, draft: str) -> None:
    with connect(stored).transaction() as session:
        actor = load_actor_by_email(session, "dee@example.org")
        assert actor is not None
        actions.ask_for_review(session, actor, UUID(draft), 1)


def test_publishing_in_somebodys_name_takes_a_second_person(folder: Path, stored: str) -> None:
    assert run("publish", str(folder), "--as", "nobody@example.org").exit_code == 2
    assert run("publish", str(folder), "--as", "ben@example.org").exit_code == 1
    begun = run("publish", str(folder), *DEE)
    assert (begun.exit_code, "somebody else publishes it" in begun.stdout, run("list").stdout) == (0, True, "")
    ask_for_review(stored, draft_of(begun.stdout))
    own = run("publish", str(folder), *DEE)
    assert (own.exit_code, run("list").stdout) == (1, "")
    done = run("publish", str(folder), *HAL)
    assert (done.exit_code, done.stdout.split()[:2]) == (0, ["tester", "1"])
    query = "SELECT p.name FROM audit_event a JOIN person p ON p.id = a.actor_id WHERE a.verb = 'ladder.published'"
    with connect(stored).transaction(readonly=True) as session:
        assert session.scalars(text(query)).all() == ["Hal"]


def test_other_content_than_what_is_in_review_begins_a_draft_of_its_own(folder: Path, stored: str) -> None:
    ask_for_review(stored, draft_of(run("publish", str(folder), *DEE).stdout))
    (folder / "ladder.yaml").write_text(changed(LADDER, "Tests alone.", "Tests by hand."))
    other = run("publish", str(folder), *HAL)
    assert (other.exit_code, "draft" in other.stdout, run("list").stdout) == (0, True, "")


def test_a_draft_is_pulled_edited_and_pushed(folder: Path, stored: str, tmp_path: Path) -> None:
    draft, mine = draft_of(run("publish", str(folder), *DEE).stdout), tmp_path / "mine"
    assert run("drafts", "list", *DEE).stdout == f"{draft}  tester 1  draft  saving 1\n"
    assert run("drafts", "list", "--as", "ben@example.org").stdout == ""
    assert run("drafts", "pull", draft, str(mine), *DEE).exit_code == 0
    assert ((mine / "ladder.yaml").read_text(), (mine / "blueprint.yaml").read_text()) == (LADDER, BLUEPRINT)
    (mine / "ladder.yaml").write_text("# mine\n" + changed(LADDER, "title: Tester", "titel: Tester"))
    pushed = run("drafts", "push", str(mine), *DEE)
    assert (pushed.exit_code, "2 problems" in pushed.stderr) == (0, True)
    assert f"{mine}/ladder.yaml:5:1: error: unknown field 'titel'" in pushed.stdout
    assert "saving 2" in run("drafts", "list", *HAL).stdout
    (mine / "ladder.yaml").write_text(LADDER)
    assert run("drafts", "push", str(mine), *HAL).exit_code == 0
    assert "saving 3" in run("drafts", "list", *HAL).stdout


def test_a_push_after_somebody_elses_is_refused_and_a_pull_overwrites_nothing(
    folder: Path, stored: str, tmp_path: Path
) -> None:
    draft = draft_of(run("publish", str(folder), *DEE).stdout)
    one, two = tmp_path / "one", tmp_path / "two"
    for place in (one, two):
        run("drafts", "pull", draft, str(place), *DEE)
    (one / "ladder.yaml").write_text(changed(LADDER, "Tests alone.", "Tests by hand."))
    (two / "ladder.yaml").write_text(changed(LADDER, "Tests alone.", "Tests by foot."))
    assert run("drafts", "push", str(one), *DEE).exit_code == 0
    late = run("drafts", "push", str(two), *HAL)
    assert late.exit_code == 1
    kept = run("drafts", "pull", draft, str(two), *HAL)
    assert kept.exit_code == 1
    assert "by foot" in (two / "ladder.yaml").read_text()


def test_what_is_no_pulled_folder_is_told(folder: Path, stored: str) -> None:
    assert run("drafts", "push", str(folder), *DEE).exit_code == 1
    (folder / ".nextrung-draft").write_text("{}")
    assert run("drafts", "push", str(folder), *DEE).exit_code == 1
