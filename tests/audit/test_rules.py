import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.audit import rules
from service.settings import ROOT

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def _chain(length):
    before, links = rules.START, []
    for seq in range(1, length + 1):
        entry = rules.Entry(
            seq, NOW + timedelta(seconds=seq), UUID(int=seq), "plan.agreed", "plan", str(seq), UUID(int=7), ""
        )
        own = rules.link(before, entry)
        links.append((entry, before, own))
        before = own
    return links, (length, before)


@pytest.mark.parametrize("length", [0, 1, 5])
def test_an_untouched_chain_holds(length):
    assert rules.first_break(*_chain(length)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOW}, {"actor_id": None}, {"verb": "plan.read"}, {"resource_kind": "x"}, {"resource_id": "9"},
        {"subject_id": None}, {"reason": "x"}, {"seq": 9},
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 2, 4])
def test_an_edit_of_any_field_shows(place, change):
    links, head = _chain(5)
    entry, before, own = links[place]
    links[place] = (replace(entry, **change), before, own)
    assert rules.first_break(links, head) == place + 1


def test_an_edit_with_a_new_hash_shows_at_the_next_link_or_the_head():
    for place in range(5):
        links, head = _chain(5)
        entry = replace(links[place][0], verb="plan.read")
        links[place] = (entry, links[place][1], rules.link(links[place][1], entry))
        assert rules.first_break(links, head) == place + 2


@given(st.integers(1, 12), st.data())
def test_a_deleted_link_shows(length, data):
    links, head = _chain(length)
    place = data.draw(st.integers(0, length - 1))
    assert rules.first_break(links[:place] + links[place + 1 :], head) == place + 1


@given(st.permutations(range(6)))
def test_another_order_shows(order):
    links, head = _chain(6)
    moved = next((place + 1 for place, origin in enumerate(order) if place != origin), None)
    assert rules.first_break([links[origin] for origin in order], head) == moved


@given(st.integers(0, 7))
def test_cutting_off_the_end_shows_against_the_head(kept):
    links, head = _chain(8)
    assert rules.first_break(links[:kept], head) == kept + 1


def test_a_link_added_behind_the_head_shows():
    assert rules.first_break(_chain(6)[0], _chain(5)[1]) == 6


def test_every_event_of_the_program_has_its_words():
    code = "".join(path.read_text("utf-8") for path in (ROOT / "service").rglob("*.py"))
    recorded = set(re.findall(r'\brecord\(\s*\w+,\s*\w+,\s*"([a-z_.]+)"', code))
    assert len(recorded) > 40
    assert recorded <= rules.WORDS.keys()
    assert not any(re.search(r"[._]", words) for words in rules.WORDS.values())
