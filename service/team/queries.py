"""Reading a team: every row comes from `visible_reviews`, so a view never holds more than the reviews' own list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.clock import today
from service.gaps.queries import counted_ratings
from service.gaps.rules import Finding, findings_at
from service.ladders.models import LadderVersion
from service.ladders.queries import get_version_by_id
from service.ladders.rules import Ladder, Requirement, version_order
from service.paging import Page
from service.people.models import Person, ReportingLine
from service.people.queries import holds, with_units_below
from service.permissions import Actor, Permission, require
from service.reviews.history import as_it_was, began_by, end_of, get_pasts, step_then
from service.reviews.models import Review
from service.reviews.progress import is_late, is_running, is_unassigned, waiting_for
from service.reviews.queries import ladders_of, page_by_name, page_of_reviews, review_view, visible_reviews
from service.reviews.rules import ReviewStatus
from service.reviews.views import ReviewView
from service.team.rules import Narrowed, Reach, Step
from service.team.views import Cell, HeatMap, Member, SkillRow, StepCounts, TeamLine


def list_team(
    session: Session, actor: Actor, narrowed: Narrowed, *, after: str | None = None, limit: int = 50
) -> Page[TeamLine]:
    """The others' reviews in the view, by name, each with what it waits for.

    Raises: Forbidden, NotSignedIn, Invalid for a cursor that no page gave out.
    """
    require(actor, Permission.READ_TEAM)
    page = page_of_reviews(session, actor, conditions(session, actor, narrowed), after, limit)
    views, day = _views(session, actor, page.rows, narrowed.as_of), narrowed.as_of or today()
    return Page(tuple(TeamLine(view, waiting_for(view, day)) for view in views), page.next)


def list_all(session: Session, actor: Actor, narrowed: Narrowed, *, at_once: int = 500) -> Iterator[TeamLine]:
    """The whole view, page by page. Raises: as `list_team`."""
    after = None
    while True:
        found = list_team(session, actor, narrowed, after=after, limit=at_once)
        yield from found.rows
        if (after := found.next) is None:
            return


def count_steps(session: Session, actor: Actor, narrowed: Narrowed) -> StepCounts:
    """How many reviews are at which step, whichever step the view is of. Raises: Forbidden, NotSignedIn."""
    require(actor, Permission.READ_TEAM)
    where = conditions(session, actor, replace(narrowed, step=None))
    when = _when(narrowed.as_of)
    late, unassigned = (func.sum(case((what, 1), else_=0)) for what in (when.is_late, when.is_unassigned))
    chosen = visible_reviews(actor).where(*where)
    counts = chosen.with_only_columns(when.step, func.count(), late, unassigned, maintain_column_froms=True)
    rows = session.execute(counts.group_by(when.step)).all()
    steps = {Step(status): count for status, count, _, _ in rows}
    open_ones = sum(count for *_, count in rows)
    found = {Step.UNASSIGNED: open_ones} | steps if open_ones else steps
    return StepCounts(
        tuple((step, found[step]) for step in Step if step in found), sum(count for _, _, count, _ in rows)
    )


def get_heat_map(
    session: Session, actor: Actor, narrowed: Narrowed, *, after: str | None = None, limit: int = 25
) -> HeatMap | None:
    """The gaps of the revealed reviews in the view, on the ladder chosen or else on the one most of them are on; None where
    no review of the view is revealed, or none further.

    Raises: Forbidden, NotSignedIn, Invalid for a cursor that no page gave out.
    """
    require(actor, Permission.READ_TEAM)
    where, when = conditions(session, actor, narrowed), _when(narrowed.as_of)
    chosen = visible_reviews(actor).where(*where).join(LadderVersion, LadderVersion.id == Review.ladder_version_id)
    columns = (LadderVersion.ladder, func.sum(case((when.is_revealed, 1), else_=0)), func.count())
    counts = chosen.with_only_columns(*columns, maintain_column_froms=True).group_by(LadderVersion.ladder)
    ladders = session.execute(counts).all()
    ladder, revealed, count = max(ladders, key=lambda row: (row[1], row[0]), default=("", 0, 0))
    if not revealed:
        return None
    query = chosen.where(LadderVersion.ladder == ladder, when.is_revealed)
    whole = joinedload(Review.person).selectinload(Person.line)
    page = page_by_name(session, query.options(whole, selectinload(Review.assessments)), after, limit)
    if not page.rows:
        return None
    pins = _pins(session, page.rows, narrowed.as_of)
    ratings = counted_ratings(session, actor, page.rows, when.end)
    people = [(row, *pins[row.id], ratings[row.id]) for row in page.rows if row.id in ratings]
    newest = max((ladder for ladder, _ in pins.values()), key=lambda ladder: version_order(ladder.version))
    return HeatMap(
        ladder=ladder,
        title=newest.title,
        version=newest.version,
        members=tuple(Member(row.id, row.person.name, own.level(target).title) for row, own, target, _ in people),
        rows=_skill_rows([(own, findings_at(own, target, said)) for _, own, target, said in people]),
        waiting=count - revealed,
        next=page.next,
    )


def _skill_rows(found: Sequence[tuple[Ladder, tuple[Finding, ...]]]) -> tuple[SkillRow, ...]:
    """One row a skill, in the order that HeatMap states."""
    names = {skill.id: skill.name for ladder, _ in found for skill in ladder.skills}
    cells = [{f.skill.id: Cell(f.state, f.expectation.requirement) for f in findings} for _, findings in found]
    rows = []
    for skill_id, name in names.items():
        line = tuple(of_member.get(skill_id) for of_member in cells)
        open_ones = [cell for cell in line if cell and cell.is_open]
        must = sum(cell.requirement is Requirement.MUST for cell in open_ones)
        expected = sum(cell is not None for cell in line)
        if expected:
            rows.append(SkillRow(skill_id, name, line, must, len(open_ones), expected))
    return tuple(sorted(rows, key=lambda row: (-row.must, -row.open)))


def conditions(session: Session, actor: Actor, narrowed: Narrowed) -> list[ColumnElement[bool]]:
    """The view in SQL, over reviews and their people. Raises: Invalid for a day to come."""
    when = _when(narrowed.as_of)
    found: list[ColumnElement[bool]] = [Review.person_id != actor.person_id]
    found.append(Review.cycle_id == narrowed.cycle if narrowed.cycle else when.is_running)
    if when.end is not None:
        found.append(began_by(when.end))
    if narrowed.step is Step.UNASSIGNED:
        found.append(when.is_unassigned)
    elif narrowed.step is not None:
        found.append(when.step == narrowed.step.value)
    if narrowed.late:
        found.append(when.is_late)
    if narrowed.unit:
        found.append(Person.unit_id.in_(with_units_below(session, {narrowed.unit})))
    if narrowed.ladder:
        versions = select(LadderVersion.id).where(LadderVersion.ladder == narrowed.ladder)
        found.append(Review.ladder_version_id.in_(versions))
    if narrowed.assessor:
        found.append(Review.assessor_id == narrowed.assessor)
    if narrowed.reach is not None:
        found.append(_below(actor, narrowed.reach))
    if narrowed.q:
        found.append(holds(narrowed.q))
    return found


def _below(actor: Actor, reach: Reach) -> ColumnElement[bool]:
    line = select(ReportingLine.person_id).where(ReportingLine.manager_id == actor.person_id)
    return Review.person_id.in_(line.where(ReportingLine.distance == 1) if reach is Reach.DIRECT else line)


@dataclass(frozen=True, slots=True)
class _When:
    """What a view asks of reviews in SQL: as they are now, or as they were at `end`."""

    end: datetime | None
    step: ColumnElement[ReviewStatus]
    is_late: ColumnElement[bool]
    is_unassigned: ColumnElement[bool]
    is_running: ColumnElement[bool]
    is_revealed: ColumnElement[bool]


def _when(as_of: date | None) -> _When:
    if as_of is None:
        revealed = Review.revealed_at.is_not(None)
        return _When(None, Review.status.expression, is_late(today()), is_unassigned(), is_running(), revealed)
    end = end_of(as_of)
    step = step_then(end)
    return _When(end, step, is_late(as_of, step), is_unassigned(end), is_running(end), Review.revealed_at < end)


def _views(session: Session, actor: Actor, rows: Sequence[Review], as_of: date | None) -> list[ReviewView]:
    contents = ladders_of(session, rows)
    views = [review_view(actor, row, contents[row.ladder_version_id]) for row in rows]
    if as_of is None:
        return views
    pasts = get_pasts(session, rows, as_of)
    pinned = {view.id: get_version_by_id(session, pasts[view.id].ladder_version_id).ladder for view in views}
    return [as_it_was(view, pasts[view.id], pinned[view.id]) for view in views]


def _pins(session: Session, rows: Sequence[Review], as_of: date | None) -> dict[UUID, tuple[Ladder, str]]:
    """Review id → the ladder it is pinned to, or was, and its target level there."""
    pinned = {row.id: row for row in rows} if as_of is None else get_pasts(session, rows, as_of)
    versions = dict.fromkeys(pin.ladder_version_id for pin in pinned.values())
    ladders = {id_: get_version_by_id(session, id_).ladder for id_ in versions}
    return {id_: (ladders[pin.ladder_version_id], pin.target_level) for id_, pin in pinned.items()}
