"""What a caller may send of any objective or key result, whosever it is; the same shapes for forms and JSON."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from service.objectives.rules import Direction
from service.reviews.inputs import Input

Title = Annotated[
    str,
    AfterValidator(lambda text: " ".join(text.split())),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
StartDay = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2199, 12, 31))]
PLACES = 4


def _in_few_characters(number: Decimal) -> Decimal:
    """The same number without zeros beyond its places, which are not counted among its digits: 0E-999999999 is 0."""
    short = number.normalize() if number.as_tuple().exponent < -PLACES else number  # type: ignore[operator]  # it is finite
    return short if short else abs(short)


Number = Annotated[
    Decimal, Field(max_digits=15, decimal_places=PLACES, allow_inf_nan=False), AfterValidator(_in_few_characters)
]


class MeasuredInput(Input):
    """What is written of any key result, whosever it is."""

    title: Title
    metric: Word = ""
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    direction: Direction = Direction.INCREASE
    baseline: Number | None = None
    target: Number | None = None
