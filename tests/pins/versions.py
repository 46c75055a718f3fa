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
