"""Two ladder versions to come: one that HR still writes with a lead, and one that waits for its second person."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from service.ladderdrafts import actions, comments
from service.ladderdrafts.contents import Part
from service.ladderdrafts.editing import Change
from service.ladderdrafts.inputs import CommentInput
from service.permissions import Actor

BEGUN = datetime(2026, 11, 16, 10, tzinfo=UTC)
SAID = datetime(2026, 11, 18, 13, tzinfo=UTC)
ASKED = datetime(2026, 11, 19, 15, tzinfo=UTC)

AT_SENIOR = {
    "at/senior/requirement": "must",
    "at/senior/statement": (
        "Chooses the measure of success before the work begins, and stops an experiment that cannot answer its question."
    ),
}


def begin_next_ladder(session: Session, hr: Actor, guest: str) -> UUID:
    """The product managers' next version: what experiments ask of a senior is said anew, and a lead may read along."""
    row = actions.begin_next_version(session, hr, "product-manager", "2026.1")
    session.flush()
    actions.edit_draft(session, hr, row.id, Change(Part.SKILLS, "experimentation", AT_SENIOR), row.number)
    comments.invite_guest(session, hr, row.id, guest)
    return row.id


def comment_on_it(session: Session, guest: Actor, draft_id: UUID) -> None:
    """What the lead says, about one expectation and about the whole."""
    words = "“Cannot answer its question” is what I would like to see at Senior. At Lead I would ask for more."
    comments.add_comment(session, guest, draft_id, CommentInput(place="skills/experimentation/senior", text=words))
    comments.add_comment(
        session, guest, draft_id, CommentInput(text="Reads well. Could it be there before the spring cycle?")
    )


def ask_for_review(session: Session, hr: Actor) -> None:
    """The technical product managers' next version, with a level that says what it means, asked to be read."""
    row = actions.begin_next_version(session, hr, "technical-product-manager", "2026.1")
    session.flush()
    summary = "Shapes how several platform teams work, and is the one they ask when a decision crosses them."
    actions.edit_draft(session, hr, row.id, Change(Part.LEVELS, "lead", {"summary": summary}), row.number)
    actions.ask_for_review(session, hr, row.id, row.number)
