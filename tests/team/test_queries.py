"""The heat map: the same states as each person's gap report, of revealed reviews alone."""

import pytest
from sqlalchemy import select

from service.gaps.queries import get_report
from service.ladders.rules import Requirement
from service.people.models import Person, RoleGrant
from service.permissions import Role
from service.reviews.models import AgreedRating
from service.reviews.rules import ShareRule, Side
from service.team.queries import get_heat_map
from service.team.rules import Narrowed, Reach
from tests.factories import agree_all, half, open_cycle, rate_all, reveal, review_of, submit
from tests.team.test_pages import hire

ALL = Narrowed()


def columns(found):
    """Who is in it → skill id → state."""
    return {
        member.name: {row.skill_id: row.cells[place].state for row in found.rows if row.cells[place]}
        for place, member in enumerate(found.members)
    }


def test_nothing_shows_before_the_reveal_not_even_one_s_own_draft(session, cast):
    open_cycle(session, cast)
    ben, cat = review_of(session, cast.ben), review_of(session, cast.cat)
    rate_all(session, cast, half(ben, Side.MANAGER))
    rate_all(session, cast, half(cat, Side.SELF))
    submit(session, cast, half(cat, Side.SELF))
    session.commit()
    for reader in (cast.ann, cast.max, cast.dee, cast.pia):
        assert get_heat_map(session, cast.actor(reader), ALL) is None


@pytest.mark.parametrize("rule", ShareRule)
def test_each_column_is_the_person_s_own_report(session, cast, rule):
    open_cycle(session, cast, rule)
    reveal(session, cast, cast.ben)
    reveal(session, cast, cast.cat, self_="junior", manager="middle")
    if rule is ShareRule.AT_REVEAL:
        agree_all(session, cast, review_of(session, cast.cat))
    for reader in (cast.ann, cast.max, cast.dee, cast.pia):
        actor = cast.actor(reader)
        found = get_heat_map(session, actor, ALL)
        assert list(columns(found)) == ["Ben", "Cat"]
        for person in (cast.ben, cast.cat):
            report = get_report(session, actor, review_of(session, person).id)
            assert columns(found)[person.name] == {finding.skill.id: finding.state for finding in report.findings}


def test_agreed_ratings_count_once_there_are_some(session, cast):
    open_cycle(session, cast)
    review = reveal(session, cast, cast.ben, self_="middle", manager="middle")
    before = columns(get_heat_map(session, cast.actor(cast.ann), ALL))["Ben"]
    agree_all(session, cast, review)
    agreed = session.scalars(agreed_of(review)).all()
    agreed[0].answer, agreed[0].rung = "none", None
    session.commit()
    after = columns(get_heat_map(session, cast.actor(cast.ann), ALL))["Ben"]
    assert {skill for skill in before if before[skill] != after[skill]} == {agreed[0].skill_id}


def agreed_of(review):
    return select(AgreedRating).where(AgreedRating.review_id == review.id).order_by(AgreedRating.skill_id)


def test_one_s_own_column_and_that_of_one_s_manager_are_not_in_it(session, cast):
    session.add(RoleGrant(person_id=cast.ann.id, role=Role.HR))
    session.commit()
    open_cycle(session, cast)
    for person in (cast.ann, cast.ben):
        reveal(session, cast, person)
    assert list(columns(get_heat_map(session, cast.actor(cast.ann), ALL))) == ["Ben"]
    dees = get_heat_map(session, cast.actor(cast.dee), ALL)
    assert list(columns(dees)) == ["Ann", "Ben"]


def test_rows_count_what_they_show_and_come_in_the_order_they_state(session, cast):
    open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    reveal(session, cast, cast.cat)
    found = get_heat_map(session, cast.actor(cast.ann), ALL)
    for row in found.rows:
        opened = [cell for cell in row.cells if cell and cell.state in ("partly", "unmet", "unknown")]
        must = [cell for cell in opened if cell.requirement is Requirement.MUST]
        assert (row.must, row.open, row.expected) == (
            len(must),
            len(opened),
            sum(cell is not None for cell in row.cells),
        )
    keys = [(-row.must, -row.open) for row in found.rows]
    assert keys == sorted(keys)
    assert keys[0] != keys[-1]


def test_those_who_wait_are_a_number_and_nothing_else(session, cast):
    open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    found = get_heat_map(session, cast.actor(cast.max), Narrowed(reach=Reach.TREE))
    assert [member.name for member in found.members] == ["Ben"]
    assert found.waiting == 3  # Ann, Cat, Dee


def test_a_team_on_two_ladders_shows_the_one_with_more_or_the_one_chosen(session, cast):
    hire(session, cast, 1)
    more = session.scalars(select(Person).where(Person.name == "more 00")).one()
    more.ladder = "technical-product-manager"
    session.commit()
    open_cycle(session, cast)
    for person in (cast.ben, cast.cat, more):
        reveal(session, cast, person)
    ann = cast.actor(cast.ann)
    assert list(columns(get_heat_map(session, ann, ALL))) == ["Ben", "Cat"]
    chosen = get_heat_map(session, ann, Narrowed(ladder="technical-product-manager"))
    assert (list(columns(chosen)), chosen.ladder) == (["more 00"], "technical-product-manager")


def test_the_gaps_page_offers_one_ladder_at_a_time_and_names_the_one_shown(session, cast, sign_in):
    open_cycle(session, cast)
    browser = sign_in(cast.ann)
    assert '<option value="" selected>Any ladder</option>' in browser.get("/team/gaps").text
    reveal(session, cast, cast.ben)
    html = browser.get("/team/gaps").text
    assert '<option value="product-manager" selected>Product Manager</option>' in html
    assert "ladder</option>" not in html
    assert "All ladders" in browser.get("/team").text


def test_the_number_of_statements_does_not_grow(session, cast, sign_in, count_queries):
    hire(session, cast, 30)
    open_cycle(session, cast)
    for person in session.scalars(select(Person).where(Person.manager_id == cast.ann.id)).all():
        reveal(session, cast, person)
    browser = sign_in(cast.ann)
    browser.get("/team/gaps?q=Ben")
    one = count_queries(lambda: browser.get("/team/gaps?q=Ben"))
    assert one == count_queries(lambda: browser.get("/team/gaps")) <= 20
    assert browser.get("/team/gaps").text.count('<th scope="col"><a href="/reviews/') == 25
    assert 'rel="next"' in browser.get("/team/gaps").text
