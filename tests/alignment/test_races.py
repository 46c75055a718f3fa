"""Two at the same moment, on databases that really commit."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from service import schema
from service.alignment import actions
from service.audit.queries import verify
from service.db import Database, connect
from service.errors import Invalid, Stale
from service.objectives.models import UnitObjective
from tests.alignment import aims
from tests.cast import make_cast
from tests.test_races import at_once


@pytest.fixture
def committed(own_url: str) -> Iterator[Database]:
    """A database of this test's own, whose commits are commits."""
    database = connect(own_url)
    schema.upgrade(database.engine)
    yield database
    database.engine.dispose()


def test_two_that_hang_each_below_the_other_close_no_circle(committed: Database) -> None:
    with committed.writing() as session:
        cast = make_cast(session)
        rows = [aims.aim(session, cast, unit_id=cast.ben.unit_id) for _ in range(2)]
        (one, other), unit = (row.id for row in rows), cast.ben.unit_id
        dee, ann = cast.actor(cast.dee), cast.actor(cast.ann)
    pairs = ((dee, one, other), (ann, other, one))
    acts = [
        lambda s, who=who, row=row, parent=parent: (
            actions.change_objective(s, who, row, aims.given(unit_id=unit, parent_id=parent, version=1)).id
        )
        for who, row, parent in pairs
    ]

    told = at_once(committed, *acts)

    assert sorted(isinstance(answer, Invalid) for answer in told) == [False, True]
    with committed.transaction() as session:
        assert sorted(row.parent_id is None for row in session.scalars(select(UnitObjective))) == [False, True]
        assert verify(session) is None


def test_of_two_who_write_one_is_told(committed: Database) -> None:
    with committed.writing() as session:
        cast = make_cast(session)
        row = aims.aim(session, cast).id
        dee = cast.actor(cast.dee)
    titles = ("Customers come back", "Customers stay")

    told = at_once(
        committed,
        *[lambda s, t=t: actions.change_objective(s, dee, row, aims.given(title=t, version=1)).id for t in titles],
    )

    assert sorted(isinstance(answer, Stale) for answer in told) == [False, True]
