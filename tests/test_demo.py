"""The demo company, and the check of the whole main job."""

import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.alignment.queries import get_tree
from service.app import make_app
from service.audit.queries import verify
from service.db import Database, connect
from service.demo import check_main_job, open_company, styleguide
from service.demo import company as company_module
from service.demo.company import make_settings
from service.demo.people import PASSWORD, SIGN_INS
from service.demo.story import PLANNERS, RENDERED
from service.documents.queries import get_pdf
from service.errors import Conflict
from service.ladders.queries import list_latest
from service.objectives.models import UnitObjective
from service.onboarding.queries import get_steps
from service.people.models import OrgUnit, Person, RoleGrant
from service.people.queries import load_actor_by_email
from service.permissions import SYSTEM
from service.plans.models import Document, ObjectiveRow, Plan, Revision
from service.plans.rules import Kind, PlanStatus
from service.reviews.models import Assessment, Cycle, Review, SkillRating
from service.reviews.rules import AssessmentStatus, ReviewStatus, Side
from service.settings import ROOT, Settings
from service.signin.actions import sign_in
from service.signin.inputs import SignIn
from service.signin.rules import Visitor
from service.web.pages import FOLDER
from tests.browser import Browser

GUIDE = (FOLDER / "styleguide.html").read_text()


@pytest.fixture(scope="module")
def larkfield(company: Path) -> Database:
    return connect(f"sqlite:///{company / 'nextrung.sqlite3'}")


def dump(folder: Path) -> dict[str, list[str]]:
    """Every row of every table, without the salted hashes of passwords."""
    with sqlite3.connect(folder / "nextrung.sqlite3") as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {}
        for table in tables:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "password_hash"]
            columns = [f'"{column}"' for column in columns]
            rows[table] = sorted(map(repr, connection.execute(f"SELECT {', '.join(columns)} FROM {table}")))  # noqa: S608
    connection.close()
    return rows


def test_two_fresh_companies_are_equal_in_another_process_too(company: Path, tmp_path: Path) -> None:
    words = (
        "import sys, pathlib; from service.demo.company import make_company; make_company(pathlib.Path(sys.argv[1]))"
    )
    environment = {"PYTHONHASHSEED": "4711", "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", words, str(tmp_path / "other")], cwd=ROOT, env=environment, check=True)
    first, second = dump(company), dump(tmp_path / "other")
    assert {table: len(rows) for table, rows in first.items()} == {table: len(rows) for table, rows in second.items()}
    assert first == second
    assert [file.name for file in sorted((company / "documents").iterdir())] == [
        file.name for file in sorted((tmp_path / "other" / "documents").iterdir())
    ]


def test_the_company_has_sixty_people_in_six_units_on_every_level_of_both_ladders(larkfield: Database) -> None:
    with larkfield.transaction(readonly=True) as session:
        people = session.scalars(select(Person)).unique().all()
        units = session.scalars(select(OrgUnit.name)).all()
        every_level = {
            (view.ladder.id, level.id) for view in list_latest(session, SYSTEM) for level in view.ladder.levels
        }
        deepest = max(len(person.subject.managers) for person in people)
        assert len(people) == 60
        assert sorted(units) == ["Activation", "Growth", "Larkfield", "Platform", "Product", "Reporting"]
        assert {(person.ladder, person.level) for person in people if person.ladder} == every_level
        assert deepest == 3


def test_names_come_in_many_scripts(larkfield: Database) -> None:
    with larkfield.transaction(readonly=True) as session:
        text = "".join(session.scalars(select(Person.name)))
    for first, last in (("א", "ת"), ("ء", "ي"), ("一", "龥"), ("가", "힣"), ("ก", "๛"), ("Α", "ω")):
        assert any(first <= sign <= last for sign in text), first


def test_one_cycle_is_finished_and_one_runs_at_every_step(larkfield: Database) -> None:
    with larkfield.transaction(readonly=True) as session:
        cycles = session.scalars(select(Cycle).order_by(Cycle.starts_on)).all()
        spring, autumn = (_reviews(session, cycle) for cycle in cycles)
        states = Counter(_state(review) for review in autumn)
        assert [(cycle.name, cycle.closed_at is not None) for cycle in cycles] == [
            ("Spring 2026", True),
            ("Autumn 2026", False),
        ]
        assert {review.status for review in spring} == {ReviewStatus.CLOSED}
        assert all(review.person_confirmed_at and review.assessor_confirmed_at for review in spring)
        assert {status for status, *_ in states} == {ReviewStatus.OPEN, ReviewStatus.SHARED, ReviewStatus.CONFIRMED}
        draft, submitted = AssessmentStatus.DRAFT, AssessmentStatus.SUBMITTED
        assert {sides for status, *sides_ in states if status == ReviewStatus.OPEN for sides in [tuple(sides_)]} == {
            (draft, draft),
            (submitted, draft),
            (draft, submitted),
        }


def test_every_printed_sign_in_works(company: Path, larkfield: Database) -> None:
    settings = make_settings(company, 8000)
    with larkfield.writing() as session:
        for email, _ in SIGN_INS:
            attempt = SignIn(email=email, password=PASSWORD)
            assert sign_in(session, settings, attempt, Visitor("127.0.0.1", "test")) is not None, email
        session.rollback()


def test_the_printed_people_have_the_roles_they_are_printed_with(larkfield: Database) -> None:
    with larkfield.transaction(readonly=True) as session:
        grants = select(Person.email, RoleGrant.role).join(RoleGrant, RoleGrant.person_id == Person.id)
        roles = {email.partition("@")[0]: role for email, role in session.execute(grants)}
        leads = [load_actor_by_email(session, f"{name}@larkfield.example") for name in ("tomasz", "chiara")]
    assert roles == {"dina": "hr", "jonas": "hr", "priya": "hr-partner", "owen": "auditor"}
    assert all(lead is not None and lead.has_reports for lead in leads)


def test_the_product_manager_has_a_self_assessment_to_finish(larkfield: Database) -> None:
    with larkfield.transaction(readonly=True) as session:
        mira = load_actor_by_email(session, "mira@larkfield.example")
        assert mira is not None
        own = select(Assessment).where(
            Assessment.rater_id == mira.person_id, Assessment.status == AssessmentStatus.DRAFT
        )
        draft = session.scalars(own).unique().one()
        answered = session.scalars(select(SkillRating.id).where(SkillRating.assessment_id == draft.id)).all()
        assert draft.side == Side.SELF
    assert 10 <= len(answered) <= 25


def test_plans_are_agreed_and_some_are_printed(company: Path, larkfield: Database) -> None:
    settings = make_settings(company, 8000)
    with larkfield.transaction(readonly=True) as session:
        plans = session.scalars(select(Plan)).unique().all()
        kinds = Counter((Kind(plan.kind), PlanStatus(plan.status)) for plan in plans)
        revisions = session.scalars(select(Revision)).unique().all()
        printed = session.scalars(select(Document)).all()
        hr = load_actor_by_email(session, "dina@larkfield.example")
        assert hr is not None
        numbers, by_id = [revision.number for revision in revisions], {revision.id: revision for revision in revisions}
        pdfs = [get_pdf(session, hr, by_id[made.revision_id].plan_id, 1, settings.documents)[1] for made in printed]
    assert kinds == {
        (Kind.PROMOTION, PlanStatus.AGREED): len(PLANNERS) - 1,
        (Kind.PROMOTION, PlanStatus.CLOSED): 1,
        (Kind.PROMOTION, PlanStatus.DRAFT): 1,
        (Kind.ONBOARDING, PlanStatus.AGREED): 1,
    }
    assert sorted(numbers) == [1] * (len(PLANNERS) + 1) + [2]
    assert len(printed) == RENDERED
    assert all(pdf is not None and pdf.startswith(b"%PDF-") for pdf in pdfs)


def test_the_company_its_departments_and_two_teams_have_objectives_that_plans_serve(larkfield: Database) -> None:
    with larkfield.transaction(readonly=True) as session:
        mira = load_actor_by_email(session, "mira@larkfield.example")
        assert mira is not None
        tree = get_tree(session, mira)
        rows = session.scalars(select(UnitObjective)).all()
        names = {row.unit.name if row.unit else "" for row in rows}
        assert names == {"", "Product", "Growth", "Platform", "Reporting", "Activation"}
        assert [line.unit for line in tree.lines] == ["", ""]
        assert all(len(row.key_results) == 3 and row.owner.active for row in rows)
        assert tree.remarks == ()
        served = set(session.scalars(select(ObjectiveRow.aligned_to).distinct()))
        assert len(served - {None}) >= 4


def test_the_new_starters_first_days_are_ticked_off_in_part(larkfield: Database) -> None:
    with larkfield.transaction(readonly=True) as session:
        hr = load_actor_by_email(session, "dina@larkfield.example")
        assert hr is not None
        plan = session.scalars(select(Plan).where(Plan.kind == Kind.ONBOARDING)).unique().one()
        found = get_steps(session, hr, plan.id)
    assert [(stage.done, len(stage.steps)) for stage in found.stages] == [(7, 8), (2, 7), (0, 7), (0, 4), (0, 4)]
    assert not found.may_tick


def test_the_audit_chain_holds_and_runs_with_the_clock(larkfield: Database) -> None:
    with larkfield.transaction(readonly=True) as session:
        assert verify(session) is None
    with sqlite3.connect(larkfield.engine.url.database or "") as connection:
        moments = [at for (at,) in connection.execute("SELECT at FROM audit_event ORDER BY seq")]
    connection.close()
    assert moments == sorted(moments)


def test_a_second_start_makes_nothing_anew(company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(company, tmp_path / "demo")
    before = dump(tmp_path / "demo")
    settings, database = open_company(_free_port(), reset=False, folder=tmp_path / "demo")
    database.engine.dispose()
    assert settings.data_dir == tmp_path / "demo"
    assert dump(tmp_path / "demo") == before


def test_what_broke_off_half_way_is_not_taken_for_a_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(company_module, "tell", break_off)
    with pytest.raises(KeyboardInterrupt):
        company_module.make_company(tmp_path / "demo")
    assert not (tmp_path / "demo").exists()


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Conflict, match="--port"):
            open_company(other.getsockname()[1], reset=True, folder=tmp_path / "demo")
    assert not (tmp_path / "demo").exists()


def test_the_demo_ignores_the_settings_of_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEXTRUNG_DATABASE_URL", "postgresql://production.example.org/people")
    monkeypatch.setenv("NEXTRUNG_DATA_DIR", "/srv/people")
    assert make_settings(tmp_path, 8000).database == f"sqlite:///{tmp_path / 'nextrung.sqlite3'}"


def test_the_style_guide_shows_in_the_demo_and_nowhere_else(larkfield: Database, app: FastAPI) -> None:
    demo = make_app(Settings(), larkfield, work=False, more_doors=(styleguide,))
    html = Browser(demo).get("/styleguide").text
    macros = (FOLDER / "macros.html").read_text()
    unseen = {name for name in re.findall(r"macro ([a-z]\w*)\(", macros) if f"ui.{name}(" not in GUIDE}

    assert '<a href="#wrong">Due on</a>' in html
    assert unseen == set()
    assert Browser(app).get("/styleguide").status_code == 404


def test_the_main_job_leaves_a_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_main_job(tmp_path / "plan.pdf")
    path, pages, digest = capsys.readouterr().out.splitlines()
    assert path == str(tmp_path / "plan.pdf")
    assert pages.partition(",")[0] in {f"{count} pages" for count in range(3, 9)}
    assert digest.startswith("PDF SHA-256 ")
    assert (tmp_path / "plan.pdf").read_bytes().startswith(b"%PDF-")


def _reviews(session: Any, cycle: Cycle) -> list[Review]:
    return list(session.scalars(select(Review).where(Review.cycle_id == cycle.id)).unique())


def _state(review: Review) -> tuple[ReviewStatus, AssessmentStatus, AssessmentStatus]:
    sides = {half.side: AssessmentStatus(half.status) for half in review.assessments if half.is_current}
    return ReviewStatus(review.status), sides[Side.SELF], sides[Side.MANAGER]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
