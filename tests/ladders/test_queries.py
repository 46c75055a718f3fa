"""Reading versions."""

from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from service.errors import NotFound, NotSignedIn
from service.ladders import canonical, queries
from service.ladders.actions import publish_shipped, publish_version
from service.ladders.files import read_texts
from service.permissions import NOBODY, SYSTEM
from tests.cast import Cast
from tests.conftest import CountQueries
from tests.ladders.files import LADDER, changed


def publish(session: Session, name: str) -> None:
    reading = read_texts(changed(LADDER, 'version: "1"', f'version: "{name}"').encode(), None)
    assert reading.ladder is not None
    publish_version(session, SYSTEM, reading.ladder, None)


def test_the_latest_is_the_last_by_its_name_with_figures_as_numbers(session: Session) -> None:
    for name in ("2026.9", "2026.10", "2025.12"):
        publish(session, name)
    latest = queries.latest_published(session, "tester")
    assert latest is not None
    assert latest.ladder.version == "2026.10"
    assert [line.version for line in queries.list_versions(session, SYSTEM)] == ["2026.10", "2026.9", "2025.12"]
    assert [view.ladder.version for view in queries.list_latest(session, SYSTEM)] == ["2026.10"]


def test_a_version_is_found_by_its_id(session: Session) -> None:
    publish(session, "1")
    by_name = queries.get_version(session, SYSTEM, "tester", "1")
    assert queries.get_version_by_id(session, by_name.id) == by_name
    with pytest.raises(NotFound):
        queries.get_version_by_id(session, uuid4())
    with pytest.raises(NotFound):
        queries.get_version(session, SYSTEM, "tester", "2")


def test_a_skill_is_found_on_every_ladder_that_has_it(session: Session) -> None:
    publish_shipped(session)
    publish(session, "1")
    assert [view.ladder.id for view in queries.find_skill(session, SYSTEM, "okr")] == [
        "product-manager",
        "software-engineer",
        "technical-product-manager",
    ]
    assert [view.ladder.id for view in queries.find_skill(session, SYSTEM, "testing")] == ["tester"]
    assert queries.find_skill(session, SYSTEM, "unknown") == []


def test_a_skill_is_read_in_the_pinned_version_first(session: Session) -> None:
    publish(session, "1")
    publish(session, "2")
    pinned = queries.get_version(session, SYSTEM, "tester", "1")
    assert [view.ladder.version for view in queries.get_skill(session, SYSTEM, "testing", pinned)] == ["1"]
    assert [view.ladder.version for view in queries.get_skill(session, SYSTEM, "testing")] == ["2"]
    for version in (pinned, None):
        with pytest.raises(NotFound):
            queries.get_skill(session, SYSTEM, "unknown", version)


@pytest.mark.parametrize("ladders", [1, 30])
def test_contents_are_read_together_the_first_time(
    session: Session, count_queries: CountQueries, monkeypatch: pytest.MonkeyPatch, ladders: int
) -> None:
    for number in range(ladders):
        reading = read_texts(changed(LADDER, "ladder: tester", f"ladder: test-{number}").encode(), None)
        assert reading.ladder is not None
        publish_version(session, SYSTEM, reading.ladder, None)
    session.commit()
    monkeypatch.setattr(canonical, "_remembered", {})
    assert count_queries(lambda: queries.list_latest(session, SYSTEM)) == 2
    assert count_queries(lambda: queries.list_latest(session, SYSTEM)) == 1


def test_everybody_signed_in_reads_and_nobody_else(session: Session, cast: Cast) -> None:
    publish(session, "1")
    for person in cast.everybody.values():
        assert len(queries.list_versions(session, cast.actor(person))) == 1
    with pytest.raises(NotSignedIn):
        queries.list_versions(session, NOBODY)
    with pytest.raises(NotSignedIn):
        queries.get_version(session, NOBODY, "tester", "1")


def test_pages_go_on_after_the_last_row(session: Session) -> None:
    for name in ("1", "2", "3"):
        publish(session, name)
    first = queries.page_of_versions(session, SYSTEM, None, 1)
    rest = queries.page_of_versions(session, SYSTEM, "tester/1", 5)
    assert ([line.version for line in first], [line.version for line in rest]) == (["1", "2"], ["2", "3"])


def test_reading_a_known_version_costs_one_small_query(session: Session) -> None:
    publish(session, "1")
    queries.get_version(session, SYSTEM, "tester", "1")
    statements: list[str] = []
    engine = session.get_bind()
    listen = ("before_cursor_execute", lambda _c, _cur, statement, *_: statements.append(statement))
    event.listen(engine, *listen)
    queries.get_version(session, SYSTEM, "tester", "1")
    event.remove(engine, *listen)
    assert len(statements) == 1
    assert "content" not in statements[0]
