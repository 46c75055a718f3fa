"""`nextrung plans`: list them, take a revision's PDF and check one that somebody brings; plan files: check, export, import."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from reports.forms import Paper, form_of
from service.errors import Conflict, NotFound
from service.ladders.yamltext import MOST_BYTES
from service.people.commands import load_as
from service.plans import actions, exchange, files, queries, verification
from service.plans.checks import errors
from service.plans.views import PlanLine, Verdict, Verification
from service.terminal import As, open_database, read_settings

MaybeAs = Annotated[
    str,
    typer.Option("--as", metavar="EMAIL", envvar="NEXTRUNG_AS", help="In whose name; else as who runs this machine."),
]

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
        plan = queries.get_plan(session, actor, plan_id)
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
        _, data = exchange.get_file(session, load_as(session, actor_email), plan_id)
    output.write_text(files.to_json(data) if output.suffix == ".json" else files.to_yaml(data), "utf-8")
    typer.echo(str(output))


@commands.command("import")
def import_(file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False)], actor_email: As) -> None:
    """Make a draft out of a plan file, in your own name; both sides agree on it here."""
    reading = _read(file)
    assert reading.plan is not None  # noqa: S101
    with open_database().transaction() as session:
        plan = exchange.import_plan(session, load_as(session, actor_email), reading.plan)
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


@commands.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", exists=True, dir_okay=False)], actor_email: MaybeAs = ""
) -> None:
    """Say whether FILE.pdf was issued here, and which revision of which plan it is. Exit code 0 only if it is unchanged."""
    with file.open("rb") as source:
        contents = verification.look_inside(source.read(verification.MAX_PDF + 1))
    with open_database().transaction(readonly=True) as session:
        found = verification.verify(session, load_as(session, actor_email), contents)
    typer.echo(_words(found))
    if found.verdict != Verdict.ISSUED:
        raise typer.Exit(1)


def _words(found: Verification) -> str:
    which = f"revision {found.number} of plan {found.plan_id}, agreed on {found.agreed_on}"
    match found.verdict:
        case Verdict.ISSUED:
            return f"Issued here, unchanged: {which}."
        case Verdict.FILE_CHANGED:
            return (
                f"Not as issued: the data inside is that of {which}, but the file is not one that was issued here. Its pages"
                " may say something else. Fetch the PDF anew to compare."
            )
        case Verdict.DATA_CHANGED:
            return f"Not as issued: it says it is {which}, but the data inside is not what was agreed."
        case Verdict.NOT_ISSUED:
            return "Not issued here, or of a plan that you may not read."
        case Verdict.UNREADABLE:
            return f"Not issued here: {found.fault}."


def _line(line: PlanLine) -> str:
    revision = f"revision {line.latest_revision}" if line.latest_revision else "no revision yet"
    return f"{line.id}  {line.person_name}  {line.title}  {line.kind}  {line.status}  from {line.start_on}  {revision}"
