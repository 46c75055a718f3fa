"""Ladders and ratings of every shape the rules must hold for."""

from hypothesis import strategies as st

from service.gaps.rules import Ratings
from service.ladders.rules import Importance, Ladder, Requirement, Skill
from service.reviews.rules import NOT_ASSESSED, Answer, Rating
from tests.factories import ladder, skill

NAMES = ("trainee", "junior", "middle", "senior", "lead", "principal")


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """1 to 6 levels, 0 to 15 skills, each defined at any of the levels, in whole hundredths of should-expectations."""
    levels = NAMES[: draw(st.integers(1, len(NAMES)))]
    requirements = st.sampled_from(Requirement)
    defined = st.lists(st.none() | requirements, min_size=len(levels), max_size=len(levels)).filter(any)
    skills = draw(st.lists(st.tuples(defined, st.sampled_from(Importance)), max_size=15))
    made = [
        skill(
            f"skill-{n}",
            *((level, found) for level, found in zip(levels, at, strict=True) if found),
            importance=importance,
        )
        for n, (at, importance) in enumerate(skills)
    ]
    share = draw(st.integers(0, 100)) / 100
    return ladder(*made, levels=levels, should_share=share)


def answers(made: Skill) -> list[Rating]:
    """All that can be said of a skill, from the lowest up, without what is never counted as low."""
    last = made.expectations[-1].level
    rungs = [
        Rating(Answer.RUNG, expectation.level, toward)
        for expectation in made.expectations
        for toward in (False, True)
        if not (toward and expectation.level == last)
    ]
    return [Rating(Answer.NONE), Rating(Answer.NONE, toward_next=True), *rungs]


def any_answer(made: Skill) -> st.SearchStrategy[Rating]:
    apart = [NOT_ASSESSED, Rating(Answer.NOT_APPLICABLE, reason="not here")]
    return st.sampled_from([*answers(made), *apart])


@st.composite
def ratings_of(draw: st.DrawFn, content: Ladder) -> Ratings:
    """Any answer for each skill; some are left out."""
    given = {made.id: draw(st.none() | any_answer(made)) for made in content.skills}
    return {skill_id: rating for skill_id, rating in given.items() if rating is not None}


@st.composite
def rated(draw: st.DrawFn) -> tuple[Ladder, Ratings]:
    content = draw(ladders())
    return content, draw(ratings_of(content))


@st.composite
def raised(draw: st.DrawFn) -> tuple[Ladder, Ratings, Ratings]:
    """A ladder, ratings, and the same with some of them raised: what was not assessed to any rung, the rest upwards."""
    content, before = draw(rated())
    after = dict(before)
    for made in content.skills:
        ordered, rating = answers(made), before.get(made.id, NOT_ASSESSED)
        if rating.answer is Answer.NOT_APPLICABLE:
            continue
        lowest = 0 if rating == NOT_ASSESSED else ordered.index(rating)
        after[made.id] = draw(st.sampled_from([rating, *ordered[lowest:]]))
    return content, before, after
