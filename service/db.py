"""Engine, sessions and column types for SQLite and PostgreSQL alike (decisions 3 and 4 of service/README.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import JSON, BigInteger, DateTime, Engine, Integer, MetaData, String, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

Json = JSON().with_variant(JSONB(), "postgresql")
BigKey = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, always with its zone, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A member of a StrEnum, kept as its text and read back as the member: `mapped_column(Word(Status, 20))`."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.words = words

    def process_bind_param(self, value: str | None, _dialect: Any) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Any) -> StrEnum | None:
        return None if value is None else self.words(value)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment(), dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


_seeded: Iterator[UUID] | None = None


def new_id() -> UUID:
    """A random id: nothing can be read off its order."""
    return next(_seeded) if _seeded else uuid4()


@contextmanager
def seeded_ids(seed: str) -> Iterator[None]:
    """Until the block ends, new ids follow from `seed` and their order alone. For the demo company; never for people's data."""
    global _seeded
    before, _seeded = _seeded, (uuid5(NAMESPACE_OID, f"{seed}/{number}") for number in count())
    try:
        yield
    finally:
        _seeded = before


class Identified:
    """A row with an id of its own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Database:
    """The two kinds of session: writing ones take SQLite's write lock at once, reading ones never do."""

    def __init__(self, writing: sessionmaker[Session], reading: sessionmaker[Session]) -> None:
        self.writing = writing
        self.reading = reading

    @property
    def engine(self) -> Engine:
        """What both kinds are bound to, where `connect` made them; for the migrations."""
        engine: Engine = self.writing.kw["bind"]
        return engine

    @contextmanager
    def transaction(self, *, readonly: bool = False) -> Iterator[Session]:
        """A session that commits when the block ends well and rolls back when it does not."""
        with (self.reading if readonly else self.writing)() as session:
            yield session
            if readonly:
                session.rollback()
            else:
                session.commit()


def connect(url: str) -> Database:
    """The database at a `sqlite:///` or `postgresql://` URL."""
    engine = make_engine(url)
    reading = engine.execution_options(readonly=True)
    return Database(sessionmaker(engine, expire_on_commit=False), sessionmaker(reading, expire_on_commit=False))


def make_engine(url: str) -> Engine:
    """An engine for a `sqlite:///` or `postgresql://` URL, with SQLite set up to be as safe as PostgreSQL."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=30, hide_parameters=True)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 10}, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    readonly = connection.get_execution_options().get("readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
