"""Every format there is. A new one is a module beside this one and a name in each list that it belongs to."""

from typing import TypeVar

from service.errors import NotFound
from service.formats import case, mapped, markdown
from service.formats.matrix import as_csv as matrix_csv
from service.formats.matrix import as_xlsx as matrix_xlsx
from service.formats.native import as_json as native_json
from service.formats.native import as_yaml as native_yaml
from service.formats.rules import Format, Writes

FORMATS: tuple[Format, ...] = (case, markdown, native_yaml, native_json, matrix_xlsx, matrix_csv, mapped)
"""In the order in which they are tried on a file: the first that fits reads it."""

WRITERS: tuple[Writes, ...] = (native_yaml, native_json, matrix_xlsx, matrix_csv, markdown, case)
"""Those that ladders can leave in, in the order in which they are offered."""

AnyFormat = TypeVar("AnyFormat", bound=Format)


def get_format(name: str) -> Format:
    """Raises: NotFound for a name that no format has."""
    return _named(FORMATS, name)


def get_writer(name: str) -> Writes:
    """Raises: NotFound for a name of no format that ladders can leave in."""
    return _named(WRITERS, name)


def find_format(name: str, content: bytes) -> Format | None:
    """The format that a file called `name` is in, at a glance; by its ending where no format knows it by its content."""
    by_content = next((format_ for format_ in FORMATS if format_.fits(name, content)), None)
    return by_content or next((format_ for format_ in FORMATS if name.lower().endswith(format_.ENDINGS)), None)


def _named(formats: tuple[AnyFormat, ...], name: str) -> AnyFormat:
    found = next((format_ for format_ in formats if name == format_.NAME), None)
    if found is None:
        raise NotFound(f"There is no format {name!r}; there is {', '.join(each.NAME for each in formats)}.")
    return found
