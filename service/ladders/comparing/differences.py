"""What differs between two versions of a ladder, told by stable ids; and the way from the one to the other. Pure.

One edit is one change: what follows from it (levels that the expectations name, a source that items inherit, the order of
expectations under reordered levels) is not told again. `apply` makes the newer version out of the older one and its differences,
exactly, so nothing that differs can stay untold.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from service.ladders.comparing.runs import bag
from service.ladders.comparing.shapes import SHAPES, SINGLE, Shape, held, holding, own_fields, part_of
from service.ladders.comparing.successors import Successors, Suggestion, best_pairs, between, same_things, suggestions
from service.ladders.rules import Blueprint, Expectation, Ladder, Level, Skill, Version

Place = tuple[str, ...]
"""A path of lists and ids: ("skills", "okr", "expectations", "senior"), ("blueprint", "kpis", "items", "adoption-rate")."""
ORDERED = ("documents", "sections", "expectations")
"""Lists whose order follows from something else: documents have none, sections have numbers, expectations their levels."""


class Kind(StrEnum):
    """What a change is, in the order in which they are told. `moved` is to another level, category or requirement; `weighed` is
    another importance, weight or gate; `about` is what belongs to a version and not to its content, such as its date."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    REIDENTIFIED = "re-identified"
    MOVED = "moved"
    REWORDED = "reworded"
    WEIGHED = "weighed"
    REORDERED = "reordered"
    CHANGED = "changed"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one thing.

    `place` is where the thing stands in the newer version, of what is removed in the older; `names` are the titles along it, the
    thing's own last. `part` is the word for the thing. What is added or removed has no `field`, and the whole thing as `after` or
    `before`; `at` is its index in the newer list. Of what is reordered, `field` is the list and the values are the ids that both
    versions have. Else `before` is the field as the older version says it, with its ids, and `after` as the newer one does.
    """

    kind: Kind
    part: str
    place: Place
    names: tuple[str, ...]
    field: str = ""
    before: Any = None
    after: Any = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Differences:
    """In the order of the newer version: of each thing first its own changes, then those of what it holds; what is removed stands
    after what remains of its list. `suggestions` stand beside what is told as removed and added."""

    changes: tuple[Change, ...]
    suggestions: tuple[Suggestion, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind in kinds)


def differences(before: Version, after: Version, known: Successors | None = None) -> Differences:
    """From one version to another. `known` says which ids became which; left out, it is what two neighbours say themselves."""
    known = known or between(before[0], after[0]) or Successors()
    terms = _Terms(
        _became(before[0].levels, after[0].levels, known.levels), _became(before[0].skills, after[0].skills, known.skills),
        {level.id: level.title for level in before[0].levels}, {level.id: level.title for level in after[0].levels},
    )  # fmt: skip
    changes = [
        *_changes(before[0], after[0], terms, _At()),
        *_list_changes("blueprint", _single(before[1]), _single(after[1]), terms, _At(), "ladder"),
    ]
    return Differences(tuple(changes), suggestions(before[0], after[0], known))


def apply(found: Differences, before: Version) -> Version:
    """The newer version, out of the older one that the differences were taken from."""
    return _Applying(found).version(before)


@dataclass(frozen=True)
class _Terms:
    """How the older version's values read in the newer one: what each old id of a level or skill became, and the source that
    a thing inherits, in both. What is gone became no id, so that nothing in the newer version is taken for it."""

    levels: Mapping[str, str]
    skills: Mapping[str, str]
    titles_before: Mapping[str, str] = field(default_factory=dict)
    titles_after: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Any, Any] = (None, None)

    def within(self, shape: Shape, before: Any, after: Any) -> "_Terms":
        """For what a thing holds, once its own source is known."""
        return replace(self, sources=(before.source, after.source)) if shape.lends else self

    def expected(self, thing: Any) -> dict[str, Any]:
        """The own fields of an old thing as they are in the newer version if nobody changed it."""
        values = own_fields(thing)
        for name, ids in SHAPES[type(thing)].refers.items():
            values[name] = _read_as(values[name], getattr(self, ids))
        if "source" in values and values["source"] == self.sources[0]:
            values["source"] = self.sources[1]
        if "was" in values and values["id"] != thing.id:
            values["was"] = None if thing.was == values["id"] else thing.id
        return values

    def key(self, thing: Any, key: str) -> str:
        """The key of an old thing in the newer version."""
        name = SHAPES[type(thing)].key
        return self.expected(thing)[name] if name in SHAPES[type(thing)].refers else key


@dataclass(frozen=True)
class _At:
    """Where the walk stands: the places in the older and in the newer version, and the titles on the way."""

    old: Place = ()
    new: Place = ()
    names: tuple[str, ...] = ()

    def step(self, old: str, new: str, *names: str) -> "_At":
        return _At((*self.old, old), (*self.new, new), (*self.names, *names))


def _gone(id_: str) -> str:
    return f"-{id_}"


def _read_as(value: Any, ids: Mapping[str, str]) -> Any:
    """An id in the newer version, or a list of ids without those that are gone."""
    if isinstance(value, tuple):
        return tuple(ids.get(it, it) for it in value if ids.get(it) != _gone(it))
    return ids.get(value, value)


def _became(
    before: tuple[Level, ...] | tuple[Skill, ...],
    after: tuple[Level, ...] | tuple[Skill, ...],
    known: Mapping[str, str],
) -> dict[str, str]:
    same = same_things([it.id for it in before], [it.id for it in after], known)
    return {it.id: _gone(it.id) for it in before} | {old: new for new, old in same.items()}


def _single(blueprint: Blueprint | None) -> dict[str, Any]:
    return {"blueprint": blueprint} if blueprint else {}


def _changes(before: Any, after: Any, terms: _Terms, at: _At) -> Iterator[Change]:
    """What differs in one thing and in all that it holds."""
    shape = SHAPES[type(after)]
    part = part_of(after, at.new[-2] if len(at.new) > 1 else "")
    expected = terms.expected(before)
    if "id" in shape.refers and before.id != after.id:
        yield Change(Kind.REIDENTIFIED, part, at.new, at.names, "id", before.id, after.id)
    for name, value in own_fields(after).items():
        if value != expected[name]:
            yield Change(_kind(shape, name), part, at.new, at.names, name, getattr(before, name), value)
    inner = terms.within(shape, before, after)
    for name in shape.holds:
        yield from _list_changes(name, held(before, name), held(after, name), inner, at, part)


def _kind(shape: Shape, name: str) -> Kind:
    if name == shape.title:
        return Kind.RENAMED
    kinds = {Kind.REWORDED: shape.words, Kind.MOVED: shape.sorts, Kind.WEIGHED: shape.weighs, Kind.ABOUT: shape.about}
    return next((kind for kind, names in kinds.items() if name in names), Kind.CHANGED)


def _list_changes(
    name: str, before: dict[str, Any], after: dict[str, Any], terms: _Terms, holder: _At, part: str
) -> Iterator[Change]:
    """What differs in the things, by their keys, of one list of a holder that is a `part`."""
    where = holder if name in (*SINGLE, "blueprint") else holder.step(name, name)
    same = _same(name, before, after, terms)
    order = {old: new for new, old in same.items()}
    kept = [old for old in before if old in order]
    if name not in ORDERED and [order[old] for old in kept] != list(same):
        yield Change(Kind.REORDERED, part, holder.new, holder.names, name, tuple(kept), tuple(same))
    for place, (key, thing) in enumerate(after.items()):
        at = where.step(same.get(key, key), key, _name(thing, terms.titles_after))
        if key in same:
            yield from _changes(before[same[key]], thing, terms, at)
        else:
            yield Change(Kind.ADDED, part_of(thing, name), at.new, at.names, after=thing, at=place)
    for key, thing in before.items():
        if key not in order:
            at = where.step(key, key, _name(thing, terms.titles_before))
            yield Change(Kind.REMOVED, part_of(thing, name), at.old, at.names, before=thing)


def _same(name: str, before: dict[str, Any], after: dict[str, Any], terms: _Terms) -> dict[str, str]:
    """New key → old key of what is one thing in both versions, in the order of the newer."""
    keys = {terms.key(thing, key): key for key, thing in before.items()}
    if name == "expectations":
        return _same_expectations({new: before[old] for new, old in keys.items()}, after, keys)
    return {key: keys[key] for key in after if key in keys}


def _same_expectations(
    before: dict[str, Expectation], after: dict[str, Expectation], keys: dict[str, str]
) -> dict[str, str]:
    """Those that stayed at their level with about the same words, then those whose words stand at another level now, then those
    that share no more than their level."""
    old, new = list(before), list(after)
    bags = {id(it): bag(it.statement) for it in (*before.values(), *after.values())}
    same = {
        level: level
        for level in new
        if level in before and best_pairs([bags[id(before[level])]], [bags[id(after[level])]])
    }
    left, come = [it for it in old if it not in same], [it for it in new if it not in same]
    moved = best_pairs([bags[id(before[it])] for it in left], [bags[id(after[it])] for it in come])
    same |= {come[other]: left[one] for other, (one, _) in moved.items()}
    same |= {level: level for level in new if level in before and level not in same and level not in same.values()}
    return {level: keys[same[level]] for level in new if level in same}


def _name(thing: Any, titles: Mapping[str, str]) -> str:
    shape = SHAPES[type(thing)]
    title = getattr(thing, shape.title) if shape.title else None
    if title:
        return str(title)
    level = getattr(thing, shape.key, None) if shape.refers else None
    return titles.get(level, level) if level else getattr(thing, "text", shape.part)


class _Applying:
    """Differences by place, and the walk through a version that makes each of them."""

    def __init__(self, found: Differences) -> None:
        self.fields = {(it.place, it.field): it for it in found.changes if it.field}
        self.removed = {it.place for it in found.of(Kind.REMOVED)}
        self.added: dict[Place, list[Change]] = {}
        for it in found.of(Kind.ADDED):
            self.added.setdefault(it.place[:-1], []).append(it)
        self.moved = {(it.place[:-1], it.before): it.place[-1] for it in found.of(Kind.MOVED) if it.field == "level"}
        levels, skills = self._became("levels", found), self._became("skills", found)
        self.terms = _Terms(levels, skills)

    @staticmethod
    def _became(name: str, found: Differences) -> dict[str, str]:
        """What each id became, where that is another one or none."""
        gone = {it.place[1]: _gone(it.place[1]) for it in found.of(Kind.REMOVED) if it.place[:-1] == (name,)}
        return gone | {it.before: it.after for it in found.of(Kind.REIDENTIFIED) if it.place[:-1] == (name,)}

    def version(self, before: Version) -> Version:
        ladder = _in_order_of_levels(self._thing(before[0], self.terms, (), ()))
        made = self._things("blueprint", _single(before[1]), self.terms, (), ())
        blueprint = made.get("blueprint")
        if blueprint is None:
            return ladder, None
        sections = tuple(sorted(blueprint.sections, key=lambda section: section.number))
        return ladder, replace(blueprint, ladder=ladder.id, version=ladder.version, sections=sections)

    def _thing(self, before: Any, terms: _Terms, old: Place, new: Place) -> Any:
        """A thing as it is in the newer version, from its place in the older one."""
        shape = SHAPES[type(before)]
        values = terms.expected(before)
        values |= {name: self.fields[new, name].after for name in values if (new, name) in self.fields}
        after = replace(before, **values)
        inner = terms.within(shape, before, after)
        for name in shape.holds:
            step = () if name in SINGLE else (name,)
            made = self._things(name, held(before, name), inner, (*old, *step), (*new, *step), new)
            values[name] = holding(name, made)
        return replace(after, **values)

    def _things(
        self, name: str, before: dict[str, Any], terms: _Terms, old: Place, new: Place, holder: Place = ()
    ) -> dict[str, Any]:
        made = {}
        for key, thing in before.items():
            if (*old, key) not in self.removed:
                now = self.moved.get((new, key)) or terms.key(thing, key)
                made[now] = self._thing(thing, terms, (*old, key), (*new, now))
        if (holder, name) in self.fields:
            made = {key: made[key] for key in self.fields[holder, name].after}
        entries = list(made.items())
        for it in self.added.get(new, ()):
            if name not in (*SINGLE, "blueprint") or it.place[-1] == name:
                entries.insert(it.at or 0, (it.place[-1], it.after))
        return dict(entries)


def _in_order_of_levels(ladder: Ladder) -> Ladder:
    def in_order(skill: Skill) -> Skill:
        return replace(skill, expectations=tuple(sorted(skill.expectations, key=lambda it: ladder.rank[it.level])))

    return replace(ladder, skills=tuple(map(in_order, ladder.skills)))
