"""The content that comes with the program: its counts, its sources, and that every level has a real next rung."""

import re
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from service.ladders.files import read_path
from service.ladders.inputs import json_schema
from service.ladders.rules import HOUSE, Blueprint, Expectation, Horizon, Ladder, Requirement
from service.ladders.yamltext import parse
from service.objectives.wording import figure_in, task_in
from service.settings import ROOT

FOLDER = ROOT / "ladders"
READINGS = {reading.ladder.id: reading for reading in read_path(FOLDER) if reading.ladder}
FILES = sorted(FOLDER.glob("*/*/*.yaml"))
BOTH = ["product-manager", "technical-product-manager"]
ALL = ["product-manager", "software-engineer", "technical-product-manager"]

SAYS_NOTHING = re.compile(
    r"\b(?:very|highly|excellent\w*|outstanding|good|effectively|proactive\w*|passion\w*|rock ?star\w*|ninja\w*|guru\w*|"
    r"talent\w*|genius\w*|motivated|self-starter|team player|gets things done|years? of experience|hours?)\b",
    re.IGNORECASE,
)
"""Praise without content, traits of character, and time served."""


def ladder(name: str) -> Ladder:
    found = READINGS[name].ladder
    assert found is not None
    return found


def blueprint(name: str = "product-manager") -> Blueprint:
    found = READINGS[name].blueprint
    assert found is not None
    return found


def test_files_have_no_problems() -> None:
    assert [str(problem) for reading in read_path(FOLDER) for problem in reading.problems] == []
    assert sorted(READINGS) == ALL


def test_ten_mandatory_okr_expectations_over_two_roles_and_five_levels() -> None:
    found = [(name, e.level, e.requirement) for name in BOTH for e in ladder(name).skills_by_id["okr"].expectations]
    levels = ["junior", "middle", "senior", "lead", "principal"]
    assert found == [(name, level, Requirement.MUST) for name in BOTH for level in levels]
    assert {e.source.document for name in BOTH for e in ladder(name).skills_by_id["okr"].expectations} == {
        "okr-profile"
    }
    assert {ladder(name).documents["okr-profile"].dated for name in BOTH} == {"2026-03-17"}


def test_skill_groups_have_the_counts_of_the_source() -> None:
    counts = {group.id: len(group.skills) for group in blueprint().skills}
    assert counts == {"must-have": 7, "good-to-have": 5, "advanced": 4, "emerging": 4, "soft": 10}


def test_every_skill_of_the_blueprint_has_an_expectation_from_it_at_middle() -> None:
    product = ladder("product-manager")
    for group in blueprint().skills:
        for skill in group.skills:
            at = {e.level: e for e in product.skills_by_id[skill].expectations}
            assert at["middle"].source.document == "pm-blueprint", skill


def test_importance_and_requirement_go_together_at_middle() -> None:
    product = ladder("product-manager")
    words = {"critical": "must", "important": "should", "optional": "may"}
    for group in blueprint().skills:
        for skill in (product.skills_by_id[name] for name in group.skills):
            found = product.expected_at(skill, "middle")
            assert found is not None
            assert found.requirement == words[skill.importance], skill.id


def test_six_promotion_criteria_are_expectations_at_senior() -> None:
    product = ladder("product-manager")
    (step,) = blueprint().promotion
    assert (step.from_level, step.to_level, len(step.criteria)) == ("middle", "senior", 6)
    for criterion in step.criteria:
        found = product.expected_at(product.skills_by_id[criterion.skill], "senior")
        assert found is not None
        assert (found.level, found.source.document) == ("senior", "pm-blueprint"), criterion.id


def test_all_twenty_sections_are_there() -> None:
    assert [section.number for section in blueprint().sections] == list(range(1, 21))


def test_twenty_three_responsibilities() -> None:
    assert count("responsibilities") == 23


def test_twenty_one_kpis_with_five_fields_each() -> None:
    kpis = blueprint().kpis
    assert kpis is not None
    fields = [(kpi.type, kpi.measures, kpi.why, kpi.target, kpi.frequency) for kpi in kpis.items]
    assert len(fields) == 21
    assert all(all(values) for values in fields)


def test_scorecard_has_seven_dimensions_of_100_per_cent() -> None:
    scorecard = blueprint().scorecard
    assert scorecard is not None
    assert (len(scorecard.dimensions), sum(dimension.weight for dimension in scorecard.dimensions)) == (7, 100)


def test_goals_and_evidence_by_horizon() -> None:
    counts = {goals.horizon: (len(goals.goals), len(goals.evidence)) for goals in blueprint().goals}
    first = {Horizon.DAYS_30: (5, 3), Horizon.DAYS_60: (4, 3), Horizon.DAYS_90: (4, 3)}
    assert {horizon: counts[horizon] for horizon in first} == first
    assert all(counts[horizon][0] >= 1 for horizon in (Horizon.MONTHS_6, Horizon.MONTHS_12, Horizon.LONG_TERM))


@pytest.mark.parametrize("section", ["deliverables", "decision-rights", "risks", "career-path", "variants"])
def test_the_other_named_sections_hold_something(section: str) -> None:
    assert count(section) >= 10


@pytest.mark.parametrize("name", ALL)
def test_every_level_begins_something_that_gates(name: str) -> None:
    gating = Counter(e.level for skill in ladder(name).skills for e in skill.expectations if e.requirement != "may")
    musts = Counter(e.level for skill in ladder(name).skills for e in skill.expectations if e.requirement == "must")
    for level in ladder(name).levels:
        assert gating[level.id] >= 5, level.id
        assert musts[level.id] >= 1, level.id


@pytest.mark.parametrize("name", ALL)
def test_what_the_house_added_says_why(name: str) -> None:
    sources = [found.source for skill in ladder(name).skills for found in (skill, *skill.expectations)]
    assert all(source.reason for source in sources if source.document == HOUSE)
    assert all(source.section for source in sources if source.document != HOUSE)


@pytest.mark.parametrize("name", BOTH)
def test_level_titles_the_source_leaves_open_say_so(name: str) -> None:
    ours = {level.id for level in ladder(name).levels if level.source.document == HOUSE}
    assert ours == {"middle", "senior", "lead"}


def test_the_same_skill_has_one_name_and_one_category_on_every_ladder() -> None:
    titles = {category.id: category.title for name in ALL for category in ladder(name).categories}
    assert {c.title for name in ALL for c in ladder(name).categories} == set(titles.values())
    named: dict[str, set[tuple[str, str]]] = {}
    for name in ALL:
        for skill in ladder(name).skills:
            named.setdefault(skill.id, set()).add((skill.name, skill.category))
    assert {skill: found for skill, found in named.items() if len(found) > 1} == {}
    assert {one + " " + other: shared(one, other) for one, other in combinations(ALL, 2)} == {
        "product-manager software-engineer": 20,
        "product-manager technical-product-manager": 23,
        "software-engineer technical-product-manager": 21,
    }


def test_engineers_have_fifteen_skills_of_their_own() -> None:
    product, engineer, technical = (ladder(name).skills_by_id.keys() for name in ALL)
    assert (len(engineer), len(engineer - product - technical)) == (38, 15)


def test_okr_is_a_must_at_every_level_of_every_ladder() -> None:
    for name in ALL:
        found = [(e.level, e.requirement) for e in ladder(name).skills_by_id["okr"].expectations]
        assert found == [(level.id, Requirement.MUST) for level in ladder(name).levels]


def test_every_level_of_an_engineer_has_new_musts_and_all_begins_where_it_is_counted() -> None:
    found = Counter((e.level, str(e.requirement)) for _, e in engineers_expectations())
    assert {level.id: found[level.id, "must"] for level in ladder("software-engineer").levels} == {
        "junior": 6, "middle": 11, "senior": 9, "lead": 10, "principal": 7,
    }  # fmt: skip
    assert found.total() == 132


def test_what_is_expected_of_engineers_can_be_shown() -> None:
    """Each sentence says what is done; each expectation has what one sees, and nothing counts time or praises character."""
    for skill, e in engineers_expectations():
        where = f"{skill} at {e.level}"
        assert 2 <= len(e.indicators) <= 4, where
        assert 1 <= len(e.counter_indicators) <= 3, where
        sentences = re.split(r"(?<=\.) ", e.statement)
        assert 1 <= len(sentences) <= 2, where
        assert [s for s in sentences if not re.match(r"[A-Z][a-z]+s\b.*\.$", s)] == [], where
        assert SAYS_NOTHING.findall(" ".join([e.statement, *e.indicators, *e.counter_indicators])) == [], where


def test_what_is_expected_of_engineers_differs_from_level_to_level() -> None:
    statements = [e.statement for _, e in engineers_expectations()]
    assert len(statements) == len(set(statements))
    for skill in ladder("software-engineer").skills:
        for lower, upper in pairwise(skill.expectations):
            one, other = (set(re.findall(r"[a-z]{4,}", e.statement.lower())) for e in (lower, upper))
            assert len(one & other) <= 0.3 * len(one | other), f"{skill.id} at {upper.level}"


def test_each_step_of_an_engineer_names_musts_that_begin_there() -> None:
    engineer = ladder("software-engineer")
    steps = blueprint("software-engineer").promotion
    assert [(step.from_level, step.to_level) for step in steps] == list(pairwise(level.id for level in engineer.levels))
    for step in steps:
        assert 5 <= len(step.criteria) <= 6
        for criterion in step.criteria:
            found = engineer.expected_at(engineer.skills_by_id[criterion.skill], step.to_level)
            assert found is not None
            assert (found.level, found.requirement) == (step.to_level, Requirement.MUST), criterion.id


def test_every_skill_of_an_engineer_has_starting_points_that_the_checks_have_nothing_against() -> None:
    found = blueprint("software-engineer").starting_points
    assert found is not None
    assert {skill for area in found.areas for skill in area.skills} == ladder("software-engineer").skills_by_id.keys()
    starts = [start.text for area in found.areas for start in area.starts]
    assert [text for text in starts if task_in(text) or figure_in(text)] == []
    assert all(4 <= len(area.starts) <= 5 and len(area.targets) == 3 for area in found.areas)


def test_the_kpis_of_engineers_name_their_limits_and_are_not_for_people() -> None:
    kpis = blueprint("software-engineer").kpis
    assert kpis is not None
    assert [kpi.id for kpi in kpis.items if "Limit: " not in kpi.why] == []
    assert kpis.notes[0].id == "not-for-people"


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.parent.name}-{file.stem}")
def test_first_line_names_the_schema_and_the_schema_holds(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.splitlines()[0] == f"# yaml-language-server: $schema=../../{file.stem}.schema.json"
    assert (file.parent / f"../../{file.stem}.schema.json").resolve().is_file()
    data = parse(str(file), file.read_bytes()).data
    assert [error.message for error in Draft202012Validator(json_schema(file.stem)).iter_errors(data)] == []


def shared(one: str, other: str) -> int:
    return len(ladder(one).skills_by_id.keys() & ladder(other).skills_by_id.keys())


def engineers_expectations() -> list[tuple[str, Expectation]]:
    return [(skill.id, e) for skill in ladder("software-engineer").skills for e in skill.expectations]


def count(section_id: str) -> int:
    (section,) = [section for section in blueprint().sections if section.id == section_id]
    return sum(len(group.items) for group in section.groups)
