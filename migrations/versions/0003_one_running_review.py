"""Nobody is in two running cycles: the database itself says so."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RUNNING = sa.text("status <> 'closed'")


def upgrade() -> None:
    op.create_index(
        "uq_review_running", "review", ["person_id"], unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING
    )


def downgrade() -> None:
    op.drop_index("uq_review_running", "review")
