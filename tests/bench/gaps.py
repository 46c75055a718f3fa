"""The CPU time of one gap report, beside the least that any program must do: look at every rating at every level."""

from collections.abc import Callable
from statistics import median
from time import process_time

from service.gaps.rules import Ratings, attain, differences, findings_at, gaps_of
from service.ladders.rules import Importance, Ladder, Requirement
from service.reviews.rules import NOT_ASSESSED, Answer, Rating
from tests.factories import ladder, skill

LEVELS = ("junior", "middle", "senior", "lead", "principal")
SKILLS = 60
ROUNDS = 30
REPORTS = 50


def run() -> str:
    """One line: time per report, the floor, and the ratio. Medians of rounds, since the machine may be busy."""
    content, self_, manager = make_ladder(), make_ratings(0), make_ratings(1)
    report = measure(lambda: make_report(content, self_, manager))
    floor = measure(lambda: look_at(content, manager))
    size, ratio = f"{SKILLS} skills × {len(LEVELS)} levels", report / floor
    return f"gaps: {report:.3f} ms a report ({size}), floor {floor:.3f} ms (a bare loop over them), ratio {ratio:.0f}"


def measure(work: Callable[[], object]) -> float:
    """Milliseconds of CPU for one call."""
    rounds = []
    for _ in range(ROUNDS):
        start = process_time()
        for _ in range(REPORTS):
            work()
        rounds.append((process_time() - start) / REPORTS * 1000)
    return median(rounds)


def make_report(content: Ladder, self_: Ratings, manager: Ratings) -> tuple[object, ...]:
    """All that a report computes, towards the top level."""
    top = LEVELS[-1]
    return (
        attain(content, manager),
        gaps_of(findings_at(content, top, manager)),
        differences(content, self_, manager, top),
    )


def look_at(content: Ladder, ratings: Ratings) -> int:
    """The floor: every rating once for every level, and nothing made of it."""
    seen = 0
    for _level in content.levels:
        for one in content.skills:
            seen += ratings.get(one.id, NOT_ASSESSED).rung is not None
    return seen


def make_ladder() -> Ladder:
    """Every skill defined at every level: the most there can be to judge."""
    requirements, importances = list(Requirement), list(Importance)
    skills = [
        skill(
            f"skill-{n}",
            *((level, requirements[(n + place) % 3]) for place, level in enumerate(LEVELS)),
            importance=importances[n % 3],
        )
        for n in range(SKILLS)
    ]
    return ladder(*skills, levels=LEVELS)


def make_ratings(shift: int) -> dict[str, Rating]:
    """A mix of rungs, "none" and "not assessed"."""
    answers = [
        *(Rating(Answer.RUNG, level, toward_next=True) for level in LEVELS[:-1]),
        Rating(Answer.NONE),
        NOT_ASSESSED,
    ]
    return {f"skill-{n}": answers[(n + shift) % len(answers)] for n in range(SKILLS)}
