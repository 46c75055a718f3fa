"""`nextrung plans pdf` and `verify`: take a revision's PDF, and check one that somebody brings."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from reports.forms import Paper, form_of
from service.documents import actions, verification
from service.documents.views import Verdict
from service.errors import Conflict, NotFound
from service.people.commands import load_as
from service.plans.commands import commands
from service.plans.queries import get_plan
from service.terminal import As, open_database, read_settings

MaybeAs = Annotated[
    str,
    typer.Option("--as", metavar="EMAIL", envvar="NEXTRUNG_AS", help="In whose name; else as who runs this machine."),
]


@commands.command()
def pdf(
    plan_id: UUID,
    actor_email: As,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the PDF.")],
    revision: Annotated[int, typer.Option(help="Which agreed text; the latest where left out.")] = 0,
    paper: Annotated[Paper, typer.Option(help="The paper to print on.")] = "a4",
    summary: Annotated[bool, typer.Option("--summary", help="The plan on one page, for the talk.")] = False,
) -> None:
    """Write the PDF of an agreed revision to FILE, the same bytes every time."""
    with open_database().transaction() as session:
        actor = load_as(session, actor_email)
        plan = get_plan(session, actor, plan_id)
        if not plan.revisions:
            raise NotFound("This plan is not agreed by both sides yet, so there is nothing to print.")
        number = revision or plan.revisions[-1].number
        form = form_of(paper, summary=summary)
        _, data = actions.ask_for_pdf(session, actor, plan_id, number, read_settings().documents, form)
    if data is None:
        raise Conflict("This PDF is still being made by the server; try again in a moment.")
    output.write_bytes(data)
    typer.echo(f"{output}: revision {number}, {len(data):,} bytes")


@commands.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", exists=True, dir_okay=False)], actor_email: MaybeAs = ""
) -> None:
    """Say whether FILE.pdf was issued here, and which revision of which plan it is. Exit code 0 only if it is unchanged."""
    with file.open("rb") as source:
        pdf = source.read(verification.MAX_PDF + 1)
    with open_database().transaction(readonly=True) as session:
        found = verification.verify(session, load_as(session, actor_email), pdf)
    typer.echo(found.words)
    if found.plan_id is not None:
        typer.echo(f"{found.plan_id}  {found.plan_title}")
    if found.verdict != Verdict.ISSUED:
        raise typer.Exit(1)
