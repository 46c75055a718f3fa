"""HTML doors of the team view, and the same view as files."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from reports.workbook import Cell, write_csv, write_xlsx
from service import clock
from service.ladders.queries import list_latest
from service.people.queries import list_units
from service.permissions import Actor, Permission
from service.reviews.queries import list_cycles
from service.reviews.rules import Side
from service.team import queries
from service.team.forms import View
from service.team.rules import Narrowed, Step
from service.team.views import TeamLine
from service.web.pages import page
from service.web.paging import After
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)

STEPS = {
    Step.UNASSIGNED: "No assessor",
    Step.OPEN: "Assessing",
    Step.REVEALED: "Revealed",
    Step.SHARED: "Talk",
    Step.CONFIRMED: "Confirmed",
    Step.CLOSED: "Closed",
}
HEAD = (
    "Person", "Employee id", "Org unit", "Cycle", "Ladder", "Version", "Level", "Target", "Assessor", "Self", "Manager",
    "Step", "Waits for", "By", "Late",
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/team", permission=Permission.READ_TEAM)
def show_team(request: Request, session: DbSession, actor: SignedIn, view: View, after: After = None) -> Response:
    found = queries.list_team(session, actor, view, after=after)
    counts = queries.count_steps(session, actor, view)
    return page(request, "team/team.html", found=found, counts=counts, after=after, **_frame(session, actor, view))


@router.get("/team/gaps", permission=Permission.READ_TEAM)
def show_gaps(request: Request, session: DbSession, actor: SignedIn, view: View, after: After = None) -> Response:
    """What is open by skill and person, of reviews that are revealed."""
    found = queries.get_heat_map(session, actor, view, after=after)
    return page(request, "team/gaps.html", found=found, after=after, **_frame(session, actor, view))


@router.get("/team.csv", permission=Permission.READ_TEAM)
def show_csv(session: DbSession, actor: SignedIn, view: View) -> Response:
    """The whole view, every page of it."""
    made = write_csv(HEAD, _cells(queries.list_all(session, actor, view)))
    return _file(made, "text/csv; charset=utf-8", "csv")


@router.get("/team.xlsx", permission=Permission.READ_TEAM)
def show_xlsx(session: DbSession, actor: SignedIn, view: View) -> Response:
    """The whole view, every page of it."""
    made = write_xlsx("Team", clock.now(), HEAD, _cells(queries.list_all(session, actor, view)))
    return _file(made, XLSX, "xlsx")


def _frame(session: DbSession, actor: Actor, view: Narrowed) -> dict[str, Any]:
    """What the filters offer, and how links keep the view."""

    def link(**other: str) -> str:
        kept = {name: value for name, value in (view.query | other).items() if value}
        return "?" + urlencode(kept) if kept else "?"

    return {
        "view": view,
        "link": link,
        "steps": STEPS,
        "cycles": list_cycles(session, actor).rows,
        "units": list_units(session, actor),
        "ladders": [(latest.ladder.id, latest.ladder.title) for latest in list_latest(session, actor)],
    }


def _cells(lines: Iterable[TeamLine]) -> Iterator[tuple[Cell, ...]]:
    for line in lines:
        review, waiting = line.review, line.waiting
        halves = (review.half(side) for side in Side)
        submitted = [half.status.value.replace("draft", "not yet") if half else "no assessor yet" for half in halves]
        yield (
            review.person_name, review.employee_id, review.unit_name, review.cycle_name, review.ladder_title,
            review.ladder_version, review.current.title, review.target.title, review.assessor_name, *submitted,
            STEPS[Step(review.status)], waiting.what, waiting.by, "late" if waiting.is_late else "",
        )  # fmt: skip


def _file(content: bytes, kind: str, ending: str) -> Response:
    name = f"team-{clock.today().isoformat()}.{ending}"
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
