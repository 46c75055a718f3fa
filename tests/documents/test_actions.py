"""PDFs of plans are made once, kept by hash, and made again where they were lost, on both databases."""

import subprocess
import sys
from hashlib import sha256

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.audit.models import AuditEvent
from service.db import Database
from service.documents import files
from service.documents.actions import ask_for_draft, note_document, render_again
from service.documents.queries import get_pdf, get_unrendered
from service.drafts.actions import (
    change_objective,
)
from service.errors import Conflict, NotFound
from service.jobs.actions import run_all
from service.jobs.models import Job
from service.plans.models import Document
from service.settings import Settings
from service.worker import make_tasks
from tests.cast import Cast
from tests.plans.drafts import (
    agree,
    complete_plan,
    objective,
)

RENDER = "import sys; from reports.growth_plan import render; import json; sys.stdout.buffer.write(render(json.load(sys.stdin)))"


def test_asking_for_the_pdf_again_is_for_readers(session: Session, cast: Cast) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    render_again(session, cast.actor(cast.dee), plan.id, 1)
    session.flush()
    assert len(session.scalars(select(Job)).all()) == 3
    for person, number in ((cast.eli, 1), (cast.ben, 2)):
        with pytest.raises(NotFound):
            render_again(session, cast.actor(person), plan.id, number)


def test_the_pdf_is_rendered_once_stored_by_hash_and_served(
    session: Session, cast: Cast, database: Database, settings: Settings
) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    ben, tasks = cast.actor(cast.ben), make_tasks(settings)
    assert get_pdf(session, ben, plan.id, 1, settings.documents) == ("growth-plan-E-ben-r1.pdf", None)
    assert run_all(database, tasks) == 2
    session.expire_all()
    [document] = session.scalars(select(Document)).all()
    [file] = settings.documents.iterdir()
    _, pdf = get_pdf(session, ben, plan.id, 1, settings.documents)
    assert pdf == file.read_bytes()
    assert (sha256(pdf).hexdigest(), len(pdf), document.pages >= 1) == (document.sha256, document.size, True)
    written = file.stat().st_mtime_ns

    tasks["render_revision"](database, revision_id=str(plan.revisions[0].id))
    session.expire_all()
    assert len(session.scalars(select(Document)).all()) == 1
    assert [(entry, entry.stat().st_mtime_ns) for entry in settings.documents.iterdir()] == [(file, written)]
    rendered = select(AuditEvent).where(AuditEvent.verb == "document.rendered")
    assert len(session.scalars(rendered).all()) == 1


def test_a_pdf_that_was_lost_is_made_again(session: Session, cast: Cast, settings: Settings) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    [revision] = plan.revisions
    old, new = "0" * 64, files.key_of(revision.sha256)
    for key, pdf in ((old, b"%PDF older"), (new, b"%PDF newer")):
        assert get_unrendered(session, revision.id, settings.documents) == (new, revision.data)
        files.store(settings.documents, key, pdf)
        note_document(session, revision.id, key, pdf)
        session.flush()
        assert get_pdf(session, cast.actor(cast.ben), plan.id, 1, settings.documents)[1] == pdf
        if key == old:
            (settings.documents / f"{old}.pdf").write_bytes(b"damaged")


def test_the_same_revision_gives_the_same_bytes_in_another_process(session: Session, cast: Cast) -> None:
    [revision] = agree(session, cast, complete_plan(session, cast)).revisions
    here = files.render(revision.data)
    there = subprocess.run(
        [sys.executable, "-c", RENDER], input=revision.data.encode(), capture_output=True, check=True
    ).stdout
    assert here[:5] == b"%PDF-"
    assert sha256(here).hexdigest() == sha256(there).hexdigest()


def test_a_draft_that_cannot_be_made_is_said_and_not_asked_for_again(
    session: Session, cast: Cast, settings: Settings
) -> None:
    plan, ben = complete_plan(session, cast), cast.actor(cast.ben)
    ask_for_draft(session, ben, plan.id, settings.documents)
    session.flush()
    session.execute(update(Job).values(done_at=func.now(), error="ReportError"))
    session.commit()
    with pytest.raises(Conflict, match="could not be made"):
        ask_for_draft(session, ben, plan.id, settings.documents)
    changed = objective(plan, title="New users find their first report", version=plan.version)
    change_objective(session, ben, plan.id, plan.objectives[0].id, changed)
    _, pdf = ask_for_draft(session, ben, plan.id, settings.documents) or ("", b"")
    assert pdf is None, "another text is asked for anew"
