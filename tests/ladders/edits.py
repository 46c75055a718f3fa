"""Edits of a ladder version, as somebody who writes the next one makes them: functions from the older content to the newer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from service.ladders.rules import Blueprint, Expectation, Importance, Ladder, Level, Requirement, Skill, Version
from tests.ladders.files import shipped

Edit = Callable[[Ladder], Ladder]


def following(version: Version, *edits: Edit, name: str = "2027.1") -> Version:
    """The version that supersedes another one, after some edits; its blueprint follows the ids."""
    ladder, blueprint = version
    edited = replace(ladder, version=name, supersedes=ladder.version)
    edited = replace(edited, levels=_kept(edited.levels), skills=_kept(edited.skills))
    for edit in edits:
        edited = edit(edited)
    return edited, _following_blueprint(blueprint, edited) if blueprint else None


def next_shipped(*edits: Edit) -> Version:
    """A version after the shipped Product Manager."""
    return following(shipped()[0], *edits)


def rename_levels(ladder: Ladder) -> Ladder:
    return replace(ladder, levels=tuple(replace(level, title=f"{level.title} PM") for level in ladder.levels))


def reidentify_level(old: str, new: str) -> Edit:
    """With the old id kept as what it was."""
    return lambda ladder: replace(
        ladder,
        levels=tuple(replace(it, id=new, was=old) if it.id == old else it for it in ladder.levels),
        skills=tuple(_at_level(skill, old, new) for skill in ladder.skills),
    )


def reidentify_skill(old: str, new: str, *, confirmed: bool = True) -> Edit:
    return lambda ladder: _with_skill(ladder, old, id=new, was=old if confirmed else None)


def reverse_levels(ladder: Ladder) -> Ladder:
    skills = (replace(skill, expectations=skill.expectations[::-1]) for skill in ladder.skills)
    return replace(ladder, levels=ladder.levels[::-1], skills=tuple(skills))


def reverse_skills(ladder: Ladder) -> Ladder:
    return replace(ladder, skills=ladder.skills[::-1])


def edit_skill(skill_id: str, **fields: Any) -> Edit:
    """`edit_skill("okr", name="OKRs")`."""
    return lambda ladder: _with_skill(ladder, skill_id, **fields)


def edit_expectation(skill_id: str, level: str, **fields: Any) -> Edit:
    return lambda ladder: _with_skill(
        ladder,
        skill_id,
        expectations=tuple(
            replace(it, **fields) if it.level == level else it for it in ladder.skills_by_id[skill_id].expectations
        ),
    )


def add_skill(skill_id: str, like: str) -> Edit:
    """A new skill with words of its own, in the category and at the levels of another."""

    def edit(ladder: Ladder) -> Ladder:
        found = ladder.skills_by_id[like]
        expectations = tuple(replace(it, statement=f"Something new {at}") for at, it in enumerate(found.expectations))
        made = replace(found, id=skill_id, name="New here", summary="Never seen before.", expectations=expectations)
        return replace(ladder, skills=(made, *ladder.skills))

    return edit


def remove_skill(skill_id: str) -> Edit:
    return lambda ladder: replace(ladder, skills=tuple(it for it in ladder.skills if it.id != skill_id))


def edit_ladder(**fields: Any) -> Edit:
    return lambda ladder: replace(ladder, **fields)


def a_year_later() -> Version:
    """The shipped Product Manager with one change of nearly every kind: what pages are looked at with."""
    okr = shipped()[0][0].skills_by_id["okr"].expectations
    return next_shipped(
        rename_levels,
        reidentify_level("middle", "mid-level"),
        reidentify_skill("sql-and-data-querying", "querying-data"),
        reidentify_skill("experimentation", "experiments", confirmed=False),
        edit_skill("okr", name="OKRs, key results and the North Star", importance=Importance.IMPORTANT),
        edit_expectation("okr", "junior", statement=_polished(okr[0])),
        edit_expectation("product-analytics", "senior", requirement=Requirement.SHOULD),
        edit_skill("systems-thinking", category="goals-and-strategy"),
        add_skill("agent-design", like="customer-empathy"),
        remove_skill("pricing-and-packaging"),
        edit_ladder(should_share=0.8),
    )


def _polished(expectation: Expectation) -> str:
    return expectation.statement.replace("Explains", "Explains to others").replace("on dashboards", "every week")


def _kept(things: tuple[Any, ...]) -> tuple[Any, ...]:
    """What they were before the version that is edited is no news any more."""
    return tuple(replace(it, was=None) for it in things)


def _with_skill(ladder: Ladder, skill_id: str, **fields: Any) -> Ladder:
    return replace(ladder, skills=tuple(replace(it, **fields) if it.id == skill_id else it for it in ladder.skills))


def _at_level(skill: Skill, old: str, new: str) -> Skill:
    expectations = (replace(it, level=new) if it.level == old else it for it in skill.expectations)
    return replace(skill, expectations=tuple(expectations))


def _following_blueprint(blueprint: Blueprint, ladder: Ladder) -> Blueprint:
    """The same blueprint under the ladder's name, with what was re-identified named anew and what is gone left out."""
    levels, skills = _now(ladder.levels), _now(ladder.skills)
    there = {*ladder.rank, *ladder.skills_by_id}
    promotion = tuple(
        replace(
            it, from_level=levels.get(it.from_level, it.from_level), to_level=levels.get(it.to_level, it.to_level),
            criteria=tuple(replace(each, skill=skills.get(each.skill, each.skill)) for each in it.criteria),
        )
        for it in blueprint.promotion
    )  # fmt: skip

    def named(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(skills.get(it, it) for it in ids if skills.get(it, it) in there)

    groups = tuple(replace(group, skills=named(group.skills)) for group in blueprint.skills)
    areas = blueprint.starting_points
    if areas is not None:
        areas = replace(areas, areas=tuple(replace(area, skills=named(area.skills)) for area in areas.areas))
    return replace(
        blueprint, ladder=ladder.id, version=ladder.version, promotion=promotion, skills=groups, starting_points=areas
    )


def _now(things: tuple[Level, ...] | tuple[Skill, ...]) -> dict[str, str]:
    return {it.was: it.id for it in things if it.was is not None}
