"""How growth plans at Larkfield are written and followed: an objective for each of three gaps, at 30, 60 and 90 days."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from service.checkins.actions import check_in
from service.checkins.inputs import CheckInInput
from service.checkins.queries import get_last_values, get_progress
from service.closing.actions import close_plan
from service.closing.inputs import ClosingInput, ReflectionInput, ResultInput
from service.demo.choices import pick, roll
from service.demo.words import AIMS, CHECK_IN_NOTES, LOOKING_BACK, Aim
from service.drafts.actions import add_key_result, add_objective, move_objective
from service.drafts.inputs import KeyResultInput, MoveInput, ObjectiveInput
from service.errors import NotFound
from service.gaps.queries import get_report
from service.gaps.rules import Finding
from service.objectives.queries import list_choices
from service.objectives.rules import Direction, horizon_end
from service.onboarding.actions import start_onboarding_plan
from service.onboarding.inputs import OnboardingPlanInput
from service.permissions import Actor
from service.plans import actions
from service.plans.inputs import PromotionPlanInput
from service.plans.models import Plan
from service.revisions.actions import agree_plan, begin_change
from service.revisions.inputs import ChangeInput

HORIZONS = (30, 60, 90)


def write_plan(session: Session, actor: Actor, review_id: UUID, start_on: date) -> UUID:
    """A draft for the first open gaps of a review, of different categories, with complete key results; its id.

    Raises: NotFound where no gap is open.
    """
    gaps = _choose(get_report(session, actor, review_id).gaps)
    if not gaps:
        raise NotFound("There is no open gap to plan for.")
    given = PromotionPlanInput(start_on=start_on, chosen=[gap.skill.id for gap in gaps])
    plan = actions.start_promotion_plan(session, actor, review_id, given)
    above = _above(session, actor, plan)
    for horizon, gap in zip(HORIZONS, gaps, strict=False):
        _add_aim(session, actor, plan, horizon, gap, AIMS[gap.skill.category], above.get(horizon))
    return plan.id


def sign_plan(session: Session, actor: Actor, plan_id: UUID) -> None:
    """Sign the plan as it stands now."""
    agree_plan(session, actor, plan_id, session.get_one(Plan, plan_id).version)


def check_in_weekly(session: Session, actor: Actor, plan_id: UUID, week: int) -> None:
    """What the person of a plan says of each key result after so many weeks: most move, some late, a few stay away."""
    progress = get_progress(session, actor, plan_id)
    if roll("away", plan_id, week) < 0.15:
        return
    given = {}
    for key_result in progress.key_results.values():
        days = (key_result.due_on - key_result.since).days
        pace = 0.55 + 0.6 * roll("pace", key_result.id)
        share = min(Decimal(1), Decimal(week * 7) / days) ** (1 if pace > 0.8 else 2) * Decimal(str(round(pace, 2)))
        start = (
            key_result.target * (0 if key_result.direction.goes_up else 2)
            if key_result.baseline is None
            else key_result.baseline
        )
        value = round(start + (key_result.target - start) * share, 0 if key_result.target % 1 == 0 else 1)
        note = pick(CHECK_IN_NOTES, "note", key_result.id, week) if roll("word", key_result.id, week) < 0.3 else ""
        confidence = min(10, round(3 + 6 * pace + 2 * roll("mood", key_result.id, week) - 1))
        given[key_result.id] = CheckInInput(value=value, confidence=confidence, note=note)
    check_in(session, actor, plan_id, None, given)


def begin_to_change(session: Session, actor: Actor, plan_id: UUID) -> None:
    """Give the second objective more time, and sign that."""
    plan = session.get_one(Plan, plan_id)
    reason = "Two of the teams it depends on moved to another floor, and June went into that."
    begin_change(session, actor, plan_id, ChangeInput(reason=reason, version=plan.version))
    later = MoveInput(horizon=HORIZONS[-1], version=plan.version)
    move_objective(session, actor, plan_id, plan.objectives[1].id, later)
    sign_plan(session, actor, plan_id)


def close(session: Session, actor: Actor, plan_id: UUID) -> None:
    """End a plan with the values of its last check-ins, and the person's own words."""
    known = get_last_values(session, actor, plan_id)
    results = {id_: ResultInput(value=value) for id_, value in known.items()}
    given = ClosingInput(results=results, reflection=ReflectionInput(**LOOKING_BACK))
    version = session.get_one(Plan, plan_id).version
    close_plan(session, actor, plan_id, given.model_copy(update={"version": version}))


def start_onboarding(session: Session, actor: Actor, person_id: UUID, start_on: date) -> UUID:
    """A plan for a new starter out of the blueprint, signed by whoever starts it; its id."""
    plan = start_onboarding_plan(session, actor, OnboardingPlanInput(person_id=person_id, start_on=start_on))
    session.flush()
    sign_plan(session, actor, plan.id)
    return plan.id


def _choose(gaps: tuple[Finding, ...]) -> list[Finding]:
    """The first gap of each category, three of them at most."""
    first: dict[str, Finding] = {}
    for gap in gaps:
        first.setdefault(gap.skill.category, gap)
    return list(first.values())[: len(HORIZONS)]


def _above(session: Session, actor: Actor, plan: Plan) -> dict[int, UUID]:
    """The first objective serves the nearest one above, the last one the company's, where there are any."""
    found = [above.id for group in list_choices(session, actor, plan.person) for above in group.objectives]
    return {HORIZONS[0]: found[0], HORIZONS[-1]: found[-1]} if found else {}


def _add_aim(
    session: Session, actor: Actor, plan: Plan, horizon: int, gap: Finding, aim: Aim, above: UUID | None
) -> None:
    due = horizon_end(plan.start_on, horizon)
    objective = ObjectiveInput(
        title=aim.title, horizon=horizon, why=aim.why, serves_gaps=[gap.skill.id], due_on=due, projects=aim.project,
        aligned_to=above, version=plan.version,
    )  # fmt: skip
    row = add_objective(session, actor, plan.id, objective)
    for place, result in enumerate(aim.results):
        given = KeyResultInput(
            title=result.title, metric=result.metric, unit=result.unit, direction=Direction(result.direction),
            baseline=None if result.baseline is None else Decimal(result.baseline), target=Decimal(result.target),
            due_on=due - timedelta(days=5 * place), version=plan.version,
        )  # fmt: skip
        add_key_result(session, actor, plan.id, row.id, given)
