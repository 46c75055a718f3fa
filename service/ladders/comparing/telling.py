"""Differences of ladder versions in words: in one line, by kind, and as text for a terminal. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any

from service.ladders.comparing.differences import Change, Differences, Kind
from service.ladders.comparing.runs import Kind as RunKind
from service.ladders.comparing.runs import Run, runs
from service.ladders.comparing.successors import Suggestion
from service.ladders.rules import HOUSE, Document, Ladder, Source, Version

TITLES = {
    Kind.ADDED: "New",
    Kind.REMOVED: "Taken out",
    Kind.RENAMED: "Renamed",
    Kind.REIDENTIFIED: "The same under another id",
    Kind.MOVED: "Moved",
    Kind.REWORDED: "Reworded",
    Kind.WEIGHED: "Importance, weights and gates",
    Kind.REORDERED: "In another order",
    Kind.CHANGED: "Sources and other fields",
    Kind.ABOUT: "About the version",
}
DONE = {
    (Kind.ADDED, ""): "new",
    (Kind.REMOVED, ""): "taken out",
    (Kind.RENAMED, ""): "renamed",
    (Kind.REIDENTIFIED, ""): "under another id",
    (Kind.MOVED, "category"): "moved to another category",
    (Kind.MOVED, "level"): "moved to another level",
    (Kind.MOVED, "requirement"): "with another requirement",
    (Kind.REWORDED, ""): "reworded",
    (Kind.WEIGHED, "importance"): "with another importance",
    (Kind.WEIGHED, "weight"): "with another weight",
    (Kind.CHANGED, "source"): "from another source",
    (Kind.CHANGED, ""): "changed otherwise",
}
"""What became of things, by kind and, where it tells more, by field."""
FIELDS = {
    "id": "Id", "title": "Title", "name": "Name", "summary": "Summary", "statement": "What is expected",
    "indicators": "Shows when it is met", "counter_indicators": "Shows while it is not yet", "category": "Category",
    "level": "Level", "requirement": "Requirement", "importance": "Importance", "source": "Source", "dated": "Dated",
    "should_share": "Should-expectations a level needs", "family": "Family", "version": "Version", "supersedes": "Supersedes",
    "carried": "Brought along from another format", "was": "Its id in the version before", "text": "Text", "number": "Number",
    "tag": "Tag", "weight": "Weight", "bar": "Bar", "measures": "Measures", "why": "Why", "target": "Target", "type": "Type",
    "frequency": "How often", "skills": "Skills", "skill": "Skill", "from_level": "From", "to_level": "To",
}  # fmt: skip
"""How a field is called on screen."""
MOST_LETTERS = 80
"""A thing without a title is called by the beginning of its text."""


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words. `name` is the thing with what it stands in, `what` its field, before and after are as they read. A
    reworded text has its runs; `anchor` is lasting, `href` where the thing can be read, in the older version if it is taken out."""

    change: Change
    name: str
    what: str
    before: str
    after: str
    runs: tuple[Run, ...]
    anchor: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one kind, those of the ladder before those of the blueprint."""

    kind: Kind
    title: str
    ladder: tuple[Told, ...]
    blueprint: tuple[Told, ...]

    @property
    def all(self) -> tuple[Told, ...]:
        return self.ladder + self.blueprint


@dataclass(frozen=True, slots=True)
class Telling:
    """`before` and `after` are called `ladder/version`; `summary` is one line without a full stop."""

    before: str
    after: str
    summary: str
    groups: tuple[Group, ...]
    suggestions: tuple[Suggestion, ...]


def tell(found: Differences, before: Version, after: Version) -> Telling:
    """The differences of two versions, as a person reads them."""
    one, other = _with_all_documents(before), _with_all_documents(after)
    told = [_told(change, one, other) for change in found.changes]
    groups = []
    for kind in Kind:
        here = [it for it in told if it.change.kind is kind]
        blueprint = tuple(it for it in here if _in_blueprint(it.change))
        if here:
            groups.append(Group(kind, TITLES[kind], tuple(it for it in here if it not in blueprint), blueprint))
    before_name, after_name = (f"{it.id}/{it.version}" for it in (one, other))
    return Telling(before_name, after_name, summary(found), tuple(groups), found.suggestions)


def _with_all_documents(version: Version) -> Ladder:
    """The ladder, knowing the titles of the blueprint's documents too."""
    ladder, blueprint = version
    return replace(ladder, documents=ladder.documents | (blueprint.documents if blueprint else {}))


def summary(found: Differences) -> str:
    """Every kind of change in a few words: "3 levels renamed, 2 skills new, 14 expectations reworded"."""
    counted: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for change in sorted(found.changes, key=lambda it: (_in_blueprint(it), list(Kind).index(it.kind))):
        if change.kind is not Kind.ABOUT:
            counted.setdefault(_phrase(change), set()).add((*change.place, change.field if not change.place else ""))
    parts = [f"{_counted(len(places), part)} {done}" if part else done for (part, done), places in counted.items()]
    if parts:
        return ", ".join(parts)
    return "Nothing differs but what names the version" if found else "Nothing differs"


def text(telling: Telling) -> Iterator[str]:
    """Lines for a terminal; what is taken out of a text stands in [-…-], what is new in {+…+}."""
    yield f"{telling.before} → {telling.after}: {telling.summary}"
    for group in telling.groups:
        yield from ("", group.title)
        for it in group.all:
            yield from _line(it)
    if telling.suggestions:
        yield from ("", "Perhaps the same under another id (write `was:` where it is defined to say so)")
    for found in telling.suggestions:
        one, other = found.names
        yield f"  {found.part} {one} ({found.before}) → {other} ({found.after}), {found.likeness:.0%} of the words alike"


def _line(it: Told) -> Iterator[str]:
    change, arrow = it.change, f"{it.before or '–'} → {it.after or '–'}"
    match change.kind:
        case Kind.ADDED | Kind.REMOVED:
            yield f"  {'+' if change.kind is Kind.ADDED else '-'} {change.part} {it.name}"
        case Kind.RENAMED:
            yield f"  {change.part} {', '.join([*change.names[:-1], arrow])}"
        case Kind.REIDENTIFIED:
            yield f"  {change.part} {it.name}: {arrow}"
        case Kind.REWORDED:
            yield f"  {change.part} {it.name}, {it.what.lower()}:"
            yield from (f"      {line}" for line in "".join(map(_marked, it.runs)).split("\n"))
        case _:
            yield f"  {change.part} {it.name}, {it.what.lower()}: {arrow}"


def _marked(run: Run) -> str:
    return {RunKind.SAME: "{}", RunKind.REMOVED: "[-{}-]", RunKind.ADDED: "{{+{}+}}"}[run.kind].format(run.text)


def _phrase(change: Change) -> tuple[str, str]:
    """What a change is counted under: the word for the things, and what became of them; "" where nothing is counted."""
    if _in_blueprint(change):
        whole = len(change.place) == 1 and change.kind in (Kind.ADDED, Kind.REMOVED)
        return ("", f"the blueprint {DONE[change.kind, '']}") if whole else ("change", "of the blueprint")
    if change.kind is Kind.REORDERED:
        return "", f"{change.field} in another order"
    if change.field == "should_share":
        return "", "another share of should-expectations"
    done = DONE.get((change.kind, change.field)) or DONE.get((change.kind, ""), "changed otherwise")
    return ("", f"the ladder {done}") if change.part == "ladder" else (change.part, done)


def _counted(count: int, part: str) -> str:
    return f"{count} {part if count == 1 else {'category': 'categories'}.get(part, f'{part}s')}"


def _in_blueprint(change: Change) -> bool:
    return change.place[:1] == ("blueprint",)


def _told(change: Change, before: Ladder, after: Ladder) -> Told:
    words = change.kind is Kind.REWORDED
    if change.kind in (Kind.ADDED, Kind.REMOVED):
        old, new = _says(change.before), _says(change.after)
    else:
        old, new = _text(change.field, change.before, before), _text(change.field, change.after, after)
    steps = [change.kind.value, *change.place, *([change.field] if change.field else [])]
    return Told(
        change, _name(change, after), _field(change), old, new, runs(old, new) if words else (), ".".join(steps),
        _href(change, before if change.kind is Kind.REMOVED else after),
    )  # fmt: skip


def _field(change: Change) -> str:
    if change.kind is Kind.REORDERED:
        return change.field.replace("_", " ").capitalize()
    return FIELDS.get(change.field, change.field)


def _name(change: Change, after: Ladder) -> str:
    names = change.names[1:] if _in_blueprint(change) and len(change.names) > 1 else change.names
    return ", ".join(it if len(it) <= MOST_LETTERS else f"{it[:MOST_LETTERS]}…" for it in names) or after.title


def _says(thing: Any) -> str:
    """The words of a thing that is new or taken out."""
    return next(
        (getattr(thing, name) for name in ("statement", "text", "summary", "measures") if hasattr(thing, name)), ""
    )


def _href(change: Change, ladder: Ladder) -> str:
    here = f"/ladders/{ladder.id}/{ladder.version}"
    match change.place:
        case ("skills", skill):
            return f"{here}/skills/{skill}"
        case ("skills", skill, "expectations", level):
            return f"{here}/skills/{skill}#{level}"
        case ("levels", _):
            return f"{here}#rungs"
        case ("categories", category):
            return f"{here}?levels=all#category-{category}"
        case ("blueprint", *_):
            return f"{here}/blueprint"
    return f"{here}#about"


def _text(field: str, value: Any, ladder: Ladder) -> str:
    """A value as it reads, with titles for ids."""
    match value:
        case None:
            return ""
        case Source(document, section, reason):
            parts = ["added by the house" if document == HOUSE else _document(ladder, document), section, reason]
            return ", ".join(part for part in parts if part)
        case tuple():
            joint = "\n" if field in ("indicators", "counter_indicators") else ", "
            return joint.join(_text(field.removesuffix("s"), it, ladder) for it in value)
        case float():
            return f"{value * 100:g} %"
        case dict():
            return ", ".join(value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return ", ".join(str(it) for it in asdict(value).values() if it)
    return _titles(field, ladder).get(value, str(value))


def _document(ladder: Ladder, id_: str) -> str:
    return ladder.documents.get(id_, Document(id_)).title


def _titles(field: str, ladder: Ladder) -> dict[Any, str]:
    match field:
        case "level" | "from_level" | "to_level":
            return {it.id: it.title for it in ladder.levels}
        case "category" | "categorie":
            return {it.id: it.title for it in ladder.categories}
        case "skill":
            return {it.id: it.name for it in ladder.skills}
    return {}
