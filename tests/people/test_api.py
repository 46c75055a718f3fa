import pytest
from sqlalchemy import func, select

from service.people.models import Person
from tests.people.test_actions import CAST, HEAD
from tests.people.test_pages import known_levels  # noqa: F401

NEW = HEAD + "E-new,Noa,noa@x.org,E-ann,Group / Product,,,\n"


def _count(session):
    return session.scalar(select(func.count()).select_from(Person))


def test_the_list_pages_by_cursor_and_keeps_its_query(sign_in, cast):
    client = sign_in(cast.dee)
    first = client.get("/api/v1/people", params={"q": "example.org", "limit": 5})
    assert [person["name"] for person in first.json()] == ["Ann", "Ben", "Cat", "Dee", "Eli"]
    target, rel = first.headers["link"].split("; ")
    assert rel == 'rel="next"'
    rest = client.get(target.strip("<>"))
    assert [person["name"] for person in rest.json()] == ["Fay", "Max", "Pia", "Una"]
    assert "link" not in rest.headers


def test_a_line_of_the_list(sign_in, cast):
    assert sign_in(cast.fay).get("/api/v1/people").json()[0] == {
        "id": str(cast.eli.id), "employee_id": "E-eli", "name": "Eli", "email": "eli@example.org", "unit": "Other",
        "manager": "Fay", "ladder": "product-manager", "level": "junior",
    }  # fmt: skip


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 201}, {"after": "x"}, {"q": "y" * 101}])
def test_a_list_that_cannot_be_given(sign_in, cast, params):
    answer = sign_in(cast.dee).get("/api/v1/people", params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_one_person(sign_in, cast):
    found = sign_in(cast.ann).get(f"/api/v1/people/{cast.ben.id}").json()
    assert (found["name"], found["manager"], found["reports"]) == ("Ben", {"id": str(cast.ann.id), "name": "Ann"}, [])


def test_whom_one_may_not_see_does_not_exist(sign_in, cast):
    client = sign_in(cast.ben)
    unseen = client.get(f"/api/v1/people/{cast.ann.id}")
    unknown = client.get("/api/v1/people/6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10")
    assert (unseen.status_code, unseen.content) == (404, unknown.content)


def test_preview_then_import_then_nothing(sign_in, session, cast):
    client = sign_in(cast.dee)
    preview = client.post("/api/v1/people/import-previews", json={"csv": NEW})
    assert preview.status_code == 200
    assert [entry["name"] for entry in preview.json()["added"]] == ["Noa"]
    assert preview.json()["units"] == [
        {"name": "Product", "old": "", "new": "Group"},
        {"name": "Group", "old": None, "new": ""},
    ]
    assert _count(session) == 9
    done = client.post("/api/v1/people/imports", json={"csv": NEW})
    assert (done.status_code, done.json()) == (200, preview.json())
    assert _count(session) == 10
    again = client.post("/api/v1/people/imports", json={"csv": NEW}).json()
    assert (again["added"], again["changed"], again["unchanged"]) == ([], [], 1)


def test_problems_point_to_row_and_column(sign_in, session, cast):
    client = sign_in(cast.dee)
    wrong = {"csv": HEAD + "E-1,A,a@x.org,E-7,,,,\n"}
    assert (
        client.post("/api/v1/people/import-previews", json=wrong).json()["problems"][0]["pointer"] == "/rows/2/manager"
    )
    answer = client.post("/api/v1/people/imports", json=wrong)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/rows/2/manager"]
    assert _count(session) == 9


@pytest.mark.parametrize("body", [{}, {"csv": None}, {"csv": 7}, {"csv": ""}, {"csv": CAST, "force": True}, []])
def test_bodies_of_another_shape(sign_in, cast, body):
    assert sign_in(cast.dee).post("/api/v1/people/imports", json=body).status_code == 422


@pytest.mark.parametrize("text", ['{"csv": "\\ud800"}', '{"csv": "employee id\\u0000"}', '{"csv": "x"', "csv=x", ""])
def test_bodies_that_are_no_proper_text(sign_in, cast, text):
    headers = {"content-type": "application/json"}
    assert sign_in(cast.dee).post("/api/v1/people/imports", content=text, headers=headers).status_code == 422


@pytest.mark.parametrize("name", ["ben", "ann", "max", "una"])
@pytest.mark.parametrize("path", ["import-previews", "imports"])
def test_only_hr_and_partners_import(sign_in, session, cast, name, path):
    answer = sign_in(cast.everybody[name]).post(f"/api/v1/people/{path}", json={"csv": NEW})
    assert answer.status_code == 403
    assert _count(session) == 9
