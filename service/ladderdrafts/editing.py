"""What a form changes in a draft's data, and the canonical text that comes of it. Values come as text, by field name."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Protocol

from service.errors import Conflict, Invalid, NotFound, Problem
from service.ladderdrafts.contents import (
    AT,
    EXPECTATION,
    FIELDS,
    HEAD,
    LISTS,
    Contents,
    Data,
    Part,
    entries,
    expectations,
    find,
    levels,
    read_contents,
    said,
)
from service.ladders.inputs import LadderTexts
from service.ladders.writing import ladder_text
from service.ladders.yamltext import UNPRINTABLE

Values = Mapping[str, str]
ONE = {Part.LEVELS: "level", Part.CATEGORIES: "category", Part.SKILLS: "skill", Part.DOCUMENTS: "document"}


class Edit(Protocol):
    """One change that a form makes; `what` says it in a line for the history."""

    @property
    def what(self) -> str: ...

    def apply(self, data: Data) -> None: ...


@dataclass(frozen=True, slots=True)
class ChangeHead:
    """The head of the ladder: names, dates, summary and gates."""

    values: Values

    @property
    def what(self) -> str:
        return "head of the ladder"

    def apply(self, data: Data) -> None:
        _write(data, HEAD, self.values)
        share = said(data, "gates/should_share")
        if isinstance(share, str):
            data["gates"]["should_share"] = _number(share)


@dataclass(frozen=True, slots=True)
class Add:
    """A new entry at the end of its list; without an id it gets one out of its title."""

    part: Part
    values: Values

    @property
    def what(self) -> str:
        return f"{ONE[self.part]} added: {_title(self.values)}"

    @property
    def key(self) -> str:
        return self.values.get("id") or slug(_title(self.values))

    def apply(self, data: Data) -> None:
        _check_free(data, self.part, self.key)
        entry: Data = {}
        _write(entry, FIELDS[self.part], {**self.values, "id": self.key})
        held = data.get(self.part.value) or ({} if self.part is Part.DOCUMENTS else [])
        if isinstance(held, dict) and self.part is Part.DOCUMENTS:
            data[self.part.value] = held | {entry.pop("id"): entry}
        elif isinstance(held, list) and self.part is not Part.DOCUMENTS:
            data[self.part.value] = [*held, entry]
        else:
            raise Conflict(
                f"What stands under {self.part} is not the list it should be. Mend it in the whole file first."
            )


@dataclass(frozen=True, slots=True)
class Change:
    """An entry's fields; of a skill its expectations too. Where the id changes, what names it in the ladder follows."""

    part: Part
    key: str
    values: Values

    @property
    def what(self) -> str:
        return f"{ONE[self.part]} {self.key}"

    def apply(self, data: Data) -> None:
        found = _found(data, self.part, self.key)
        now = self.values.get("id") or self.key
        if now != self.key:
            _check_free(data, self.part, now)
        entry = dict(found.value)
        _write(entry, FIELDS[self.part], {**self.values, "id": now})
        if self.part is Part.SKILLS:
            _write_expectations(entry, levels(data), self.values)
        if self.part is Part.DOCUMENTS:
            del entry["id"]
            data["documents"] = {
                now if key == self.key else key: entry if key == self.key else value
                for key, value in data["documents"].items()
            }
        else:
            data[self.part.value][found.at[1]] = entry
        if now != self.key:
            _follow(data, self.part, self.key, now)


@dataclass(frozen=True, slots=True)
class Move:
    """An entry one place up or down; the expectations of the skills keep the order of the levels."""

    part: Part
    key: str
    up: bool

    @property
    def what(self) -> str:
        return f"{ONE[self.part]} {self.key} moved {'up' if self.up else 'down'}"

    def apply(self, data: Data) -> None:
        _found(data, self.part, self.key)
        keys = [entry.at[1] for entry in entries(data, self.part)]
        place = next(n for n, entry in enumerate(entries(data, self.part)) if entry.key == self.key)
        other = place + (-1 if self.up else 1)
        if not 0 <= other < len(keys):
            raise Conflict("It stands at the end already.")
        if self.part is Part.DOCUMENTS:
            names = list(data["documents"])
            names[place], names[other] = names[other], names[place]
            data["documents"] = {name: data["documents"][name] for name in names}
            return
        held, one, two = data[self.part.value], int(keys[place]), int(keys[other])
        held[one], held[two] = held[two], held[one]
        if self.part is Part.LEVELS:
            _sort_expectations(data)


@dataclass(frozen=True, slots=True)
class Remove:
    """An entry out of its list. What still names it is told by the checks and is not lost."""

    part: Part
    key: str

    @property
    def what(self) -> str:
        return f"{ONE[self.part]} removed: {self.key}"

    def apply(self, data: Data) -> None:
        found = _found(data, self.part, self.key)
        del data[self.part.value][found.at[1]]


def edited(texts: LadderTexts, edit: Edit) -> LadderTexts:
    """The texts after a form's change, ladder.yaml in its canonical form. The blueprint keeps the names of its ladder.

    Raises: NotFound, Conflict (a form could lose something of this text), Invalid (a name is taken, a character, too long).
    """
    data = to_edit(read_contents(texts.ladder_yaml, texts.blueprint_yaml))
    before = {name: data.get(name) for name in ("ladder", "version")}
    edit.apply(data)
    text = ladder_text(data)
    if read_contents(text, None).data is None:
        raise Invalid(
            "A ladder cannot be as large as that.", [Problem("", "Shorten it, or split it into two ladders.")]
        )
    blueprint = texts.blueprint_yaml
    for name, old in before.items():
        if blueprint is not None and data.get(name) != old:
            blueprint = _renamed(blueprint, name, old, data.get(name))
    return LadderTexts(ladder_yaml=text, blueprint_yaml=blueprint)


def to_edit(contents: Contents) -> Data:
    """A copy of the data, to be changed. Raises: Conflict."""
    if contents.data is None:
        raise Conflict(
            "The text is not read as YAML with certainty yet. Mend it in the whole file first; forms would lose some."
        )
    return deepcopy(contents.data)


def clean(values: Values) -> dict[str, str]:
    """Values as files hold them: one kind of line end, nothing around them.

    Raises: Invalid for a control character, at its field.
    """
    found = {name: value.replace("\r\n", "\n").replace("\r", "\n").strip() for name, value in values.items()}
    words = "There is a control character in it, which no file can hold. Take it out."
    if problems := [Problem(f"/{name}", words) for name, value in found.items() if UNPRINTABLE.search(value)]:
        raise Invalid("Some fields need another look.", problems)
    return found


def slug(title: str) -> str:
    """An id out of a title: Système d'API → systeme-d-api. "" where nothing of it can stand in one."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))[:80].strip("-")


def _title(values: Values) -> str:
    return values.get("title") or values.get("name") or values.get("id") or "without a title"


def _found(data: Data, part: Part, key: str) -> Any:
    found = find(data, part, key)
    if found is None:
        raise NotFound
    if not found.fits:
        raise Conflict("No form can show all of this. Edit it in the whole file.")
    return found


def _check_free(data: Data, part: Part, key: str) -> None:
    if not key:
        raise Invalid("It needs an id.", [Problem("/id", "Write one in lower-case letters, digits and hyphens.")])
    if find(data, part, key) is not None:
        raise Invalid("An id stands for one thing.", [Problem("/id", f"There is a {ONE[part]} {key} already.")])


def _write(entry: Data, names: tuple[str, ...], values: Values, prefix: str = "") -> None:
    """Set each field that `values` has; an empty one is taken out, with the group it leaves empty."""
    for name in names:
        if (text := values.get(prefix + name)) is None:
            continue
        outer, _, inner = name.partition("/")
        holder = dict(entry.get(outer) or {}) if inner else entry
        field = inner or outer
        if name in LISTS:
            lines = [line.strip() for line in text.split("\n") if line.strip()]
            holder[field] = lines
        elif text:
            holder[field] = text
        if not text:
            holder.pop(field, None)
        if inner:
            entry[outer] = holder
            if not holder:
                del entry[outer]


def _write_expectations(skill: Data, order: Mapping[str, str], values: Values) -> None:
    """An expectation is there where any of its fields is; what stands at a level that the form did not show stays."""
    held = expectations(skill)
    for level in dict.fromkeys([*order, *held]):
        prefix = f"{AT}{level}/"
        if not any(name.startswith(prefix) for name in values):
            continue
        entry = dict(held.get(level, {}))
        _write(entry, EXPECTATION, values, prefix)
        if any(value for name, value in entry.items() if name != "level"):
            held[level] = {"level": level, **entry}
        else:
            held.pop(level, None)
    skill["expectations"] = sorted(held.values(), key=_rank(order))


def _rank(order: Mapping[str, str]) -> Callable[[Data], int]:
    places = {level: place for place, level in enumerate(order)}
    return lambda expectation: places.get(expectation["level"], len(places))


def _sort_expectations(data: Data) -> None:
    rank = _rank(levels(data))
    for entry in entries(data, Part.SKILLS):
        if entry.fits and entry.value.get("expectations"):
            entry.value["expectations"].sort(key=rank)


def _follow(data: Data, part: Part, old: str, new: str) -> None:
    """What names a level, category or document by its id names it by its new one."""
    skills = [entry.value for entry in entries(data, Part.SKILLS) if entry.fits]
    if part is Part.LEVELS:
        for each in (each for skill in skills for each in skill.get("expectations") or ()):
            each["level"] = new if each["level"] == old else each["level"]
    elif part is Part.CATEGORIES:
        for skill in skills:
            skill["category"] = new if skill.get("category") == old else skill.get("category")
    elif part is Part.DOCUMENTS:
        named = [*skills, *(entry.value for entry in entries(data, Part.LEVELS))]
        for each in (*named, *(each for skill in skills for each in skill.get("expectations") or ())):
            if said(each, "source/document") == old:
                each["source"]["document"] = new


def _number(text: str) -> Any:
    return float(text) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?|\.[0-9]{1,6}", text) else text


def _renamed(blueprint: str, name: str, old: Any, new: Any) -> str:
    """The blueprint's own line of that name, where it said the same as the ladder; its comments stay."""
    line = re.compile(rf"""^({name}: *)(["']?){re.escape(str(old))}\2 *$""", re.MULTILINE)
    return line.sub(lambda found: f'{found[1]}"{new}"' if isinstance(new, str) else found[0], blueprint, count=1)
