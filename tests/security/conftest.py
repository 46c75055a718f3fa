"""The security tests run on SQLite, and on PostgreSQL where they ask for it by `connection`."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from service.db import Database
from service.permissions import SYSTEM
from service.settings import Settings
from service.signin import actions
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import ENGINES
from tests.security import company
from tests.security.company import Stage

Staged = Callable[..., AbstractContextManager[Stage]]

PASSWORD = "four plain words here"

ON_BOTH = pytest.mark.parametrize("connection", ENGINES, indirect=True)
ON_STRICTEST = pytest.mark.parametrize("connection", ENGINES[-1:], indirect=True)
"""PostgreSQL where it answers, which refuses more than SQLite."""
ON_POSTGRES = pytest.mark.parametrize("connection", ENGINES[1:], indirect=True)


@pytest.fixture
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    engine: Engine = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_engine")
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    return Browser(app, raise_faults=False)


@pytest.fixture
def staged(browser: Browser, connection: Connection, database: Database, settings: Settings) -> Staged:
    """`with staged("shared") as stage`: Ben's review at that step."""
    return partial(company.stage, browser, connection, database, settings)


@pytest.fixture
def ann(session: Session, cast: Cast) -> None:
    actions.set_password(session, SYSTEM, cast.ann, PASSWORD)
    session.commit()
