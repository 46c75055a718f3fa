"""The main job: people, ladders, reviews, plans, audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("resource_kind", sa.String(length=40), nullable=False),
        sa.Column("resource_id", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_subject", "audit_event", ["subject_id", "seq"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.create_table(
        "cycle",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("assess_by", sa.Date(), nullable=False),
        sa.Column("share_by", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("share_rule", sa.String(length=20), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cycle"),
        sa.UniqueConstraint("name", name="uq_cycle_name"),
    )
    op.create_table(
        "job",
        sa.Column("id", BIG, nullable=False),
        sa.Column("task", sa.String(length=60), nullable=False),
        sa.Column("arguments", JSON, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("run_after", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=40), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index("ix_job_open", "job", ["done_at", "run_after"], unique=False)

    op.create_table(
        "ladder_version",
        sa.Column("ladder", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ladder_version"),
        sa.UniqueConstraint("ladder", "version", name="uq_ladder_version_ladder"),
    )
    op.create_table(
        "org_unit",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["org_unit.id"], name="fk_org_unit_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_org_unit"),
        sa.UniqueConstraint("name", name="uq_org_unit_name"),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_try"),
    )
    op.create_index("ix_sign_in_try_key_at", "sign_in_try", ["key", "at"], unique=False)

    op.create_table(
        "person",
        sa.Column("employee_id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("ladder", sa.String(length=80), nullable=True),
        sa.Column("level", sa.String(length=80), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name="fk_person_manager_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name="fk_person_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("email_key", name="uq_person_email_key"),
        sa.UniqueConstraint("employee_id", name="uq_person_employee_id"),
    )
    op.create_index("ix_person_manager_id", "person", ["manager_id"], unique=False)
    op.create_index("ix_person_name", "person", ["name", "id"], unique=False)
    op.create_index("ix_person_unit_id", "person", ["unit_id"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_api_token_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("key_hash", name="uq_api_token_key_hash"),
    )
    op.create_index("ix_api_token_person_id", "api_token", ["person_id"], unique=False)

    op.create_table(
        "credential",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_credential_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_credential"),
    )
    op.create_table(
        "reporting_line",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name="fk_reporting_line_manager_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reporting_line_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "manager_id", name="pk_reporting_line"),
    )
    op.create_index("ix_reporting_line_manager", "reporting_line", ["manager_id", "distance"], unique=False)

    op.create_table(
        "review",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ladder_version_id", sa.Uuid(), nullable=False),
        sa.Column("current_level", sa.String(length=80), nullable=False),
        sa.Column("target_level", sa.String(length=80), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("revealed_at", MOMENT, nullable=True),
        sa.Column("shared_at", MOMENT, nullable=True),
        sa.Column("person_confirmed_at", MOMENT, nullable=True),
        sa.Column("person_comment", sa.Text(), nullable=False),
        sa.Column("assessor_confirmed_at", MOMENT, nullable=True),
        sa.Column("assessor_comment", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name="fk_review_assessor_id"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="fk_review_cycle_id"),
        sa.ForeignKeyConstraint(["ladder_version_id"], ["ladder_version.id"], name="fk_review_ladder_version_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_review_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("cycle_id", "person_id", name="uq_review_cycle_id"),
    )
    op.create_index("ix_review_assessor", "review", ["assessor_id"], unique=False)
    op.create_index("ix_review_cycle_id", "review", ["cycle_id"], unique=False)
    op.create_index("ix_review_person_id", "review", ["person_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_role_grant_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name="fk_role_grant_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
        sa.UniqueConstraint("person_id", "role", "unit_id", name="uq_role_grant_person_id"),
    )
    op.create_index("ix_role_grant_person_id", "role_grant", ["person_id"], unique=False)

    op.create_table(
        "sign_in_session",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("client", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_in_session_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        sa.UniqueConstraint("key_hash", name="uq_sign_in_session_key_hash"),
    )
    op.create_index("ix_sign_in_session_person_id", "sign_in_session", ["person_id"], unique=False)

    op.create_table(
        "agreed_rating",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("rung", sa.String(length=80), nullable=True),
        sa.Column("toward_next", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_agreed_rating_review_id"),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name="fk_agreed_rating_saved_by"),
        sa.PrimaryKeyConstraint("id", name="pk_agreed_rating"),
        sa.UniqueConstraint("review_id", "skill_id", name="uq_agreed_rating_review_id"),
    )
    op.create_table(
        "assessment",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("rater_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("reopened_at", MOMENT, nullable=True),
        sa.Column("reopen_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name="fk_assessment_rater_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_assessment_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
    )
    op.create_index("ix_assessment_review_id", "assessment", ["review_id"], unique=False)
    op.create_index(
        "uq_assessment_current",
        "assessment",
        ["review_id", "side"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )

    op.create_table(
        "plan",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=True),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("ladder_version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("current_level", sa.String(length=80), nullable=False),
        sa.Column("target_level", sa.String(length=80), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("chosen", JSON, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("person_signed_at", MOMENT, nullable=True),
        sa.Column("person_signature", sa.String(length=64), nullable=True),
        sa.Column("manager_signed_at", MOMENT, nullable=True),
        sa.Column("manager_signature", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name="fk_plan_assessor_id"),
        sa.ForeignKeyConstraint(["ladder_version_id"], ["ladder_version.id"], name="fk_plan_ladder_version_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_plan_person_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_plan_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
    )
    op.create_index("ix_plan_assessor", "plan", ["assessor_id"], unique=False)
    op.create_index("ix_plan_person_id", "plan", ["person_id"], unique=False)
    op.create_index("ix_plan_review_id", "plan", ["review_id"], unique=False)

    op.create_table(
        "objective",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("serves_gaps", JSON, nullable=False),
        sa.Column("serves", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("projects", JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_objective_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_objective"),
    )
    op.create_index("ix_objective_plan_id", "objective", ["plan_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("rung", sa.String(length=80), nullable=True),
        sa.Column("toward_next", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name="fk_rating_assessment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rating"),
        sa.UniqueConstraint("assessment_id", "skill_id", name="uq_rating_assessment_id"),
    )
    op.create_table(
        "revision",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_revision_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("plan_id", "number", name="uq_revision_plan_id"),
    )
    op.create_table(
        "document",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("rendered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_document_revision_id"),
        sa.PrimaryKeyConstraint("key", name="pk_document"),
    )
    op.create_index("ix_document_revision_id", "document", ["revision_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name="fk_evidence_rating_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_rating_id", "evidence", ["rating_id"], unique=False)

    op.create_table(
        "key_result",
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("metric", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("baseline", sa.String(length=40), nullable=True),
        sa.Column("target", sa.String(length=40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["objective_id"], ["objective.id"], name="fk_key_result_objective_id"),
        sa.PrimaryKeyConstraint("id", name="pk_key_result"),
    )
    op.create_index("ix_key_result_objective_id", "key_result", ["objective_id"], unique=False)

    head = sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
    create_triggers()


def downgrade() -> None:

    op.drop_table("key_result")

    op.drop_table("evidence")

    op.drop_table("document")
    op.drop_table("revision")
    op.drop_table("rating")

    op.drop_table("objective")

    op.drop_table("plan")

    op.drop_table("assessment")
    op.drop_table("agreed_rating")

    op.drop_table("sign_in_session")

    op.drop_table("role_grant")

    op.drop_table("review")

    op.drop_table("reporting_line")
    op.drop_table("credential")

    op.drop_table("api_token")

    op.drop_table("person")

    op.drop_table("sign_in_try")
    op.drop_table("org_unit")
    op.drop_table("ladder_version")

    op.drop_table("job")
    op.drop_table("cycle")
    op.drop_table("audit_head")

    op.drop_table("audit_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION nextrung_refuse()")


FROZEN = {
    "audit_event": "an audit event never changes",
    "revision": "an agreed revision never changes",
}
"""Tables of which no row may be changed or deleted."""

REPLACED_BY = {
    "audit_event": "seq = NEW.seq",
    "revision": "id = NEW.id OR (plan_id = NEW.plan_id AND number = NEW.number)",
    "ladder_version": "id = NEW.id OR (ladder = NEW.ladder AND version = NEW.version)",
}
"""What a new row would have in common with the one that it replaces."""

PINNED = ("id", "ladder", "version", "title", "family", "sha256", "content")
"""The columns of a ladder version that never change."""


def create_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _create_sqlite_triggers()
    else:
        _create_postgres_triggers()


def _create_sqlite_triggers() -> None:
    for table, words in FROZEN.items():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
    for (
        table,
        keys,
    ) in REPLACED_BY.items():  # INSERT OR REPLACE deletes the row that is in the way, and asks no delete trigger
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {keys})"
            f" BEGIN SELECT RAISE(ABORT, '{table} never changes'); END"
        )
    op.execute(
        f"CREATE TRIGGER ladder_version_no_update BEFORE UPDATE OF {', '.join(PINNED)} ON ladder_version"
        " BEGIN SELECT RAISE(ABORT, 'a published ladder version never changes'); END"
    )
    op.execute(
        "CREATE TRIGGER ladder_version_no_delete BEFORE DELETE ON ladder_version"
        " BEGIN SELECT RAISE(ABORT, 'a published ladder version never changes'); END"
    )


def _create_postgres_triggers() -> None:
    op.execute(
        "CREATE FUNCTION nextrung_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% never changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in FROZEN:
        op.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION nextrung_refuse()"
        )
    op.execute(
        f"CREATE TRIGGER ladder_version_no_update BEFORE UPDATE OF {', '.join(PINNED)} ON ladder_version"
        " FOR EACH STATEMENT EXECUTE FUNCTION nextrung_refuse()"
    )
    op.execute(
        "CREATE TRIGGER ladder_version_no_delete BEFORE DELETE OR TRUNCATE ON ladder_version"
        " FOR EACH STATEMENT EXECUTE FUNCTION nextrung_refuse()"
    )
