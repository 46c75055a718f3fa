"""A ladder as JSON, `{"ladder": …, "blueprint": …}` in the shapes of our files. Lossless both ways; canonical JSON is read too."""

import json
from json import JSONDecodeError
from typing import Any

from service.formats.jsontext import beyond
from service.formats.rules import Given, Note, Path, Understood
from service.ladders.rules import Blueprint, Ladder
from service.ladders.writing import blueprint_data, ladder_data
from service.web import strictjson

NAME, TITLE = "json", "Nextrung JSON"
ENDINGS: tuple[str, ...] = (".json",)
MEDIA_TYPE = "application/json"


def fits(_name: str, content: bytes) -> bool:
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] == b"{" and (
        b"nextrung-ladder/" in content or (b'"ladder"' in content and b'"should_share"' in content)
    )


def read(content: bytes, _given: Given) -> Understood:
    if fault := beyond(content.decode("utf-8", "replace")):
        return Understood(None, faults=(fault,))
    try:
        data = strictjson.read(content.removeprefix(b"\xef\xbb\xbf"))
    except JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if error.doc else ""
        return Understood(None, faults=(Note(place, f"This is not JSON that means one thing: {error.msg}."),))
    if isinstance(data, dict) and isinstance(data.get("ladder"), dict):
        unknown = sorted(data.keys() - {"ladder", "blueprint"})
        if unknown:
            return Understood(
                None, faults=(Note(f"/{unknown[0]}", "Beside “ladder” and “blueprint” nothing stands here."),)
            )
        ladder, blueprint, above = data["ladder"], data.get("blueprint"), "/ladder"
    elif isinstance(data, dict):
        ladder, blueprint, above = data, None, ""
    else:
        return Understood(None, faults=(Note("/", "A ladder is an object with the fields “ladder” and “blueprint”."),))
    if blueprint is not None and not isinstance(blueprint, dict):
        return Understood(
            None, faults=(Note("/blueprint", "A blueprint is an object; leave it out where there is none."),)
        )
    places = _places(ladder, above)
    blueprint_places = _places(blueprint, "/blueprint") if blueprint else {}
    ladder, blueprint = _from_canonical(ladder, blueprint)
    return Understood(ladder, blueprint, places=places, blueprint_places=blueprint_places)


def write(ladder: Ladder, blueprint: Blueprint | None) -> bytes:
    data: dict[str, Any] = {"ladder": ladder_data(ladder)}
    if blueprint is not None:
        data["blueprint"] = blueprint_data(blueprint)
    return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _from_canonical(
    ladder: dict[str, Any], blueprint: dict[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Canonical JSON says some fields otherwise than the files."""
    if "format" in ladder or "id" not in ladder:
        return {"format": "nextrung-ladder/1"} | ladder, blueprint
    plain = {"format": "nextrung-ladder/1", "ladder": ladder["id"]} | ladder
    del plain["id"]
    if "should_share" in plain:
        plain["gates"] = {"should_share": plain.pop("should_share")}
    if blueprint is None:
        return plain, None
    told = {"format": "nextrung-blueprint/1"} | blueprint
    if isinstance(told.get("promotion"), list):
        told["promotion"] = [_renamed(each) for each in told["promotion"]]
    return plain, told


def _renamed(promotion: Any) -> Any:
    if not isinstance(promotion, dict):
        return promotion
    return {{"from_level": "from", "to_level": "to"}.get(name, name): value for name, value in promotion.items()}


def _places(value: Any, pointer: str, path: Path = ()) -> dict[Path, str]:
    """RFC 6901 pointers of every value."""
    found = {path: pointer or "/"}
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        found |= _places(child, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}", (*path, key))
    return found
