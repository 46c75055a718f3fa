"""The JSON doors of cycles, reviews, assessments and agreed ratings."""

import base64
import json
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from service.drafts.inputs import KeyResultInput, ObjectiveInput
from service.ladders.actions import publish_shipped
from service.onboarding.inputs import OnboardingPlanInput
from service.people.actions import rebuild_reporting_lines
from service.people.models import Person
from service.permissions import Scope
from service.plans import inputs as plans
from service.reviews import inputs as reviews
from service.reviews.rules import ShareRule, Side
from tests.cast import Cast
from tests.conftest import Bearer, CountQueries, SignIn
from tests.factories import agree_all, half, open_cycle, rate_all, reveal, review_of, submit

CYCLE = {
    "name": "Autumn 2026", "starts_on": "2026-09-01", "assess_by": "2026-10-01", "share_by": "2026-10-15",
    "ends_on": "2026-12-01",
}  # fmt: skip
MIDDLE = {"answer": "rung", "rung": "middle"}


def api(path: str, *ids: object) -> str:
    return "/api/v1/" + path.format(*ids)


def rating_at(session: Session, person: Person, side: Side = Side.SELF, skill: str = "okr") -> str:
    return api("assessments/{}/ratings/{}", half(review_of(session, person), side).id, skill)


def test_hr_opens_a_cycle(session: Session, cast: Cast, sign_in: SignIn) -> None:
    publish_shipped(session)
    cast.una.ladder = None
    cast.dee.ladder = cast.dee.level = None
    session.commit()
    dee = sign_in(cast.dee)

    preview = dee.post(api("cycles/previews"), json=CYCLE).json()
    assert preview["left_out"] == [{"name": name, "reason": "has no ladder and level"} for name in ("Dee", "Una")]
    ben = {"person_id": str(cast.ben.id), "name": "Ben", "current_level": "middle", "target_level": "senior"}
    assert [row for row in preview["included"] if row["name"] == "Ben"] == [ben]
    assert dee.get(api("cycles")).json() == []

    made = dee.post(api("cycles"), json=CYCLE)
    assert (made.status_code, made.headers["location"]) == (201, api("cycles/{}", made.json()["id"]))
    assert dee.get(made.headers["location"]).json() == made.json()
    assert made.json()["counts"] == {"open": len(preview["included"])}  # neither has her manager's

    closed = dee.post(made.headers["location"] + "/closure")
    assert (closed.status_code, set(closed.json()["counts"])) == (200, {"closed"})
    assert dee.post(made.headers["location"] + "/closure").status_code == 409


def test_a_taken_name_of_a_cycle_is_said_at_its_field(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    answer = sign_in(cast.dee).post(api("cycles"), json=CYCLE)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, ["/name"])


@pytest.mark.parametrize(
    ("name", "status"), [("dee", 200), ("pia", 200), ("ann", 200), ("ben", 403), ("eli", 403), ("una", 403)]
)
def test_cycles_are_listed_for_those_who_run_or_lead(
    session: Session, cast: Cast, sign_in: SignIn, name: str, status: int
) -> None:
    cycle = open_cycle(session, cast)
    client = sign_in(cast.everybody[name])
    assert client.get(api("cycles")).status_code == status
    assert client.get(api("cycles/{}", cycle.id)).status_code == status
    assert client.post(api("cycles"), json=CYCLE).status_code == (422 if name in ("dee", "pia") else 403)


def test_nobody_is_asked_to_sign_in(session: Session, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(None).get(api("reviews"))
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_reviews_come_page_by_page_and_keep_their_filter(session: Session, cast: Cast, sign_in: SignIn) -> None:
    cycle = open_cycle(session, cast)
    client, path = sign_in(cast.ann), api("reviews?cycle_id={}&limit=1", cycle.id)
    names = []
    for _ in range(3):
        answer = client.get(path)
        names += [row["person_name"] for row in answer.json()]
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    assert (names, path) == (["Ann", "Ben", "Cat"], "")
    assert client.get(api("reviews?cycle_id={}", uuid4())).json() == []


@pytest.mark.parametrize("key", ["Ben", "Ben|x", "\0|6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10", None])
def test_a_foreign_cursor_is_refused(session: Session, cast: Cast, sign_in: SignIn, key: str | None) -> None:
    cursor = "%%%" if key is None else base64.urlsafe_b64encode(key.encode()).decode()
    answer = sign_in(cast.ann).get(api("reviews"), params={"after": cursor})
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, ["/after"])


def test_thirty_reviews_cost_no_more_queries_than_one(
    session: Session, cast: Cast, sign_in: SignIn, count_queries: CountQueries
) -> None:
    for number in range(28):
        person = Person(
            employee_id=f"X-{number}", name=f"X {number:02}", email=f"x{number}@example.org",
            email_key=f"x{number}@example.org", manager_id=cast.ann.id, unit_id=cast.ann.unit_id,
            ladder="product-manager", level=("junior", "middle", "senior")[number % 3],
        )  # fmt: skip
        session.add(person)
    session.flush()
    rebuild_reporting_lines(session)
    open_cycle(session, cast)
    client = sign_in(cast.ann)

    def ask(limit: int) -> None:
        assert len(client.get(api("reviews?limit={}", limit)).json()) == limit

    assert count_queries(lambda: ask(30)) == count_queries(lambda: ask(1))


def test_hr_names_an_assessor_and_hears_who(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.fay)
    named = sign_in(cast.dee).put(api("reviews/{}/assessor", review.id), json={"assessor_id": str(cast.una.id)})
    assert (named.status_code, named.json()["assessor_name"]) == (200, "Una")
    assert [half["rater_name"] for half in named.json()["halves"]] == ["Fay", "Una"]
    ben = review_of(session, cast.ben).id
    assert (
        sign_in(cast.ann).put(api("reviews/{}/assessor", ben), json={"assessor_id": str(cast.una.id)}).status_code
        == 403
    )
    assert (
        sign_in(cast.eli).put(api("reviews/{}/assessor", ben), json={"assessor_id": str(cast.una.id)}).status_code
        == 404
    )


def test_a_rating_is_saved_read_and_changed_by_its_version(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    client, path = sign_in(cast.ben), rating_at(session, cast.ben)
    empty = client.get(path)
    assert (empty.headers["etag"], empty.json()["answer"]) == ('"0"', None)

    first = client.put(path, json=MIDDLE | {"comment": "first tab"}, headers={"if-match": '"0"'})
    assert (first.status_code, first.headers["etag"], first.json()["rung"]) == (200, '"1"', "middle")
    assert client.get(path).json() == first.json()

    stale = client.put(path, json=MIDDLE | {"comment": "second tab"}, headers={"if-match": '"0"'})
    assert (stale.status_code, stale.json()["current"]) == (412, first.json())
    again = client.put(path, json=MIDDLE | {"comment": "both"}, headers={"if-match": first.headers["etag"]})
    assert (again.status_code, again.headers["etag"]) == (200, '"2"')


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 428), ("*", 428), ("0", 412), ('W/"0"', 412), ('"x"', 412), ('"00000000000000"', 412), ('"0", "1"', 412),
        ("", 412), ('"0"', 200),
    ],
)  # fmt: skip
def test_if_match_takes_one_strong_tag(
    session: Session, cast: Cast, sign_in: SignIn, header: str | None, status: int
) -> None:
    open_cycle(session, cast)
    headers = {} if header is None else {"if-match": header}
    assert sign_in(cast.ben).put(rating_at(session, cast.ben), json=MIDDLE, headers=headers).status_code == status


def test_the_header_wins_over_a_version_in_the_body(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    client, path = sign_in(cast.ben), rating_at(session, cast.ben)
    assert client.put(path, json=MIDDLE | {"version": 0}).status_code == 428
    assert client.put(path, json=MIDDLE | {"version": 7}, headers={"if-match": '"0"'}).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"answer": "canary-7"}, "/answer"),
        (MIDDLE | {"canary": "canary-7"}, "/canary"),
        (MIDDLE | {"comment": "canary-7" + "x" * 4000}, "/comment"),
        (MIDDLE | {"comment": "canary-7\x00"}, "/comment"),
        (MIDDLE | {"rung": "canary-7"}, "/rung"),
        (MIDDLE | {"toward_next": "canary-7"}, "/toward_next"),
        ({"answer": "not-applicable", "comment": "canary-7"}, "/reason"),
        (MIDDLE | {"a/b~": "canary-7"}, "/a~1b~0"),
        (MIDDLE | {"\ud800": "canary-7"}, ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field_without_the_value(
    session: Session, cast: Cast, sign_in: SignIn, body: dict[str, str], pointer: str
) -> None:
    open_cycle(session, cast)
    headers = {"if-match": '"0"', "content-type": "application/json"}
    answer = sign_in(cast.ben).put(rating_at(session, cast.ben), content=json.dumps(body), headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "canary-7" not in answer.text


def test_a_skill_that_no_ladder_could_name_is_not_there(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    client = sign_in(cast.ben)
    for skill in ("a%00b", "no-such-skill", "x" * 81):
        assert client.get(rating_at(session, cast.ben, skill=skill)).status_code == 404


def test_evidence_is_added_answered_and_removed(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    ben, path, note = (
        sign_in(cast.ben),
        rating_at(session, cast.ben),
        {"dated": "2026-06-12", "note": "Five interviews"},
    )
    assert ben.post(path + "/evidence", json=note).status_code == 422
    review = review_of(session, cast.ben)
    for side in Side:
        rate_all(session, cast, half(review, side))
    session.commit()
    made = [ben.post(path + "/evidence", json=note | {"dated": f"2026-06-1{day}"}) for day in (2, 3)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert ben.get(path).json()["evidence"] == [answer.json() for answer in made]

    assert ben.delete(made[0].headers["location"]).status_code == 204
    assert [item["id"] for item in ben.get(path).json()["evidence"]] == [made[1].json()["id"]]

    ann, doubt = sign_in(cast.ann), {"state": "disputed", "answer": "That was the team."}
    answer_at = made[1].headers["location"] + "/answer"
    assert ann.put(answer_at, json=doubt).status_code == 404
    for side in Side:
        submit(session, cast, half(review, side))
    session.commit()
    assert ann.put(answer_at, json={"state": "disputed"}).status_code == 422
    assert ann.put(answer_at, json=doubt).status_code == 204
    assert ben.put(answer_at, json=doubt).status_code == 409
    assert ben.get(path).json()["evidence"][0] | doubt == ben.get(path).json()["evidence"][0]
    assert ben.delete(made[1].headers["location"]).status_code == 409


def test_submitting_names_every_open_skill(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    answer = sign_in(cast.ben).post(api("assessments/{}/submission", draft.id))
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 31)


def test_reopening_needs_a_reason_and_a_submission(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    client, path = sign_in(cast.ben), api("assessments/{}/reopening", draft.id)
    assert client.post(path, json={"reason": "I forgot a project."}).status_code == 409
    rate_all(session, cast, draft)
    submit(session, cast, draft)
    session.commit()
    assert client.post(path, json={"reason": " "}).status_code == 422
    reopened = client.post(path, json={"reason": "I forgot a project."})
    assert (reopened.status_code, reopened.json()["halves"][0]["status"]) == (200, "draft")


def test_until_both_are_in_neither_side_reads_the_other(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    review = review_of(session, cast.ben)
    for side in Side:
        rate_all(session, cast, half(review, side), comment="canary-7")
    submit(session, cast, half(review, Side.SELF))
    session.commit()
    readers = {
        Side.SELF: (cast.ann, cast.max, cast.dee, cast.pia, cast.una, cast.eli, cast.cat),
        Side.MANAGER: (cast.ben, cast.max, cast.dee, cast.pia, cast.una, cast.eli, cast.cat),
    }
    for side, person in ((side, person) for side, people in readers.items() for person in people):
        client, assessment = sign_in(person), half(review, side).id
        missing = client.get(api("assessments/{}", uuid4()))
        for path in ("assessments/{}", "assessments/{}/ratings/okr"):
            hidden = client.get(api(path, assessment))
            assert (hidden.status_code, hidden.content) == (404, missing.content)
        put = client.put(api("assessments/{}/ratings/okr", assessment), json=MIDDLE, headers={"if-match": '"0"'})
        assert (put.status_code, put.content) == (404, missing.content)
        assert client.get(api("reviews/{}/agreement", review.id)).status_code == 404
        assert "canary-7" not in client.get(api("reviews/{}", review.id)).text


def test_after_calibration_the_person_waits_for_the_release(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast, ShareRule.AFTER_CALIBRATION)
    review = reveal(session, cast, cast.ben)
    managers, ben = half(review, Side.MANAGER).id, sign_in(cast.ben)
    assert ben.get(api("assessments/{}", managers)).status_code == 404
    assert sign_in(cast.ann).get(api("assessments/{}", half(review, Side.SELF).id)).json()["answered"] == 31
    assert sign_in(cast.ann).post(api("reviews/{}/release", review.id)).status_code == 403
    assert sign_in(cast.dee).post(api("reviews/{}/release", review.id)).json()["status"] == "shared"
    assert ben.get(api("assessments/{}", managers)).json()["answered"] == 31


def test_the_talk_agrees_skill_by_skill_and_both_confirm(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben, self_="senior", manager="middle")
    ann, ben, path = sign_in(cast.ann), sign_in(cast.ben), api("reviews/{}/agreement", review.id)

    ann.post(path + "/acceptance")
    skills = ann.get(path).json()["skills"]
    assert {skill["differs"] for skill in skills if skill["version"]} == {False}
    missing = ben.post(api("reviews/{}/confirmation", review.id), json={})
    open_skills = [skill for skill in skills if not skill["version"]]
    assert (missing.status_code, len(missing.json()["errors"])) == (422, len(open_skills))

    for skill in open_skills:
        at = f"{path}/{skill['skill_id']}"
        given = {"answer": skill["self"]["answer"], "rung": skill["self"]["rung"], "note": "After the talk."}
        assert ann.put(at, json=given | {"note": ""}, headers={"if-match": '"0"'}).status_code == 422
        saved = ann.put(at, json=given, headers={"if-match": '"0"'})
        assert (saved.status_code, saved.headers["etag"]) == (200, '"1"')
        stale = ben.put(at, json=given | {"note": "Mine."}, headers={"if-match": '"0"'})
        assert (stale.status_code, stale.json()["current"]) == (412, saved.json())

    at, seen = api("reviews/{}/confirmation", review.id), {"if-match": ben.get(path).headers["etag"]}
    assert [ben.post(at, json={}, headers=h).status_code for h in ({}, {"if-match": '"1"'})] == [428, 412]
    assert ben.post(at, json={"comment": "Well."}, headers=seen).json()["status"] == "shared"
    confirmed = ann.post(at, json={}, headers=seen).json()
    assert (confirmed["status"], confirmed["person_comment"]) == ("confirmed", "Well.")
    assert sign_in(cast.eli).get(path).status_code == 404


def test_a_persons_own_word_is_given_by_cookie_and_never_by_token(
    session: Session, cast: Cast, sign_in: SignIn, bearer: Bearer
) -> None:
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    agree_all(session, cast, review)
    token, browser = bearer(cast.ben, Scope.WRITE), sign_in(cast.ben)
    draft = half(review, Side.SELF).id
    for path, body in (
        (api("assessments/{}/submission", draft), None),
        (api("assessments/{}/reopening", draft), {"reason": "No."}),
        (api("reviews/{}/agreement/acceptance", review.id), None),
        (api("reviews/{}/confirmation", review.id), {}),
    ):
        assert token.post(path, json=body).status_code == 403
        assert browser.post(path, json=body, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        seen = {"if-match": browser.get(api("reviews/{}/agreement", review.id)).headers["etag"]}
        assert browser.post(path, json=body, headers=seen).status_code in (200, 409)
    assert token.get(api("reviews/{}", review.id)).json()["person_confirmed_at"] is not None


def test_a_token_rates_within_its_scope(session: Session, cast: Cast, bearer: Bearer) -> None:
    open_cycle(session, cast)
    path, version = rating_at(session, cast.ben), {"if-match": '"0"'}
    assert bearer(cast.ben, Scope.READ).put(path, json=MIDDLE, headers=version).status_code == 403
    assert bearer(cast.ben, Scope.READ).get(path).status_code == 200
    assert bearer(cast.ben, Scope.WRITE).put(path, json=MIDDLE, headers=version).status_code == 200


def test_refusals_are_described_as_problems(app: FastAPI) -> None:
    schema = app.openapi()
    for operation in (operation for path in schema["paths"].values() for operation in path.values()):
        assert operation["description"], operation["operationId"]
        assert {"401", "403", "404", "422"} <= set(operation["responses"])
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"]
    save = schema["paths"][api("assessments/{{assessment_id}}/ratings/{{skill_id}}")]["put"]
    assert {"409", "412", "428"} <= set(save["responses"])
    assert "if-match" in {parameter["name"] for parameter in save["parameters"]}


def test_every_body_of_the_main_job_has_an_example_that_holds() -> None:
    models = [
        reviews.CycleInput, reviews.RatingInput, reviews.AgreedInput, reviews.EvidenceInput, reviews.EvidenceAnswer,
        reviews.ReasonInput, reviews.ConfirmationInput, reviews.AssessorInput, plans.PromotionPlanInput,
        OnboardingPlanInput, ObjectiveInput, KeyResultInput,
    ]  # fmt: skip
    for model in models:
        (example,) = model.model_json_schema()["examples"]
        assert model.model_validate(example)


def test_a_sheet_of_answers_is_kept_whole_or_not_at_all(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    draft = half(review_of(session, cast.ben), Side.SELF)
    ben, path = sign_in(cast.ben), f"/api/v1/assessments/{draft.id}/ratings"
    good = {"answer": "rung", "rung": "middle", "version": 0}
    refused = ben.put(path, json={"ratings": {"okr": good, "product-analytics": good | {"rung": "nonsense"}}})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/product-analytics/rung")
    assert ben.get(f"{path}/okr").headers["etag"] == '"0"'
    assert ben.put(path, json={"ratings": {"okr": good, "product-analytics": good}}).status_code == 200
    assert ben.put(path, json={"ratings": {"okr": good}}).status_code == 412
    assert sign_in(cast.ann).put(path, json={"ratings": {"okr": good}}).status_code == 404
