"""Drafts of ladder versions: their savings, the steps of their life, who may comment, and what was said."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base, Identified, Word
from service.ladderdrafts.rules import DraftStatus, StepKind


class LadderDraft(Identified, Base):
    """A ladder version to come. `ladder`, `version` and `title` are what its text says, as far as it can be read; `number` is
    the newest saving, and so the version that two who write compare. Once published, `version_id` is what it became."""

    __tablename__ = "ladder_draft"

    status: Mapped[DraftStatus] = mapped_column(Word(DraftStatus, 20))
    ladder: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[int]
    begun_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("ladder_version.id"))

    savings: Mapped[list["LadderDraftSaving"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    steps: Mapped[list["LadderDraftStep"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="LadderDraftStep.number"
    )
    guests: Mapped[list["LadderDraftGuest"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    comments: Mapped[list["LadderDraftComment"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="LadderDraftComment.at"
    )

    @property
    def subject(self) -> Any:
        return None

    @property
    def guest_ids(self) -> frozenset[UUID]:
        return frozenset(guest.person_id for guest in self.guests)

    @property
    def writer_ids(self) -> frozenset[UUID]:
        """Who has a part in the text: whoever saved any of it, or gave their word for it by asking for a review."""
        asked = {step.by_id for step in self.steps if step.kind is StepKind.REVIEW_ASKED}
        return frozenset({self.begun_by_id, *asked, *(saving.by_id for saving in self.savings)})


class LadderDraftSaving(Identified, Base):
    """The text of both files as somebody left them. Rows are only added."""

    __tablename__ = "ladder_draft_saving"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("ladder_draft.id", ondelete="CASCADE"))
    number: Mapped[int]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(200))
    ladder_yaml: Mapped[str] = mapped_column(Text, deferred=True)
    blueprint_yaml: Mapped[str | None] = mapped_column(Text, deferred=True)


class LadderDraftStep(Identified, Base):
    """A change of state: of which saving, by whom, when, and why where that was asked."""

    __tablename__ = "ladder_draft_step"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("ladder_draft.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(Word(StepKind, 20))
    saving: Mapped[int]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)


class LadderDraftGuest(Base):
    """Somebody who is invited to read and comment."""

    __tablename__ = "ladder_draft_guest"
    __table_args__ = (Index("ix_ladder_draft_guest_person_id", "person_id"),)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("ladder_draft.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime]


class LadderDraftComment(Identified, Base):
    """What somebody said about saving `saving`, at `place`; an answer names the comment it is `answer_to`."""

    __tablename__ = "ladder_draft_comment"
    __table_args__ = (Index("ix_ladder_draft_comment_draft_id", "draft_id", "at"),)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("ladder_draft.id", ondelete="CASCADE"))
    answer_to: Mapped[UUID | None] = mapped_column(ForeignKey("ladder_draft_comment.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    saving: Mapped[int]
    resolved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None]

    @property
    def subject(self) -> Any:
        return None
