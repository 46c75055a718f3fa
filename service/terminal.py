"""What the commands of `nextrung` share: the database of the settings, words for what went wrong, and a clear log."""

import logging
import sys
from datetime import datetime
from typing import Annotated

import structlog
import typer
from pydantic import ValidationError

from service import schema
from service.db import Database, connect
from service.errors import Conflict, Invalid, NextrungError, Problem
from service.settings import Settings

As = Annotated[
    str, typer.Option("--as", metavar="EMAIL", envvar="NEXTRUNG_AS", help="In whose name: their rights hold.")
]

AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="2026-11-21", help="As it stood at the end of this day (UTC)."),
]


def read_settings() -> Settings:
    """The settings of the environment.

    Raises: Invalid that names each variable with a value of the wrong kind, without the value.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = [Problem(f"NEXTRUNG_{part['loc'][0]}".upper(), f"{part['msg']}.") for part in error.errors()]
        raise Invalid("The settings need another look.", problems) from error


def open_database() -> Database:
    """The database of the settings.

    Raises: Conflict where it is not at the schema of this program.
    """
    settings = read_settings()
    if settings.sqlite_file is None or settings.sqlite_file.is_file():
        database = connect(settings.database)
        if schema.is_current(database.engine):
            return database
    raise Conflict("The database is not at the schema of this program. To bring it there, run: nextrung migrate")


def explain(error: NextrungError) -> None:
    """One line on the error stream, then one for each problem."""
    typer.echo(error.detail, err=True)
    for problem in error.problems:
        typer.echo(f"  {problem.pointer}: {problem.detail}" if problem.pointer else f"  {problem.detail}", err=True)


def set_up_logs() -> None:
    """One JSON line an event on the error stream, for structlog and for the libraries' own loggers alike."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the stream as it is then, not as it is now
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[drop, *last], foreign_pre_chain=shared))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
