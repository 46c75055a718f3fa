"""More of `nextrung plans`: check a plan file, take a plan out, bring one in."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from service.errors import NotFound
from service.exchange import actions, files, queries
from service.ladders.yamltext import MOST_BYTES
from service.ladders.yamlwriting import to_yaml
from service.objectives.checks import errors
from service.people.commands import load_as
from service.plans.commands import commands
from service.terminal import As, open_database


@commands.command()
def check(file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False)]) -> None:
    """Check the objectives and key results of a plan file (YAML or JSON), each remark at its line. Errors end with 1."""
    reading = _read(file)
    found = list(files.check(reading))
    for remark, place in found:
        typer.echo(f"{file}:{place.line}:{place.column}: {remark.weight}: {remark.check}: {remark.detail}")
    wrong = len(errors(remark for remark, _ in found))
    typer.echo(f"{_count(wrong, 'error')}, {_count(len(found) - wrong, 'piece')} of advice", err=True)
    raise typer.Exit(1 if wrong else 0)


@commands.command()
def export(
    plan_id: UUID,
    actor_email: As,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Ends with .yaml or .json.")],
) -> None:
    """Write a plan with its agreed texts to FILE, to keep or to take elsewhere."""
    with open_database().transaction(readonly=True) as session:
        _, data = queries.get_file(session, load_as(session, actor_email), plan_id)
    output.write_text(files.to_json(data) if output.suffix == ".json" else to_yaml(data), "utf-8")
    typer.echo(str(output))


@commands.command("import")
def import_(file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False)], actor_email: As) -> None:
    """Make a draft out of a plan file, in your own name; both sides agree on it here."""
    reading = _read(file)
    assert reading.plan is not None  # noqa: S101
    with open_database().transaction() as session:
        plan = actions.import_plan(session, load_as(session, actor_email), reading.plan)
        session.flush()
        typer.echo(f"{plan.id}  {plan.title}")


def _read(file: Path) -> files.Reading:
    try:
        with file.open("rb") as stream:
            reading = files.read(str(file), stream.read(MOST_BYTES + 1))
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}.") from error
    for problem in reading.problems:
        typer.echo(str(problem))
    if reading.problems:
        raise typer.Exit(1)
    return reading


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
