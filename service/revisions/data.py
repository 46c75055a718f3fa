"""The whole data of a revision: what is frozen, hashed and printed (contract: reports/contract.py)."""

import json
from typing import Any

from pydantic import ValidationError

from reports import contract
from reports.contract import DRAFT_FORMAT, FORMAT, GrowthPlan
from service.errors import Invalid, Problem
from service.gaps.rules import Finding, Rung, State
from service.gaps.views import GapReport
from service.ladders.rules import Blueprint, Ladder
from service.objectives.queries import above_of
from service.objectives.rules import HORIZONS, horizon_end
from service.onboarding.rules import milestones
from service.plans.models import ObjectiveRow, Plan
from service.plans.rules import Kind
from service.plans.text import aligned_data, objective_data


def read(data: str) -> GrowthPlan:
    """The parts of canonical JSON, of a revision or a draft, as the PDF prints them. Raises: Invalid for what it cannot."""
    try:
        return contract.read(json.loads(data))
    except ValidationError as error:
        found = [
            Problem("/" + "/".join(map(str, part["loc"])), "This is more than a page can hold; shorten it.")
            for part in error.errors()
        ]
        raise Invalid("This text cannot be printed as it stands.", found) from None


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


def _printed(row: ObjectiveRow, names: dict[str, str]) -> dict[str, Any]:
    data = objective_data(row, names)
    if row.aligned is None:
        return data
    above, gaps = above_of(row.aligned), len(row.serves_gaps)
    serves = [*data["serves"][:gaps], f"{above.label}: {above.title}", *data["serves"][gaps:]]
    return data | {"serves": serves} | aligned_data(row)


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
