"""Publishing and retiring ladder versions."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service import clock
from service.audit.actions import record
from service.errors import Conflict, Invalid, NotFound, Problem
from service.ladders import canonical, rules
from service.ladders.checks import unknown_former_ids
from service.ladders.files import LADDER_FILE, Reading, read_path
from service.ladders.models import LadderVersion
from service.ladders.queries import latest_published
from service.ladders.rules import Blueprint, Ladder, Status, Version
from service.people.actions import rename_levels
from service.permissions import SYSTEM, Actor, Permission, require
from service.settings import ROOT

SHIPPED = ROOT / "ladders"


def publish_version(session: Session, actor: Actor, ladder: Ladder, blueprint: Blueprint | None) -> LadderVersion:
    """Publish a checked version; in a person's name only as the end of a review (drafts), else as the operator. The same
    content again changes nothing and gives the row there is, even a retired one. Where it is the newest of its ladder and says
    what its levels `was`, people who stand at those levels get their new ids along with it; reviews and plans keep theirs.

    Raises: Conflict where this version was published with different content; Invalid where a level or skill says that it was
    something which the superseded version, if that is known here, does not have.
    """
    require(actor, Permission.PUBLISH_LADDERS)
    _check_former_ids(session, ladder)
    content = canonical.to_json(ladder, blueprint)
    sha256 = canonical.hash_of(content)
    row = LadderVersion(
        ladder=ladder.id, version=ladder.version, title=ladder.title, family=ladder.family, status=Status.PUBLISHED,
        sha256=sha256, content=content, published_at=clock.now(),
    )  # fmt: skip
    there = _find(session, ladder.id, ladder.version) or _insert(session, row)
    if there is not None:
        if there.sha256 != sha256:
            raise Conflict(_changed(there, sha256))
        return there
    followed = _follow_levels(session, ladder)  # before the audit row: an import locks people first too
    record(session, actor, "ladder.published", row)
    if followed:
        record(session, actor, "ladder.levels_followed", row)
    return row


def retire_version(session: Session, actor: Actor, ladder: str, version: str) -> LadderVersion:
    """Take a published version out of use for new reviews; what is pinned to it stays as it is.

    Raises: NotFound, Conflict where it is retired already.
    """
    require(actor, Permission.PUBLISH_LADDERS)
    row = _find(session, ladder, version, lock=True)
    if row is None:
        raise NotFound(f"There is no version {version} of a ladder {ladder}.")
    row.status = rules.retire(Status(row.status))
    row.retired_at = clock.now()
    record(session, actor, "ladder.retired", row)
    return row


def publish_shipped(session: Session, folder: Path = SHIPPED) -> list[LadderVersion]:
    """Publish the versions that come with the program, in its own name; those that are there are not looked at.

    Raises: Invalid where a shipped file has problems.
    """
    published = []
    for file in sorted(folder.glob(f"*/*/{LADDER_FILE}")):
        if _find(session, file.parent.parent.name, file.parent.name) is None:
            published.append(publish_version(session, SYSTEM, *checked(read_path(file.parent)[0])))
    return published


def checked(reading: Reading) -> Version:
    """The ladder and blueprint of a reading without problems.

    Raises: Invalid with every problem, each beginning with its line and column.
    """
    if reading.problems:
        problems = [Problem(f"/{Path(found.path).stem}_yaml", str(found), found.kind) for found in reading.problems]
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise Invalid(f"The ladder has {count}; nothing was published.", problems)
    if reading.ladder is None:
        raise Invalid(f"There is no {LADDER_FILE}; a blueprint is published together with its ladder.")
    return reading.ladder, reading.blueprint


def _check_former_ids(session: Session, ladder: Ladder) -> None:
    superseded = _find(session, ladder.id, ladder.supersedes) if ladder.supersedes else None
    if superseded is None:
        return
    before, _ = canonical.recall(superseded.sha256) or canonical.remember(superseded.sha256, superseded.content)
    problems = [
        Problem("/" + "/".join(map(str, path)), words, "former-id")
        for path, words in unknown_former_ids(ladder, before)
    ]
    if problems:
        raise Invalid("What levels and skills were does not fit the version before; nothing was published.", problems)


def _follow_levels(session: Session, ladder: Ladder) -> int:
    renamed = {level.was: level.id for level in ladder.levels if level.was is not None}
    newest = latest_published(session, ladder.id) if renamed else None
    if newest is None or newest.ladder.version != ladder.version:
        return 0
    return rename_levels(session, ladder.id, renamed)


def _find(session: Session, ladder: str, version: str, *, lock: bool = False) -> LadderVersion | None:
    query = select(LadderVersion).where(LadderVersion.ladder == ladder, LadderVersion.version == version)
    return session.scalars(query.with_for_update() if lock else query).first()


def _insert(session: Session, row: LadderVersion) -> LadderVersion | None:
    """Store `row`, or give the one that another process published at the same moment."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return _find(session, row.ladder, row.version)
    return None


def _changed(there: LadderVersion, sha256: str) -> str:
    return (
        f"{there.ladder} {there.version} was published with other content (SHA-256 {there.sha256}) and never changes. "
        f"Yours is {sha256}: give it a new version name that supersedes {there.version}."
    )
