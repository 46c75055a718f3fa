"""Pydantic's complaints about a file in our words, at their line and column, with a hint how to mend it."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from service.ladders.inputs import ID_PATTERN
from service.ladders.yamltext import FileProblem, Parsed, Path, shown

_PATTERNS = {ID_PATTERN: "an id has lower-case letters, digits and single hyphens between them"}
_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "dict_type": "named fields",
    "model_type": "named fields",
    "model_attributes_type": "named fields",
}


def shape_problems(model: type[BaseModel], parsed: Parsed) -> Iterator[FileProblem]:
    """What in `parsed` does not have the shape of `model`, one after the other."""
    try:
        model.model_validate(parsed.data)
    except ValidationError as error:
        for part in error.errors(include_url=False):
            path = tuple(step for step in part["loc"] if step != "[key]")
            if part["type"] == "too_short" and part["input"]:
                continue  # pydantic counts only the entries without mistakes
            if not any(path[:length] in parsed.broken for length in range(len(path) + 1)):
                yield _problem(model, parsed, path, part)


def suggest(word: str, options: Iterable[str]) -> str:
    """The end of a message about an unknown name: the likeliest one meant, or those there are."""
    options = list(islice(options, 300))
    near = get_close_matches(word, options, 1) if len(word) <= 80 else []
    if near:
        return f"; did you mean {near[0]!r}?"
    more = ", …" if len(options) > 8 else ""
    return f"; there is {', '.join(options[:8])}{more}" if options else ""


def _problem(model: type[BaseModel], parsed: Parsed, path: Path, error: Any) -> FileProblem:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    name = shown(path[-1]) if path else "the file"
    match kind:
        case "extra_forbidden":
            words = f"unknown field {name}{suggest(str(path[-1]), _fields_at(model, path[:-1]))}"
            return parsed.problem(path, "unknown-field", words, key=True)
        case "missing":
            return parsed.problem(path, "missing-field", f"the field {name} is missing; add it here")
        case "literal_error" | "enum":
            options = [option.strip("'") for option in context["expected"].replace(" or ", ", ").split(", ")]
            return parsed.problem(
                path, "unknown-value", f"{name} cannot be {shown(value)}{suggest(str(value), options)}"
            )
        case "string_pattern_mismatch":
            words = _PATTERNS.get(context["pattern"], "a version has letters, digits, dots, hyphens and underscores")
            at_key = error["loc"][-1] == "[key]"
            return parsed.problem(path, "name", f"{shown(value)} cannot stand here: {words}", key=at_key)
        case "string_too_short" | "too_short":
            return parsed.problem(path, "empty", f"{name} is empty; write it or take the field out")
        case "string_too_long" | "too_long":
            most = context["max_length"]
            what = "characters" if kind == "string_too_long" else "entries"
            return parsed.problem(path, "too-long", f"{name} is longer than {most:,} {what}; shorten it")
        case "greater_than_equal" | "less_than_equal":
            bound = f"at least {context['ge']:g}" if "ge" in context else f"at most {context['le']:g}"
            return parsed.problem(path, "out-of-range", f"{name} is {shown(value)} and must be {bound}")
        case "unfit":
            return parsed.problem(path, "unfit", error["msg"])
        case "value_error" | "date_from_datetime_parsing":
            return parsed.problem(path, "date", f"{shown(value)} is not a date; write it as 2026-11-21")
    return parsed.problem(path, "wrong-type", _wrong_type(parsed, path, name, kind, value))


def _wrong_type(parsed: Parsed, path: Path, name: str, kind: str, value: Any) -> str:
    expected = _EXPECTED.get(kind, "something else")
    raw = parsed.places[path].raw if path in parsed.places else ""
    if value is None:
        found = "nothing"
    elif isinstance(value, bool | int | float):
        found = f"the {'word' if isinstance(value, bool) else 'number'} {raw}"
        if expected == "text":
            return f'{name} must be text, and here stands {found}; write it in quotes: "{raw}"'
    else:
        found = (
            "named fields"
            if isinstance(value, dict)
            else "a list"
            if isinstance(value, list)
            else f"the text {shown(value)}"
        )
    return f"{name} must be {expected}, and here stands {found}"


def _fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """The names of the fields that may stand at `path`."""
    inner, by_name = model, False
    for step in path:
        if by_name or isinstance(step, int):
            by_name = False
            continue
        annotation = next(f.annotation for n, f in inner.model_fields.items() if (f.alias or n) == step)
        by_name = get_origin(annotation) is dict
        inner = _model_in(annotation) or inner
    return [field.alias or name for name, field in inner.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if get_origin(annotation) is None and isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
