"""How far key results and objectives are (PRODUCT.md, "Growth plan and OKR checks", progress)."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from service.objectives.rules import Direction


def share_of(direction: Direction, baseline: Decimal | None, target: Decimal, value: Decimal | None) -> Fraction:
    """The share of the way from baseline to target at `value`, clipped to 0…1. A threshold is met or not: 1 or 0.

    Nothing measured yet is no way gone. Where baseline and target are one number (a remark of K6), it is reached or not.
    """
    if value is None:
        return Fraction(0)
    if direction.is_threshold or baseline is None or baseline == target:
        return Fraction(value >= target if direction.goes_up else value <= target)
    way = (Fraction(value) - Fraction(baseline)) / (Fraction(target) - Fraction(baseline))
    return min(max(way, Fraction(0)), Fraction(1))


def mean_of(shares: Sequence[Fraction]) -> Fraction | None:
    """An objective's progress: the plain mean of its key results' shares; None without any."""
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def percent(share: Fraction) -> int:
    """A share as whole percent. 100 is only what is wholly reached, 0 only what has not begun."""
    if 0 < share < 1:
        return min(max(round(share * 100), 1), 99)
    return int(share * 100)
