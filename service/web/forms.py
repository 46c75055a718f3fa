"""Form fields and JSON bodies become the same pydantic inputs, with the same words when something is missing."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from email.message import Message
from typing import Annotated, Any, TypeVar, get_origin

from fastapi import Depends, Query, Request
from pydantic import BaseModel, BeforeValidator, ValidationError
from starlette.datastructures import FormData

from service.errors import Invalid, Problem

Input = TypeVar("Input", bound=BaseModel)

WORDS = {
    "json_invalid": "This is not JSON that means one thing; look for a comma, a member twice, or half a character.",
    "missing": "This is needed.",
    "extra_forbidden": "This field is not known here; leave it out.",
    "string_too_short": "This is needed.",
    "date_from_datetime_parsing": "Write the date as 2026-11-21.",
    "date_parsing": "Write the date as 2026-11-21.",
    "int_parsing": "Write a whole number.",
    "decimal_parsing": "Write a number, such as 12 or 0.5.",
    "enum": "Choose one of those offered.",
    "literal_error": "Choose one of those offered.",
}


LIMITS = {
    "le": "At most {}.",
    "ge": "At least {}.",
    "max_length": "At most {} are possible.",
    "max_digits": "At most {} digits.",
    "decimal_places": "At most {} places after the point.",
}


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """The posted fields (and files), unread by anybody yet; the files are closed when the answer is there."""
    check_charset(request)
    async with request.form() as form:
        yield form


def check_charset(request: Request) -> None:
    """Forms come in UTF-8, as every page of ours sends them. Raises: Invalid for another encoding."""
    charset = Message()
    charset["content-type"] = request.headers.get("content-type", "")
    if str(charset.get_param("charset", "utf-8")).lower() not in ("utf-8", "utf8"):
        raise Invalid("Send the form in UTF-8.", [Problem("", "This encoding is not read here.")])


Form = Annotated[FormData, Depends(read_form)]
Blank = BeforeValidator(lambda value: value or None)
"""For parameters of an address: a form sends what is not chosen as empty."""

AsOf = Annotated[
    date | None,
    Blank,
    Query(
        description="Tell it as it stood at the end of this day (UTC), under the versions pinned then.",
        examples=["2026-11-21"],
    ),
]


def version_of(form: FormData) -> int | None:
    """The version that the sender saw, in the field `version`; None where it is left out or no number."""
    text = form.get("version")
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10 else None


def parse(model: type[Input], form: FormData) -> Input:
    """The form as `model`. Empty fields count as left out; a field of a list type takes all its values.

    Raises: Invalid, with a pointer for each field.
    """
    data: dict[str, Any] = {}
    for key in form:
        field = model.model_fields.get(key)
        values = [value for value in form.getlist(key) if value != ""]
        if field is not None and get_origin(field.annotation) in (list, tuple):
            data[key] = values
        elif values:
            data[key] = values[-1]
    return checked(model, data)


def checked(model: type[Input], data: dict[str, Any]) -> Input:
    """Raises: as `parse`."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Invalid("Some fields need another look.", problems_of(error.errors())) from error


def problems_of(errors: Sequence[Any], *, skip: int = 0) -> tuple[Problem, ...]:
    """Pydantic's errors in our words; `skip` leading parts of the location are left out. Values are never repeated."""
    return tuple(Problem(_pointer(error, skip), WORDS.get(error["type"]) or _plain(error)) for error in errors)


def _pointer(error: Any, skip: int) -> str:
    """Where in the input; a text that is no JSON has no places, so it is meant as a whole."""
    return "" if error["type"] == "json_invalid" else "".join(f"/{_token(part)}" for part in error["loc"][skip:])


def _token(part: str | int) -> str:
    """One part of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _plain(error: Any) -> str:
    limits = error.get("ctx", {})
    for name, words in LIMITS.items():
        if name in limits and error["type"] != "value_error":
            return words.format(limits[name])
    message = str(error["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else f"{message}."
