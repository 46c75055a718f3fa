"""The life of a plan as programs see it: four weekly check-ins, a revision, its end, and evidence in the next review."""

from service.permissions import SYSTEM
from service.reviews import cycles
from service.reviews.models import Cycle, Review
from service.reviews.rules import Side
from tests.checkins.running import day, results, running_plan
from tests.factories import half, open_cycle


def on(client, address):
    return {"if-match": client.get(address).headers["etag"]}


def test_from_check_ins_over_a_revision_and_the_end_to_evidence(session, cast, sign_in):
    plan = running_plan(session, cast)
    here, ids = f"/api/v1/plans/{plan.id}", results(plan)
    for week, value in enumerate((44, 47, 50, 55), start=1):
        with day(7 * week):
            ben = sign_in(cast.ben)
            given = [
                {"key_result_id": str(id_), "value": value, "confidence": 5 + week, "note": f"Week {week}"}
                for id_ in ids
            ]
            assert ben.post(f"{here}/check-ins", json={"check_ins": given}).status_code == 201
    first = ben.get(f"{here}/check-ins").json()["objectives"][0]["key_results"][0]
    assert [check["value"] for check in first["check_ins"]] == ["44", "47", "50", "55"]
    assert first["percent"] == 74

    with day(29):
        ben, ann = sign_in(cast.ben), sign_in(cast.ann)
        assert (
            ben.post(f"{here}/change", json={"reason": "More is possible."}, headers=on(ben, here)).status_code == 201
        )
        objective = ben.get(here).json()["objectives"][0]
        fields = ("title", "metric", "unit", "direction", "baseline", "due_on", "owner")
        more = {name: objective["key_results"][0][name] for name in fields} | {"target": "70"}
        changed = ben.put(f"{here}/key-results/{ids[0]}", json=more, headers=on(ben, here))
        assert changed.status_code == 200
        assert ann.get(f"{here}/revisions/2").status_code == 404
        for client in (ben, ann):
            assert client.post(f"{here}/agreement", headers=on(client, here)).status_code == 200
        (told,) = ben.get(f"{here}/revisions/2/changes").json()["differences"]["objectives"]
        (field,) = told["key_results"][0]["fields"]
        assert (field["field"], field["before"], field["after"]) == ("target", "60", "70")
        first = ben.get(f"{here}/check-ins").json()["objectives"][0]["key_results"][0]
        assert (len(first["check_ins"]), first["percent"]) == (4, 49)

    with day(80):
        ben = sign_in(cast.ben)
        ended = {str(id_): {"value": value} for id_, value in zip(ids, (70, 58, 61), strict=True)}
        body = {"results": ended, "reflection": {"learned": "Ask first."}}
        assert ben.post(f"{here}/closing", json=body, headers=on(ben, here)).status_code in (200, 201)
        assert ben.post(f"{here}/check-ins", json={"check_ins": given}).status_code == 409
        cycles.close_cycle(session, SYSTEM, session.query(Cycle).one().id)
        open_cycle(session, cast, name="Next")
        session.commit()
        newest = session.query(Review).join(Cycle).filter(Cycle.name == "Next", Review.person_id == cast.ben.id).one()
        assessment = half(newest, Side.SELF)
        skill = f"/api/v1/assessments/{assessment.id}/ratings/{plan.chosen[0]}"
        (offer,) = ben.get(f"{skill}/offers").json()
        assert "2 of 3 key results" in offer["note"]
        assert ben.put(skill, json={"answer": "none"}, headers={"if-match": '"0"'}).status_code == 200
        assert ben.post(f"{skill}/offers/{offer['id']}").status_code in (200, 201)
        assert ben.get(f"{skill}/offers").json() == []
