"""A revision on other paper and on one page: made when somebody asks for it, once, and served from then on."""

from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.forms import Form
from service.db import Database
from service.documents import files
from service.jobs.actions import run_all
from service.permissions import Scope
from service.plans.models import Document, Plan
from service.settings import Settings
from service.worker import make_tasks
from tests.cast import Cast
from tests.conftest import Bearer, SignIn
from tests.plans.browsing import text_of
from tests.plans.drafts import agree, complete_plan

FORMS = {
    "/revisions/1.pdf": Form.A4,
    "/revisions/1.pdf?paper=letter": Form.LETTER,
    "/revisions/1/summary.pdf": Form.SUMMARY_A4,
    "/revisions/1/summary.pdf?paper=letter": Form.SUMMARY_LETTER,
}


@pytest.fixture
def plan(session: Session, cast: Cast) -> Plan:
    return agree(session, cast, complete_plan(session, cast))


@pytest.fixture(autouse=True)
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[Form]:
    """The form of each PDF that was made; what they look like is the concern of tests/reports."""
    made: list[Form] = []

    def render(data: str, form: Form = Form.A4) -> bytes:
        made.append(form)
        return f"%PDF-{form}-{sha256(data.encode()).hexdigest()}".encode()

    monkeypatch.setattr(files, "render", render)
    return made


@pytest.fixture
def work(database: Database, settings: Settings) -> Any:
    return lambda: run_all(database, make_tasks(settings))


def test_each_form_is_made_once_and_then_served(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, work: Any, rendered: list[Form]
) -> None:
    ben = sign_in(cast.ben)
    for path in FORMS:
        for _ in range(2):
            assert ben.get(f"/plans/{plan.id}{path}").status_code == 202
    work()
    found = {form: ben.get(f"/plans/{plan.id}{path}").content for path, form in FORMS.items()}
    assert {form: pdf.partition(b"-")[2][: len(form)].decode() for form, pdf in found.items()} == {f: f for f in Form}
    assert (work(), sorted(rendered)) == (0, sorted(Form))
    stored = {document.form: document.sha256 for document in session.scalars(select(Document))}
    assert stored == {form: sha256(pdf).hexdigest() for form, pdf in found.items()}


def test_the_waiting_page_comes_back_to_the_form_asked_for(cast: Cast, plan: Plan, sign_in: SignIn) -> None:
    for path, form in FORMS.items():
        waiting = sign_in(cast.ben).get(f"/plans/{plan.id}{path}")
        assert f'href="/plans/{plan.id}{path}">Look again now' in waiting.text
        assert ("Make the PDF again" in text_of(waiting)) == (form == Form.A4)
        assert ("tried again by itself" in text_of(waiting)) == (form != Form.A4)


def test_page_and_api_share_them(cast: Cast, plan: Plan, sign_in: SignIn, bearer: Bearer, work: Any) -> None:
    reader = bearer(cast.ben, Scope.READ)
    assert {reader.get(f"/api/v1/plans/{plan.id}{path}").status_code for path in FORMS} == {202}
    work()
    for path in FORMS:
        pdf = reader.get(f"/api/v1/plans/{plan.id}{path}")
        assert (pdf.status_code, pdf.content) == (200, sign_in(cast.ben).get(f"/plans/{plan.id}{path}").content)
        assert pdf.headers["etag"].strip('"') == sha256(pdf.content).hexdigest()


def test_a_file_is_named_after_its_form(cast: Cast, plan: Plan, sign_in: SignIn, work: Any) -> None:
    ben = sign_in(cast.ben)
    for path in FORMS:
        ben.get(f"/plans/{plan.id}{path}")
    work()
    names = [ben.get(f"/plans/{plan.id}{path}").headers["content-disposition"] for path in FORMS]
    assert [name.partition("-r1")[2] for name in names] == [
        '.pdf"', '-letter.pdf"', '-summary-a4.pdf"', '-summary-letter.pdf"'
    ]  # fmt: skip


def test_other_paper_is_refused(cast: Cast, plan: Plan, sign_in: SignIn, rendered: list[Form]) -> None:
    assert sign_in(cast.ben).get(f"/plans/{plan.id}/revisions/1.pdf?paper=a3").status_code in (400, 422)
    assert rendered == []


def test_the_pages_of_a_plan_offer_them(cast: Cast, plan: Plan, sign_in: SignIn) -> None:
    for page in (f"/plans/{plan.id}", f"/plans/{plan.id}/revisions/1"):
        text = sign_in(cast.ben).get(page).text
        assert [f'href="/plans/{plan.id}{path}"' in text for path in FORMS] == [True] * 4


def test_the_schema_of_the_data_is_public(sign_in: SignIn) -> None:
    found = sign_in(None).get("/schemas/growth-plan-1.json")
    assert (found.status_code, found.headers["content-type"]) == (200, "application/schema+json")
    assert found.json()["title"] == "Growth plan (nextrung-growth-plan/1)"
