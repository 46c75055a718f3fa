"""1EdTech CASE 1.0 and 1.1: a package of a competency framework as JSON, in and out (README.md, decision 14). Pure.

A package of ours reads back as the same ladder and blueprint. A foreign one is kept in the ladder with everything it says, and
leaves again as it came, but for what was changed in the ladder.
"""

import json
import re
from datetime import date
from typing import Any

from service.formats.case.carrying import fill, keep
from service.formats.case.exporting import to_package
from service.formats.case.foreign import read_foreign
from service.formats.case.merging import known_items, merge
from service.formats.case.own import is_own, read_own
from service.formats.case.package import Found, Package
from service.formats.filling import ASKED
from service.formats.filling import fill as fill_in
from service.formats.jsontext import parse, pointer
from service.formats.pruning import prune
from service.formats.rules import Given, Note, Understood
from service.formats.texts import Data, texts_of
from service.ladders.rules import Blueprint, Ladder
from service.ladders.writing import blueprint_data, ladder_data

NAME = "case"
TITLE = "1EdTech CASE"
ENDINGS: tuple[str, ...] = (".json",)
MEDIA_TYPE = "application/json"

_OURS = re.compile(rb'\{\s*"(ladder|blueprint|format)"\s*:')


def fits(_name: str, content: bytes) -> bool:
    """A JSON object with a CFDocument, and no ladder of ours that came from one."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] == b"{" and b'"CFDocument"' in content and not _OURS.match(start)


def read(content: bytes, given: Given) -> Understood:
    """What a package says. `mapping` has `levels`, the place where it names levels: one of levels.WAYS."""
    parsed = parse(content)
    if parsed.faults:
        return Understood(None, faults=parsed.faults)
    package = Package(parsed.data)
    if package.faults:
        return Understood(None, faults=tuple(package.faults), notes=tuple(package.notes))
    asked = (given.mapping or {}).get("levels")
    found, way = _found(package, asked if isinstance(asked, str) else None)
    if package.faults:
        return Understood(None, faults=tuple(package.faults), notes=tuple(package.notes))
    found.ladder["carried"] = _carried(found, parsed.data)
    if not found.ladder["carried"]:
        del found.ladder["carried"]
    if not found.ladder["skills"] and way:
        fault = Note(pointer((*package.prefix, "CFItems")), "There is no item here that a skill could be made of.")
        return Understood(None, faults=(fault,), notes=tuple(package.notes))
    mapping = {"levels": way} if way else None
    return Understood(found.ladder, found.blueprint, notes=tuple(package.notes), places=found.places, mapping=mapping)


def write(ladder: Ladder, blueprint: Blueprint | None) -> bytes:
    """A package of CASE 1.1. What came as 1.0 stays 1.0 as long as 1.0 can say it."""
    data = ladder_data(ladder)
    described = blueprint_data(blueprint) if blueprint else None
    return json.dumps(_package(data, described), ensure_ascii=False, indent=2, allow_nan=False).encode(
        "utf-8", "surrogatepass"
    )


def _found(package: Package, asked: str | None) -> tuple[Found, str]:
    if is_own(package) and asked is None:
        return read_own(package), ""
    found, way = read_foreign(package, asked)
    found.ladder, found.places, left_out = prune(found.ladder, found.places)
    package.notes += left_out
    return found, way


def _carried(found: Found, data: Any) -> Data:
    """The package for the way back, unless our own export says the same."""
    carried = dict(found.ladder.get("carried") or {}) if isinstance(found.ladder.get("carried") or {}, dict) else {}
    if _exported(found) == data:
        return carried
    return carried | {"case": {"package": keep(data, found.refs)}}


def _exported(found: Found) -> Any:
    try:
        return to_package(found.ladder, found.blueprint)
    except (KeyError, TypeError, AttributeError, ValueError, StopIteration):  # not the data of a whole ladder
        return None


def _package(data: Data, blueprint: Data | None) -> Any:
    carried: Any = (data.get("carried") or {}).get("case")
    if not isinstance(carried, dict):
        return to_package(data, blueprint)
    try:
        package = fill(carried.get("package"), texts_of(data))
        if _says(package, data, blueprint):
            return package
        return merge(package, to_package(data, blueprint, known_items(carried.get("package"))))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):  # edited by hand into something else
        return to_package(data, blueprint)


def _says(package: Data, data: Data, blueprint: Data | None) -> bool:
    """Whether a package alone says all of a ladder, but for the fields that are asked for beside a file."""
    read_back = Package(package)
    if read_back.faults:
        return False
    others = {name: value for name, value in data["carried"].items() if name != "case"}
    plain = {name: value for name, value in data.items() if name != "carried"} | ({"carried": others} if others else {})
    found, _ = _found(read_back, None)
    if is_own(read_back):
        return found.ladder == plain and found.blueprint == blueprint
    asked = {name: str(data[name]) for name in ASKED if name in data}
    gates = {"gates": {"should_share": 0.7}}
    return blueprint is None and any(
        gates | (fill_in(Understood(found.ladder), asked | {"requirement": each}, "", date.min).ladder or {}) == plain
        for each in ("must", "should", "may")
    )


__all__ = ["ENDINGS", "MEDIA_TYPE", "NAME", "TITLE", "Note", "fits", "read", "write"]
