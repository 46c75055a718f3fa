"""More of `nextrung ladders`: files of other formats in and out."""

from pathlib import Path
from typing import Annotated, Any

import typer

from service.errors import Invalid, NotFound
from service.formats import queries
from service.formats.queries import Preview
from service.formats.rules import MOST_BYTES, Given, Note
from service.ladders.commands import commands
from service.ladders.files import BLUEPRINT_FILE, LADDER_FILE
from service.ladders.yamltext import parse
from service.ladders.yamlwriting import to_yaml
from service.permissions import SYSTEM
from service.terminal import open_database

PROBLEMS = 1
File = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False)]
Said = Annotated[str, typer.Option(help="What the file leaves open; guessed where it is left out.", show_default=False)]
Default = Annotated[str, typer.Option(help="What an expectation is that does not say: must, should or may.")]


@commands.command("import")
def import_(
    file: File,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Where the version's files are written.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what was understood.")] = False,
    format: Annotated[str, typer.Option(help="Its name; left out, it is seen from the content.")] = "",
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="How the file is read, as --show-mapping prints it, corrected.")
    ] = None,
    show_mapping: Annotated[bool, typer.Option("--show-mapping", help="Print how the file is read.")] = False,
    ladder: Said = "",
    version: Said = "",
    title: Said = "",
    family: Said = "",
    dated: Said = "",
    supersedes: Said = "",
    requirement: Default = "must",
    encoding: Annotated[str, typer.Option(help="cp1252 for a text that is not Unicode.")] = "",
) -> None:
    """Make the files of a ladder version out of FILE: CSV, XLSX and what else is read. Exit code 1 where it has problems."""
    fields = {"ladder": ladder, "version": version, "title": title, "family": family, "dated": dated}
    fields |= {"supersedes": supersedes, "requirement": requirement, "encoding": encoding}
    given = Given({name: value for name, value in fields.items() if value}, _mapping(mapping) if mapping else None)
    found = queries.preview(file.name, _content(file), format, given)
    for note in found.notes:
        typer.echo(_line(file, note, "note"), err=True)
    for problem in found.problems:
        typer.echo(_line(file, problem, "error"))
    if show_mapping and found.mapping is not None:
        typer.echo(to_yaml(found.mapping), nl=False)
    if found.ladder is None:
        typer.echo(f"{found.found} problems; nothing was written", err=True)
        raise typer.Exit(PROBLEMS)
    size = f"{len(found.ladder.levels)} levels, {len(found.ladder.skills)} skills, {found.expectations} expectations"
    typer.echo(f"{found.title}: {found.ladder.title} ({found.ladder.id} {found.ladder.version}), {size}", err=True)
    if not check and not show_mapping:
        _write(found, output)


@commands.command()
def export(
    ladder: str,
    version: str,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE")],
    format: Annotated[
        str, typer.Option(help="yaml, json, xlsx, csv and what else there is; seen from FILE's ending.")
    ] = "",
) -> None:
    """Write a published version to FILE in another format."""
    with open_database().transaction(readonly=True) as session:
        _, _, content = queries.export(session, SYSTEM, ladder, version, format or output.suffix.removeprefix("."))
    output.write_bytes(content)
    typer.echo(str(output))


def _write(found: Preview, output: Path | None) -> None:
    if output is None:
        raise Invalid("Say with --output which folder to write to, or look with --check.")
    output.mkdir(parents=True, exist_ok=True)
    for name, text in ((LADDER_FILE, found.ladder_yaml), (BLUEPRINT_FILE, found.blueprint_yaml)):
        if text:
            (output / name).write_text(text, "utf-8")
            typer.echo(str(output / name))


def _line(file: Path, note: Note, kind: str) -> str:
    return f"{file}: {note.place}: {kind}: {note.words}" if note.place else f"{file}: {kind}: {note.words}"


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}.") from error


def _mapping(file: Path) -> dict[str, Any]:
    parsed = parse(str(file), _content(file))
    for problem in parsed.problems:
        typer.echo(str(problem))
    if parsed.problems or not isinstance(parsed.data, dict):
        raise Invalid(f"{file} is no mapping; --show-mapping prints one.")
    return parsed.data
