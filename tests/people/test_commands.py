"""The command line opens its own database: a SQLite file of the test, with the cast in it."""

import pytest
from typer.testing import CliRunner

from service import schema
from service.db import connect
from service.people import commands as people_commands
from service.people import queries
from service.people.inputs import Narrowed
from service.permissions import SYSTEM, Role
from service.settings import Settings
from service.signin import actions
from service.signin.commands import commands
from service.signin.inputs import SignIn
from service.signin.rules import Visitor
from tests.cast import make_cast
from tests.people.test_actions import CAST, HEAD, KNOWN

PASSWORD = "four plain words here"
NEW = HEAD + "E-new,Noa,noa@x.org,E-ann,Product,,,,\n"


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.setenv("NEXTRUNG_DATABASE_URL", f"sqlite:///{tmp_path / 'people.sqlite3'}")
    monkeypatch.setattr(people_commands, "known_levels", lambda _session: KNOWN)
    database = connect(Settings().database)
    engine = database.writing.kw["bind"]
    schema.upgrade(engine)
    with database.reading() as session:
        yield session
    engine.dispose()


@pytest.fixture
def run(session):
    with connect(Settings().database).transaction() as writing:
        make_cast(writing)

    def call(*words, typed="", code=0):
        session.rollback()
        session.expire_all()
        result = CliRunner().invoke(commands, [str(word) for word in words], input=typed)
        assert result.exit_code == code, result.output
        return result.output

    return call


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "people.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def _signs_in(session, email, password=PASSWORD):
    with connect(Settings().database).transaction() as writing:
        attempt = SignIn(email=email, password=password)
        return actions.sign_in(writing, Settings(secret="s" * 40), attempt, Visitor("192.0.2.1", "x")) is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_import_shows_the_difference_and_asks(session, run, file, encoding):
    text = run("import", file(NEW, encoding), typed="y\n")
    assert "+ E-new  Noa" in text
    assert "1 added, 0 changed, 0 unchanged, 9 left out, 0 problems" in text
    assert queries.find_person(session, "noa@x.org").name == "Noa"


def test_import_without_a_yes_changes_nothing(session, run, file):
    run("import", file(NEW), typed="n\n", code=1)
    assert queries.find_person(session, "noa@x.org") is None


def test_import_again_neither_asks_nor_writes(run, file):
    assert "0 added, 0 changed, 9 unchanged, 0 left out, 0 problems" in run("import", file(CAST))


def test_import_tells_changes(run, file):
    text = run("import", file(CAST.replace("product-manager,middle", "product-manager,senior")), "--yes")
    assert "~ E-ben  Ben: level middle → senior" in text


def test_import_tells_problems_by_row_and_column(session, run, file):
    text = run("import", file(NEW.replace("E-ann", "E-gone")), "--yes", code=1)
    assert "row 2, manager's id: Nobody has this employee id" in text
    assert queries.find_person(session, "noa@x.org") is None


def test_import_in_somebodys_name_needs_their_right(run, file):
    assert "This belongs to HR" in run("import", file(NEW), "--yes", "--as", "ann@example.org", code=1)
    run("import", file(NEW), "--yes", "--as", "DEE@example.org")


@pytest.mark.parametrize("data", [b"\xff\x00\xfe", b"", b"nothing,of,use"])
def test_import_of_something_else_ends_with_words(run, tmp_path, data):
    path = tmp_path / "odd.csv"
    path.write_bytes(data)
    assert "Traceback" not in run("import", path, "--yes", code=1)


def test_list_has_a_line_for_each_person(run):
    assert run("list").splitlines()[1] == "E-ben\tBen\tben@example.org\tProduct\tproduct-manager\tmiddle"
    assert len(run("list").splitlines()) == 9
    assert run("list", "--as", "fay@example.org", "--q", "ELI").splitlines() == [
        "E-eli\tEli\teli@example.org\tOther\tproduct-manager\tjunior"
    ]


def test_grant_and_revoke(session, run):
    run("grant", "ann@example.org", "hr-partner", "--unit", "Other")
    assert queries.load_actor_by_email(session, "ann@example.org").roles == {Role.PARTNER}
    run("revoke", "ann@example.org", "hr-partner", "--unit", "Other")
    assert queries.load_actor_by_email(session, "ann@example.org").roles == frozenset()
    assert "An HR partner needs an org unit." in run("grant", "ann@example.org", "hr-partner", code=1)
    assert "Nobody here signs in as zoe@x.org." in run("grant", "zoe@x.org", "hr", code=1)


def test_password_from_the_prompt_or_the_input(session, run):
    run("password", "ben@example.org", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert _signs_in(session, "ben@example.org")
    run("password", "ben@example.org", "--password-stdin", typed="other plain words\n")
    assert _signs_in(session, "ben@example.org", "other plain words")


@pytest.mark.parametrize("typed", ["", "\n", "short\n", "ben@example.org\n"])
def test_a_password_that_does_not_do_is_refused(session, run, typed):
    assert "Traceback" not in run("password", "ben@example.org", "--password-stdin", typed=typed, code=1)
    assert not _signs_in(session, "ben@example.org", typed.strip() or "x")


def test_leave_ends_the_access(session, run):
    run("password", "ben@example.org", "--password-stdin", typed=f"{PASSWORD}\n")
    run("leave", "ben@example.org")
    assert not _signs_in(session, "ben@example.org")
    assert [line.name for line in queries.list_people(session, SYSTEM, Narrowed(q="ben")).rows] == []
    assert "Nobody here signs in as ben@example.org." in run("leave", "ben@example.org", code=1)
