import pytest
from typer.testing import CliRunner

from service.db import connect
from service.people import commands as people_commands
from service.people import queries
from service.permissions import SYSTEM, Role
from service.signin import actions
from service.signin.commands import commands
from service.signin.inputs import SignIn
from service.signin.rules import Visitor
from tests.conftest import make_database
from tests.people.test_actions import CAST, HEAD

PASSWORD = "four plain words here"


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("NEXTRUNG_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(people_commands, "known_levels", lambda _session: {"product-manager": frozenset(LEVELS)})
    return make_database(tmp_path)


LEVELS = ("junior", "middle", "senior", "lead", "principal")


@pytest.fixture
def run(database):
    def call(*words, typed="", code=0):
        result = CliRunner().invoke(commands, list(words), input=typed)
        assert result.exit_code == code, result.output
        return result.output

    return call
