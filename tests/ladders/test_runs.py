"""Word-level differences, for any two texts."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.ladders.comparing.runs import Kind, Run, likeness, runs, words


def shown(before: str, after: str) -> str:
    """In one line: [-what was taken out-] and {+what is new+}."""
    marks = {Kind.SAME: "{}", Kind.REMOVED: "[-{}-]", Kind.ADDED: "{{+{}+}}"}
    return "".join(marks[run.kind].format(run.text) for run in runs(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Asks users often.", "Asks users daily.", "Asks users [-often-]{+daily+}."),
        ("Asks users.", "Asks many users.", "Asks{+ many+} users."),
        ("Asks users, then tests.", "Asks users.", "Asks users[-, then tests-]."),
        ("One, two three four five.", "One, six seven four five.", "One, [-two three-]{+six seven+} four five."),
        ("Same.", "Same.", "Same."),
        ("", "New.", "{+New.+}"),
        ("Nothing in common here", "Etwas ganz anderes", "[-Nothing in common here-]{+Etwas ganz anderes+}"),
        ("定期的に利用者に聞く。", "毎日利用者に聞く。", "[-定期的に-]{+毎日+}利用者に聞く。"),
        ("为用户写文档和测试", "为用户写测试", "为用户写[-文档和-]测试"),
        ("사용자에게 자주 묻는다.", "사용자에게 매일 묻는다.", "사용자에게 [-자주-]{+매일+} 묻는다."),
        ("เขียนเอกสารให้ผู้ใช้", "เขียนเอกสาร", "เขียนเอกสาร[-ให้ผู้ใช้-]"),
    ],
)
def test_words_that_differ(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


def test_words_are_kept_whole_and_marks_stay_with_their_sign() -> None:
    assert words("co-op, naïve café") == ["co", "-", "op", ",", " ", "naïve", " ", "café"]
    assert words("हिन्दी में") == ["हिन्दी", " ", "में"]
    assert words("梯子") == ["梯", "子"]
    assert words("👩\u200d💻 ok") == ["👩\u200d💻", " ", "ok"]


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("", "", 1),
        ("a b c d", "a b c d", 1),
        ("a b", "b a", 1),
        ("A b", "a, b!", 1),
        ("a b c d", "a b c x", 0.75),
        ("a", "b", 0),
    ],
)
def test_likeness_is_the_share_of_words_wherever_they_stand(one: str, other: str, share: float) -> None:
    assert likeness(one, other) == share == likeness(other, one)


texts = st.text(st.sampled_from("ab c,.\n梯子é\u0301 "), max_size=40) | st.text(max_size=20)


@settings(deadline=None)
@given(texts, texts)
def test_the_runs_make_both_texts(before: str, after: str) -> None:
    found = runs(before, after)
    assert "".join(run.text for run in found if run.kind is not Kind.ADDED) == before
    assert "".join(run.text for run in found if run.kind is not Kind.REMOVED) == after
    assert all(run.text for run in found)
    assert all(one.kind is not other.kind for one, other in pairwise(found))


@given(texts)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert runs(text, text) == ((Run(Kind.SAME, text),) if text else ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 1000, "b a " * 1000),
        ("a " * 2000, "a b " * 1000),
        ("x y z " * 600, "z y x w " * 500),
        ("a" * 4000, "b" * 4000),
        ("梯" * 4000, "梯子" * 2000),
        ("word " * 16_000, "word other " * 8000),
    ],
)
def test_no_pair_of_texts_takes_long(before: str, after: str) -> None:
    began = time.process_time()
    runs(before, after)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("before", "after"), [("a " * 990, "a " * 700 + "b " * 290), ("-" * 1900, "-" * 900 + "=" * 1000)]
)
def test_a_row_of_the_same_word_costs_little(before: str, after: str) -> None:
    began = time.perf_counter()
    found = runs(before, after)
    assert time.perf_counter() - began < 2
    assert "".join(run.text for run in found if run.kind is not Kind.REMOVED) == after
    assert "".join(run.text for run in found if run.kind is not Kind.ADDED) == before
