"""The migrations on both databases: they agree with the models, run down and up again with data in, and freeze what is
promised never to change."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import service.app  # noqa: F401  # so that every model is there to be compared
from service import schema
from service.audit.models import AuditEvent
from service.audit.queries import verify
from service.db import Base
from service.errors import Conflict, NotFound
from service.ladders.models import LadderVersion
from service.people.models import Person
from service.plans.actions import start_promotion_plan
from service.plans.inputs import PromotionPlanInput
from service.plans.models import Closing, Plan, Revision
from service.reviews.models import SkillRating
from tests.cast import make_cast
from tests.conftest import ENGINES
from tests.factories import open_cycle, reveal

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def fill(session: Session) -> None:
    """A row in every part: people, a revealed review with ratings, a plan with a revision, the audit chain."""
    cast = make_cast(session)
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben)
    given = PromotionPlanInput(start_on=NOW.date(), chosen=["okr"])
    plan = start_promotion_plan(session, cast.actor(cast.ben), review.id, given)
    session.add(Revision(plan=plan, number=1, data="{}", sha256="0" * 64, agreed_at=NOW))
    session.add(Closing(plan_id=plan.id, data="{}", sha256="0" * 64, closed_at=NOW))
    session.commit()


def shape(engine: Engine) -> dict[str, Any]:
    """Tables with columns, keys and indexes, and the triggers."""
    inspector = inspect(engine)
    tables: dict[str, Any] = {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)],
            sorted(index["name"] or "" for index in inspector.get_indexes(table)),
            sorted(key["name"] or "" for key in inspector.get_foreign_keys(table)),
        )
        for table in inspector.get_table_names()
    }
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with engine.connect() as connection:
        return tables | {"triggers": sorted(connection.scalars(text(query)))}


def test_models_and_migrations_say_the_same(empty: Engine) -> None:
    schema.upgrade(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_down_and_up_again_with_data_in_gives_the_same_schema(empty: Engine) -> None:
    schema.upgrade(empty)
    before = shape(empty)
    with Session(empty) as session:
        fill(session)
    schema.downgrade(empty, "base")
    assert shape(empty).keys() <= {"alembic_version", "triggers"}
    assert schema.revision_of(empty) is None

    schema.upgrade(empty)
    assert shape(empty) == before
    with Session(empty) as session:
        fill(session)
        assert verify(session) is None


def test_upgrading_again_changes_no_row(empty: Engine) -> None:
    schema.upgrade(empty)
    with Session(empty) as session:
        fill(session)
        ratings = session.scalars(select(SkillRating.id).order_by(SkillRating.id)).all()
    schema.upgrade(empty)
    with Session(empty) as session:
        assert session.scalars(select(SkillRating.id).order_by(SkillRating.id)).all() == ratings
        assert verify(session) is None


def test_people_who_were_there_before_the_search_are_found(empty: Engine) -> None:
    schema.upgrade(empty, "0001")
    chloe = (
        "INSERT INTO person (id, employee_id, name, email, email_key, active)"
        " VALUES (:id, 'É-1', 'Chloé', 'C@x.org', 'c', true)"
    )
    with empty.begin() as connection:
        connection.execute(text(chloe), {"id": uuid4().hex})
    schema.upgrade(empty)
    with Session(empty) as session:
        assert session.scalars(select(Person.search)).one() == "chloe\nc@x.org\ne-1"


@pytest.mark.parametrize("is_changing", [False, True])
def test_who_signed_a_plan_before_it_was_kept_is_known(empty: Engine, is_changing: bool) -> None:
    schema.upgrade(empty)
    with Session(empty) as session:
        fill(session)
        plan = session.scalars(select(Plan)).unique().one()
        signer, other = plan.assessor_id, plan.subject.managers[-1]
        if is_changing:
            plan.in_force, plan.assessor_id = {"assessor_id": str(signer)}, other
        plan.agreed_at = NOW
        session.commit()
    schema.downgrade(empty, "0010")
    schema.upgrade(empty)
    with Session(empty) as session:
        assert session.scalars(select(Plan.signed_by_id)).one() == signer


def test_foreign_keys_hold_again_after_a_migration(empty: Engine) -> None:
    schema.upgrade(empty)
    with pytest.raises(DBAPIError), empty.begin() as connection:
        connection.execute(text("INSERT INTO credential VALUES (:id, 'x')"), {"id": uuid4().hex})


def test_an_older_program_refuses_a_newer_database(empty: Engine) -> None:
    schema.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not schema.is_current(empty)
    with pytest.raises(Conflict, match="9999"):
        schema.upgrade(empty)


def test_current_and_below_are_told_apart(empty: Engine) -> None:
    assert not schema.is_current(empty)
    assert not schema.is_below(empty, "base")
    schema.upgrade(empty)
    assert schema.is_current(empty)
    assert (schema.is_below(empty, "base"), schema.is_below(empty, "head")) == (True, False)
    with pytest.raises(NotFound, match="base, 0001"):
        schema.is_below(empty, "nowhere")


COPY = "INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
ATTACKS = [
    ("sqlite", "UPDATE audit_event SET reason = 'nothing'"),
    ("sqlite", "UPDATE OR REPLACE audit_event SET seq = 1"),
    ("sqlite", "DELETE FROM audit_event"),
    ("sqlite", COPY.format(table="audit_event")),
    ("sqlite", "UPDATE revision SET data = '{\"nicer\": true}'"),
    ("sqlite", "DELETE FROM revision"),
    ("sqlite", COPY.format(table="revision")),
    ("sqlite", "UPDATE closing SET data = '{}'"),
    ("sqlite", "DELETE FROM closing"),
    ("sqlite", COPY.format(table="closing")),
    ("sqlite", "UPDATE ladder_version SET content = '{}'"),
    ("sqlite", "UPDATE OR REPLACE ladder_version SET id = (SELECT min(id) FROM ladder_version)"),
    ("sqlite", "DELETE FROM ladder_version"),
    ("sqlite", COPY.format(table="ladder_version")),
    ("postgres", "UPDATE audit_event SET reason = 'nothing'"),
    ("postgres", "DELETE FROM audit_event"),
    ("postgres", "TRUNCATE audit_event"),
    (
        "postgres",
        "INSERT INTO audit_event SELECT * FROM audit_event ON CONFLICT (seq) DO UPDATE SET reason = 'nothing'",
    ),
    ("postgres", "UPDATE revision SET data = '{}'"),
    ("postgres", "DELETE FROM revision"),
    ("postgres", "TRUNCATE revision CASCADE"),
    ("postgres", "UPDATE closing SET data = '{}'"),
    ("postgres", "DELETE FROM closing"),
    ("postgres", "TRUNCATE closing CASCADE"),
    ("postgres", "UPDATE ladder_version SET content = '{}'"),
    ("postgres", "DELETE FROM ladder_version"),
    ("postgres", "TRUNCATE ladder_version CASCADE"),
]


@pytest.mark.parametrize(("kind", "statement"), [attack for attack in ATTACKS if attack[0] in ENGINES])
def test_what_is_frozen_cannot_be_changed(kind: str, statement: str, request: pytest.FixtureRequest) -> None:
    engine: Engine = request.getfixturevalue(f"{kind}_engine")
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            fill(session)
        with pytest.raises(DBAPIError, match="never changes"):
            connection.execute(text(statement))
        transaction.rollback()


def test_rows_are_still_added_and_ladders_still_retired(session: Session) -> None:
    fill(session)
    version = session.scalars(select(LadderVersion)).first()
    assert version is not None
    version.status, version.retired_at = "retired", NOW
    session.commit()
    seqs = session.scalars(select(AuditEvent.seq).order_by(AuditEvent.seq)).all()
    assert list(seqs) == list(range(1, len(seqs) + 1))
