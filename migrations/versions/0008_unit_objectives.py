"""Objectives of the company, departments and teams, and what a person's objective is aligned to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_objective",
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_unit_objective_owner_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit_objective.id"], name="fk_unit_objective_parent_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name="fk_unit_objective_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit_objective"),
    )
    for column in ("owner_id", "parent_id", "unit_id"):
        op.create_index(f"ix_unit_objective_{column}", "unit_objective", [column])
    op.create_table(
        "unit_key_result",
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("metric", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("baseline", sa.String(length=40), nullable=True),
        sa.Column("target", sa.String(length=40), nullable=True),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column("value_on", sa.Date(), nullable=True),
        sa.Column("value_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["objective_id"], ["unit_objective.id"], name="fk_unit_key_result_objective_id"),
        sa.ForeignKeyConstraint(["value_by_id"], ["person.id"], name="fk_unit_key_result_value_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit_key_result"),
    )
    op.create_index("ix_unit_key_result_objective_id", "unit_key_result", ["objective_id"])
    with op.batch_alter_table("objective") as table:
        table.add_column(sa.Column("aligned_to", sa.Uuid(), nullable=True))
        table.create_foreign_key("fk_objective_aligned_to", "unit_objective", ["aligned_to"], ["id"])
        table.create_index("ix_objective_aligned_to", ["aligned_to"])


def downgrade() -> None:
    with op.batch_alter_table("objective") as table:
        table.drop_index("ix_objective_aligned_to")
        table.drop_constraint("fk_objective_aligned_to", type_="foreignkey")
        table.drop_column("aligned_to")
    op.drop_table("unit_key_result")
    op.drop_table("unit_objective")
