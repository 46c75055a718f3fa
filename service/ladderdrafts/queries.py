"""Reading drafts: HR, HR partners, and whoever is invited to one. For everybody else they do not exist."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from service.errors import NotFound
from service.ladderdrafts.contents import Contents, read_contents
from service.ladderdrafts.differences import differences
from service.ladderdrafts.models import LadderDraft, LadderDraftComment, LadderDraftGuest, LadderDraftSaving
from service.ladderdrafts.rules import DraftStatus
from service.ladderdrafts.views import (
    Answer,
    Comment,
    Differences,
    DraftLine,
    DraftView,
    Finding,
    Guest,
    Opened,
    Saving,
    Step,
)
from service.ladders.checks import unknown_former_ids
from service.ladders.comparing.differences import differences as versions_differences
from service.ladders.comparing.telling import tell
from service.ladders.files import LADDER_FILE
from service.ladders.inputs import LadderTexts
from service.ladders.models import LadderVersion
from service.ladders.queries import find_version, get_version
from service.ladders.rules import Ladder
from service.ladders.writing import to_texts
from service.ladders.yamltext import FileProblem, parse
from service.paging import Page, cut, read_named_cursor
from service.people.models import Person, RoleGrant
from service.people.queries import list_names
from service.permissions import SYSTEM, Actor, Permission, Role, may, require


def visible_drafts(actor: Actor) -> Select[LadderDraft]:
    """Those that the actor may read: equal to may(READ_DRAFT) row by row."""
    if actor.roles & {Role.HR, Role.PARTNER}:
        return select(LadderDraft)
    if actor.person_id is None:
        return select(LadderDraft).where(false())
    invited = select(LadderDraftGuest.draft_id).where(LadderDraftGuest.person_id == actor.person_id)
    return select(LadderDraft).where(LadderDraft.id.in_(invited))


def list_drafts(session: Session, actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[DraftLine]:
    """The drafts that the actor may read, by ladder and version.

    Raises: NotSignedIn, Invalid for a cursor that no page gave out.
    """
    require(actor, Permission.LIST_DRAFTS)
    name = LadderDraft.ladder + "/" + LadderDraft.version
    query = visible_drafts(actor).order_by(name, LadderDraft.id).limit(limit + 1)
    if (last := read_named_cursor(after)) is not None:
        query = query.where(tuple_(name, LadderDraft.id) > tuple_(*last))
    rows = session.scalars(query).all()
    names = list_names(session, {row.begun_by_id for row in rows})
    counts = _open_comments(session, [row.id for row in rows])
    lines = [_line(row, names.get(row.begun_by_id, ""), counts[row.id]) for row in rows]
    return cut(lines, limit, lambda line: f"{line.ladder}/{line.version}|{line.id}")


def list_under_way(session: Session, actor: Actor) -> list[DraftLine]:
    """Those that the actor may read and nobody has published yet, by ladder and version, without names and comments.

    Raises: NotSignedIn.
    """
    require(actor, Permission.LIST_DRAFTS)
    query = visible_drafts(actor).where(LadderDraft.status != DraftStatus.PUBLISHED)
    return [_line(row) for row in session.scalars(query.order_by(LadderDraft.ladder, LadderDraft.version)).all()]


def list_asked(session: Session, actor: Actor) -> list[tuple[DraftLine, bool]]:
    """The drafts that wait for the actor: to be read and published (True), or to be commented on as a guest (False)."""
    if actor.person_id is None:
        return []
    said = select(LadderDraftComment.draft_id).where(LadderDraftComment.by_id == actor.person_id)
    invited = select(LadderDraftGuest.draft_id).where(LadderDraftGuest.person_id == actor.person_id)
    as_guest = LadderDraft.id.in_(invited) & LadderDraft.id.not_in(said)
    as_second = (LadderDraft.status == DraftStatus.IN_REVIEW) if Role.HR in actor.roles else false()
    query = select(LadderDraft).where(LadderDraft.status != DraftStatus.PUBLISHED, or_(as_guest, as_second))
    parts = (LadderDraft.savings, LadderDraft.steps, LadderDraft.guests)
    query = query.order_by(LadderDraft.saved_at, LadderDraft.id).options(*(selectinload(part) for part in parts))
    rows = session.scalars(query).all()
    found = []
    for row in rows:
        publishes = row.status is DraftStatus.IN_REVIEW and may(actor, Permission.PUBLISH_DRAFT, row)
        if publishes or actor.person_id in row.guest_ids:
            found.append((_line(row), publishes))
    return found


def _line(row: LadderDraft, begun_by: str = "", open_comments: int = 0) -> DraftLine:
    return DraftLine(
        row.id, row.ladder, row.version, row.title, row.status, row.number, begun_by, row.begun_at, row.saved_at,
        open_comments,
    )  # fmt: skip


def find_draft(session: Session, actor: Actor, draft_id: UUID, *, lock: bool = False) -> LadderDraft:
    """The row, for actions. Raises: NotFound, NotSignedIn."""
    query = select(LadderDraft).where(LadderDraft.id == draft_id)
    if lock:  # read anew: it may have waited for somebody who changed what was read before
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).first()
    if row is None:
        require(actor, Permission.LIST_DRAFTS)
        raise NotFound
    require(actor, Permission.READ_DRAFT, row)
    return row


def find_in_review(session: Session, ladder: str, version: str) -> UUID | None:
    """The draft of this version that waits for a second person, or None; for the command line."""
    query = select(LadderDraft.id).where(LadderDraft.ladder == ladder, LadderDraft.version == version)
    return session.scalars(query.where(LadderDraft.status == DraftStatus.IN_REVIEW).limit(1)).first()


def texts_of(session: Session, draft_id: UUID, number: int) -> LadderTexts:
    """The files as a saving left them. Raises: NotFound."""
    columns = (LadderDraftSaving.ladder_yaml, LadderDraftSaving.blueprint_yaml)
    query = select(*columns).where(LadderDraftSaving.draft_id == draft_id, LadderDraftSaving.number == number)
    row = session.execute(query).first()
    if row is None:
        raise NotFound(f"There is no saving {number}.")
    return LadderTexts.model_construct(ladder_yaml=row.ladder_yaml, blueprint_yaml=row.blueprint_yaml)


def get_draft(session: Session, actor: Actor, draft_id: UUID) -> DraftView:
    """Raises: NotFound, NotSignedIn."""
    return open_draft(session, actor, draft_id).draft


def open_draft(session: Session, actor: Actor, draft_id: UUID) -> Opened:
    """The draft with what its text says. Raises: NotFound, NotSignedIn."""
    parts = (LadderDraft.savings, LadderDraft.steps, LadderDraft.guests, LadderDraft.comments)
    query = select(LadderDraft).where(LadderDraft.id == draft_id).options(*(selectinload(part) for part in parts))
    row = session.scalars(query).first()
    if row is None:
        require(actor, Permission.LIST_DRAFTS)
        raise NotFound
    require(actor, Permission.READ_DRAFT, row)
    texts = texts_of(session, row.id, row.number)
    contents = contents_of(session, row.status, texts)
    supersedes = (contents.data or {}).get("supersedes")
    supersedes = supersedes if isinstance(supersedes, str) else None
    names = list_names(session, _people(row))
    savings = tuple(
        Saving(each.number, names.get(each.by_id, ""), each.at, each.what)
        for each in sorted(row.savings, key=lambda each: -each.number)
    )
    published = session.scalar(select(LadderVersion.status).where(LadderVersion.id == row.version_id))
    view = DraftView(
        id=row.id, ladder=row.ladder, version=row.version, title=row.title, status=row.status, number=row.number,
        begun_by=names.get(row.begun_by_id, ""), begun_at=row.begun_at, saved_by=savings[0].by, saved_at=row.saved_at,
        supersedes=supersedes, texts=texts, findings=tuple(map(_finding, contents.problems)),
        hindrances=hindrances(session, row, supersedes), savings=savings,
        steps=tuple(Step(each.kind, each.saving, names.get(each.by_id, ""), each.at, each.reason) for each in row.steps),
        guests=tuple(
            Guest(each.person_id, names.get(each.person_id, ""), names.get(each.invited_by_id, ""), each.invited_at)
            for each in sorted(row.guests, key=lambda each: (each.invited_at, names.get(each.person_id, "")))
        ),
        comments=_comments(row, names), seconds=_seconds(session, row),
        version_status=str(published) if published else None,
        may_write=may(actor, Permission.WRITE_DRAFT, row), may_comment=may(actor, Permission.COMMENT_DRAFT, row),
        may_publish=may(actor, Permission.PUBLISH_DRAFT, row),
    )  # fmt: skip
    return Opened(view, contents)


def contents_of(session: Session, status: DraftStatus, texts: LadderTexts) -> Contents:
    """What the text of a draft says; among its problems what it says wrongly of the version that it supersedes."""
    contents = read_contents(texts.ladder_yaml, texts.blueprint_yaml)
    if status is DraftStatus.PUBLISHED:
        return contents
    return replace(contents, problems=(*contents.problems, *_former_ids(session, contents.ladder, texts.ladder_yaml)))


def hindrances(session: Session, row: LadderDraft, supersedes: str | None) -> tuple[str, ...]:
    """What, beside the problems of its text, keeps a draft from being reviewed and published."""
    if row.status is DraftStatus.PUBLISHED:
        return ()
    found = []
    if there := find_version(session, SYSTEM, row.ladder, row.version):
        found.append(
            f"Version {there.version} of this ladder is {there.status} already and never changes. Give yours another name."
        )
    if supersedes is not None and find_version(session, SYSTEM, row.ladder, supersedes) is None:
        found.append(f"It supersedes {supersedes}, and there is no such version of this ladder.")
    return tuple(found)


def compare_savings(session: Session, actor: Actor, draft_id: UUID, number: int) -> Differences:
    """What a saving changed. Raises: NotFound, NotSignedIn."""
    row = find_draft(session, actor, draft_id)
    before = texts_of(session, row.id, number - 1) if number > 1 else None
    return Differences(f"saving {number - 1}" if before else "", differences(before, texts_of(session, row.id, number)))


def compare_with_superseded(session: Session, actor: Actor, draft_id: UUID) -> Differences:
    """What would change for people: against the version that the draft supersedes, both in their canonical text. A first
    version is compared with nothing. Raises: NotFound, NotSignedIn."""
    opened = open_draft(session, actor, draft_id)
    draft, contents = opened.draft, opened.contents
    after = draft.texts
    if contents.ladder is not None:
        after = _texts(*to_texts(contents.ladder, contents.blueprint))
    line = find_version(session, actor, draft.ladder, draft.supersedes) if draft.supersedes else None
    if line is None:
        return Differences("", differences(None, after))
    old = get_version(session, actor, line.ladder, line.version)
    found = differences(_texts(*to_texts(old.ladder, old.blueprint)), after)
    told = None
    if contents.ladder is not None:
        one, two = (old.ladder, old.blueprint), (contents.ladder, contents.blueprint)
        told = tell(versions_differences(one, two), one, two)
    return Differences(f"{old.ladder.title} {line.version}", found, told)


def _former_ids(session: Session, ladder: Ladder | None, text: str) -> Iterator[FileProblem]:
    """Every `was` that names nothing of the superseded version, at its line; that there is no such version is a hindrance."""
    if ladder is None or ladder.supersedes is None:
        return
    says = any(level.was for level in ladder.levels) or any(skill.was for skill in ladder.skills)
    if says and find_version(session, SYSTEM, ladder.id, ladder.supersedes):
        before = get_version(session, SYSTEM, ladder.id, ladder.supersedes).ladder
        parsed = parse(LADDER_FILE, text.encode("utf-8", "replace"))
        for path, words in unknown_former_ids(ladder, before):
            yield parsed.problem(path, "former-id", words)


def _texts(ladder_yaml: str, blueprint_yaml: str | None) -> LadderTexts:
    return LadderTexts.model_construct(ladder_yaml=ladder_yaml, blueprint_yaml=blueprint_yaml)


def _open_comments(session: Session, ids: list[UUID]) -> Counter[UUID]:
    query = select(LadderDraftComment.draft_id, func.count()).where(
        LadderDraftComment.draft_id.in_(ids),
        LadderDraftComment.answer_to.is_(None),
        LadderDraftComment.resolved_at.is_(None),
    )
    counts: Counter[UUID] = Counter()
    for draft_id, count in session.execute(query.group_by(LadderDraftComment.draft_id)):
        counts[draft_id] = count
    return counts


def _people(row: LadderDraft) -> set[UUID]:
    """Everybody who is named on the page of a draft."""
    found: set[UUID | None] = {row.begun_by_id}
    found |= {each.by_id for part in (row.savings, row.steps, row.comments) for each in part}
    found |= {id_ for each in row.guests for id_ in (each.person_id, each.invited_by_id)}
    found |= {each.resolved_by_id for each in row.comments}
    return {id_ for id_ in found if id_ is not None}


def _seconds(session: Session, row: LadderDraft) -> tuple[str, ...]:
    """Who of HR has no part in the text."""
    query = select(Person.name).join(RoleGrant, RoleGrant.person_id == Person.id).where(RoleGrant.role == Role.HR)
    query = query.where(Person.active, Person.id.not_in(row.writer_ids)).distinct().order_by(Person.name)
    return tuple(session.scalars(query))


def _comments(row: LadderDraft, names: dict[UUID, str]) -> tuple[Comment, ...]:
    in_order = sorted(row.comments, key=lambda each: (each.at, str(each.id)))
    return tuple(
        Comment(
            each.id, each.place, each.text, names.get(each.by_id, ""), each.at, each.saving,
            tuple(_answers(in_order, each.id, names)),
            names.get(each.resolved_by_id, "") if each.resolved_by_id else None, each.resolved_at,
        )
        for each in in_order
        if each.answer_to is None
    )  # fmt: skip


def _answers(comments: Iterable[LadderDraftComment], to: UUID, names: dict[UUID, str]) -> Iterable[Answer]:
    return (Answer(it.id, names.get(it.by_id, ""), it.at, it.text) for it in comments if it.answer_to == to)


def _finding(problem: FileProblem) -> Finding:
    at = "".join(f"/{_token(step)}" for step in problem.at)
    return Finding(problem.path, problem.line, problem.column, problem.kind, problem.message, at)


def _token(step: Any) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
