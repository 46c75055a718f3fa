"""A team view as parameters of an address, the same for page, files and API."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from service.team.rules import Narrowed, Reach, Step
from service.web.forms import AsOf, Blank

Id = Annotated[UUID | None, Query(), Blank]


def read_view(
    cycle: Annotated[Id, Query(description="Left out: the running cycles.")] = None,
    step: Annotated[Step | None, Query(), Blank] = None,
    late: Annotated[bool | None, Query(description="Only what waits past its day."), Blank] = None,
    unit: Annotated[Id, Query(description="An org unit and those below.")] = None,
    ladder: Annotated[str, Query(max_length=80)] = "",
    reach: Annotated[Reach | None, Query(description="Left out: everybody in sight."), Blank] = None,
    assessor: Id = None,
    q: Annotated[str, Query(max_length=100, description="Part of a name, an e-mail address or an employee id.")] = "",
    as_of: AsOf = None,
) -> Narrowed:
    """The view that an address asks for."""
    return Narrowed(cycle, step, bool(late), unit, ladder, reach, assessor, q, as_of)


View = Annotated[Narrowed, Depends(read_view)]
