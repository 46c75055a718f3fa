"""Bringing a database to the schema of this program, by the migrations."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from service.errors import Conflict, NotFound
from service.settings import ROOT

LOCK = 7_041_905  # an arbitrary number that all our processes share


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to `revision`. Two processes that start at once do it one after the other.

    Raises: Conflict where the database is newer than this program.
    """
    with _migrating(engine) as (connection, config):
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        present = MigrationContext.configure(connection).get_current_revision()
        if present is not None and present not in known:
            newer = f"The database is at revision {present}, which this program does not know"
            raise Conflict(f"{newer}: install the newer program.")
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Run the migrations down to `revision`."""
    with _migrating(engine) as (_, config):
        command.downgrade(config, revision)


def revision_of(engine: Engine) -> str | None:
    """The revision the database stands at; None for an empty one. Only reads."""
    with engine.execution_options(readonly=True).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """Whether the database stands at the program's newest revision."""
    return revision_of(engine) == ScriptDirectory.from_config(_config()).get_current_head()


def is_below(engine: Engine, revision: str) -> bool:
    """Whether `revision` ("base" for none at all) lies below where the database stands, so that going there loses data.

    Raises: NotFound for a revision that this program does not know.
    """
    order = [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]
    place = {name: number for number, name in enumerate([None, *order])} | {"base": 0, "head": len(order)}
    if revision not in place:
        raise NotFound(f"There is no revision {revision!r}. There are: base, {', '.join(order)}.")
    return place[revision] < place.get(revision_of(engine), 0)


def make_config(connection: Connection) -> Config:
    """Alembic's settings for an open connection."""
    config = _config()
    config.attributes["connection"] = connection
    return config


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[tuple[Connection, Config]]:
    """One transaction around all steps. SQLite's batch mode rebuilds tables: foreign keys are off meanwhile, else it
    would delete child rows, and are checked at the end."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        if sqlite and raw is not None:
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection, make_config(connection)
                if sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                    raise Conflict("A migration would leave rows without their parents; nothing was changed.")
        finally:
            if sqlite and raw is not None:
                raw.execute("PRAGMA foreign_keys=ON")
