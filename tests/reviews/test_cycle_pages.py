"""The list of cycles, and how far one of them is."""

import re
from datetime import UTC, date, datetime

import pytest

from service.clock import frozen
from service.reviews.models import Cycle
from service.reviews.rules import ShareRule, Side
from tests.factories import half, open_cycle, rate_all, review_of, submit

AFTER = datetime(2026, 10, 3, 9, 0, tzinfo=UTC)


def old_cycles(session, count):
    """Closed ones, several of the same day."""
    for number in range(count):
        day = date(2020, 1, 1 + number % 3)
        session.add(
            Cycle(
                name=f"Old {number:03}", starts_on=day, assess_by=day, share_by=day, ends_on=day,
                share_rule=ShareRule.AT_REVEAL, closed_at=datetime(2020, 2, 1, tzinfo=UTC),
            )
        )  # fmt: skip
    session.commit()


def names(html):
    return re.findall(r'<th scope="row" role="rowheader"><a href="/cycles/[^"]+">([^<]+)</a>', html)


def test_the_list_goes_on_the_newest_first_each_once(session, cast, sign_in):
    open_cycle(session, cast)
    old_cycles(session, 60)
    browser = sign_in(cast.dee)
    first = browser.get("/cycles").text
    rest = browser.get(re.search(r'href="(/cycles\?after=[^"]+)" rel="next"', first)[1]).text
    assert names(first)[0] == "Autumn 2026"
    assert (len(names(first)), len(set(names(first) + names(rest)))) == (50, 61)
    assert 'href="/cycles"' in rest


def test_the_api_pages_by_cursor(session, cast, sign_in):
    old_cycles(session, 5)
    browser, path, seen = sign_in(cast.ann), "/api/v1/cycles?limit=2", []
    while path:
        answer = browser.get(path)
        seen += [(cycle["starts_on"], cycle["id"]) for cycle in answer.json()]
        path = answer.headers.get("link", "").partition(">")[0][1:]
    assert len(seen) == len(set(seen)) == 5
    assert [day for day, _ in seen] == sorted((day for day, _ in seen), reverse=True)


@pytest.mark.parametrize("cursor", ["x", "%%", "Mi4yLjIwMjZ8eA", "eHwwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDA"])
def test_a_cursor_of_nobody_is_refused(cast, sign_in, cursor):
    assert sign_in(cast.dee).get("/cycles", params={"after": cursor}).status_code == 422


@pytest.mark.parametrize("path", ["/cycles", "/api/v1/cycles"])
def test_the_number_of_statements_does_not_grow(session, cast, sign_in, count_queries, path):
    open_cycle(session, cast)
    browser = sign_in(cast.dee)
    one = count_queries(lambda: browser.get(path))
    old_cycles(session, 30)
    assert one == count_queries(lambda: browser.get(path))


def test_a_cycle_shows_who_is_late_by_assessor_once_the_day_is_over(session, cast, sign_in):
    cycle = open_cycle(session, cast)
    rate_all(session, cast, half(review_of(session, cast.cat), Side.MANAGER))
    submit(session, cast, half(review_of(session, cast.cat), Side.MANAGER))
    session.commit()
    browser = sign_in(cast.max)
    assert "Late, by who assesses" not in frozen_get(browser, cycle, datetime(2026, 10, 1, 9, 0, tzinfo=UTC))
    html = frozen_get(browser, cycle, AFTER)
    late = re.findall(r'assessor=([^"]+)"><bdi>([^<]+)</bdi></a></th><td class="figure">(\d+)<', html)
    assert late == [(str(cast.ann.id), "Ann", "2"), (str(cast.max.id), "Max", "2")]
    assert html.count("No assessor yet</a>") == 1  # Max himself


def frozen_get(browser, cycle, when):
    with frozen(when):
        return browser.get(f"/cycles/{cycle.id}").text
