"""Whether an objective or key result is worded as a task, and whether it holds a figure, by lists of words in words/*.yaml.

A language is a file: nothing here knows English or German. Every text is held against every language, since people mix them.
"""

import re
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "words"

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
TOKEN = re.compile(r"\S+")
NUMBER = re.compile(r"(?P<sign>[€$£¥#]?)(?P<digits>\d+(?:[.,:’'  ]\d+)*)(?P<unit>\s?[%‰€$£¥]|[kKmM]\b|×|x\b)?")
YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Language:
    """The words by which one language is read, all casefolded.

    A task opens with one of `opens`, whatever words of `before` stand in front, or closes with one of `closes` (where verbs stand
    last) and holds none of `modals`. Words that are nouns too (`nouns`) count only before one of `articles` or a number. No task is
    meant where one of `unless` follows within three words: to build trust is to change something. `figures` are quantities in
    words.
    """

    language: str
    before: frozenset[str] = frozenset()
    opens: frozenset[str] = frozenset()
    closes: frozenset[str] = frozenset()
    modals: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()


@cache
def languages() -> tuple[Language, ...]:
    """Every file of words/, by name. Raises: TypeError for a list that is not known, ValueError for a word twice in one."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.yaml")))


def _read(path: Path) -> Language:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    known = {field.name for field in fields(Language)}
    if unknown := set(found) - known:
        raise TypeError(f"{path}: no list is called {', '.join(sorted(unknown))}.")
    words = {name: [str(word).casefold() for word in given] for name, given in found.items() if name != "language"}
    for name, given in words.items():
        if len(set(given)) < len(given):
            raise ValueError(f"{path}: a word is twice in {name}.")
    return Language(found["language"], **{name: frozenset(given) for name, given in words.items()})


def task_in(text: str) -> str | None:
    """The verb that makes a text a task, as it is written there; None for a result."""
    return next((verb for language in languages() if (verb := _task(text, language))), None)


def _task(text: str, language: Language) -> str | None:
    tokens = [found.group() for found in TOKEN.finditer(text)]
    words = [_bare(token) for token in tokens]
    start = next((place for place, word in enumerate(words) if word not in language.before), len(words))
    if start < len(words) and words[start] in language.opens:
        after = words[start + 1 : start + 4]
        is_verb = words[start] not in language.nouns or start > 0 or _is_object(tokens, words, start + 1, language)
        if is_verb and not language.unless.intersection(after):
            return tokens[start].strip(",.;:!?")
    if words and words[-1] in language.closes and not language.modals.intersection(words):
        return None if language.unless.intersection(words[-4:]) else tokens[-1].strip(",.;:!?")
    return None


def _is_object(tokens: list[str], words: list[str], place: int, language: Language) -> bool:
    """Whether what follows a verb is what it acts on: a word of `articles`, or a number."""
    return place < len(words) and (words[place] in language.articles or any(sign.isdigit() for sign in tokens[place]))


def _bare(token: str) -> str:
    found = WORD.search(token.casefold())
    return found.group() if found else ""


def figure_in(text: str) -> str | None:
    """The first figure in a text: a number as it is written there, or else a word for one, in small letters. Years and
    numbers in names (B2B, Q3, ISO 27001) are none."""
    for found in NUMBER.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        if not _is_name(found, before, after):
            return found.group().strip()
    lowered = f" {' '.join(WORD.findall(text.casefold()))} "
    return next((word for word in _figure_words() if f" {word} " in lowered), None)


@cache
def _figure_words() -> tuple[str, ...]:
    """Of all languages, the longest first."""
    every = (word for language in languages() for word in language.figures)
    return tuple(sorted(every, key=len, reverse=True))


def _is_name(number: re.Match[str], before: str, after: str) -> bool:
    """Whether a number is part of a name or a date rather than a quantity."""
    counts = number["sign"] not in ("", "#") or number["unit"]
    if counts:
        return False
    touches = re.search(r"[^\W\d_][-.]?$", before) or (
        re.match(r"-?[^\W\d_]", after) and not re.match(r"-?days?\b", after)
    )
    follows_name = re.search(r"\b[^\W\d_a-z]{2,}\s$", before)
    return bool(touches or follows_name or YEAR.fullmatch(number["digits"]))
