"""The steps of onboarding plans that are ticked off."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base, Identified
from service.people.models import Person
from service.permissions import Subject
from service.plans.models import Plan


class Tick(Identified, Base):
    """A step of a plan that is done: `step` is its key (service/onboarding/rules.py). Taken back, the row goes;
    the audit keeps both."""

    __tablename__ = "tick"
    __table_args__ = (UniqueConstraint("plan_id", "step"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    step: Mapped[str] = mapped_column(String(200))
    done_on: Mapped[date]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    plan: Mapped[Plan] = relationship()
    by: Mapped[Person] = relationship()

    @property
    def subject(self) -> Subject:
        return self.plan.subject
