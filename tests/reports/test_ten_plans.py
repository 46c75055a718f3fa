"""Ten very different plans on paper: what the checkers of PDF/UA and PDF/A say, and what a typesetter would."""

import io
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import outloud
import page
import pdfua
import pymupdf
import pytest
from pypdf import PdfReader
from weasyprint.formatting_structure.boxes import MarginBox

from reports import growth_plan
from reports.forms import Form, PageSize
from reports.pdf import lay_out, write
from tests.reports.plans import TEN

HEADINGS = ("h1", "h2", "h3", "h4")
TOP, HEAD = 70, 45
"""Where the text of a page begins, in CSS pixels, and what lies above it, in points."""
FNT = {"TXT-001"}
NOTDEF = {"PDFUA1-NOTDEF-GLYPH-001", "PDFA3A-NOTDEF-GLYPH-001"}
"""What a machine without fonts for a script may leave: decision 9 of service/README.md."""


@cache
def laid_out(name: str, paper: PageSize = "A4") -> Any:
    data = TEN[name]()
    html = growth_plan.to_html(growth_plan.check(data), growth_plan.data_hash(data))
    return lay_out(html, growth_plan._style(), paper)


@cache
def printed(name: str) -> bytes:
    data = TEN[name]()
    return write(laid_out(name), growth_plan._source(growth_plan.check(data), data))


@cache
def has_east_asian_fonts() -> bool:
    signs = (":charset=4e2d", ":charset=d55c")  # Han and Hangul
    return all(subprocess.run(["fc-list", sign], capture_output=True, check=True).stdout for sign in signs)


def boxes(name: str, paper: PageSize = "A4") -> Iterator[tuple[int, Any]]:
    """(number of the page, box) of all that has an element, margins left out."""
    for number, sheet in enumerate(laid_out(name, paper).pages):
        yield from boxes_of(number, sheet)


def boxes_of(number: int, sheet: Any) -> Iterator[tuple[int, Any]]:
    for part in sheet._page_box.children:
        if not isinstance(part, MarginBox):
            yield from ((number, box) for box in part.descendants() if box.element is not None and box.element_tag)


def words_of(box: Any) -> str:
    return " ".join("".join(box.element.itertext()).split())


@pytest.mark.parametrize("name", TEN)
def test_checkers_and_typesetter_have_nothing_to_say(name: str, tmp_path: Path) -> None:
    """In one test, since the pages take longer to make than to look at."""
    file = tmp_path / "plan.pdf"
    file.write_bytes(printed(name))
    lacks_fonts = name == "east_asian" and not has_east_asian_fonts()
    assert conformance(file) - (NOTDEF if lacks_fonts else set()) == set()
    assert outloud_errors(file) - (FNT if lacks_fonts else set()) == set()
    assert faulty_tables(name) == []
    assert faulty_headings(name) == []
    assert orphan_headings(name) == []
    assert split_rows(name) == []
    assert running_heads(file) == ["", *sections(name)[1:]]


def conformance(file: Path) -> set[str]:
    """What page-validation and pdfua find. Of its rules pdfua 0.1.3 drops UA-14-001, "Heading elements are not empty",
    for it asks an array for a key: `faulty_headings` looks instead."""
    profiles = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)
    found = {it.rule_id for profile in profiles for it in page.validate_pdf(str(file), profile=profile).failures}
    report = pdfua.validate(str(file))
    assert {it.rule_id for it in report.outcomes if it.skipped_reason} <= {"UA-14-001"}
    return found | {it.rule_id for it in report.findings}


def outloud_errors(file: Path) -> set[str]:
    return {it.rule for it in outloud.check(str(file)).findings if it.severity == "error"}


def faulty_tables(name: str) -> list[str]:
    """Tables in which a column or a row has no head, or in which a cell is one that begins neither."""
    tables = {box.element for _, box in boxes(name) if box.element_tag == "table"}
    assert tables
    return [" ".join(words) for table in tables for words in _without_heads(table)]


def _without_heads(table: Any) -> Iterator[Any]:
    facts = table.get("class") == "facts"
    for row in table.iter("tr"):
        in_head = row.find("th[@scope='col']") is not None
        heads = [cell.tag == "th" and cell.get("scope") == ("col" if in_head else "row") for cell in row]
        wanted = [True] * len(row) if in_head else [place == 0 or (facts and place == 2) for place in range(len(row))]
        if heads != wanted:
            yield row.itertext()


def faulty_headings(name: str) -> list[str]:
    """Headings without words, and those that leave out a level."""
    found = list(dict.fromkeys(box.element for _, box in boxes(name) if box.element_tag in HEADINGS))
    levels = [0, *(int(heading.tag[1]) for heading in found)]
    skipped = [f"{above} {below}" for above, below in pairwise(levels) if below > above + 1]
    return skipped + [heading.tag for heading in found if not "".join(heading.itertext()).strip()]


def orphan_headings(name: str, paper: PageSize = "A4") -> list[str]:
    """Headings with nothing below them on their page."""
    foot: dict[int, float] = {}
    headings = []
    for number, box in boxes(name, paper):
        if box.element_tag in HEADINGS:
            headings.append((number, box.position_y, box.element_tag))
        elif box.element_tag in ("p", "td", "dd"):
            foot[number] = max(foot.get(number, 0), box.position_y)
    assert headings
    return [f"{tag} on page {number + 1}" for number, y, tag in headings if foot.get(number, 0) <= y]


def split_rows(name: str, paper: PageSize = "A4") -> list[Any]:
    """Rows on more than one page; those with more than 900 characters may be, since a page holds few such."""
    seen: dict[Any, set[int]] = {}
    for number, box in boxes(name, paper):
        if box.element_tag == "tr" and box.element.get("class") != "long":
            seen.setdefault(box.element, set()).add(number)
    assert seen
    return [row for row, pages in seen.items() if len(pages) > 1 and row.find("th[@scope='col']") is None]


def sections(name: str) -> list[str]:
    """The section that each page begins in."""
    found, last = [], ""
    for number, sheet in enumerate(laid_out(name).pages):
        begun = [box for _, box in boxes_of(number, sheet) if box.element_tag == "h2"]
        at_top = [box for box in begun if box.position_y < TOP]
        found.append(running_head_of(at_top[0]) if at_top else last)
        last = running_head_of(begun[-1]) if begun else last
    return found


def running_head_of(box: Any) -> str:
    return box.element.get("data-running-head") or words_of(box)


def running_heads(file: Path) -> list[str]:
    with pymupdf.open(file) as document:
        return [" ".join(word[4] for word in sheet.get_text("words") if word[3] < HEAD) for sheet in document]


def test_the_checkers_see_what_is_wrong(tmp_path: Path) -> None:
    """The same pages as WeasyPrint writes them when it is told nothing."""
    file = tmp_path / "plan.pdf"
    file.write_bytes(laid_out("few").write_pdf())
    assert {"PDFUA1-ID-SCHEMA-001", "PDFA3A-ID-SCHEMA-001", "UA-01-002"} <= conformance(file)
    assert "DOC-012" in outloud_errors(file)


@pytest.mark.parametrize("name", ["typical", "few"])
def test_letter_is_set_as_well(name: str) -> None:
    assert {round(sheet.width) for sheet in laid_out(name, "Letter").pages} == {816}
    assert orphan_headings(name, "Letter") == []
    assert split_rows(name, "Letter") == []


def test_figures_are_right_aligned() -> None:
    """Each figure of a column of key results ends where the one above it ends."""
    edges: dict[tuple[Any, int], set[float]] = {}
    for _, box in boxes("typical"):
        if box.element_tag == "td" and "figure" in (box.element.get("class") or ""):
            lines = [line for line in box.descendants() if hasattr(line, "text")]
            right = max(text.position_x + text.width for text in lines)
            edges.setdefault((box.position_x, round(box.width)), set()).add(round(right, 1))
    assert len(edges) >= 4
    assert [len(column) for column in edges.values()] == [1] * len(edges)


def test_text_comes_in_reading_order() -> None:
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(printed("typical"))).pages)
    text = " ".join(text.split())
    places = [text.index(words) for words in ORDER]
    assert places == sorted(places)


ORDER = (
    "Nextrung · Growth plan",
    "From Middle to Senior Product Manager",
    "Ladder version",
    "Where Ben Okafor stands",
    "Middle is attained.",
    "The plan at a glance",
    "30 days, to 20 Dec 2026",
    "1. Decisions in Checkout rest on a metric that was named beforehand due 18 Dec 2026",
    "Two of the last three bets",
    "Gap: Product analytics at Senior",
    "Bets with a decision metric written before the build starts",
    "52 → 8 h 15 Dec 2026 Ben Okafor",
    "2. Customers’ own words reach the team every week due",
    "60 days, to 19 Jan 2027",
    "90 days, to 18 Feb 2027",
    "Check-ins and signatures Day 30 20 Dec 2026",
    "Ann Lindqvist Manager, signed on 21 Nov 2026",
    "Gaps to Senior ◐ partly",
    "Open too, and not in this plan",
    "Not applicable, with the reason – Hardware lifecycle",
    "Where the two views differ They differ on 5 skills",
)


@pytest.mark.parametrize(("name", "form"), [*((name, Form.SUMMARY_A4) for name in TEN), ("long", Form.SUMMARY_LETTER)])
def test_a_summary_is_one_page_and_says_what_it_leaves_out(name: str, form: Form, tmp_path: Path) -> None:
    data = TEN[name]()
    file = tmp_path / "summary.pdf"
    file.write_bytes(growth_plan.render(data, form))
    with pymupdf.open(file) as document:
        [text] = [" ".join(sheet.get_text().split()) for sheet in document]
    assert "Data SHA-256 " + growth_plan.data_hash(data) in text
    assert text.count("signed on 21 Nov") + text.count("not signed yet") + text.count("signed on 2 Dec") == 2
    assert ("Not on this page for want of room" in text) == bool(re.search(r"key results? in the plan", text))
    assert ("Not on this page for want of room" in text) >= (name in ("long", "many_key_results"))
    assert conformance(file) - (NOTDEF if name == "east_asian" else set()) == set()


def test_a_summary_holds_the_same_data() -> None:
    summary = PdfReader(io.BytesIO(growth_plan.render(TEN["onboarding"](), Form.SUMMARY_A4)))
    assert summary.attachments["plan.json"] == [growth_plan.canonical(TEN["onboarding"]()).encode()]


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.A4])
@pytest.mark.parametrize("name", ["few", "right_to_left"])
def test_the_checkers_have_nothing_to_say_of_other_forms(name: str, form: Form, tmp_path: Path) -> None:
    file = tmp_path / "plan.pdf"
    file.write_bytes(growth_plan.render(TEN[name](), form))
    assert (conformance(file), outloud_errors(file)) == (set(), set())
