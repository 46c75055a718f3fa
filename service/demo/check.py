"""The whole main job without a server: three people, a cycle, two assessments, gaps, a plan, its PDF."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from service import clock, schema
from service.audit.queries import verify
from service.db import Database, connect
from service.demo.choices import fill_sheet
from service.demo.company import make_settings
from service.demo.plans import sign_plan, write_plan
from service.documents.queries import get_pdf
from service.errors import Conflict, NextrungError, NotFound
from service.jobs import actions as jobs
from service.ladders.actions import publish_shipped
from service.ladders.queries import get_version, known_levels
from service.people.actions import grant_role, import_people
from service.people.queries import find_person, load_actor_by_email
from service.permissions import SYSTEM, Actor, Role
from service.plans import queries as plans
from service.reviews import actions, cycles, queries
from service.reviews.inputs import AgreedInput, CycleInput
from service.reviews.rules import Answer, Side
from service.reviews.views import AgreedView, ReviewView
from service.settings import ROOT, Settings
from service.worker import make_tasks

PDF = ROOT / "data" / "demo-check" / "growth-plan.pdf"
HR, MANAGER, PERSON = "hr@check.example", "manager@check.example", "person@check.example"
PEOPLE = f"""employee id,name,e-mail,manager's id,org unit,ladder,level,start date
C-1,Hana Realová,{HR},,Check,,,2019-01-07
C-2,Mustafa Nagib,{MANAGER},C-1,Check / Product,product-manager,lead,2020-05-04
C-7,Pauline Aubert-Stone,{PERSON},C-2,Check / Product,product-manager,middle,2023-09-04
"""


@dataclass(frozen=True, slots=True)
class Printed:
    """The PDF of an agreed plan."""

    pdf: bytes
    pages: int
    revision: int
    data_sha256: str


def check_main_job(path: Path | None = None) -> None:
    """Do the main job in a temporary folder, say each step, and write the growth plan's PDF to `path`.

    Raises: NextrungError where a step does not work.
    """
    target = path or PDF
    with TemporaryDirectory(prefix="nextrung-check-") as folder:
        settings = make_settings(Path(folder), 8000)
        database = connect(settings.database)
        try:
            printed = Check(database, settings).run()
        finally:
            database.engine.dispose()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(printed.pdf)
    typer.echo(f"{target}")
    typer.echo(f"{printed.pages} pages, revision {printed.revision}, data SHA-256 {printed.data_sha256}")
    typer.echo(f"PDF SHA-256 {sha256(printed.pdf).hexdigest()}")


class Check:
    """The steps, each by somebody with the right to it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings

    def run(self) -> Printed:
        with _step("database and ladders"):
            schema.upgrade(self.database.engine)
            with self.database.transaction() as session:
                publish_shipped(session)
        with _step("three people out of a CSV file"):
            self._import()
        with _step("a cycle"):
            review = self._open_cycle()
        with _step("two assessments, blind to each other until both are in"):
            self._assess(review, Side.SELF, PERSON)
            self._assess(review, Side.MANAGER, MANAGER)
        with _step("the talk: gaps, agreed ratings, both confirm"):
            self._agree(review)
        with _step("a plan of 30, 60 and 90 days, signed by both"):
            plan_id = self._plan(review)
        with _step("the PDF, and the audit chain"):
            return self._print(plan_id)

    def _import(self) -> None:
        with self.database.transaction() as session:
            import_people(session, SYSTEM, PEOPLE, known_levels(session))
            hr = find_person(session, HR)
            if hr is None:
                raise NotFound("The imported people are not there.")
            grant_role(session, SYSTEM, hr, Role.HR)

    def _open_cycle(self) -> ReviewView:
        today = clock.today()
        dates = dict.fromkeys(("starts_on", "assess_by", "share_by", "ends_on"), today)
        with self._acting(HR) as (session, hr):
            cycles.open_cycle(session, hr, CycleInput.model_validate({"name": "Check"} | dates))
        with self._acting(PERSON) as (session, person):
            return queries.list_reviews(session, person).rows[0]

    def _assess(self, review: ReviewView, side: Side, email: str) -> None:
        with self._acting(email) as (session, actor):
            half = review.half(side)
            if half is None:
                raise NotFound(f"The review has no {side} side.")
            ladder = get_version(session, actor, review.ladder_id, review.ladder_version).ladder
            sheet = fill_sheet(ladder, "C-7", side, review.current.id, review.target.id)
            actions.save_ratings(session, actor, half.id, sheet)
            actions.submit_assessment(session, actor, half.id)

    def _agree(self, review: ReviewView) -> None:
        with self._acting(MANAGER) as (session, manager):
            actions.accept_same(session, manager, review.id)
            for item in queries.get_agreement(session, manager, review.id).items:
                if not item.version:
                    actions.save_agreed(session, manager, review.id, item.skill.id, _agreed(item))
        for email in (PERSON, MANAGER):
            with self._acting(email) as (session, actor):
                version = queries.get_agreement(session, actor, review.id).version
                actions.confirm_review(session, actor, review.id, "", version)

    def _plan(self, review: ReviewView) -> UUID:
        with self._acting(PERSON) as (session, person):
            plan_id = write_plan(session, person, review.id, clock.today())
            sign_plan(session, person, plan_id)
        with self._acting(MANAGER) as (session, manager):
            sign_plan(session, manager, plan_id)
        return plan_id

    def _print(self, plan_id: UUID) -> Printed:
        jobs.run_all(self.database, make_tasks(self.settings))
        with self._acting(HR) as (session, hr):
            revision = plans.get_plan(session, hr, plan_id).revisions[-1]
            _, pdf = get_pdf(session, hr, plan_id, revision.number, self.settings.documents)
            broken = verify(session)
        if pdf is None or revision.pages is None:
            raise Conflict("The PDF could not be made; the lines above say why.")
        if broken is not None:
            raise Conflict(f"The audit chain does not hold at event {broken}.")
        return Printed(pdf, revision.pages, revision.number, revision.sha256)

    @contextmanager
    def _acting(self, email: str) -> Iterator[tuple[Session, Actor]]:
        with self.database.transaction() as session:
            actor = load_actor_by_email(session, email)
            if actor is None:
                raise NotFound(f"Nobody signs in as {email}.")
            yield session, actor


def _agreed(item: AgreedView) -> AgreedInput:
    said = item.manager
    values = {"answer": said.answer or Answer.NOT_ASSESSED, "rung": said.rung, "toward_next": said.toward_next}
    return AgreedInput(**values, reason=said.reason, note="We went through the examples together.", version=0)


@contextmanager
def _step(words: str) -> Iterator[None]:
    typer.echo(f"- {words}", err=True)
    try:
        yield
    except NextrungError as error:
        raise NextrungError(f"This step did not work: {words}. {error.detail}", error.problems) from error
