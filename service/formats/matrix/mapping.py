"""How tables are read as a ladder: guessed, shown, and corrected by a person. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from service.formats.matrix.vocabulary import MEANINGS
from service.formats.rules import Note

MOST_ENTRIES = 20_000


@dataclass(frozen=True)
class ColumnMap:
    """What one column means (a key of MEANINGS); with `level`, an id, it speaks of that level only. In a turned sheet it is
    a row."""

    column: str
    title: str = ""
    means: str = ""
    level: str = ""


@dataclass(frozen=True)
class LevelMap:
    """One level of the ladder; the list of them stands from the lowest to the highest."""

    id: str
    title: str
    summary: str = ""


@dataclass(frozen=True)
class SheetMap:
    """How one sheet is read. `header` is the row above the first skill (a column where the sheet is `turned`), 0 for none.
    `category`, `skill` and `level` (an id) hold for the whole sheet where no column says them."""

    sheet: str
    use: bool = True
    turned: bool = False
    header: int = 1
    columns: tuple[ColumnMap, ...] = ()
    category: str = ""
    skill: str = ""
    level: str = ""


@dataclass(frozen=True)
class MatrixMap:
    levels: tuple[LevelMap, ...] = ()
    sheets: tuple[SheetMap, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Lists and mappings of text, numbers and truth: for a form, JSON or YAML."""
        data = asdict(self)
        sheets = [{**sheet, "columns": list(sheet["columns"])} for sheet in data["sheets"]]
        return {"levels": list(data["levels"]), "sheets": sheets}


def from_data(data: Mapping[str, Any]) -> tuple[MatrixMap, list[Note]]:
    """The mapping somebody sent, and what is wrong with it, each at its JSON pointer."""
    reading = _Reading()
    levels = tuple(reading.make(LevelMap, each, at) for at, each in reading.entries(data, "levels", ""))
    sheets = []
    for at, each in reading.entries(data, "sheets", ""):
        columns = tuple(
            reading.make(ColumnMap, column, place) for place, column in reading.entries(each, "columns", at)
        )
        without = (
            {name: value for name, value in each.items() if name != "columns"} if isinstance(each, Mapping) else each
        )
        sheets.append(replace(reading.make(SheetMap, without, at), columns=columns))
    made = MatrixMap(levels, tuple(sheets))
    reading.refuse_unknown(made)
    return made, reading.notes


class _Reading:
    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.left = MOST_ENTRIES

    def entries(self, data: Any, name: str, above: str) -> list[tuple[str, Any]]:
        found = data.get(name, []) if isinstance(data, Mapping) else []
        if not isinstance(found, list | tuple):
            self.say(f"{above}/{name}", "Here stands a list.")
            return []
        self.left -= len(found)
        if self.left < 0:
            self.say(f"{above}/{name}", f"A mapping has at most {MOST_ENTRIES:,} levels, sheets and columns.")
            return []
        return [(f"{above}/{name}/{place}", each) for place, each in enumerate(found)]

    def make(self, shape: type[Any], given: Any, at: str) -> Any:
        empty = shape(*[""] * (2 if shape is LevelMap else 1))
        if not isinstance(given, Mapping):
            self.say(at, "Here stand named fields.")
            return empty
        fields = {}
        for name, value in given.items():
            known = getattr(empty, str(name), None)
            if known is None or name == "columns":
                self.say(f"{at}/{name}", f"There is no field {str(name)[:60]!r} here.")
            elif type(value) is not type(known):
                kind = {str: "text", bool: "true or false", int: "a whole number"}[type(known)]
                self.say(f"{at}/{name}", f"Here stands {kind}.")
            else:
                fields[name] = value
        return replace(empty, **fields)

    def refuse_unknown(self, made: MatrixMap) -> None:
        known = {level.id for level in made.levels}
        for place, sheet in enumerate(made.sheets):
            if any(before.sheet == sheet.sheet for before in made.sheets[:place]):
                self.say(f"/sheets/{place}/sheet", "This sheet stands here twice; leave one.")
            if sheet.level and sheet.level not in known:
                self.say(f"/sheets/{place}/level", f"There is no level {sheet.level[:60]!r} among the levels.")
            for number, column in enumerate(sheet.columns):
                at = f"/sheets/{place}/columns/{number}"
                if column.means not in MEANINGS:
                    self.say(
                        f"{at}/means",
                        f"A column means one of {', '.join(word for word in MEANINGS if word)}, or nothing.",
                    )
                if column.level and column.level not in known:
                    self.say(f"{at}/level", f"There is no level {column.level[:60]!r} among the levels.")

    def say(self, at: str, words: str) -> None:
        self.notes.append(Note(f"mapping {at}", words))
