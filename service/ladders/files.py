"""Ladder files → rules. Every problem of every file is found in one go, at its line and column."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from service.errors import NextrungError
from service.ladders import canonical, checks
from service.ladders.hints import shape_problems
from service.ladders.inputs import BlueprintFile, LadderFile
from service.ladders.rules import Blueprint, Ladder
from service.ladders.yamltext import MOST_BYTES, FileProblem, Parsed, parse

LADDER_FILE, BLUEPRINT_FILE = "ladder.yaml", "blueprint.yaml"
MOST_PROBLEMS = 1000


class CannotRead(NextrungError):
    """There is nothing at the path that could be a ladder."""

    status = 422
    title = "Nothing to read"


@dataclass(frozen=True)
class Reading:
    """What the files at `path` say: a ladder where there are no problems, else all of the problems (up to 1,000)."""

    path: str
    ladder: Ladder | None
    blueprint: Blueprint | None
    problems: tuple[FileProblem, ...]


def read_path(path: Path, *, named: bool = True) -> list[Reading]:
    """The versions at `path`: one file, the folder of one version, or a folder of such folders, by name.

    A single file is checked against its neighbour, whose own problems are not listed. Folders are to be called as ladder and
    version are, unless `named` is false.
    Raises: CannotRead.
    """
    try:
        if path.is_file():
            return [_read_file(path)]
        folders = (
            [path] if (path / LADDER_FILE).is_file() else sorted(file.parent for file in path.glob(f"**/{LADDER_FILE}"))
        )
    except OSError as error:
        raise CannotRead(f"{path} cannot be read: {error.strerror}.") from error
    if not folders:
        raise CannotRead(f"There is no {LADDER_FILE} at {path} nor below it.")
    return [_read_folder(folder, named=named) for folder in folders]


def read_texts(ladder_yaml: bytes, blueprint_yaml: bytes | None) -> Reading:
    """One version out of the contents of its files, as they are uploaded."""
    blueprint = parse(BLUEPRINT_FILE, blueprint_yaml) if blueprint_yaml is not None else None
    return read_parsed("", parse(LADDER_FILE, ladder_yaml), blueprint)


def _read_folder(folder: Path, *, named: bool) -> Reading:
    ladder, blueprint = _parse(folder / LADDER_FILE), None
    if (folder / BLUEPRINT_FILE).exists():
        blueprint = _parse(folder / BLUEPRINT_FILE)
    reading = read_parsed(str(folder), ladder, blueprint)
    misplaced = tuple(_folder_problems(ladder, folder)) if named else ()
    if not misplaced:
        return reading
    return Reading(reading.path, None, None, _in_order([*reading.problems, *misplaced], ladder, blueprint))


def _read_file(file: Path) -> Reading:
    this = _parse(file)
    if file.name != BLUEPRINT_FILE:
        return read_parsed(str(file), this, None)
    beside = file.parent / LADDER_FILE
    ladder = _parse(beside) if beside.is_file() else Parsed(str(beside))
    problems = _in_order(_blueprint_problems(this, ladder), this)
    return Reading(str(file), None, None if problems else _to_blueprint(this), problems)


def _parse(file: Path) -> Parsed:
    try:
        with file.open("rb") as stream:
            return parse(str(file), stream.read(MOST_BYTES + 1))
    except OSError as error:
        raise CannotRead(f"{file} cannot be read: {error.strerror}.") from error


def read_parsed(path: str, ladder: Parsed, blueprint: Parsed | None) -> Reading:
    """One version out of data that knows its places, wherever they are."""
    found = chain(_ladder_problems(ladder), _blueprint_problems(blueprint, ladder) if blueprint else ())
    problems = _in_order(found, ladder, blueprint)
    if problems:
        return Reading(path, None, None, problems)
    return Reading(path, _to_ladder(ladder), _to_blueprint(blueprint) if blueprint else None, ())


def _in_order(problems: Any, *files: Parsed | None) -> tuple[FileProblem, ...]:
    order = {file.path: place for place, file in enumerate(files) if file}
    kept = islice(problems, MOST_PROBLEMS)
    return tuple(sorted(kept, key=lambda problem: (order[problem.path], problem.line, problem.column)))


def _ladder_problems(parsed: Parsed) -> Iterator[FileProblem]:
    yield from parsed.problems
    if parsed.usable:
        yield from shape_problems(LadderFile, parsed)
        yield from checks.ladder_problems(parsed)


def _blueprint_problems(parsed: Parsed, ladder: Parsed) -> Iterator[FileProblem]:
    yield from parsed.problems
    if parsed.usable:
        yield from shape_problems(BlueprintFile, parsed)
        yield from checks.blueprint_problems(parsed, ladder.data if ladder.usable else None)


def _folder_problems(parsed: Parsed, folder: Path) -> Iterator[FileProblem]:
    """The folder's name is the version, the one above it the ladder."""
    named = folder.resolve()
    for field, name in (("ladder", named.parent.name), ("version", named.name)):
        for path, value in checks.texts(parsed.data if parsed.usable else None, field):
            if value != name:
                yield parsed.problem(
                    path, "folder", f"{field} is {value!r} and its folder is {name!r}; name both alike"
                )


def _to_ladder(parsed: Parsed) -> Ladder:
    shape = LadderFile.model_validate(parsed.data)
    plain = shape.model_dump(exclude={"format", "ladder", "gates"})
    return canonical.LADDER.validate_python(plain | {"id": shape.ladder, "should_share": shape.gates.should_share})


def _to_blueprint(parsed: Parsed) -> Blueprint:
    plain = BlueprintFile.model_validate(parsed.data).model_dump(exclude={"format"})
    single = (plain["kpis"], plain["scorecard"], plain["starting_points"])
    for holder in (*plain["sections"], *plain["goals"], *plain["promotion"], *single):
        if holder is not None:
            _inherit(holder, holder["source"])
    return canonical.BLUEPRINT.validate_python(plain)


def _inherit(value: Any, source: Any) -> None:
    """Give every item below `value` that names no source the one of the list or area it stands in."""
    if isinstance(value, dict):
        source = value.get("source") or source
    for child in value.values() if isinstance(value, dict) else value:
        if isinstance(child, dict | tuple):
            _inherit(child, source)
    if isinstance(value, dict) and "source" in value and value["source"] is None:
        value["source"] = source
