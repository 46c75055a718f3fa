"""Objectives of the company and its org units, and their key results. Below plans, so that a person's objective can name one."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base, Identified, Word
from service.objectives.rules import Direction, ObjectiveStatus
from service.people.models import OrgUnit, Person
from service.permissions import Subject


class UnitObjective(Identified, Base):
    """Without `unit_id` it is the company's. `parent_id` is the objective above that it serves."""

    __tablename__ = "unit_objective"

    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit_objective.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    due_on: Mapped[date]
    status: Mapped[ObjectiveStatus] = mapped_column(Word(ObjectiveStatus, 10), default=ObjectiveStatus.OPEN)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[OrgUnit | None] = relationship(lazy="joined")
    owner: Mapped[Person] = relationship()
    parent: Mapped["UnitObjective | None"] = relationship(remote_side="UnitObjective.id")
    key_results: Mapped[list["UnitKeyResult"]] = relationship(
        back_populates="objective", order_by="UnitKeyResult.position", cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> Subject:
        """Its owner, in the unit that it is an objective of."""
        return Subject(self.owner_id, unit_id=self.unit_id)


class Measured:
    """What is kept of any key result, whosever it is. Numbers are exact decimal text: SQLite has no decimals."""

    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    metric: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[str] = mapped_column(String(60), default="")
    direction: Mapped[Direction] = mapped_column(Word(Direction, 10))
    baseline: Mapped[str | None] = mapped_column(String(40))
    target: Mapped[str | None] = mapped_column(String(40))


class UnitKeyResult(Measured, Identified, Base):
    """`value` is the last one that was brought."""

    __tablename__ = "unit_key_result"

    objective_id: Mapped[UUID] = mapped_column(ForeignKey("unit_objective.id"), index=True)
    value: Mapped[str | None] = mapped_column(String(40))
    value_on: Mapped[date | None]
    value_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    objective: Mapped[UnitObjective] = relationship(back_populates="key_results", lazy="joined", innerjoin=True)

    @property
    def subject(self) -> Subject:
        return self.objective.subject
