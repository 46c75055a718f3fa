"""XLSX → sheets of cells: what is shown, merged ranges, formulas by their stored values. Pure; nothing is run or fetched.

It reads the package itself (ECMA-376) with expat: merged ranges and the marks of formulas in one pass, and it stops where a
hostile file would only begin to cost. A DOCTYPE, which no spreadsheet writes, ends the reading at once.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from service.formats.grids import MOST_CELLS, MOST_COLUMNS, At, Sheet, number, tidy
from service.formats.rules import Note

MOST_PARTS, MOST_SHEETS, MOST_BYTES = 2_000, 60, 100 * 1024 * 1024
MOST_ELEMENTS, MOST_TEXT, MOST_MERGED = 1_500_000, 8_000_000, 100_000
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_CHUNK = 64 * 1024


class _Refused(Exception):
    """The file is not read further; the words say why."""


@dataclass
class _Budget:
    """What is left of what one file may cost."""

    elements: int = MOST_ELEMENTS
    text: int = MOST_TEXT
    bytes: int = MOST_BYTES

    def element(self) -> None:
        self.elements -= 1
        if self.elements < 0:
            raise _Refused("it holds too many rows and cells, mostly empty ones; delete the empty rows below the table")

    def words(self, count: int) -> None:
        self.text -= count
        if self.text < 0:
            raise _Refused(f"it holds more than {MOST_TEXT:,} characters of text")


def read_xlsx(content: bytes) -> tuple[list[Sheet], list[Note], Note | None]:
    """The sheets with words that are not hidden, what was left out, and why it could not be read where it could not."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return *_sheets(_Package(package)), None
    except _Refused as refused:
        return [], [], Note("", f"This workbook cannot be read: {refused}.")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        return (
            [],
            [],
            Note("", "This is no whole XLSX file; open it in a spreadsheet program and save it again as XLSX."),
        )
    except expat.ExpatError as error:
        words = "a part of it is no well-formed XML; open it in a spreadsheet program and save it again"
        return [], [], Note("", f"This workbook cannot be read: {words} (line {error.lineno} of the part).")
    except (ValueError, OverflowError, UnicodeError):
        return [], [], Note("", "This workbook cannot be read: a part of it does not say what workbooks say.")


class _Package:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self.budget = _Budget()
        self.package = package
        parts = package.infolist()
        if len(parts) > MOST_PARTS:
            raise _Refused(f"it has more than {MOST_PARTS:,} parts")
        self.parts = {part.filename.lstrip("/").lower(): part for part in parts}
        if "encryptedpackage" in self.parts:
            raise _Refused("it is protected by a password; save it without one")

    def parse(
        self, name: str, start: Callable[..., None], end: Callable[..., None], data: Callable[..., None] | None
    ) -> bool:
        """Run the part through the handlers; False where there is no such part."""
        part = self.parts.get(name.lower())
        if part is None:
            return False
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = data
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.buffer_text = True
        with self.package.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                self.budget.bytes -= len(chunk)
                if self.budget.bytes < 0:
                    raise _Refused(f"unpacked it is larger than {MOST_BYTES // 1024 // 1024} MiB")
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
        return True

    def relations(self, name: str) -> dict[str, str]:
        """Relation id, and its type's last word, → the part."""
        folder, file = posixpath.split(name)
        found: dict[str, str] = {}

        def start(tag: str, given: dict[str, str]) -> None:
            self.budget.element()
            if _local(tag) == "Relationship" and given.get("TargetMode") != "External":
                target = given.get("Target", "")
                part = posixpath.normpath(posixpath.join(folder, target)) if not target.startswith("/") else target[1:]
                found[given.get("Id", "")] = part
                found.setdefault(given.get("Type", "").rsplit("/", 1)[-1], part)

        self.parse(posixpath.join(folder, "_rels", f"{file}.rels"), start, _nothing, None)
        return found


def _refuse_doctype(*_given: object) -> None:
    raise _Refused("it declares a document type, which no spreadsheet does")


def _nothing(*_given: object) -> None:
    return None


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _sheets(package: _Package) -> tuple[list[Sheet], list[Note]]:
    main = package.relations("").get("officeDocument", "xl/workbook.xml")
    relations = package.relations(main)
    named: list[tuple[str, str, str]] = []

    def start(tag: str, given: dict[str, str]) -> None:
        package.budget.element()
        if _local(tag) == "sheet":
            relation = next((value for key, value in given.items() if key.endswith("}id")), "")
            named.append((given.get("name", ""), relations.get(relation, ""), given.get("state", "visible")))

    if not package.parse(main, start, _nothing, None):
        raise _Refused("it is a zip file without a workbook in it")
    if len(named) > MOST_SHEETS:
        raise _Refused(f"it has more than {MOST_SHEETS} sheets")
    strings = _strings(package, relations.get("sharedStrings", ""))
    sheets, notes = [], []
    for title, part, state in named:
        if state != "visible":
            notes.append(Note(title, "This sheet is hidden in the workbook and was left out."))
            continue
        reading = _SheetReading(title, strings, package.budget)
        if package.parse(part, reading.start, reading.end, reading.data):
            sheets.append(reading.sheet())
            notes += reading.notes()
    return sheets, notes


def _strings(package: _Package, part: str) -> list[str]:
    """The texts that cells share. What is spoken (phonetic marks) is not what is written."""
    found: list[str] = []
    now: list[str] = []
    state = {"t": False, "silent": 0}

    def start(tag: str, _given: dict[str, str]) -> None:
        package.budget.element()
        name = _local(tag)
        if name == "si":
            now.clear()
        elif name == "rPh":
            state["silent"] += 1
        state["t"] = name == "t"

    def end(tag: str) -> None:
        name = _local(tag)
        if name == "si":
            found.append(_unescaped("".join(now)))
        elif name == "rPh":
            state["silent"] -= 1
        state["t"] = False

    def data(text: str) -> None:
        if state["t"] and not state["silent"]:
            package.budget.words(len(text))
            now.append(text)

    package.parse(part, start, end, data)
    return found


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


@dataclass
class _SheetReading:
    """One sheet while its part is read."""

    title: str
    strings: list[str]
    budget: _Budget
    cells: dict[At, str] = field(default_factory=dict)
    errors: dict[At, str] = field(default_factory=dict)
    formulas: set[At] = field(default_factory=set)
    unknown: set[At] = field(default_factory=set)
    ranges: list[tuple[At, At]] = field(default_factory=list)
    row: int = 0
    column: int = 0
    kind: str = ""
    tag: str = ""
    silent: int = 0
    parts: list[str] = field(default_factory=list)
    beyond: bool = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        self.budget.element()
        self.tag = name = _local(tag)
        if name == "c":
            self.column = _at(given["r"])[1] if "r" in given else self.column + 1
            self.kind, self.parts = given.get("t", "n"), []
        elif name == "row":
            self.row = int(given["r"]) if "r" in given else self.row + 1
            self.column = 0
        elif name == "f":
            self.formulas.add((self.row, self.column))
        elif name == "rPh":
            self.silent += 1
        elif name == "mergeCell":
            first, _, last = given.get("ref", "").partition(":")
            self.ranges.append((_at(first), _at(last or first)))

    def data(self, text: str) -> None:
        if self.tag == "v" or (self.tag == "t" and not self.silent):
            self.budget.words(len(text))
            self.parts.append(text)

    def end(self, tag: str) -> None:
        name, self.tag = _local(tag), ""
        if name == "rPh":
            self.silent -= 1
        elif name == "c":
            self._keep((self.row, self.column), "".join(self.parts))

    def _keep(self, at: At, raw: str) -> None:
        if self.kind == "e":
            self.errors[at] = raw
            return
        words = tidy(self._shown(raw)) if raw else ""
        if not words:
            if at in self.formulas and not raw and self.kind != "str":
                self.unknown.add(at)
            return
        if at[1] > MOST_COLUMNS:
            self.beyond = True
            return
        self.cells[at] = words
        self.budget.words(len(words) if self.kind == "s" else 0)
        if len(self.cells) > MOST_CELLS:
            raise _Refused(f"the sheet “{self.title}” holds more than {MOST_CELLS:,} cells with words")

    def _shown(self, raw: str) -> str:
        match self.kind:
            case "s":
                place = int(raw)
                return self.strings[place] if 0 <= place < len(self.strings) else ""
            case "b":
                return "TRUE" if raw.strip() == "1" else "FALSE"
            case "n":
                return f"{float(raw):.15g}"
        return _unescaped(raw)

    def sheet(self) -> Sheet:
        formulas = frozenset(self.formulas & self.cells.keys())
        return Sheet(self.title, self.cells, self._merged(), self.errors, formulas, prefix=f"{self.title}!")

    def _merged(self) -> dict[At, At]:
        """Within the table only: a range may be a million rows long."""
        last_row = max((row for row, _ in self.cells), default=0)
        last_column = max((column for _, column in self.cells), default=0)
        merged: dict[At, At] = {}
        for first, last in self.ranges:
            if first not in self.cells:
                continue
            for row in range(first[0], min(last[0], last_row) + 1):
                for column in range(first[1], min(last[1], last_column) + 1):
                    if (row, column) != first:
                        merged[row, column] = first
                if len(merged) > MOST_MERGED:
                    raise _Refused(f"the sheet “{self.title}” has too many merged cells")
        return merged

    def notes(self) -> list[Note]:
        """What cannot be seen in the table that was read."""
        found = []
        if self.beyond:
            found.append(Note(self.title, f"What stands right of column {MOST_COLUMNS} was left out."))
        for at in sorted(self.unknown)[:20]:
            place = self.sheet().place(*at)
            found.append(Note(place, "A formula without a stored result: the cell counts as empty."))
        return found


def _at(reference: str) -> At:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise _Refused("a cell has no proper address")
    return int(found[2]), number(found[1])
