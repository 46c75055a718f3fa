"""What goes on one page, without a page."""

import pytest

from reports.growth_plan import check
from reports.summary import Summary, largest, shortened, summary_of
from tests.reports.plans import long, minimal, typical


def rows(summary: Summary) -> int:
    return sum(1 + len(row.results) for row in summary.rows)


@pytest.mark.parametrize("room", range(25))
def test_as_many_rows_as_fit(room: int) -> None:
    plan = check(typical())
    found = largest(plan, lambda summary: rows(summary) <= room)
    assert rows(found) == min(room, 20)
    assert found.objectives_left == max(5 - room, 0)
    assert found.results_left == 15 - sum(len(row.results) for row in found.rows)


def test_objectives_come_before_key_results() -> None:
    found = summary_of(check(typical()), 7)
    assert [len(row.results) for row in found.rows] == [2, 0, 0, 0, 0]
    assert [row.more for row in found.rows] == [1, 3, 3, 3, 3]
    assert [row.number for row in found.rows] == [1, 2, 3, 4, 5]


def test_a_plan_without_objectives_has_nothing_to_leave_out() -> None:
    assert largest(check(minimal()), lambda _: False) == Summary([], 0, 0)


def test_it_is_found_in_a_few_tries() -> None:
    tries = []
    largest(check(long()), lambda summary: tries.append(rows(summary)) or rows(summary) <= 17)
    assert len(tries) <= 7


def test_shortened_texts_say_so() -> None:
    assert shortened("a" * 60, "name") == "a" * 60
    assert shortened("a b" * 40, "name").endswith("…")
    assert len(shortened("a" * 61, "name")) == 60


def test_a_text_is_cut_between_words() -> None:
    title = "From Senior to Lead Technical Product Manager, with the platform consolidation as its field of practice"
    assert (
        shortened(title, "title")
        == "From Senior to Lead Technical Product Manager, with the platform consolidation as its…"
    )
    assert shortened("word, " * 11, "name") == "word, word, word, word, word, word, word, word, word, word…"
    assert shortened("A " + "很" * 80, "name") == "A " + "很" * 57 + "…"
