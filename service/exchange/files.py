"""Plans as files, JSON or YAML 1.2: read with every problem at its line, checked, and written without loss."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

from service.exchange.inputs import ObjectiveOfFile, PlanFile
from service.ladders.hints import shape_problems
from service.ladders.yamltext import FileProblem, Parsed, parse, shown
from service.objectives import checks
from service.objectives.checks import Remark
from service.objectives.rules import KeyResult, Objective
from service.plans.views import ObjectiveView, PlanView

FORMAT = "nextrung-plan/1"
BOM = b"\xef\xbb\xbf"
TOO_MUCH = ("too-large", "too-many-values", "too-deep")
_JSON_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]|[^][{}:,"\s]+')
_KEY_ENDS = re.compile(r"\s*:")


@dataclass(frozen=True)
class Reading:
    """What a file says: a plan where there are no problems, else all of them. `parsed` knows where each value stands."""

    plan: PlanFile | None
    problems: tuple[FileProblem, ...]
    parsed: Parsed


def read(path: str, content: bytes) -> Reading:
    """A plan file, called `path` in messages. Never raises; what is wrong is in `problems`."""
    parsed = parse(path, content)
    if content.removeprefix(BOM).lstrip()[:1] == b"{" and not any(it.kind in TOO_MUCH for it in parsed.problems):
        with suppress(ValueError, RecursionError):  # JSON may hold what YAML does not: tabs, pairs of surrogates
            text = content.decode("utf-8-sig")
            parsed.data, parsed.problems = json.loads(text), list(_json_problems(path, text))
            parsed.usable = not parsed.problems
    found = [*parsed.problems, *(shape_problems(PlanFile, parsed) if parsed.usable else ())]
    if found:
        return Reading(None, tuple(sorted(found, key=lambda problem: (problem.line, problem.column))), parsed)
    return Reading(PlanFile.model_validate(parsed.data), (), parsed)


def _json_problems(path: str, text: str) -> Iterator[FileProblem]:
    """What Python reads in well-formed JSON and JSON does not have: a number that is none, and a field that stands twice."""
    around: list[dict[str, int]] = []  # of each object that is open, its fields and their lines
    line, begins, seen = 1, 0, 0
    for found in _JSON_WORD.finditer(text):
        word, at = found[0], found.start()
        if lines := text.count("\n", seen, at):
            line, begins = line + lines, text.rindex("\n", seen, at) + 1
        seen, place = at, (path, line, at - begins + 1)
        if word == "{":
            around.append({})
        elif word == "}":
            around.pop()
        elif word[0] != '"':
            if word not in ("true", "false", "null") and not isfinite(float(word)):
                words = f"{shown(word)} is no number in JSON; write the number, or leave the field out"
                yield FileProblem(*place, "number", words)
        elif _KEY_ENDS.match(text, found.end()):
            name = json.loads(word)
            if name in around[-1]:
                words = f"the field {shown(name)} stands here twice, first in line {around[-1][name]}"
                yield FileProblem(*place, "duplicate-key", words)
            around[-1].setdefault(name, line)


def check(reading: Reading) -> Iterator[tuple[Remark, FileProblem]]:
    """The remarks of the checks on a plan file, each with its place."""
    if reading.plan is None:
        return
    for remark in checks.check_plan(reading.plan.start_on, [objective_of(given) for given in reading.plan.objectives]):
        steps = tuple(int(step) if step.isdecimal() else step for step in remark.pointer.split("/")[1:])
        yield remark, reading.parsed.problem(steps, remark.check, remark.detail)


def objective_of(given: ObjectiveOfFile) -> Objective:
    """The objective as the checks read it."""
    return Objective(
        given.title, given.horizon, given.why, tuple(given.serves_gaps), given.serves, given.due_on,
        tuple(
            KeyResult(kr.title, kr.metric, kr.unit, kr.direction, kr.baseline, kr.target, kr.due_on)
            for kr in given.key_results
        ),
        is_aligned=given.aligned is not None,
    )  # fmt: skip


def contents(
    plan: PlanView, employee_id: str, ladder_sha256: str, history: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A plan as the plain data of its file. `history` is what was agreed, elsewhere and here, and what came of it."""
    same = {name: getattr(plan, name) for name in ("title", "kind", "start_on")}
    data = {
        "format": FORMAT,
        **same,
        "person": employee_id,
        "ladder": {"id": plan.ladder_id, "version": plan.ladder_version, "sha256": ladder_sha256},
        "current": plan.current.id,
        "target": plan.target.id,
        "chosen": [skill_id for skill_id, _ in plan.chosen],
        "objectives": [
            {name: getattr(objective, name) for name in ObjectiveOfFile.model_fields}
            | {"aligned": _aligned(objective)}
            | {"key_results": [_fields(key_result) for key_result in objective.key_results]}
            for objective in plan.objectives
        ],
    }
    return {name: _plain(value) for name, value in data.items()} | {"history": list(history)}


def to_json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _aligned(objective: ObjectiveView) -> dict[str, Any] | None:
    above = objective.aligned
    return {"id": above.id, "title": above.title, "unit": above.unit} if above else None


def _fields(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__slots__}


def _plain(value: Any) -> Any:
    """Dates, ids and numbers as text, so that no digit is lost; what is not there is left out."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, bool | int) else str(value)
