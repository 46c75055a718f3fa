"""An agreed plan can be changed, closed and carried over, and what it reached is offered as evidence."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WORDS = "a closing never changes"
SAME = "id = NEW.id OR plan_id = NEW.plan_id"


def upgrade() -> None:
    op.add_column("plan", sa.Column("changing_since", MOMENT, nullable=True))
    op.add_column("plan", sa.Column("change_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("plan", sa.Column("in_force", JSON, nullable=True))
    op.add_column("plan", sa.Column("closing_comment", sa.Text(), nullable=False, server_default=""))
    op.add_column("plan", sa.Column("carried_from_id", sa.Uuid(), nullable=True))
    op.create_index("ix_plan_carried_from_id", "plan", ["carried_from_id"], unique=False)
    op.create_table(
        "closing",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_closing_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_closing"),
        sa.UniqueConstraint("plan_id", name="uq_closing_plan_id"),
    )
    op.create_table(
        "evidence_offer",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=True),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_evidence_offer_person_id"),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name="fk_evidence_offer_assessor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_offer"),
    )
    op.create_index("ix_evidence_offer_person_id", "evidence_offer", ["person_id"], unique=False)
    _freeze()


def downgrade() -> None:
    op.drop_table("evidence_offer")
    op.drop_table("closing")
    op.drop_index("ix_plan_carried_from_id", "plan")
    for column in ("carried_from_id", "closing_comment", "in_force", "change_reason", "changing_since"):
        op.drop_column("plan", column)


def _freeze() -> None:
    """As revision in migration 0001."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER closing_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON closing"
            " FOR EACH STATEMENT EXECUTE FUNCTION nextrung_refuse()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER closing_no_{verb.lower()} BEFORE {verb} ON closing BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
    op.execute(
        f"CREATE TRIGGER closing_no_replace BEFORE INSERT ON closing WHEN EXISTS (SELECT 1 FROM closing WHERE {SAME})"
        f" BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )
