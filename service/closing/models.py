"""How plans ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Identified


class Closing(Identified, Base):
    """How a plan ended: canonical JSON and its hash. It never changes (trigger in migration 0007)."""

    __tablename__ = "closing"
    __table_args__ = (UniqueConstraint("plan_id"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    data: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime]
