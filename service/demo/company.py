"""The demo's own data folder: made once, from then on only opened."""

import shutil
import socket
from pathlib import Path

import structlog
import typer

from service import schema
from service.db import Database, connect
from service.demo.people import PASSWORD, SIGN_INS
from service.demo.story import tell
from service.errors import Conflict
from service.settings import ROOT, Settings

log = structlog.get_logger()

FOLDER = ROOT / "data" / "demo"
SECRET = "not a secret: this key only guards invented people"  # noqa: S105


def make_settings(folder: Path, port: int) -> Settings:
    """Settings of a demo, whatever NEXTRUNG_* says: on this machine, without https, never with people's data."""
    return Settings(
        secret=SECRET,
        base_url=f"http://127.0.0.1:{port}",
        database_url="",
        data_dir=folder,
        debug=False,
        session_hours=12,
    )


def open_company(port: int, *, reset: bool, folder: Path = FOLDER) -> tuple[Settings, Database]:
    """The demo company in `folder`, made if it is not there yet, ready to be served.

    Raises: Conflict where the port is taken, or the data come from a newer program.
    """
    _check_port(port)
    if reset:
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.is_dir():
        typer.echo("Making the demo company (once, about half a minute) ...", err=True)
        make_company(folder)
    settings = make_settings(folder, port)
    database = connect(settings.database)
    schema.upgrade(database.engine)
    return settings, database


def make_company(folder: Path) -> None:
    """Fill `folder` with the whole company: all of it or, where something goes wrong, nothing."""
    half_made = folder.with_name(folder.name + ".half-made")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(parents=True)
    settings = make_settings(half_made, 8000)
    database = connect(settings.database)
    schema.upgrade(database.engine)
    tell(database, settings)
    database.engine.dispose()
    half_made.rename(folder)


def print_sign_ins(settings: Settings) -> None:
    """The address, and whom to sign in as."""
    typer.echo(
        f"\nLarkfield, an invented company, is at {settings.base_url}\nSign in with the password {PASSWORD} as\n"
    )
    width = max(len(email) for email, _ in SIGN_INS)
    for email, words in SIGN_INS:
        typer.echo(f"  {email:<{width}}  {words}")
    typer.echo(f"\nIts data are in {settings.data_dir}; ./run demo --reset makes them anew. Ctrl+C stops the server.\n")


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Conflict(
                f"Port {port} of this machine is taken or not allowed: choose another with --port."
            ) from error
