"""The agreed text of a plan as canonical JSON: what both sides sign, what the PDF is made of (contract: reports/contract.py)."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from reports.contract import DRAFT_FORMAT, FORMAT
from service.errors import Conflict
from service.gaps.rules import Finding, Rung, State
from service.gaps.views import GapReport
from service.ladders.rules import Blueprint, Ladder
from service.objectives.queries import above_of
from service.plans.models import KeyResultRow, ObjectiveRow, Plan
from service.plans.rules import HORIZONS, Direction, KeyResult, Kind, Objective, horizon_end
from service.plans.steps import milestones

DIRECTIONS = {"increase": "increase", "decrease": "decrease", "at-least": "at least", "at-most": "at most"}


def objective_of(row: ObjectiveRow) -> Objective:
    """The row as the checks read it."""
    return Objective(
        title=row.title,
        horizon=row.horizon,
        why=row.why,
        serves_gaps=tuple(row.serves_gaps),
        serves=row.serves,
        due_on=row.due_on,
        key_results=tuple(
            KeyResult(kr.title, kr.metric, kr.unit, kr.direction, _number(kr.baseline), _number(kr.target), kr.due_on)
            for kr in row.key_results
        ),
        is_aligned=row.aligned_to is not None,
    )


def canonical(data: Any) -> str:
    """JSON with sorted keys, compact, not escaped: one text for one content."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_of(text: str) -> str:
    """SHA-256 in hex."""
    return sha256(text.encode()).hexdigest()


def signature_of(plan: Plan) -> str:
    """The hash of what a signature stands for: everything the two sides can still change."""
    body = written(plan) | {"objectives": [_signed(row) for row in plan.objectives]}
    return hash_of(canonical(body.pop("plan") | body))


def written(plan: Plan) -> dict[str, Any]:
    """What the two sides have written, as the data of a revision has it, without the names of its skills."""
    return {
        "plan": {"title": plan.title, "start_on": plan.start_on.isoformat()},
        "chosen": plan.chosen,
        "objectives": objectives_data(plan),
    }


def agreed_text(plan: Plan) -> dict[str, Any]:
    """The data of the newest revision, which is in force. Raises: Conflict where it is from before texts held ids."""
    data: dict[str, Any] = json.loads(plan.revisions[-1].data)
    if all("id" in it for objective in data["objectives"] for it in (objective, *objective["key_results"])):
        return data
    raise Conflict("This plan was agreed before its text held what a change needs. Close it, and begin a new one.")


def rows_of(data: dict[str, Any], standing: Sequence[ObjectiveRow] = ()) -> list[ObjectiveRow]:
    """The rows of a text: those of `standing` with their ids, written anew, and new ones for the others."""
    known = {row.id: row for row in standing}
    return [_row(known.get(UUID(it["id"])), it, place) for place, it in enumerate(data["objectives"], start=1)]


def _row(standing: ObjectiveRow | None, it: dict[str, Any], place: int) -> ObjectiveRow:
    row = standing or ObjectiveRow(id=UUID(it["id"]), key_results=[])
    row.position, row.horizon, row.title, row.why = place, it["horizon"], it["title"], it["why"]
    row.serves_gaps, row.serves, row.projects = it["gaps"], it["above"], it["projects"]
    row.due_on, row.source = _day(it["due_on"]), it.get("source")
    row.aligned_to = UUID(it["aligned"]["id"]) if it.get("aligned") else None
    known = {kr.id: kr for kr in row.key_results}
    row.key_results = [_key_result_row(known, kr, at) for at, kr in enumerate(it["key_results"], start=1)]
    return row


def _key_result_row(known: dict[UUID, KeyResultRow], it: dict[str, Any], place: int) -> KeyResultRow:
    row = known.get(UUID(it["id"])) or KeyResultRow(id=UUID(it["id"]))
    for name in ("title", "metric", "unit", "baseline", "target", "owner"):
        setattr(row, name, it[name])
    row.position, row.due_on, row.source = place, _day(it["due_on"]), it.get("source")
    row.direction = Direction(it["direction"].replace(" ", "-"))
    return row


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def objectives_data(plan: Plan) -> list[dict[str, Any]]:
    """The objectives as they are written now, in the shape of a revision; skills are named by their ids."""
    return [_objective(row, {}) | _aligned(row) for row in plan.objectives]


def document_data(
    plan: Plan, ladder: Ladder, ladder_sha256: str, report: GapReport | None, number: int | None,
    blueprint: Blueprint | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The whole data of revision `number`, or of a draft, which has neither number nor signatures. `report` is the gap
    report of a promotion plan, None for onboarding, whose milestones the blueprint has."""
    names = {skill.id: skill.name for skill in ladder.skills}
    level = {level.id: {"id": level.id, "title": level.title} for level in ladder.levels}
    agreed_on = plan.agreed_at.date().isoformat() if plan.agreed_at else ""
    revision = {"revision": number, "agreed_on": agreed_on} if number else {}
    if number and plan.change_reason:
        revision["reason"] = plan.change_reason
    data: dict[str, Any] = {
        "format": FORMAT if number else DRAFT_FORMAT,
        "language": "en",
        "plan": {
            "id": str(plan.id),
            "kind": str(plan.kind),
            "title": plan.title,
            "start_on": plan.start_on.isoformat(),
        }
        | revision,
        "person": _person(plan),
        "manager": {"name": plan.assessor.name if plan.assessor else ""},
        "ladder": {
            "id": ladder.id,
            "title": ladder.title,
            "version": ladder.version,
            "sha256": ladder_sha256,
            "current": level[plan.current_level],
            "target": level[plan.target_level],
        },
        "chosen": list(plan.chosen),
        "gaps": [],
        "differences": [],
        "not_applicable": [],
        "objectives": [_printed(row, names) for row in plan.objectives],
        "check_ins": [{"day": days, "on": horizon_end(plan.start_on, days).isoformat()} for days in HORIZONS],
        "signatures": _signatures(plan) if number else [],
    }
    served = {skill_id for row in plan.objectives for skill_id in row.serves_gaps}
    if plan.kind == Kind.ONBOARDING and (later := milestones(blueprint, plan.start_on)):
        data["milestones"] = [
            {"id": it.id, "months": it.months, "text": it.text, "due_on": it.due_on.isoformat()} for it in later
        ]
    return data | (_from_report(report, served) if report else {})


def _person(plan: Plan) -> dict[str, Any]:
    person = {"name": plan.person.name, "employee_id": plan.person.employee_id}
    return person | ({"org_unit": plan.person.unit.name} if plan.person.unit else {})


def _signatures(plan: Plan) -> list[dict[str, str]]:
    manager = plan.assessor.name if plan.assessor else ""
    signed = (("Person", plan.person.name, plan.person_signed_at), ("Manager", manager, plan.manager_signed_at))
    return [{"role": role, "name": name, "on": at.date().isoformat()} for role, name, at in signed if at is not None]


def _signed(row: ObjectiveRow) -> dict[str, Any]:
    """What the two sides write. The title of an objective above is not theirs: others may word it anew meanwhile."""
    return _objective(row, {}) | ({"aligned": str(row.aligned_to)} if row.aligned_to else {})


def _printed(row: ObjectiveRow, names: dict[str, str]) -> dict[str, Any]:
    data = _objective(row, names)
    if row.aligned is None:
        return data
    above, gaps = above_of(row.aligned), len(row.serves_gaps)
    serves = [*data["serves"][:gaps], f"{above.label}: {above.title}", *data["serves"][gaps:]]
    return data | {"serves": serves} | _aligned(row)


def _aligned(row: ObjectiveRow) -> dict[str, Any]:
    if row.aligned is None:
        return {}
    above = above_of(row.aligned)
    return {"aligned": {"id": str(above.id), "title": above.title} | ({"unit": above.unit} if above.unit else {})}


def _objective(row: ObjectiveRow, names: dict[str, str]) -> dict[str, Any]:
    serves = [f"Gap: {names.get(skill_id, skill_id)}" for skill_id in row.serves_gaps]
    began = {"source": row.source} if row.source else {}
    return began | {
        "id": str(row.id),
        "horizon": row.horizon,
        "title": row.title,
        "why": row.why,
        "serves": serves + ([row.serves] if row.serves else []),
        "gaps": list(row.serves_gaps),
        "above": row.serves,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "projects": list(row.projects),
        "key_results": [
            {
                "id": str(kr.id),
                "title": kr.title,
                "metric": kr.metric,
                "unit": kr.unit,
                "direction": DIRECTIONS[kr.direction],
                "baseline": kr.baseline,
                "target": kr.target,
                "due_on": kr.due_on.isoformat() if kr.due_on else None,
                "owner": kr.owner,
            }
            | ({"source": kr.source} if kr.source else {})
            for kr in row.key_results
        ],
    }


def _from_report(report: GapReport, served: set[str]) -> dict[str, Any]:
    """A gap is in the plan where an objective serves it; choosing one alone plans nothing."""
    differences = [
        {
            "skill": item.skill.name,
            "self": report.words(report.self_, item.skill.id),
            "manager": report.words(report.manager, item.skill.id),
            "rungs": item.rungs,
            "direction": f"{item.higher} higher" if item.higher else "answered in different ways",
        }
        for item in report.differences
    ]
    return {
        "attainment": _attainment(report),
        "gaps": [_gap(report, finding, served) for finding in report.gaps],
        "differences": differences,
        "not_applicable": [
            {"skill": finding.skill.name, "reason": finding.reason} for finding in report.of_state(State.NOT_APPLICABLE)
        ],
    }


def _attainment(report: GapReport) -> dict[str, Any]:
    attained = report.attainment.attained
    data = {
        "basis": str(report.basis),
        "levels": [_level(rung, rung.level == report.attainment.next) for rung in report.attainment.rungs],
        "blockers": [
            {
                "skill": finding.skill.name,
                "level": report.ladder.level(finding.expectation.level).title,
                "requirement": str(finding.expectation.requirement),
                "state": str(finding.state),
                "statement": finding.expectation.statement,
            }
            for finding in report.attainment.blockers
        ],
    }
    return data | ({"attained": {"id": attained.id, "title": attained.title}} if attained else {})


def _level(rung: Rung, is_next: bool) -> dict[str, Any]:
    return {
        "id": rung.level.id,
        "title": rung.level.title,
        "state": "attained" if rung.attained else "next" if is_next else "above",
        "must": {"met": rung.must.met, "expected": rung.must.expected},
        "should": {"met": rung.should.met, "expected": rung.should.expected, "needed": rung.should.needed},
        "open_musts": [f.skill.name for f in rung.blockers if f.expectation.requirement == "must"],
    }


def _gap(report: GapReport, finding: Finding, served: set[str]) -> dict[str, Any]:
    skill = finding.skill
    categories = {category.id: category.title for category in report.ladder.categories}
    sides = {"self": report.self_, "manager": report.manager, "agreed": report.agreed}
    return {
        "skill": {"id": skill.id, "name": skill.name},
        "category": categories[skill.category],
        "requirement": str(finding.expectation.requirement),
        "importance": str(skill.importance),
        "state": str(finding.state),
        "distance": finding.distance or 0,
        "expected": {
            "level": report.ladder.level(finding.expectation.level).title,
            "statement": finding.expectation.statement,
        },
        "chosen": skill.id in served,
    } | {name: report.words(ratings, skill.id) for name, ratings in sides.items() if skill.id in ratings}


def exact(number: Decimal | None) -> str | None:
    """A number as it is kept: exact decimal text."""
    return None if number is None else f"{number:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
