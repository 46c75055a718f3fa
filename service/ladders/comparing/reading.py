"""Whether a skill reads the same in two versions, so that an answer to one of them is an answer to the other. Pure."""

from collections.abc import Mapping

from service.ladders.rules import Expectation, Skill


def reads_alike(before: Skill, after: Skill, levels: Mapping[str, str], read: int) -> bool:
    """Whether a skill begins at the same levels in both, and says the same at the first `read` of them: beyond the rung above
    the target nobody has looked for a review. `levels` is old level id → new one."""
    if [levels.get(it.level) for it in before.expectations] != [it.level for it in after.expectations]:
        return False
    pairs = zip(before.expectations[:read], after.expectations[:read], strict=True)
    return all(_texts(one) == _texts(other) for one, other in pairs)


def _texts(expectation: Expectation) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return expectation.statement, expectation.indicators, expectation.counter_indicators
