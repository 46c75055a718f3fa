"""Work to be done outside a request, written in the transaction that asks for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, BigKey


class Job(Base):
    """Taken with a lease and fenced on finish; at least once by the engine, exactly once in effect by the task's rows."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_open", "done_at", "run_after"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    task: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]]
    queued_at: Mapped[datetime]
    run_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(40))
    done_at: Mapped[datetime | None]
    error: Mapped[str | None]
