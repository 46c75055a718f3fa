"""A draft's PDF: for those who may read the draft, as it stands, made by a job, and never to be taken for an agreed one."""

import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.models import AuditEvent
from service.db import Database
from service.documents import files as documents
from service.documents.actions import keep_draft
from service.documents.files import draft_key, remove_drafts, store
from service.drafts.actions import add_key_result, add_objective
from service.drafts.inputs import KeyResultInput, ObjectiveInput
from service.jobs.actions import run_all
from service.jobs.models import Job
from service.permissions import Scope
from service.plans import actions
from service.plans.models import Document, Plan, Revision
from service.settings import Settings
from service.worker import make_tasks
from tests.cast import Cast
from tests.conftest import Bearer, CountQueries, SignIn
from tests.plans.browsing import text_of
from tests.plans.drafts import agree, complete_plan, objective


@pytest.fixture
def plan(session: Session, cast: Cast) -> Plan:
    return complete_plan(session, cast)


@pytest.fixture(autouse=True)
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The data of each PDF that was made; the pages are only made where a test reads them."""
    made: list[str] = []

    def render(data: str, *_: object) -> bytes:
        made.append(data)
        return b"%PDF-" + data.encode()

    monkeypatch.setattr(documents, "render", render)
    return made


@pytest.fixture
def work(database: Database, settings: Settings) -> Any:
    """Everything that is due, as a worker does it; how many jobs that was."""
    return lambda: run_all(database, make_tasks(settings))


def files(settings: Settings) -> list[Path]:
    return sorted(settings.documents.glob("*"))


def change(session: Session, cast: Cast, plan: Plan) -> None:
    given = ObjectiveInput(title="Half said", horizon=60, version=plan.version)
    add_objective(session, cast.actor(cast.ben), plan.id, given)
    session.commit()


def test_it_is_made_by_one_job_and_then_served(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, settings: Settings, work: Any, rendered: list[str]
) -> None:
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/draft.pdf"
    for _ in range(3):
        waiting = ben.get(here)
        assert (waiting.status_code, waiting.headers["refresh"]) == (202, "3")
    for words in ("is being made", "draft", "Look again now", "It takes longer than a minute", "tried again by itself"):
        assert words in text_of(waiting)
    assert f'href="{here}"' in waiting.text
    assert f'href="/plans/{plan.id}/preview"' in waiting.text
    assert "<form" not in waiting.text.split("<main")[1]
    assert (work(), len(rendered)) == (1, 1)

    pdf = ben.get(here)
    assert (pdf.status_code, pdf.headers["content-type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert pdf.headers["content-disposition"] == 'inline; filename="growth-plan-E-ben-draft.pdf"'
    assert sign_in(cast.ann).get(here).content == pdf.content
    assert (work(), len(files(settings))) == (0, 1)
    assert session.scalars(select(Document)).all() == session.scalars(select(Revision)).all() == []
    assert session.scalars(select(AuditEvent).where(AuditEvent.verb.like("document.%"))).all() == []


def test_page_and_api_share_it(
    cast: Cast, plan: Plan, sign_in: SignIn, bearer: Bearer, work: Any, rendered: list[str]
) -> None:
    reader, here = bearer(cast.ben, Scope.READ), f"/plans/{plan.id}/draft.pdf"
    waiting = reader.get(f"/api/v1{here}")
    assert (waiting.status_code, waiting.headers["retry-after"], waiting.content) == (202, "2", b"")
    assert sign_in(cast.ben).get(here).status_code == 202
    assert (work(), len(rendered)) == (1, 1)
    pdf = reader.get(f"/api/v1{here}")
    assert (pdf.status_code, pdf.content) == (200, sign_in(cast.ben).get(here).content)


def test_those_who_read_the_draft_read_its_pdf_and_nobody_else(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, work: Any
) -> None:
    for path in (f"/plans/{plan.id}/draft.pdf", f"/api/v1/plans/{plan.id}/draft.pdf"):
        for status in (202, 200):
            found = {name: sign_in(person).get(path).status_code for name, person in cast.everybody.items()}
            assert {name for name, got in found.items() if got == status} == {"ben", "ann", "max"}
            assert {got for name, got in found.items() if name not in {"ben", "ann", "max"}} == {404}
            work()
        change(session, cast, plan)


def test_a_changed_draft_is_made_anew_in_place_of_the_old(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, settings: Settings, work: Any, rendered: list[str]
) -> None:
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/draft.pdf"
    ben.get(here)
    work()
    [first] = files(settings)
    before = ben.get(here).content
    change(session, cast, plan)
    assert ben.get(here).status_code == 202
    assert work() == 1
    [second] = files(settings)
    assert (first == second, before == ben.get(here).content, len(rendered)) == (False, False, 2)


def test_a_draft_that_went_on_meanwhile_is_not_rendered_as_it_was(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, work: Any, rendered: list[str]
) -> None:
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/draft.pdf"
    ben.get(here)
    change(session, cast, plan)
    assert (work(), rendered) == (1, [])
    ben.get(here)
    assert (work(), len(rendered)) == (1, 1)
    assert "Half said" in rendered[0]


def test_an_agreed_plan_has_none(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, settings: Settings, work: Any, rendered: list[str]
) -> None:
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/draft.pdf"
    ben.get(here)
    work()
    [draft] = files(settings)
    ben.get(here)
    agree(session, cast, plan)
    assert work() == 2
    assert draft not in files(settings)
    assert len(files(settings)) == 1  # the revision's

    answer = ben.get(here)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/plans/{plan.id}")
    assert "this is no draft any more" in text_of(ben.get(answer.headers["location"]))
    gone = ben.get(f"/api/v1{here}")
    assert (gone.status_code, "Both sides have agreed" in gone.json()["detail"]) == (404, True)
    assert sign_in(cast.dee).get(f"/api/v1{here}").status_code == 404
    assert (work(), len(rendered)) == (0, 2)
    assert "draft.pdf" not in ben.get(f"/plans/{plan.id}").text


@pytest.mark.parametrize("end", ["agreed", "discarded"])
def test_what_is_made_too_late_is_not_kept(
    session: Session, cast: Cast, plan: Plan, settings: Settings, end: str
) -> None:
    """Another worker was still rendering when the draft came to its end."""
    if end == "agreed":
        agree(session, cast, plan)
    else:
        actions.discard_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    keep_draft(session, plan.id, settings.documents, draft_key(plan.id, "{}"), b"%PDF-")
    assert files(settings) == []


def test_a_discarded_draft_leaves_no_file(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, settings: Settings, work: Any
) -> None:
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/draft.pdf"
    ben.get(here)
    work()
    actions.discard_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    session.commit()
    assert (work(), files(settings)) == (1, [])
    assert ben.get(here).status_code == 404


def test_who_may_not_read_it_any_more_has_nothing_made(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, settings: Settings, work: Any, rendered: list[str]
) -> None:
    sign_in(cast.max).get(f"/plans/{plan.id}/draft.pdf")
    cast.max.active = False
    session.commit()
    assert (work(), rendered, files(settings)) == (1, [], [])


def test_one_that_fails_is_tried_again_and_a_change_does_not_wait_for_it(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben, here, whole = sign_in(cast.ben), f"/plans/{plan.id}/draft.pdf", documents.render

    def fail(_data: str) -> bytes:
        raise OSError

    monkeypatch.setattr(documents, "render", fail)
    for _ in range(2):
        assert ben.get(here).status_code == 202
        work()
    assert [(job.attempts, job.done_at) for job in session.scalars(select(Job))] == [(1, None)]
    monkeypatch.setattr(documents, "render", whole)
    change(session, cast, plan)
    ben.get(here)
    work()
    assert ben.get(here).status_code == 200


def test_drafts_of_an_older_program_go_when_it_starts(settings: Settings) -> None:
    remove_drafts(settings.documents)
    for name in ("draft-1-2", "0" * 64):
        store(settings.documents, name, b"%PDF-")
    remove_drafts(settings.documents)
    assert [file.name for file in files(settings)] == [f"{'0' * 64}.pdf"]


def test_the_way_to_it_is_on_the_plan_and_on_its_preview(cast: Cast, plan: Plan, sign_in: SignIn) -> None:
    for path in (f"/plans/{plan.id}", f"/plans/{plan.id}/preview"):
        assert f'href="/plans/{plan.id}/draft.pdf">See it as PDF</a>' in sign_in(cast.max).get(path).text


def test_the_number_of_queries_does_not_grow(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, count_queries: CountQueries
) -> None:
    ben, counts = sign_in(cast.ben), []
    for more in (0, 15):
        for _ in range(more):
            add_objective(session, cast.actor(cast.ben), plan.id, objective(plan))
        session.commit()
        here = f"/plans/{plan.id}/draft.pdf"
        session.expunge_all()
        counts.append(count_queries(lambda path=here: ben.get(path)))  # type: ignore[misc]
        plan = session.get_one(Plan, plan.id)
    assert counts[0] == counts[1] <= 30


def test_every_page_says_draft_and_what_is_open_says_so(
    session: Session, cast: Cast, plan: Plan, sign_in: SignIn, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Printed for real: one side has signed, and nothing on paper could pass for an agreement."""
    monkeypatch.undo()
    ben, here = cast.actor(cast.ben), f"/plans/{plan.id}/draft.pdf"
    given = ObjectiveInput(title="Half said", horizon=60, version=plan.version)
    row = add_objective(session, ben, plan.id, given)
    wish = KeyResultInput(title="More of it", version=plan.version)
    add_key_result(session, ben, plan.id, row.id, wish)
    session.commit()
    browser = sign_in(cast.ben)
    browser.get(here)
    work()
    paper = PdfReader(io.BytesIO(browser.get(here).content))
    pages = [" ".join(page.extract_text().split()) for page in paper.pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert "Draft, not agreed" in text
        assert "Ben · draft, not agreed · Product Manager 2026.1" in text
        assert f"Page {number} of {len(pages)}" in text
    whole = " ".join(pages)
    for words in (
        "Agreed on not agreed yet", "Half said due open open open", "More of it metric open open → open open open Ben",
        "It holds once both sides have agreed to it.",
    ):  # fmt: skip
        assert words in whole
    for words in ("revision", "SHA-256", "signed", "signature"):
        assert words not in whole
    assert paper.metadata is not None
    assert (paper.metadata.title, paper.metadata.subject) == (
        "Towards Senior, Autumn 2026: Ben, draft, not agreed",
        "Growth plan, draft, not agreed",
    )
