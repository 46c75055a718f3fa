"""`nextrung plans`: list them, and take a revision's PDF."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from service.errors import Conflict, NotFound
from service.people.commands import load_as
from service.plans import queries
from service.plans.views import PlanLine
from service.terminal import As, open_database, read_settings

commands = typer.Typer(name="plans", help="Growth plans and their PDFs.", no_args_is_help=True)


@commands.command("list")
def list_(actor_email: As) -> None:
    """List the plans you may read, by the person's name."""
    after: str | None = None
    with open_database().transaction(readonly=True) as session:
        actor = load_as(session, actor_email)
        while True:
            page = queries.list_plans(session, actor, after=after, limit=200)
            for line in page.rows:
                typer.echo(_line(line))
            after = page.next
            if after is None:
                return


@commands.command()
def pdf(
    plan_id: UUID,
    actor_email: As,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the PDF.")],
    revision: Annotated[int, typer.Option(help="Which agreed text; the latest where left out.")] = 0,
) -> None:
    """Write the PDF of an agreed revision to FILE, the same bytes every time."""
    with open_database().transaction(readonly=True) as session:
        actor = load_as(session, actor_email)
        plan = queries.get_plan(session, actor, plan_id)
        if not plan.revisions:
            raise NotFound("This plan is not agreed by both sides yet, so there is nothing to print.")
        number = revision or plan.revisions[-1].number
        _, data = queries.get_pdf(session, actor, plan_id, number, read_settings().documents)
    if data is None:
        raise Conflict("This PDF is still being made by the server; try again in a moment.")
    output.write_bytes(data)
    typer.echo(f"{output}: revision {number}, {len(data):,} bytes")


def _line(line: PlanLine) -> str:
    revision = f"revision {line.latest_revision}" if line.latest_revision else "no revision yet"
    return f"{line.id}  {line.person_name}  {line.title}  {line.kind}  {line.status}  from {line.start_on}  {revision}"
