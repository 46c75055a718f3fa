"""Growth plans, their objectives and key results, agreed revisions, and the PDFs made of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reports.forms import Form
from service.db import Base, Identified, Word
from service.objectives.models import Measured, UnitObjective
from service.people.models import Person
from service.permissions import Subject
from service.plans.rules import Kind, PlanStatus
from service.reviews.models import Review


class Plan(Identified, Base):
    """`chosen` are the skill ids of the gaps it is about. A signature is the hash of the text that was signed: after an
    edit it no longer fits, and both sign again. `history` are the texts agreed where the plan was brought in from.

    `changing_since` says that a change of what was agreed is being written: the rows then hold the text to come, and the
    newest revision is in force. `in_force` keeps what a change takes away from the row until it is agreed or taken back: its
    version, assessor and moments of signing. `assessor_id` is the manager there is now, `signed_by_id` who signed the newest
    revision as that. `closing_comment` is the manager's, for when the plan is closed. The plan
    `carried_from_id` is closed, so that it is never discarded."""

    __tablename__ = "plan"
    __table_args__ = (Index("ix_plan_assessor", "assessor_id"), Index("ix_plan_signed_by", "signed_by_id"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    assessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("review.id"), index=True)
    ladder_version_id: Mapped[UUID] = mapped_column(ForeignKey("ladder_version.id"))
    kind: Mapped[Kind] = mapped_column(Word(Kind, 20))
    title: Mapped[str] = mapped_column(String(200))
    current_level: Mapped[str] = mapped_column(String(80))
    target_level: Mapped[str] = mapped_column(String(80))
    start_on: Mapped[date]
    chosen: Mapped[list[Any]] = mapped_column(default=list)
    history: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    status: Mapped[PlanStatus] = mapped_column(Word(PlanStatus, 10), default=PlanStatus.DRAFT)
    created_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    person_signed_at: Mapped[datetime | None]
    person_signature: Mapped[str | None] = mapped_column(String(64))
    manager_signed_at: Mapped[datetime | None]
    manager_signature: Mapped[str | None] = mapped_column(String(64))
    signed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    changing_since: Mapped[datetime | None]
    change_reason: Mapped[str] = mapped_column(Text, default="")
    in_force: Mapped[dict[str, Any] | None]
    closing_comment: Mapped[str] = mapped_column(Text, default="")
    carried_from_id: Mapped[UUID | None] = mapped_column(index=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
    assessor: Mapped[Person | None] = relationship(foreign_keys=[assessor_id], lazy="joined")
    signed_by: Mapped[Person | None] = relationship(foreign_keys=[signed_by_id])
    review: Mapped[Review | None] = relationship()
    objectives: Mapped[list["ObjectiveRow"]] = relationship(
        back_populates="plan",
        order_by="(ObjectiveRow.horizon, ObjectiveRow.position, ObjectiveRow.id)",
        cascade="all, delete-orphan",
    )
    revisions: Mapped[list["Revision"]] = relationship(back_populates="plan", order_by="Revision.number")

    @property
    def subject(self) -> Subject:
        return self.person.subject

    @property
    def is_written(self) -> bool:
        """Whether its text can be edited: a draft, or an agreed plan while a change is being written."""
        return self.status == PlanStatus.DRAFT or self.changing_since is not None

    @property
    def is_over(self) -> bool:
        """Whether the plan is closed, or the cycle that it grew out of."""
        return self.status == PlanStatus.CLOSED or (self.review is not None and self.review.cycle.closed_at is not None)


IS_WRITTEN = or_(Plan.status == PlanStatus.DRAFT, Plan.changing_since.is_not(None))
"""As Plan.is_written."""


class ObjectiveRow(Identified, Base):
    """`source` names what of a blueprint it began from (service/ladders/starts.py)."""

    __tablename__ = "objective"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    position: Mapped[int]
    horizon: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    serves_gaps: Mapped[list[Any]] = mapped_column(default=list)
    serves: Mapped[str] = mapped_column(Text, default="")
    aligned_to: Mapped[UUID | None] = mapped_column(ForeignKey("unit_objective.id"), index=True)
    due_on: Mapped[date | None]
    projects: Mapped[list[Any]] = mapped_column(default=list)
    source: Mapped[str | None] = mapped_column(String(300))

    plan: Mapped[Plan] = relationship(back_populates="objectives", lazy="joined", innerjoin=True)
    aligned: Mapped[UnitObjective | None] = relationship(lazy="joined")
    key_results: Mapped[list["KeyResultRow"]] = relationship(
        back_populates="objective", order_by="KeyResultRow.position", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> Subject:
        return self.plan.subject


class KeyResultRow(Measured, Identified, Base):
    """`source` as in ObjectiveRow."""

    __tablename__ = "key_result"

    objective_id: Mapped[UUID] = mapped_column(ForeignKey("objective.id"), index=True)
    due_on: Mapped[date | None]
    owner: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str | None] = mapped_column(String(300))

    objective: Mapped[ObjectiveRow] = relationship(back_populates="key_results", lazy="joined", innerjoin=True)

    @property
    def subject(self) -> Subject:
        return self.objective.subject


class Revision(Identified, Base):
    """An agreed text: canonical JSON and its hash. It never changes (trigger in migration 0001)."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    data: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    agreed_at: Mapped[datetime]

    plan: Mapped[Plan] = relationship(back_populates="revisions", lazy="joined", innerjoin=True)

    @property
    def subject(self) -> Subject:
        return self.plan.subject


class Closing(Identified, Base):
    """How a plan ended: canonical JSON and its hash. It never changes (trigger in migration 0007)."""

    __tablename__ = "closing"
    __table_args__ = (UniqueConstraint("plan_id"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    data: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime]


class Document(Base):
    """A rendered PDF: `key` is the hash of what it was made from, `sha256` that of its bytes, which lie in the data folder."""

    __tablename__ = "document"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"), index=True)
    form: Mapped[Form] = mapped_column(Word(Form, 20), default=Form.A4, server_default="a4")
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int]
    rendered_at: Mapped[datetime]
