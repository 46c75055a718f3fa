"""The errors a caller can meet. One handler (web/problems.py) renders each as a page or as problem+json (RFC 9457)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `pointer` is an RFC 6901 JSON pointer into the input, or "" for the whole of it."""

    pointer: str
    detail: str
    id: str = ""


class NextrungError(Exception):
    """Base of all errors with an answer for the caller. `status` is the HTTP status, `title` one line in plain words; a page
    notes in `labels` how its fields are called, by name, for those that are wrong. `saves` says that the rest is kept."""

    status: ClassVar[int] = 500
    saves: ClassVar[bool] = False
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = tuple(problems)
        self.labels: dict[str, str] = {}


class NotSignedIn(NextrungError):
    status = 401
    title = "Please sign in"


class Forbidden(NextrungError):
    """The caller may see the thing, but may not do this to it."""

    status = 403
    title = "This is not yours to do"


class NotFound(NextrungError):
    """It does not exist, or the caller may not know that it does: the answer is the same."""

    status = 404
    title = "Not found"

    def __init__(self, detail: str = "There is nothing here that you can see.") -> None:
        super().__init__(detail)


class Conflict(NextrungError):
    """Not now: the thing is in a state that does not allow it."""

    status = 409
    title = "Not possible at this step"


class Stale(NextrungError):
    """Somebody, or another tab, saved in between. `current` is what stands now, as a read model."""

    status = 412
    title = "It was changed in between"

    def __init__(self, detail: str, current: Any = None) -> None:
        super().__init__(detail)
        self.current = current


class Invalid(NextrungError):
    """The input is incomplete or wrong; `problems` says where and how to mend it."""

    status = 422
    title = "That is not quite ready"


class PartlySaved(Invalid):
    """What fits of a form is saved; the problems name the rest. Where it is shown again (web/again.py) nothing is undone."""

    saves = True


class VersionRequired(NextrungError):
    status = 428
    title = "Say which version you changed"


class TooManyTries(NextrungError):
    """Throttled. `retry_after` is in seconds."""

    status = 429
    title = "Too many tries"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
