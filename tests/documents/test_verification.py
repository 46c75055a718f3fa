"""Whether a PDF was issued here: a changed byte, a changed page, changed data and foreign files are told apart."""

import io
import json
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from reports import embedded, growth_plan
from reports.errors import ReportError
from reports.forms import Form
from service.documents import files, verification
from service.documents.actions import note_document
from service.documents.views import Verdict, Verification
from service.errors import NotFound, TooManyTries
from service.permissions import SYSTEM, Actor
from service.plans.models import Revision
from service.revisions.queries import get_revision
from tests.cast import Cast
from tests.conftest import SignIn
from tests.plans.browsing import text_of
from tests.plans.drafts import agree, complete_plan
from tests.security.test_web import digest

Ask = Callable[..., Verification]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads in this process; that the child reads alike is shown in tests/reports/test_embedded.py."""
    monkeypatch.setattr(files, "read_data", embedded.data_of)


@pytest.fixture
def revision(session: Session, cast: Cast) -> Revision:
    [revision] = agree(session, cast, complete_plan(session, cast)).revisions
    return revision


def printed(data: str, pages: int = 2) -> bytes:
    """Some pages with the data inside, quicker to make than a plan."""
    writer, buffer = PdfWriter(), io.BytesIO()
    for number in range(pages):
        writer.add_blank_page(100 + number, 100)
    writer.add_attachment("plan.json", data.encode())
    writer.write(buffer)
    return buffer.getvalue()


@pytest.fixture
def issued(session: Session, revision: Revision) -> bytes:
    pdf = printed(revision.data)
    note_document(session, revision.id, files.key_of(revision.sha256), pdf)
    session.commit()
    return pdf


@pytest.fixture
def ask(session: Session) -> Ask:
    def of(pdf: bytes, actor: Actor = SYSTEM) -> Verification:
        return verification.verify(session, actor, pdf)

    return of


def written(pdf: bytes, change: Callable[[PdfWriter], object]) -> bytes:
    writer, buffer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf))), io.BytesIO()
    change(writer)
    writer.write(buffer)
    return buffer.getvalue()


WHICH = "revision 1 of the plan of Ben, agreed on "
NOT_ISSUED = Verification(Verdict.NOT_ISSUED, "Not issued here, or of a plan that you may not read.")


def unreadable(why: str) -> Verification:
    return Verification(Verdict.UNREADABLE, f"Not issued here: {why}.")


def told(found: Verification, revision: Revision) -> Verdict:
    """The verdict, where it is about this revision, in words and figures."""
    plan_title = json.loads(revision.data)["plan"]["title"]
    assert (found.plan_id, found.plan_title, found.number) == (revision.plan_id, plan_title, revision.number)
    assert found.agreed_on == revision.agreed_at.date()
    assert f"{WHICH}{found.agreed_on:%-d %b %Y}" in found.words
    return found.verdict


def test_what_was_issued_is_known_with_its_revision(ask: Ask, issued: bytes, revision: Revision) -> None:
    assert told(ask(issued), revision) == Verdict.ISSUED


def test_a_plan_as_it_is_printed_holds_the_data_of_its_revision(ask: Ask, revision: Revision) -> None:
    pdf = growth_plan.render(json.loads(revision.data))
    assert embedded.data_of(pdf) == revision.data.encode()
    assert told(ask(pdf), revision) == Verdict.FILE_CHANGED  # the same pages, made elsewhere


def test_each_form_and_each_rendering_that_was_issued_is_known(
    session: Session, ask: Ask, issued: bytes, revision: Revision
) -> None:
    older = written(issued, lambda writer: writer.add_metadata({"/Producer": "An older one"}))
    assert ask(older).verdict == Verdict.FILE_CHANGED
    note_document(session, revision.id, "0" * 64, older)
    summary = printed(revision.data, 1)
    note_document(session, revision.id, "1" * 64, summary, Form.SUMMARY_LETTER)
    session.commit()
    assert {ask(pdf).verdict for pdf in (issued, older, summary)} == {Verdict.ISSUED}


def test_a_changed_byte_is_seen(ask: Ask, issued: bytes, revision: Revision) -> None:
    for place in (10, len(issued) // 2, len(issued) - 1):
        changed = issued[:place] + bytes([issued[place] ^ 1]) + issued[place + 1 :]
        assert ask(changed).verdict not in (Verdict.ISSUED, Verdict.NOT_ISSUED)
    assert told(ask(issued + b"\n"), revision) == Verdict.FILE_CHANGED


def test_a_changed_page_is_seen(ask: Ask, issued: bytes, revision: Revision) -> None:
    taken_out = written(issued, lambda writer: writer.remove_page(0))
    assert told(ask(taken_out), revision) == Verdict.FILE_CHANGED
    stamped = written(issued, lambda writer: writer.pages[0].merge_page(writer.pages[-1]))
    assert told(ask(stamped), revision) == Verdict.FILE_CHANGED


def test_changed_data_are_seen(ask: Ask, revision: Revision) -> None:
    forged = json.loads(revision.data)
    forged["objectives"][0]["title"] = "New users reach their first report with a little help"
    assert told(ask(printed(growth_plan.canonical(forged))), revision) == Verdict.DATA_CHANGED


@pytest.mark.parametrize(
    "plan",
    ["x", None, [], {}, {"id": 7, "revision": 1}, {"id": "7", "revision": 1}, {"id": "0" * 32, "revision": 2**80}],
)
def test_foreign_data_are_not_issued_here(ask: Ask, issued: bytes, plan: object) -> None:
    assert ask(printed(json.dumps({"plan": plan}))) == NOT_ISSUED


def test_any_other_file_is_told_from_a_plan(ask: Ask, issued: bytes) -> None:
    without = PdfWriter()
    without.add_blank_page(100, 100)
    buffer = io.BytesIO()
    without.write(buffer)
    assert ask(buffer.getvalue()) == unreadable("there is no data of a plan in this PDF")
    for source in (b"hello", issued[1:], issued[:100]):
        assert ask(source) == unreadable("this is not a PDF that can be read")
    assert ask(b"") == unreadable("the file is empty")
    too_large = b"%PDF-" + bytes(verification.MAX_PDF)
    assert ask(too_large) == unreadable("the file is larger than 4 MiB, which no plan is")


def test_who_may_not_read_the_plan_learns_nothing(ask: Ask, cast: Cast, issued: bytes, revision: Revision) -> None:
    forged = json.loads(revision.data)
    forged["plan"]["title"] = "Another title"
    for pdf in (issued, issued + b"\n", printed(growth_plan.canonical(forged))):
        seen = {name: ask(pdf, cast.actor(person)).plan_id for name, person in cast.everybody.items()}
        for name, person in cast.everybody.items():
            try:
                documents_of = get_revision(cast.session, cast.actor(person), revision.plan_id, 1)
            except NotFound:
                assert ask(pdf, cast.actor(person)) == NOT_ISSUED
            else:
                assert seen[name] == documents_of.plan_id
    assert ask(issued, cast.actor(cast.eli)) == NOT_ISSUED
    assert told(ask(issued, cast.actor(cast.ann)), revision) == Verdict.ISSUED


def test_no_transaction_is_held_while_a_file_is_read(
    session: Session, ask: Ask, issued: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def read(pdf: bytes) -> bytes:
        held.append(session.in_transaction())
        return embedded.data_of(pdf)

    monkeypatch.setattr(files, "read_data", read)
    ask(issued)
    assert held == []
    ask(issued + b"\n")
    assert held == [False]


def test_who_brings_a_file_while_others_are_read_waits_and_is_told(
    ask: Ask, issued: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "READERS", BoundedSemaphore(1))
    monkeypatch.setattr(verification, "PATIENCE", 0.01)
    with verification.READERS, pytest.raises(TooManyTries, match="Bring yours again"):
        ask(issued + b"\n")
    assert ask(issued + b"\n").verdict == Verdict.FILE_CHANGED


def test_what_is_no_pdf_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(files.child, "render", None)
    with pytest.raises(ReportError, match="not a PDF"):
        files.read_data(b"PK\x03\x04")


Door = Callable[[Any, bytes], Any]


def by_page(browser: Any, pdf: bytes) -> str:
    answer = browser.post("/plans/verification", files={"file": ("plan.pdf", pdf)})
    assert answer.status_code == 200
    return text_of(answer)


def by_api(browser: Any, pdf: bytes) -> str:
    answer = browser.post("/api/v1/plans/verification", content=pdf, headers={"content-type": "application/pdf"})
    assert answer.status_code == 200
    return str(answer.json()["words"])


@pytest.mark.parametrize("door", [by_page, by_api])
def test_both_doors_say_the_same_words_as_the_command(
    door: Door, cast: Cast, sign_in: SignIn, ask: Ask, issued: bytes, connection: Connection
) -> None:
    ben, eli = sign_in(cast.ben), sign_in(cast.eli)
    before = digest(connection)
    for pdf in (issued, issued + b"\n", printed("{}"), b"hello", b"", b"%PDF-" + bytes(verification.MAX_PDF)):
        assert ask(pdf, cast.actor(cast.ben)).words in door(ben, pdf)
        if not pdf.startswith(issued):
            assert ask(pdf).words in door(eli, pdf)
    for pdf in (issued, issued + b"\n"):
        assert NOT_ISSUED.words in door(eli, pdf)
        assert "plan of Ben" not in door(eli, pdf)
    assert digest(connection) == before


def test_the_page_leads_to_what_was_agreed(cast: Cast, sign_in: SignIn, issued: bytes, revision: Revision) -> None:
    ben = sign_in(cast.ben)
    here = f"/plans/{revision.plan_id}/revisions/1"
    for pdf, again in ((issued, False), (issued + b"\n", True)):
        page = ben.post("/plans/verification", files={"file": ("plan.pdf", pdf)}).text
        assert f'href="{here}"' in page
        assert (f'href="{here}.pdf"' in page) == again
    for place in ("/plans", f"/plans/{revision.plan_id}", here):
        assert 'href="/plans/verification"' in ben.get(place).text


def test_without_a_file_the_page_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    ben = sign_in(cast.ben)
    for answer in (ben.post("/plans/verification"), ben.post("/plans/verification", files={"file": ("", b"")})):
        assert answer.status_code == 422
        assert "Choose the PDF of a plan." in text_of(answer)


def test_far_too_large_is_refused_before_it_is_read(cast: Cast, sign_in: SignIn) -> None:
    ben, pdf = sign_in(cast.ben), bytes(verification.MAX_UPLOAD + 1)
    page = ben.post("/plans/verification", files={"file": ("plan.pdf", pdf)})
    api = ben.post("/api/v1/plans/verification", content=pdf)
    assert (page.status_code, api.status_code) == (413, 413)
    assert "larger than anything that is read here" in text_of(page)
    assert api.json()["detail"].startswith("This is larger than anything that is read here.")
