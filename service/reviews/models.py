"""Cycles, reviews, the two assessments with their ratings and evidence, and the agreed ratings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base, Identified, Word
from service.ladders.models import LadderVersion
from service.people.models import Person
from service.permissions import Subject
from service.reviews.rules import Answer, AssessmentStatus, EvidenceState, Rating, ReviewStatus, ShareRule, Side


class Cycle(Identified, Base):
    __tablename__ = "cycle"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    starts_on: Mapped[date]
    assess_by: Mapped[date]
    share_by: Mapped[date]
    ends_on: Mapped[date]
    share_rule: Mapped[ShareRule] = mapped_column(Word(ShareRule, 20))
    closed_at: Mapped[datetime | None]


class Review(Identified, Base):
    """One person in one cycle, and in one running cycle at a time. Ladder version, levels and assessor are pinned; `version`
    counts changes of the review's own fields, never of anybody's ratings."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("cycle_id", "person_id"),
        Index("ix_review_assessor", "assessor_id"),
        Index(
            "uq_review_running", "person_id", unique=True,
            sqlite_where=text("status <> 'closed'"), postgresql_where=text("status <> 'closed'"),
        ),
    )  # fmt: skip

    cycle_id: Mapped[UUID] = mapped_column(ForeignKey("cycle.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    ladder_version_id: Mapped[UUID] = mapped_column(ForeignKey("ladder_version.id"))
    current_level: Mapped[str] = mapped_column(String(80))
    target_level: Mapped[str] = mapped_column(String(80))
    assessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[ReviewStatus] = mapped_column(Word(ReviewStatus, 20), default=ReviewStatus.OPEN)
    revealed_at: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]
    person_confirmed_at: Mapped[datetime | None]
    person_comment: Mapped[str] = mapped_column(Text, default="")
    assessor_confirmed_at: Mapped[datetime | None]
    assessor_comment: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    cycle: Mapped[Cycle] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
    assessor: Mapped[Person | None] = relationship(foreign_keys=[assessor_id], lazy="joined")
    ladder_version: Mapped[LadderVersion] = relationship()
    assessments: Mapped[list["Assessment"]] = relationship(
        back_populates="review", order_by="(Assessment.side.desc(), Assessment.begun_at, Assessment.id)"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def subject(self) -> Subject:
        return self.person.subject


class Assessment(Identified, Base):
    """One rater's ratings. Of each side one is current; one that went to a new manager stays, read by nobody."""

    __tablename__ = "assessment"
    __table_args__ = (
        Index(
            "uq_assessment_current", "review_id", "side", unique=True,
            sqlite_where=text("is_current"), postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), index=True)
    rater_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    side: Mapped[Side] = mapped_column(Word(Side, 10))
    status: Mapped[AssessmentStatus] = mapped_column(Word(AssessmentStatus, 10), default=AssessmentStatus.DRAFT)
    is_current: Mapped[bool] = mapped_column(default=True)
    begun_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    reopen_reason: Mapped[str] = mapped_column(Text, default="")

    review: Mapped[Review] = relationship(back_populates="assessments", lazy="joined", innerjoin=True)
    rater: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    ratings: Mapped[list["SkillRating"]] = relationship(back_populates="assessment")

    @property
    def subject(self) -> Subject:
        return self.review.subject

    @property
    def assessor_id(self) -> UUID | None:
        return self.review.assessor_id

    @property
    def revealed_at(self) -> datetime | None:
        return self.review.revealed_at

    @property
    def shared_at(self) -> datetime | None:
        return self.review.shared_at


class RatedMixin:
    """The columns of an answer, the same for a side's rating and an agreed one."""

    skill_id: Mapped[str] = mapped_column(String(80))
    answer: Mapped[Answer] = mapped_column(Word(Answer, 20))
    rung: Mapped[str | None] = mapped_column(String(80))
    toward_next: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    @property
    def rating(self) -> Rating:
        return Rating(Answer(self.answer), self.rung, self.toward_next, self.reason)


class SkillRating(Identified, RatedMixin, Base):
    """A rating in an assessment; `version` is what two tabs are told apart by. `asked_again` is the answer in the words of the
    ladder version before, where the skill reads differently in the present one and waits for another answer; else empty."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("assessment_id", "skill_id"),)

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    comment: Mapped[str] = mapped_column(Text, default="")
    asked_again: Mapped[str] = mapped_column(Text, default="", server_default="")
    saved_at: Mapped[datetime]

    assessment: Mapped[Assessment] = relationship(back_populates="ratings", lazy="joined", innerjoin=True)
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="rating_row", lazy="selectin", order_by="(Evidence.dated, Evidence.id)"
    )

    @property
    def subject(self) -> Subject:
        return self.assessment.subject


class Evidence(Identified, Base):
    """A dated note or link that shows a rating; the other side may confirm or dispute it after the reveal."""

    __tablename__ = "evidence"

    rating_id: Mapped[UUID] = mapped_column(ForeignKey("rating.id"), index=True)
    dated: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[EvidenceState] = mapped_column(Word(EvidenceState, 10), default=EvidenceState.CLAIMED)
    answer: Mapped[str] = mapped_column(Text, default="")

    rating_row: Mapped[SkillRating] = relationship(back_populates="evidence", lazy="joined", innerjoin=True)

    @property
    def subject(self) -> Subject:
        return self.rating_row.subject

    @property
    def assessor_id(self) -> UUID | None:
        return self.rating_row.assessment.assessor_id


class EvidenceOffer(Identified, Base):
    """What a finished piece of work showed of a skill, for later assessments of the person to take over as evidence. Whoever
    may read what it links to may take it: `assessor_id` is that of the work."""

    __tablename__ = "evidence_offer"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    assessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    skill_id: Mapped[str] = mapped_column(String(80))
    dated: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    offered_at: Mapped[datetime]

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)

    @property
    def subject(self) -> Subject:
        return self.person.subject

    @property
    def agreed_at(self) -> datetime:
        """What is offered had been agreed before (as `agreed` in permissions.py asks)."""
        return self.offered_at

    @property
    def signed_by_id(self) -> None:
        """The work is closed, so nobody reads it for having signed it (`signer` in permissions.py)."""
        return None


class AgreedRating(Identified, RatedMixin, Base):
    """The third set, written in the talk; `note` where it differs from either side."""

    __tablename__ = "agreed_rating"
    __table_args__ = (UniqueConstraint("review_id", "skill_id"),)

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]

    review: Mapped[Review] = relationship(lazy="joined", innerjoin=True)

    @property
    def subject(self) -> Subject:
        return self.review.subject


class EarlierAssessment(Identified, Base):
    """An assessment as it was submitted, until it was taken back: `data` is JSON, skill id → answer. It never changes (trigger
    in migration 0012), as the two below."""

    __tablename__ = "earlier_assessment"

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), index=True)
    submitted_at: Mapped[datetime]
    until: Mapped[datetime]
    data: Mapped[str] = mapped_column(Text)


class EarlierAgreedRating(Identified, RatedMixin, Base):
    """An agreed rating as it stood until another was written in its place."""

    __tablename__ = "earlier_agreed_rating"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    until: Mapped[datetime]


class EarlierPin(Identified, Base):
    """The ladder version and levels that a review was pinned to, until its owner moved it to another version."""

    __tablename__ = "earlier_pin"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), index=True)
    ladder_version_id: Mapped[UUID] = mapped_column(ForeignKey("ladder_version.id"))
    current_level: Mapped[str] = mapped_column(String(80))
    target_level: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime]
