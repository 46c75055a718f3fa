"""One cast for every test."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from service.people.actions import rebuild_reporting_lines
from service.people.models import OrgUnit, Person, RoleGrant
from service.people.queries import load_actor
from service.permissions import Actor, Role


@dataclass
class Cast:
    """Max leads Ann; Ann manages Ben and Cat (product managers). Dee is HR, Pia HR partner of Ann's unit, Una auditor.
    Eli sits in another unit and sees nothing; Fay manages Eli."""

    session: Session
    max: Person
    ann: Person
    ben: Person
    cat: Person
    dee: Person
    pia: Person
    una: Person
    eli: Person
    fay: Person

    def actor(self, person: Person) -> Actor:
        actor = load_actor(self.session, person.id)
        assert actor is not None
        return actor

    @property
    def everybody(self) -> dict[str, Person]:
        return {name: person for name, person in vars(self).items() if isinstance(person, Person)}


def make_cast(session: Session) -> Cast:
    product, other = OrgUnit(name="Product"), OrgUnit(name="Other")
    session.add_all([product, other])
    session.flush()

    def person(name: str, manager: Person | None, level: str, unit: OrgUnit = product) -> Person:
        key = name.casefold()
        row = Person(
            employee_id=f"E-{key}", name=name, email=f"{key}@example.org", email_key=f"{key}@example.org",
            manager_id=manager.id if manager else None, unit_id=unit.id, ladder="product-manager", level=level,
            started_on=date(2024, 1, 8),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    top = person("Max", None, "principal")
    ann = person("Ann", top, "lead")
    fay = person("Fay", None, "lead", other)
    cast = Cast(
        session, max=top, ann=ann, ben=person("Ben", ann, "middle"), cat=person("Cat", ann, "junior"),
        dee=person("Dee", top, "senior"), pia=person("Pia", None, "senior"), una=person("Una", None, "senior", other),
        eli=person("Eli", fay, "junior", other), fay=fay,
    )  # fmt: skip
    session.add_all(
        [
            RoleGrant(person_id=cast.dee.id, role=Role.HR),
            RoleGrant(person_id=cast.pia.id, role=Role.PARTNER, unit_id=product.id),
            RoleGrant(person_id=cast.una.id, role=Role.AUDITOR),
        ]
    )
    rebuild_reporting_lines(session)
    session.commit()
    return cast
