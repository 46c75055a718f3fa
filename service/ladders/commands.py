"""`nextrung ladders`: check files, publish them, look at what is published."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter

from service.errors import NextrungError
from service.ladders import actions, canonical, queries, views
from service.ladders.comparing.differences import differences
from service.ladders.comparing.telling import Telling, tell, text
from service.ladders.files import LADDER_FILE, CannotRead, Reading, read_path
from service.ladders.inputs import FILES, json_schema
from service.ladders.rules import Version
from service.ladders.yamltext import FileProblem
from service.people.queries import load_actor_by_email
from service.permissions import SYSTEM, Actor
from service.terminal import open_database

commands = typer.Typer(name="ladders", help="Career ladders as files and as published versions.", no_args_is_help=True)

PROBLEMS, UNREADABLE = 1, 2
Where = Annotated[Path, typer.Argument(help="A file, the folder of a version, or a folder of such folders.")]
Side = Annotated[
    str, typer.Argument(help="A published version (product-manager/2026.1), a version's folder, or ladder.yaml.")
]
As = Annotated[
    str, typer.Option("--as", metavar="EMAIL", envvar="NEXTRUNG_AS", help="In whose name; the system's where left out.")
]


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


class File(StrEnum):
    LADDER = "ladder"
    BLUEPRINT = "blueprint"


@commands.command()
def check(path: Where, format: Annotated[Format, typer.Option(help="How to write the answer.")] = Format.TEXT) -> None:
    """Report every problem of the files at PATH. Exit code 0: none, 1: some, 2: nothing could be read."""
    readings = read_folders(path)
    problems = [problem for reading in readings for problem in reading.problems]
    match format:
        case Format.TEXT:
            print_problems(readings)
        case Format.JSON:
            _print_json(
                {"problems": [_as_json(problem) for problem in problems], "checked": [r.path for r in readings]}
            )
        case Format.SARIF:
            _print_json(_sarif(problems))
    raise typer.Exit(PROBLEMS if problems else 0)


@commands.command("list")
def list_() -> None:
    """List every version there is, published or retired."""
    with open_database().transaction(readonly=True) as session:
        for line in queries.list_versions(session, SYSTEM):
            typer.echo(f"{line.ladder} {line.version}  {line.sha256}  {line.status}")


@commands.command()
def show(ladder: str, version: str, canonical_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show what a version holds, or its canonical JSON."""
    try:
        with open_database().transaction(readonly=True) as session:
            view = queries.get_version(session, SYSTEM, ladder, version)
    except NextrungError as error:
        _fail(error)
    if canonical_json:
        typer.echo(canonical.to_json(view.ladder, view.blueprint))
        return
    typer.echo(f"{view.ladder.title} {view.ladder.version} ({view.status}), SHA-256 {view.sha256}")
    typer.echo(f"{len(view.ladder.skills)} skills; blueprint: {'yes' if view.blueprint else 'no'}")
    for rung in views.rungs(view.ladder):
        typer.echo(f"  {rung.level.title}: {rung.must} must, {rung.should} should, {rung.may} may begin here")


@commands.command()
def diff(
    before: Side, after: Side, as_json: Annotated[bool, typer.Option("--json", help="The whole of it as JSON.")] = False
) -> None:
    """Tell what BEFORE and AFTER say differently. Exit code 0: nothing, 1: something, 2: one of them could not be read."""
    telling = _telling(before, after)
    if as_json:
        _print_json(TypeAdapter(Telling).dump_python(telling, mode="json"))
    else:
        typer.echo("\n".join(text(telling)))
    raise typer.Exit(PROBLEMS if telling.groups else 0)


def _telling(before: str, after: str) -> Telling:
    """Of published versions with all that lies between them, of files with what they say themselves."""
    try:
        if not Path(before).exists() and not Path(after).exists():
            with open_database().transaction(readonly=True) as session:
                return queries.compare_versions(session, SYSTEM, *_names(after), before).telling
        one, other = _content(before), _content(after)
    except NextrungError as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(UNREADABLE) from error
    if Path(before).is_file() or Path(after).is_file():
        one, other = (one[0], None), (other[0], None)
    return tell(differences(one, other), one, other)


def _content(name: str) -> Version:
    """The version in a folder, the ladder in a file, or a published version."""
    if not Path(name).exists():
        with open_database().transaction(readonly=True) as session:
            view = queries.get_version(session, SYSTEM, *_names(name))
            return view.ladder, view.blueprint
    readings = read_folders(Path(name), named=False)
    if len(readings) > 1:
        raise CannotRead(f"{name} holds {len(readings)} versions; name the folder of one.")
    if readings[0].problems:
        print_problems(readings)
        raise typer.Exit(UNREADABLE)
    if readings[0].ladder is None:
        raise CannotRead(f"{name} is no ladder; name its folder or its {LADDER_FILE}.")
    return readings[0].ladder, readings[0].blueprint


def _names(name: str) -> tuple[str, str]:
    ladder, _, version = name.partition("/")
    if not version:
        raise CannotRead(f"There is no file {name}, and a published version is named as in product-manager/2026.1.")
    return ladder, version


@commands.command()
def retire(ladder: str, version: str, email: As = "") -> None:
    """Retire a published version: no new review begins with it, and it stays readable."""
    try:
        with open_database().transaction() as session:
            actions.retire_version(session, _actor(session, email), ladder, version)
    except NextrungError as error:
        _fail(error)
    typer.echo(f"{ladder} {version} is retired.")


@commands.command()
def schema(file: File) -> None:
    """Print the JSON Schema of ladder.yaml or blueprint.yaml."""
    assert file.value in FILES  # noqa: S101
    _print_json(json_schema(file.value))


def read_folders(path: Path, *, named: bool = True) -> list[Reading]:
    """The versions at a path; exit code 2 where there is nothing to read."""
    try:
        return read_path(path, named=named)
    except CannotRead as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(UNREADABLE) from error


def _actor(session: Any, email: str) -> Actor:
    if not email:
        return SYSTEM
    actor = load_actor_by_email(session, email)
    if actor is None:
        typer.echo(f"Nobody here signs in as {email}.", err=True)
        raise typer.Exit(UNREADABLE)
    return actor


def _fail(error: NextrungError) -> Any:
    typer.echo(error.detail, err=True)
    raise typer.Exit(PROBLEMS) from error


def print_problems(readings: list[Reading]) -> None:
    """One line a problem, and how many there are on the error stream."""
    problems = [problem for reading in readings for problem in reading.problems]
    for problem in problems:
        typer.echo(str(problem))
    good = sum(not reading.problems for reading in readings)
    typer.echo(f"{len(problems)} problems; {good} of {len(readings)} without any", err=True)


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False))


def _as_json(problem: FileProblem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in FileProblem.__slots__} | {"at": list(problem.at)}


def _sarif(problems: list[FileProblem]) -> dict[str, Any]:
    """The problems as SARIF 2.1.0 (OASIS), which code hosts show beside the lines."""
    rules = [{"id": kind} for kind in sorted({problem.kind for problem in problems})]
    results = [
        {
            "ruleId": problem.kind,
            "level": "error",
            "message": {"text": problem.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": Path(problem.path).as_posix()},
                        "region": {"startLine": problem.line, "startColumn": problem.column},
                    }
                }
            ],
        }
        for problem in problems
    ]
    tool = {"driver": {"name": "nextrung ladders check", "rules": rules}}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [{"tool": tool, "results": results}]}
