"""Workbooks of other programs: our reader sees what openpyxl sees."""

from io import BytesIO

import openpyxl

from service.formats.matrix.xlsxgrid import read_xlsx


def test_what_openpyxl_wrote_is_read_as_it_stands() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "A & B"
    rows: list[list[object]] = [
        ["Skill", "Junior", None, "Größe"],
        [None, 1, 2.5, True],
        ["x\ny", " padded ", None, "漢字 🪜"],
        ["", "-1", 1e21, "=1+1"],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    file = BytesIO()
    book.save(file)
    (found,), notes, fault = read_xlsx(file.getvalue())
    assert fault is None
    assert found.rows == {
        1: {1: "Skill", 2: "Junior", 4: "Größe"},
        2: {2: "1", 3: "2.5", 4: "TRUE"},
        3: {1: "x\ny", 2: "padded", 4: "漢字 🪜"},
        4: {2: "-1", 3: "1e+21"},
    }
    assert found.says(2, 1) == "Skill"
    assert found.place(3, 4) == "A & B!D3"
    assert [(note.place, note.words) for note in notes] == [
        ("A & B!D4", "A formula without a stored result: the cell counts as empty.")
    ]
