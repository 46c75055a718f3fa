"""Writing drafts and bringing them through review: allow → check → change → record."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import clock
from service.audit.actions import record
from service.errors import Invalid, NotSignedIn, Problem, Stale, VersionRequired
from service.ladderdrafts import queries, rules
from service.ladderdrafts.contents import read_contents, words
from service.ladderdrafts.editing import Edit, edited
from service.ladderdrafts.models import LadderDraft, LadderDraftSaving, LadderDraftStep
from service.ladderdrafts.rules import DraftStatus, StepKind
from service.ladders.actions import publish_version
from service.ladders.inputs import LadderTexts
from service.ladders.models import LadderVersion
from service.ladders.queries import get_version, versions_of
from service.ladders.rules import Blueprint, Ladder
from service.ladders.writing import to_texts
from service.permissions import Actor, Permission, require


def begin_draft(session: Session, actor: Actor, texts: LadderTexts, what: str = "begun from files") -> LadderDraft:
    """A new draft of these files, which may have problems still; `what` says in a line where they come from.

    Raises: Forbidden, NotSignedIn, Invalid (a NUL in the text).
    """
    require(actor, Permission.WRITE_DRAFT)
    now = clock.now()
    row = LadderDraft(
        status=DraftStatus.DRAFT, ladder="", version="", title="", number=0, begun_by_id=_person(actor), begun_at=now,
        saved_at=now, savings=[], steps=[], guests=[], comments=[],
    )  # fmt: skip
    session.add(row)
    _save(row, actor, texts, what)
    record(session, actor, "ladder_draft.begun", row)
    return row


def begin_next_version(session: Session, actor: Actor, ladder: str, version: str) -> LadderDraft:
    """A draft of the version after a published one: the same text, under the next free name, superseding it.

    Raises: NotFound, Forbidden, NotSignedIn.
    """
    view = get_version(session, actor, ladder, version)
    require(actor, Permission.WRITE_DRAFT)
    drafts = session.scalars(select(LadderDraft.version).where(LadderDraft.ladder == ladder))
    taken = {*(line.version for line in versions_of(session, actor, ladder)), *drafts}
    texts = to_texts(*_next(view.ladder, view.blueprint, rules.next_version(version, taken)))
    given = LadderTexts(ladder_yaml=texts[0], blueprint_yaml=texts[1])
    return begin_draft(session, actor, given, f"begun as the version after {version}")


def save_draft(
    session: Session, actor: Actor, draft_id: UUID, texts: LadderTexts, version: int | None, what: str = "whole files"
) -> LadderDraft:
    """Put these files in the place of the draft's. The same text again changes nothing.

    Raises: NotFound, Forbidden, Conflict (in review or published), Stale, VersionRequired, Invalid (a NUL in the text).
    """
    row = _to_write(session, actor, draft_id, version)
    if _plain(texts) != queries.texts_of(session, row.id, row.number):
        _save(row, actor, texts, what)
        record(session, actor, "ladder_draft.saved", row)
    return row


def edit_draft(session: Session, actor: Actor, draft_id: UUID, edit: Edit, version: int | None) -> LadderDraft:
    """One change by a form; ladder.yaml becomes canonical by it. Raises: as `save_draft`, Conflict and Invalid of the edit."""
    row = _to_write(session, actor, draft_id, version)
    texts = edited(queries.texts_of(session, row.id, row.number), edit)
    return save_draft(session, actor, draft_id, texts, row.number, edit.what[:200])


def ask_for_review(session: Session, actor: Actor, draft_id: UUID, version: int | None) -> LadderDraft:
    """Lock the text for a second person to read; whoever asks has given their word for it.

    Raises: NotFound, Forbidden, Conflict, Stale, VersionRequired; Invalid with all that stands in the way.
    """
    row = _to_write(session, actor, draft_id, version)
    _check_ready(session, row)
    _step(session, actor, row, StepKind.REVIEW_ASKED)
    record(session, actor, "ladder_draft.review_asked", row)
    return row


def return_draft(session: Session, actor: Actor, draft_id: UUID, reason: str) -> LadderDraft:
    """From review back to draft; whoever of HR sees what is to be mended may do so, the one who asked too.

    Raises: NotFound, Forbidden, Conflict.
    """
    row = _locked(session, actor, draft_id, Permission.WRITE_DRAFT)
    _step(session, actor, row, StepKind.RETURNED, reason)
    record(session, actor, "ladder_draft.returned", row, reason=reason)
    return row


def publish_draft(session: Session, actor: Actor, draft_id: UUID, version: int | None) -> LadderVersion:
    """Publish what was reviewed, as a second person: somebody of HR who neither saved any of the draft's texts nor asked for its
    review. The draft stays as the record of who wrote and who published.

    Raises: NotFound, Forbidden, Conflict (not in review, or published meanwhile), Stale, VersionRequired, Invalid.
    """
    row = _locked(session, actor, draft_id, Permission.PUBLISH_DRAFT)
    _check_version(row, version)
    rules.advance(row.status, StepKind.PUBLISHED)
    published = publish_version(session, actor, *_check_ready(session, row))
    row.version_id = published.id
    _step(session, actor, row, StepKind.PUBLISHED)
    record(session, actor, "ladder_draft.published", row)
    return published


def discard_draft(session: Session, actor: Actor, draft_id: UUID, version: int | None) -> None:
    """Take a draft away, with its savings and comments; that it was there stays in the audit log.

    Raises: NotFound, Forbidden, Conflict (in review or published), Stale, VersionRequired.
    """
    row = _to_write(session, actor, draft_id, version)
    record(session, actor, "ladder_draft.discarded", row)
    session.delete(row)


def _locked(session: Session, actor: Actor, draft_id: UUID, permission: Permission) -> LadderDraft:
    row = queries.find_draft(session, actor, draft_id, lock=True)
    require(actor, permission, row)
    return row


def _to_write(session: Session, actor: Actor, draft_id: UUID, version: int | None) -> LadderDraft:
    row = _locked(session, actor, draft_id, Permission.WRITE_DRAFT)
    rules.check_written(row.status)
    _check_version(row, version)
    return row


def _check_version(row: LadderDraft, version: int | None) -> None:
    if version is None:
        raise VersionRequired("Send the number of the saving you saw (If-Match, or the field version).")
    if version != row.number:
        words = f"The draft was saved since you opened it and stands at saving {row.number}. Look at what stands now."
        raise Stale(words, {"version": row.number})


def _check_ready(session: Session, row: LadderDraft) -> tuple[Ladder, Blueprint | None]:
    texts = queries.texts_of(session, row.id, row.number)
    contents = queries.contents_of(session, row.status, texts)
    supersedes = contents.ladder.supersedes if contents.ladder else None
    problems = [Problem("", str(found), found.kind) for found in contents.problems]
    problems += [Problem("", words) for words in queries.hindrances(session, row, supersedes)]
    if problems or contents.ladder is None:
        count = "One thing is" if len(problems) == 1 else f"{len(problems)} things are"
        raise Invalid(f"{count} to put right before this can be reviewed.", problems)
    return contents.ladder, contents.blueprint


def _save(row: LadderDraft, actor: Actor, texts: LadderTexts, what: str) -> None:
    texts = _plain(texts)
    if "\x00" in texts.ladder_yaml or "\x00" in (texts.blueprint_yaml or ""):
        raise Invalid(
            "This is not a text file.", [Problem("/ladder_yaml", "There is a NUL character in it. Take it out.")]
        )
    row.number, row.saved_at = row.number + 1, clock.now()
    saving = LadderDraftSaving(
        number=row.number, by_id=_person(actor), at=row.saved_at, what=what, ladder_yaml=texts.ladder_yaml,
        blueprint_yaml=texts.blueprint_yaml,
    )  # fmt: skip
    row.savings.append(saving)
    data = read_contents(texts.ladder_yaml, texts.blueprint_yaml).data or {}
    row.ladder, row.version = (
        words(data.get("ladder"))[:80] or row.ladder,
        words(data.get("version"))[:40] or row.version,
    )
    row.title = words(data.get("title"))[:200] or row.title


def _plain(texts: LadderTexts) -> LadderTexts:
    """With one kind of line end, whichever browser or machine sends it."""
    ladder, blueprint = texts.ladder_yaml.replace("\r\n", "\n"), (texts.blueprint_yaml or "").replace("\r\n", "\n")
    return LadderTexts.model_construct(ladder_yaml=ladder, blueprint_yaml=blueprint or None)


def _step(session: Session, actor: Actor, row: LadderDraft, kind: StepKind, reason: str = "") -> None:
    row.status = rules.advance(row.status, kind)
    step = LadderDraftStep(
        draft_id=row.id,
        number=len(row.steps) + 1,
        kind=kind,
        saving=row.number,
        by_id=_person(actor),
        at=clock.now(),
        reason=reason,
    )
    row.steps.append(step)
    session.flush()


def _next(ladder: Ladder, blueprint: Blueprint | None, version: str) -> tuple[Ladder, Blueprint | None]:
    """What a level or skill was called in an older version is that one's; in the next version nothing is renamed yet."""
    levels = tuple(replace(level, was=None) for level in ladder.levels)
    skills = tuple(replace(skill, was=None) for skill in ladder.skills)
    following = replace(ladder, version=version, supersedes=ladder.version, levels=levels, skills=skills)
    return following, replace(blueprint, version=version) if blueprint else None


def _person(actor: Actor) -> UUID:
    """Drafts are somebody's: their authors are named."""
    if actor.person_id is None:
        raise NotSignedIn("Sign in to go on.")
    return actor.person_id
