"""Rules → ladder files: the data of ladder.yaml and blueprint.yaml, and their one canonical text.

`read_texts` gives the same ladder and blueprint back. Comments are a file's own and are not written.
"""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from service.ladders.canonical import BLUEPRINT, LADDER
from service.ladders.inputs import BlueprintFile, LadderFile, Shape
from service.ladders.rules import Blueprint, Ladder
from service.ladders.yamlwriting import to_yaml

HOLDERS = ("sections", "goals", "kpis", "scorecard", "promotion", "starting_points")
"""The parts of a blueprint whose items may leave out the source of the list they stand in."""


def to_texts(ladder: Ladder, blueprint: Blueprint | None) -> tuple[str, str | None]:
    """The whole of ladder.yaml and, where there is a blueprint, of blueprint.yaml."""
    return to_yaml(ladder_data(ladder)), to_yaml(blueprint_data(blueprint)) if blueprint else None


def ladder_text(data: Mapping[str, Any]) -> str:
    """The data of a ladder's file as its canonical text, even while it has problems: then with every value it has, and in the
    order of the fields as far as they are known. Without problems it is the text that `to_texts` gives."""
    try:
        return to_yaml(_data(LadderFile, dict(data)))
    except ValidationError:
        return to_yaml(_without_empty(_ordered(dict(data), LadderFile)))


def _ordered(value: Any, kind: Any) -> Any:
    """`value` with its fields in the order of `kind`; what it does not know comes last."""
    inner = [part for part in get_args(kind) if part not in (type(None), ...)]
    if isinstance(value, list):
        return [_ordered(each, inner[0] if inner else None) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        kinds = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        names = [*(name for name in kinds if name in value), *(name for name in value if name not in kinds)]
        return {name: _ordered(value[name], kinds.get(name)) for name in names}
    return {name: _ordered(each, inner[-1] if inner else None) for name, each in value.items()}


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
