"""A form that is refused stands again, with every word that was typed and what is wrong: one shape for all such routes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from service.errors import Conflict, Invalid, NextrungError, PartlySaved, Stale, VersionRequired

Route = Callable[..., Response]
REFUSALS = (Invalid, Stale, Conflict, VersionRequired)


@dataclass(frozen=True, slots=True)
class Refused:
    """What was wrong with a form, and what was typed into it."""

    problem: NextrungError
    typed: FormData


def refused(request: Request) -> Refused | None:
    """The form that this request could not save; None where a page is only being read."""
    found: Refused | None = getattr(request.state, "refused", None)
    return found


def or_again(show: Route) -> Callable[[Route], Route]:
    """For the route that takes a form: what it refuses is undone, and `show`, the route of the page that holds the form,
    answers in its place. `page` then says the problem and its status; `refused(request)` has the words. What is
    `PartlySaved` stays saved."""
    wanted = signature(show).parameters

    def decorate(save: Route) -> Route:
        own = signature(save)

        @wraps(save)
        def answer(request: Request, **given: Any) -> Response:
            try:
                return save(**given)
            except REFUSALS as problem:
                if not isinstance(problem, PartlySaved):
                    given["session"].rollback()
                request.state.refused = Refused(problem, given.get("form", FormData()))
                return show(request, **{name: value for name, value in given.items() if name in wanted})

        asked = Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
        answer.__signature__ = own.replace(parameters=[asked, *own.parameters.values()])  # type: ignore[attr-defined]
        return answer

    return decorate
