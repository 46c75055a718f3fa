"""A ladder → Markdown by headings: texts in the body, everything else in the front matter. Pure.

The body says what people read: `## category`, `### skill`, `#### level`, a paragraph for the statement, a list of indicators, and
below `##### Not yet` the counter-indicators. In braces behind a heading stands its id.
"""

from collections.abc import Iterator
from typing import Any

from service.formats.markdown.inline import escaped, paragraphs
from service.formats.texts import Data
from service.ladders.yamlwriting import to_yaml

LEVELS, NOT_YET = "Levels", "Not yet"


def to_markdown(data: Data, exact: list[Data]) -> str:
    """`exact` are texts that Markdown cannot hold sign by sign, with how they read here."""
    front = front_matter(data) | ({"exact": exact} if exact else {})
    return f"---\n{to_yaml(front)}---\n\n{chr(10).join(_body(data))}\n"


def front_matter(data: Data) -> Data:
    """What is no text, by the ids of what it belongs to."""
    names = ("format", "ladder", "version", "family", "dated", "supersedes", "gates", "documents")
    front: Data = {name: data[name] for name in names if name in data}
    front["levels"] = {level["id"]: _some(level, "was", "source") for level in data["levels"]}
    front["categories"] = [category["id"] for category in data["categories"]]
    front["skills"] = {
        skill["id"]: _some(skill, "was", "importance", "source")
        | {"expectations": {each["level"]: _some(each, "requirement", "source") for each in skill["expectations"]}}
        for skill in data["skills"]
    }
    return front | _some(data, "carried")


def _some(data: Data, *names: str) -> Data:
    return {name: data[name] for name in names if name in data}


def _body(data: Data) -> Iterator[str]:
    yield from _heading(1, data["title"], "")
    yield from _words(data["summary"])
    yield from _heading(2, LEVELS, "{.levels}")
    for level in data["levels"]:
        yield from _heading(3, level["title"], f"{{#{level['id']}}}")
        yield from _words(level["summary"])
    titles = {level["id"]: level["title"] for level in data["levels"]}
    unused = {category["id"] for category in data["categories"]} - {skill["category"] for skill in data["skills"]}
    categories = {category["id"]: category["title"] for category in data["categories"]}
    for id_ in sorted(unused):
        yield from _heading(2, categories[id_], f"{{#{id_}}}")
    now = None
    for skill in data["skills"]:
        if skill["category"] != now:
            now = skill["category"]
            yield from _heading(2, categories[now], f"{{#{now}}}")
        yield from _skill(skill, titles)


def _skill(skill: Data, titles: Data) -> Iterator[str]:
    yield from _heading(3, skill["name"], f"{{#{skill['id']}}}")
    yield from _words(skill["summary"])
    for expectation in skill["expectations"]:
        level = expectation["level"]
        yield from _heading(4, titles[level], f"{{#{level}}}")
        yield from _words(expectation["statement"])
        yield from _list(expectation.get("indicators"))
        if expectation.get("counter_indicators"):
            yield from _heading(5, NOT_YET, "{.not-yet}")
            yield from _list(expectation["counter_indicators"])


def _heading(depth: int, title: str, marks: str) -> Iterator[str]:
    yield f"{'#' * depth} {escaped(title)} {marks}".rstrip()
    yield ""


def _words(text: str) -> Iterator[str]:
    yield from paragraphs(text)
    yield ""


def _list(entries: Any) -> Iterator[str]:
    for entry in entries or ():
        first, *others = paragraphs(entry)
        yield f"- {first}"
        yield from (f"  {line}".rstrip() for line in others)
    if entries:
        yield ""
