"""What became of ids, over one version and over many."""

from dataclasses import replace

from service.ladders.comparing.differences import Kind, differences
from service.ladders.comparing.successors import Successors, along, between, same_things, suggestions
from service.ladders.rules import Ladder, Version
from tests.factories import ladder, skill
from tests.ladders.edits import edit_skill, next_shipped, reidentify_level, reidentify_skill, remove_skill
from tests.ladders.files import shipped


def version(name: str, before: str | None, **was: str) -> Ladder:
    """Skills by their ids, each with what it was."""
    skills = [replace(skill(id_, ("junior", "must")), was=old or None) for id_, old in was.items()]
    return replace(ladder(*skills), version=name, supersedes=before)


FIRST = version("1", None, ask="", test="", plan="")
SECOND = version("2", "1", inquire="ask", test="", draw="")
THIRD = version("3", "2", interview="inquire", try_="test", plan="", draw="")


def test_neighbours_say_what_became_of_ids_in_both_directions() -> None:
    assert between(FIRST, SECOND) == Successors({}, {"ask": "inquire"})
    assert between(SECOND, FIRST) == Successors({}, {"inquire": "ask"})
    assert between(FIRST, THIRD) is None


def test_ids_are_followed_along_the_versions_between() -> None:
    versions = [THIRD, FIRST, SECOND]
    assert along(versions, FIRST, THIRD) == Successors({}, {"ask": "interview", "test": "try_"})
    assert along(versions, THIRD, FIRST) == Successors({}, {"interview": "ask", "try_": "test"})
    assert along([FIRST, THIRD], FIRST, THIRD) == Successors()
    assert along(versions, SECOND, SECOND) == Successors()


def test_versions_that_supersede_each_other_in_a_circle_lead_nowhere() -> None:
    assert along([replace(FIRST, supersedes="2"), SECOND], FIRST, replace(THIRD, supersedes="4")) == Successors()


def test_an_id_that_another_thing_took_over_is_not_that_thing() -> None:
    assert same_things(["a", "b"], ["a"], {"b": "a"}) == {"a": "b"}
    assert same_things(["a", "b"], ["b", "a"], {}) == {"a": "a", "b": "b"}
    assert same_things(["a"], ["b"], {"x": "b"}) == {}
    one, other = version("1", None, ask="", test=""), version("2", "1", ask="test")
    found = differences((one, None), (other, None))
    kinds = [
        (change.kind, change.place) for change in found.changes if change.place[:1] == ("skills",) and not change.field
    ]
    assert kinds == [(Kind.REMOVED, ("skills", "ask"))]
    assert [change.before for change in found.of(Kind.REIDENTIFIED)] == ["test"]


def suggested(before: Version, after: Version) -> list[tuple[str, str, str]]:
    return [(it.part, it.before, it.after) for it in differences(before, after).suggestions]


def test_an_id_whose_text_is_kept_is_suggested_and_still_told_as_removed_and_added() -> None:
    one, other = shipped()[0], next_shipped(reidentify_skill("okr", "goals", confirmed=False))
    assert suggested(one, other) == [("skill", "okr", "goals")]
    found = differences(one, other)
    assert [
        change.kind for change in found.changes if change.place[:2] in (("skills", "okr"), ("skills", "goals"))
    ] == [
        Kind.ADDED,
        Kind.REMOVED,
    ]


def test_what_is_confirmed_is_suggested_no_more() -> None:
    edits = (reidentify_skill("okr", "goals"), reidentify_level("middle", "mid"))
    assert suggested(shipped()[0], next_shipped(*edits)) == []


def test_a_skill_in_other_words_is_not_suggested() -> None:
    words = edit_skill("okr", id="goals", name="Goals", summary="Quite other words.", expectations=())
    assert suggested(shipped()[0], next_shipped(words, remove_skill("okr"))) == []


def test_each_id_stands_in_one_suggestion_and_the_most_alike_comes_first() -> None:
    one = version("1", None, ask="", test="")
    twins = tuple(
        replace(it, id=id_, name="Ask", summary=summary)
        for it, id_, summary in zip(one.skills, ("one", "two"), ("About ask.", "About asks."), strict=True)
    )
    same = tuple(replace(it, expectations=one.skills[0].expectations) for it in twins)
    found = suggestions(one, replace(one, skills=same), Successors())
    assert [(it.before, it.after, it.likeness, it.names) for it in found] == [("ask", "one", 1.0, ("Ask", "Ask"))]
