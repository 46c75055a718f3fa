"""Reviews without a database: what a rating may be, and which step follows which (PRODUCT.md, "Assessments")."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.errors import Conflict, Invalid, NextrungError, Problem
from service.ladders.rules import Ladder, Skill


class Side(StrEnum):
    """Whose view an assessment is. They are never averaged."""

    SELF = "self"
    MANAGER = "manager"


class AssessmentStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"


OWN_REVIEW_RUNS = (
    "Your own review still runs in this cycle. Confirm it first, or let somebody else of HR close the cycle."
)
"""Nobody ends their own case (SECURITY.md section 2, conflict of interest)."""


class ReviewStatus(StrEnum):
    OPEN = "open"
    REVEALED = "revealed"
    SHARED = "shared"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


class ShareRule(StrEnum):
    """When the person sees the manager's view: at the reveal, or once calibration has been released."""

    AT_REVEAL = "at-reveal"
    AFTER_CALIBRATION = "after-calibration"


class Answer(StrEnum):
    """A rating is a rung of the skill, none of them yet, or one of two answers that are never counted as low."""

    RUNG = "rung"
    NONE = "none"
    NOT_ASSESSED = "not-assessed"
    NOT_APPLICABLE = "not-applicable"


class EvidenceState(StrEnum):
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Rating:
    """One answer for one skill. `rung` is a level id where the answer is a rung; `reason` says why one is not applicable."""

    answer: Answer
    rung: str | None = None
    toward_next: bool = False
    reason: str = ""


NOT_ASSESSED = Rating(Answer.NOT_ASSESSED)

_REVIEW_STEPS = {
    ReviewStatus.OPEN: (ReviewStatus.REVEALED, ReviewStatus.CLOSED),
    ReviewStatus.REVEALED: (ReviewStatus.SHARED, ReviewStatus.CLOSED),
    ReviewStatus.SHARED: (ReviewStatus.CONFIRMED, ReviewStatus.CLOSED),
    ReviewStatus.CONFIRMED: (ReviewStatus.CLOSED,),
    ReviewStatus.CLOSED: (),
}


def advance(status: ReviewStatus, *, to: ReviewStatus) -> ReviewStatus:
    """The next step of a review.

    Raises: Conflict where it does not follow from the present one.
    """
    if to not in _REVIEW_STEPS[status]:
        raise Conflict(f"This review is {status}; it cannot become {to} from there.")
    return to


def check_rating(ladder: Ladder, target_level: str, skill_id: str, rating: Rating) -> Skill:
    """The rated skill, if it is expected at the target and the rating says something the ladder version knows.

    Raises: Invalid with a pointer to the field.
    """
    skill = ladder.skills_by_id.get(skill_id)
    if skill is None:
        raise Invalid(
            "That skill is not on this ladder.", [Problem("/skill_id", f"{ladder.title} has no skill {skill_id!r}.")]
        )
    if ladder.expected_at(skill, target_level) is None:
        detail = f"{skill.name} is not expected at {ladder.level(target_level).title}, so there is nothing to answer."
        raise Invalid("That skill is not asked for.", [Problem("/skill_id", detail)])
    problem = _problem_of(skill, rating)
    if problem:
        missing = problem.pointer == "/reason"
        raise Invalid("The reason is missing." if missing else "This answer does not fit the skill.", [problem])
    return skill


def problems_by_skill(refused: Mapping[str, NextrungError]) -> list[Problem]:
    """All problems of a sheet, at /{skill id}/…; one that names no place is about the answer."""
    return [
        Problem(f"/{skill_id}{problem.pointer}", problem.detail)
        for skill_id, error in refused.items()
        for problem in error.problems or [Problem("/answer", error.detail)]
    ]


def _problem_of(skill: Skill, rating: Rating) -> Problem | None:
    defined = [expectation.level for expectation in skill.expectations]
    if rating.answer is Answer.RUNG and rating.rung not in defined:
        return Problem("/rung", f"Choose a rung that {skill.name} describes: {', '.join(defined)}.")
    if rating.answer is not Answer.RUNG and rating.rung is not None:
        return Problem("/rung", "Leave the rung out with this answer.")
    if rating.toward_next and rating.answer not in (Answer.RUNG, Answer.NONE):
        return Problem("/toward_next", "Parts of the next rung can only show where a rung is chosen, or none yet.")
    if rating.toward_next and rating.rung == defined[-1]:
        return Problem("/toward_next", f"{skill.name} has no rung above this one.")
    if rating.answer is Answer.NOT_APPLICABLE and not rating.reason.strip():
        return Problem("/reason", "Say in a few words why this skill does not apply.")
    return None


def check_complete(ladder: Ladder, target_level: str, answered: Collection[str]) -> None:
    """Every skill expected at the target level has an answer; "not assessed" is one.

    Raises: Invalid that names each skill still open.
    """
    missing = [skill for skill in ladder.skills_expected_at(target_level) if skill.id not in answered]
    if missing:
        problems = [Problem(f"/ratings/{skill.id}", f"{skill.name} has no answer yet.") for skill in missing]
        raise Invalid(f"{len(missing)} skills still need an answer; “not assessed” is one.", problems)


def check_reopen(status: AssessmentStatus, *, revealed: bool) -> None:
    """A submitted assessment can be taken back until both are in. Raises: Conflict."""
    if status is not AssessmentStatus.SUBMITTED:
        raise Conflict("This assessment is still a draft; just go on with it.")
    if revealed:
        raise Conflict("Both assessments are submitted and open to each other, so neither can be changed any more.")


def needs_note(agreed: Rating, self_: Rating | None, manager: Rating | None) -> bool:
    """An agreed rating that differs from either side's needs a note (PRODUCT.md, "Assessments")."""
    return not (same_answer(agreed, self_) and same_answer(agreed, manager))


def same_answer(one: Rating, other: Rating | None) -> bool:
    """Whether two sides say the same about a skill, whatever their reasons. No answer counts as not assessed."""
    other = other or NOT_ASSESSED
    return (one.answer, one.rung, one.toward_next) == (other.answer, other.rung, other.toward_next)
