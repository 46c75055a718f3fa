"""What a later act writes over is kept: a submission that was taken back, an agreed rating, the version a review was pinned to."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("earlier_assessment", "earlier_agreed_rating", "earlier_pin")
WORDS = "what was true then never changes"


def upgrade() -> None:
    op.create_table(
        "earlier_assessment",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name="fk_earlier_assessment_assessment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_earlier_assessment"),
    )
    op.create_index("ix_earlier_assessment_assessment_id", "earlier_assessment", ["assessment_id"])
    op.create_table(
        "earlier_agreed_rating",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("rung", sa.String(length=80), nullable=True),
        sa.Column("toward_next", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_earlier_agreed_rating_review_id"),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name="fk_earlier_agreed_rating_saved_by"),
        sa.PrimaryKeyConstraint("id", name="pk_earlier_agreed_rating"),
    )
    op.create_index("ix_earlier_agreed_rating_review_id", "earlier_agreed_rating", ["review_id"])
    op.create_table(
        "earlier_pin",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("ladder_version_id", sa.Uuid(), nullable=False),
        sa.Column("current_level", sa.String(length=80), nullable=False),
        sa.Column("target_level", sa.String(length=80), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_earlier_pin_review_id"),
        sa.ForeignKeyConstraint(["ladder_version_id"], ["ladder_version.id"], name="fk_earlier_pin_ladder_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_earlier_pin"),
    )
    op.create_index("ix_earlier_pin_review_id", "earlier_pin", ["review_id"])
    for table in TABLES:
        _freeze(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _freeze(table: str) -> None:
    """As revision in migration 0001."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION nextrung_refuse()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )
