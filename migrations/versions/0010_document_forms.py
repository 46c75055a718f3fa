"""A revision is printed in several forms: on A4 or Letter, whole or as a summary."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("form", sa.String(20), nullable=False, server_default="a4"))


def downgrade() -> None:
    op.execute("DELETE FROM document WHERE form <> 'a4'")
    op.drop_column("document", "form")
