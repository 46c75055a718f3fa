"""The filters of a list of people as parameters of an address, the same for page and API."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from service.people.inputs import Narrowed
from service.web.forms import Blank

Id = Annotated[str, Query(max_length=80)]


def read_view(
    q: Annotated[str, Query(max_length=100, description="Part of a name, an e-mail address or an employee id.")] = "",
    unit: Annotated[UUID | None, Query(description="An org unit and those below."), Blank] = None,
    ladder: Id = "",
    level: Id = "",
) -> Narrowed:
    """The view that an address asks for."""
    return Narrowed(q, unit, ladder, level)


View = Annotated[Narrowed, Depends(read_view)]
