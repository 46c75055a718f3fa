"""Plans that run, for tests: agreed on their first day, with the clock where a test wants it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from service.checkins import actions
from service.checkins.inputs import CheckInInput
from service.clock import frozen
from service.closing.actions import close_plan
from service.closing.inputs import ClosingInput, ReflectionInput, ResultInput
from service.drafts.actions import remove_key_result
from service.people.models import Person
from service.plans.models import Plan
from service.revisions.actions import begin_change
from service.revisions.inputs import ChangeInput
from tests.cast import Cast
from tests.plans import drafts
from tests.plans.drafts import START


@contextmanager
def day(number: int) -> Iterator[None]:
    """The clock stands on this day of the plan; day 0 is its first."""
    with frozen(datetime.combine(START + timedelta(days=number), time(9), tzinfo=UTC)):
        yield


def running_plan(session: Session, cast: Cast) -> Plan:
    """Ben's plan, agreed on its first day: one objective, three key results from 40.5 to 60 %, due on day 29."""
    with day(0):
        return drafts.agree(session, cast, drafts.complete_plan(session, cast))


def results(plan: Plan) -> list[UUID]:
    return [result.id for objective in plan.objectives for result in objective.key_results]


def said(value: object, confidence: int = 7, note: str = "", version: int = 0) -> CheckInInput:
    return CheckInInput(value=Decimal(str(value)), confidence=confidence, note=note, version=version)


def check_in(
    session: Session, cast: Cast, plan: Plan, number: int, *checks: CheckInInput, person: Person | None = None
) -> None:
    """Ben, or another, says something of the first key results on a day of the plan."""
    with day(number):
        given = dict(zip(results(plan), checks, strict=False))
        actions.check_in(session, cast.actor(person or cast.ben), plan.id, None, given)
    session.commit()


def take_out(session: Session, cast: Cast, plan: Plan, key_result_id: UUID, number: int = 10) -> None:
    """A change that leaves one key result out, agreed by both on a day of the plan."""
    ben = cast.actor(cast.ben)
    with day(number):
        begin_change(session, ben, plan.id, ChangeInput(reason="Less", version=plan.version))
        remove_key_result(session, ben, plan.id, key_result_id, plan.version)
        drafts.agree(session, cast, plan)
    session.expire_all()


def close(session: Session, cast: Cast, plan: Plan, number: int) -> None:
    """Ben ends the plan on a day of it, with the same value everywhere."""
    with day(number):
        ended = {id_: ResultInput(value=Decimal(61)) for id_ in results(plan)}
        given = ClosingInput(results=ended, reflection=ReflectionInput(learned="Ask first."), version=plan.version)
        close_plan(session, cast.actor(cast.ben), plan.id, given)
    session.commit()
