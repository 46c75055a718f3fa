"""A small company at a step of Ben's review, the same on every run: fixed clock, fixed ids, one browser for each actor."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from httpx import Response
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from service.alignment import actions as aims
from service.alignment.inputs import UnitKeyResultInput, UnitObjectiveInput
from service.clock import frozen
from service.db import Database, seeded_ids
from service.drafts.actions import add_key_result, add_objective
from service.drafts.inputs import KeyResultInput, ObjectiveInput
from service.gaps.queries import get_report
from service.ladderdrafts import actions as drafts
from service.ladderdrafts import comments
from service.ladderdrafts.inputs import CommentInput
from service.ladders.inputs import LadderTexts
from service.ladders.rules import Ladder, Skill
from service.onboarding.actions import start_onboarding_plan
from service.onboarding.inputs import OnboardingPlanInput
from service.permissions import SYSTEM, Actor, Scope
from service.plans import actions as plans
from service.plans.inputs import PromotionPlanInput
from service.plans.models import Plan
from service.reviews import actions, cycles
from service.reviews.inputs import EvidenceInput, RatingInput
from service.reviews.models import Assessment, EvidenceOffer, Review
from service.reviews.queries import ladder_of
from service.reviews.rules import Answer, ShareRule, Side
from service.revisions.actions import agree_plan
from service.settings import Settings
from service.signin.actions import start_session
from service.signin.models import ApiToken, CalendarKey
from service.signin.rules import TOKEN_PREFIX, keyed_hash
from tests.browser import Browser
from tests.cast import Cast, make_cast
from tests.factories import agree_all, confirm, half, open_cycle, review_of
from tests.ladders.files import LADDER

NOW = datetime(2026, 9, 21, 9, 0, tzinfo=UTC)
PEOPLE = ("ben", "ann", "max", "dee", "pia", "una", "eli", "fay")
ACTORS = ("nobody", *PEOPLE, "reader", "writer", "expired")
"""`reader`, `writer` and `expired` are API tokens of Ben's: of scope read, of scope write, and one past its day."""

CALENDAR = "the-calendar-of-ben"
"""What is secret in the address of Ben's calendar."""

SCENES = ("hidden", "revealed", "shared", "closed")
"""`hidden`: two drafts. `revealed`: both submitted, the manager's side waiting for calibration. `shared`: both read both,
with a plan in draft. `closed`: agreed, confirmed, the plan signed by both, the cycle over."""


@dataclass(frozen=True)
class Said:
    """What one side says, drawn from `seed`; `saves` more savings than needed, `pieces` of evidence, all `later`."""

    seed: int = 0
    saves: int = 0
    pieces: int = 1
    later: timedelta = timedelta()

    def about(self, skill: Skill, side: Side, again: int = 0) -> RatingInput:
        draw = Random(f"{self.seed} {side} {skill.id} {again}")  # noqa: S311  # examples, not secrets
        rungs = [expectation.level for expectation in skill.expectations]
        answer = draw.choice([Answer.RUNG] * 5 + list(Answer))
        rung = draw.choice(rungs) if answer is Answer.RUNG else None
        toward = answer in (Answer.RUNG, Answer.NONE) and rung != rungs[-1] and draw.random() < 0.5
        reason = f"no such work {self.seed}" if answer is Answer.NOT_APPLICABLE else ""
        comment = f"{side} says {draw.choice(('a little', 'a lot', 'enough'))} {self.seed}"
        return RatingInput(answer=answer, rung=rung, toward_next=toward, reason=reason, comment=comment, version=again)


@dataclass
class Stage:
    """The company as it stands. `ids` fill the paths: those of Ben's things, and of one side's under "self" and "manager"."""

    client: Browser
    connection: Connection
    headers: dict[str, dict[str, str]]
    ids: dict[str, dict[str, str]]

    def ask(self, actor: str, method: str, url: str, **more: Any) -> Response:
        """One request in a savepoint of its own; whatever it changes is undone."""
        kept = self.connection.begin_nested()
        try:
            return self.send(actor, method, url, **more)
        finally:
            kept.rollback()

    def send(self, actor: str, method: str, url: str, **more: Any) -> Response:
        """One request, kept."""
        headers = self.headers[actor] | more.pop("headers", {})
        with seeded_ids(f"{method} {url}"):
            answer = self.client.request(method, url, headers=headers, **more)
        self.client.cookies.clear()
        return answer


@contextmanager
def stage(
    client: Browser,
    connection: Connection,
    database: Database,
    settings: Settings,
    scene: str,
    *,
    self_: Said = Said(),
    manager: Said = Said(seed=1),
    submitted: tuple[Side, ...] = (),
) -> Iterator[Stage]:
    """The company at `scene`, until the block ends. In the hidden scene one side may be `submitted` already."""
    kept = connection.begin_nested()
    try:
        with frozen(NOW), seeded_ids("company"), database.writing() as session:
            cast = make_cast(session)
            rule = ShareRule.AFTER_CALIBRATION if scene == "revealed" else ShareRule.AT_REVEAL
            aim = _aimed(session, cast)
            review = _reviewed(session, cast, rule, {Side.SELF: self_, Side.MANAGER: manager}, submitted)
            if scene != "hidden":
                for side in Side:
                    actions.submit_assessment(session, _rater(cast, half(review, side)), half(review, side).id)
            plan = _planned(session, cast, review, scene)
            draft = _drafted(session, cast)
            _offered(session, cast, review)
            session.commit()
            headers, token = _signed_in(session, settings, cast)
            people = {name: str(person.id) for name, person in cast.everybody.items()}
            ids = _ids(session, review, plan) | {"token_id": token} | people | aim | draft
        with frozen(NOW):
            yield Stage(client, connection, headers, _variants(ids))
    finally:
        kept.rollback()


def _aimed(session: Session, cast: Cast) -> dict[str, str]:
    """An objective of Ben's unit, which he owns, with a key result. Its rows have ids of their own, as ratings do."""
    with seeded_ids("objectives"):
        given = UnitObjectiveInput(
            title="Helped", why="Yes", unit_id=cast.ben.unit_id, owner="ben@example.org", starts_on=NOW.date(),
            due_on=NOW.date() + timedelta(days=90),
        )  # fmt: skip
        row = aims.add_objective(session, cast.actor(cast.dee), given)
        result = UnitKeyResultInput(title="More", metric="Share", unit="%", baseline=1, target=2, version=1)
        key_result = aims.add_key_result(session, cast.actor(cast.ben), row.id, result)
        session.commit()
    return {
        "unit_objective_id": str(row.id), "unit_key_result_id": str(key_result.id), "unit_id": str(row.unit_id),
        "unit_objective_version": str(row.version),
    }  # fmt: skip


def _drafted(session: Session, cast: Cast) -> dict[str, str]:
    """A draft of Dee's, on which Ann is invited to comment, with a comment of hers."""
    with seeded_ids("drafts"):
        dee = cast.actor(cast.dee)
        row = drafts.begin_draft(session, dee, LadderTexts(ladder_yaml=LADDER))
        comments.invite_guest(session, dee, row.id, "ann@example.org")
        given = CommentInput(place="skills/testing", text="Ann says more")
        comment = comments.add_comment(session, cast.actor(cast.ann), row.id, given)
        session.commit()
    return {"draft_id": str(row.id), "comment_id": str(comment.id), "guest_id": str(cast.ann.id)}


def _reviewed(
    session: Session, cast: Cast, rule: ShareRule, said: Mapping[Side, Said], submitted: tuple[Side, ...]
) -> Review:
    open_cycle(session, cast, rule)
    review = review_of(session, cast.ben)
    for side in Side:
        _rate(session, cast, half(review, side), said[side])
    session.commit()
    for side in submitted:
        actions.submit_assessment(session, _rater(cast, half(review, side)), half(review, side).id)
    return review


def _rate(session: Session, cast: Cast, assessment: Assessment, said: Said) -> None:
    """One side's ratings and evidence. Their ids have a row of their own, so that their number moves no other id."""
    ladder: Ladder = ladder_of(session, assessment.review)
    skills = ladder.skills_expected_at(assessment.review.target_level)
    rater = _rater(cast, assessment)
    with seeded_ids(f"{assessment.side} ratings"), frozen(NOW + said.later):
        given = {skill.id: said.about(skill, assessment.side) for skill in skills}
        actions.save_ratings(session, rater, assessment.id, given)
        for again in range(1, said.saves + 1):
            skill = skills[0]
            actions.save_rating(session, rater, assessment.id, skill.id, said.about(skill, assessment.side, again))
    with seeded_ids(f"{assessment.side} evidence"), frozen(NOW + said.later):
        for piece in range(said.pieces):
            note = f"{assessment.side} shows {said.seed} {piece}"
            evidence = EvidenceInput(dated=date(2026, 8, 1 + said.seed % 20), note=note, url="https://example.org/1")
            actions.add_evidence(session, rater, assessment.id, skills[0].id, evidence)


def _rater(cast: Cast, assessment: Assessment) -> Actor:
    return cast.actor(assessment.rater)


def _planned(session: Session, cast: Cast, review: Review, scene: str) -> Plan:
    """A plan of Ben's: for his first days before the manager's view is shared, out of the review after."""
    ben, start = cast.actor(cast.ben), date(2026, 9, 21)
    if scene in ("hidden", "revealed"):
        return start_onboarding_plan(session, ben, OnboardingPlanInput(person_id=cast.ben.id, start_on=start))
    chosen = [finding.skill.id for finding in get_report(session, ben, review.id).gaps[:1]]
    plan = plans.start_promotion_plan(session, ben, review.id, PromotionPlanInput(start_on=start, chosen=chosen))
    session.flush()
    wish = ObjectiveInput(
        title="Grow", horizon=60, why="It helps", serves="Users", due_on=date(2026, 10, 20), version=1
    )
    objective = add_objective(session, ben, plan.id, wish)
    for _ in range(3):
        result = KeyResultInput(
            title="More",
            metric="Share",
            unit="%",
            baseline=1,
            target=2,
            due_on=date(2026, 10, 20),
            version=plan.version,
        )
        add_key_result(session, ben, plan.id, objective.id, result)
    session.flush()
    if scene == "closed":
        agree_all(session, cast, review)
        for person in (cast.ben, cast.ann):
            confirm(session, cast, review, person, comment=f"{person.name} confirms")
            agree_plan(session, cast.actor(person), plan.id, plan.version)
        cycles.close_cycle(session, SYSTEM, review.cycle_id)
    return plan


def _offered(session: Session, cast: Cast, review: Review) -> None:
    """What an earlier plan of Ben's with Ann showed of the first skill."""
    skill = ladder_of(session, review).skills_expected_at(review.target_level)[0]
    note = "Growth plan “Towards Middle”, closed on 1 Sep 2026: 2 of 3 key results for this met."
    actions.offer_evidence(session, cast.ben, cast.ann.id, skill.id, note, "/plans/1")


def _signed_in(session: Session, settings: Settings, cast: Cast) -> tuple[dict[str, dict[str, str]], str]:
    """The headers of each actor, and the id of a token of Ben's."""
    page = {"sec-fetch-site": "same-origin"}
    headers = {"nobody": page}
    for name in PEOPLE:
        key = start_session(session, settings, cast.everybody[name], client="test")
        headers[name] = page | {"cookie": f"nextrung={key}"}
    for name, scope, days in (("reader", Scope.READ, 30), ("writer", Scope.WRITE, 30), ("expired", Scope.WRITE, -1)):
        secret = f"nr_{name}-of-ben"  # not drawn: the account page shows how it begins
        token = ApiToken(
            person_id=cast.ben.id, name=name, prefix=secret[:TOKEN_PREFIX], key_hash=keyed_hash(settings.secret, secret),
            scope=scope, created_at=NOW - timedelta(days=2), expires_at=NOW + timedelta(days=days),
        )  # fmt: skip
        session.add(token)
        headers[name] = {"authorization": f"Bearer {secret}"}
    calendar = keyed_hash(settings.secret, CALENDAR)
    session.add(CalendarKey(person_id=cast.ben.id, key_hash=calendar, created_at=NOW))
    session.commit()
    return headers, str(token.id)


def _ids(session: Session, review: Review, plan: Plan) -> dict[str, str]:
    skill, *_, last = ladder_of(session, review).skills_expected_at(review.target_level)
    objective = plan.objectives[0]
    found: dict[str, object] = {
        "person_id": review.person_id,
        "review_id": review.id,
        "cycle_id": review.cycle_id,
        "plan_id": plan.id,
    }
    found |= {"objective_id": objective.id, "key_result_id": objective.key_results[0].id, "skill_id": skill.id}
    found |= {"last_skill": last.id, "offer_id": session.scalars(select(EvidenceOffer.id)).one()}
    for side in Side:
        assessment = half(review, side)
        rating = next(row for row in assessment.ratings if row.skill_id == skill.id)
        found |= {f"{side}": assessment.id} | ({f"{side} evidence": rating.evidence[0].id} if rating.evidence else {})
    return {name: str(value) for name, value in found.items()} | {"plan_version": str(plan.version)}


def _variants(ids: dict[str, str]) -> dict[str, dict[str, str]]:
    same = {
        "secret": CALENDAR,
        "number": "1",
        "ending": "yaml",
        "ladder": "product-manager",
        "version": "2026.1",
        "to": "2026.1",
        "skill": ids["skill_id"],
        "file": "ladder",
        "format": "yaml",
        "part": "skills",
        "key": "testing",
        "step": "6-months.whole-lifecycle",
    }
    common = ids | same
    sides = {
        side: common | {"assessment_id": ids[side], "evidence_id": ids.get(f"{side} evidence", str(UUID(int=1)))}
        for side in ("self", "manager")
    }
    return {"": common} | sides
