"""What the pages of objectives take from an address, and what their forms show."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query

from service import clock
from service.alignment import rules
from service.alignment.inputs import ALL, OPEN, Narrowed
from service.alignment.views import Places, Tree, UnitKeyResultView, UnitObjectiveView
from service.drafts.forms import remarks_at
from service.objectives.checks import CHECKS, Remark
from service.objectives.rules import Direction
from service.web.forms import Blank

CHECKS_OF_OBJECTIVES = [CHECKS[name] for name in ("O2", "O3", "O4", "O6", "P1")]
CHECKS_OF_KEY_RESULTS = [check for check in CHECKS.values() if check.id[0] == "K" and check.id != "K5"]

Values = dict[str, Any]
Options = list[tuple[Any, Any]]
Period = Annotated[
    str,
    Query(pattern=r"^(open|all|(19[7-9]|20[0-9]|21[0-9])[0-9]-Q[1-4]|)$", description="`open`, `all`, or as 2026-Q4."),
]


def read_view(
    unit: Annotated[UUID | None, Query(description="An org unit and those below."), Blank] = None, period: Period = OPEN
) -> Narrowed:
    """The view that an address asks for."""
    return Narrowed(unit, period or OPEN)


View = Annotated[Narrowed, Depends(read_view)]


def unit_options(tree: Tree) -> Options:
    """The company, and its units indented by how deep they lie."""
    return [("", tree.company), *((unit, _indented(name, depth)) for unit, name, depth in tree.units)]


def period_options(tree: Tree) -> Options:
    shown = [(quarter, f"{quarter[-2:]} {quarter[:4]}") for quarter in tree.quarters]
    return [(OPEN, "Open now"), *shown, (ALL, "All, closed ones too")]


def place_options(places: Places) -> Options:
    return [(unit or "", _indented(name, depth)) for unit, name, depth in places.units]


def parent_options(places: Places) -> Options:
    groups = [(name, [(above.id, above.title) for above in found]) for name, found in places.above]
    return [("", "None: it stands at the top"), *groups]


def _indented(name: str, depth: int) -> str:
    return "\u2003" * max(depth - 1, 0) + name


def new_objective(places: Places, unit: UUID | None, parent: UUID | None) -> Values:
    """It runs from today to the end of the quarter, in the asked place or the first one that may be written."""
    there = [place for place, _, _ in places.units]
    _, after = rules.period_of(rules.quarter_of(clock.today()))
    place = unit if unit in there else there[0]
    values = {
        "unit_id": place or "",
        "parent_id": parent or "",
        "starts_on": clock.today(),
        "due_on": rules.day_before(after),
    }
    return {"title": "", "why": "", "owner": ""} | values | {"version": ""}


def objective_values(objective: UnitObjectiveView) -> Values:
    same = {name: getattr(objective, name) for name in ("title", "why", "starts_on", "due_on", "version")}
    above = objective.above.id if objective.above else ""
    return same | {"unit_id": objective.unit_id or "", "parent_id": above, "owner": ""}


def key_result_values(objective: UnitObjectiveView, key_result: UnitKeyResultView | None) -> Values:
    names = ("title", "metric", "unit", "direction", "baseline", "target")
    standing = {name: getattr(key_result, name) for name in names} if key_result else {"direction": Direction.INCREASE}
    filled = {name: "" if value is None else value for name, value in standing.items()}
    return dict.fromkeys(names, "") | filled | {"version": objective.version}


def key_result_of(objective: UnitObjectiveView, key_result_id: UUID) -> UnitKeyResultView | None:
    """A key result, or None where it is not there (any more)."""
    return next((found for found in objective.key_results if found.id == key_result_id), None)


def own_remarks(objective: UnitObjectiveView | None) -> list[Remark]:
    """What the checks say of its own fields."""
    return [remark for remark in (objective.remarks if objective else ()) if remark.pointer.count("/") == 1]


def remarks_on(objective: UnitObjectiveView, key_result: UnitKeyResultView | None) -> list[Remark]:
    """What the checks say of one key result, by the names of its fields."""
    return remarks_at(objective.remarks, objective.key_results.index(key_result)) if key_result else []
