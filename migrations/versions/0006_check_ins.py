"""Check-ins on key results, and the address of a person's calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("key_result_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_check_in_plan_id"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_check_in_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_check_in"),
        sa.UniqueConstraint("plan_id", "key_result_id", "on", "number", name="uq_check_in_plan_id"),
    )
    op.create_table(
        "calendar_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_calendar_key_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_calendar_key"),
        sa.UniqueConstraint("key_hash", name="uq_calendar_key_key_hash"),
    )


def downgrade() -> None:
    op.drop_table("calendar_key")
    op.drop_table("check_in")
