"""Files made to keep the service busy: each is answered at once, in few words."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import pytest

from service.errors import Invalid
from service.people import rules
from service.people.files import read
from service.people.rules import Preview, Standing

HEAD = "employee id,name,e-mail,manager's id,org unit\n"
NOBODY = Standing({}, frozenset(), {"product": ("Product", "")})
MARKS = "a" + "\u0301\u0323" * 60_000
"""Text that takes NFKC a minute: marks are put in order one by one."""


@contextmanager
def at_once() -> Iterator[None]:
    """Far below what each of these files took before, and far above what it takes."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < 2


def _preview(*rows: str, within: frozenset[str] | None = None) -> Preview:
    with at_once():
        found = rules.preview(read(HEAD + "".join(rows)), NOBODY, {}, within)
    assert len(json.dumps([asdict(problem) for problem in found.problems])) < 100_000
    return found


@pytest.mark.parametrize("within", [None, frozenset({"product"})])
@pytest.mark.parametrize("unit", [f"q{' ' * 120_000}q", " /" * 60_000 + " q", MARKS], ids=["spaces", "slashes", "marks"])
def test_a_unit_far_too_long(unit: str, within: frozenset[str] | None) -> None:
    found = _preview(f"1,Ann,a@x.org,,{unit}\n", within=within)
    assert ("/rows/2/unit", f"Keep it within 1000 characters; this has {len(unit.strip())}.") in [
        (problem.pointer, problem.detail) for problem in found.problems
    ]


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("within", [None, frozenset({"product"})])
def test_a_cell_that_is_long_to_compare(place: int, within: frozenset[str] | None) -> None:
    cells = ["1", "Ann", "a@x.org", "", "Product"]
    cells[place] = MARKS
    assert "this has 120001." in " ".join(problem.detail for problem in _preview(",".join(cells), within=within).problems)


def test_a_column_title_that_is_long_to_compare() -> None:
    with at_once():
        assert read(f"id,name,e-mail,{MARKS}\n").ignored == (MARKS[:100],)


def test_a_first_row_of_countless_columns() -> None:
    with at_once(), pytest.raises(Invalid) as caught:
        read("id,name,e-mail" + "," * 1_000_000)
    assert caught.value.problems[0].detail == "The first row has 1,000,003 columns; at most 200 can be read."
