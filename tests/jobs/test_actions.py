from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from service.clock import frozen
from service.db import Database
from service.jobs.actions import LEASE, MOST_ATTEMPTS, enqueue, run_all, run_next
from service.jobs.models import Job

NOW = datetime(2026, 9, 21, 9, 0, tzinfo=UTC)


class WorkerKilled(BaseException):
    """As if the process ended in the middle of a task."""


def queue(database: Database, **arguments: Any) -> None:
    with database.transaction() as session:
        enqueue(session, "task", **arguments)


def job(database: Database) -> Job:
    with database.transaction() as session:
        return session.scalars(select(Job)).one()


def die(_database: Database) -> None:
    raise WorkerKilled


def take_and_die(database: Database, worker: str) -> None:
    try:
        run_next(database, {"task": die}, worker)
    except WorkerKilled:
        return
    raise AssertionError("there was no job to die of")


def test_a_job_runs_once_with_what_it_was_given(database: Database) -> None:
    given: list[str] = []
    with frozen(NOW):
        queue(database, whom="ben")
        assert run_all(database, {"task": lambda _database, whom: given.append(whom)}) == 1
        assert run_all(database, {}) == 0
    assert (given, job(database).done_at, job(database).error) == (["ben"], NOW, None)


def test_what_was_asked_for_in_a_transaction_that_failed_is_not_done(database: Database) -> None:
    try:
        with database.transaction() as session:
            enqueue(session, "task")
            raise RuntimeError
    except RuntimeError:
        pass
    assert run_all(database, {}) == 0


def test_a_task_that_fails_waits_longer_each_time_and_then_keeps_its_error(database: Database) -> None:
    tried: list[datetime] = []

    def fail(_database: Database) -> None:
        tried.append(now)
        raise ValueError

    with frozen(NOW):
        queue(database)
    now = NOW
    while now < NOW + timedelta(hours=2):
        with frozen(now):
            run_next(database, {"task": fail}, "w")
        now = job(database).run_after if job(database).done_at is None else NOW + timedelta(hours=2)
    waits = [(later - sooner).total_seconds() for sooner, later in pairwise(tried)]
    assert waits == [4, 16, 64, 256, 600]
    assert (len(tried), job(database).error, job(database).done_at) == (MOST_ATTEMPTS, "ValueError", tried[-1])


def test_the_job_of_a_worker_that_died_goes_to_another_after_its_lease(database: Database) -> None:
    done: list[str] = []
    with frozen(NOW):
        queue(database)
        take_and_die(database, "first")
    tasks = {"task": lambda _database: done.append("second")}
    with frozen(NOW + LEASE - timedelta(seconds=1)):
        assert not run_next(database, tasks, "second")
    with frozen(NOW + LEASE):
        assert run_next(database, tasks, "second")
    assert (done, job(database).error) == (["second"], None)


def test_a_worker_that_was_thought_dead_does_not_end_the_job_of_its_successor(database: Database) -> None:
    with frozen(NOW):
        queue(database)

    def slow(_database: Database) -> None:
        """Takes longer than its lease; meanwhile another takes the job, and dies of it."""
        with frozen(NOW + LEASE):
            take_and_die(database, "second")

    with frozen(NOW):
        run_next(database, {"task": slow}, "first")
    assert (job(database).done_at, job(database).worker) == (None, "second")


def test_a_job_that_kills_every_worker_is_given_up_and_says_so(database: Database) -> None:
    with frozen(NOW):
        queue(database)
    for attempt in range(MOST_ATTEMPTS):
        with frozen(NOW + attempt * LEASE):
            take_and_die(database, f"w{attempt}")
    assert job(database).done_at is None
    with frozen(NOW + MOST_ATTEMPTS * LEASE):
        assert not run_next(database, {"task": die}, "last")
    assert (job(database).error, job(database).worker) == ("WorkerDied", None)
    assert job(database).done_at is not None
