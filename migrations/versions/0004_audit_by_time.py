"""The audit log is read by its moments."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_event_at", "audit_event", ["at", "seq"])


def downgrade() -> None:
    op.drop_index("ix_audit_event_at", "audit_event")
