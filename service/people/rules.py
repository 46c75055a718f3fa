"""People as they are imported: what a row must hold, and the difference to what is there. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from service.errors import Problem
from service.people.files import COLUMNS, RawRow, Sheet, at, plain
from service.people.trees import MOST_ABOVE, Circles, around, find_circles, overlong
from service.people.units import UnitChange, split_path, unit_changes

Known = Mapping[str, frozenset[str]]
"""The published ladders and their levels, by id."""

LONGEST = {
    "employee_id": 60,
    "name": 200,
    "email": 254,
    "manager": 60,
    "unit": 1000,
    "ladder": 80,
    "level": 80,
    "started_on": 40,
}
LONGEST_UNIT = 200
MOST_PROBLEMS = 200
BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as the file, or the database, has them. `manager` is an employee id, `unit` a name; "" means none."""

    employee_id: str
    name: str
    email: str
    manager: str = ""
    unit: str = ""
    ladder: str = ""
    level: str = ""
    started_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database holds: people by `key` of their employee id, those who left only by key, units by `plain` name
    with the plain name of the unit above."""

    people: Mapping[str, Entry]
    left: frozenset[str]
    units: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one person; `field` in words."""

    field: str
    old: str
    new: str

    @property
    def is_emptied(self) -> bool:
        return not self.new


@dataclass(frozen=True, slots=True)
class Changed:
    """A person who is there already and will be `entry`; `changes` names every difference."""

    entry: Entry
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do; with `problems` it does nothing. `left_out` are people not in the file: kept. Of very many
    problems the last one, at /rows, says how many more there are."""

    added: tuple[Entry, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    left_out: tuple[Entry, ...]
    units: tuple[UnitChange, ...]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.added or self.changed or self.units)

    @property
    def attention(self) -> tuple[str, ...]:
        """What deserves a second look before it is written: fields that are emptied, and org units that are new."""
        emptied: dict[str, list[str]] = {}
        for person in self.changed:
            for change in person.changes:
                if change.is_emptied:
                    emptied.setdefault(change.field.removesuffix("'s id"), []).append(person.entry.name)
        told = [
            f"{len(names)} {'person loses' if len(names) == 1 else 'people lose'} their {field}: {_some(names)}."
            for field, names in emptied.items()
        ]
        new = [unit.name for unit in self.units if unit.old is None]
        if new:
            one = "An org unit is" if len(new) == 1 else f"{len(new)} org units are"
            told.append(f"{one} new: {_some(new)}. Look at the spelling where it should be there already.")
        return tuple(told)


def _some(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def key(text: str) -> str:
    """Employee ids, addresses and names of units as they are compared: whatever the spelling (NFKC, casefolded)."""
    return plain(text)


email_key = key

STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not take apart into a plain letter and a mark, as people type them without."""


def fold(text: str) -> str:
    """Text as it is searched: without case, accents and width, "ß" as "ss", single spaces (default caseless matching of
    Unicode 3.13, over NFKD)."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return re.sub(r"\s+", " ", bare.translate(STROKES)).strip()


def preview(
    sheet: Sheet, standing: Standing, known: Known, within: Collection[str] | None = None, own_id: str = ""
) -> Preview:
    """The difference between a file and the database, or everything that is wrong with the file.

    A column that the file leaves out leaves what is there. `within` are the org units, by key, whose people the reader may
    write; None means all. Of others nothing is told. Nobody becomes the manager of people here by their own import: `own_id` is
    the reader's employee id, "" for whoever runs Nextrung.
    """
    problems = list(sheet.problems)
    paths: dict[int, tuple[str, ...]] = {}
    entries: dict[int, Entry] = {}
    for raw in sheet.rows:
        fitting, unfit = _fitting(raw)
        problems += unfit
        row = _completed(fitting, standing)
        if within is not None and not _is_within(row, standing, within):
            problems.append(
                at(row.number, "unit", "This person is not, or would not stay, in your org units; HR imports them.")
            )
            continue
        entry, path, found = read_row(row, standing, known, flawed={_field_of(problem) for problem in unfit})
        problems += found
        entries[row.number], paths[row.number] = entry, path
    problems += _repeats(entries, standing, within)
    if "manager" in sheet.columns:
        problems += _managers(entries, standing, within) + _grasping(entries, standing, key(own_id))
    units, found = unit_changes(paths, standing.units)
    problems += found
    if within is not None and units:
        first = next(number for number, path in paths.items() if len(path) > 1)
        problems.append(at(first, "unit", "Org units are made and moved by HR; write the unit's name alone."))
    in_file = {key(entry.employee_id): entry for entry in entries.values()}
    added = tuple(entry for name, entry in in_file.items() if name not in standing.people)
    pairs = [(standing.people[name], entry) for name, entry in in_file.items() if name in standing.people]
    changed = tuple(Changed(new, changes) for old, new in pairs if (changes := differences(old, new)))
    kept = (entry for name, entry in standing.people.items() if name not in in_file)
    left_out = tuple(entry for entry in kept if within is None or key(entry.unit) in within)
    return Preview(added, changed, len(pairs) - len(changed), left_out, units, sheet.ignored, _first_of(problems))


def read_row(
    row: RawRow, standing: Standing, known: Known, flawed: Collection[str] = ()
) -> tuple[Entry, tuple[str, ...], list[Problem]]:
    """A row of fitting cells as an entry (as far as it can be read), its path of org units from the top, and what is wrong with
    it. The fields in `flawed` have been complained about."""
    cells, problems = row.cells, []
    for field in ("employee_id", "name", "email"):
        if not cells[field] and field not in flawed:
            problems.append(at(row.number, field, f"The {COLUMNS[field][0]} is needed."))
    if cells["email"] and not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*", cells["email"]):
        problems.append(at(row.number, "email", "Write one address, such as ann@example.org."))
    old = standing.people.get(key(cells["employee_id"]))
    if key(cells["employee_id"]) in standing.left:
        problems.append(
            at(row.number, "employee_id", "Somebody with this id has left. Whoever comes back gets a new id.")
        )
    ladder, level, found = _rung(row.number, cells, old, known)
    started_on, wrong_date = _date(row.number, cells["started_on"])
    problems += found + wrong_date
    path = split_path(cells["unit"])
    if any(len(part) > LONGEST_UNIT for part in path):
        problems.append(at(row.number, "unit", f"Keep each unit's name within {LONGEST_UNIT} characters."))
    entry = Entry(
        cells["employee_id"],
        cells["name"],
        cells["email"],
        cells["manager"],
        "".join(path[-1:]),
        ladder,
        level,
        started_on,
    )
    return entry, path, problems


def differences(old: Entry, new: Entry) -> tuple[FieldChange, ...]:
    """Field by field; a manager or a unit in another spelling is the same one."""
    found = []
    for field, (title, _) in COLUMNS.items():
        before, after = (str(getattr(entry, field) or "") for entry in (old, new))
        same = key(before) == key(after) if field in ("manager", "unit") else before == after
        if not same:
            found.append(FieldChange(title, before, after))
    return tuple(found)


def _fitting(row: RawRow) -> tuple[RawRow, list[Problem]]:
    """The row without the cells that are too long or not text. The first thing that is done to one: what else is done to a text
    may take longer than its length (NFKC of many marks does)."""
    unfit = {field: words for field, text in row.cells.items() if (words := _unfit(field, text))}
    cells = row.cells | dict.fromkeys(unfit, "")
    return replace(row, cells=cells), [at(row.number, field, words) for field, words in unfit.items()]


def _completed(row: RawRow, standing: Standing) -> RawRow:
    """The row with what is there already in place of columns that the file leaves out."""
    old = standing.people.get(key(row.cells["employee_id"])) or Entry("", "", "")
    return replace(row, cells={field: str(value or "") for field, value in asdict(old).items()} | row.cells)


def _is_within(row: RawRow, standing: Standing, within: Collection[str]) -> bool:
    """Whether the person is in one of these units, or new here, and will be in one. Who has left is not: no partner learns who
    was here."""
    old = standing.people.get(key(row.cells["employee_id"]))
    will_be = "".join(split_path(row.cells["unit"])[-1:])
    is_new = old is None and key(row.cells["employee_id"]) not in standing.left
    return key(will_be) in within and (is_new or (old is not None and key(old.unit) in within))


def _repeats(entries: Mapping[int, Entry], standing: Standing, within: Collection[str] | None) -> list[Problem]:
    """Employee ids and e-mails that stand twice, in the file or in the file and with a person it leaves out."""
    problems = []
    in_file = {key(entry.employee_id) for entry in entries.values()}
    for field in ("employee_id", "email"):
        first: dict[str, str] = {}
        if field == "email":
            others = (entry for name, entry in standing.people.items() if name not in in_file)
            first = {
                key(entry.email): f"that of {entry.name} ({entry.employee_id}), who is not in this file"
                if within is None or key(entry.unit) in within
                else "that of somebody else"
                for entry in others
            }
        for number, entry in entries.items():
            value = key(getattr(entry, field))
            if value in first:
                problems.append(
                    at(number, field, f"This {COLUMNS[field][0]} is {first[value]}; each person has their own.")
                )
            elif value:
                first[value] = f"in row {number} too"
    return problems


def _managers(entries: Mapping[int, Entry], standing: Standing, within: Collection[str] | None) -> list[Problem]:
    """Managers nobody knows, and reporting lines that run in a circle."""
    problems = []
    people = dict(standing.people) | {key(entry.employee_id): entry for entry in entries.values()}
    for number, entry in entries.items():
        above = key(entry.manager)
        if above and above == key(entry.employee_id):
            problems.append(at(number, "manager", "Nobody is their own manager; leave the cell empty at the top."))
        elif above in standing.left and within is None:
            problems.append(at(number, "manager", "The person with this id has left; name who leads now."))
        elif above and above not in people:
            words = "Nobody has this employee id, neither in this file nor in Nextrung."
            problems.append(at(number, "manager", words))
    lines = {name: manager for name, entry in people.items() if (manager := key(entry.manager)) != name}
    circles = find_circles(lines)
    return problems + (_circular(entries, people, circles, within) if circles else _overlong(entries, standing, lines))


def _grasping(entries: Mapping[int, Entry], standing: Standing, own: str) -> list[Problem]:
    """Rows that would make the reader the manager of somebody who is here: a manager reads drafts that HR does not. Of somebody
    new there is none yet."""
    words = "This would make you their manager. Somebody else in HR, or whoever runs Nextrung, brings this row in."
    return [
        at(number, "manager", words)
        for number, entry in entries.items()
        if own and key(entry.manager) == own
        if (old := standing.people.get(key(entry.employee_id))) is not None and key(old.manager) != own
    ]


def _circular(
    entries: Mapping[int, Entry], people: Mapping[str, Entry], circles: Circles, within: Collection[str] | None
) -> list[Problem]:
    def shown(name: str) -> str:
        return people[name].employee_id if within is None or key(people[name].unit) in within else "somebody else"

    return [
        at(number, "manager", f"The reporting line runs in a circle: {around(*circles[name], shown)}.")
        for number, entry in entries.items()
        if (name := key(entry.employee_id)) in circles
    ]


def _overlong(entries: Mapping[int, Entry], standing: Standing, lines: Mapping[str, str]) -> list[Problem]:
    """Each manager above each person is a row of the database: lines as long as the company would fill it."""
    old = {name: key(entry.manager) for name, entry in standing.people.items()}
    changed = {name for name, manager in lines.items() if manager != old.get(name, "")}
    flawed = overlong(lines, changed)
    words = f"This leaves somebody with more than {MOST_ABOVE} managers one above the other; look at the managers' ids."
    return [at(number, "manager", words) for number, entry in entries.items() if key(entry.employee_id) in flawed]


def _rung(number: int, cells: Mapping[str, str], old: Entry | None, known: Known) -> tuple[str, str, list[Problem]]:
    """Ladder and level by id. What the database holds already stays right, even when that ladder has been retired."""
    ladder, level = (re.sub(r"[\s_]+", "-", plain(cells[field])) for field in ("ladder", "level"))
    if (old is not None and (old.ladder, old.level) == (ladder, level)) or not (ladder or level):
        return ladder, level, []
    if not ladder or not level:
        field, other = ("level", "ladder") if ladder else ("ladder", "level")
        return ladder, level, [at(number, field, f"A {other} is given, so the {field} is needed.")]
    if ladder not in known:
        return (
            ladder,
            level,
            [at(number, "ladder", f"There is no published ladder of this id. {_offer('ladders', known)}")],
        )
    if level not in known[ladder]:
        return (
            ladder,
            level,
            [at(number, "level", f"This ladder has no such level. {_offer('levels', known[ladder])}")],
        )
    return ladder, level, []


def _offer(what: str, ids: Iterable[str]) -> str:
    shown = sorted(ids)[:12]
    return f"The {what} are: {', '.join(shown)}." if shown else f"There are no {what} yet."


def _date(number: int, text: str) -> tuple[date | None, list[Problem]]:
    if not text:
        return None, []
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:
        words = "Write the date as year-month-day, such as 2026-11-21; other orders can be read two ways."
        return None, [at(number, "started_on", words)]
    return found, []


def _unfit(field: str, text: str) -> str:
    """What is wrong with the bare text of a cell, if anything."""
    length = len(text)
    if field == "email" and length <= LONGEST[field]:
        length = max(length, len(key(text)))
    if length > LONGEST[field]:
        return f"Keep it within {LONGEST[field]} characters; this has {length}."
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in BIDI_CONTROLS:
            return f"There is an invisible control character in it (U+{ord(sign):04X}). Type the text anew."
    return ""


def _first_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems row by row; of very many the first, and how many more there are."""
    order = sorted(problems, key=lambda problem: (_row_of(problem), problem.pointer))
    more = [Problem("/rows", f"And {len(order) - MOST_PROBLEMS:,} more.")] if len(order) > MOST_PROBLEMS else []
    return (*order[:MOST_PROBLEMS], *more)


def _field_of(problem: Problem) -> str:
    return problem.pointer.rsplit("/", 1)[1]


def _row_of(problem: Problem) -> int:
    return int(problem.pointer.split("/")[2])
