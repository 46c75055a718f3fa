"""Reviews beside each other: what goes on, which way, and where it cannot be said."""

from dataclasses import replace

from service.ladders.rules import Ladder, Skill
from service.reviews.rules import NOT_ASSESSED, Answer, Rating
from service.trends.rules import Point, Row, follow, no_longer_asked, why_apart
from tests.factories import ladder, skill

LEVELS = ("junior", "must"), ("middle", "must"), ("senior", "must")


def version(name: str, *skills: Skill, after: str | None = None) -> Ladder:
    return replace(ladder(*skills), version=name, supersedes=after)


def point(at: Ladder, cycle: str, *, target: str = "middle", **ratings: str) -> Point:
    """`sql="middle+"` is Middle with parts of the next, `sql=""` none yet."""
    given = {
        id_: Rating(Answer.RUNG if said.rstrip("+") else Answer.NONE, said.rstrip("+") or None, said.endswith("+"))
        for id_, said in ratings.items()
    }
    return Point(cycle, at, target, given)


def told(row: Row) -> list[tuple[str, str, str, str]]:
    """(rung, way, since, note) of each cell."""
    return [
        ((it.rating.rung or it.rating.answer) if it.rating else "", str(it.way or ""), it.since, it.note)
        for it in row.cells
    ]


def worded(it: Skill, level: str, statement: str) -> Skill:
    said = tuple(replace(e, statement=statement) if e.level == level else e for e in it.expectations)
    return replace(it, expectations=said)


SQL = skill("sql", *LEVELS)
ONE = version("1", SQL)


def test_up_same_and_lower_on_one_version() -> None:
    said = ("", "junior", "junior+", "junior+", "middle", "junior")
    (row,) = follow([ONE], [point(ONE, str(n), sql=rung) for n, rung in enumerate(said)])
    assert [way for _, way, *_ in told(row)] == ["", "up", "up", "same", "up", "lower"]
    assert [since for *_, since, _ in told(row)] == ["", "0", "1", "2", "3", "4"]


def test_an_answer_is_compared_with_the_last_one_that_names_a_rung() -> None:
    points = [point(ONE, "a", sql="junior"), point(ONE, "b"), point(ONE, "c", sql="middle")]
    (row,) = follow([ONE], points)
    assert told(row) == [("junior", "", "", ""), ("not-assessed", "", "", ""), ("middle", "up", "a", "")]


def test_a_skill_and_its_rungs_go_on_under_other_ids() -> None:
    other = replace(SQL, id="data", was="sql")
    levels = tuple(replace(it, id="mid", was="middle") if it.id == "middle" else it for it in ONE.levels)
    expectations = tuple(replace(it, level="mid") if it.level == "middle" else it for it in SQL.expectations)
    two = replace(version("2", replace(other, expectations=expectations), after="1"), levels=levels)
    points = [point(ONE, "a", sql="middle"), point(two, "b", target="mid", data="senior")]
    (row,) = follow([ONE, two], points)
    assert (row.skill.id, told(row)) == ("data", [("mid", "", "", ""), ("senior", "up", "a", "")])
    assert {it.ladder.version for it in row.cells} == {"2"}


def test_a_rung_that_is_gone_is_called_as_it_was() -> None:
    two = replace(version("2", skill("sql", *LEVELS[:2]), after="1"), levels=ONE.levels[:2])
    (row,) = follow([ONE, two], [point(ONE, "a", sql="senior"), point(two, "b", sql="middle")])
    assert (row.cells[0].ladder.version, told(row)) == (
        "1",
        [("senior", "", "", ""), ("middle", "", "a", "worded anew since a")],
    )


def test_what_was_not_there_and_what_was_asked_only_later_say_so() -> None:
    late = skill("ux", ("middle", "must"))
    two = version("2", SQL, late, skill("api", *LEVELS), after="1")
    points = [point(ONE, "a", target="junior", sql="junior"), point(two, "b", target="junior", sql="junior", api="junior"),
              point(two, "c", sql="middle", ux="", api="middle")]  # fmt: skip
    rows = {row.skill.id: told(row) for row in follow([ONE, two], points)}
    assert rows["ux"] == [
        ("", "", "", "not on the ladder then"), ("", "", "", "asked for only later"), ("none", "", "", ""),
    ]  # fmt: skip
    assert [note for *_, note in rows["api"]] == ["not on the ladder then", "", ""]


def test_what_was_left_out_in_between_says_so() -> None:
    late = version("1", skill("ux", ("middle", "must")))
    points = [point(late, "a", ux=""), point(late, "b", target="junior"), point(late, "c", ux="middle")]
    (row,) = follow([late], points)
    assert told(row)[1:] == [("", "", "", "not asked for this time"), ("middle", "up", "a", "")]


def test_what_is_worded_anew_is_not_compared_and_goes_on_from_there() -> None:
    two = version("2", worded(SQL, "middle", "In other words."), after="1")
    points = [point(ONE, "a", sql="middle"), point(two, "b", sql="junior"), point(two, "c", sql="middle")]
    (row,) = follow([ONE, two], points)
    assert told(row)[1:] == [("junior", "", "a", "worded anew since a"), ("middle", "up", "b", "")]


def test_words_that_nobody_looked_at_do_not_matter_unless_the_rating_reached_them() -> None:
    deep = skill("sql", *LEVELS, ("lead", "must"))
    one = replace(version("1", deep), levels=ladder(levels=("junior", "middle", "senior", "lead")).levels)
    two = replace(one, version="2", supersedes="1", skills=(worded(deep, "lead", "Else."),))
    now = point(two, "b", sql="senior")
    (row,) = follow([one, two], [point(one, "a", target="junior", sql="middle"), replace(now, target="junior")])
    assert told(row)[1][1] == "up"  # Lead lies beyond the rung above what was said
    (row,) = follow([one, two], [point(one, "a", target="junior", sql="senior"), replace(now, target="junior")])
    assert told(row)[1][3] == "worded anew since a"


def test_one_side_is_not_compared_with_the_other() -> None:
    points = [replace(point(ONE, "a", sql="senior"), own_view=True), point(ONE, "b", sql="middle")]
    (row,) = follow([ONE], points)
    assert told(row)[1] == ("middle", "", "a", "another side’s view than in a")


def test_not_assessed_is_never_lower_and_unsettled_is_not_agreed_yet() -> None:
    first = point(ONE, "a", sql="senior")
    (row,) = follow([ONE], [first, Point("b", ONE, "middle", {"sql": NOT_ASSESSED})])
    assert told(row)[1] == ("not-assessed", "", "", "")
    (row,) = follow([ONE], [first, Point("b", ONE, "middle", {}, unsettled=True)])
    assert told(row)[1] == ("", "", "", "not agreed yet")


def test_what_is_asked_no_more_is_named_as_it_was_called_last() -> None:
    two = version("2", SQL, replace(skill("wiki", *LEVELS), name="Notes"), after="1")
    three = version("3", SQL, after="2")
    one = version("1", SQL, skill("wiki", *LEVELS), skill("api", *LEVELS))
    points = [point(one, "a"), point(two, "b"), point(three, "c")]
    assert no_longer_asked([one, two, three], points) == ("Api", "Notes")


def test_a_skill_that_left_and_came_back_or_gave_its_id_away_is_followed_without_a_fault() -> None:
    two = version("2", replace(SQL, id="data", was="sql"), skill("sql", ("junior", "must")), after="1")
    three = version("3", skill("sql", ("junior", "must")), after="2")
    points = [
        point(ONE, "a", sql="middle"),
        point(two, "b", data="middle", sql="junior"),
        point(three, "c", sql="junior"),
    ]
    (row,) = follow([ONE, two, three], points)
    assert [note for *_, note in told(row)] == ["not on the ladder then", "", ""]
    assert no_longer_asked([ONE, two, three], points) == ("Sql",)
    gone = version("2", skill("api", *LEVELS), after="1")
    back = version("3", SQL, skill("api", *LEVELS), after="2")
    points = [
        point(ONE, "a", sql="junior"),
        point(gone, "b", api="junior"),
        point(back, "c", sql="middle", api="junior"),
    ]
    assert told(follow([ONE, gone, back], points)[0]) == [
        ("junior", "", "", ""), ("", "", "", "not on the ladder then"), ("middle", "up", "a", ""),
    ]  # fmt: skip


def test_why_two_do_not_stand_on_one_line() -> None:
    two, stray = version("2", SQL, after="1"), version("9", SQL)
    all_ = [ONE, two, stray]
    assert why_apart(all_, ONE, ONE) == why_apart(all_, ONE, two) == ""
    assert why_apart(all_, ONE, stray) == "9 does not come after 1"
    assert why_apart(all_, two, ONE) == "1 does not come after 2"
    assert why_apart(all_, ONE, replace(two, id="other")) == "on another ladder"
