"""The agreed text of a plan as canonical JSON: what both sides sign, what the PDF is made of (contract: reports/contract.py)."""

import json
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from service.errors import Conflict
from service.objectives.queries import above_of, as_key_result
from service.objectives.rules import Direction, Objective
from service.plans.models import KeyResultRow, ObjectiveRow, Plan

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
        key_results=tuple(as_key_result(kr, kr.due_on) for kr in row.key_results),
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
    if has_ids(data):
        return data
    raise Conflict("This plan was agreed before its text held what a change needs. Close it, and begin a new one.")


def has_ids(data: dict[str, Any]) -> bool:
    """Whether it is from after texts began to hold the ids of objectives and key results."""
    return all("id" in it for objective in data["objectives"] for it in (objective, *objective["key_results"]))


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
    return [objective_data(row, {}) | aligned_data(row) for row in plan.objectives]


def _signed(row: ObjectiveRow) -> dict[str, Any]:
    """What the two sides write. The title of an objective above is not theirs: others may word it anew meanwhile."""
    return objective_data(row, {}) | ({"aligned": str(row.aligned_to)} if row.aligned_to else {})


def aligned_data(row: ObjectiveRow) -> dict[str, Any]:
    if row.aligned is None:
        return {}
    above = above_of(row.aligned)
    return {"aligned": {"id": str(above.id), "title": above.title} | ({"unit": above.unit} if above.unit else {})}


def objective_data(row: ObjectiveRow, names: dict[str, str]) -> dict[str, Any]:
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
