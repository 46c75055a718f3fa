"""People, org units and the reporting line. `reporting_line` is the closure of `manager_id`, kept by the actions."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base, Identified
from service.people.rules import fold
from service.permissions import Subject


class OrgUnit(Identified, Base):
    __tablename__ = "org_unit"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_unit.id"))


class Person(Identified, Base):
    """`email_key` is the NFKC-casefolded address: two spellings are one sign-in. `active` ends with the last day. `search` is
    name, address and employee id without case and accents, a line each, written along with them."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name", "name", "id"),)

    employee_id: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    ladder: Mapped[str | None] = mapped_column(String(80))
    level: Mapped[str | None] = mapped_column(String(80))
    started_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    search: Mapped[str] = mapped_column(Text)

    unit: Mapped[OrgUnit | None] = relationship()
    line: Mapped[list["ReportingLine"]] = relationship(
        foreign_keys="ReportingLine.person_id", order_by="ReportingLine.distance", viewonly=True
    )

    @property
    def subject(self) -> Subject:
        return Subject(self.id, tuple(step.manager_id for step in self.line), self.unit_id)


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _write_search(_mapper: object, _connection: object, person: Person) -> None:
    person.search = "\n".join(map(fold, (person.name, person.email, person.employee_id)))


class ReportingLine(Base):
    """One row for each person and each manager above them; `distance` 1 is the direct manager."""

    __tablename__ = "reporting_line"
    __table_args__ = (Index("ix_reporting_line_manager", "manager_id", "distance"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    manager_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    distance: Mapped[int]


class RoleGrant(Identified, Base):
    """A granted role; `unit_id` is set for HR partners only and covers the units below it."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role", "unit_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_unit.id"))

    @property
    def subject(self) -> Subject:
        return Subject(self.person_id)
