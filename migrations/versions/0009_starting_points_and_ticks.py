"""Objectives and key results know where they began; what is done of an onboarding plan is ticked off."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("objective", "key_result"):
        op.add_column(table, sa.Column("source", sa.String(300), nullable=True))
    op.create_table(
        "tick",
        sa.Column("plan_id", sa.Uuid(), sa.ForeignKey("plan.id", name="fk_tick_plan_id"), nullable=False),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), sa.ForeignKey("person.id", name="fk_tick_by_id"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tick"),
        sa.UniqueConstraint("plan_id", "step", name="uq_tick_plan_id"),
    )


def downgrade() -> None:
    op.drop_table("tick")
    for table in ("objective", "key_result"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("source")
