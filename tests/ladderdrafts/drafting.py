"""Drafts for tests: of the small ladder, of the shipped one, and a second person of HR."""

from datetime import date

from sqlalchemy.orm import Session

from service.ladderdrafts import actions
from service.ladderdrafts.models import LadderDraft
from service.ladders.inputs import LadderTexts
from service.people.models import Person, RoleGrant
from service.permissions import Role
from tests.cast import Cast
from tests.ladders.files import BLUEPRINT, LADDER

TEXTS = LadderTexts(ladder_yaml=LADDER, blueprint_yaml=BLUEPRINT)


def begin(session: Session, cast: Cast, ladder: str = LADDER, blueprint: str | None = BLUEPRINT) -> LadderDraft:
    """A draft of Dee's."""
    texts = LadderTexts(ladder_yaml=ladder, blueprint_yaml=blueprint)
    row = actions.begin_draft(session, cast.actor(cast.dee), texts)
    session.commit()
    return row


def add_hr(session: Session, cast: Cast, name: str = "Hal") -> Person:
    """Somebody else of HR."""
    key = name.casefold()
    row = Person(
        employee_id=f"E-{key}", name=name, email=f"{key}@example.org", email_key=f"{key}@example.org",
        unit_id=cast.dee.unit_id, started_on=date(2024, 1, 8),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(RoleGrant(person_id=row.id, role=Role.HR))
    session.commit()
    return row


def in_review(session: Session, cast: Cast) -> LadderDraft:
    """A draft of Dee's that waits for a second person."""
    row = begin(session, cast)
    actions.ask_for_review(session, cast.actor(cast.dee), row.id, 1)
    session.commit()
    return row
