"""Published ladder versions: canonical JSON and its hash; a trigger keeps them from changing."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Identified
from service.ladders.rules import Status


class LadderVersion(Identified, Base):
    """`content` is the canonical JSON text {"ladder": …, "blueprint": …}, `sha256` its hash in hex."""

    __tablename__ = "ladder_version"
    __table_args__ = (UniqueConstraint("ladder", "version"),)

    ladder: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(80))
    status: Mapped[Status] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    @property
    def subject(self) -> Any:
        return None
