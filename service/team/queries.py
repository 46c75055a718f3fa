"""Reading a team: every row comes from `visible_reviews`, so a view never holds more than the reviews' own list."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.clock import today
from service.gaps.queries import counted_ratings
from service.gaps.rules import Finding, findings_at
from service.ladders.models import LadderVersion
from service.ladders.rules import Ladder, Requirement, version_order
from service.paging import Page
from service.people.models import Person, ReportingLine
from service.people.queries import holds, with_units_below
from service.permissions import Actor, Permission, require
from service.reviews.models import Review
from service.reviews.progress import is_late, is_running, is_unassigned, waiting_for
from service.reviews.queries import ladders_of, list_reviews, page_by_name, visible_reviews
from service.team.rules import Narrowed, Reach, Step
from service.team.views import Cell, HeatMap, Member, SkillRow, StepCounts, TeamLine


def list_team(
    session: Session, actor: Actor, narrowed: Narrowed, *, after: str | None = None, limit: int = 50
) -> Page[TeamLine]:
    """The others' reviews in the view, by name, each with what it waits for.

    Raises: Forbidden, NotSignedIn, Invalid for a cursor that no page gave out.
    """
    require(actor, Permission.READ_TEAM)
    where = conditions(session, actor, narrowed)
    found = list_reviews(session, actor, where=where, after=after, limit=limit)
    now = today()
    return Page(tuple(TeamLine(review, waiting_for(review, now)) for review in found.rows), found.next)


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
    late, unassigned = (func.sum(case((what, 1), else_=0)) for what in (is_late(today()), is_unassigned()))
    counts = visible_reviews(actor).where(*where).with_only_columns(Review.status, func.count(), late, unassigned)
    rows = session.execute(counts.group_by(Review.status)).all()
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
    where = conditions(session, actor, narrowed)
    chosen = visible_reviews(actor).where(*where).join(LadderVersion, LadderVersion.id == Review.ladder_version_id)
    columns = (LadderVersion.ladder, func.count(Review.revealed_at), func.count())
    counts = chosen.with_only_columns(*columns, maintain_column_froms=True).group_by(LadderVersion.ladder)
    ladders = session.execute(counts).all()
    ladder, revealed, count = max(ladders, key=lambda row: (row[1], row[0]), default=("", 0, 0))
    if not revealed:
        return None
    query = chosen.where(LadderVersion.ladder == ladder, Review.revealed_at.is_not(None))
    whole = joinedload(Review.person).selectinload(Person.line)
    page = page_by_name(session, query.options(whole, selectinload(Review.assessments)), after, limit)
    if not page.rows:
        return None
    contents = ladders_of(session, page.rows)
    ratings = counted_ratings(session, actor, page.rows)
    people = [(row, contents[row.ladder_version_id], ratings[row.id]) for row in page.rows if row.id in ratings]
    newest = max(contents.values(), key=lambda content: version_order(content.version))
    return HeatMap(
        ladder=ladder,
        title=newest.title,
        version=newest.version,
        members=tuple(Member(row.id, row.person.name, own.level(row.target_level).title) for row, own, _ in people),
        rows=_skill_rows([(own, findings_at(own, row.target_level, said)) for row, own, said in people]),
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
    """The view in SQL, over reviews and their people."""
    found: list[ColumnElement[bool]] = [Review.person_id != actor.person_id]
    found.append(Review.cycle_id == narrowed.cycle if narrowed.cycle else is_running())
    if narrowed.step is Step.UNASSIGNED:
        found.append(is_unassigned())
    elif narrowed.step is not None:
        found.append(Review.status == narrowed.step.value)
    if narrowed.late:
        found.append(is_late(today()))
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
