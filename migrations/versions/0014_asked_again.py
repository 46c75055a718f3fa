"""When a review moves to another version of its ladder, what reads differently there is asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rating", sa.Column("asked_again", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("rating", "asked_again")
