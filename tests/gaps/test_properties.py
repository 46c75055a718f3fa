"""What holds for every ladder and all ratings (PRODUCT.md, "Attainment and gaps")."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from service.gaps.rules import Attainment, State, attain, differences, findings_at, gaps_of
from service.ladders.rules import Importance, Ladder, Requirement
from service.reviews.rules import NOT_ASSESSED, Answer, Rating
from tests.gaps.strategies import ladders, raised, rated, ratings_of

settings.register_profile("rules", deadline=None, max_examples=60)
rules = settings.get_profile("rules")


def attained_count(result: Attainment) -> int:
    return sum(rung.attained for rung in result.rungs)


@rules
@given(raised())
def test_raising_ratings_never_lowers_attainment(case) -> None:
    content, before, after = case
    assert attained_count(attain(content, before)) <= attained_count(attain(content, after))


@rules
@given(raised())
def test_raising_ratings_never_opens_a_gap_nor_widens_one(case) -> None:
    content, before, after = case
    for level in content.levels:
        was = {finding.skill.id: finding for finding in findings_at(content, level.id, before)}
        for finding in findings_at(content, level.id, after):
            if was[finding.skill.id].state is State.MET:
                assert finding.state is State.MET
            if was[finding.skill.id].distance is not None:
                assert finding.distance <= was[finding.skill.id].distance


@rules
@given(rated())
def test_no_gaps_at_a_level_means_that_it_is_attained(case) -> None:
    content, ratings = case
    for rung in attain(content, ratings).rungs:
        if not gaps_of(findings_at(content, rung.level.id, ratings)):
            assert rung.attained


@rules
@given(ladders())
def test_everything_met_has_no_gaps_and_attains_the_top(content: Ladder) -> None:
    ratings = {made.id: Rating(Answer.RUNG, made.expectations[-1].level) for made in content.skills}
    assert attain(content, ratings).attained == content.levels[-1]
    assert not any(gaps_of(findings_at(content, level.id, ratings)) for level in content.levels)


@rules
@given(rated())
def test_an_open_must_means_that_the_level_is_not_attained(case) -> None:
    content, ratings = case
    for rung in attain(content, ratings).rungs:
        gaps = gaps_of(findings_at(content, rung.level.id, ratings))
        if any(gap.expectation.requirement is Requirement.MUST for gap in gaps):
            assert not rung.attained


@rules
@given(rated())
def test_attained_levels_are_the_first_ones(case) -> None:
    result = attain(*case)
    attained = [rung.attained for rung in result.rungs]
    assert attained == sorted(attained, reverse=True)
    assert result.attained == ([rung.level for rung in result.rungs if rung.attained] or [None])[-1]
    assert result.next == ([rung.level for rung in result.rungs if not rung.attained] or [None])[0]


@rules
@given(rated())
def test_a_level_passes_when_counted_by_hand(case) -> None:
    """The definition once more, with whole hundredths in place of fractions."""
    content, ratings = case
    for rung in attain(content, ratings).rungs:
        states = {requirement: [] for requirement in Requirement}
        for finding in findings_at(content, rung.level.id, ratings):
            if finding.state is not State.NOT_APPLICABLE:
                states[finding.expectation.requirement].append(finding.state is State.MET)
        should = states[Requirement.SHOULD]
        enough = sum(should) * 100 >= round(content.should_share * 100) * len(should)
        assert rung.passes == (all(states[Requirement.MUST]) and enough)


@rules
@given(rated())
def test_the_next_level_has_blockers_and_attained_ones_have_none(case) -> None:
    result = attain(*case)
    assert bool(result.blockers) == (result.next is not None)
    assert not any(rung.blockers for rung in result.rungs if rung.attained)
    assert all(finding.expectation.requirement is not Requirement.MAY for finding in result.blockers)


@rules
@given(rated(), st.data())
def test_the_order_of_the_skills_in_the_file_changes_nothing(case, data: st.DataObject) -> None:
    content, ratings = case
    other = data.draw(ratings_of(content))
    shuffled = replace(content, skills=tuple(data.draw(st.permutations(content.skills))))
    assert attain(shuffled, ratings) == attain(content, ratings)
    for level in content.levels:
        assert findings_at(shuffled, level.id, ratings) == findings_at(content, level.id, ratings)
        assert differences(shuffled, ratings, other, level.id) == differences(content, ratings, other, level.id)


@rules
@given(rated())
def test_findings_stand_in_the_stated_order(case) -> None:
    content, ratings = case
    requirements, importances = list(Requirement), list(Importance)
    for level in content.levels:
        keys = [
            (
                requirements.index(finding.expectation.requirement),
                importances.index(finding.skill.importance),
                -(finding.distance or 0),
                finding.skill.id,
            )
            for finding in findings_at(content, level.id, ratings)
        ]
        assert keys == sorted(set(keys))


@rules
@given(rated())
def test_not_assessed_is_unknown_neither_met_nor_low(case) -> None:
    content, ratings = case
    for level in content.levels:
        for finding in findings_at(content, level.id, ratings):
            left_open = ratings.get(finding.skill.id, NOT_ASSESSED) == NOT_ASSESSED
            assert (finding.state is State.UNKNOWN) == left_open
            assert not left_open or finding.distance is None


@rules
@given(rated(), st.data())
def test_what_is_said_of_one_skill_changes_no_other(case, data: st.DataObject) -> None:
    content, ratings = case
    unknown = [made.id for made in content.skills if ratings.get(made.id, NOT_ASSESSED) == NOT_ASSESSED]
    changed = ratings | dict.fromkeys(unknown, Rating(Answer.NOT_APPLICABLE, reason="not here"))
    for level in content.levels:
        before, after = findings_at(content, level.id, ratings), findings_at(content, level.id, changed)
        assert [f for f in before if f.skill.id not in unknown] == [f for f in after if f.skill.id not in unknown]
        assert all(f.state is State.NOT_APPLICABLE for f in after if f.skill.id in unknown)
    assert attained_count(attain(content, ratings)) <= attained_count(attain(content, changed))


@rules
@given(rated())
def test_not_applicable_leaves_the_counts(case) -> None:
    """Taking the skills off the ladder altogether gives the same counts."""
    content, ratings = case
    apart = {skill_id for skill_id, rating in ratings.items() if rating.answer is Answer.NOT_APPLICABLE}
    without = replace(content, skills=tuple(made for made in content.skills if made.id not in apart))
    for rung, bare in zip(attain(content, ratings).rungs, attain(without, ratings).rungs, strict=True):
        assert (rung.must, rung.should, rung.may, rung.attained) == (bare.must, bare.should, bare.may, bare.attained)
        listed = {finding.skill.id for finding in rung.not_applicable}
        assert listed == {made.id for made in content.skills_expected_at(rung.level.id)} & apart


@rules
@given(rated(), st.data())
def test_may_never_gates(case, data: st.DataObject) -> None:
    content, ratings = case
    only_may = [made for made in content.skills if all(one.requirement is Requirement.MAY for one in made.expectations)]
    worst = ratings | {made.id: Rating(Answer.NONE) for made in only_may}
    best = ratings | {made.id: Rating(Answer.RUNG, made.expectations[-1].level) for made in only_may}
    assert [r.attained for r in attain(content, worst).rungs] == [r.attained for r in attain(content, best).rungs]


@rules
@given(rated())
def test_distance_is_the_number_of_defined_levels_above_the_rung_up_to_the_expected_one(case) -> None:
    content, ratings = case
    for level in content.levels:
        for finding in findings_at(content, level.id, ratings):
            rating = ratings.get(finding.skill.id, NOT_ASSESSED)
            if rating.answer not in (Answer.RUNG, Answer.NONE):
                assert finding.distance is None
                continue
            reached = content.rank[rating.rung] if rating.rung else -1
            defined = [content.rank[expectation.level] for expectation in finding.skill.expectations]
            expected = max(rank for rank in defined if rank <= content.rank[level.id])
            assert finding.distance == sum(reached < rank <= expected for rank in defined)
            assert (finding.state is State.MET) == (reached >= expected)


@rules
@given(rated(), st.data())
def test_swapping_the_sides_turns_the_differences_round(case, data: st.DataObject) -> None:
    content, self_ = case
    manager = data.draw(ratings_of(content))
    level = content.levels[-1].id
    there = differences(content, self_, manager, level)
    back = differences(content, manager, self_, level)
    assert [(d.skill, d.rungs and -d.rungs) for d in there] == [(d.skill, d.rungs) for d in back]
    assert differences(content, self_, self_, level) == ()
