"""Reading ladder versions. A parsed version is remembered by its hash, so a page costs one small row."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select, tuple_
from sqlalchemy.orm import Session

from service.errors import NotFound
from service.ladders import canonical
from service.ladders.comparing.differences import differences
from service.ladders.comparing.successors import Successors, along, between, former_names, leading
from service.ladders.comparing.telling import Telling, tell
from service.ladders.library import SharedSkill, Wanted, library
from service.ladders.models import LadderVersion
from service.ladders.rules import Blueprint, Ladder, Skill, Status, version_order
from service.permissions import SYSTEM, Actor, Permission, require


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One ladder version in a list."""

    id: UUID
    ladder: str
    version: str
    title: str
    family: str
    status: Status
    sha256: str
    published_at: datetime | None
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class LadderView:
    """One ladder version with its whole content."""

    id: UUID
    sha256: str
    status: Status
    published_at: datetime | None
    retired_at: datetime | None
    ladder: Ladder
    blueprint: Blueprint | None


_LINE = tuple(getattr(LadderVersion, name) for name in VersionLine.__slots__)


def visible_versions(actor: Actor) -> Select[Any]:
    """Every version, published or retired: whoever is signed in may read all of them.

    Raises: NotSignedIn.
    """
    require(actor, Permission.READ_LADDERS)
    return select(*_LINE).where(LadderVersion.status != Status.DRAFT)


def list_versions(session: Session, actor: Actor) -> list[VersionLine]:
    """All versions by ladder, the newest of each first."""
    return _newest_first(session, visible_versions(actor))


def versions_of(session: Session, actor: Actor, ladder: str) -> list[VersionLine]:
    """The versions of one ladder, the newest first."""
    return _newest_first(session, visible_versions(actor).where(LadderVersion.ladder == ladder))


def page_of_versions(session: Session, actor: Actor, after: str | None, limit: int) -> list[VersionLine]:
    """Up to `limit + 1` versions by ladder and name, after the one called `ladder/version`."""
    query = visible_versions(actor).order_by(LadderVersion.ladder, LadderVersion.version).limit(limit + 1)
    if after is not None:
        ladder, _, version = after.partition("/")
        query = query.where(tuple_(LadderVersion.ladder, LadderVersion.version) > (ladder, version))
    return [_line(row) for row in session.execute(query)]


def get_version(session: Session, actor: Actor, ladder: str, version: str) -> LadderView:
    """One version by its names, published or retired.

    Raises: NotFound, NotSignedIn.
    """
    line = find_version(session, actor, ladder, version)
    if line is None:
        raise NotFound(f"There is no version {version} of a ladder {ladder}.")
    return _view(session, line)


def find_version(session: Session, actor: Actor, ladder: str, version: str) -> VersionLine | None:
    """One version without its content, or None."""
    query = visible_versions(actor).where(LadderVersion.ladder == ladder, LadderVersion.version == version)
    row = session.execute(query).first()
    return _line(row) if row else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from `before` to `after`; a version of another ladder may be compared too."""

    before: LadderView
    after: LadderView
    telling: Telling


def compare_versions(session: Session, actor: Actor, ladder: str, version: str, other: str) -> Comparison:
    """What one version says differently from `other`: a version of the same ladder, or `ladder/version` of any.

    Raises: NotFound, NotSignedIn.
    """
    after = get_version(session, actor, ladder, version)
    before = get_version(session, actor, *_names(ladder, other))
    known = between(before.ladder, after.ladder)
    if known is None and before.ladder.id == after.ladder.id:
        versions = [view.ladder for view in _views(session, versions_of(session, actor, ladder))]
        known = along(versions, before.ladder, after.ladder)
    one, two = (before.ladder, before.blueprint), (after.ladder, after.blueprint)
    return Comparison(before, after, tell(differences(one, two, known), one, two))


def version_before(ladder: Ladder, lines: list[VersionLine]) -> str:
    """The version to compare one with where nobody says which, out of its ladder's (the newest first): what it supersedes, else
    the one before it by name; "" for the first."""
    versions = [line.version for line in lines]
    if ladder.supersedes in versions:
        return ladder.supersedes or ""
    older = versions[versions.index(ladder.version) + 1 :]
    return older[0] if older else ""


def choices(lines: list[VersionLine], ladder: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The versions to compare one with, under the titles of their ladders: those of its own first, named by version alone."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in sorted(lines, key=lambda line: line.ladder != ladder):
        name = line.version if line.ladder == ladder else f"{line.ladder}/{line.version}"
        groups.setdefault(line.title, []).append((name, f"{line.title} {line.version}"))
    return list(groups.items())


def _names(ladder: str, other: str) -> tuple[str, str]:
    first, _, second = other.partition("/")
    return (first, second) if second else (ladder, first)


def get_version_by_id(session: Session, version_id: UUID) -> LadderView:
    """The version that another row is pinned to; whoever may read that row may read this.

    Raises: NotFound.
    """
    row = session.execute(select(*_LINE).where(LadderVersion.id == version_id)).first()
    if row is None:
        raise NotFound
    return _view(session, _line(row))


def versions_around(session: Session, version_ids: Collection[UUID]) -> dict[UUID, Ladder]:
    """By id, those that other rows are pinned to and every other version of their ladders, in at most two statements."""
    theirs = select(LadderVersion.ladder).where(LadderVersion.id.in_(version_ids))
    lines = _newest_first(session, visible_versions(SYSTEM).where(LadderVersion.ladder.in_(theirs)))
    return {view.id: view.ladder for view in _views(session, lines)}


def latest_published(session: Session, ladder: str, at: datetime | None = None) -> LadderView | None:
    """The version of a ladder that is published, or was just before `at`, and whose name comes last (2026.10 after 2026.9)."""
    query = select(*_LINE).where(LadderVersion.ladder == ladder)
    if at is None:
        query = query.where(LadderVersion.status == Status.PUBLISHED)
    else:
        in_use = or_(LadderVersion.retired_at.is_(None), LadderVersion.retired_at >= at)
        query = query.where(LadderVersion.published_at < at, in_use)
    lines = [_line(row) for row in session.execute(query)]
    return _view(session, max(lines, key=lambda line: version_order(line.version))) if lines else None


def list_latest(session: Session, actor: Actor) -> list[LadderView]:
    """The latest published version of every ladder, by title."""
    return latest_of(session, list_versions(session, actor))


def successors_of(session: Session, before: Ladder, after: Ladder) -> Successors | None:
    """What became of the ids of one version in a later one, which may be a draft, along the versions between them; None where
    they do not lead from the one to the other."""
    if before.id != after.id:
        return None
    all_ = _newest_first(session, visible_versions(SYSTEM).where(LadderVersion.ladder == before.id))
    others = [view.ladder for view in _views(session, all_) if view.ladder.version != after.version]
    return leading([*others, after], before, after)


def former_ids(session: Session, ladder: Ladder, skill_id: str) -> set[str]:
    """The id of a skill and those that it had in the versions before, as each says of the one that it supersedes."""
    if ladder.supersedes is None:
        return {skill_id}
    lines = _newest_first(session, visible_versions(SYSTEM).where(LadderVersion.ladder == ladder.id))
    return former_names([view.ladder for view in _views(session, lines)], ladder, skill_id)


def latest_of(session: Session, lines: list[VersionLine]) -> list[LadderView]:
    """The latest published version of every ladder among `lines` (the newest first), by title."""
    latest: dict[str, VersionLine] = {}
    for line in lines:
        if line.status is Status.PUBLISHED:
            latest.setdefault(line.ladder, line)
    return sorted(_views(session, list(latest.values())), key=lambda view: view.ladder.title)


def known_levels(session: Session) -> dict[str, frozenset[str]]:
    """The published ladders, each with the levels of its latest version: where somebody may be said to stand."""
    return {view.ladder.id: frozenset(view.ladder.rank) for view in list_latest(session, SYSTEM)}


def ladder_titles(session: Session) -> dict[str, tuple[str, dict[str, str]]]:
    """Ladder id → its title and the titles of its levels by id, as the latest published versions have them."""
    ladders = [view.ladder for view in list_latest(session, SYSTEM)]
    return {ladder.id: (ladder.title, {level.id: level.title for level in ladder.levels}) for ladder in ladders}


def find_skill(session: Session, actor: Actor, skill_id: str) -> list[LadderView]:
    """The latest versions that define a skill, one for each ladder: the same id is the same skill."""
    return [view for view in list_latest(session, actor) if skill_id in view.ladder.skills_by_id]


def list_skills(session: Session, actor: Actor, wanted: Wanted) -> tuple[list[SharedSkill], list[Ladder]]:
    """The skills of the latest versions that fit, by name, and those ladders."""
    ladders = [view.ladder for view in list_latest(session, actor)]
    return [shared for shared in library(ladders) if wanted.fits(shared)], ladders


def get_skill(session: Session, actor: Actor, skill_id: str, pinned: LadderView | None = None) -> list[LadderView]:
    """The versions to read a skill in: `pinned` first, and of every other ladder that has it the latest.

    Raises: NotFound where none defines it, NotSignedIn.
    """
    found = find_skill(session, actor, skill_id)
    if pinned is not None:
        skill_in(pinned, skill_id)
        found = [pinned, *(view for view in found if view.ladder.id != pinned.ladder.id)]
    if not found:
        raise NotFound(f"No ladder has a skill {skill_id}.")
    return found


def skill_in(view: LadderView, skill_id: str) -> Skill:
    """Raises: NotFound where this version does not define the skill."""
    if skill_id not in view.ladder.skills_by_id:
        raise NotFound(f"{view.ladder.title} {view.ladder.version} has no skill {skill_id}.")
    return view.ladder.skills_by_id[skill_id]


def blueprint_of(view: LadderView) -> Blueprint:
    """Raises: NotFound where the version has no blueprint."""
    if view.blueprint is None:
        raise NotFound(f"{view.ladder.title} {view.ladder.version} has no blueprint.")
    return view.blueprint


def line_of(row: LadderVersion) -> VersionLine:
    """A row that an action just wrote, as a list shows it."""
    return _from({name: getattr(row, name) for name in VersionLine.__slots__})


def _line(row: Row[Any]) -> VersionLine:
    return _from(row._asdict())


def _from(values: dict[str, Any]) -> VersionLine:
    return VersionLine(**values | {"status": Status(values["status"])})


def _newest_first(session: Session, query: Select[Any]) -> list[VersionLine]:
    lines = sorted(map(_line, session.execute(query)), key=lambda line: version_order(line.version), reverse=True)
    return sorted(lines, key=lambda line: line.ladder)


def _view(session: Session, line: VersionLine) -> LadderView:
    return _views(session, [line])[0]


def _views(session: Session, lines: list[VersionLine]) -> list[LadderView]:
    """With the content of all lines that were not read before in one query."""
    known = {line.sha256: version for line in lines if (version := canonical.recall(line.sha256))}
    unread = [line.id for line in lines if line.sha256 not in known]
    if unread:
        query = select(LadderVersion.sha256, LadderVersion.content).where(LadderVersion.id.in_(unread))
        known |= {sha256: canonical.remember(sha256, content) for sha256, content in session.execute(query)}
    return [
        LadderView(line.id, line.sha256, line.status, line.published_at, line.retired_at, *known[line.sha256])
        for line in lines
    ]
