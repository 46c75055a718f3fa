"""`nextrung ladders publish` and `nextrung ladders drafts`: drafts as files of a folder, to be kept in Git."""

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from service.errors import Invalid, NotFound
from service.ladderdrafts import actions, queries
from service.ladderdrafts.views import DraftView
from service.ladders import canonical
from service.ladders.actions import checked, publish_version
from service.ladders.commands import PROBLEMS, UNREADABLE, Where, print_problems, read_folders
from service.ladders.files import BLUEPRINT_FILE, LADDER_FILE, Reading
from service.ladders.inputs import LadderTexts
from service.people.queries import load_actor_by_email
from service.permissions import SYSTEM, Actor
from service.terminal import As, open_database

drafts = typer.Typer(
    name="drafts", help="Drafts of ladder versions, which a second person publishes.", no_args_is_help=True
)

NOTE = ".nextrung-draft"
"""The file in a pulled folder that says which draft, and which of its savings, the files are."""

Operator = Annotated[
    str, typer.Option("--as", metavar="EMAIL", envvar="NEXTRUNG_AS", help="In whose name; the system's where left out.")
]
Folder = Annotated[Path, typer.Argument(help="The folder of ladder.yaml and blueprint.yaml.")]
Draft = Annotated[UUID, typer.Argument(help="The id of the draft, as `drafts list` shows it.")]


def publish(path: Where, email: Operator = "") -> None:
    """Publish the versions at PATH as the operator, or with --as in somebody's name, who needs a second person: a version that
    somebody else brought into review with this content is published, of any other a draft is begun."""
    readings = read_folders(path)
    if any(reading.problems for reading in readings):
        print_problems(readings)
        raise typer.Exit(PROBLEMS)
    with open_database().transaction() as session:
        if email:
            lines = [_publish_as(session, _actor(session, email), reading) for reading in readings]
        else:
            rows = [publish_version(session, SYSTEM, *checked(reading)) for reading in readings]
            lines = [f"{row.ladder} {row.version}  {row.sha256}  {row.status}" for row in rows]
    typer.echo("\n".join(lines))


@drafts.command("list")
def list_(email: As) -> None:
    """List the drafts that somebody may read: id, ladder, version, state, newest saving."""
    with open_database().transaction(readonly=True) as session:
        actor, after = _actor(session, email), None
        while True:
            found = queries.list_drafts(session, actor, after=after)
            for line in found.rows:
                typer.echo(f"{line.id}  {line.ladder} {line.version}  {line.status}  saving {line.number}")
            if (after := found.next) is None:
                return


@drafts.command()
def pull(draft: Draft, folder: Folder, email: As) -> None:
    """Write a draft's files into FOLDER. Exit code 1 where they would replace files that were changed since they were pulled."""
    with open_database().transaction(readonly=True) as session:
        view = queries.get_draft(session, _actor(session, email), draft)
        held = _read_note(folder)
        if (there := _texts(folder)) is not None and there != view.texts:
            known = queries.texts_of(session, draft, held[1]) if held and held[0] == draft else None
            if known != there:
                raise Invalid(
                    f"{folder} holds other files, or changes that were not pushed. Pull into another folder, and compare."
                )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LADDER_FILE).write_text(view.texts.ladder_yaml, encoding="utf-8", newline="\n")
    if view.texts.blueprint_yaml is None:
        (folder / BLUEPRINT_FILE).unlink(missing_ok=True)
    else:
        (folder / BLUEPRINT_FILE).write_text(view.texts.blueprint_yaml, encoding="utf-8", newline="\n")
    _write_note(folder, view)
    typer.echo(f"{view.ladder} {view.version}, saving {view.number}, is in {folder}.")


@drafts.command()
def push(folder: Folder, email: As) -> None:
    """Save the files of a pulled FOLDER as the draft's. Problems are saved too and listed. Exit code 1 where somebody saved
    in between: pull into another folder, bring both together, and push from there."""
    held, texts = _read_note(folder), _texts(folder)
    if held is None or texts is None:
        raise NotFound(f"{folder} is no pulled draft: `nextrung ladders drafts pull` makes one.")
    with open_database().transaction() as session:
        actor = _actor(session, email)
        actions.save_draft(session, actor, held[0], texts, held[1], "files pushed")
        session.flush()
        view = queries.get_draft(session, actor, held[0])
    _write_note(folder, view)
    for found in view.findings:
        typer.echo(f"{folder / found.file}:{found.line}:{found.column}: error: {found.message}")
    typer.echo(
        f"{view.ladder} {view.version} stands at saving {view.number}, with {len(view.findings)} problems.", err=True
    )


def _publish_as(session: Any, actor: Actor, reading: Reading) -> str:
    """Publish what somebody else brought into review with this content; of anything else begin a draft."""
    ladder, blueprint = checked(reading)
    waiting = queries.find_in_review(session, ladder.id, ladder.version)
    if waiting is not None:
        opened = queries.open_draft(session, actor, waiting)
        there = opened.contents.ladder and canonical.to_json(opened.contents.ladder, opened.contents.blueprint)
        if there == canonical.to_json(ladder, blueprint):
            row = actions.publish_draft(session, actor, waiting, opened.draft.number)
            return f"{row.ladder} {row.version}  {row.sha256}  {row.status}"
    texts = _texts(Path(reading.path))
    if texts is None:
        raise NotFound(f"There is no {LADDER_FILE} in {reading.path}.")
    draft = actions.begin_draft(session, actor, texts)
    return f"{draft.ladder} {draft.version}  draft {draft.id}: ask for its review; somebody else publishes it"


def _actor(session: Any, email: str) -> Actor:
    actor = load_actor_by_email(session, email)
    if actor is None:
        typer.echo(f"Nobody here signs in as {email}.", err=True)
        raise typer.Exit(UNREADABLE)
    return actor


def _texts(folder: Path) -> LadderTexts | None:
    """The files of a folder, or None where there is no ladder. Raises: Invalid for what is no text."""
    folder = folder.parent if folder.is_file() else folder
    ladder, blueprint = folder / LADDER_FILE, folder / BLUEPRINT_FILE
    if not ladder.is_file():
        return None
    try:
        text = ladder.read_text(encoding="utf-8-sig")
        more = blueprint.read_text(encoding="utf-8-sig") if blueprint.is_file() else None
    except UnicodeDecodeError as error:
        raise Invalid(f"The files in {folder} are not UTF-8; save them as UTF-8.") from error
    return LadderTexts.model_construct(ladder_yaml=text, blueprint_yaml=more)


def _read_note(folder: Path) -> tuple[UUID, int] | None:
    """The draft and the saving that a folder was pulled from."""
    file = folder / NOTE
    if not file.is_file():
        return None
    try:
        note = json.loads(file.read_text(encoding="utf-8"))
        return UUID(note["draft"]), int(note["saving"])
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(f"{file} is not as it was written; pull the draft again.") from error


def _write_note(folder: Path, view: DraftView) -> None:
    (folder / NOTE).write_text(json.dumps({"draft": str(view.id), "saving": view.number}) + "\n", encoding="utf-8")
