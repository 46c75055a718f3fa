"""The hash chain, without a database."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

START = "0" * 64


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
