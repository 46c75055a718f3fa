"""What is agreed can be printed, access ends when it ends, and a word given twice is one word."""

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.audit.models import AuditEvent
from service.errors import Conflict, Invalid, NotFound
from service.jobs.models import Job
from service.people.actions import rebuild_reporting_lines
from service.plans import actions, documents, queries
from service.plans.models import ObjectiveRow
from service.settings import Settings
from tests.cast import Cast
from tests.conftest import SignIn
from tests.plans.drafts import complete_plan, objective, promotion_plan


def test_so_many_projects_and_no_more(session: Session, cast: Cast) -> None:
    plan = promotion_plan(session, cast)
    assert len(objective(plan, projects="\n\n".join("abcde" * 10)).project_lines) == 50
    with pytest.raises(ValidationError, match="Up to 50 lines"):
        objective(plan, projects="\n".join("a" * 51))


def test_what_cannot_be_printed_is_not_agreed_and_breaks_no_page(session: Session, cast: Cast, sign_in: SignIn) -> None:
    plan, ben = complete_plan(session, cast), cast.actor(cast.ben)
    session.execute(update(ObjectiveRow).values(projects=["x"] * 201))  # as an older program let it in
    session.commit()
    session.expire_all()
    shown = sign_in(cast.ben).get(f"/plans/{plan.id}/preview")
    assert shown.status_code == 422
    assert "cannot be printed" in shown.text
    actions.agree_plan(session, ben, plan.id, plan.version)
    with pytest.raises(Invalid, match="cannot be printed"):
        actions.agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)


def test_where_there_is_no_manager_any_more_the_former_one_has_no_part(session: Session, cast: Cast) -> None:
    plan, ann = complete_plan(session, cast), cast.actor(cast.ann)
    cast.ben.manager_id = None
    session.flush()
    rebuild_reporting_lines(session)
    actions.hand_over_plans(session, [cast.ben.id])
    session.commit()
    session.expire_all()
    with pytest.raises(NotFound):
        queries.get_plan(session, ann, plan.id)


def test_nobody_agrees_with_who_has_left(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    actions.agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    cast.ben.active = False
    session.commit()
    with pytest.raises(Conflict, match="has left"):
        actions.agree_plan(session, cast.actor(cast.ann), plan.id, plan.version)


def test_the_same_word_twice_is_one_line_in_the_log(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    for _ in range(3):
        actions.agree_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    session.commit()
    count = select(func.count()).select_from(AuditEvent).where(AuditEvent.verb == "plan.signed")
    assert session.scalar(count) == 1


def test_a_draft_that_cannot_be_made_is_said_and_not_asked_for_again(
    session: Session, cast: Cast, settings: Settings
) -> None:
    plan, ben = complete_plan(session, cast), cast.actor(cast.ben)
    actions.ask_for_draft(session, ben, plan.id, settings.documents)
    session.flush()
    session.execute(update(Job).values(done_at=func.now(), error="ReportError"))
    session.commit()
    with pytest.raises(Conflict, match="could not be made"):
        actions.ask_for_draft(session, ben, plan.id, settings.documents)
    changed = objective(plan, title="New users find their first report", version=plan.version)
    actions.change_objective(session, ben, plan.id, plan.objectives[0].id, changed)
    _, pdf = actions.ask_for_draft(session, ben, plan.id, settings.documents) or ("", b"")
    assert pdf is None, "another text is asked for anew"


def test_a_fault_in_the_data_says_nothing_of_its_words() -> None:
    with pytest.raises(Invalid) as found:
        documents.read('{"format": "canary-word"}')
    assert "canary" not in str(found.value.problems) + str(found.value.__cause__)
