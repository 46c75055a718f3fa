"""A refused form: undone, shown again with its words, by the route of the page that it stands on."""

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request

from service.errors import Conflict, Forbidden, Invalid, PartlySaved, Stale, VersionRequired
from service.web.again import or_again, refused


class Undone:
    rolled_back = False

    def rollback(self) -> None:
        self.rolled_back = True


def _request() -> Request:
    return Request({"type": "http", "method": "POST", "path": "/", "headers": []})


def _form_that(refuses):
    def show(request, session, thing, tick=""):
        return (refused(request), thing, tick)

    @or_again(show)
    def save(session, thing, form):
        raise refuses

    return save


@pytest.mark.parametrize("problem", [Invalid("No."), Stale("Old."), Conflict("Late."), VersionRequired("Which?")])
def test_what_is_refused_is_undone_and_shown_with_its_words(problem):
    session, form = Undone(), FormData([("why", "My own words")])
    again, thing, tick = _form_that(problem)(request=_request(), session=session, thing="a plan", form=form)
    assert (again.problem, again.typed, thing, tick) == (problem, form, "a plan", "")
    assert session.rolled_back


def test_what_is_partly_saved_is_not_undone():
    session, form, problem = Undone(), FormData(), PartlySaved("One line needs another look.")
    again, *_ = _form_that(problem)(request=_request(), session=session, thing="a list", form=form)
    assert (again.problem, session.rolled_back) == (problem, False)


def test_who_may_not_is_not_shown_the_page():
    session = Undone()
    with pytest.raises(Forbidden):
        _form_that(Forbidden("Not yours."))(request=_request(), session=session, thing="a plan", form=FormData())
    assert not session.rolled_back


def test_a_page_that_is_only_read_has_nothing_refused():
    assert refused(_request()) is None
