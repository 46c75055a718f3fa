"""Check-ins: one row for each time that somebody said where a key result stands."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Identified


class CheckIn(Identified, Base):
    """Rows are only added. Whoever corrects a day's check-in adds the next `number` of that day, and the highest counts.

    `key_result_id` is an id in the plan's agreed text, which outlives the row that the text was written from. `value` is
    exact decimal text, as in KeyResultRow.
    """

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("plan_id", "key_result_id", "on", "number"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    key_result_id: Mapped[UUID]
    on: Mapped[date]
    number: Mapped[int]
    value: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
