"""The content that comes with the program: its counts, its sources, and that every level has a real next rung."""

from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from service.ladders.files import read_path
from service.ladders.inputs import json_schema
from service.ladders.rules import HOUSE, Blueprint, Horizon, Ladder, Requirement
from service.ladders.yamltext import parse
from service.settings import ROOT

FOLDER = ROOT / "ladders"
READINGS = {reading.ladder.id: reading for reading in read_path(FOLDER) if reading.ladder}
FILES = sorted(FOLDER.glob("*/*/*.yaml"))
BOTH = ["product-manager", "technical-product-manager"]


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
    assert sorted(READINGS) == BOTH


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


@pytest.mark.parametrize("name", BOTH)
def test_every_level_begins_something_that_gates(name: str) -> None:
    gating = Counter(e.level for skill in ladder(name).skills for e in skill.expectations if e.requirement != "may")
    musts = Counter(e.level for skill in ladder(name).skills for e in skill.expectations if e.requirement == "must")
    for level in ladder(name).levels:
        assert gating[level.id] >= 5, level.id
        assert musts[level.id] >= 1, level.id


@pytest.mark.parametrize("name", BOTH)
def test_what_the_house_added_says_why(name: str) -> None:
    sources = [found.source for skill in ladder(name).skills for found in (skill, *skill.expectations)]
    assert all(source.reason for source in sources if source.document == HOUSE)
    assert all(source.section for source in sources if source.document != HOUSE)


@pytest.mark.parametrize("name", BOTH)
def test_level_titles_the_source_leaves_open_say_so(name: str) -> None:
    ours = {level.id for level in ladder(name).levels if level.source.document == HOUSE}
    assert ours == {"middle", "senior", "lead"}


def test_skills_of_both_ladders_are_the_same_skill_by_name() -> None:
    product, technical = (ladder(name).skills_by_id for name in BOTH)
    shared = product.keys() & technical.keys()
    assert len(shared) >= 10
    assert {skill for skill in shared if product[skill].name != technical[skill].name} == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.parent.name}-{file.stem}")
def test_first_line_names_the_schema_and_the_schema_holds(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.splitlines()[0] == f"# yaml-language-server: $schema=../../{file.stem}.schema.json"
    assert (file.parent / f"../../{file.stem}.schema.json").resolve().is_file()
    data = parse(str(file), file.read_bytes()).data
    assert [error.message for error in Draft202012Validator(json_schema(file.stem)).iter_errors(data)] == []


def count(section_id: str) -> int:
    (section,) = [section for section in blueprint().sections if section.id == section_id]
    return sum(len(group.items) for group in section.groups)
