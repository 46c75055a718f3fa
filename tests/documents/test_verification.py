"""Whether a PDF was issued here: a changed byte, a changed page, changed data and foreign files are told apart."""

import io
import json
from collections.abc import Callable

import pytest
from pypdf import PdfReader, PdfWriter
from sqlalchemy.orm import Session

from reports import embedded, growth_plan
from reports.forms import Form
from service.documents import files, verification
from service.documents.actions import note_document
from service.documents.views import Verdict, Verification
from service.errors import NotFound
from service.permissions import SYSTEM, Actor
from service.plans.models import Revision
from service.revisions.queries import get_revision
from tests.cast import Cast
from tests.plans.drafts import agree, complete_plan

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
    session.flush()
    return pdf


@pytest.fixture
def ask(session: Session) -> Ask:
    def of(pdf: bytes, actor: Actor = SYSTEM) -> Verification:
        return verification.verify(session, actor, verification.look_inside(pdf))

    return of


def written(pdf: bytes, change: Callable[[PdfWriter], object]) -> bytes:
    writer, buffer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf))), io.BytesIO()
    change(writer)
    writer.write(buffer)
    return buffer.getvalue()


def told(verdict: Verdict, revision: Revision) -> Verification:
    return Verification(verdict, "", revision.plan_id, revision.number, revision.agreed_at.date())


def test_what_was_issued_is_known_with_its_revision(ask: Ask, issued: bytes, revision: Revision) -> None:
    assert ask(issued) == told(Verdict.ISSUED, revision)


def test_a_plan_as_it_is_printed_holds_the_data_of_its_revision(ask: Ask, revision: Revision) -> None:
    pdf = growth_plan.render(json.loads(revision.data))
    assert verification.look_inside(pdf).data_sha256 == revision.sha256
    assert ask(pdf) == told(Verdict.FILE_CHANGED, revision)  # the same pages, made elsewhere


def test_each_form_and_each_rendering_that_was_issued_is_known(
    session: Session, ask: Ask, issued: bytes, revision: Revision
) -> None:
    older = written(issued, lambda writer: writer.add_metadata({"/Producer": "An older one"}))
    assert ask(older).verdict == Verdict.FILE_CHANGED
    note_document(session, revision.id, "0" * 64, older)
    summary = printed(revision.data, 1)
    note_document(session, revision.id, "1" * 64, summary, Form.SUMMARY_LETTER)
    session.flush()
    assert {ask(pdf).verdict for pdf in (issued, older, summary)} == {Verdict.ISSUED}


def test_a_changed_byte_is_seen(ask: Ask, issued: bytes, revision: Revision) -> None:
    for place in (10, len(issued) // 2, len(issued) - 1):
        changed = issued[:place] + bytes([issued[place] ^ 1]) + issued[place + 1 :]
        assert ask(changed).verdict not in (Verdict.ISSUED, Verdict.NOT_ISSUED)
    assert ask(issued + b"\n") == told(Verdict.FILE_CHANGED, revision)


def test_a_changed_page_is_seen(ask: Ask, issued: bytes, revision: Revision) -> None:
    taken_out = written(issued, lambda writer: writer.remove_page(0))
    assert ask(taken_out) == told(Verdict.FILE_CHANGED, revision)
    stamped = written(issued, lambda writer: writer.pages[0].merge_page(writer.pages[-1]))
    assert ask(stamped) == told(Verdict.FILE_CHANGED, revision)


def test_changed_data_are_seen(ask: Ask, revision: Revision) -> None:
    forged = json.loads(revision.data)
    forged["objectives"][0]["title"] = "New users reach their first report with a little help"
    assert ask(printed(growth_plan.canonical(forged))) == told(Verdict.DATA_CHANGED, revision)


@pytest.mark.parametrize(
    "plan",
    ["x", None, [], {}, {"id": 7, "revision": 1}, {"id": "7", "revision": 1}, {"id": "0" * 32, "revision": 2**80}],
)
def test_foreign_data_are_not_issued_here(ask: Ask, issued: bytes, plan: object) -> None:
    assert ask(printed(json.dumps({"plan": plan}))) == Verification(Verdict.NOT_ISSUED)


def test_any_other_file_is_told_from_a_plan(ask: Ask, issued: bytes) -> None:
    without = PdfWriter()
    without.add_blank_page(100, 100)
    buffer = io.BytesIO()
    without.write(buffer)
    assert ask(buffer.getvalue()) == Verification(Verdict.UNREADABLE, "there is no data of a plan in this PDF")
    for source in (b"", b"hello", issued[1:], issued[:100]):
        assert ask(source) == Verification(Verdict.UNREADABLE, "this is not a PDF that can be read")
    too_large = b"%PDF-" + bytes(verification.MAX_PDF)
    assert ask(too_large) == Verification(Verdict.UNREADABLE, "the file is larger than 32 MiB")


def test_who_may_not_read_the_plan_learns_nothing(ask: Ask, cast: Cast, issued: bytes, revision: Revision) -> None:
    forged = json.loads(revision.data)
    forged["plan"]["title"] = "Another title"
    for pdf in (issued, issued + b"\n", printed(growth_plan.canonical(forged))):
        seen = {name: ask(pdf, cast.actor(person)).plan_id for name, person in cast.everybody.items()}
        for name, person in cast.everybody.items():
            try:
                documents_of = get_revision(cast.session, cast.actor(person), revision.plan_id, 1)
            except NotFound:
                assert ask(pdf, cast.actor(person)) == Verification(Verdict.NOT_ISSUED)
            else:
                assert seen[name] == documents_of.plan_id
    assert ask(issued, cast.actor(cast.eli)) == Verification(Verdict.NOT_ISSUED)
    assert ask(issued, cast.actor(cast.ann)) == told(Verdict.ISSUED, revision)
