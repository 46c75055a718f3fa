"""Larkfield from March to November 2026, through the real actions: every step is done by somebody with the right to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.db import Database, seeded_ids
from service.demo import words
from service.demo.choices import fill_sheet, pick, roll
from service.demo.objectives import add_objectives, bring_values
from service.demo.people import PASSWORD, ROLES, SIGN_INS, list_people
from service.demo.plans import begin_to_change, check_in_weekly, close, sign_plan, start_onboarding, write_plan
from service.errors import NotFound
from service.jobs import actions as jobs
from service.ladders.actions import publish_shipped
from service.ladders.queries import get_version_by_id, known_levels
from service.ladders.rules import Ladder
from service.onboarding import actions as ticks
from service.onboarding.queries import get_steps
from service.people.actions import grant_role, import_people
from service.people.models import Person
from service.people.queries import find_person, load_actor
from service.permissions import SYSTEM, Actor
from service.reviews import actions, cycles, queries
from service.reviews.inputs import AgreedInput, CycleInput, EvidenceInput
from service.reviews.models import Review
from service.reviews.rules import Answer, Side
from service.settings import Settings
from service.signin.actions import set_password
from service.worker import make_tasks

HR = "L-002"
PLANNERS = ("L-101", "L-102", "L-105", "L-111", "L-112", "L-121", "L-125", "L-162", "L-171", "L-175")
"""Who wrote a growth plan in spring, in this order."""

CHANGER, FINISHER = "L-102", "L-105"
"""Whose spring plan was changed on its way, and whose is closed; the second one writes the next plan already."""

STARTER, HER_MANAGER = "L-106", "L-020"
TICKED = {
    (0, 0): (STARTER, date(2026, 10, 16)),
    (0, 2): (STARTER, date(2026, 10, 23)),
    (0, 1): (STARTER, date(2026, 10, 28)),
    (0, 5): (HER_MANAGER, date(2026, 10, 30)),
    (0, 4): (STARTER, date(2026, 11, 6)),
    (0, 7): (HER_MANAGER, date(2026, 11, 10)),
    (0, 3): (STARTER, date(2026, 11, 11)),
    (1, 0): (STARTER, date(2026, 11, 18)),
    (1, 4): (HER_MANAGER, date(2026, 11, 19)),
}
"""What of the new starter's first days is done, as (stage, step), by whom and when: 7 of 8 after 30 days."""
WEEKS = 12
"""So many weekly check-ins each of their plans has, but for a few that were left out."""

RENDERED = 3
"""So many PDFs are made with the company; the server's worker makes the others when it starts."""

STEPS = (
    "not started",
    "self draft",
    "both drafts",
    "self submitted",
    "manager submitted",
    "shared",
    "agreeing",
    "confirmed",
)
TEAM_STEPS = {
    "L-101": "both drafts", "L-102": "shared", "L-103": "self submitted", "L-104": "agreeing", "L-105": "confirmed",
    "L-106": "not started",
}  # fmt: skip
"""How far the reviews are in the autumn of the manager whose sign-in is printed; for the others it is drawn."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One review: who is in it and what is pinned. People by employee id."""

    review_id: UUID
    halves: dict[Side, UUID]
    raters: dict[Side, str]
    ladder: Ladder
    level: str
    target: str

    @property
    def person(self) -> str:
        return self.raters[Side.SELF]

    @property
    def manager(self) -> str:
        return self.raters[Side.MANAGER]


Event = tuple[datetime, Callable[[], None]]


def tell(database: Database, settings: Settings) -> None:
    """Fill an empty, migrated database; two times give equal rows but for the hashes of passwords."""
    with seeded_ids("larkfield"):
        story = Story(database)
        story.found()
        story.set_objectives()
        story.run_spring()
        story.move_on()
        story.run_autumn()
        with clock.frozen(_at(date(2026, 11, 21), "render")):
            for _ in range(2 * RENDERED):  # of each plan one job makes the PDF, and one clears away its draft's
                jobs.run_next(database, make_tasks(settings), "demo")


class Story:
    """The steps in their order. Those of a cycle are put into the order of time before they are done, as the audit log
    asks for."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people: dict[str, UUID] = {}
        self.first_days = UUID(int=0)
        self.plans: dict[str, UUID] = {}

    def found(self) -> None:
        """The ladders, everybody who is there in spring, roles, and the passwords that are printed."""
        with clock.frozen(datetime(2026, 3, 23, 9, tzinfo=UTC)), self.database.transaction() as session:
            publish_shipped(session)
            self._import(session, SYSTEM, list_people(spring=True))
            for name, role, unit in ROLES:
                grant_role(session, SYSTEM, _find(session, f"{name}@larkfield.example"), role, unit)
            for email, _ in SIGN_INS:
                set_password(session, SYSTEM, _find(session, email), PASSWORD)

    def set_objectives(self) -> None:
        """What the company, its departments and two teams want to reach until December."""
        with self._acting(datetime(2026, 3, 24, 9, tzinfo=UTC), HR) as (session, hr):
            add_objectives(session, hr)

    def run_spring(self) -> None:
        """A cycle of the product managers from its opening to its end, all of them through all steps, some with a plan."""
        dates = ("2026-03-30", "2026-04-24", "2026-05-15", "2026-06-26")
        cycle_id, seats = self._open_cycle("Spring 2026", *dates, ladder="product-manager")
        events: list[Event] = []
        for seat in seats:
            events += self._assessing(seat, date(2026, 4, 6), 16)
            events += self._agreeing(seat, date(2026, 4, 27), 14)
            if seat.person in PLANNERS:
                start_on = date(2026, 5, 25)
                events.append((_at(date(2026, 5, 19), seat.person), partial(self._plan, seat, start_on)))
                for week in range(1, WEEKS + 1):
                    moment = _at(start_on + timedelta(weeks=week), seat.person)
                    events.append((moment, partial(self._check_in, seat.person, week)))
            if seat.person == CHANGER:
                events.append((_at(date(2026, 6, 29), CHANGER), partial(self._change_plan, seat)))
            if seat.person == FINISHER:
                events.append((_at(date(2026, 8, 25), FINISHER), partial(self._close_plan, seat)))
        events.append((datetime(2026, 6, 26, 15, tzinfo=UTC), partial(self._close_cycle, cycle_id)))
        _do(events)

    def _close_cycle(self, cycle_id: UUID) -> None:
        with self._acting(None, HR) as (session, hr):
            cycles.close_cycle(session, hr, cycle_id)

    def move_on(self) -> None:
        """People join and climb."""
        with self._acting(datetime(2026, 10, 6, 9, tzinfo=UTC), HR) as (session, hr):
            self._import(session, hr, list_people(spring=False))
        with self._acting(datetime(2026, 10, 7, 9, tzinfo=UTC), HR) as (session, hr):
            bring_values(session, hr)
        with self._acting(datetime(2026, 10, 8, 9, tzinfo=UTC), HER_MANAGER) as (session, manager):
            self.first_days = start_onboarding(session, manager, self.people[STARTER], date(2026, 10, 12))
        with self._acting(datetime(2026, 10, 9, 14, tzinfo=UTC), STARTER) as (session, starter):
            sign_plan(session, starter, self.first_days)

    def run_autumn(self) -> None:
        """The running cycle, each review at a step of its own."""
        _, seats = self._open_cycle("Autumn 2026", "2026-10-12", "2026-11-27", "2026-12-11", "2026-12-31")
        events: list[Event] = []
        for seat in seats:
            step = TEAM_STEPS.get(seat.person) or pick(STEPS, "step", seat.person)
            events += self._autumn_events(seat, STEPS.index(step))
            if seat.person == FINISHER:
                events.append((datetime(2026, 11, 20, 18, tzinfo=UTC), partial(self._begin_plan, seat)))
        for place, (who, day) in TICKED.items():
            events.append((_at(day, "tick", place), partial(self._tick, who, place)))
        _do(events)

    def _tick(self, who: str, place: tuple[int, int]) -> None:
        with self._acting(None, who) as (session, actor):
            stage, step = place
            key = get_steps(session, actor, self.first_days).stages[stage].steps[step].key
            ticks.tick_step(session, actor, self.first_days, key, None)

    def _autumn_events(self, seat: Seat, step: int) -> list[Event]:
        first = date(2026, 10, 19)
        half = {Side.SELF: 0.6, Side.MANAGER: 0.35}
        drafts = {1: (Side.SELF,), 2: (Side.SELF, Side.MANAGER), 3: (), 4: (Side.SELF,)}
        submitted = {3: (Side.SELF,), 4: (Side.MANAGER,)}
        if step >= STEPS.index("shared"):
            events = self._assessing(seat, first, 14, growth=0.12)
            if step > STEPS.index("shared"):
                events += self._agreeing(seat, date(2026, 11, 9), 9, confirm=step == STEPS.index("confirmed"))
            return events
        shares = {side: half[side] for side in drafts.get(step, ())} | dict.fromkeys(submitted.get(step, ()), 1.0)
        return self._assessing(seat, first, 28, growth=0.12, shares=shares)

    def _assessing(
        self, seat: Seat, first: date, days: int, *, growth: float = 0.0, shares: dict[Side, float] | None = None
    ) -> list[Event]:
        """Each side rates, on a day of its own; a share of 1 is submitted."""
        shares = {Side.SELF: 1.0, Side.MANAGER: 1.0} if shares is None else shares
        return [
            (
                _at(first + timedelta(days=int(roll("day", seat.person, side, first) * days)), seat.person, side),
                partial(self._assess, seat, side, growth, share),
            )
            for side, share in shares.items()
        ]

    def _assess(self, seat: Seat, side: Side, growth: float, share: float) -> None:
        sheet = fill_sheet(seat.ladder, seat.person, side, seat.level, seat.target, growth=growth, share=share)
        with self._acting(None, seat.raters[side]) as (session, actor):
            actions.save_ratings(session, actor, seat.halves[side], sheet)
            self._show(session, actor, seat, side, list(sheet))
            if share == 1:
                actions.submit_assessment(session, actor, seat.halves[side])

    def _show(self, session: Session, actor: Actor, seat: Seat, side: Side, rated: list[str]) -> None:
        """A piece of evidence for one of the answers, mostly by the person."""
        if roll("evidence", seat.person, side) < (0.9 if side is Side.SELF else 0.3):
            skill = seat.ladder.skills_by_id[pick(rated, "shown skill", seat.person, side)]
            note = pick(words.EVIDENCE[skill.category], "evidence", seat.person)
            dated = clock.today() - timedelta(days=10 + int(roll("dated", seat.person, side) * 60))
            actions.add_evidence(session, actor, seat.halves[side], skill.id, EvidenceInput(dated=dated, note=note))

    def _agreeing(self, seat: Seat, first: date, days: int, *, confirm: bool = True) -> list[Event]:
        """The talk on one day, and both confirm on the next ones."""
        talk = first + timedelta(days=int(roll("talk", seat.person, first) * days))
        events: list[Event] = [(_at(talk, seat.person, "talk"), partial(self._agree, seat, all_of_it=confirm))]
        if confirm:
            for later, who in ((1, seat.person), (2, seat.manager)):
                moment = _at(talk + timedelta(days=later), seat.person, who)
                events.append((moment, partial(self._confirm, seat, who)))
        return events

    def _agree(self, seat: Seat, *, all_of_it: bool) -> None:
        with self._acting(None, seat.manager) as (session, actor):
            actions.accept_same(session, actor, seat.review_id)
            open_ = [item for item in queries.get_agreement(session, actor, seat.review_id).items if not item.version]
            for item in open_ if all_of_it else open_[: len(open_) // 2]:
                seen = [view for view in (item.manager, item.manager, item.self_) if view.answer != Answer.NOT_ASSESSED]
                view = pick(seen, "agreed", seat.person, item.skill.id)
                said = {
                    "answer": view.answer,
                    "rung": view.rung,
                    "toward_next": view.toward_next,
                    "reason": view.reason,
                }
                note = pick(words.AGREED_NOTES, "note", seat.person, item.skill.id)
                actions.save_agreed(
                    session, actor, seat.review_id, item.skill.id, AgreedInput(**said, note=note, version=0)
                )

    def _confirm(self, seat: Seat, who: str) -> None:
        comment = "A good talk; I would weigh the second half of the year more." if roll("word", who) < 0.2 else ""
        with self._acting(None, who) as (session, actor):
            version = queries.get_agreement(session, actor, seat.review_id).version
            actions.confirm_review(session, actor, seat.review_id, comment, version)

    def _plan(self, seat: Seat, start_on: date) -> None:
        with self._acting(None, seat.person) as (session, person):
            plan_id = write_plan(session, person, seat.review_id, start_on)
            sign_plan(session, person, plan_id)
        with self._acting(None, seat.manager) as (session, manager):
            sign_plan(session, manager, plan_id)
        self.plans[seat.person] = plan_id

    def _change_plan(self, seat: Seat) -> None:
        plan_id = self.plans[seat.person]
        with self._acting(None, seat.person) as (session, person):
            begin_to_change(session, person, plan_id)
        with self._acting(None, seat.manager) as (session, manager):
            sign_plan(session, manager, plan_id)

    def _close_plan(self, seat: Seat) -> None:
        with self._acting(None, seat.person) as (session, person):
            close(session, person, self.plans[seat.person])

    def _begin_plan(self, seat: Seat) -> None:
        with self._acting(None, seat.person) as (session, person):
            write_plan(session, person, seat.review_id, date(2026, 11, 23))

    def _check_in(self, employee_id: str, week: int) -> None:
        with self._acting(None, employee_id) as (session, person):
            check_in_weekly(session, person, self.plans[employee_id], week)

    def _open_cycle(
        self, name: str, starts: str, assess_by: str, share_by: str, ends: str, ladder: str = ""
    ) -> tuple[UUID, list[Seat]]:
        dates = {"starts_on": starts, "assess_by": assess_by, "share_by": share_by, "ends_on": ends}
        given = CycleInput.model_validate({"name": name, "ladder": ladder} | dates)
        with self._acting(datetime.fromisoformat(f"{starts}T08:00:00+00:00"), HR) as (session, hr):
            cycle = cycles.open_cycle(session, hr, given)
            reviews = session.scalars(select(Review).where(Review.cycle_id == cycle.id)).unique().all()
            seats = [_seat(session, review) for review in reviews]
        return cycle.id, sorted(seats, key=lambda seat: seat.person)

    def _import(self, session: Session, actor: Actor, text: str) -> None:
        import_people(session, actor, text, known_levels(session))
        self.people = {row.employee_id: row.id for row in session.execute(select(Person.employee_id, Person.id))}

    @contextmanager
    def _acting(self, moment: datetime | None, employee_id: str) -> Iterator[tuple[Session, Actor]]:
        """A transaction of somebody, with the rights they have; at `moment`, or when the clock stands already."""
        with clock.frozen(moment or clock.now()), self.database.transaction() as session:
            actor = load_actor(session, self.people[employee_id])
            if actor is None:
                raise NotFound(f"{employee_id} is not at Larkfield.")
            yield session, actor


def _do(events: list[Event]) -> None:
    for moment, step in sorted(events, key=lambda event: event[0]):
        with clock.frozen(moment):
            step()


def _seat(session: Session, review: Review) -> Seat:
    return Seat(
        review_id=review.id,
        halves={Side(half.side): half.id for half in review.assessments},
        raters={Side(half.side): half.rater.employee_id for half in review.assessments},
        ladder=get_version_by_id(session, review.ladder_version_id).ladder,
        level=review.current_level,
        target=review.target_level,
    )


def _find(session: Session, email: str) -> Person:
    person = find_person(session, email)
    if person is None:
        raise NotFound(f"Nobody signs in as {email}.")
    return person


def _at(day: date, *keys: object) -> datetime:
    """A moment of a working day that follows from `keys`."""
    minutes = 8 * 60 + int(roll("minute", day, *keys) * 9 * 60)
    return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=UTC)
