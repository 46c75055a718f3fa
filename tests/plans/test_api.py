"""The JSON doors of growth plans, and the whole main job over the API."""

import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest
from httpx import Response
from sqlalchemy.orm import Session

from service.db import Database
from service.jobs.actions import run_all
from service.ladders.actions import publish_shipped
from service.onboarding.actions import start_onboarding_plan
from service.onboarding.inputs import OnboardingPlanInput
from service.permissions import Scope
from service.plans import actions
from service.plans.inputs import PromotionPlanInput
from service.plans.rules import PlanStatus
from service.settings import Settings
from service.worker import make_tasks
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import Bearer, CountQueries, SignIn
from tests.factories import open_cycle, reveal, review_of

API = "/api/v1"
START = {"start_on": "2026-11-02"}
CYCLE = {
    "name": "Autumn 2026", "starts_on": "2026-09-01", "assess_by": "2026-10-01", "share_by": "2026-10-15",
    "ends_on": "2026-12-01",
}  # fmt: skip
OBJECTIVE: dict[str, Any] = {
    "title": "New users reach their first report without help", "horizon": 60, "why": "Half of them leave before.",
    "serves": "Activation", "due_on": "2026-12-20",
}  # fmt: skip
KEY_RESULT: dict[str, Any] = {
    "title": "More new users finish the first report", "metric": "Share with a report in week one", "unit": "%",
    "baseline": 35, "target": "60.5", "due_on": "2026-12-20",
}  # fmt: skip


def on(answer: Response) -> dict[str, str]:
    """The header of a change to what `answer` showed."""
    return {"if-match": answer.headers["etag"]}


def start_plan(session: Session, cast: Cast, client: Browser) -> Response:
    open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    return client.post(f"{API}/reviews/{review_of(session, cast.ben).id}/plans", json=START | {"chosen": ["okr"]})


def start_onboarding(client: Browser, session: Session, person: Any) -> Response:
    publish_shipped(session)
    session.commit()
    return client.post(f"{API}/plans", json=START | {"person_id": str(person.id)})


def rate(client: Browser, assessment: str, rung: str) -> None:
    """Answer every skill with `rung`, or the highest below it that the skill has, and hand it over."""
    order = ["junior", "middle", "senior"]
    for skill in client.get(f"{API}/assessments/{assessment}").json()["skills"]:
        rungs = [name for name in order[: order.index(rung) + 1] if name in skill["rungs"]]
        body = {"answer": "rung", "rung": rungs[-1]} if rungs else {"answer": "none"}
        path = f"{API}/assessments/{assessment}/ratings/{skill['skill_id']}"
        assert client.put(path, json=body, headers={"if-match": f'"{skill["rating"]["version"]}"'}).status_code == 200
    assert client.post(f"{API}/assessments/{assessment}/submission").status_code == 200


def test_the_main_job_from_cycle_to_paper(
    session: Session, cast: Cast, sign_in: SignIn, database: Database, settings: Settings
) -> None:
    publish_shipped(session)
    session.commit()
    ben, ann, dee = sign_in(cast.ben), sign_in(cast.ann), sign_in(cast.dee)
    assert dee.post(f"{API}/cycles", json=CYCLE).status_code == 201

    (review,) = ben.get(f"{API}/reviews").json()
    own, managers = (half["id"] for half in review["halves"])
    rate(ben, own, "senior")
    rate(ann, managers, "middle")
    at = f"{API}/reviews/{review['id']}"
    assert ben.get(at).json()["status"] == "shared"

    agreement = ann.post(f"{at}/agreement/acceptance").json()
    for skill in (skill for skill in agreement["skills"] if not skill["version"]):
        body = {"answer": skill["manager"]["answer"], "rung": skill["manager"]["rung"], "note": "As we said."}
        path = f"{at}/agreement/{skill['skill_id']}"
        assert ann.put(path, json=body, headers={"if-match": '"0"'}).status_code == 200
    for client in (ben, ann):
        seen = {"if-match": client.get(f"{at}/agreement").headers["etag"]}
        assert client.post(f"{at}/confirmation", json={}, headers=seen).status_code == 200
    gaps = ben.get(f"{at}/gaps").json()
    assert (gaps["basis"], gaps["is_draft"], gaps["attained"]["id"]) == ("agreed", False, "middle")
    chosen = [finding["skill_id"] for finding in gaps["findings"] if finding["state"] == "unmet"][:2]

    plan = ben.post(f"{at}/plans", json=START | {"chosen": chosen})
    here = plan.headers["location"]
    plan = ben.post(f"{here}/objectives", json=OBJECTIVE | {"serves_gaps": chosen}, headers=on(plan))
    objective = plan.headers["location"]
    for _ in range(3):
        plan = ben.post(f"{objective}/key-results", json=KEY_RESULT, headers=on(plan))
    assert [objective["remarks"] for objective in plan.json()["objectives"]] == [[]]

    assert ben.post(f"{here}/agreement", headers=on(plan)).json()["status"] == "draft"
    agreed = ann.post(f"{here}/agreement", headers=on(plan)).json()
    (revision,) = agreed["revisions"]
    assert (agreed["status"], revision["number"], revision["pages"]) == ("agreed", 1, None)

    text = dee.get(f"{here}/revisions/1")
    assert (text.headers["content-type"], text.headers["etag"]) == ("application/json", f'"{revision["sha256"]}"')
    assert hashlib.sha256(text.content).hexdigest() == revision["sha256"]
    assert {gap["skill"]["id"] for gap in text.json()["gaps"] if gap["chosen"]} == set(chosen)

    waiting = dee.get(f"{here}/revisions/1.pdf")
    assert (waiting.status_code, waiting.headers["retry-after"], waiting.content) == (202, "2", b"")
    assert run_all(database, make_tasks(settings)) == 2
    pdf = dee.get(f"{here}/revisions/1.pdf")
    assert (pdf.status_code, pdf.headers["content-type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert pdf.headers["etag"] == f'"{hashlib.sha256(pdf.content).hexdigest()}"'
    assert pdf.headers["content-disposition"] == 'inline; filename="growth-plan-E-ben-r1.pdf"'
    assert dee.get(here).json()["revisions"][0]["pages"] >= 2

    again = dee.post(f"{here}/revisions/1/document")
    assert (again.status_code, again.headers["location"]) == (202, f"{here}/revisions/1.pdf")
    assert run_all(database, make_tasks(settings)) == 1
    assert dee.get(again.headers["location"]).content == pdf.content


def test_a_plan_starts_at_its_address_with_its_version(session: Session, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ben)
    made = start_plan(session, cast, client)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert made.headers["location"] == f"{API}/plans/{made.json()['id']}"
    shown = client.get(made.headers["location"])
    assert (shown.json(), shown.headers["etag"]) == (made.json(), '"1"')


def test_before_sharing_there_is_nothing_to_plan(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    path = f"{API}/reviews/{review_of(session, cast.ben).id}/plans"
    assert sign_in(cast.ben).post(path, json=START).status_code == 409
    assert sign_in(cast.dee).post(path, json=START).status_code == 403
    assert sign_in(cast.eli).post(path, json=START).status_code == 404


def test_onboarding_is_filled_from_the_blueprint(session: Session, cast: Cast, sign_in: SignIn) -> None:
    plan = start_onboarding(sign_in(cast.fay), session, cast.eli)
    assert (plan.status_code, plan.json()["kind"]) == (201, "onboarding")
    objectives = plan.json()["objectives"]
    assert [(row["horizon"], len(row["projects"]), len(row["key_results"])) for row in objectives] == [
        (30, 5, 3), (60, 4, 3), (90, 4, 3),
    ]  # fmt: skip
    refused = sign_in(cast.ann).post(f"{API}/plans", json=START | {"person_id": str(cast.eli.id)})
    assert refused.status_code == 404


def test_objectives_and_key_results_are_written_anew_and_removed(session: Session, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ben)
    plan = start_plan(session, cast, client)
    here = plan.headers["location"]
    plan = client.post(f"{here}/objectives", json=OBJECTIVE, headers=on(plan))
    objective = plan.headers["location"]
    assert (plan.status_code, objective) == (201, f"{here}/objectives/{plan.json()['objectives'][0]['id']}")

    plan = client.post(f"{objective}/key-results", json=KEY_RESULT, headers=on(plan))
    key_result = plan.headers["location"]
    (shown,) = plan.json()["objectives"][0]["key_results"]
    assert (plan.status_code, key_result) == (201, f"{here}/key-results/{shown['id']}")
    assert (shown["baseline"], shown["target"], shown["owner"]) == ("35", "60.5", "Ben")

    plan = client.put(key_result, json=KEY_RESULT | {"target": 20}, headers=on(plan))
    assert [remark["check"] for remark in plan.json()["objectives"][0]["remarks"]] == ["O6", "K6"]
    plan = client.put(objective, json=OBJECTIVE | {"title": "Another"}, headers=on(plan))
    assert (plan.json()["objectives"][0]["title"], len(plan.json()["objectives"][0]["key_results"])) == ("Another", 1)
    plan = client.delete(key_result, headers=on(plan))
    assert plan.json()["objectives"][0]["key_results"] == []
    plan = client.delete(objective, headers=on(plan))
    assert (plan.json()["objectives"], plan.headers["etag"]) == ([], '"7"')
    assert client.delete(objective, headers=on(plan)).status_code == 404


def test_an_objective_moved_to_another_horizon_stands_there_at_once(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.fay)
    plan = start_onboarding(client, session, cast.eli)
    first = plan.json()["objectives"][0]
    path = f"{plan.headers['location']}/objectives/{first['id']}"
    moved = client.put(path, json=OBJECTIVE | {"horizon": 90, "due_on": "2027-01-20"}, headers=on(plan))
    assert [row["horizon"] for row in moved.json()["objectives"]] == [60, 90, 90]
    assert client.get(plan.headers["location"]).json() == moved.json()


@pytest.mark.parametrize("method", ["post", "put", "delete", "sign"])
def test_every_write_needs_the_version_that_stands(session: Session, cast: Cast, sign_in: SignIn, method: str) -> None:
    client = sign_in(cast.fay)
    plan = start_onboarding(client, session, cast.eli)
    here, objective = plan.headers["location"], plan.json()["objectives"][0]

    def send(headers: dict[str, str]) -> int:
        if method == "sign":
            return client.post(f"{here}/agreement", headers=headers).status_code
        if method == "post":
            return client.post(
                f"{here}/objectives/{objective['id']}/key-results", json=KEY_RESULT, headers=headers
            ).status_code
        path = f"{here}/key-results/{objective['key_results'][0]['id']}"
        body = {"json": KEY_RESULT | {"version": 1}} if method == "put" else {}
        return client.request(method, path, headers=headers, **body).status_code

    assert [send({}), send({"if-match": "*"}), send({"if-match": '"9"'})] == [428, 428, 412]
    assert send(on(plan)) in (200, 201)


def test_signing_names_every_error_of_the_checks(session: Session, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ben)
    plan = start_plan(session, cast, client)
    here = plan.headers["location"]
    plan = client.post(f"{here}/objectives", json={"title": "Better", "horizon": 30}, headers=on(plan))
    refused = client.post(f"{here}/agreement", headers=on(plan))
    assert (refused.status_code, [(error["id"], error["pointer"]) for error in refused.json()["errors"]]) == (
        422,
        [
            ("O1", "/objectives/0/due_on"), ("O4", "/objectives/0/why"), ("O5", "/objectives/0/serves"),
            ("O6", "/objectives/0/key_results"),
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"horizon": 45}, "/horizon"),
        ({"title": ""}, "/title"),
        ({"due_on": "canary-7"}, "/due_on"),
        ({"serves_gaps": ["canary-7" * 20]}, "/serves_gaps/0"),
        ({"canary": "canary-7"}, "/canary"),
        ({"why": "canary-7\ud800"}, ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field_without_the_value(
    session: Session, cast: Cast, sign_in: SignIn, change: dict[str, Any], pointer: str
) -> None:
    client = sign_in(cast.fay)
    plan = start_onboarding(client, session, cast.eli)
    headers = on(plan) | {"content-type": "application/json"}
    body = json.dumps(OBJECTIVE | change)
    answer = client.post(f"{plan.headers['location']}/objectives", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "canary-7" not in answer.text


@pytest.mark.parametrize("start_on", ["9999-12-31", "0001-01-01", "2026-02-30"])
def test_a_plan_starts_on_a_day_that_has_ninety_after_it(
    session: Session, cast: Cast, sign_in: SignIn, start_on: str
) -> None:
    publish_shipped(session)
    session.commit()
    body = {"person_id": str(cast.eli.id), "start_on": start_on}
    answer = sign_in(cast.fay).post(f"{API}/plans", json=body)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, ["/start_on"])


def test_hr_reads_what_is_agreed_and_strangers_nothing(session: Session, cast: Cast, sign_in: SignIn) -> None:
    plan = start_onboarding(sign_in(cast.ann), session, cast.ben)
    here = plan.headers["location"]
    seen = {name: sign_in(person).get(here).status_code for name, person in cast.everybody.items()}
    assert {name for name, status in seen.items() if status == 200} == {"ann", "ben", "max"}
    assert set(seen.values()) == {200, 404}
    assert sign_in(cast.max).post(f"{here}/objectives", json=OBJECTIVE, headers=on(plan)).status_code == 403

    for person in (cast.ann, cast.ben):
        assert sign_in(person).post(f"{here}/agreement", headers=on(plan)).status_code == 200
    seen = {name: sign_in(person).get(f"{here}/revisions/1").status_code for name, person in cast.everybody.items()}
    assert {name for name, status in seen.items() if status == 200} == {"ann", "ben", "max", "dee", "pia"}
    assert sign_in(cast.eli).get(f"{here}/revisions/1.pdf").status_code == 404
    assert sign_in(cast.ben).get(f"{here}/revisions/2").status_code == 404
    assert sign_in(cast.ben).get(f"{here}/revisions/x.pdf").status_code == 404
    assert sign_in(cast.ben).post(f"{here}/objectives", json=OBJECTIVE, headers=on(plan)).status_code == 409


def test_signing_is_a_persons_own_word(session: Session, cast: Cast, sign_in: SignIn, bearer: Bearer) -> None:
    browser = sign_in(cast.ann)
    plan = start_onboarding(browser, session, cast.ben)
    path = f"{plan.headers['location']}/agreement"
    assert bearer(cast.ann, Scope.WRITE).post(path, headers=on(plan)).status_code == 403
    assert browser.post(path, headers=on(plan) | {"sec-fetch-site": "cross-site"}).status_code == 403
    assert browser.post(path, headers=on(plan)).status_code == 200


def test_a_reading_token_writes_nothing_and_asks_for_no_paper(
    session: Session, cast: Cast, sign_in: SignIn, bearer: Bearer
) -> None:
    plan = start_onboarding(sign_in(cast.ann), session, cast.ben)
    here = plan.headers["location"]
    for person in (cast.ann, cast.ben):
        sign_in(person).post(f"{here}/agreement", headers=on(plan))
    reader = bearer(cast.ben, Scope.READ)
    assert reader.get(f"{here}/revisions/1").status_code == 200
    assert reader.post(f"{here}/revisions/1/document").status_code == 403
    assert reader.post(f"{here}/objectives", json=OBJECTIVE, headers=on(plan)).status_code == 403
    assert bearer(cast.ben, Scope.WRITE).post(f"{here}/revisions/1/document").status_code == 202


def test_a_request_sent_twice_begins_one_plan(session: Session, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ben)
    first = start_plan(session, cast, client)
    path = f"{API}/reviews/{review_of(session, cast.ben).id}/plans"
    again = client.post(path, json=START | {"chosen": ["product-analytics"]})
    assert (again.status_code, again.headers["location"], again.json()) == (
        201,
        first.headers["location"],
        first.json(),
    )
    onboarding = [start_onboarding(client, session, cast.ben).json()["id"] for _ in range(2)]
    assert (len(set(onboarding)), len(client.get(f"{API}/plans").json())) == (1, 2)


def test_the_checks_answer_while_one_writes_and_nothing_is_saved(session: Session, cast: Cast, sign_in: SignIn) -> None:
    ben = sign_in(cast.ben)
    plan = start_plan(session, cast, ben)
    here = plan.headers["location"]

    def told(path: str, **written: Any) -> list[tuple[str, str]]:
        answer = ben.post(f"{here}/{path}", json=written)
        assert answer.status_code == 200
        return [(remark["check"], remark["pointer"]) for remark in answer.json()]

    assert told("objective-checks", horizon="30") == [("O1", "/due_on"), ("O4", "/why"), ("O5", "/serves")]
    whole = OBJECTIVE | {"due_on": "2026-12-20", "version": "1"}
    assert told("objective-checks", **whole) == []
    added = ben.post(f"{here}/objectives", json=OBJECTIVE, headers=on(plan))
    results = added.headers["location"].removeprefix(f"{here}/") + "/key-result-checks"
    assert told(results, due_on="2026-12-20") == [
        ("K1", "/metric"), ("K1", "/unit"), ("K1", "/target"), ("K2", "/baseline")
    ]  # fmt: skip
    assert told(results, **KEY_RESULT | {"direction": "decrease"}) == [("K6", "/target")]
    assert told(results, **KEY_RESULT) == []
    unread = ben.post(f"{here}/{results}", json={"baseline": "about 3"})
    assert (unread.status_code, unread.json()["errors"][0]["pointer"]) == (422, "/baseline")
    assert ben.post(f"{here}/objectives/{uuid4()}/key-result-checks", json=KEY_RESULT).status_code == 404
    now = ben.get(here)
    assert (now.headers["etag"], len(now.json()["objectives"][0]["key_results"])) == (added.headers["etag"], 0)


def test_plans_come_page_by_page(session: Session, cast: Cast, sign_in: SignIn) -> None:
    publish_shipped(session)
    given = {"start_on": START["start_on"]}
    for person in (cast.cat, cast.ben, cast.ben):
        onboarding = OnboardingPlanInput(person_id=person.id, **given)
        start_onboarding_plan(session, cast.actor(cast.ann), onboarding).status = PlanStatus.AGREED
    session.commit()
    client, path, names = sign_in(cast.ann), f"{API}/plans?limit=2", []
    first = client.get(path)
    second = client.get(first.links["next"]["url"])
    names = [row["person_name"] for answer in (first, second) for row in answer.json()]
    assert (names, "next" in second.links) == (["Ben", "Ben", "Cat"], False)
    assert client.get(f"{API}/plans?review_id={uuid4()}").json() == []
    assert client.get(f"{API}/plans?after=eA").status_code == 422


def test_thirty_plans_cost_no_more_queries_than_one(
    session: Session, cast: Cast, sign_in: SignIn, count_queries: CountQueries
) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    for _ in range(30):
        given = PromotionPlanInput(start_on=START["start_on"], chosen=["okr"])
        actions.start_promotion_plan(session, cast.actor(cast.ben), review.id, given).status = PlanStatus.AGREED
    session.commit()
    client = sign_in(cast.ben)

    def ask(limit: int) -> None:
        assert len(client.get(f"{API}/plans?limit={limit}").json()) == limit

    assert count_queries(lambda: ask(30)) == count_queries(lambda: ask(1))
