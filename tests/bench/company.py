"""A thousand people in one cycle, at every step of it: rows as the actions write them, but many at once."""

from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from service.clock import now, today
from service.db import Database, new_id
from service.demo.choices import fill_sheet
from service.demo.plans import sign_plan, write_plan
from service.errors import NotFound
from service.ladders.actions import publish_shipped
from service.ladders.queries import get_version_by_id, known_levels
from service.people.actions import grant_role, import_people
from service.people.models import Person
from service.people.queries import find_person, load_actor
from service.permissions import SYSTEM, Actor, Role
from service.reviews.cycles import open_cycle
from service.reviews.inputs import CycleInput
from service.reviews.models import AgreedRating, Assessment, Cycle, Evidence, Review, SkillRating
from service.reviews.rules import AssessmentStatus, ReviewStatus, Side

PEOPLE, TEAM = 1000, 9
PLANS = 30
LEVELS = ("junior", "middle", "senior", "lead")
LADDERS = ("product-manager", "technical-product-manager")
STEPS = ("not started", "drafts", "self submitted", "shared", "confirmed")
WHO = {
    "person": "p0994@bench.example",
    "manager": "p0100@bench.example",
    "head": "p0001@bench.example",
    "HR": "p0000@bench.example",
}
"""Somebody whose review is confirmed, with a plan; the manager of a team; who leads all; HR."""


def found_company(database: Database) -> None:
    with database.transaction() as session:
        publish_shipped(session)
        import_people(session, SYSTEM, _people(), known_levels(session))
        hr = find_person(session, WHO["HR"])
        assert hr is not None
        grant_role(session, SYSTEM, hr, Role.HR)
    with database.transaction() as session:
        cycle = open_cycle(session, _actor(session, WHO["HR"]), _cycle())
        _fill(session, cycle)
    with database.transaction() as session:
        _plan(session)


def _people() -> str:
    """HR, and a tree of teams of nine below one head."""
    rows = ["employee id,name,e-mail,manager's id,org unit,ladder,level,start date"]
    for n in range(PEOPLE):
        manager = f"P{max(1, (n - 2) // TEAM + 1):04}" if n > 1 else ""
        unit = "Bench" if n < 2 else f"Bench / Department {(n - 2) // 100 + 1}"
        place = f"{LADDERS[n % 2]},{LEVELS[n % 4]}"
        rows.append(f"P{n:04},Person {n:04},p{n:04}@bench.example,{manager},{unit},{place},2024-01-08")
    return "\n".join(rows)


def _cycle() -> CycleInput:
    day = today()
    return CycleInput(
        name="Bench", starts_on=day - timedelta(days=30), assess_by=day - timedelta(days=1),
        share_by=day + timedelta(days=14), ends_on=day + timedelta(days=30),
    )  # fmt: skip


def _fill(session: Session, cycle: Cycle) -> None:
    query = select(Review).where(Review.cycle_id == cycle.id).options(selectinload(Review.assessments))
    reviews = session.scalars(query.join(Review.person).order_by(Person.employee_id)).unique().all()
    assert len(reviews) == PEOPLE
    ratings: list[dict[str, object]] = []
    evidence: list[dict[str, object]] = []
    agreed: list[dict[str, object]] = []
    for n, review in enumerate(reviews):
        step = n % len(STEPS)
        for half in review.assessments:
            rows = _answers(session, review, half, share=(0.0, 0.6, 1.0, 1.0, 1.0)[step])
            ratings += rows
            evidence += [
                {"id": new_id(), "rating_id": row["id"], "dated": today(), "note": "Seen in a release."}
                for row in rows[::5]
            ]
            if step > 2 or (step == 2 and half.side is Side.SELF):
                half.status, half.submitted_at = AssessmentStatus.SUBMITTED, now()
        if step > 2:
            review.revealed_at = review.shared_at = now()
            review.status = ReviewStatus.SHARED
        if step == 4 and review.assessor_id is not None:
            agreed += [_agreed(review, row) for row in rows]
            review.person_confirmed_at = review.assessor_confirmed_at = now()
            review.status = ReviewStatus.CONFIRMED
    session.flush()
    session.execute(insert(SkillRating), ratings)
    session.execute(insert(Evidence), evidence)
    session.execute(insert(AgreedRating), agreed)


def _answers(session: Session, review: Review, half: Assessment, share: float) -> list[dict[str, object]]:
    ladder = get_version_by_id(session, review.ladder_version_id).ladder
    sheet = fill_sheet(
        ladder, str(review.person.employee_id), half.side, review.current_level, review.target_level, share=share
    )
    return [
        given.model_dump(include={"answer", "rung", "toward_next", "reason", "comment"})
        | {"id": new_id(), "assessment_id": half.id, "skill_id": skill_id, "saved_at": now(), "version": 1}
        for skill_id, given in sheet.items()
    ]


def _agreed(review: Review, row: dict[str, object]) -> dict[str, object]:
    kept = {name: row[name] for name in ("skill_id", "answer", "rung", "toward_next", "reason", "saved_at", "version")}
    return kept | {"id": new_id(), "review_id": review.id, "note": "As we said.", "saved_by": review.person_id}


def _plan(session: Session) -> None:
    """The last ones whose review is confirmed plan; both sides sign."""
    confirmed = select(Review.id, Review.person_id, Review.assessor_id).where(Review.status == ReviewStatus.CONFIRMED)
    rows = session.execute(confirmed.join(Review.person).order_by(Person.employee_id.desc()).limit(PLANS)).all()
    for review_id, person_id, assessor_id in rows:
        person, assessor = load_actor(session, person_id), load_actor(session, assessor_id)
        assert person is not None
        assert assessor is not None
        try:
            plan_id = write_plan(session, person, review_id, today())
        except NotFound:  # no gap is open
            continue
        session.flush()
        for actor in (person, assessor):
            sign_plan(session, actor, plan_id)


def _actor(session: Session, email: str) -> Actor:
    person = find_person(session, email)
    actor = load_actor(session, person.id) if person else None
    assert actor is not None
    return actor
