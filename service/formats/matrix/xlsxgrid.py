"""XLSX → sheets of cells: what is shown, merged ranges, formulas by their stored values. Pure; nothing is run or fetched.

It reads the package itself (ECMA-376) with expat: merged ranges and the marks of formulas in one pass, and it stops where a
hostile file would only begin to cost. A DOCTYPE, which no spreadsheet writes, ends the reading at once.
"""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

from service.formats.matrix.grids import MOST_CELLS, MOST_COLUMNS, At, Sheet, number, tidy
from service.formats.rules import Note
from service.formats.text import other_kind

MOST_PARTS, MOST_SHEETS, MOST_BYTES = 2_000, 60, 100 * 1024 * 1024
MOST_ELEMENTS, MOST_TEXT, MOST_MERGED = 1_000_000, 8_000_000, 100_000
MOST_PENDING = 1024 * 1024
"""Of a tag or value that has begun and not ended: the parser reads it anew with each piece."""
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_CHUNK = 64 * 1024
_KNOWN = frozenset({"c", "row", "v", "f", "t", "is"})


class _Refused(Exception):
    """The file is not read further; the words say why."""


@dataclass
class _Budget:
    """What is left of what one file may cost."""

    elements: int = MOST_ELEMENTS
    text: int = MOST_TEXT
    bytes: int = MOST_BYTES
    pending: int = 0

    def check(self) -> None:
        """After a piece was read, so that each element of it costs as little as can be."""
        if self.elements < 0:
            raise _Refused("it holds too many rows and cells, mostly empty ones; delete the empty rows below the table")
        if self.text < 0:
            raise _Refused(f"it holds more than {MOST_TEXT:,} characters of text")
        if self.pending > MOST_PENDING:
            raise _Refused("one value in it is longer than any spreadsheet writes")
        if self.bytes < 0:
            raise _Refused(f"unpacked it is larger than {MOST_BYTES // 1024 // 1024} MiB")


def read_xlsx(content: bytes) -> tuple[list[Sheet], list[Note], Note | None]:
    """The sheets with words that are not hidden, what was left out, and why it could not be read where it could not."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return *_sheets(_Package(package)), None
    except _Refused as refused:
        return [], [], Note("", f"This workbook cannot be read: {refused}.")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        words = "This is no whole XLSX file; open it in a spreadsheet program and save it again as XLSX."
        return [], [], Note("", other_kind(content) or words)
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

    def parse(self, name: str, reading: "_Reading") -> bool:
        """Let the part be read; False where there is no such part."""
        part = self.parts.get(name.lower())
        if part is None:
            return False
        parser = expat.ParserCreate()
        reading.parser, reading.budget = parser, self.budget
        parser.StartElementHandler = reading.start
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.buffer_text = True
        fed = 0
        with self.package.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                self.budget.bytes -= len(chunk)
                parser.Parse(chunk, False)
                fed += len(chunk)
                self.budget.pending = fed - max(parser.CurrentByteIndex, 0)
                self.budget.check()
        parser.Parse(b"", True)
        return True

    def relations(self, name: str) -> dict[str, str]:
        """Relation id, and its type's last word, → the part."""
        folder, file = posixpath.split(name)
        reading = _Relations()
        self.parse(posixpath.join(folder, "_rels", f"{file}.rels"), reading)
        found: dict[str, str] = {}
        for given in reading.found:
            target = given.get("Target", "")
            part = posixpath.normpath(posixpath.join(folder, target)) if not target.startswith("/") else target[1:]
            found[given.get("Id", "")] = part
            found.setdefault(given.get("Type", "").rsplit("/", 1)[-1], part)
        return found


def _refuse_doctype(*_given: object) -> None:
    raise _Refused("it declares a document type, which no spreadsheet does")


class _Reading:
    """What is done with the elements of one part. Text costs only where `listen` asked for it."""

    parser: expat.XMLParserType
    budget: _Budget

    def start(self, tag: str, given: dict[str, str]) -> None:
        raise NotImplementedError

    def keep(self, text: str) -> None:
        """The text of the element that was listened to."""

    def listen(self) -> None:
        self.parts: list[str] = []
        self.parser.CharacterDataHandler = self.parts.append
        self.parser.EndElementHandler = self._stop

    def _stop(self, _tag: str) -> None:
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        text = "".join(self.parts)
        self.budget.text -= len(text)
        self.keep(text)


class _Relations(_Reading):
    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        self.budget.elements -= 1
        if _local(tag) == "Relationship" and given.get("TargetMode") != "External":
            self.found.append(given)


class _Workbook(_Reading):
    """Title, relation and state of each sheet."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        self.budget.elements -= 1
        if _local(tag) == "sheet":
            relation = next((value for key, value in given.items() if key.endswith(":id")), "")
            self.sheets.append((given.get("name", ""), relation, given.get("state", "visible")))


class _Strings(_Reading):
    """The texts that cells share. What is spoken (phonetic marks) is not what is written."""

    def __init__(self) -> None:
        self.pieces: list[list[str]] = []
        self.is_spoken = False

    @property
    def found(self) -> list[str]:
        return ["".join(pieces) for pieces in self.pieces]

    def start(self, tag: str, _given: dict[str, str]) -> None:
        self.budget.elements -= 1
        name = _local(tag)
        if name == "si":
            self.pieces.append([])
        elif name == "t" and not self.is_spoken:
            self.listen()
        self.is_spoken = name == "rPh"

    def keep(self, text: str) -> None:
        if self.pieces:
            self.pieces[-1].append(_unescaped(text))


def _local(tag: str) -> str:
    return tag.rsplit(":", 1)[-1]


def _sheets(package: _Package) -> tuple[list[Sheet], list[Note]]:
    main = package.relations("").get("officeDocument", "xl/workbook.xml")
    relations = package.relations(main)
    workbook, strings = _Workbook(), _Strings()
    if not package.parse(main, workbook):
        raise _Refused("it is a zip file without a workbook in it")
    if len(workbook.sheets) > MOST_SHEETS:
        raise _Refused(f"it has more than {MOST_SHEETS} sheets")
    package.parse(relations.get("sharedStrings", ""), strings)
    sheets, notes = [], []
    for title, relation, state in workbook.sheets:
        if state != "visible":
            notes.append(Note(title, "This sheet is hidden in the workbook and was left out."))
            continue
        reading = _SheetReading(title, strings.found)
        if package.parse(relations.get(relation, ""), reading):
            reading.finish()
            sheets.append(reading.sheet())
            notes += reading.notes()
    return sheets, notes


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _SheetReading(_Reading):
    """One sheet while its part is read: a cell is kept when the next one begins."""

    def __init__(self, title: str, strings: list[str]) -> None:
        self.title, self.strings = title, strings
        self.cells: dict[At, str] = {}
        self.errors: dict[At, str] = {}
        self.formulas: set[At] = set()
        self.unknown: set[At] = set()
        self.ranges: list[tuple[At, At]] = []
        self.row = self.column = 0
        self.reference = ""
        self.kind = "n"
        self.raw: list[str] = []
        self.is_spoken = self.beyond = self.is_open = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        self.budget.elements -= 1
        name = tag if tag in _KNOWN else _local(tag)
        if name == "c":
            if self.is_open:
                self.finish()
            self._move(given.get("r", ""))
            self.kind = given.get("t", "n")
        elif name == "row":
            if self.is_open:
                self.finish()
            self.row = int(given["r"]) if "r" in given else self.row + 1
            self.column, self.reference = 0, ""
        elif name == "v" or (name == "t" and not self.is_spoken):
            self.is_open = True
            self.listen()
        elif name == "f":
            self.is_open = True
            self.formulas.add(self.at)
        elif name == "mergeCell":
            first, _, last = given.get("ref", "").partition(":")
            self.ranges.append((_at(first), _at(last or first)))
        self.is_spoken = name == "rPh"

    @property
    def at(self) -> At:
        return (self.row, _at(self.reference)[1] if self.reference else self.column)

    def _move(self, reference: str) -> None:
        """To the next cell. Its address is only looked at once something stands in it."""
        if not reference:
            self.column = self.at[1] + 1
        self.reference = reference

    def keep(self, text: str) -> None:
        self.raw.append(text)

    def finish(self) -> None:
        """Keep the cell that was read last."""
        at, raw = self.at, "".join(self.raw)
        self.raw, self.is_open = [], False
        if self.kind == "e":
            self.errors[at] = raw
            return
        words = tidy(self._shown(raw)) if raw else ""
        if not words:
            if at in self.formulas and not raw and self.kind != "str":
                self.unknown.add(at)
        elif at[1] > MOST_COLUMNS:
            self.beyond = True
        else:
            self.cells[at] = words
            self.budget.text -= len(words) if self.kind == "s" else 0
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
        walked = 0
        for first, last in self.ranges:
            if first not in self.cells:
                continue
            columns = range(first[1], min(last[1], last_column) + 1)
            for row in range(first[0], min(last[0], last_row) + 1):
                walked += len(columns)
                if walked > MOST_MERGED:
                    raise _Refused(f"the sheet “{self.title}” has too many merged cells")
                merged |= {(row, column): first for column in columns if (row, column) != first}
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
