"""`nextrung people password` and `leave`: what signin adds to the commands about people."""

import sys
from typing import Annotated

import typer

from service.people.commands import As, Email, commands, find, load_as, transaction
from service.permissions import SYSTEM
from service.signin import actions

__all__ = ["commands"]


@commands.command()
def password(
    email: Email,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read it from the first line of the input.")
    ] = False,
) -> None:
    """Set somebody's password and end their sessions."""
    if password_stdin:
        text = sys.stdin.readline().rstrip("\r\n")
    else:
        text = typer.prompt("New password", hide_input=True, confirmation_prompt="The same again")
    with transaction() as session:
        actions.set_password(session, SYSTEM, find(session, email), text)
    typer.echo(f"{email} signs in with the new password now.")


@commands.command()
def leave(email: Email, as_email: As = "") -> None:
    """Say that somebody has left: sessions, tokens and password end at once, their assessments are handed over."""
    with transaction() as session:
        actions.leave(session, load_as(session, as_email), find(session, email))
    typer.echo(f"{email} has left.")
