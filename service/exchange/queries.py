"""A plan out to a file, with what was agreed, how it went, and how it ended."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy.orm import Session

from service.checkins.queries import find_progress
from service.closing.queries import get_closing
from service.exchange import files
from service.ladders.queries import get_version_by_id
from service.permissions import Actor, Permission, may
from service.plans import queries
from service.plans.models import Plan

ELSEWHERE = {"elsewhere": True}
"""Marks what was brought in: it is no agreement of this installation, whatever it says of itself."""


def get_file(session: Session, actor: Actor, plan_id: UUID) -> tuple[str, dict[str, Any]]:
    """(a name for the file without its ending, the plan as the plain data of it), as far as the actor may read it.

    Raises: NotFound, NotSignedIn.
    """
    plan = queries.find_plan(session, actor, plan_id)
    version = get_version_by_id(session, plan.ladder_version_id)
    reads_all = may(actor, Permission.READ_CHECK_INS, plan) and may(actor, Permission.READ_REFLECTION, plan)
    brought = plan.history if reads_all else []  # it may hold anybody's words
    history = [*(entry | ELSEWHERE for entry in brought), *_history(session, actor, plan)]
    data = files.contents(queries.get_plan(session, actor, plan_id), plan.person.employee_id, version.sha256, history)
    return queries.file_name(plan), data


def _history(session: Session, actor: Actor, plan: Plan) -> Iterator[dict[str, Any]]:
    """The agreed texts, then the check-ins and the closing, where there are any that the actor may read."""
    for row in plan.revisions:
        yield {"revision": row.number, "sha256": row.sha256, "data": json.loads(row.data)}
    progress = find_progress(session, actor, plan.id)
    check_ins = progress.check_ins if progress else {}
    if check_ins:
        yield {"check_ins": to_jsonable_python({str(id_): found for id_, found in check_ins.items()})}
    if closing := get_closing(session, actor, plan.id):
        yield {"closing": to_jsonable_python(closing.ending), "sha256": closing.sha256}
