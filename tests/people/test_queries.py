from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from service.errors import Forbidden, Invalid, NotFound, NotSignedIn
from service.people import queries
from service.people.actions import import_people, rebuild_reporting_lines
from service.people.inputs import Narrowed
from service.people.models import OrgUnit, Person, RoleGrant
from service.people.queries import Named
from service.permissions import NOBODY, SYSTEM, Permission, Role, may
from service.team import rules as team_rules
from service.team.queries import list_team
from tests.factories import open_cycle
from tests.people.test_actions import HEAD


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def _names(page):
    return [line.name for line in page.rows]


@pytest.fixture
def with_edges(session, cast):
    """The cast, and: somebody who left, an HR who leads, a partner whose manager sits in their unit, a unit below."""
    below = OrgUnit(name="Design", parent_id=cast.ann.unit_id)
    session.add(below)
    session.flush()
    cast.eli.active = False
    cast.cat.unit_id = below.id
    cast.pia.manager_id = cast.ann.id
    cast.ben.manager_id = cast.dee.id
    session.add(RoleGrant(person_id=cast.fay.id, role=Role.HR))
    rebuild_reporting_lines(session)
    session.commit()
    return cast


@pytest.mark.parametrize("edges", [False, True])
def test_visible_people_equals_may_read_person_row_by_row(session, cast, request, edges):
    if edges:
        request.getfixturevalue("with_edges")
    people = session.query(Person).all()
    present = [person for person in people if person.active]
    for actor in [NOBODY, SYSTEM, *(cast.actor(person) for person in present)]:
        visible = set(session.scalars(queries.visible_people(actor)))
        assert visible == {person for person in people if may(actor, Permission.READ_PERSON, person)}, actor.name


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("max", ["Ann", "Ben", "Cat", "Dee", "Max"]),
        ("ann", ["Ann", "Ben", "Cat"]),
        ("dee", ["Ann", "Ben", "Cat", "Dee", "Eli", "Fay", "Max", "Pia", "Una"]),
        ("pia", ["Ann", "Ben", "Cat", "Dee", "Max", "Pia"]),
        ("fay", ["Eli", "Fay"]),
    ],
)
def test_who_sees_whom_in_the_list(session, cast, name, seen):
    assert _names(queries.list_people(session, cast.actor(cast.everybody[name]))) == seen


@pytest.mark.parametrize("name", ["ben", "cat", "una", "eli"])
def test_who_leads_nobody_has_no_list(session, cast, name):
    with pytest.raises(Forbidden):
        queries.list_people(session, cast.actor(cast.everybody[name]))


def test_nobody_has_no_list(session, cast):
    with pytest.raises(NotSignedIn):
        queries.list_people(session, NOBODY)


def test_who_left_is_not_in_the_list(session, with_edges):
    assert "Eli" not in _names(queries.list_people(session, SYSTEM))


def test_the_list_goes_on_after_the_last_row_seen(session, cast):
    hr, seen, after = cast.actor(cast.dee), [], None
    while True:
        page = queries.list_people(session, hr, after=after, limit=3)
        seen.append(_names(page))
        if page.next is None:
            break
        after = page.next
    assert seen == [["Ann", "Ben", "Cat"], ["Dee", "Eli", "Fay"], ["Max", "Pia", "Una"]]


def test_namesakes_are_each_listed_once(session, cast):
    for person in cast.everybody.values():
        person.name = "Kim" * 60
    session.flush()
    first = queries.list_people(session, SYSTEM, limit=4)
    rest = queries.list_people(session, SYSTEM, limit=40, after=first.next)
    assert len({line.id for line in first.rows + rest.rows}) == 9
    assert len(first.next) < 300


@pytest.mark.parametrize("cursor", ["x", "%%", "4pyT", "YQ", "é", "\x00"])
def test_a_cursor_of_nobody_is_refused(session, cast, cursor):
    with pytest.raises(Invalid):
        queries.list_people(session, SYSTEM, after=cursor)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("şebnem", ["Şebnem Ünal"]),
        ("sebnem unal", ["Şebnem Ünal"]),
        ("Sébnèm", ["Şebnem Ünal"]),
        ("ÜNAL", ["Şebnem Ünal"]),
        ("e-ann", ["Ann"]),
        ("BEN@", ["Ben"]),
        (" cat ", ["Cat"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("\x00ann", ["Ann"]),
        ("'; drop table person; --", []),
    ],
)
def test_search_knows_every_script_and_takes_signs_literally(session, cast, q, found):
    session.add(
        Person(employee_id="Ş-1", name="Şebnem Ünal", email="s@x.org", email_key="s@x.org", started_on=date(2026, 1, 2))
    )
    session.flush()
    assert _names(queries.list_people(session, SYSTEM, Narrowed(q=q))) == found


SPELLINGS = [
    ("Chloé Martin", "chloe"), ("Chloe\u0301 Martin", "CHLOÉ"), ("Anna Straße", "strasse"), ("Anna STRASSE", "Straße"),
    ("Łukasz Wójcik", "lukasz wojcik"), ("Bjørn Æsir", "bjorn aes"), ("İpek Kılıç", "ipek kilic"), ("Νίκος", "νικοσ"),
    ("Ｎｏａ", "noa"), ("Jo  Anne", "jo anne"), ("ימית", "ימית"), ("José", "josé"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "q"), SPELLINGS)
def test_search_ignores_case_and_accents_in_list_and_team(session, cast, name, q):
    open_cycle(session, cast)
    cast.ben.name = name
    session.flush()
    assert _names(queries.list_people(session, SYSTEM, Narrowed(q=q))) == [name]
    team = list_team(session, cast.actor(cast.ann), team_rules.Narrowed(q=q))
    assert [line.review.person_name for line in team.rows] == [name]


@pytest.mark.parametrize("q", ["n b", "org e", "martin\nchloe"])
def test_search_does_not_run_over_from_one_field_into_the_next(session, cast, q):
    assert queries.list_people(session, SYSTEM, Narrowed(q=q)).rows == ()


def test_search_finds_people_as_an_import_wrote_them_last(session, cast):
    row = "E-ben,Bengt Ångström,bengt@x.org,E-ann,Product,product-manager,middle,2024-01-08\n"
    import_people(session, SYSTEM, HEAD + row, {"product-manager": frozenset({"middle"})})
    found = {q: _names(queries.list_people(session, SYSTEM, Narrowed(q=q))) for q in ("angstrom", "bengt@", "ben@")}
    assert found == {"angstrom": ["Bengt Ångström"], "bengt@": ["Bengt Ångström"], "ben@": []}


def test_search_finds_nobody_whom_one_may_not_see(session, cast):
    assert _names(queries.list_people(session, cast.actor(cast.fay), Narrowed(q="ann"))) == []


def test_one_person_with_manager_and_reports(session, cast):
    ann = queries.get_person(session, cast.actor(cast.max), cast.ann.id)
    assert (ann.name, ann.unit, ann.manager) == ("Ann", "Product", Named(cast.max.id, "Max"))
    assert ann.reports == (Named(cast.ben.id, "Ben"), Named(cast.cat.id, "Cat"))


def test_one_sees_the_name_of_the_own_manager_but_not_their_page(session, cast):
    assert queries.get_person(session, cast.actor(cast.ben), cast.ben.id).manager == Named(None, "Ann")
    with pytest.raises(NotFound):
        queries.get_person(session, cast.actor(cast.ben), cast.ann.id)


def test_the_number_of_statements_does_not_grow_with_the_list(session, cast):
    hr = cast.actor(cast.dee)
    ann_id, place = cast.ann.id, {"manager_id": cast.ann.id, "unit_id": cast.ann.unit_id}
    for number in range(30):
        mail = f"n{number}@x.org"
        session.add(Person(employee_id=f"N-{number}", name=f"N{number}", email=mail, email_key=mail, **place))
    session.flush()
    rebuild_reporting_lines(session)
    counts = []
    for limit in (1, 30):
        session.expunge_all()
        with counted(session) as sent:
            assert len(queries.list_people(session, hr, limit=limit).rows) == limit
        counts.append(len(sent))
    session.expunge_all()
    with counted(session) as sent:
        assert len(queries.get_person(session, hr, ann_id).reports) == 32
    assert counts == [1, 1]
    assert len(sent) <= 6
