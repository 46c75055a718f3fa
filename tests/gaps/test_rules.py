"""PRODUCT.md, "Attainment and gaps", sentence by sentence; test_properties.py says the same of ladders nobody thought of."""

import doctest
from fractions import Fraction
from itertools import product

import pytest

from service.errors import NotFound
from service.gaps import rules
from service.gaps.rules import Count, State, attain, differences, findings_at, gaps_of, judge, place_of
from service.ladders.inputs import GatesShape
from service.ladders.rules import Ladder, Skill
from service.reviews.rules import NOT_ASSESSED, Answer, Rating, Side
from tests.factories import ladder, skill

FIVE = ("junior", "middle", "senior", "lead", "principal")
NONE = Rating(Answer.NONE)
NONE_TOWARD = Rating(Answer.NONE, toward_next=True)


def rung(level: str, *, toward: bool = False) -> Rating:
    return Rating(Answer.RUNG, level, toward)


def not_applicable(reason: str = "no such work here") -> Rating:
    return Rating(Answer.NOT_APPLICABLE, reason=reason)


def names(found: tuple[rules.Finding, ...]) -> list[str]:
    return [finding.skill.id for finding in found]


def one_skill(*defined: str) -> tuple[Ladder, Skill]:
    made = skill("sql", *((level, "must") for level in defined))
    return ladder(made, levels=FIVE), made


def test_worked_examples_hold() -> None:
    assert doctest.testmod(rules) == doctest.TestResults(failed=0, attempted=18)


ALL, TWO, TOP = FIVE, ("middle", "lead"), ("principal",)


@pytest.mark.parametrize(
    ("defined", "target", "rating", "state", "distance"),
    [
        (ALL, "senior", rung("senior"), State.MET, 0),
        (ALL, "senior", rung("principal"), State.MET, 0),
        (ALL, "senior", rung("middle", toward=True), State.PARTLY, 1),
        (ALL, "senior", rung("middle"), State.UNMET, 1),
        (ALL, "senior", rung("junior", toward=True), State.UNMET, 2),
        (ALL, "senior", NONE, State.UNMET, 3),
        (ALL, "senior", NONE_TOWARD, State.UNMET, 3),
        (ALL, "junior", NONE_TOWARD, State.PARTLY, 1),
        (ALL, "junior", NONE, State.UNMET, 1),
        (ALL, "principal", NONE, State.UNMET, 5),
        (ALL, "senior", NOT_ASSESSED, State.UNKNOWN, None),
        (ALL, "senior", not_applicable(), State.NOT_APPLICABLE, None),
        (TWO, "middle", rung("middle"), State.MET, 0),
        (TWO, "senior", rung("middle"), State.MET, 0),
        (TWO, "lead", rung("middle", toward=True), State.PARTLY, 1),
        (TWO, "lead", rung("middle"), State.UNMET, 1),
        (TWO, "lead", NONE, State.UNMET, 2),
        (TWO, "principal", rung("lead"), State.MET, 0),
        (TWO, "middle", NONE_TOWARD, State.PARTLY, 1),
        (TOP, "principal", NONE_TOWARD, State.PARTLY, 1),
        (TOP, "principal", NONE, State.UNMET, 1),
    ],
)
def test_a_rating_against_the_expectation_at_the_target(
    defined: tuple[str, ...], target: str, rating: Rating, state: State, distance: int | None
) -> None:
    content, _ = one_skill(*defined)
    [finding] = findings_at(content, target, {"sql": rating})
    assert (finding.state, finding.distance) == (state, distance)


def test_a_skill_with_no_expectation_up_to_the_level_is_not_expected_there() -> None:
    content, _ = one_skill("senior", "lead")
    assert findings_at(content, "middle", {"sql": rung("senior")}) == ()


def test_the_expectation_is_the_one_defined_at_the_highest_level_up_to_the_target() -> None:
    content, _ = one_skill("junior", "senior")
    found = {level: findings_at(content, level, {})[0].expectation.level for level in FIVE}
    assert found == {
        "junior": "junior",
        "middle": "junior",
        "senior": "senior",
        "lead": "senior",
        "principal": "senior",
    }


def test_a_rung_that_the_skill_does_not_define_counts_as_the_defined_one_below() -> None:
    content, made = one_skill("middle", "lead")
    places = [place_of(content, made, rung(level)) for level in FIVE]
    assert places == [-1, 0, 0, 1, 1]


def test_a_rung_that_this_ladder_does_not_know_is_unknown_not_low() -> None:
    content, made = one_skill("middle")
    [finding] = judge(content, made, rung("staff"))
    assert (finding.state, finding.distance) == (State.UNKNOWN, None)


def test_not_applicable_comes_with_its_reason() -> None:
    content, _ = one_skill("junior")
    [finding] = findings_at(content, "junior", {"sql": not_applicable("we have no database")})
    assert finding.reason == "we have no database"


def test_a_skill_left_out_is_not_assessed() -> None:
    content, _ = one_skill("junior")
    assert findings_at(content, "junior", {}) == findings_at(content, "junior", {"sql": NOT_ASSESSED})


def test_a_level_that_is_not_on_the_ladder_is_not_found() -> None:
    content, _ = one_skill("junior")
    for call in (lambda: findings_at(content, "staff", {}), lambda: differences(content, {}, {}, "staff")):
        with pytest.raises(NotFound):
            call()


def test_a_level_is_attained_when_it_and_every_level_below_pass() -> None:
    content = ladder(
        skill("api", ("junior", "must")), skill("sql", ("middle", "must")), skill("ux", ("senior", "must"))
    )
    result = attain(content, {"api": rung("junior"), "ux": rung("senior"), "sql": NONE})
    assert result.attained == content.level("junior")
    assert result.next == content.level("middle")
    assert [(level.passes, level.attained) for level in result.rungs] == [(True, True), (False, False), (False, False)]


def test_a_level_that_passes_alone_is_not_attained_while_one_below_is_not() -> None:
    content = ladder(skill("api", ("junior", "must"), ("middle", "may")), levels=("junior", "middle"))
    result = attain(content, {"api": NONE})
    assert [(level.passes, level.attained) for level in result.rungs] == [(False, False), (True, False)]
    assert result.attained is None


def test_one_open_must_blocks_whatever_else_is_met() -> None:
    others = [skill(f"skill-{n}", ("junior", "must")) for n in range(9)]
    content = ladder(skill("sql", ("junior", "must")), *others, levels=("junior",))
    result = attain(content, {made.id: rung("junior") for made in others})
    assert (result.attained, names(result.blockers)) == (None, ["sql"])


@pytest.mark.parametrize(
    ("share", "expected", "needed"),
    [
        (0.7, 10, 7), (0.7, 4, 3), (0.7, 3, 3), (0.7, 1, 1), (0.7, 0, 0), (0.1, 10, 1), (0.3, 10, 3), (0.6, 5, 3),
        (0.55, 20, 11), (0.35, 20, 7), (0.0, 5, 0), (1.0, 5, 5),
    ],
)  # fmt: skip
def test_the_share_of_shoulds_is_exact(share: float, expected: int, needed: int) -> None:
    shoulds = [skill(f"skill-{n}", ("junior", "should")) for n in range(expected)]
    content = ladder(*shoulds, should_share=share, levels=("junior",))
    enough = {made.id: rung("junior") for made in shoulds[:needed]}
    assert attain(content, enough).rungs[0].should == Count(needed, expected, needed)
    assert attain(content, enough).rungs[0].attained
    if needed:
        enough.popitem()
        assert not attain(content, enough).rungs[0].attained


def test_a_ladder_that_does_not_say_needs_seven_tenths_of_its_shoulds() -> None:
    assert ladder(should_share=GatesShape().should_share).share == Fraction(7, 10)


def test_unknown_counts_as_not_met_and_is_listed_as_unknown() -> None:
    content = ladder(skill("api", ("junior", "must")), skill("sql", ("junior", "must")), levels=("junior",))
    [level] = attain(content, {"api": rung("junior")}).rungs
    assert (level.must, level.attained) == (Count(1, 2, 2), False)
    assert [(finding.skill.id, finding.state) for finding in level.blockers] == [("sql", State.UNKNOWN)]


def test_not_applicable_leaves_the_count_and_is_listed() -> None:
    shoulds = [skill(name, ("junior", "should")) for name in ("api", "sql", "ux", "wiki")]
    content = ladder(skill("law", ("junior", "must")), *shoulds, levels=("junior",))
    ratings = {
        "law": not_applicable(),
        "api": rung("junior"),
        "sql": rung("junior"),
        "ux": not_applicable(),
        "wiki": NONE,
    }
    [level] = attain(content, ratings).rungs
    assert (level.must, level.should) == (Count(0, 0, 0), Count(2, 3, 3))
    assert names(level.not_applicable) == ["law", "ux"]
    [level] = attain(content, ratings | {"wiki": not_applicable()}).rungs
    assert (level.should, level.attained) == (Count(2, 2, 2), True)


def test_may_never_gates() -> None:
    content = ladder(skill("api", ("junior", "may")), skill("sql", ("junior", "may")), levels=("junior",))
    result = attain(content, {"api": NONE})
    assert (result.attained, result.rungs[0].may) == (content.level("junior"), Count(0, 2, 0))
    assert names(gaps_of(findings_at(content, "junior", {"api": NONE}))) == ["api", "sql"]


def test_open_shoulds_are_no_blockers_where_enough_are_met() -> None:
    shoulds = [skill(name, ("junior", "should")) for name in ("api", "sql", "ux", "wiki")]
    content = ladder(skill("law", ("junior", "must")), *shoulds, levels=("junior",))
    met = {"api": rung("junior"), "sql": rung("junior"), "ux": rung("junior")}
    assert names(attain(content, met).blockers) == ["law"]
    assert names(attain(content, met | {"ux": NONE}).blockers) == ["law", "ux", "wiki"]


def test_blockers_are_those_of_the_lowest_level_not_attained() -> None:
    content = ladder(
        skill("sql", ("junior", "must"), ("middle", "must"), ("senior", "must")), skill("ux", ("senior", "must"))
    )
    result = attain(content, {"sql": rung("junior")})
    assert [(finding.skill.id, finding.expectation.level) for finding in result.blockers] == [("sql", "middle")]


def test_coverage_is_told_as_counts_for_each_requirement() -> None:
    content = ladder(
        skill("api", ("junior", "must")), skill("sql", ("junior", "must")), skill("ux", ("junior", "should")),
        skill("wiki", ("junior", "may")), levels=("junior",),
    )  # fmt: skip
    [level] = attain(content, {"api": rung("junior"), "wiki": rung("junior")}).rungs
    assert (level.must, level.should, level.may) == (Count(1, 2, 2), Count(0, 1, 1), Count(1, 1, 0))


def test_gaps_stand_by_requirement_then_importance_then_far_first_then_id() -> None:
    near, far = rung("junior"), NONE
    made = {
        f"{requirement}-{importance}-{distance}-{letter}": (requirement, importance, distance)
        for requirement, importance, distance, letter in product(
            ("must", "should", "may"), ("critical", "important", "optional"), ("far", "near"), "ab"
        )
    }
    skills = [
        skill(id_, ("junior", "may"), ("middle", requirement), importance=importance)
        for id_, (requirement, importance, _) in sorted(made.items(), reverse=True)
    ]
    ratings = {id_: far if distance == "far" else near for id_, (_, _, distance) in made.items()}
    assert names(gaps_of(findings_at(ladder(*skills), "middle", ratings))) == list(made)


def test_somebody_below_the_first_level_is_on_the_way_to_it() -> None:
    content, _ = one_skill(*FIVE)
    result = attain(content, {"sql": NONE_TOWARD})
    assert (result.attained, result.next) == (None, content.level("junior"))


def test_at_the_top_there_is_no_level_above_and_nothing_blocks() -> None:
    content, _ = one_skill(*FIVE)
    result = attain(content, {"sql": rung("principal")})
    assert (result.attained, result.next, result.blockers) == (content.level("principal"), None, ())


def test_a_ladder_without_skills_is_attained() -> None:
    assert attain(ladder(), {}).attained == ladder().level("senior")


@pytest.mark.parametrize(
    ("self_", "manager", "rungs", "levels"),
    [
        (rung("junior"), rung("senior"), 1, 2),
        (rung("senior"), rung("junior"), -1, 2),
        (rung("lead"), NONE, -3, 4),
        (NONE, rung("lead"), 3, 4),
        (rung("lead"), NOT_ASSESSED, None, 0),
        (not_applicable(), rung("lead"), None, 0),
        (not_applicable(), NOT_ASSESSED, None, 0),
        (rung("staff"), rung("lead"), None, 0),
        (rung("senior"), rung("senior", toward=True), 0, 0),
        (NONE_TOWARD, NONE, 0, 0),
    ],
)
def test_differences_are_told_in_defined_rungs_with_their_direction(
    self_: Rating, manager: Rating, rungs: int | None, levels: int
) -> None:
    content, made = one_skill("junior", "senior", "lead")
    found = differences(content, {"sql": self_}, {"sql": manager}, "lead")
    assert found == (rules.Difference(made, self_, manager, rungs, levels),)


@pytest.mark.parametrize(
    ("self_", "manager"),
    [
        (rung("junior"), rung("middle")),  # the skill defines nothing between the two
        (not_applicable("one reason"), not_applicable("another")),
        (NOT_ASSESSED, NOT_ASSESSED),
        (NONE_TOWARD, NONE_TOWARD),
    ],
)
def test_the_same_answer_is_no_difference(self_: Rating, manager: Rating) -> None:
    content, _ = one_skill("junior", "senior", "lead")
    assert differences(content, {"sql": self_}, {"sql": manager}, "lead") == ()


def test_half_a_step_has_its_direction() -> None:
    content, _ = one_skill("junior", "senior", "lead")
    sides = {"sql": rung("senior")}, {"sql": rung("senior", toward=True)}
    [found], [back] = differences(content, *sides, "lead"), differences(content, *sides[::-1], "lead")
    assert (found.higher, found.words) == (Side.MANAGER, "same rung; manager sees parts of the next")
    assert (back.higher, back.words) == (Side.SELF, "same rung; self sees parts of the next")


def test_the_widest_difference_comes_first() -> None:
    content = ladder(*(skill(id_, *((level, "must") for level in FIVE)) for id_ in ("d", "c", "b", "a")), levels=FIVE)
    self_ = {"a": rung("middle"), "b": rung("senior"), "c": NONE, "d": rung("middle")}
    manager = {"a": rung("junior"), "b": rung("senior"), "c": rung("lead"), "d": NOT_ASSESSED}
    found = differences(content, self_, manager, "principal")
    assert [(item.skill.id, item.rungs) for item in found] == [("c", 4), ("a", -1), ("d", None)]


def test_of_as_many_rungs_the_one_further_apart_on_the_ladder_comes_first() -> None:
    near, far = skill("near", ("middle", "must"), ("senior", "must")), skill("zz", ("middle", "must"), ("lead", "must"))
    content = ladder(near, far, levels=FIVE)
    self_, manager = {"near": rung("middle"), "zz": rung("middle")}, {"near": rung("senior"), "zz": rung("lead")}
    found = differences(content, self_, manager, "lead")
    assert [(item.skill.id, item.words, item.levels) for item in found] == [
        ("zz", "1 of its rungs, manager higher", 2),
        ("near", "1 of its rungs, manager higher", 1),
    ]


@pytest.mark.parametrize(
    ("musts", "shoulds", "said"),
    [
        (2, 10, "2 must-haves, and any 7 of these 10 should-haves"),
        (1, 0, "1 must-have"),
        (0, 1, "1 should-have"),
        (0, 3, "3 should-haves"),
        (0, 4, "any 3 of these 4 should-haves"),
    ],
)
def test_what_blocks_says_how_many_are_needed(musts: int, shoulds: int, said: str) -> None:
    skills = [skill(f"m{n}", ("junior", "must")) for n in range(musts)]
    skills += [skill(f"s{n}", ("junior", "should")) for n in range(shoulds)]
    blocked = attain(ladder(*skills, levels=("junior",)), {}).blocked
    assert blocked is not None
    assert blocked.asks == said


def test_skills_not_expected_at_the_level_are_no_difference() -> None:
    content, _ = one_skill("senior")
    assert differences(content, {"sql": rung("senior")}, {"sql": NONE}, "middle") == ()
