"""What became of the ids of levels and skills from one version of a ladder to another: as kept by people in `was`, or as their
texts suggest. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from service.ladders.comparing.runs import bag, shared
from service.ladders.rules import Ladder, Level, Skill

ALIKE = 0.75
"""The share of common words from which two texts count as one text with another id. A sentence that was polished keeps more; in
the shipped ladders the two most alike skills share 0.42 and the two most alike levels 0.29."""


@dataclass(frozen=True)
class Successors:
    """Old id → new id of the levels and skills whose id changed. What is not in here keeps its id or is gone."""

    levels: Mapping[str, str] = field(default_factory=dict)
    skills: Mapping[str, str] = field(default_factory=dict)

    @property
    def reversed(self) -> "Successors":
        """The way back, from the newer version to the older."""
        return Successors(*({new: old for old, new in ids.items()} for ids in (self.levels, self.skills)))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An id that is gone and a new one whose texts share `likeness` of their words, 0.75…1: probably one thing. A person
    confirms it by writing `was: <before>` where `after` is defined. `part` is "level" or "skill", `names` their titles."""

    part: str
    before: str
    after: str
    likeness: float
    names: tuple[str, str]


def successors(*chain: Ladder) -> Successors:
    """What became of the ids of the first ladder in the last, along versions of which each supersedes the one before."""
    return Successors(
        _followed([({it.id for it in version.levels}, _was(version.levels)) for version in chain]),
        _followed([({it.id for it in version.skills}, _was(version.skills)) for version in chain]),
    )


def between(before: Ladder, after: Ladder) -> Successors | None:
    """What two neighbours say of each other, in either direction; None where neither supersedes the other."""
    if _supersedes(after, before):
        return successors(before, after)
    return successors(after, before).reversed if _supersedes(before, after) else None


def along(versions: Sequence[Ladder], before: Ladder, after: Ladder) -> Successors:
    """What became of the ids along those versions of a ladder that lie between two of them, in either direction; nothing where
    none lead there."""
    forward = chain(versions, before.version, after.version)
    return successors(*forward) if forward else successors(*chain(versions, after.version, before.version)).reversed


def chain(versions: Iterable[Ladder], before: str, after: str) -> tuple[Ladder, ...]:
    """The versions from `before` up to `after`, each superseding the one before it; () where that does not lead there."""
    by_name = {ladder.version: ladder for ladder in versions}
    found: list[Ladder] = []
    name: str | None = after
    while name in by_name and by_name[name] not in found:
        found.insert(0, by_name[name])
        if name == before:
            return tuple(found)
        name = by_name[name].supersedes
    return ()


def leading(versions: Iterable[Ladder], before: Ladder, after: Ladder) -> Successors | None:
    """What became of the ids of one version in a later one of the same ladder, along the `versions` between them; None where
    they do not lead from the one to the other."""
    found = chain(versions, before.version, after.version) if before.id == after.id else ()
    return successors(*found) if found else None


def former_names(versions: Iterable[Ladder], ladder: Ladder, skill_id: str) -> set[str]:
    """The ids that a skill has in a version and had in those before it, along what each supersedes."""
    by_name = {version.version: version for version in versions}
    found, seen, version = {skill_id}, {ladder.version}, ladder
    while (skill := version.skills_by_id.get(skill_id)) and version.supersedes in by_name.keys() - seen:
        skill_id = skill.was or skill_id
        found.add(skill_id)
        version = by_name[version.supersedes]
        seen.add(version.version)
    return found


def suggestions(before: Ladder, after: Ladder, known: Successors) -> tuple[Suggestion, ...]:
    """Levels and skills that probably only changed their id, in the order of the newer version. Each old and each new id stands
    in one suggestion at most, the most alike first; of equals, the first in the older version, then in the newer."""
    return (
        *_suggested("level", before.levels, after.levels, known.levels),
        *_suggested("skill", before.skills, after.skills, known.skills),
    )


def same_things(old: Collection[str], new: Iterable[str], renamed: Mapping[str, str]) -> dict[str, str]:
    """New id → old id of what is one thing in both versions: what was renamed from one to the other, else what has the same id
    and was neither renamed nor replaced by something that was."""
    kept = {new_id: old_id for old_id, new_id in renamed.items() if old_id in old and new_id in set(new)}
    same = {id_: id_ for id_ in new if id_ in old and id_ not in kept and id_ not in kept.values()}
    return same | kept


Things = tuple[Level, ...] | tuple[Skill, ...]


def _suggested(part: str, before: Things, after: Things, known: Mapping[str, str]) -> Iterator[Suggestion]:
    same = same_things([it.id for it in before], [it.id for it in after], known)
    gone = [it for it in before if it.id not in same.values()]
    come = [it for it in after if it.id not in same]
    pairs = best_pairs([bag(*_texts(it)) for it in gone], [bag(*_texts(it)) for it in come])
    for new_place, (old_place, likeness) in sorted(pairs.items()):
        one, other = gone[old_place], come[new_place]
        yield Suggestion(part, one.id, other.id, round(likeness, 2), (_texts(one)[0], _texts(other)[0]))


def best_pairs(old: Sequence[frozenset[str]], new: Sequence[frozenset[str]]) -> dict[int, tuple[int, float]]:
    """New place → (old place, likeness) of bags of words that are alike, each place once, the most alike first."""
    alike = [(shared(old[one], new[other]), one, other) for one, other in product(range(len(old)), range(len(new)))]
    pairs: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for likeness, one, other in sorted(alike, key=lambda it: (-it[0], it[1], it[2])):
        if likeness >= ALIKE and one not in taken and other not in pairs:
            pairs[other] = (one, likeness)
            taken.add(one)
    return pairs


def _texts(it: Level | Skill) -> list[str]:
    if isinstance(it, Level):
        return [it.title, it.summary]
    return [it.name, it.summary, *(expectation.statement for expectation in it.expectations)]


def _supersedes(newer: Ladder, older: Ladder) -> bool:
    return newer.id == older.id and newer.supersedes == older.version and newer.version != older.version


def _was(things: Things) -> dict[str, str]:
    return {it.was: it.id for it in things if it.was is not None}


def _followed(steps: list[tuple[set[str], dict[str, str]]]) -> dict[str, str]:
    """Old id → new id along the ids and renamings of each version; without those that stay as they are or end on the way."""
    there = {id_: id_ for id_ in steps[0][0]} if steps else {}
    for (_, _), (ids, renamed) in pairwise(steps):
        taken = set(renamed.values())
        moved = {first: renamed.get(id_, id_) for first, id_ in there.items() if id_ in renamed or id_ not in taken}
        there = {first: id_ for first, id_ in moved.items() if id_ in ids}
    return {first: id_ for first, id_ in there.items() if first != id_}
