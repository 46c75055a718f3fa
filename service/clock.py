"""The one clock. Tests set it with `frozen()`; nothing else reads the time of day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, in UTC."""
    return _frozen or datetime.now(UTC)


def today() -> date:
    """The present date, in UTC."""
    return now().date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` (with a time zone). For tests and for the demo company, whose dates are fixed."""
    global _frozen
    before, _frozen = _frozen, moment
    try:
        yield
    finally:
        _frozen = before
