"""XLSX workbooks of skills and levels, as people keep them, and our own."""

from service.formats.matrix import reading as matrix
from service.formats.matrix import workbook
from service.formats.matrix.xlsxgrid import read_xlsx
from service.formats.rules import Given, Understood
from service.ladders.rules import Blueprint, Ladder

NAME, TITLE = "xlsx", "XLSX workbook"
ENDINGS: tuple[str, ...] = (".xlsx", ".xlsm")
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def fits(name: str, content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04") or name.lower().endswith(ENDINGS)


def read(content: bytes, given: Given) -> Understood:
    sheets, notes, fault = read_xlsx(content)
    if fault is not None:
        return Understood(None, faults=(fault,))
    ours = None if given.mapping else workbook.restore(sheets, given)
    return ours or matrix.understand([sheet for sheet in sheets if sheet.title != workbook.WHOLE], given, notes)


def write(ladder: Ladder, blueprint: Blueprint | None) -> bytes:
    return workbook.write(ladder, blueprint)
