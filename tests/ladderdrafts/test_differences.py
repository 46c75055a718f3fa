"""Lines of two texts: what stayed, what went and what came, however large the texts and however alike their lines."""

import time

from hypothesis import given
from hypothesis import strategies as st

from service.ladderdrafts.differences import Kind, differences
from service.ladders.inputs import LadderTexts

LINES = st.lists(st.sampled_from("abcdefgh"), max_size=30)


def of(text: str) -> LadderTexts:
    return LadderTexts.model_construct(ladder_yaml=text, blueprint_yaml=None)


def told(before: str, after: str) -> list[tuple[str, int, str]]:
    return [
        (line.kind.value, line.number, line.text)
        for found in differences(of(before), of(after))
        for place in found.places
        for line in place
    ]


def test_a_changed_line_stands_with_two_around_it() -> None:
    before = "".join(f"{n}\n" for n in range(10))
    assert told(before, before.replace("5", "five")) == [
        ("same", 4, "3"), ("same", 5, "4"), ("removed", 6, "5"), ("added", 6, "five"), ("same", 7, "6"), ("same", 8, "7"),
    ]  # fmt: skip


def test_changes_that_are_near_are_one_place_and_those_that_are_far_are_two() -> None:
    before = "".join(f"{n}.\n" for n in range(20))
    for other, places in (("7.", 1), ("8.", 2)):
        (found,) = differences(of(before), of(before.replace("\n2.", "\nx").replace(f"\n{other}", "\ny")))
        assert (len(found.places), found.removed, found.added) == (places, 2, 2)


@given(LINES, LINES)
def test_no_line_is_lost_or_made_up(before: list[str], after: list[str]) -> None:
    """What is told as removed and added makes the one text out of the other."""
    for found in differences(of("\n".join(before)), of("\n".join(after))):
        lines = [line for place in found.places for line in place]
        assert all(line.text == (before if line.kind is Kind.REMOVED else after)[line.number - 1] for line in lines)
        assert len(before) - found.removed == len(after) - found.added


def test_large_texts_of_alike_lines_cost_little() -> None:
    began = time.perf_counter()
    alike = ["".join(f"- level: a\n  statement: {word} {n}\n" for n in range(2000)) for word in ("Tests", "Reads")]
    differences(of(alike[0]), of(alike[1]))
    differences(of("x\n" * 4000), of("x\ny\n" * 2000))
    assert time.perf_counter() - began < 5
