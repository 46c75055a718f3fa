"""What a former manager may: nothing with a draft that was set aside, and reading alone with a plan that they signed."""

from fastapi import FastAPI
from sqlalchemy.orm import Session

from service.people.actions import rebuild_reporting_lines
from service.permissions import Permission, may
from service.plans import actions as plans
from service.reviews import cycles
from service.reviews.rules import Side
from tests.cast import Cast
from tests.checkins.running import running_plan
from tests.conftest import SignIn
from tests.factories import half, open_cycle, rate_all, review_of, submit
from tests.security.calls import body_of, routes
from tests.security.test_matrix import mark_of


def test_a_draft_set_aside_is_read_by_nobody(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    aside = half(review, Side.MANAGER)
    rate_all(session, cast, aside, comment="Ann's unfinished thoughts")
    cycles.name_assessor(session, cast.actor(cast.dee), review.id, cast.max.id)
    for side in Side:
        rate_all(session, cast, half(review, side))
        submit(session, cast, half(review, side))
    session.commit()
    assert review.shared_at is not None

    for name, person in cast.everybody.items():
        assert not may(cast.actor(person), Permission.READ_MANAGER_ASSESSMENT, aside), name
        for path in (f"/assessments/{aside.id}", f"/api/v1/assessments/{aside.id}"):
            assert sign_in(person).get(path).status_code == 404, name


def test_a_former_manager_gets_of_an_agreed_plan_what_hr_gets(
    app: FastAPI, session: Session, cast: Cast, sign_in: SignIn
) -> None:
    """HR reads what is agreed and no more, which the matrix holds route by route; here both are asked."""
    plan = running_plan(session, cast)
    objective = plan.objectives[0]
    ids = {"plan_id": plan.id, "objective_id": objective.id, "key_result_id": objective.key_results[0].id}
    ids = {name: str(id_) for name, id_ in ids.items()} | {
        "skill_id": plan.chosen[0],
        "plan_version": str(plan.version),
    }
    ids |= {"number": "1", "ending": "yaml", "step": "6-months.whole-lifecycle"}
    cast.ben.manager_id = cast.fay.id
    rebuild_reporting_lines(session)
    plans.hand_over_plans(session, [cast.ben.id])
    session.commit()

    ann, dee, asked = sign_in(cast.ann), sign_in(cast.dee), []
    for method, path in routes(app):
        if "{plan_id}" in path:
            url, body = path.format(**ids), body_of(method, path, ids)
            asked.append((method, path, *(mark_of(client.request(method, url, **body)) for client in (ann, dee))))
    assert [line for line in asked if line[2] != line[3]] == []
    assert {mark for *_, mark, _ in asked} == {"+", "x", "."}
    assert len(asked) > 60
