"""What a review is under another version: what stands, what is asked, which gaps open and close."""

from dataclasses import replace

import pytest

from service.errors import Conflict
from service.ladders.comparing.successors import Successors, successors
from service.ladders.rules import Ladder, Level
from service.pins.rules import check_open, effect_of, plan_move
from service.reviews.rules import Answer, Rating, ReviewStatus
from tests.factories import HOUSE, ladder, skill

SQL = skill("sql", ("junior", "must"), ("middle", "must"), ("senior", "must"))
API = skill("api", ("junior", "should"))
UX = skill("ux", ("middle", "must"))
OLD = ladder(SQL, API, UX)
MIDDLE, JUNIOR = Rating(Answer.RUNG, "middle"), Rating(Answer.RUNG, "junior")


def second(*skills, levels=OLD.levels):
    return replace(OLD, version="2", supersedes="1", skills=skills, levels=levels)


def moved(after: Ladder, known: Successors | None = None):
    return plan_move(OLD, after, known or successors(OLD, after), "junior", "middle")


def worded(it, level, words="Reads differently."):
    changed = tuple(replace(e, statement=words) if e.level == level else e for e in it.expectations)
    return replace(it, expectations=changed)


def test_where_nothing_reads_differently_every_answer_stands():
    move = moved(second(SQL, API, UX))
    assert (dict(move.carried), dict(move.again), move.new, move.dropped, move.asks) == (
        {"sql": "sql", "api": "api", "ux": "ux"}, {}, (), (), 0,
    )  # fmt: skip


@pytest.mark.parametrize(("level", "again"), [("junior", True), ("middle", True), ("senior", True)])
def test_words_up_to_the_rung_above_the_target_are_asked_again(level, again):
    assert ("sql" in moved(second(worded(SQL, level), API, UX)).again) is again


def test_words_further_up_are_not_asked_again():
    long = skill("sql", *((level, "must") for level in ("junior", "middle", "senior", "lead")))
    levels = (*OLD.levels, Level("lead", "Lead", "", HOUSE))
    before = replace(OLD, skills=(long,), levels=levels)
    after = replace(before, version="2", supersedes="1", skills=(worded(long, "lead"),))
    assert plan_move(before, after, Successors(), "junior", "middle").asks == 0


def test_another_name_importance_category_or_requirement_asks_nobody_again():
    other = replace(SQL, name="Queries", summary="Other.", importance="critical")
    must = replace(API, expectations=(replace(API.expectations[0], requirement="must"),))
    assert moved(second(other, must, UX)).asks == 0


def test_a_skill_or_level_under_another_id_is_the_same():
    levels = tuple(replace(level, id=f"l-{level.id}", was=level.id) for level in OLD.levels)
    renamed = [
        replace(it, id=f"s-{it.id}", was=it.id, expectations=tuple(replace(e, level=f"l-{e.level}") for e in it.expectations))
        for it in (SQL, API, UX)
    ]  # fmt: skip
    move = moved(second(*renamed, levels=levels))
    assert dict(move.carried) == {"sql": "s-sql", "api": "s-api", "ux": "s-ux"}
    assert (move.current.id, move.target.id, move.rating(MIDDLE).rung) == ("l-junior", "l-middle", "l-middle")


def test_a_new_skill_is_asked_and_a_gone_one_is_not():
    move = moved(second(SQL, UX, skill("cloud", ("junior", "must"))))
    assert (move.new, move.dropped) == (("cloud",), ("api",))


def test_a_skill_that_begins_later_now_is_asked_no_more():
    later = skill("ux", ("senior", "must"))
    assert moved(second(SQL, API, later)).dropped == ("ux",)


def test_a_level_that_is_gone_holds_the_review_back():
    with pytest.raises(Conflict, match="no level Middle"):
        moved(second(skill("sql", ("junior", "must")), levels=OLD.levels[:1] + OLD.levels[2:]))


@pytest.mark.parametrize("status", [status for status in ReviewStatus if status is not ReviewStatus.OPEN])
def test_what_is_revealed_stays(status):
    with pytest.raises(Conflict, match=str(status)):
        check_open(status)


def test_gaps_open_close_and_stay():
    after = second(
        SQL, replace(API, expectations=(replace(API.expectations[0], requirement="must"),)), worded(UX, "middle")
    )
    ratings = {"sql": JUNIOR, "api": JUNIOR, "ux": Rating(Answer.NONE)}
    found = effect_of(moved(after), ratings)
    assert [[f.skill.id for f in part] for part in (found.opened, found.closed, found.unchanged, found.unknown)] == [
        [], [], ["sql"], ["ux"],
    ]  # fmt: skip


def test_a_gap_closes_where_the_skill_is_asked_no_more_and_opens_where_the_bar_moved():
    low = skill("sql", ("junior", "must"), ("middle", "must"), ("senior", "must"))
    before = replace(OLD, skills=(skill("sql", ("junior", "must"), ("senior", "must")), UX))
    after = replace(before, version="2", supersedes="1", skills=(low,))
    move = plan_move(before, after, Successors(), "junior", "middle")
    found = effect_of(move, {"sql": JUNIOR, "ux": Rating(Answer.NONE)})
    assert [f.skill.id for f in found.closed] == ["ux"]
    assert [f.skill.id for f in found.unknown] == ["sql"]  # it has another rung now, so it is asked again


def test_moving_to_the_same_content_changes_no_gap():
    ratings = {"sql": JUNIOR, "api": Rating(Answer.NONE), "ux": MIDDLE}
    found = effect_of(moved(second(SQL, API, UX)), ratings)
    assert (found.opened, found.closed, found.unknown) == ((), (), ())
    assert [f.skill.id for f in found.unchanged] == ["sql", "api"]
