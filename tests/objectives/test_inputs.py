"""Numbers as callers send them: whatever their spelling, they are kept in few characters."""

import pytest
from pydantic import TypeAdapter, ValidationError

from service.objectives.inputs import Number
from service.objectives.rules import exact

NUMBER = TypeAdapter(Number)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0E-999", "0"),
        ("0E+999999", "0"),
        ("-0", "0"),
        ("-0.0E-99", "0"),
        (f"1.{'0' * 60}", "1"),
        (f"-0.25{'0' * 60}", "-0.25"),
        ("1e2", "100"),
        ("40.50", "40.50"),
        ("99999999999", "99999999999"),
        ("-12345678901.2345", "-12345678901.2345"),
    ],
)
def test_a_number_is_kept_in_few_characters_however_it_was_spelled(sent: str, kept: str) -> None:
    assert exact(NUMBER.validate_python(sent)) == kept


@pytest.mark.parametrize("sent", ["1E-400", "1e400", f"1.{'0' * 40}1", "Infinity", "NaN", "-sNaN"])
def test_what_does_not_fit_is_refused(sent: str) -> None:
    with pytest.raises(ValidationError):
        NUMBER.validate_python(sent)
