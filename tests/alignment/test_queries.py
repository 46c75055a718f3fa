"""The tree and what is aligned to it: as far as one may read it, and in as many queries for thirty as for one."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from service.alignment import actions, queries
from service.alignment.inputs import ALL, Narrowed, UnitObjectiveDraft, ValueInput
from service.alignment.views import UnitObjectiveLine
from service.drafts.actions import add_key_result, add_objective
from service.errors import Forbidden, NotFound, NotSignedIn
from service.objectives.models import UnitObjective
from service.objectives.queries import list_choices
from service.people.models import OrgUnit
from service.permissions import NOBODY
from service.plans.models import Plan
from tests.alignment import aims
from tests.cast import Cast
from tests.checkins import running
from tests.conftest import CountQueries
from tests.plans import drafts


def aligned_plan(session: Session, cast: Cast, row: UnitObjective, *, agreed: bool = True) -> Plan:
    """Ben's plan with one objective that is aligned to `row`."""
    with running.day(0):
        return _aligned_plan(session, cast, row, agreed)


def _aligned_plan(session: Session, cast: Cast, row: UnitObjective, agreed: bool) -> Plan:
    plan, ben = drafts.promotion_plan(session, cast), cast.actor(cast.ben)
    made = add_objective(session, ben, plan.id, drafts.objective(plan, aligned_to=row.id))
    for _ in range(3):
        add_key_result(session, ben, plan.id, made.id, drafts.key_result(plan))
    session.commit()
    return drafts.agree(session, cast, plan) if agreed else plan


def flat(lines: tuple[UnitObjectiveLine, ...]) -> list[str]:
    return [title for line in lines for title in (line.title, *flat(line.below))]


def test_the_tree_goes_from_the_company_down(session: Session, cast: Cast) -> None:
    team = aims.team_of(session, session.get_one(OrgUnit, cast.ben.unit_id))
    top = aims.aim(session, cast, title="Top")
    unit = aims.aim(session, cast, title="Unit", unit_id=cast.ben.unit_id, parent_id=top.id)
    aims.aim(session, cast, title="Team", unit_id=team.id, parent_id=unit.id)
    aims.aim(session, cast, title="Alone", unit_id=cast.eli.unit_id)
    (first, second) = queries.get_tree(session, cast.actor(cast.eli)).lines
    assert (first.title, first.label) == ("Top", "Company objective")
    assert (first.below[0].title, first.below[0].label) == ("Unit", "Objective of Product")
    assert [line.title for line in first.below[0].below] == ["Team"]
    assert (second.title, second.above) == ("Alone", None)

    narrowed = queries.get_tree(session, cast.actor(cast.eli), Narrowed(unit=cast.ben.unit_id))
    assert flat(narrowed.lines) == ["Unit", "Team"]
    assert narrowed.lines[0].above is not None
    assert narrowed.lines[0].above.title == "Top"


def test_the_period_narrows_it(session: Session, cast: Cast) -> None:
    aims.aim(session, cast, title="Spring", starts_on="2026-04-01", due_on="2026-06-30")
    ended = aims.aim(session, cast, title="Autumn")
    actions.close_objective(session, cast.actor(cast.dee), ended.id, 1)
    shown = {
        period: flat(queries.get_tree(session, cast.actor(cast.ben), Narrowed(period=period)).lines)
        for period in ("open", ALL, "2026-Q2", "2026-Q3", "2026-Q4")
    }
    both = ["Spring", "Autumn"]
    assert shown == {"open": ["Spring"], ALL: both, "2026-Q2": ["Spring"], "2026-Q3": [], "2026-Q4": ["Autumn"]}
    assert queries.get_tree(session, cast.actor(cast.ben)).quarters == ("2026-Q4", "2026-Q3", "2026-Q2")


def test_progress_and_roll_up_stand_side_by_side(session: Session, cast: Cast) -> None:
    top = aims.aim(session, cast)
    below = aims.aim(session, cast, unit_id=cast.ben.unit_id, parent_id=top.id)
    aims.aim(session, cast, unit_id=cast.eli.unit_id, parent_id=top.id)
    for row, value in ((top, 60), (below, 40)):
        kr = aims.key_result(session, cast, row)
        given = ValueInput(value=Decimal(value), version=row.version)
        actions.measure_key_result(session, cast.actor(cast.dee), row.id, kr.id, given)
    session.commit()
    (line,) = queries.get_tree(session, cast.actor(cast.ben)).lines
    assert (line.progress.percent, line.progress.count) == (100, 1)
    assert (line.aligned.percent, line.aligned.units, line.aligned.people) == (25, 2, 0)


def test_nobody_learns_of_plans_that_they_may_not_read(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast, unit_id=cast.ben.unit_id)
    aligned_plan(session, cast, row)
    seen = {}
    for name, person in cast.everybody.items():
        if person is cast.una:
            continue
        view = queries.get_objective(session, cast.actor(person), row.id)
        (line,) = queries.get_tree(session, cast.actor(person)).lines
        assert line.aligned == view.aligned
        seen[name] = (view.aligned.people, len(view.people), view.aligned.percent)
    expected = dict.fromkeys(seen, (0, 0, None)) | dict.fromkeys(("ben", "ann", "max"), (1, 1, 0))
    expected |= dict.fromkeys(("dee", "pia"), (0, 1, None))  # HR reads the plan, and not how it goes
    assert seen == expected


def test_a_draft_is_listed_for_its_two_sides_and_not_counted(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast)
    aligned_plan(session, cast, row, agreed=False)
    for person, shown in ((cast.ben, 1), (cast.ann, 1), (cast.dee, 0), (cast.cat, 0)):
        view = queries.get_objective(session, cast.actor(person), row.id)
        assert (len(view.people), view.aligned.people) == (shown, 0), person.name


def test_values_of_check_ins_are_those_of_who_may_read_them(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast)
    plan = aligned_plan(session, cast, row)
    running.check_in(session, cast, plan, 7, *[running.said("50.25")] * 3)
    percents = {
        name: queries.get_tree(session, cast.actor(getattr(cast, name))).lines[0].aligned.percent
        for name in ("ben", "ann", "dee", "cat")
    }
    assert percents == {"ben": 50, "ann": 50, "dee": None, "cat": None}


def test_who_left_is_told(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast, owner="cat@example.org")
    cast.cat.active = False
    session.commit()
    assert queries.get_objective(session, cast.actor(cast.ben), row.id).owner_left
    assert queries.get_tree(session, cast.actor(cast.ben)).lines[0].owner_left


def test_a_key_result_that_is_a_lower_objective_is_remarked(session: Session, cast: Cast) -> None:
    top = aims.aim(session, cast)
    aims.aim(session, cast, title="Trials turn into customers", unit_id=cast.ben.unit_id, parent_id=top.id)
    aims.key_result(session, cast, top, title="Trials turn into customers")
    view = queries.get_objective(session, cast.actor(cast.dee), top.id)
    assert [r.pointer for r in view.remarks if r.check == "K4"] == ["/key_results/0/title"]


def test_too_many_at_once_is_advice(session: Session, cast: Cast) -> None:
    for _ in range(3):
        last = aims.aim(session, cast, unit_id=cast.ben.unit_id)
    aims.aim(session, cast, unit_id=cast.ben.unit_id, starts_on="2027-01-01", due_on="2027-03-31")
    (remark,) = queries.get_tree(session, cast.actor(cast.eli)).remarks
    assert (remark.check, "Product has 3 objectives" in remark.detail) == ("P1", True)
    assert "P1" in {r.check for r in queries.get_objective(session, cast.actor(cast.eli), last.id).remarks}
    draft = UnitObjectiveDraft(unit_id=cast.ben.unit_id, starts_on=aims.STARTS, due_on=aims.ENDS)
    found = queries.check_objective(session, cast.actor(cast.dee), draft)
    assert "has 4 objectives" in next(r.detail for r in found if r.check == "P1")
    later = UnitObjectiveDraft(unit_id=cast.ben.unit_id, starts_on=date(2027, 2, 1), due_on=date(2027, 2, 2))
    assert "P1" not in {r.check for r in queries.check_objective(session, cast.actor(cast.dee), later)}


def test_who_may_not_read_or_write_is_told_so(session: Session, cast: Cast) -> None:
    row = aims.aim(session, cast)
    with pytest.raises(NotSignedIn):
        queries.get_tree(session, NOBODY)
    with pytest.raises(Forbidden):
        queries.get_tree(session, cast.actor(cast.una))
    with pytest.raises(NotFound):
        queries.get_objective(session, cast.actor(cast.una), row.id)
    with pytest.raises(NotFound):
        queries.get_objective(session, cast.actor(cast.dee), uuid4())
    for act in (
        lambda ben: queries.get_places(session, ben),
        lambda ben: queries.get_objective_to_write(session, ben, row.id),
        lambda ben: queries.check_objective(session, ben, UnitObjectiveDraft()),
        lambda ben: queries.check_key_result(session, ben, row.id, aims.result()),
    ):
        with pytest.raises(Forbidden):
            act(cast.actor(cast.ben))


def test_a_person_aligns_to_what_is_open_in_their_line_of_units(session: Session, cast: Cast) -> None:
    team = aims.team_of(session, session.get_one(OrgUnit, cast.ben.unit_id))
    rows = {
        name: aims.aim(session, cast, title=name, unit_id=unit)
        for name, unit in {"top": None, "own": cast.ben.unit_id, "team": team.id, "other": cast.eli.unit_id}.items()
    }
    closed = aims.aim(session, cast, title="closed")
    actions.close_objective(session, cast.actor(cast.dee), closed.id, 1)

    def offered(person, standing=None):  # type: ignore[no-untyped-def]
        found = list_choices(session, cast.actor(person), person, standing)
        return [(group.label, [above.title for above in group.objectives]) for group in found]

    assert offered(cast.ben) == [("Product", ["own"]), ("The company", ["top"])]
    cast.ben.unit_id = team.id
    assert offered(cast.ben) == [("Team of Product", ["team"]), ("Product", ["own"]), ("The company", ["top"])]
    assert offered(cast.ben, rows["other"].id)[-1] == ("Other", ["other"])
    assert offered(cast.una) == []


def test_thirty_take_as_many_queries_as_one(session: Session, cast: Cast, count_queries: CountQueries) -> None:
    top = aims.aim(session, cast)
    aligned_plan(session, cast, top)

    def more(count: int) -> None:
        for _ in range(count):
            row = aims.aim(session, cast, unit_id=cast.ben.unit_id, parent_id=top.id, owner="cat@example.org")
            aims.key_result(session, cast, row)

    def counts() -> list[int]:
        taken = []
        for act in (
            lambda actor: queries.get_tree(session, actor),
            lambda actor: queries.get_objective(session, actor, top.id),
            lambda actor: queries.get_places(session, actor),
            lambda actor: list_choices(session, actor, cast.ben),
        ):
            actor = cast.actor(cast.dee)
            session.expire_all()
            _ = cast.ben.unit_id
            taken.append(count_queries(lambda act=act, actor=actor: act(actor)))
        return taken

    more(1)
    few = counts()
    more(29)
    assert counts() == few
