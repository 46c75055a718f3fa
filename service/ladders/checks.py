"""What must hold between the parts of a ladder's files, beyond their shape.

The checks read plain data that may have any shape, and look only at what is shaped well enough: so a file's misspelt
field and its unknown level are reported together.
"""

from collections.abc import Collection, Iterator
from typing import Any

from service.ladders.hints import suggest
from service.ladders.rules import HOUSE, Ladder, duplicates
from service.ladders.yamltext import FileProblem, Parsed, Path, shown

FORMER = {"levels": "level", "skills": "skill"}
"""The lists whose entries may say what they were in the version before, and the word for one of them."""
Lists = tuple[tuple[str, ...], ...]
LADDER_LISTS: Lists = (("levels",), ("categories",), ("skills",))
BLUEPRINT_LISTS: Lists = (
    ("sections",),
    ("sections", "*", "groups"),
    ("sections", "*", "groups", "*", "items"),
    ("goals", "*", "goals"),
    ("goals", "*", "evidence"),
    ("kpis", "items"),
    ("kpis", "notes"),
    ("scorecard", "dimensions"),
    ("skills",),
    ("promotion", "*", "criteria"),
    ("starting_points", "areas"),
    ("starting_points", "areas", "*", "measures"),
    ("starting_points", "areas", "*", "starts"),
    ("starting_points", "areas", "*", "projects"),
    ("starting_points", "areas", "*", "targets"),
    ("starting_points", "notes"),
)


def ladder_problems(parsed: Parsed) -> Iterator[FileProblem]:
    """What is wrong within ladder.yaml."""
    yield from _duplicate_ids(parsed, LADDER_LISTS)
    yield from _sources(parsed)
    yield from _categories(parsed)
    yield from _expectations(parsed)
    yield from _former_ids(parsed)
    named = {text for name in ("version", "supersedes") for _, text in texts(parsed.data, name)}
    if len(named) == 1 and each(parsed.data, "supersedes"):
        yield parsed.problem(("supersedes",), "supersedes", "a version cannot supersede itself; name the one before it")


def blueprint_problems(parsed: Parsed, ladder: Any) -> Iterator[FileProblem]:
    """What is wrong within blueprint.yaml, and between it and the data of `ladder` (None where there is none)."""
    yield from _duplicate_ids(parsed, BLUEPRINT_LISTS)
    yield from _repeated(parsed, texts(parsed.data, "goals", "*", "horizon"), "horizon")
    yield from _sources(parsed)
    yield from _section_numbers(parsed)
    yield from _weights(parsed)
    if isinstance(ladder, dict):
        yield from _same_version(parsed, ladder)
        yield from _skill_lists(parsed, ladder, "skills", "*", "skills")
        yield from _skill_lists(parsed, ladder, "starting_points", "areas", "*", "skills")
        yield from _promotion(parsed, ladder)


def each(data: Any, *steps: str) -> list[tuple[Path, Any]]:
    """Every (path, value) that `steps` lead to; "*" stands for all entries of a list. Other shapes are passed over."""
    found: list[tuple[Path, Any]] = [((), data)]
    for step in steps:
        found = [((*path, key), child) for path, value in found for key, child in _children(value, step)]
    return found


def _children(value: Any, step: str) -> Iterator[tuple[str | int, Any]]:
    if step == "*" and isinstance(value, list):
        yield from enumerate(value)
    elif isinstance(value, dict) and step in value:
        yield step, value[step]


def texts(data: Any, *steps: str) -> list[tuple[Path, str]]:
    """The same, for values that are text."""
    return [(path, value) for path, value in each(data, *steps) if isinstance(value, str)]


def _duplicate_ids(parsed: Parsed, lists: Lists) -> Iterator[FileProblem]:
    for steps in lists:
        for path, entries in each(parsed.data, *steps):
            ids = [((*path, *end), value) for end, value in texts(entries, "*", "id")]
            yield from _repeated(parsed, ids, "id")


def _unknown(parsed: Parsed, path: Path, what: str, word: str, known: Collection[str]) -> Iterator[FileProblem]:
    """A problem where `word` is not known; none where nothing is, since then the list itself is missing."""
    if known and word not in known:
        yield parsed.problem(path, "unknown-id", f"unknown {what} {shown(word)}{suggest(word, known)}")


def _repeated(parsed: Parsed, values: list[tuple[Path, str]], what: str) -> Iterator[FileProblem]:
    first: dict[str, Path] = {}
    for path, value in values:
        first.setdefault(value, path)
    for place in duplicates(value for _, value in values):
        path, value = values[place]
        where = parsed.where(first[value])
        yield parsed.problem(path, "duplicate-id", f"the {what} {shown(value)} stands here twice, first {where}")


def _former_ids(parsed: Parsed) -> Iterator[FileProblem]:
    """What levels and skills were is said once, of what is superseded, and of nothing that is still there."""
    supersedes = each(parsed.data, "supersedes")
    for name, part in FORMER.items():
        ids = {value for _, value in texts(parsed.data, name, "*", "id")}
        former = texts(parsed.data, name, "*", "was")
        yield from _repeated(parsed, former, "former id")
        for path, was in former:
            if not supersedes:
                words = (
                    "there is no version before, so nothing was called otherwise; add 'supersedes: …' or take it out"
                )
                yield parsed.problem(path, "no-supersedes", words)
            if was in ids:
                words = (
                    f"{shown(was)} is the id of a {part} here still, so it cannot be what another one was; take it out"
                )
                yield parsed.problem(path, "former-id", words)


def unknown_former_ids(ladder: Ladder, superseded: Ladder) -> Iterator[tuple[Path, str]]:
    """Every `was` that names nothing of the superseded version: its place in the data of ladder.yaml, and what is wrong."""
    for name, part in FORMER.items():
        known = [it.id for it in getattr(superseded, name)]
        for place, it in enumerate(getattr(ladder, name)):
            if it.was is not None and it.was not in known:
                before = f"{superseded.title} {superseded.version}"
                words = f"the {part} {it.id!r} cannot have been {it.was!r}: {before} has no such {part}"
                yield (name, place, "was"), words + suggest(it.was, known)


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _sources(parsed: Parsed) -> Iterator[FileProblem]:
    """Documents exist, and what is the house's own says why."""
    documents: Any = next((value for _, value in each(parsed.data, "documents")), {})
    known = [HOUSE, *documents] if isinstance(documents, dict) else [HOUSE]
    if isinstance(documents, dict) and HOUSE in documents:
        words = f"the document {HOUSE!r} is always there; name yours otherwise"
        yield parsed.problem(("documents", HOUSE), "duplicate-id", words, key=True)
    for path, source in _all_sources(parsed):
        document = source.get("document")
        if not isinstance(document, str):
            continue
        if document not in known:
            yield from _unknown(parsed, (*path, "document"), "document", document, known)
        elif document == HOUSE and source.get("reason") is None:
            yield parsed.problem((*path, "reason"), "no-reason", "what the house added needs a reason; add 'reason: …'")
        elif document != HOUSE and source.get("section") is None:
            yield parsed.problem((*path, "section"), "no-section", "a document needs the section; add 'section: …'")


def _all_sources(parsed: Parsed) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in parsed.places:
        if path[-1:] == ("source",) and not any("\x00" in str(step) for step in path):
            value = _at(parsed.data, path)
            if isinstance(value, dict):
                yield path, value


def _categories(parsed: Parsed) -> Iterator[FileProblem]:
    known = dict.fromkeys(value for _, value in texts(parsed.data, "categories", "*", "id"))
    for path, category in texts(parsed.data, "skills", "*", "category"):
        yield from _unknown(parsed, path, "category", category, known)


def _expectations(parsed: Parsed) -> Iterator[FileProblem]:
    """Levels are known and rise within a skill, and on every level something begins."""
    levels = _levels(parsed.data)
    begun = set()
    for skill_path, skill in each(parsed.data, "skills", "*"):
        before = ("", -1)
        for end, level in texts(skill, "expectations", "*", "level"):
            path = (*skill_path, *end)
            begun.add(level)
            if level not in levels:
                yield from _unknown(parsed, path, "level", level, levels)
                continue
            if level == before[0]:
                yield parsed.problem(
                    path, "duplicate-level", f"the skill has two expectations at {shown(level)}; make them one"
                )
            elif levels[level] < before[1]:
                words = f"{shown(level)} stands after {shown(before[0])}; put expectations in the order of the levels"
                yield parsed.problem(path, "level-order", words)
            before = max(before, (level, levels[level]), key=lambda pair: pair[1])
    if begun and begun <= levels.keys():
        yield from _empty_levels(parsed, begun)


def _empty_levels(parsed: Parsed, begun: set[str]) -> Iterator[FileProblem]:
    for path, level in texts(parsed.data, "levels", "*", "id"):
        if level not in begun:
            words = f"no expectation begins at level {shown(level)}, so it is no rung; add one or take the level out"
            yield parsed.problem(path, "missing-level", words)


def _levels(ladder: Any) -> dict[str, int]:
    """Level id → its place, 0 for the lowest."""
    return {level: place for place, (_, level) in enumerate(texts(ladder, "levels", "*", "id"))}


def _section_numbers(parsed: Parsed) -> Iterator[FileProblem]:
    before = 0
    for path, number in each(parsed.data, "sections", "*", "number"):
        if isinstance(number, int):
            if number <= before:
                words = f"section {number} stands after section {before}; number them upwards and each once"
                yield parsed.problem(path, "section-order", words)
            before = max(before, number)


def _weights(parsed: Parsed) -> Iterator[FileProblem]:
    weights = [value for _, value in each(parsed.data, "scorecard", "dimensions", "*", "weight")]
    if weights and all(isinstance(weight, int) for weight in weights) and sum(weights) != 100:
        words = f"the weights add up to {sum(weights)} %; make them 100 %"
        yield parsed.problem(("scorecard", "dimensions"), "weights", words)


def _same_version(parsed: Parsed, ladder: dict[str, Any]) -> Iterator[FileProblem]:
    for name in ("ladder", "version"):
        theirs = ladder.get(name)
        for path, ours in texts(parsed.data, name):
            if isinstance(theirs, str) and ours != theirs:
                words = f"{name} is {shown(ours)} here and {shown(theirs)} in ladder.yaml"
                yield parsed.problem(path, "other-version", words)


def _skill_lists(parsed: Parsed, ladder: dict[str, Any], *steps: str) -> Iterator[FileProblem]:
    """Skills are those of the ladder, each once in its list."""
    known = dict.fromkeys(value for _, value in texts(ladder, "skills", "*", "id"))
    for path, group in each(parsed.data, *steps):
        ids = [((*path, *end), value) for end, value in texts(group, "*")]
        yield from _repeated(parsed, ids, "skill")
        for at, skill in ids:
            yield from _unknown(parsed, at, "skill", skill, known)


def _promotion(parsed: Parsed, ladder: dict[str, Any]) -> Iterator[FileProblem]:
    levels = _levels(ladder)
    for path, promotion in each(parsed.data, "promotion", "*"):
        ends = dict(texts(promotion, "from") + texts(promotion, "to"))
        for end, level in ends.items():
            if level not in levels:
                yield parsed.problem(
                    (*path, *end), "unknown-id", f"unknown level {shown(level)}{suggest(level, levels)}"
                )
        below, above = ends.get(("from",), ""), ends.get(("to",), "")
        if below in levels and above in levels and levels[below] + 1 != levels[above]:
            words = f"{shown(above)} is not the level above {shown(below)}; name two neighbours"
            yield parsed.problem((*path, "to"), "level-order", words)
        if above in levels:
            yield from _criteria(parsed, path, promotion, above, ladder)


def _criteria(parsed: Parsed, path: Path, promotion: Any, above: str, ladder: dict[str, Any]) -> Iterator[FileProblem]:
    """Each criterion is an expectation of its skill that begins at the level above."""
    skills = {
        skill["id"]: skill for _, skill in each(ladder, "skills", "*") if isinstance(skill, dict) and texts(skill, "id")
    }
    for end, skill in texts(promotion, "criteria", "*", "skill"):
        at = (*path, *end)
        if skill not in skills:
            yield from _unknown(parsed, at, "skill", skill, skills)
        elif above not in [level for _, level in texts(skills[skill], "expectations", "*", "level")]:
            words = f"the skill {shown(skill)} has no expectation that begins at {shown(above)}; add it in ladder.yaml"
            yield parsed.problem(at, "no-expectation", words)
