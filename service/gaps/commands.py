"""`nextrung gaps`: the gap report of somebody's running or last review, as text."""

from textwrap import fill
from typing import Annotated, Any

import typer

from service.gaps import queries
from service.gaps.rules import Finding, State
from service.gaps.views import GapReport
from service.people.commands import Email, find, load_as
from service.terminal import As, AsOf, open_database

WIDTH = 100
STATES = {
    State.MET: "met",
    State.PARTLY: "partly met",
    State.UNMET: "not yet",
    State.UNKNOWN: "not assessed",
    State.NOT_APPLICABLE: "not applicable",
}

commands = typer.Typer(name="gaps", add_completion=False)


@commands.command()
def gaps(
    email: Email,
    actor_email: As,
    level: Annotated[str | None, typer.Option(metavar="LEVEL", help="Another level than the review's target.")] = None,
    ladder: Annotated[str | None, typer.Option(metavar="LADDER", help="Another ladder, in its newest version.")] = None,
    as_of: AsOf = None,
) -> None:
    """Show EMAIL's running or last review: the level attained, what blocks the next, and every open expectation."""
    with open_database().transaction(readonly=True) as session:
        actor = load_as(session, actor_email)
        person = find(session, email)
        review_id = queries.find_latest(session, actor, person.id)
        report = queries.get_report(
            session, actor, review_id, level=level, ladder=ladder, as_of=as_of.date() if as_of else None
        )
    typer.echo("\n".join(_lines(report)))


def _lines(report: GapReport) -> list[str]:
    review, ladder = report.review, report.ladder
    draft = ", still a draft" if report.is_draft else ""
    lines = [
        f"{review.person_name} · {review.cycle_name} ({review.status}) · {ladder.title} {ladder.version}",
        *([f"As it stood at the end of {report.as_of:%-d %b %Y}."] if report.as_of else []),
        f"Towards {report.target.title}; counted: {report.basis} ratings{draft}.",
        "",
        *_attainment(report),
    ]
    if report.at_top:
        lines.append(f"There is no level above {report.target.title} on this ladder.")
    lines += _section("Open", [line for finding in report.gaps for line in _gap(report, finding)], len(report.gaps))
    met = report.of_state(State.MET)
    lines += _section("Met", [f"  {_name(finding)}" for finding in met], len(met))
    not_applicable = report.of_state(State.NOT_APPLICABLE)
    lines += _section("Not applicable", [f"  {f.skill.name}: {f.reason}" for f in not_applicable], len(not_applicable))
    differences = [_difference(report, difference) for difference in report.differences]
    return lines + _section("Seen differently", differences, len(differences))


def _attainment(report: GapReport) -> list[str]:
    attained, following = report.attainment.attained, report.attainment.next
    lines = [f"Attained: {attained.title if attained else 'on the way to the first level'}"]
    for rung in report.attainment.rungs:
        gate = f"must {rung.must.met} of {rung.must.expected}, should {rung.should.met} of {rung.should.expected}"
        state = "attained" if rung.attained else "next" if rung.level == following else "above"
        lines.append(f"  {rung.level.title:<12} {gate} ({rung.should.needed} needed)  {state}")
    return lines


def _gap(report: GapReport, finding: Finding) -> list[str]:
    sides = (("self", report.self_), ("manager", report.manager), ("agreed", report.agreed))
    said = [f"{name}: {report.words(ratings, finding.skill.id)}" for name, ratings in sides if ratings]
    indent = " " * 10
    return [
        f"  {_name(finding)}: {STATES[finding.state]}{_distance(finding)}",
        fill(finding.expectation.statement, WIDTH, initial_indent=indent, subsequent_indent=indent),
        indent + " · ".join(said),
    ]


def _name(finding: Finding) -> str:
    return f"{finding.expectation.requirement:<7} {finding.skill.name}"


def _distance(finding: Finding) -> str:
    return f", {finding.distance} rung{'s' if finding.distance > 1 else ''} to go" if finding.distance else ""


def _difference(report: GapReport, item: Any) -> str:
    one, other = report.words(report.self_, item.skill.id), report.words(report.manager, item.skill.id)
    return f"  {item.skill.name}: self {one} – manager {other}"


def _section(title: str, lines: list[str], count: int) -> list[str]:
    return ["", f"{title} ({count})", *lines] if lines else []
