"""JSON doors of people."""

from uuid import UUID

from fastapi import Request, Response

from service.people import actions, queries
from service.people.forms import View
from service.people.inputs import PeopleFile
from service.people.rules import Preview
from service.permissions import Permission
from service.web.paging import After, Limit, link_next
from service.web.routing import DbSession, Router, SignedIn

router = Router(tag="people")


@router.get("/people", permission=Permission.LIST_PEOPLE)
def list_people(
    response: Response, session: DbSession, actor: SignedIn, view: View, after: After = None, limit: Limit = 50
) -> list[queries.PersonLine]:
    """Those the caller may see, by name: HR everybody, an HR partner their units, a manager everybody below."""
    found = queries.list_people(session, actor, view, after=after, limit=limit)
    link_next(response, "/api/v1/people", found, limit=str(limit), **view.query)
    return list(found.rows)


@router.post("/people/import-previews", permission=Permission.IMPORT_PEOPLE)
def preview_import(request: Request, session: DbSession, actor: SignedIn, file: PeopleFile) -> Preview:
    """What importing the file would change, with every problem by row and column. Writes nothing."""
    return queries.preview_import(session, actor, file.csv, request.app.state.known_levels(session))


@router.post("/people/imports", permission=Permission.IMPORT_PEOPLE)
def import_people(request: Request, session: DbSession, actor: SignedIn, file: PeopleFile) -> Preview:
    """Import the file, all of it or, where there is a problem, nothing. The answer says what was changed."""
    return actions.import_people(session, actor, file.csv, request.app.state.known_levels(session))


@router.get("/people/{person_id}", permission=Permission.READ_PERSON)
def show_person(person_id: UUID, session: DbSession, actor: SignedIn) -> queries.PersonView:
    """One person, with manager and reports."""
    return queries.get_person(session, actor, person_id)
