"""The `nextrung` command: explicit wiring of what the features offer, and starting, migrating, verifying."""

import platform
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import structlog
import typer
from sqlalchemy.exc import OperationalError
from typer.core import TyperGroup

import service.documents.commands
import service.exchange.commands
import service.gaps.commands
import service.ladders.commands
import service.people.commands
import service.plans.commands
import service.reviews.commands
import service.signin.commands
from service import guard, schema
from service.audit import queries as audit
from service.db import Database, connect
from service.errors import Invalid, NextrungError, Problem
from service.ladders.actions import publish_shipped
from service.ladders.queries import known_levels
from service.settings import Settings, check_production
from service.terminal import explain, open_database, read_settings, set_up_logs

log = structlog.get_logger()


class Commands(TyperGroup):
    """The place where an error of any command becomes words and exit code 1, never a traceback."""

    def invoke(self, context: Any) -> Any:
        try:
            return super().invoke(context)
        except NextrungError as error:
            explain(error)
        except OperationalError as error:
            typer.echo(f"The database does not answer: {str(error.orig).strip().splitlines()[0]}", err=True)
        except OSError as error:
            typer.echo(f"{error.strerror}: {error.filename}" if error.filename else str(error), err=True)
        raise typer.Exit(1)


app = typer.Typer(
    name="nextrung", cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
app.add_typer(service.ladders.commands.commands)
app.add_typer(service.signin.commands.commands)
app.add_typer(service.reviews.commands.commands)
app.command("gaps")(service.gaps.commands.gaps)
app.add_typer(service.plans.commands.commands)
service.people.commands.known_levels = known_levels
audit_app = typer.Typer(name="audit", help="The record of who did what.", no_args_is_help=True)
app.add_typer(audit_app)

Port = Annotated[int, typer.Option(min=1, max=65535)]


@app.callback()
def main() -> None:
    """Career ladders as data: honest assessments, gaps with reasons, growth plans on paper."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Where to listen, behind the proxy that speaks https.")] = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Serve people's data, from the NEXTRUNG_* settings. Refuses to start on unsafe ones, and names all of them."""
    set_up_logs()
    settings = read_settings()
    problems = [*check_production(settings), *_check_machine()]
    if problems:
        raise Invalid("Nextrung does not start like this:", [Problem("", problem) for problem in problems])
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = connect(settings.database)
    schema.upgrade(database.engine)
    with database.transaction() as session:
        publish_shipped(session)
    run(settings, database, host, port)


@app.command()
def demo(
    check: Annotated[
        bool, typer.Option("--check", help="Do the whole main job without a server, write a PDF.")
    ] = False,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Where --check writes the PDF.")] = None,
    port: Port = 8000,
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew: what was changed in the demo is gone.")] = False,
) -> None:
    """Serve a demo company on this machine only, with one sign-in for each role."""
    from service import demo as company  # its words are of no use to the other commands

    set_up_logs()
    guard.start()
    if check:
        company.check_main_job(pdf)
        return
    settings, database = company.open_company(port, reset=reset)
    company.print_sign_ins(settings)
    run(settings, database, "127.0.0.1", port, more_doors=(company.styleguide,), behind_proxy=False)


@app.command()
def migrate(
    to: Annotated[str, typer.Option("--to", metavar="REVISION", help="“base” is the empty database.")] = "head",
) -> None:
    """Bring the database to the schema of this program, or to another revision."""
    settings = read_settings()
    if settings.sqlite_file is not None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    engine = connect(settings.database).engine
    if schema.is_below(engine, to):
        typer.confirm(f"Going back to {to} deletes what later revisions hold. Go on?", abort=True)
        schema.downgrade(engine, to)
    else:
        schema.upgrade(engine, to)
    typer.echo(f"The database is at revision {schema.revision_of(engine) or 'base'}.")


@audit_app.command()
def verify() -> None:
    """Recompute the hash chain of the audit log. Exit code 1 where it does not hold."""
    with open_database().transaction(readonly=True) as session:
        broken, head = audit.verify(session), audit.get_head(session)
    if broken is not None:
        typer.echo(f"The audit chain does not hold at event {broken}: it was changed outside the program.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{head.seq} events, unbroken. The last hash, to note elsewhere: {head.hash}")


def run(
    settings: Settings,
    database: Database,
    host: str,
    port: int,
    *,
    more_doors: tuple[ModuleType, ...] = (),
    behind_proxy: bool = True,
) -> None:
    """Serve until interrupted; one process, its own worker thread in it. Where a request comes from, only a proxy is believed:
    one on this machine, or the one that uvicorn's FORWARDED_ALLOW_IPS names; of its X-Forwarded-For the last address counts."""
    import uvicorn

    from service.app import make_app

    guard.start()
    engine = database.engine.dialect.name
    versions = {"python": platform.python_version(), "guard": guard.needed()}
    if engine == "sqlite":
        versions["sqlite"] = sqlite3.sqlite_version
    log.info("server.starting", address=f"{host}:{port}", database=engine, **versions)
    app = make_app(settings, database, more_doors=more_doors)
    uvicorn.run(
        app, host=host, port=port, log_config=None, access_log=False, server_header=False, proxy_headers=behind_proxy
    )


def _check_machine() -> list[str]:
    from reports.pdf import check_environment

    return check_environment()


if __name__ == "__main__":
    app()
