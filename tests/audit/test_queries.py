from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from service import clock
from service.audit import queries
from service.audit.actions import record
from service.audit.models import AuditEvent, AuditHead
from service.errors import Forbidden, Invalid, NotSignedIn
from service.paging import write_cursor
from service.people.actions import ImportedFile
from service.permissions import NOBODY, SYSTEM
from tests.people.test_queries import counted

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def log(session, cast):
    """Thirty events about Ben by Ann, three in each second, the last one nine seconds after NOW."""
    for number in range(30):
        with clock.frozen(NOW + timedelta(seconds=number // 3)):
            record(session, cast.actor(cast.ann), f"review.step_{number}", cast.ben)
    session.commit()


def _verbs(page):
    return [line.verb for line in page.rows]


def _pages(call, limit):
    after, seen = None, []
    while True:
        page = call(after=after, limit=limit)
        seen.append(_verbs(page))
        if page.next is None:
            return seen
        after = page.next


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 29, 30, 31])
def test_both_lists_go_on_where_they_ended(session, cast, log, limit):
    newest_first = [f"review.step_{number}" for number in reversed(range(30))]
    for listed, reader in ((queries.list_events, cast.una), (queries.list_own_events, cast.ben)):
        actor = cast.actor(reader)
        pages = _pages(lambda actor=actor, listed=listed, **page: listed(session, actor, **page), limit)
        assert [verb for page in pages for verb in page] == newest_first
        assert all(len(page) == limit for page in pages[:-1])


def test_what_comes_meanwhile_shifts_no_page(session, cast, log):
    ben = cast.actor(cast.ben)
    first = queries.list_own_events(session, ben, limit=10)
    record(session, cast.actor(cast.ann), "review.newest", cast.ben)
    rest = queries.list_own_events(session, ben, limit=100, after=first.next)
    assert _verbs(first) + _verbs(rest) == [f"review.step_{number}" for number in reversed(range(30))]


def test_own_lines_hide_the_sequence_other_peoples_reasons_and_their_unfinished_work(session, cast):
    ann, ben = cast.actor(cast.ann), cast.actor(cast.ben)
    record(session, ann, "ratings.saved", cast.ben)
    record(session, ben, "ratings.saved", cast.ben, reason="mine")
    record(session, ann, "assessment.reopened", cast.ben, reason="theirs")
    record(session, ann, "assessment.reopened", cast.cat)
    lines = queries.list_own_events(session, ben).rows
    assert [(line.actor_id, line.verb, line.reason) for line in lines] == [
        (cast.ann.id, "assessment.reopened", ""),
        (cast.ben.id, "ratings.saved", "mine"),
    ]
    assert not hasattr(lines[0], "seq")


def test_an_auditor_does_not_audit_their_own_case_nor_count_its_lines(session, cast):
    ann, una = cast.actor(cast.ann), cast.actor(cast.una)
    record(session, ann, "cycle.opened", ImportedFile("1"))
    record(session, ann, "rating.saved", cast.una)
    record(session, ann, "rating.saved", cast.ben)
    lines = queries.list_events(session, una).rows
    assert [(line.verb, line.subject_id) for line in lines] == [("rating.saved", cast.ben.id), ("cycle.opened", None)]
    assert not hasattr(lines[0], "seq")
    assert queries.list_own_events(session, una).rows == ()


def test_the_log_is_for_auditors(session, cast, log):
    for name, person in cast.everybody.items():
        if name == "una":
            assert len(queries.list_events(session, cast.actor(person)).rows) == 30
        else:
            with pytest.raises(Forbidden):
                queries.list_events(session, cast.actor(person))
    with pytest.raises(NotSignedIn):
        queries.list_own_events(session, NOBODY)


@pytest.mark.parametrize(
    "key", ["", "x", "-1", "١", "9" * 30, "2026-11-21T09:00:00|1", "2026-11-21T09:00:00+00:00|x", "|"]
)
def test_cursors_of_nobody_are_refused(session, cast, key):
    for call, reader in ((queries.list_events, cast.una), (queries.list_own_events, cast.ben)):
        with pytest.raises(Invalid):
            call(session, cast.actor(reader), after=write_cursor(key))


def test_the_number_of_statements_does_not_grow_with_the_list(session, cast, log):
    auditor, ben = cast.actor(cast.una), cast.actor(cast.ben)
    for call, actor in ((queries.list_events, auditor), (queries.list_own_events, ben)):
        counts = []
        for limit in (1, 30):
            with counted(session) as sent:
                assert len(call(session, actor, limit=limit).rows) == limit
            counts.append(len(sent))
        assert counts == [1, 1]


def test_the_stored_chain_holds(session, cast, log):
    session.expire_all()
    assert queries.verify(session) is None


def test_an_empty_chain_holds(session):
    assert queries.verify(session) is None


def test_a_row_put_in_beside_record_shows(session, cast, log):
    last = session.get(AuditEvent, 30)
    values = {column.name: getattr(last, column.name) for column in AuditEvent.__table__.columns} | {"seq": 31}
    session.add(AuditEvent(**values))
    session.flush()
    assert queries.verify(session) == 31


def test_a_head_that_was_turned_back_shows(session, cast, log):
    session.execute(update(AuditHead).values(seq=29, hash=session.get(AuditEvent, 29).hash))
    assert queries.verify(session) == 30


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET verb = 'x' WHERE seq = 3", "DELETE FROM audit_event WHERE seq = 3"]
)
def test_the_database_refuses_to_change_a_line(session, cast, log, statement):
    with pytest.raises(Exception, match="audit"), session.begin_nested():
        session.execute(text(statement))
    session.expire_all()
    assert queries.verify(session) is None


def test_the_line_and_the_change_are_one_transaction(session, cast):
    cast.ben.name = "Benno"
    record(session, SYSTEM, "person.renamed", cast.ben)
    session.rollback()
    session.expire_all()
    assert cast.ben.name == "Ben"
    assert queries.list_events(session, cast.actor(cast.una)).rows == ()
