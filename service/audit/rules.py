"""The hash chain, without a database."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

START = "0" * 64

WORDS = {
    "agreement.accepted": "agreed where both said the same",
    "agreement.saved": "wrote an agreed rating",
    "assessment.begun": "began an assessment",
    "assessment.asked_again": "asked again what reads differently now",
    "assessment.reopened": "reopened an assessment",
    "assessment.submitted": "submitted an assessment",
    "calendar.ended": "ended their calendar address",
    "calendar.made": "made a calendar address",
    "check_ins.saved": "checked in on a growth plan",
    "cycle.closed": "closed a cycle",
    "cycle.opened": "opened a cycle",
    "document.rendered": "made the PDF of a growth plan",
    "document.requested": "asked for the PDF of a growth plan",
    "evidence.added": "added evidence",
    "evidence.removed": "took evidence away",
    "evidence.confirmed": "confirmed evidence",
    "evidence.disputed": "disputed evidence",
    "gap.removed": "took a chosen gap out of a growth plan",
    "key_result.added": "added a key result",
    "key_result.changed": "changed a key result",
    "key_result.removed": "took a key result away",
    "ladder_draft.begun": "began a draft of a ladder version",
    "ladder_draft.comment_added": "commented on a draft of a ladder version",
    "ladder_draft.comment_answered": "answered a comment on a draft of a ladder version",
    "ladder_draft.comment_reopened": "took up a comment on a draft of a ladder version again",
    "ladder_draft.comment_resolved": "settled a comment on a draft of a ladder version",
    "ladder_draft.discarded": "discarded a draft of a ladder version",
    "ladder_draft.guest_invited": "invited somebody to comment on a draft of a ladder version",
    "ladder_draft.guest_removed": "took back an invitation to a draft of a ladder version",
    "ladder_draft.published": "published a reviewed draft of a ladder version",
    "ladder_draft.returned": "took a ladder version in review back to draft",
    "ladder_draft.review_asked": "asked for the review of a ladder version",
    "ladder_draft.saved": "saved a draft of a ladder version",
    "ladder.published": "published a ladder version",
    "ladder.retired": "retired a ladder version",
    "objective.added": "added an objective",
    "objective.changed": "changed an objective",
    "objective.moved": "moved an objective to another horizon",
    "objective.removed": "took an objective away",
    "password.changed": "changed their password",
    "password.set": "set a password",
    "people.imported": "imported people",
    "person.left": "entered that somebody has left",
    "plan.agreed": "agreed a growth plan",
    "plan.change_begun": "began to change an agreed growth plan",
    "plan.change_taken_back": "took the change of a growth plan back",
    "plan.closed": "closed a growth plan",
    "plan.commented": "wrote a comment for the closing of a growth plan",
    "plan.discarded": "discarded a growth plan",
    "plan.handed_over": "handed a growth plan to a new manager",
    "plan.signed": "signed a growth plan",
    "plan.imported": "brought in a growth plan from a file",
    "plan.started": "began a growth plan",
    "rating.saved": "saved a rating",
    "ratings.saved": "saved ratings",
    "review.assessor_named": "named who assesses",
    "review.confirmed": "confirmed a review",
    "review.handed_over": "handed a review to a new assessor",
    "review.revealed": "revealed both assessments",
    "review.moved": "moved a review to a newer version of its ladder",
    "review.shared": "shared the manager’s view",
    "review.withdrawn": "closed the review of somebody who left",
    "role.granted": "gave a role",
    "role.revoked": "took a role back",
    "session.all_ended": "signed out everywhere",
    "session.ended": "signed out",
    "session.started": "signed in",
    "step.ticked": "ticked off a step of an onboarding plan",
    "step.unticked": "took back the tick of a step of an onboarding plan",
    "token.created": "made an API token",
    "token.revoked": "ended an API token",
    "unit_key_result.added": "added a key result to an objective of a unit",
    "unit_key_result.changed": "changed a key result of an objective of a unit",
    "unit_key_result.measured": "brought a value to an objective of a unit",
    "unit_key_result.removed": "took a key result of an objective of a unit away",
    "unit_objective.added": "added an objective of a unit",
    "unit_objective.changed": "changed an objective of a unit",
    "unit_objective.closed": "closed an objective of a unit",
    "unit_objective.reopened": "reopened an objective of a unit",
}
"""What each event says on a page, after the name of who did it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one link of the chain says. It holds no content of anybody's assessment, plan or comment."""

    seq: int
    at: datetime
    actor_id: UUID | None
    verb: str
    resource_kind: str
    resource_id: str
    subject_id: UUID | None
    reason: str


def link(previous_hash: str, entry: Entry) -> str:
    """The SHA-256 (hex) that binds `entry` to all before it."""
    text = json.dumps(asdict(entry), default=str, sort_keys=True, ensure_ascii=False)
    return sha256(f"{previous_hash}\n{text}".encode()).hexdigest()


def first_break(chain: Iterable[tuple[Entry, str, str]], head: tuple[int, str]) -> int | None:
    """The sequence number at which a chain of (entry, previous hash, hash) no longer holds; None when it does.

    `head` is where the chain should end (sequence number, hash): without it, links cut off there would not show.
    """
    before, position = START, 0
    for position, (entry, previous_hash, own_hash) in enumerate(chain, start=1):
        if entry.seq != position or previous_hash != before or link(before, entry) != own_hash:
            return position
        before = own_hash
    return None if (position, before) == head else min(position, head[0]) + 1
