import pytest

from service.permissions import Scope
from service.signin import actions
from service.signin.inputs import TokenRequest

WISH = {"name": "Nightly", "scope": "write", "days": 30}


@pytest.fixture
def bearer(session, settings, cast, sign_in):
    def make(person, scope=Scope.WRITE):
        wish = TokenRequest(name="t", scope=scope, days=30)
        secret = actions.create_token(session, settings, cast.actor(person), wish).secret
        session.commit()
        client = sign_in(None)
        client.headers = {"authorization": f"Bearer {secret}"}
        return client

    return make


def test_me_says_who_asks(sign_in, cast):
    assert sign_in(cast.dee).get("/api/v1/me").json() == {
        "person_id": str(cast.dee.id), "name": "Dee", "roles": ["hr"], "is_manager": False, "scope": None,
    }  # fmt: skip


def test_me_by_token_says_the_scope(bearer, cast):
    me = bearer(cast.ann, Scope.READ).get("/api/v1/me").json()
    assert (me["name"], me["is_manager"], me["scope"]) == ("Ann", True, "read")


def test_nobody_is_told_to_sign_in(sign_in):
    answer = sign_in(None).get("/api/v1/me")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_bad_token_is_refused_although_the_cookie_holds(sign_in, cast):
    answer = sign_in(cast.ann).get("/api/v1/me", headers={"authorization": "Bearer nr_x"})
    assert answer.status_code == 401


def test_tokens_are_made_listed_and_revoked(sign_in, cast):
    client = sign_in(cast.ann)
    made = client.post("/api/v1/tokens", json=WISH)
    assert made.status_code == 201
    token, secret = made.json()["token"], made.json()["secret"]
    assert client.get("/api/v1/tokens").json() == [token]
    assert secret not in client.get("/api/v1/tokens").text
    assert sign_in(cast.ben).delete(f"/api/v1/tokens/{token['id']}").status_code == 404
    assert client.delete(f"/api/v1/tokens/{token['id']}").status_code == 204
    assert client.get("/api/v1/tokens").json() == []
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize(
    "change", [{"days": 91}, {"scope": "admin"}, {"name": ""}, {"name": "a\nb"}, {"owner": "x"}, {"days": None}]
)
def test_a_token_outside_the_rules_is_refused(sign_in, cast, change):
    answer = sign_in(cast.ann).post("/api/v1/tokens", json=WISH | change)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{next(iter(change))}"]


def test_a_token_makes_lists_and_revokes_no_tokens(bearer, cast):
    client = bearer(cast.ann)
    assert client.post("/api/v1/tokens", json=WISH).status_code == 403
    assert client.get("/api/v1/tokens").status_code == 403
    assert client.delete("/api/v1/tokens/6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10").status_code == 403


def test_a_token_needs_no_page_of_ours_but_a_cookie_does(sign_in, cast, bearer):
    browser = sign_in(cast.ann)
    assert browser.post("/api/v1/tokens", json=WISH, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert bearer(cast.ann).get("/account").status_code == 403
