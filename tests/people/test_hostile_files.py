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
from service.people.rules import Entry, Preview, Standing

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
@pytest.mark.parametrize(
    "unit", [f"q{' ' * 120_000}q", " /" * 60_000 + " q", MARKS], ids=["spaces", "slashes", "marks"]
)
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
    assert "this has 120001." in " ".join(
        problem.detail for problem in _preview(",".join(cells), within=within).problems
    )


def test_a_column_title_that_is_long_to_compare() -> None:
    with at_once():
        assert read(f"id,name,e-mail,{MARKS}\n").ignored == (MARKS[:100],)


def test_a_first_row_of_countless_columns() -> None:
    with at_once(), pytest.raises(Invalid) as caught:
        read("id,name,e-mail" + "," * 1_000_000)
    assert caught.value.problems[0].detail == "The first row has 1,000,003 columns; at most 200 can be read."


def _reporting(*managers: object) -> list[str]:
    return [f"{number},Ann {number},a{number}@x.org,{above},\n" for number, above in enumerate(managers)]


def test_a_circle_of_managers_is_told_in_eight_names() -> None:
    many = 10_000
    found = _preview(*_reporting(*((number + 1) % many for number in range(many))))
    words = "The reporting line runs in a circle: 1 → 2 → 3 → 4 → 5 → 6 → … → 1."
    assert (found.problems[1].pointer, found.problems[1].detail) == ("/rows/3/manager", words)
    assert (len(found.problems), found.problems[200].pointer) == (201, "/rows")
    assert found.problems[200].detail == "And 9,800 more."


def test_a_circle_of_units_is_told_in_eight_names() -> None:
    many = 3_000
    rows = (f"{n},Ann {n},a{n}@x.org,,U{n} / U{(n + 1) % many}\n" for n in range(many))
    found = _preview(*rows)
    words = "These units would stand above each other in a circle: U0 → U2999 → U2998 → U2997 → U2996 → U2995 → … → U0."
    assert (found.problems[0].detail, found.problems[200].detail) == (words, "And 2,800 more.")


def test_a_circle_of_eight_is_cut_and_one_of_seven_is_told() -> None:
    def told(many: int) -> str:
        return _preview(*_reporting(*((number + 1) % many for number in range(many)))).problems[0].detail.split(": ")[1]

    assert (told(7), told(8)) == ("0 → 1 → 2 → 3 → 4 → 5 → 6 → 0.", "0 → 1 → 2 → 3 → 4 → 5 → … → 0.")


def test_a_reporting_line_ends_after_fifty_managers() -> None:
    assert _preview(*_reporting("", *range(50))).problems == ()
    assert [problem.pointer for problem in _preview(*_reporting("", *range(51))).problems] == ["/rows/53/manager"]
    found = _preview(*_reporting("", *range(9_999)))
    words = "This leaves somebody with more than 50 managers one above the other; look at the managers' ids."
    assert (found.problems[0].pointer, found.problems[0].detail) == ("/rows/53/manager", words)


def test_a_line_that_grows_too_long_in_the_database_is_told_where_it_changes() -> None:
    """Two lines of 30, one put below the other; and a line that has been too long for ever hinders nobody."""

    def standing(top: str) -> Standing:
        above = {f"{n}": f"{n - 1}" if n not in (0, 30) else "" for n in range(60)} | {"30": top}
        return Standing({n: Entry(n, "Ann", f"a{n}@x.org", up) for n, up in above.items()}, frozenset(), {})

    def pointers(top: str) -> list[str]:
        return [
            each.pointer for each in rules.preview(read(HEAD + "30,Ann,a30@x.org,29,\n"), standing(top), {}).problems
        ]

    assert (pointers(""), pointers("29")) == (["/rows/2/manager"], [])
