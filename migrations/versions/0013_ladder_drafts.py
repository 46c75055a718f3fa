"""Drafts of ladder versions, which a second person publishes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ladder_draft",
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("ladder", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["begun_by_id"], ["person.id"], name="fk_ladder_draft_begun_by_id"),
        sa.ForeignKeyConstraint(["version_id"], ["ladder_version.id"], name="fk_ladder_draft_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ladder_draft"),
    )
    _part(
        "saving",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("ladder_yaml", sa.Text(), nullable=False),
        sa.Column("blueprint_yaml", sa.Text(), nullable=True),
        sa.UniqueConstraint("draft_id", "number", name="uq_ladder_draft_saving_draft_id"),
    )
    _part(
        "step",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("saving", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.UniqueConstraint("draft_id", "number", name="uq_ladder_draft_step_draft_id"),
    )
    op.create_table(
        "ladder_draft_guest",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        _draft("guest"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ladder_draft_guest_person_id"),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name="fk_ladder_draft_guest_invited_by_id"),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name="pk_ladder_draft_guest"),
    )
    op.create_index("ix_ladder_draft_guest_person_id", "ladder_draft_guest", ["person_id"])
    _part(
        "comment",
        sa.Column("answer_to", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saving", sa.Integer(), nullable=False),
        sa.Column("resolved_by_id", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_to"], ["ladder_draft_comment.id"], name="fk_ladder_draft_comment_answer_to", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["person.id"], name="fk_ladder_draft_comment_resolved_by_id"),
    )
    op.create_index("ix_ladder_draft_comment_draft_id", "ladder_draft_comment", ["draft_id", "at"])


def downgrade() -> None:
    for part in ("comment", "guest", "step", "saving"):
        op.drop_table(f"ladder_draft_{part}")
    op.drop_table("ladder_draft")


def _part(name: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of what somebody did to a draft at a moment."""
    table = f"ladder_draft_{name}"
    op.create_table(
        table,
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        _draft(name),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=f"fk_{table}_by_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _draft(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["draft_id"], ["ladder_draft.id"], name=f"fk_ladder_draft_{name}_draft_id", ondelete="CASCADE"
    )
