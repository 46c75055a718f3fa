"""CSV tables of skills and levels, as people keep them."""

from service.formats import matrix
from service.formats.csvgrid import read_csv
from service.formats.rules import Given, Understood

NAME, TITLE = "csv", "CSV table"
ENDINGS: tuple[str, ...] = (".csv", ".tsv", ".txt")
MEDIA_TYPE = "text/csv"


def fits(name: str, _content: bytes) -> bool:
    return name.lower().endswith((".csv", ".tsv"))


def read(content: bytes, given: Given) -> Understood:
    sheet, fault = read_csv(content, given)
    if sheet is None or fault is not None:
        return Understood(None, faults=(fault,) if fault else ())
    return matrix.understand([sheet], given)
