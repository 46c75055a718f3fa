"""Who signed the newest revision of a plan is kept apart from the manager there is now."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PLAN = sa.table(
    "plan", sa.column("id", sa.Uuid()), sa.column("assessor_id", sa.Uuid()), sa.column("signed_by_id", sa.Uuid()),
    sa.column("agreed_at"), sa.column("in_force", JSON),
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("plan") as table:
        table.add_column(sa.Column("signed_by_id", sa.Uuid(), nullable=True))
        table.create_foreign_key("fk_plan_signed_by_id", "person", ["signed_by_id"], ["id"])
        table.create_index("ix_plan_signed_by", ["signed_by_id"])
    op.execute(PLAN.update().where(PLAN.c.agreed_at.is_not(None)).values(signed_by_id=PLAN.c.assessor_id))
    changing = sa.select(PLAN.c.id, PLAN.c.in_force).where(PLAN.c.in_force.is_not(None))
    for id_, in_force in op.get_bind().execute(changing).all():
        if in_force:  # the change may have been handed over, what was signed before was not
            signer = in_force["assessor_id"]
            op.execute(PLAN.update().where(PLAN.c.id == id_).values(signed_by_id=signer and UUID(signer)))


def downgrade() -> None:
    with op.batch_alter_table("plan") as table:
        table.drop_index("ix_plan_signed_by")
        table.drop_constraint("fk_plan_signed_by_id", type_="foreignkey")
        table.drop_column("signed_by_id")
