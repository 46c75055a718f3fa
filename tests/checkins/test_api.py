"""Check-ins as a program sends and reads them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from service.permissions import Scope
from tests.checkins.running import check_in, day, results, running_plan, said
from tests.plans.drafts import START


@pytest.fixture
def plan(session, cast):
    return running_plan(session, cast)


@pytest.fixture
def here(plan):
    return f"/api/v1/plans/{plan.id}/check-ins"


def one(id_, value=45, **more):
    return {"key_result_id": str(id_), "value": value, "confidence": 7} | more


def test_a_program_checks_in_and_reads_how_it_stands(cast, plan, here, bearer):
    program, (first, second, _) = bearer(cast.ben, Scope.WRITE), results(plan)
    with day(7):
        answer = program.post(here, json={"check_ins": [one(first, 50.25, note="Up"), one(second, 60)]})
        assert answer.status_code == 201
        assert answer.json() == program.get(here).json()
    told = answer.json()
    found = [(kr["percent"], kr["state"]) for kr in told["objectives"][0]["key_results"]]
    assert found == [(50, "on track"), (100, "reached"), (0, "not begun")]
    check = told["objectives"][0]["key_results"][0]["check_ins"][0]
    assert (check["value"], check["note"], check["on"], check["version"]) == ("50.25", "Up", "2026-11-09", 1)
    assert (told["next_on"], told["objectives"][0]["percent"]) == ("2026-11-16", 50)
    assert "is at risk when" in told["risk_rule"]


def test_all_or_none_and_never_over_what_was_not_seen(session, cast, plan, here, sign_in):
    ann, (first, second, _) = sign_in(cast.ann), results(plan)
    check_in(session, cast, plan, 7, said(44))
    with day(7):
        stale = ann.post(here, json={"check_ins": [one(second), one(first)]})
        assert (stale.status_code, stale.json()["current"]["value"]) == (412, "44")
        wrong = ann.post(here, json={"check_ins": [one(second), one(uuid4())]})
        assert wrong.status_code == 422
        krs = ann.get(here).json()["objectives"][0]["key_results"]
        assert [len(kr["check_ins"]) for kr in krs] == [1, 0, 0]
        mended = ann.post(here, json={"check_ins": [one(second), one(first, version=1)]})
    check = mended.json()["objectives"][0]["key_results"][0]["check_ins"][0]
    assert (check["value"], check["author_name"], check["replaces"][0]["author_name"]) == ("45", "Ann", "Ben")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"check_ins": []}, "/check_ins"),
        ({"check_ins": [{"value": "NaN"}]}, "/check_ins/0/value"),
        ({"check_ins": [{"value": 1e30}]}, "/check_ins/0/value"),
        ({"check_ins": [{"confidence": 11}]}, "/check_ins/0/confidence"),
        ({"check_ins": [{"confidence": 7.5}]}, "/check_ins/0/confidence"),
        ({"check_ins": [{"note": "x" * 4001}]}, "/check_ins/0/note"),
        ({"check_ins": [{"author_id": str(uuid4())}]}, "/check_ins/0/author_id"),
        ({"check_ins": [{}, {}]}, "/check_ins"),
        ({"on": (START + timedelta(8)).isoformat(), "check_ins": [{}]}, "/on"),
        ({"on": "soon", "check_ins": [{}]}, "/on"),
    ],
)
def test_what_does_not_fit_is_said_where_it_stands(cast, plan, here, sign_in, body, pointer):
    body = body | {"check_ins": [one(results(plan)[0]) | given for given in body["check_ins"]]}
    with day(7):
        answer = sign_in(cast.ben).post(here, json=body)
    assert answer.status_code == 422
    assert pointer in [problem["pointer"] for problem in answer.json()["errors"]]


def test_a_reading_token_reads(cast, plan, here, bearer):
    program = bearer(cast.ben, Scope.READ)
    with day(7):
        assert program.get(here).status_code == 200
        assert program.post(here, json={"check_ins": [one(results(plan)[0])]}).status_code == 403
        assert program.get(f"/api/v1/plans/{plan.id}/plan.ics").text.startswith("BEGIN:VCALENDAR")
