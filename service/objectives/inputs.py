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
Number = Annotated[Decimal, Field(max_digits=15, decimal_places=4, allow_inf_nan=False)]


class MeasuredInput(Input):
    """What is written of any key result, whosever it is."""

    title: Title
    metric: Word = ""
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    direction: Direction = Direction.INCREASE
    baseline: Number | None = None
    target: Number | None = None
