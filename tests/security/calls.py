"""Every route of the app, and for each unsafe one a body that it takes, so that permission is what decides."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from service.people.inputs import EXAMPLE
from tests.ladders.files import LADDER

CYCLE = {
    "name": "Spring 2027", "starts_on": "2027-03-01", "assess_by": "2027-04-01", "share_by": "2027-04-15",
    "ends_on": "2027-06-01",
}  # fmt: skip
RATING = {"answer": "not-assessed"}
AGREED = {"answer": "not-assessed", "note": "As we said."}
EVIDENCE = {"dated": "2026-08-02", "note": "Five interviews"}
OBJECTIVE = {"title": "Learn", "horizon": 30, "why": "It helps"}
KEY_RESULT = {"title": "More talks", "metric": "Talks", "unit": "talks", "direction": "increase"}
AIM = {
    "title": "Helped more", "why": "It helps", "unit_id": "{unit_id}", "starts_on": "2026-10-01", "due_on": "2026-12-31",
}  # fmt: skip
SEEN_AIM = {"version": "{unit_objective_version}"}
CHECK_IN = {"key_result_id": "00000000-0000-0000-0000-000000000001", "value": 1, "confidence": 7}
SAVED = {"version_seen": "1"}
SEEN = ("version", "version_seen")
REASON = {"reason": "I left something out."}
START = {"start_on": "2026-10-01"}
PASSWORDS = {"current": "not my password", "password": "a long new password", "repeated": "a long new password"}

LADDER_TABLE = "Skill,Junior,Senior\nTesting,Tests,Tests well\n"
PLAN_FILE = {"format": "nextrung-plan/1", "title": "Next", "start_on": "2026-10-01", "person": "E-ben"}

BODIES: dict[str, dict[str, Any]] = {
    "POST /signin": {"email": "nobody@example.org", "password": "wrong password"},
    "POST /account/password": PASSWORDS,
    "POST /account/tokens": {"name": "t", "scope": "read", "days": 30},
    "POST /people/import-previews": {"csv": EXAMPLE},
    "POST /people/imports": {"csv": EXAMPLE},
    "POST /ladders": {"ladder_yaml": LADDER},
    "POST /ladders/import-previews": {"name": "ladder.csv", "content": b64encode(LADDER_TABLE.encode()).decode()},
    "POST /drafts": {"ladder_yaml": LADDER},
    "PUT /drafts/{draft_id}/files": {"ladder_yaml": LADDER},
    "POST /drafts/{draft_id}/files": {"ladder_yaml": LADDER} | SAVED,
    "POST /drafts/{draft_id}/head": {"title": "Tester"} | SAVED,
    "POST /drafts/{draft_id}/review": SAVED,
    "POST /drafts/{draft_id}/returns": REASON,
    "POST /drafts/{draft_id}/removal": {"sure": "yes"} | SAVED,
    "POST /drafts/{draft_id}/publication": SAVED,
    "POST /drafts/{draft_id}/guests": {"email": "ben@example.org"},
    "POST /drafts/{draft_id}/comments": {"place": "skills/testing", "text": "Hm"},
    "POST /drafts/{draft_id}/comments/{comment_id}/answers": {"text": "Yes"},
    "POST /drafts/{draft_id}/{part}": {"name": "Telling"} | SAVED,
    "POST /drafts/{draft_id}/{part}/{key}": {"name": "Testing"} | SAVED,
    "POST /drafts/{draft_id}/{part}/{key}/place": {"direction": "up"} | SAVED,
    "POST /drafts/{draft_id}/{part}/{key}/removal": SAVED,
    "POST /drafts/{draft_id}/{part}/{key}/former-id": {"was": "checking"} | SAVED,
    "POST /cycles/previews": CYCLE,
    "POST /cycles": CYCLE,
    "POST /reviews/{review_id}/assessor": {"email": "fay@example.org"},
    "PUT /reviews/{review_id}/assessor": {"assessor_id": "{fay}"},
    "POST /assessments/{assessment_id}/ratings/{skill_id}": RATING | {"version": "1"},
    "POST /assessments/{assessment_id}/ratings": {"okr/answer": "not-assessed", "okr/version": "1"},
    "PUT /assessments/{assessment_id}/ratings": {"ratings": {"okr": RATING | {"version": 1}}},
    "PUT /assessments/{assessment_id}/ratings/{skill_id}": RATING,
    "POST /assessments/{assessment_id}/ratings/{skill_id}/evidence": EVIDENCE,
    "POST /evidence/{evidence_id}/answer": {"state": "confirmed"},
    "PUT /evidence/{evidence_id}/answer": {"state": "confirmed"},
    "POST /assessments/{assessment_id}/reopening": REASON,
    "POST /reviews/{review_id}/agreement/{skill_id}": AGREED | {"version": "0"},
    "PUT /reviews/{review_id}/agreement/{skill_id}": AGREED,
    "POST /reviews/{review_id}/confirmation": {"comment": "Yes"},
    "POST /plans": START | {"person_id": "{person_id}"},
    "POST /plans/imports": PLAN_FILE,
    "POST /reviews/{review_id}/plans": START | {"chosen": ["okr"]},
    "POST /reviews/{review_id}/objectives": {"gap": "okr"},
    "POST /plans/{plan_id}/objectives/{objective_id}/horizon": {"horizon": "60", "version": "{plan_version}"},
    "POST /plans/{plan_id}/agreement": {"version": "{plan_version}"},
    "POST /plans/{plan_id}/change": {"reason": "It moved", "version": "{plan_version}"},
    "POST /plans/{plan_id}/change/removal": {"version": "{plan_version}"},
    "POST /plans/{plan_id}/closing": {"comment": "Well asked", "version": "{plan_version}"},
    "POST /plans/{plan_id}/closing-comment": {"comment": "Well asked", "version": "{plan_version}"},
    "PUT /plans/{plan_id}/closing-comment": {"comment": "Well asked"},
    "POST /plans/{plan_id}/gaps/{skill_id}/removal": {"version": "{plan_version}"},
    "POST /plans/{plan_id}/check-ins": {"on": "2026-09-21", "check_ins": [CHECK_IN]},
    "POST /plans/{plan_id}/removal": {"version": "{plan_version}"},
    "POST /plans/{plan_id}/objectives": OBJECTIVE | {"version": "{plan_version}"},
    "POST /plans/{plan_id}/objective-checks": OBJECTIVE,
    "POST /plans/{plan_id}/objectives/{objective_id}/key-result-checks": KEY_RESULT,
    "POST /plans/{plan_id}/objectives/{objective_id}": OBJECTIVE | {"version": "{plan_version}"},
    "PUT /plans/{plan_id}/objectives/{objective_id}": OBJECTIVE,
    "POST /plans/{plan_id}/objectives/{objective_id}/removal": {"version": "{plan_version}"},
    "POST /plans/{plan_id}/objectives/{objective_id}/key-results": KEY_RESULT | {"version": "{plan_version}"},
    "POST /plans/{plan_id}/key-results/{key_result_id}": KEY_RESULT | {"version": "{plan_version}"},
    "PUT /plans/{plan_id}/key-results/{key_result_id}": KEY_RESULT,
    "POST /plans/{plan_id}/key-results/{key_result_id}/removal": {"version": "{plan_version}"},
    "POST /objectives": AIM,
    "POST /objectives/checks": AIM,
    "POST /objectives/{unit_objective_id}": AIM | SEEN_AIM,
    "PUT /objectives/{unit_objective_id}": AIM | SEEN_AIM,
    "POST /objectives/{unit_objective_id}/checks": AIM,
    "POST /objectives/{unit_objective_id}/closure": SEEN_AIM,
    "POST /objectives/{unit_objective_id}/reopening": SEEN_AIM,
    "POST /objectives/{unit_objective_id}/key-results": KEY_RESULT | SEEN_AIM,
    "POST /objectives/{unit_objective_id}/key-result-checks": KEY_RESULT,
    "POST /objectives/{unit_objective_id}/key-results/{unit_key_result_id}": KEY_RESULT | SEEN_AIM,
    "PUT /objectives/{unit_objective_id}/key-results/{unit_key_result_id}": KEY_RESULT | SEEN_AIM,
    "DELETE /objectives/{unit_objective_id}/key-results/{unit_key_result_id}": SEEN_AIM,
    "POST /objectives/{unit_objective_id}/key-results/{unit_key_result_id}/removal": SEEN_AIM,
    "POST /objectives/{unit_objective_id}/key-results/{unit_key_result_id}/value": {"value": "5"} | SEEN_AIM,
    "PUT /objectives/{unit_objective_id}/key-results/{unit_key_result_id}/value": {"value": "5"} | SEEN_AIM,
    "POST /plans/{plan_id}/ticks/{step}": {"done_on": "2026-10-01"},
    "PUT /plans/{plan_id}/ticks/{step}": {"done_on": "2026-10-01"},
}
"""By method and path, the same for a page and its API; the API takes the version from If-Match."""

API = "/api/v1"
SAFE = ("GET", "HEAD")


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """(method, path) of every route, pages included; the folders of static files aside."""
    found = []
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, Mount):
            methods = set(route.methods or ()) - {"HEAD"}
            found += [(method, str(route.path)) for method in sorted(methods)]
    return sorted(found)


def queries_of(app: FastAPI) -> dict[tuple[str, str], list[str]]:
    """The names of the query parameters of every route."""
    found = {}
    for route in iter_route_contexts(app.routes):
        if hasattr(route, "dependant"):
            names = [field.alias for field in route.dependant.query_params]
            found.update({(method, str(route.path)): names for method in route.methods or ()})
    return found


def sides_of(path: str) -> Iterator[str]:
    """The variants of a path: where it names an assessment or evidence there is Ben's own and his manager's."""
    yield from ("self", "manager") if "{assessment_id}" in path or "{evidence_id}" in path else ("",)


def body_of(method: str, path: str, ids: dict[str, str]) -> dict[str, Any]:
    """What to send along to this route, as arguments of the client's `request`."""
    if method in SAFE:
        return {}
    if path == "/plans/verification":
        return {"files": {"file": ("plan.pdf", b"no PDF")}}
    if path == f"{API}/plans/verification":
        return {"content": b"no PDF", "headers": {"content-type": "application/pdf"}}
    if path == "/ladders/import-previews":
        return {"files": {"file": ("ladder.csv", LADDER_TABLE.encode())}}
    if path == "/plans/import":
        return {"data": {"text": json.dumps(PLAN_FILE)}}
    api = path.startswith(API)
    given = BODIES.get(f"{method} {path.removeprefix(API)}")
    version = next((given[name] for name in SEEN if name in given), "{plan_version}") if given else "{plan_version}"
    filled = {name: _fill(value, ids) for name, value in (given or {}).items() if not (api and name in SEEN)}
    if not api:
        return {"data": filled}
    if "/ratings/" in path or "/agreement/" in path:
        version = "1" if "/ratings/" in path else "0"
    headers = {"if-match": f'"{_fill(version, ids)}"'}
    return {"json": filled, "headers": headers} if given is not None and filled else {"headers": headers}


def _fill(value: Any, ids: dict[str, str]) -> Any:
    return ids.get(value[1:-1], value) if isinstance(value, str) and value.startswith("{") else value
