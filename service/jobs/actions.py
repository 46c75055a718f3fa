"""Queueing a task and working the queue off (decision 6 of service/README.md; Procrastinate takes over on PostgreSQL later)."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service import clock
from service.db import Database
from service.jobs.models import Job

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 6
LONGEST_WAIT = timedelta(minutes=10)

Task = Callable[..., None]
log = structlog.get_logger()


def enqueue(session: Session, task: str, **arguments: Any) -> None:
    """Ask for `task` once this transaction is committed. Arguments are plain JSON values; ids as text."""
    now = clock.now()
    session.add(Job(task=task, arguments=arguments, queued_at=now, run_after=now))


def enqueue_once(session: Session, task: str, **arguments: Any) -> None:
    """As `enqueue`, unless the same is asked for already and not done yet. Two at the very same moment may both ask."""
    same = select(Job.id).where(Job.task == task, Job.arguments == arguments, Job.done_at.is_(None))
    if session.scalar(same.limit(1)) is None:
        enqueue(session, task, **arguments)


def has_failed(session: Session, task: str, **arguments: Any) -> bool:
    """Whether the same was asked for and given up."""
    same = select(Job.id).where(
        Job.task == task, Job.arguments == arguments, Job.done_at.is_not(None), Job.error.is_not(None)
    )
    return session.scalar(same.limit(1)) is not None


def run_next(database: Database, tasks: Mapping[str, Task], worker: str) -> bool:
    """Take one due job, run `tasks[name](database, **arguments)`, mark it done. False when none was due.

    A task that raises is tried again after 4 seconds, 16, and so on up to ten minutes; after the sixth time it keeps its
    error. A worker that dies loses its lease.
    """
    job = _take(database, worker)
    if job is None:
        return False
    try:
        tasks[job.task](database, **job.arguments)
        values: dict[str, Any] = {"done_at": clock.now(), "error": None}
    except Exception as error:
        log.exception("job.failed", task=job.task, job=job.id, attempt=job.attempts)
        wait = min(timedelta(seconds=4**job.attempts), LONGEST_WAIT)
        values = {"run_after": clock.now() + wait, "error": type(error).__name__}
        if job.attempts >= MOST_ATTEMPTS:
            values["done_at"] = clock.now()
    with database.transaction() as session:
        mine = (Job.id == job.id) & (Job.worker == worker) & (Job.attempts == job.attempts)
        session.execute(update(Job).where(mine).values(worker=None, **values))
    return True


def run_all(database: Database, tasks: Mapping[str, Task]) -> int:
    """Work off everything that is due now, in this thread; how many jobs that was."""
    worker, count = str(uuid4()), 0
    while run_next(database, tasks, worker):
        count += 1
    return count


def run_forever(database: Database, tasks: Mapping[str, Task], stop: threading.Event) -> None:
    """The loop of a worker: until `stop` is set, work off what is due and look again four times a second."""
    worker = str(uuid4())
    while not stop.is_set():
        try:
            busy = run_next(database, tasks, worker)
        except Exception:  # a database that restarts must not end the worker
            log.exception("worker.stumbled")
            busy = False
        if not busy:
            stop.wait(0.25)


def _take(database: Database, worker: str) -> Job | None:
    """What is due, the oldest first; but before all what takes somebody's access away."""
    now = clock.now()
    due = select(Job).where(Job.done_at.is_(None), Job.run_after <= now)
    with database.transaction(readonly=True) as session:  # look first: an idle worker never asks for the write lock
        if session.scalars(due.limit(1)).first() is None:
            return None
    with database.transaction() as session:
        given_up = update(Job).where(Job.done_at.is_(None), Job.run_after <= now, Job.attempts >= MOST_ATTEMPTS)
        session.execute(given_up.values(worker=None, done_at=now, error="WorkerDied"))
        job = session.scalars(
            due.order_by(~Job.task.startswith("hand_over"), Job.id).limit(1).with_for_update(skip_locked=True)
        ).first()
        if job is None:
            return None
        job.worker, job.attempts, job.run_after = worker, job.attempts + 1, now + LEASE
        session.flush()
        session.expunge(job)
    return job
