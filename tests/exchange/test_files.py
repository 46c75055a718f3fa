"""Plan files: read with every problem at its line, checked, and written without loss."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from service.cli import app
from service.exchange import files
from service.ladders.yamltext import MOST_BYTES, UNPRINTABLE, parse
from service.ladders.yamlwriting import to_yaml

GOOD = """\
format: nextrung-plan/1
title: Towards Senior
start_on: 2026-11-02
person: L-101
ladder: {id: product-manager, version: "2026.1"}
current: middle
target: senior
chosen: [okr]
objectives:
  - title: New users reach their first report without help
    horizon: 60
    why: Half of them leave before they see a figure of their own.
    serves_gaps: [okr]
    due_on: 2026-12-20
    projects: [Talk to ten new users]
    key_results:
      - title: More new users finish the first report
        metric: first reports
        unit: "%"
        baseline: 40.5
        target: 60
        due_on: 2026-12-18
      - {title: Fewer questions, metric: tickets, unit: a week, direction: decrease, baseline: 30, target: 12, due_on: 2026-12-18}
      - {title: Users come back, metric: users back, unit: "%", direction: at-least, target: 25, due_on: 2026-12-18}
"""
POOR = GOOD.replace("New users reach their first report without help", "Launch the new import page").replace(
    "target: 60", "target: 30"
)


def problems(text: str) -> list[str]:
    reading = files.read("plan.yaml", text.encode())
    found = list(reading.problems) or [place for _, place in files.check(reading)]
    return [f"{problem.line}:{problem.column} {problem.kind}" for problem in found]


def test_a_good_file_has_no_remark():
    assert problems(GOOD) == []


def test_remarks_stand_where_their_words_stand():
    assert problems(POOR) == ["10:12 O3", "21:17 K6"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("title: Towards Senior", "titel: Towards Senior", "2:1 unknown-field"),
        ("horizon: 60", "horizon: 45", "11:14 unknown-value"),
        ("start_on: 2026-11-02", "start_on: soon", "3:11 date"),
        ("direction: decrease", "direction: down", "23:76 unknown-value"),
        ("baseline: 40.5", "baseline: many", "20:19 wrong-type"),
        ("title: Towards Senior", "title: [Towards, Senior]", "2:8 wrong-type"),
        ("format: nextrung-plan/1", "format: other", "1:9 unknown-value"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(old, new, problem):
    assert problem in problems(GOOD.replace(old, new))


def test_json_is_read_too():
    data = parse("plan.yaml", GOOD.encode()).data
    reading = files.read("plan.json", json.dumps(data, indent="\t").encode())
    assert reading.problems == ()
    assert reading.plan == files.read("plan.yaml", GOOD.encode()).plan


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ('"history": [{"a": NaN}]', "2:19 number"),
        ('"history": [{"a": [1, -Infinity, "NaN"]}]', "2:23 number"),
        ('"history": [{"a": 1e400}]', "2:19 number"),
        ('"objectives": NaN', "2:15 number"),
        ('"title": "Other"', "2:1 duplicate-key"),
        ('"history": [{"a": 1,\n\t"\\u0061": 2, "b": {"a": 3}}]', "3:2 duplicate-key"),
        ('"history": [{"\\ud83d\\ude00": 1, "x": ": NaN {\\"", "x" : 2}]', "2:51 duplicate-key"),
    ],
)
def test_json_that_only_python_reads_is_refused_where_it_stands(given: str, problem: str) -> None:
    for mark in ("", "\ufeff"):
        text = f'{mark}{{"format": "nextrung-plan/1", "title": "Next", "start_on": "2026-11-02",\n{given}}}'
        assert problems(text) == [problem]


def test_a_json_file_may_be_no_longer_than_another() -> None:
    text = json.dumps({"format": "nextrung-plan/1", "title": "x" * MOST_BYTES})
    assert problems(text) == ["1:1 too-large"]


TEXTS = st.text().filter(lambda text: not UNPRINTABLE.search(text))
SCALARS = TEXTS | st.sampled_from(
    ["yes", "1e3", "0x1F", "2026-11-02", "~", "null", "- a", "a: b", "#", "\t", "", "1_0"]
)
VALUES = st.recursive(
    SCALARS | st.booleans() | st.integers(-(10**15), 10**15),
    lambda inner: st.lists(inner) | st.dictionaries(SCALARS.filter(lambda key: len(key) < 100), inner),
    max_leaves=12,
)


@settings(max_examples=200)
@given(VALUES)
def test_yaml_comes_back_as_it_went(value):
    text = to_yaml({"value": value})
    parsed = parse("plan.yaml", text.encode())
    assert parsed.problems == []
    assert parsed.data == {"value": value}


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        (GOOD, 0, ""),
        (POOR, 1, ":10:12: advice: O3:"),
        (POOR, 1, ":21:17: error: K6:"),
        (GOOD.replace("horizon: 60", "horizon: 45"), 1, ":11:14: error: "),
    ],
)
def test_the_command_names_each_line(tmp_path: Path, text: str, status: int, told: str) -> None:
    (tmp_path / "plan.yaml").write_text(text, "utf-8")
    result = CliRunner().invoke(app, ["plans", "check", str(tmp_path / "plan.yaml")])
    assert result.exit_code == status
    assert told in result.stdout


def test_the_command_says_when_there_is_no_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["plans", "check", str(tmp_path / "none.yaml")])
    assert result.exit_code != 0
    assert "none.yaml" in result.output
