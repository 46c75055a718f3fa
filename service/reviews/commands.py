"""`nextrung cycles`: open, list and close."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import ValidationError

from service.errors import Invalid
from service.people.commands import load_as
from service.reviews import cycles, queries
from service.reviews.inputs import CycleInput
from service.reviews.rules import ShareRule
from service.terminal import As, open_database
from service.web.forms import problems_of

commands = typer.Typer(name="cycles", help="Cycles of reviews.", no_args_is_help=True)

Day = Annotated[str, typer.Option(metavar="YYYY-MM-DD")]
Later = Annotated[str, typer.Option(metavar="YYYY-MM-DD", show_default=False)]


@commands.command("open")
def open_(
    actor_email: As,
    name: Annotated[str, typer.Option(help="What people see, such as “Autumn 2026”.")],
    starts: Day,
    assess_by: Later = "",
    share_by: Later = "",
    ends: Later = "",
    share_rule: Annotated[ShareRule, typer.Option(help="When people see their manager's view.")] = ShareRule.AT_REVEAL,
    ladder: Annotated[str, typer.Option(help="Only people on this ladder.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say whom it would take.")] = False,
) -> None:
    """Open a cycle over everybody with a ladder and a level. Dates left out are 4, 6 and 12 weeks after the start."""
    days = {"assess_by": (assess_by, 28), "share_by": (share_by, 42), "ends_on": (ends, 84)}
    dates = {field: text or _later(starts, after) for field, (text, after) in days.items()}
    given = _input({"name": name, "starts_on": starts, "share_rule": share_rule, "ladder": ladder} | dates)
    with open_database().transaction(readonly=dry_run) as session:
        actor = load_as(session, actor_email)
        plan = cycles.plan_cycle(session, actor, given)
        cycle = None if dry_run else cycles.open_cycle(session, actor, given)
        cycle_id = cycle.id if cycle else None
    for person, reason in plan.left_out:
        typer.echo(f"  left out: {person}, {reason}")
    people = f"{len(plan.included)} people" + (" and those who lead you" if plan.leads else "")
    typer.echo(f"{given.name} is open with {people}: {cycle_id}" if cycle_id else f"{given.name} would take {people}.")


@commands.command("list")
def list_(actor_email: As) -> None:
    """List all cycles, the newest first, with the steps of the reviews you may see."""
    with open_database().transaction(readonly=True) as session:
        found = queries.list_cycles(session, load_as(session, actor_email), limit=10_000)
    for cycle in found.rows:
        state = "closed" if cycle.closed_at else "running"
        counts = ", ".join(f"{count} {status}" for status, count in sorted(cycle.counts.items()))
        line = (
            str(cycle.id),
            cycle.name,
            f"{cycle.starts_on} to {cycle.ends_on}",
            state,
            counts or "no reviews in sight",
        )
        typer.echo("  ".join(line))


@commands.command()
def close(cycle_id: UUID, actor_email: As) -> None:
    """Close a cycle: its reviews stay as they are, and what was not revealed stays unrevealed."""
    with open_database().transaction() as session:
        cycle = cycles.close_cycle(session, load_as(session, actor_email), cycle_id)
        name = cycle.name
    typer.echo(f"{name} is closed.")


def _later(starts: str, days: int) -> str:
    try:
        return (date.fromisoformat(starts) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return starts  # the start date itself is then what the input complains about


def _input(values: dict[str, Any]) -> CycleInput:
    try:
        return CycleInput.model_validate(values)
    except ValidationError as error:
        raise Invalid("The cycle was not opened.", problems_of(error.errors())) from error
