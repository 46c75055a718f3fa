"""The security tests run on SQLite, and on PostgreSQL where they ask for it by `connection`."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine

from service.db import Database
from service.settings import Settings
from tests.conftest import ENGINES
from tests.security import company
from tests.security.company import Stage

Staged = Callable[..., AbstractContextManager[Stage]]

ON_BOTH = pytest.mark.parametrize("connection", ENGINES, indirect=True)
ON_POSTGRES = pytest.mark.parametrize("connection", ENGINES[1:], indirect=True)


@pytest.fixture
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    engine: Engine = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_engine")
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def staged(browser: TestClient, connection: Connection, database: Database, settings: Settings) -> Staged:
    """`with staged("shared") as stage`: Ben's review at that step."""
    return partial(company.stage, browser, connection, database, settings)
