"""A text in a file is never a formula, in whatever country it is opened."""

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.workbook import write_csv

SIGNS = "=+-@＝＋－＠"
SEPARATORS = ",;\t|"


def written(*cells):
    return write_csv(["a"] * len(cells), [cells]).decode("utf-8-sig").split("\r\n", 1)[1]


def read_anywhere(text):
    """Every cell that some spreadsheet finds: split at any of the separators, with and without regard to quotes."""
    for separator in SEPARATORS:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            yield from row
        for line in text.splitlines():
            yield from line.split(separator)


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\tx", "'\tx"),
        ("x;=1+1", "x;'=1+1"),
        ("x; -1", "x; '-1"),
        ("x\t+1", "x\t'+1"),
        ("x|@A1", "x|'@A1"),
        ("x\n=1", "x\n'=1"),
        ("x\r\n＝1", "x\r\n'＝1"),
        ('x;"=1', "x;\"'=1"),
        ("=1;=2", "'=1;'=2"),
        ("Ann-Marie; Berg + Son", "Ann-Marie; Berg + Son"),
        ("a = b, -c", "a = b, -c"),
        ("'=1", "'=1"),
    ],
)
def test_a_text_that_could_be_a_formula_is_guarded_where_it_begins(cell, safe):
    assert next(csv.reader(StringIO(written("x", cell), newline="")))[1] == safe


def test_figures_and_dates_stay_what_they_are():
    assert written(-1, date(2026, 11, 21), None, "") == "-1,2026-11-21,,\r\n"


@given(st.lists(st.text(st.sampled_from(SIGNS + ";|\t\r\n\" 'x1"), max_size=8), min_size=1, max_size=3))
def test_no_cell_of_any_country_begins_as_a_formula(cells):
    found = [cell.strip().strip('"').strip() for cell in read_anywhere(written("x", *cells))]
    assert [cell for cell in found if cell.startswith(tuple(SIGNS))] == []
