"""A second version of the shipped ladder for product managers, with one change of each kind."""

from dataclasses import replace

from service.ladders.actions import publish_version
from service.permissions import SYSTEM
from tests.factories import shipped

REWORDED, GONE, RENAMED = "okr", "product-analytics", "communication-clarity"


def original():
    return next(made[0] for made in shipped() if made[0].id == "product-manager")


def second(version="2026.2", supersedes="2026.1"):
    """`okr` reads differently at Middle, `product-analytics` is gone, and one skill has another id."""
    ladder = original()
    skills = []
    for it in ladder.skills:
        if it.id == REWORDED:
            it = replace(it, expectations=tuple(
                replace(e, statement="Sets goals in another way.") if e.level == "middle" else e for e in it.expectations
            ))  # fmt: skip
        if it.id == RENAMED:
            it = replace(it, id=f"{it.id}-2", was=it.id)
        if it.id != GONE:
            skills.append(it)
    return replace(ladder, version=version, supersedes=supersedes, skills=tuple(skills))


def publish_second(session):
    row = publish_version(session, SYSTEM, second(), None)
    session.commit()
    return row


def with_levels(ladder, names):
    """A ladder whose levels have other ids and titles: `names` is old id → new id."""
    levels = tuple(
        replace(level, id=names[level.id], was=level.id, title=names[level.id].title()) if level.id in names else level
        for level in ladder.levels
    )
    skills = tuple(
        replace(it, expectations=tuple(replace(e, level=names.get(e.level, e.level)) for e in it.expectations))
        for it in ladder.skills
    )
    return replace(ladder, levels=levels, skills=skills)


LEVELS_OF_THIRD = {"junior": "associate", "middle": "practised"}


def third():
    """After the second: two levels have other ids, every skill of the first five reads differently, and one more is gone."""
    before = second()
    skills = tuple(
        replace(it, was=None, name=f"{it.name} anew" if place < 5 else it.name, expectations=tuple(
            replace(e, statement=f"Otherwise: {e.statement}") if place < 5 else e for e in it.expectations
        ))
        for place, it in enumerate(before.skills) if place != 6
    )  # fmt: skip
    ladder = replace(before, version="2026.3", supersedes="2026.2", title="Product Person", skills=skills)
    return with_levels(ladder, LEVELS_OF_THIRD)
