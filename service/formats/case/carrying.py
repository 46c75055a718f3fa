"""A package without what the ladder holds, and the way back: the package again, with what was changed in the ladder. Pure.

In the kept package a text of the ladder is `{"~": its name}`. Where the ladder holds it in other signs, `read` says how it was
read and `as` what stood there. What YAML cannot hold, such as control characters, is kept as JSON text: `{"~": [], "json": "…"}`.
"""

import json
from typing import Any

from service.formats.rules import Path
from service.formats.texts import Data, Ref
from service.ladders.yamltext import UNPRINTABLE

MARK = "~"
MOST_DEPTH = 12
_GONE = object()


def keep(package: Any, refs: dict[Path, tuple[Ref, str]]) -> Any:
    """`package` with the texts of the ladder in it replaced by their names."""
    return _keep(package, (), refs)


def fill(kept: Any, texts: dict[Ref, str]) -> Any:
    """The package with the texts of a ladder. Nodes whose text is gone are left out, with what pointed at them."""
    gone: set[str] = set()
    package = _fill(kept, texts, gone)
    if package is _GONE or not isinstance(package, dict):
        return {}
    if gone:
        _forget(package.get("CFPackage", package), gone)
    return package


def _keep(value: Any, path: Path, refs: dict[Path, tuple[Ref, str]]) -> Any:
    if path in refs:
        ref, read = refs[path]
        return {MARK: list(ref)} if value == read else {MARK: list(ref), "read": read, "as": _plain(value)}
    if len(path) < MOST_DEPTH:
        if isinstance(value, list):
            return [_keep(inner, (*path, place), refs) for place, inner in enumerate(value)]
        if isinstance(value, dict) and MARK not in value and not any(map(UNPRINTABLE.search, value)):
            return {name: _keep(inner, (*path, name), refs) for name, inner in value.items()}
    return _plain(value)


def _plain(value: Any) -> Any:
    is_nested = isinstance(value, dict | list) and value not in ({}, [])
    if is_nested or (isinstance(value, str) and UNPRINTABLE.search(value)):
        return {MARK: [], "json": json.dumps(value)}
    return value


def _fill(value: Any, texts: dict[Ref, str], gone: set[str]) -> Any:
    if isinstance(value, list):
        return [inner for inner in (_fill(each, texts, gone) for each in value) if inner is not _GONE]
    if not isinstance(value, dict):
        return value
    if MARK in value:
        return _marked(value, texts)
    filled = {name: _fill(inner, texts, gone) for name, inner in value.items()}
    if _GONE in filled.values():
        gone.add(str(filled.get("identifier", "")).lower())
        return _GONE
    return filled


def _marked(value: Data, texts: dict[Ref, str]) -> Any:
    if "json" in value:
        return json.loads(value["json"])
    ref = tuple(value[MARK])
    if ref not in texts:
        return _GONE
    if "as" not in value or texts[ref] != value.get("read"):
        return texts[ref]
    kept = value["as"]
    return json.loads(kept["json"]) if isinstance(kept, dict) else kept


def _forget(package: Data, gone: set[str]) -> None:
    """Take out what points at nodes that are gone."""
    for name in ("CFAssociations", "CFRubrics"):
        if isinstance(package.get(name), list):
            package[name] = [node for node in package[name] if not _points_at(node, gone)]


def _points_at(node: Any, gone: set[str]) -> bool:
    if isinstance(node, list):
        return any(_points_at(inner, gone) for inner in node)
    if not isinstance(node, dict):
        return False
    ends = (node.get(end) for end in ("originNodeURI", "destinationNodeURI", "CFItemURI"))
    if any(isinstance(end, dict) and str(end.get("identifier")).lower() in gone for end in ends):
        return True
    return _points_at(node.get("CFRubricCriteria"), gone)
