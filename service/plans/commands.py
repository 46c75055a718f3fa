"""`nextrung plans`: list them, take a revision's PDF, and check one that somebody brings."""

import typer

from service.people.commands import load_as
from service.plans import queries
from service.plans.views import PlanLine
from service.terminal import As, open_database

commands = typer.Typer(name="plans", help="Growth plans, their files and their PDFs.", no_args_is_help=True)


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


def _line(line: PlanLine) -> str:
    revision = f"revision {line.latest_revision}" if line.latest_revision else "no revision yet"
    return f"{line.id}  {line.person_name}  {line.title}  {line.kind}  {line.status}  from {line.start_on}  {revision}"
