"""What a ladder cannot have, taken out of what a file says, and told: skills without expectations, levels where nothing begins,
categories without skills. Pure."""

from typing import Any

from service.formats.names import shortened
from service.formats.rules import Note, Path

Data = dict[str, Any]


def prune(ladder: Data, places: dict[Path, str]) -> tuple[Data, dict[Path, str], list[Note]]:
    """The data and its places without those, and a note for each skill and level. What is no list of objects is left alone."""
    notes: list[Note] = []
    ladder, places = _without(ladder, places, "skills", lambda skill: not skill.get("expectations"), notes)
    begun = {each.get("level") for skill in ladder.get("skills") or () for each in skill.get("expectations") or ()}
    ladder, places = _without(ladder, places, "levels", lambda level: level.get("id") not in begun, notes)
    used = {skill.get("category") for skill in ladder.get("skills") or ()}
    ladder, places = _without(ladder, places, "categories", lambda category: category.get("id") not in used, [])
    return ladder, places, notes


def drop_repeats(ladder: Data, places: dict[Path, str]) -> tuple[Data, dict[Path, str], list[Note]]:
    """The same for expectations that say, sign by sign, what the level before says: nothing begins there."""
    notes: list[Note] = []
    skills = []
    told = {path: words for path, words in places.items() if path[:1] != ("skills",) or len(path) < 4}
    for place, skill in enumerate(ladder.get("skills") or ()):
        kept: list[Data] = []
        for number, each in enumerate(skill["expectations"]):
            at = places.get(("skills", place, "expectations", number), "")
            if kept and kept[-1] | {"level": None} == each | {"level": None}:
                name = shortened(str(skill["name"]), 100)
                notes.append(Note(at, f"“{name}” says what the level before says; nothing new begins there."))
                continue
            told[("skills", place, "expectations", len(kept))] = at
            kept.append(each)
        skills.append(skill | {"expectations": kept})
    return ladder | {"skills": skills}, told, notes


def _without(
    ladder: Data, places: dict[Path, str], name: str, is_empty: Any, notes: list[Note]
) -> tuple[Data, dict[Path, str]]:
    entries = ladder.get(name) or []
    kept = [place for place, each in enumerate(entries) if not is_empty(each)]
    if len(kept) == len(entries):
        return ladder, places
    for place, each in enumerate(entries):
        if place not in kept:
            title = shortened(str(each.get("name") or each.get("title") or each.get("id")), 100)
            said = f"The {name.removesuffix('s')} “{title}” was left out: no expectation stands there."
            notes.append(Note(places.get((name, place), ""), said))
    moved = {old: new for new, old in enumerate(kept)}
    told: dict[Path, str] = {}
    for path, words in places.items():
        if len(path) < 2 or path[0] != name:
            told[path] = words
        elif path[1] in moved:
            told[(name, moved[int(path[1])], *path[2:])] = words
    return ladder | {name: [entries[place] for place in kept]}, told
