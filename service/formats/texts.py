"""The texts of a ladder by names that stand on ids, so that other files can hold them in their own order. Pure."""

from typing import Any

Data = dict[str, Any]
Ref = tuple[str | int, ...]
"""("title",), ("skills", "testing", "name"), ("expectations", "testing", "junior", "statement")."""


def texts_of(ladder: Data) -> dict[Ref, str]:
    """Every text of a ladder's data that people read, by its name."""
    texts: dict[Ref, str] = {
        (name,): ladder[name] for name in ("title", "summary") if isinstance(ladder.get(name), str)
    }
    for kind, fields in (("levels", ("title", "summary")), ("categories", ("title",)), ("skills", ("name", "summary"))):
        for each in ladder.get(kind) or ():
            texts |= {(kind, each["id"], name): each[name] for name in fields if name in each}
    for skill in ladder.get("skills") or ():
        for expectation in skill.get("expectations") or ():
            ref = (skill["id"], expectation["level"])
            if "statement" in expectation:
                texts[("expectations", *ref, "statement")] = expectation["statement"]
            for kind in ("indicators", "counter_indicators"):
                for place, words in enumerate(expectation.get(kind) or ()):
                    texts[(kind, *ref, place)] = words
    return texts
