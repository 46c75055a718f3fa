"""XLSX workbooks of skills and levels, as people keep them."""

from service.formats import matrix
from service.formats.rules import Given, Understood
from service.formats.xlsxgrid import read_xlsx

NAME, TITLE = "xlsx", "XLSX workbook"
ENDINGS: tuple[str, ...] = (".xlsx", ".xlsm")
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def fits(name: str, content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04") or name.lower().endswith(ENDINGS)


def read(content: bytes, given: Given) -> Understood:
    sheets, notes, fault = read_xlsx(content)
    if fault is not None:
        return Understood(None, faults=(fault,))
    return matrix.understand(sheets, given, notes)
