"""`nextrung people`: import a file, list, and grant roles. Passwords and leaving come from signin/commands.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from service.errors import NextrungError, NotFound
from service.people import actions, files, queries
from service.people.inputs import Narrowed
from service.people.rules import MOST_PROBLEMS, Known, Preview
from service.permissions import SYSTEM, Actor, Role
from service.terminal import open_database

commands = typer.Typer(name="people", help="People, their roles and their access.", no_args_is_help=True)


def _no_ladders(_session: Any) -> Known:
    return {}


known_levels: Callable[[Any], Known] = _no_ladders
"""The published ladders and their levels; service/cli.py sets it, since ladders lie above people."""

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address the person signs in by.")]
As = Annotated[
    str,
    typer.Option("--as", metavar="EMAIL", envvar="NEXTRUNG_AS", help="In whose name; the system's where left out."),
]
Unit = Annotated[str, typer.Option(metavar="NAME", help="The org unit, for an HR partner.")]


@commands.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False)],
    email: As = "",
    yes: Annotated[bool, typer.Option("--yes", help="Import without asking.")] = False,
) -> None:
    """Show what importing FILE.csv would change, then import it. Exit code 1: there are problems and nothing is."""
    with transaction(readonly=True) as session:
        text = files.decode(path.read_bytes())
        preview = queries.preview_import(session, load_as(session, email), text, known_levels(session))
    _print(preview)
    if preview.problems:
        raise typer.Exit(1)
    if preview.is_empty:
        return
    if not yes:
        typer.confirm("Import this?", abort=True)
    with transaction() as session:
        actions.import_people(session, load_as(session, email), text, known_levels(session))
    typer.echo("Imported.")


@commands.command("list")
def list_(
    email: As = "", q: Annotated[str, typer.Option(help="Part of a name, an e-mail or an employee id.")] = ""
) -> None:
    """List everybody who is here, by name."""
    with transaction(readonly=True) as session:
        actor, after, more = load_as(session, email), None, True
        while more:
            found = queries.list_people(session, actor, Narrowed(q=q), after=after, limit=500)
            for line in found.rows:
                typer.echo(
                    "\t".join(
                        [line.employee_id, line.name, line.email, line.unit or "", line.ladder or "", line.level or ""]
                    )
                )
            after, more = found.next, found.next is not None


@commands.command()
def grant(email: Email, role: Role, unit: Unit = "") -> None:
    """Give a role: hr, hr-partner (with --unit) or auditor."""
    with transaction() as session:
        actions.grant_role(session, SYSTEM, find(session, email), role, unit)
    typer.echo(f"{email} is {role} now.")


@commands.command()
def revoke(email: Email, role: Role, unit: Unit = "") -> None:
    """Take a role back."""
    with transaction() as session:
        actions.revoke_role(session, SYSTEM, find(session, email), role, unit)
    typer.echo(f"{email} is no longer {role}.")


@contextmanager
def transaction(*, readonly: bool = False) -> Iterator[Any]:
    """A session on the database of the settings; an error of ours ends the command with its words and exit code 1."""
    try:
        with open_database().transaction(readonly=readonly) as session:
            yield session
    except NextrungError as error:
        typer.echo(error.detail, err=True)
        _print_problems(error.problems)
        raise typer.Exit(1) from error


def find(session: Any, email: str) -> Any:
    """The row, to hand on, of whoever signs in by this address.

    Raises: NotFound.
    """
    person = queries.find_person(session, email)
    if person is None:
        raise NotFound(f"Nobody here signs in as {email}.")
    return person


def load_as(session: Any, email: str) -> Actor:
    actor = queries.load_actor_by_email(session, email) if email else SYSTEM
    if actor is None:
        raise NotFound(f"Nobody here signs in as {email}.")
    return actor


def _print(preview: Preview) -> None:
    _print_problems(preview.problems)
    if preview.ignored:
        typer.echo(f"Columns left aside: {', '.join(preview.ignored)}")
    for entry in preview.added:
        typer.echo(f"+ {entry.employee_id}  {entry.name}")
    for person in preview.changed:
        who = f"{person.entry.employee_id}  {person.entry.name}"
        for change in person.changes:
            typer.echo(f"~ {who}: {change.field} {change.old or '–'} → {change.new or '–'}")
    for unit in preview.units:
        typer.echo(
            f"{'+' if unit.old is None else '~'} org unit {unit.name}" + (f" under {unit.new}" if unit.new else "")
        )
    for words in preview.attention:
        typer.echo(f"! {words}")
    for entry in preview.left_out:
        typer.echo(f"  {entry.employee_id}  {entry.name}: not in the file, stays")
    found = len(preview.problems)
    problems = found if found <= MOST_PROBLEMS else f"more than {MOST_PROBLEMS}"
    counts = (len(preview.added), len(preview.changed), preview.unchanged, len(preview.left_out), problems)
    typer.echo("{} added, {} changed, {} unchanged, {} left out, {} problems".format(*counts))


def _print_problems(problems: Any) -> None:
    for problem in problems:
        parts = problem.pointer.split("/")
        if parts[1:2] == ["rows"] and len(parts) > 2:
            column = files.COLUMNS[parts[3]][0] if len(parts) > 3 else "the row"
            typer.echo(f"row {parts[2]}, {column}: {problem.detail}", err=True)
        else:
            typer.echo(problem.detail, err=True)
