"""Scores of a closed plan, without a database."""

from decimal import Decimal
from uuid import UUID

from service.closing.rules import Final, by_skill, met_of, score
from service.objectives.rules import Direction, KeyResult, Objective

IDS = [UUID(int=number) for number in (1, 2, 3)]


def result(direction: Direction = Direction.INCREASE, baseline: int | None = 40, target: int = 60) -> KeyResult:
    start = None if baseline is None else Decimal(baseline)
    return KeyResult("More", "reports", "%", direction, start, Decimal(target), None)


def objective(*results: KeyResult, gaps: tuple[str, ...] = ("okr",)) -> Objective:
    return Objective("Get there", 30, "Because", gaps, "", None, results)


def ended(*values: int | None) -> dict[UUID, Final]:
    return {id_: Final(None if value is None else Decimal(value)) for id_, value in zip(IDS, values, strict=False)}


def test_a_share_of_the_way_a_threshold_and_what_was_not_measured() -> None:
    three = objective(result(), result(Direction.AT_LEAST, None, 5), result())
    scored = score(UUID(int=9), three, IDS, ended(55, 5, None))
    assert [(kr.percent, kr.met) for kr in scored.key_results] == [(75, False), (100, True), (0, False)]
    assert scored.percent == 58  # the mean of 3/4, 1 and 0


def test_beyond_the_target_is_met_and_below_the_baseline_is_no_way_gone() -> None:
    scored = score(UUID(int=9), objective(result(), result()), IDS[:2], ended(90, 10))
    assert [kr.percent for kr in scored.key_results] == [100, 0]


def test_almost_there_is_not_met() -> None:
    scored = score(UUID(int=9), objective(result(baseline=0, target=1000)), IDS[:1], ended(999))
    assert (scored.key_results[0].percent, scored.key_results[0].met) == (99, False)


def test_met_is_counted_for_each_skill_that_an_objective_served() -> None:
    one = score(UUID(int=8), objective(result(), gaps=("okr", "sql")), IDS[:1], ended(60))
    two = score(UUID(int=9), objective(result(), gaps=("sql",)), IDS[:1], ended(50))
    assert met_of([one, two]) == (1, 2)
    assert by_skill([one, two]) == {"okr": (1, 1), "sql": (1, 2)}
