"""A mapping for nested data of a common shape, guessed from names and from what repeats. Pure."""

from collections.abc import Iterator
from typing import Any

from service.formats.mapped.paths import as_text
from service.formats.matrix.vocabulary import is_level
from service.formats.names import slug

Data = dict[str, Any]
Pattern = tuple[str, ...]
Said = dict[Pattern, dict[str, set[str]]]
"""By the path to some entries: the texts of each of their fields."""

MOST_DEPTH, MOST_ENTRIES, MOST_PATTERNS = 8, 400, 300
_LEVELS = ("level", "grade", "stage", "band", "rung", "seniority", "rank", "step", "milestone", "proficiencylevel")
_LEVEL_LISTS = (
    "levels",
    "milestones",
    "stages",
    "grades",
    "steps",
    "rungs",
    "proficiencies",
    "proficiencylevels",
    "bands",
)
_SKILLS = (
    "skill",
    "competency",
    "competence",
    "theme",
    "topic",
    "track",
    "area",
    "dimension",
    "attribute",
    "capability",
    "category",
)
_NAMES = ("name", "title", "displayname", "label", "skill", "competency", "topic", "text")
_IDS = ("id", "key", "slug", "path", "code", "identifier", "uuid")
_STATEMENTS = (
    "statement",
    "summary",
    "description",
    "expectation",
    "text",
    "content",
    "definition",
    "criteria",
    "detail",
    "details",
    "body",
)
_LISTS = (
    "indicators",
    "examples",
    "signals",
    "criteria",
    "behaviors",
    "behaviours",
    "expectations",
    "evidence",
    "bullets",
    "items",
    "points",
)
_COUNTERS = ("counterindicators", "antipatterns", "redflags", "counter", "negatives", "smells")
_ABOUT = ("summary", "description", "about", "definition", "detail", "details")
_CATEGORIES = ("category", "group", "domain", "area", "pillar", "theme", "type")


def guess(data: Any) -> Data | None:
    """The likeliest mapping, as data of its file; None where nothing repeats as the levels of skills do."""
    found = _Patterns(data).found
    said = {pattern: _said(entries) for pattern, entries in found.items()}
    best: tuple[int, Data] | None = None
    for pattern, entries in found.items():
        for made in _mappings(pattern, entries, found, said):
            if best is None or len(entries) > best[0]:
                best = (len(entries), made)
    return best[1] | _head(data) if best else None


class _Patterns:
    """Every list of the data, and every object whose names are ids, by the path to its entries."""

    def __init__(self, data: Any) -> None:
        self.found: dict[Pattern, list[tuple[str, Any]]] = {}
        self.visit(data, ())

    def visit(self, value: Any, pattern: Pattern) -> None:
        if len(pattern) > MOST_DEPTH or len(self.found) > MOST_PATTERNS:
            return
        if isinstance(value, list) or (isinstance(value, dict) and _is_map(value)):
            entries = list(value.items() if isinstance(value, dict) else enumerate(value))[:MOST_ENTRIES]
            kept = self.found.setdefault((*pattern, "*"), [])
            if len(kept) < MOST_ENTRIES:
                kept += [(str(key), inner) for key, inner in entries]
                for _, inner in entries:
                    self.visit(inner, (*pattern, "*"))
        elif isinstance(value, dict):
            for name, inner in value.items():
                self.visit(inner, (*pattern, str(name)))


def _is_map(value: Data) -> bool:
    """Whether the names of an object are ids and no fields: levels, or objects that are alike."""
    keys = [str(key) for key in value]
    if len(keys) >= 2 and sum(map(is_level, keys)) >= len(keys) * 0.6:
        return True
    entries = [set(inner) for inner in value.values() if isinstance(inner, dict)]
    if len(entries) < 2 or len(entries) < len(keys):
        return False
    return bool(set.intersection(*entries)) or all(_is_map(inner) for inner in value.values())


def _mappings(
    pattern: Pattern, entries: list[tuple[str, Any]], found: dict[Pattern, list[tuple[str, Any]]], said: Said
) -> Iterator[Data]:
    level = _level(pattern, entries) if entries else ""
    if not level:
        return
    fields = _fields(entries)
    texts = _texts_of(entries, fields)
    stars = [place for place, step in enumerate(pattern[:-1]) if step == "*"]
    skill = _named(_with_words(entries, fields), _SKILLS)
    if skill and level in fields and texts:
        if (own := _named(fields, _IDS)) and _are_skills(entries, skill, level):
            levels = _lists_of(found, said, level, skill, entries)
            each = {"each": _joined(pattern), "id": own, "name": texts.get("statement", own), "category": skill}
            yield {name: made for name, made in levels.items() if name == "levels"} | {
                "skills": each,
                "expectations": {"each": ".", "level": level} | texts,
            }
            return
        lists = _lists_of(found, said, level, skill, entries)
        yield lists | {"expectations": {"each": _joined(pattern), "skill": skill, "level": level} | texts}
    elif stars and texts:
        outer, inner = pattern[: stars[-1] + 1], pattern[stars[-1] + 1 :]
        yield {"skills": _skills(outer, found), "expectations": {"each": _joined(inner), "level": level} | texts}
    elif fields or _holds_objects(entries):
        yield from _by_level(pattern, entries, level, found)
        if texts and level == "{key}":
            only = {"each": ".", "name": "=Skill"}
            yield {"skills": only, "expectations": {"each": _joined(pattern), "level": level} | texts}


def _are_skills(entries: list[tuple[str, Any]], skill: str, level: str) -> bool:
    """Whether what looks like a skill is a theme, with many entries that have ids of their own at each level."""
    pairs = {(as_text(value.get(skill)), as_text(value.get(level))) for _, value in entries if isinstance(value, dict)}
    return len(entries) > 3 * len(pairs)


def _by_level(
    pattern: Pattern, entries: list[tuple[str, Any]], level: str, found: dict[Pattern, list[tuple[str, Any]]]
) -> Iterator[Data]:
    """Levels first, and the skills below each."""
    for inner, below in found.items():
        if (
            below
            and inner[: len(pattern)] == pattern
            and inner[-1] == "*"
            and inner.count("*") == pattern.count("*") + 1
        ):
            fields = _fields(below)
            texts = _texts_of(below, fields)
            name = _named(fields, _NAMES) or ("{key}" if not below[0][0].isdecimal() else "")
            if texts and name and len(below) > len(entries):
                up = f"^{level}" if level.startswith("{") else f"^.{level}"
                about = _about(_fields(entries) - {level}, "")
                listed = {} if level.startswith("{") else {"levels": {"each": _joined(pattern), "id": level} | about}
                yield listed | {"expectations": {"each": _joined(inner), "skill": name, "level": up} | texts}


def _level(pattern: Pattern, entries: list[tuple[str, Any]]) -> str:
    """The expression of the level of these entries; "" where they are none of levels."""
    fields = _fields(entries)
    if named := _named(fields, _LEVELS):
        return named if any(as_text(value.get(named)) for _, value in entries if isinstance(value, dict)) else ""
    if not entries[0][0].isdecimal():
        return "{key}" if sum(is_level(key) for key, _ in entries) >= len(entries) * 0.6 else ""
    name = _named(fields, _NAMES)
    titles = [as_text(value.get(name)) for _, value in entries if isinstance(value, dict)] if name else []
    if titles and sum(map(is_level, titles)) >= len(titles) * 0.6:
        return name
    listed = len(pattern) > 1 and _bare(pattern[-2]) in _LEVEL_LISTS
    if not listed or "*" not in pattern[:-1]:
        return ""
    return name if titles and len(set(titles)) * 2 <= len(titles) else "{number}"


def _lists_of(
    found: dict[Pattern, list[tuple[str, Any]]], said: Said, level: str, skill: str, entries: list[tuple[str, Any]]
) -> Data:
    """The lists that these entries name their levels and skills by."""
    made: Data = {}
    for group, name in (("levels", level), ("skills", skill)):
        wanted = {as_text(value.get(name)) for _, value in entries if isinstance(value, dict)} - {""}
        for pattern, listed in found.items():
            fields = set(said[pattern])
            ids = next((each for each, texts in said[pattern].items() if wanted and wanted <= texts), "")
            if ids and listed is not entries:
                made[group] = {"each": _joined(pattern), "id": ids} | _about(
                    fields - {ids}, "title" if group == "levels" else "name"
                )
                break
            if wanted and wanted <= {key for key, _ in listed} and fields:
                made[group] = {"each": _joined(pattern), "id": "{key}"} | _about(
                    fields, "title" if group == "levels" else "name"
                )
                break
    return made


def _skills(pattern: Pattern, found: dict[Pattern, list[tuple[str, Any]]]) -> Data:
    entries = found[pattern]
    fields = _fields(entries)
    made: Data = {"each": _joined(pattern)}
    if not entries[0][0].isdecimal():
        made["id"] = "{key}"
    elif named := _named(fields, _IDS):
        made["id"] = named
    made |= _about(fields, "name")
    if {"name", "title"} <= fields and "id" not in made and _are_ids(entries, "name"):
        made |= {"id": "name", "name": "title"}
    if "name" not in made and not entries[0][0].isdecimal():
        made["name"] = "{key}"
    category = _named(fields - set(made.values()), _CATEGORIES)
    if category:
        made["category"] = category
    elif (stars := [place for place, step in enumerate(pattern[:-1]) if step == "*"]) and found[
        pattern[: stars[-1] + 1]
    ]:
        outer = found[pattern[: stars[-1] + 1]]
        named = _named(_fields(outer), _NAMES)
        if named or not outer[0][0].isdecimal():
            made["category"] = f"^.{named}" if named else "^{key}"
    return made


def _about(fields: set[str], name: str) -> Data:
    named, about = _named(fields, _NAMES), _named(fields, _ABOUT)
    return ({name: named} if name and named else {}) | ({"summary": about} if about else {})


def _texts_of(entries: list[tuple[str, Any]], fields: set[str]) -> Data:
    objects = sum(isinstance(value, dict) for _, value in entries)
    return _texts(fields) if objects * 2 > len(entries) else {"statement": "."}


def _texts(fields: set[str]) -> Data:
    counters = _named(fields, _COUNTERS)
    statement = _named(fields, _STATEMENTS)
    lists = _named(fields - {statement, counters}, _LISTS)
    made = {"statement": statement, "indicators": lists, "counter_indicators": counters}
    return {name: field for name, field in made.items() if field} if statement or lists else {}


def _fields(entries: list[tuple[str, Any]]) -> set[str]:
    return {str(name) for _, value in entries if isinstance(value, dict) for name in value if _plain_name(str(name))}


def _said(entries: list[tuple[str, Any]]) -> dict[str, set[str]]:
    """Field → its texts, gathered once: what names what is looked up many times."""
    found: dict[str, set[str]] = {field: set() for field in sorted(_fields(entries))}
    for _, value in entries:
        for name, text in value.items() if isinstance(value, dict) else ():
            if str(name) in found:
                found[str(name)].add(as_text(text))
    return found


def _are_ids(entries: list[tuple[str, Any]], name: str) -> bool:
    texts = [as_text(value.get(name)) for _, value in entries if isinstance(value, dict)]
    return all(text and slug(text) == text for text in texts)


def _with_words(entries: list[tuple[str, Any]], fields: set[str]) -> set[str]:
    return {name for name in fields if any(as_text(value.get(name)) for _, value in entries if isinstance(value, dict))}


def _plain_name(name: str) -> bool:
    return (name.strip() == name and bool(name) and not set(name) & set('".{}=^ ')) or (" " in name and '"' not in name)


def _named(fields: set[str], names: tuple[str, ...]) -> str:
    """The field that is called by the first of these names."""
    by_name = {_bare(field): field for field in sorted(fields, reverse=True)}
    return next((_quoted(by_name[name]) for name in names if name in by_name), "")


def _bare(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _holds_objects(entries: list[tuple[str, Any]]) -> bool:
    return any(isinstance(value, dict | list) for _, value in entries)


def _joined(pattern: Pattern) -> str:
    return ".".join(step if step == "*" else _quoted(step) for step in pattern)


def _quoted(name: str) -> str:
    return f'"{name}"' if set(name) & set(".{}=^ ") or name.isdecimal() else name


def _head(data: Any) -> Data:
    fields = {str(name) for name, value in data.items() if as_text(value)} if isinstance(data, dict) else set()
    title, summary = _named(fields, ("title", "name")), _named(fields, _ABOUT)
    return ({"title": title} if title else {}) | ({"summary": summary} if summary else {})
