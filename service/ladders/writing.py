"""Rules → ladder files: the data of ladder.yaml and blueprint.yaml, and their one canonical text.

`read_texts` gives the same ladder and blueprint back. Comments are a file's own and are not written.
"""

from typing import Any

from service.ladders.canonical import BLUEPRINT, LADDER
from service.ladders.inputs import BlueprintFile, LadderFile, Shape
from service.ladders.rules import Blueprint, Ladder
from service.ladders.yamlwriting import to_yaml

HOLDERS = ("sections", "goals", "kpis", "scorecard", "promotion", "starting_points")
"""The parts of a blueprint whose items may leave out the source of the list they stand in."""


def to_texts(ladder: Ladder, blueprint: Blueprint | None) -> tuple[str, str | None]:
    """The whole of ladder.yaml and, where there is a blueprint, of blueprint.yaml."""
    return to_yaml(ladder_data(ladder)), to_yaml(blueprint_data(blueprint)) if blueprint else None


def ladder_data(ladder: Ladder) -> dict[str, Any]:
    """A ladder as the plain data of its file, without what is empty."""
    plain = LADDER.dump_python(ladder, mode="json", exclude_none=True)
    gates = {"should_share": plain.pop("should_share")}
    return _data(LadderFile, plain | {"format": "nextrung-ladder/1", "ladder": plain.pop("id"), "gates": gates})


def blueprint_data(blueprint: Blueprint) -> dict[str, Any]:
    """A blueprint as the plain data of its file, without what is empty or inherited."""
    plain = BLUEPRINT.dump_python(blueprint, mode="json", exclude_none=True)
    for promotion in plain["promotion"]:
        promotion |= {"from": promotion.pop("from_level"), "to": promotion.pop("to_level")}
    for name in HOLDERS:
        _leave_out_inherited(plain.get(name))
    return _data(BlueprintFile, plain | {"format": "nextrung-blueprint/1"})


def _data(shape: type[Shape], plain: dict[str, Any]) -> dict[str, Any]:
    """In the order of the shape's fields."""
    data: dict[str, Any] = shape.model_validate(plain).model_dump(mode="json", by_alias=True, exclude_none=True)
    return {
        name: value if name == "carried" else _without_empty(value)
        for name, value in data.items()
        if value not in ([], {})
    }


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_empty(inner) for name, inner in value.items() if inner not in ([], {})}
    return [_without_empty(inner) for inner in value] if isinstance(value, list) else value


def _leave_out_inherited(value: Any, source: Any = None) -> None:
    if isinstance(value, dict):
        if source is not None and value.get("source") == source:
            del value["source"]
        source = value.get("source", source)
    for child in value.values() if isinstance(value, dict) else value or ():
        if isinstance(child, dict | list | tuple):
            _leave_out_inherited(child, source)
