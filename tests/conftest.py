"""Every test that takes `session` runs on SQLite and, where one answers, on PostgreSQL, in a rolled-back transaction."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool

from service import guard, schema
from service.app import make_app
from service.db import Database, make_engine
from service.demo.company import make_company
from service.people.models import Person
from service.people.queries import load_actor
from service.permissions import Scope
from service.settings import Settings
from service.signin.actions import create_token, start_session
from service.signin.inputs import TokenRequest
from tests.browser import Browser
from tests.cast import Cast, make_cast

POSTGRES = os.environ.get("NEXTRUNG_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


guard.start()  # Python 3.11 can crash under the load of a test run too (ENGINES.md)


def _postgres_answers() -> bool:
    try:
        with create_engine(POSTGRES, poolclass=NullPool, connect_args={"connect_timeout": 3}).connect():
            return True
    except OperationalError:
        return False


HAS_POSTGRES = _postgres_answers()
ENGINES = ["sqlite", "postgres"] if HAS_POSTGRES else ["sqlite"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which databases were there: a header would not be seen with -q."""
    if HAS_POSTGRES:
        terminalreporter.write_line("databases: SQLite and PostgreSQL")
    else:
        where = make_url(POSTGRES).render_as_string(hide_password=True)
        terminalreporter.write_line(f"databases: SQLite only, PostgreSQL does not answer at {where}", yellow=True)


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite3'}")
    schema.upgrade(engine)
    yield engine
    engine.dispose()


@contextmanager
def throw_away_database() -> Iterator[str]:
    """The URL of an empty PostgreSQL database that is gone when the block ends."""
    name = f"nextrung_test_{uuid4().hex[:12]}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def postgres_engine() -> Iterator[Engine]:
    """A database of this run (and of this xdist worker)."""
    with throw_away_database() as url:
        engine = make_engine(url)
        schema.upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture(params=ENGINES)
def own_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of one test's own, for what really commits."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'own.sqlite3'}"
        return
    with throw_away_database() as url:
        yield url


@pytest.fixture
def empty(own_url: str) -> Iterator[Engine]:
    """An empty database of one test's own."""
    engine = make_engine(own_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo company, made once a run by whichever worker asks first. To be read only; copy it to write."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    try:
        (shared / "company.taken").mkdir()
    except FileExistsError:
        for _ in range(1200):
            if (shared / "company").is_dir():
                break
            time.sleep(0.2)
    else:
        make_company(shared / "company")
    return shared / "company"


@pytest.fixture(params=ENGINES)
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def database(connection: Connection) -> Database:
    """A database whose commits are savepoints of the test's own transaction."""
    make = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    return Database(make, make)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def cast(session: Session) -> Cast:
    """Ann manages Ben and Cat, Max is Ann's manager, Dee is HR, Eli sees nothing (STYLE.md, "Tests")."""
    return make_cast(session)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(secret="t" * 40, base_url="http://testserver", data_dir=tmp_path)


@pytest.fixture(scope="session")
def shared_app() -> FastAPI:
    """One app for all tests of a process: building its routes costs more than a request."""
    settings = Settings(secret="t" * 40, base_url="http://testserver")
    return make_app(settings, Database(sessionmaker(), sessionmaker()), work=False)


@pytest.fixture
def app(shared_app: FastAPI, settings: Settings, database: Database) -> FastAPI:
    shared_app.state.settings, shared_app.state.database = settings, database
    return shared_app


SignIn = Callable[[Person | None], Browser]


@pytest.fixture
def sign_in(app: FastAPI, session: Session, settings: Settings) -> SignIn:
    """`sign_in(person)` is a browser of that person; `sign_in(None)` one of nobody. It follows no redirects."""

    def make(person: Person | None) -> Browser:
        client = Browser(app, headers={"sec-fetch-site": "same-origin"})
        if person is not None:
            key = start_session(session, settings, person, client="test")
            session.commit()
            client.cookies.set("nextrung", key, domain="testserver.local")
        return client

    return make


Bearer = Callable[[Person, Scope], Browser]


@pytest.fixture
def bearer(sign_in: SignIn, session: Session, settings: Settings) -> Bearer:
    """`bearer(person, Scope.READ)` is a program with that person's token, without any cookie."""

    def make(person: Person, scope: Scope) -> Browser:
        actor = load_actor(session, person.id)
        assert actor is not None
        secret = create_token(session, settings, actor, TokenRequest(name="t", scope=scope, days=30)).secret
        session.commit()
        client = sign_in(None)
        client.headers = {"authorization": f"Bearer {secret}"}
        return client

    return make


CountQueries = Callable[[Callable[[], object]], int]


@pytest.fixture
def count_queries(connection: Connection) -> CountQueries:
    """`count_queries(lambda: client.get("/people"))` is the number of statements that it sends (savepoints aside).

    Every row that is loaded is held meanwhile: else a row may be read twice or once, as the collector happens to run.
    """

    def count(act: Callable[[], object]) -> int:
        seen: list[str] = []
        held: list[object] = []

        def hold(_session: Session, row: object) -> None:
            held.append(row)

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        event.listen(Session, "loaded_as_persistent", hold)
        act()
        event.remove(Session, "loaded_as_persistent", hold)
        event.remove(connection, "before_cursor_execute", note)
        return len(seen)

    return count
