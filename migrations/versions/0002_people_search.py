"""People are found without regard to case and accents: a folded text beside each name."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"})


def upgrade() -> None:
    op.add_column("person", sa.Column("search", sa.Text(), nullable=False, server_default=""))
    columns = (sa.column(name) for name in ("id", "name", "email", "employee_id", "search"))
    person = sa.table("person", *columns)
    rows = op.get_bind().execute(sa.select(person.c.id, person.c.name, person.c.email, person.c.employee_id)).all()
    found = [{"row": row.id, "text": "\n".join(map(_fold, row[1:]))} for row in rows]
    if found:
        filled = sa.update(person).where(person.c.id == sa.bindparam("row")).values(search=sa.bindparam("text"))
        op.get_bind().execute(filled, found)


def downgrade() -> None:
    op.drop_column("person", "search")


def _fold(text: str) -> str:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return re.sub(r"\s+", " ", bare.translate(STROKES)).strip()
