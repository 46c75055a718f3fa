"""What a foreign file leaves open, filled in by rules that are told: nothing is invented silently. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from service.formats.names import shortened, slug
from service.formats.rules import Note, Understood, times

Data = dict[str, Any]
Words = Mapping[Any, Any]

ASKED = ("title", "ladder", "version", "family", "dated", "supersedes")
"""The fields of ladder.yaml that a person gives, or confirms, beside a file."""
DOCUMENT = "imported"
UNDESCRIBED = "No description yet."
"""The same for all, so that two versions of a file do not differ in words that neither says."""
MOST_LINES, LONGEST_NAME = 20, 200
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:[._-]?([1-9]\d?))?(?!\d)")
_DAY = re.compile(r"(?<!\d)(20\d\d)[._-]?(0[1-9]|1[0-2])[._-]?(0[1-9]|[12]\d|3[01])(?!\d)")


def fill(understood: Understood, fields: Mapping[str, str], name: str, today: date) -> Understood:
    """`understood`, with `fields` over what the file called `name` says. A ladder of ours is otherwise left as it is; in any
    other what is missing is filled in: from the file's name, from `today`, from what stands beside it."""
    if understood.ladder is None:
        return understood
    given = {field: fields[field] for field in ASKED if fields.get(field)}
    if "format" in understood.ladder:
        blueprint = understood.blueprint
        if blueprint is not None:
            blueprint = blueprint | {field: given[field] for field in ("ladder", "version") if field in given}
        return replace(understood, ladder=understood.ladder | given, blueprint=blueprint)
    filling = _Filling(fields.get("requirement") or "must")
    data = filling.ladder(understood.ladder | given, name, today)
    return replace(understood, ladder=data, notes=(*understood.notes, *filling.told()))


class _Filling:
    """Counts what it fills in, so that each rule is told once."""

    def __init__(self, requirement: str) -> None:
        self.requirement = requirement
        self.counts: Counter[str] = Counter()

    def told(self) -> Iterator[Note]:
        for rule, count in self.counts.items():
            yield Note("", times(rule, count))

    def ladder(self, data: Data, name: str, today: date) -> Data:
        stem = name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1].rsplit(".", 1)[0]
        title = data.get("title") or guess_title(stem)
        id_ = data.get("ladder") or slug(str(title))
        top = {
            "format": "nextrung-ladder/1",
            "ladder": id_,
            "version": data.get("version") or guess_version(stem, today),
            "title": title,
            "family": data.get("family") or id_,
            "dated": data.get("dated") or guess_day(stem, today),
            "summary": data.get("summary") or self.noted(
                f"The levels and skills of {title}.", "The ladder has no summary; one was made of its title."
            ),
            "documents": data.get("documents") or {DOCUMENT: {"title": shortened(name or str(title), LONGEST_NAME)}},
        }  # fmt: skip
        source = next(iter(top["documents"]), DOCUMENT) if isinstance(top["documents"], dict) else DOCUMENT
        categories = data.get("categories") or [{"id": "skills", "title": "Skills"}]
        titles = {each.get("id"): each.get("title") for each in categories if isinstance(each, dict)}
        levels = [self.level(level, source) for level in data.get("levels") or ()]
        first = categories[0].get("id") if isinstance(categories[0], dict) else None
        named = {level.get("id"): str(level.get("title")) for level in levels if isinstance(level, dict)}
        skills = [self.skill(skill, source, first, titles, named) for skill in data.get("skills") or ()]
        return data | top | {"levels": levels, "categories": categories, "skills": skills}

    def level(self, level: Any, source: str) -> Any:
        if not isinstance(level, dict):
            return level
        title = level.get("title") or level.get("id")
        summary = level.get("summary") or self.noted(UNDESCRIBED, f"A level has no description: “{UNDESCRIBED}”")
        where = {"document": source, "section": shortened(str(title), LONGEST_NAME)}
        return {"title": title, "source": where} | level | {"summary": summary}

    def skill(self, skill: Any, source: str, category: Any, titles: Words, levels: Words) -> Any:
        if not isinstance(skill, dict):
            return skill
        name = str(skill.get("name") or skill.get("id"))
        skill = self.with_short_name(skill | {"name": name})
        begun = [
            self.expectation(each, source, name, levels) if isinstance(each, dict) else each
            for each in skill.get("expectations") or ()
        ]
        filled = dict(skill)
        filled.setdefault("category", category)
        if not filled.get("importance"):
            filled["importance"] = self.noted("important", "Nothing says how important a skill is: it is “important”.")
        if not filled.get("summary"):
            filled["summary"] = self.noted(UNDESCRIBED, f"A skill has no description: “{UNDESCRIBED}”")
        section = str(titles.get(filled["category"]) or name)
        filled.setdefault("source", {"document": source, "section": shortened(section, LONGEST_NAME)})
        return filled | {"expectations": begun}

    def with_short_name(self, skill: Data) -> Data:
        name = skill["name"]
        if len(name) <= LONGEST_NAME:
            return skill
        words = "A skill has a name of more than 200 characters: it is cut, and stands in full in the description."
        summary = f"{name}\n\n{skill['summary']}" if skill.get("summary") else name
        return skill | {"name": self.noted(shortened(name, LONGEST_NAME), words), "summary": summary}

    def expectation(self, given: Data, source: str, skill: str, levels: Words) -> Data:
        filled = dict(given)
        if not filled.get("requirement"):
            words = f"Nothing says how firm an expectation is: it is a “{self.requirement}”."
            filled["requirement"] = self.noted(self.requirement, words)
        lines = filled.get("indicators") or ()
        if not filled.get("statement") and lines:
            filled |= {"statement": lines[0], "indicators": list(lines[1:])}
        for field in ("indicators", "counter_indicators"):
            lines = filled.get(field) or ()
            if len(lines) > MOST_LINES:
                words = f"A list has more than {MOST_LINES} lines: the last one holds the rest."
                rest = self.noted("\n".join(map(str, lines[MOST_LINES - 1 :])), words)
                filled[field] = [*lines[: MOST_LINES - 1], rest]
        section = f"{shortened(skill, 150)}, {shortened(str(levels.get(filled.get('level')) or ''), 45)}"
        filled.setdefault("source", {"document": source, "section": section.removesuffix(", ")})
        return filled

    def noted(self, value: str, rule: str) -> str:
        self.counts[rule] += 1
        return value


def guess_title(stem: str) -> str:
    """A file's name as a title, without its date.

    >>> guess_title("engineering_ladder-2026.2"), guess_title("2026-01-31 Tester")
    ('Engineering ladder', 'Tester')
    """
    words = re.sub(r"[\s_+-]+", " ", _YEAR.sub(" ", _DAY.sub(" ", stem))).strip(" .,()")
    return shortened(words[:1].upper() + words[1:], 100) or "Ladder"


def guess_version(stem: str, today: date) -> str:
    """The year in a file's name, else this one, with the number behind it.

    >>> guess_version("ladder-2026.2", date(2027, 1, 1)), guess_version("ladder", date(2027, 1, 1))
    ('2026.2', '2027.1')
    """
    found = _DAY.search(stem) or _YEAR.search(stem)
    return f"{found[1]}.{int(found[2] or 1)}" if found else f"{today.year}.1"


def guess_day(stem: str, today: date) -> str:
    """The day in a file's name, else today."""
    found = _DAY.search(stem)
    return "-".join(found.groups()) if found else today.isoformat()
