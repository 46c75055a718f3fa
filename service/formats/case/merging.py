"""A kept package that cannot say all that was changed in its ladder → the package with what our own export adds. Pure."""

from collections.abc import Iterator
from typing import Any

from service.formats.case.carrying import MARK
from service.formats.case.exporting import EXTENSION
from service.formats.texts import Data, Ref

_KINDS = {"levels": 2, "categories": 2, "skills": 2, "expectations": 3, "indicators": 4}
_OURS = ("fullStatement", "abbreviatedStatement", "educationLevel")


def known_items(kept: Any) -> dict[Ref, str]:
    """The identifiers of the items of a kept package, by what of the ladder their statement is."""
    package = kept.get("CFPackage", kept)
    known: dict[Ref, str] = {(): str(package["CFDocument"]["identifier"])}
    for node in package.get("CFItems", ()):
        if isinstance(node, dict):
            refs = [tuple(value[MARK]) for value in node.values() if isinstance(value, dict) and value.get(MARK)]
            for ref in refs:
                length = _KINDS.get(str(ref[0]), 0)
                if length and str(node.get("identifier")) not in known.values():
                    known.setdefault(ref[:length], str(node["identifier"]))
    return known


def merge(package: Data, ours: Data) -> Data:
    """`package` with the nodes of `ours`: into those with the same identifier go our texts and extensions, the others are
    added. Ties of our items that `ours` has otherwise are taken out."""
    inner = package.get("CFPackage", package)
    _extend(inner["CFDocument"], ours["CFDocument"], ("title", "description", "version", "caseVersion"))
    items = inner["CFItems"] = list(inner.get("CFItems") or ())
    by_id = {str(node.get("identifier")).lower(): node for node in items}
    for node in ours["CFItems"]:
        if node["identifier"].lower() in by_id:
            _extend(by_id[node["identifier"].lower()], node, _OURS)
        else:
            items.append(node)
    inner["CFAssociations"] = list(_associations(list(inner.get("CFAssociations") or ()), ours["CFAssociations"]))
    rated = {end for rubric in inner.get("CFRubrics") or () for end in _rated(rubric)}
    rubrics = [rubric for rubric in ours["CFRubrics"] if not rated.intersection(_rated(rubric))]
    inner["CFRubrics"] = [*(inner.get("CFRubrics") or ()), *rubrics]
    definitions = inner["CFDefinitions"] = dict(inner.get("CFDefinitions") or {})
    types = list(definitions.get("CFItemTypes") or ())
    there = {node.get("identifier") for node in types}
    missing = [node for node in ours["CFDefinitions"]["CFItemTypes"] if node["identifier"] not in there]
    definitions["CFItemTypes"] = [*types, *missing]
    return package


def _extend(node: Data, ours: Data, names: tuple[str, ...]) -> None:
    node |= {name: ours[name] for name in names if name in ours}
    extensions = node.get("extensions")
    node["extensions"] = (extensions if isinstance(extensions, dict) else {}) | {
        EXTENSION: ours["extensions"][EXTENSION]
    }


def _associations(theirs: list[Data], ours: list[Data]) -> Iterator[Data]:
    wanted = {_tie(node): node for node in ours}
    placed = {(kind, origin) for kind, origin, _ in wanted if kind in ("isChildOf", "hasSkillLevel")}
    for node in theirs:
        tie = _tie(node)
        if tie in wanted:
            number = wanted.pop(tie).get("sequenceNumber")
            yield node if number is None else node | {"sequenceNumber": number}
        elif tie[:2] not in placed:
            yield node
    yield from wanted.values()


def _tie(node: Data) -> tuple[str, str, str]:
    ends = (node.get(end) for end in ("originNodeURI", "destinationNodeURI"))
    origin, destination = (str(end.get("identifier")).lower() if isinstance(end, dict) else "" for end in ends)
    return str(node.get("associationType")), origin, destination


def _rated(rubric: Data) -> Iterator[str]:
    for criterion in rubric.get("CFRubricCriteria") or ():
        end = criterion.get("CFItemURI")
        if isinstance(end, dict):
            yield str(end.get("identifier")).lower()
