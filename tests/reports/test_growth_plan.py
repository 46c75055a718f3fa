import hashlib
import io
import json
import logging
import os
import shutil
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from reports import growth_plan, worker
from reports.contract import BREAK, DRAFT_FORMAT, printable
from reports.errors import ReportError
from tests.reports.conftest import SAMPLES, sample

ROOT = SAMPLES.parents[2]
NASTY = (
    '<script>alert(1)</script><img src="file:///etc/passwd"><style>*{display:none}</style>{{ 7*7 }}"\'&amp;\x00\u202e'
)
BENIGN = NASTY.translate(str.maketrans("<>\"'&", "xxxxx"))


@pytest.fixture(scope="module")
def pages(typical_pdf):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(typical_pdf)).pages]


def _fresh(zone, language, seed):
    """A process at work on the typical sample that shares nothing with this one."""
    surroundings = {"TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    with (SAMPLES / "typical.json").open("rb") as source:
        return subprocess.Popen(
            [sys.executable, "-m", "reports", "growth-plan"],
            stdin=source,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], **surroundings},
            cwd="/",
        )


def test_same_bytes_in_every_process(typical_pdf):
    with _fresh("Pacific/Kiritimati", "C.UTF-8", "1") as east, _fresh("America/New_York", "C", "77") as west:
        assert east.stdout.read() == typical_pdf
        assert west.stdout.read() == typical_pdf


def test_same_bytes_after_another_document(typical_pdf):
    growth_plan.render(sample("minimal"))
    assert growth_plan.render(sample("typical")) == typical_pdf


def test_order_of_keys_does_not_matter(typical):
    turned = dict(reversed(typical.items()))
    assert growth_plan.data_hash(turned) == growth_plan.data_hash(typical)


def test_one_changed_letter_changes_the_hash(typical):
    before = growth_plan.data_hash(typical)
    typical["gaps"][0]["category"] += "s"
    assert growth_plan.data_hash(typical) != before


def test_data_hash_is_of_canonical_json(typical):
    text = json.dumps(typical, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert growth_plan.data_hash(typical) == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_each_page_says_whose_which_and_where(pages, typical):
    data_hash = growth_plan.data_hash(typical)
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert f"Ben Okafor · revision 2 · Product Manager 2026.1 · Data {data_hash[:16]}" in text
        assert f"Page {number} of {len(pages)}" in text
    assert data_hash in next(text for text in pages if "Check-ins and signatures" in text)


@pytest.mark.parametrize(
    "fact",
    [
        "From Middle to Senior Product Manager",
        "Middle now → Senior next",
        "Agreed on 21 Nov 2026, revision 2",
        "20 Nov 2026 to 18 Feb 2027",
        "Middle is attained. For Senior, 3 of 7 must-haves are met; 4 are open: Product analytics, Product discovery,"
        " Setting objectives (OKR) and Leading without authority.",
        "Counted by the ratings that both sides agreed; not assessed counts as open.",
        "4 must-haves open",
        "Senior 3 of 7 4 of 10 7",
        "Chooses the metric that decides a bet",
        "◐ partly 1 rung to go",
        "? not assessed",
        "■ Must-have from Senior, critical",
        "self higher by 1 of its rungs",
        "Working with language models not assessed Junior answered in different ways",
        "Hardware lifecycle The Checkout team ships software only",
        "30 days, to 20 Dec 2026",
        "Checkout and Risk pull in one direction",
        "Gap: Leading without authority at Senior",
        "52 → 8 h 15 Dec 2026 Ben Okafor",
        "none at least 2 entries",
        "Day 60 19 Jan 2027",
        "Ann Lindqvist Manager, signed on 21 Nov 2026",
    ],
)
def test_fact_is_on_paper(pages, fact):
    assert fact in " ".join(pages)


def _shorter(data):
    """Of the long sample the first third, which holds its longest texts; the others are as they are."""
    return data | {"gaps": data["gaps"][:10], "objectives": data["objectives"][:6]}


@pytest.mark.parametrize("name", ["long", "onboarding", "minimal"])
def test_samples_render_without_a_complaint(name, caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        assert growth_plan.render(_shorter(sample(name))).startswith(b"%PDF-1.7")
    complaints = [record.getMessage() for record in caplog.records if record.name == "weasyprint"]
    assert [words for words in complaints if not words.startswith(".notdef glyph")] == []  # fonts differ by machine


def test_onboarding_has_no_gaps_but_goals():
    text = growth_plan.to_html(growth_plan.check(sample("onboarding")), "0" * 64)
    assert "Gaps to" not in text
    assert "stands</h2>" not in text
    assert "Nothing is planned for this horizon." in text


def test_empty_lists_look_intended(minimal):
    text = growth_plan.to_html(growth_plan.check(minimal), "0" * 64)
    for words in (
        "There is no level above it on this ladder.",
        "No open expectations at this level.",
        "This plan has no objectives yet.",
        "No check-in dates are set.",
        "Nobody has signed this revision yet.",
    ):
        assert words in text


def test_ratings_not_given_are_told_as_such(typical):
    typical["gaps"] = [typical["gaps"][6]]
    assert growth_plan.to_html(growth_plan.check(typical), "0" * 64).count("Not rated") == 1
    typical["gaps"][0]["chosen"] = True
    assert growth_plan.to_html(growth_plan.check(typical), "0" * 64).count("not rated") == 3


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, [name for name, _ in attrs]))


def _everywhere(value, text, key=""):
    """`value` with each free text in it replaced."""
    fixed = ("format", "language", "kind", "state", "requirement", "basis", "direction", "role", "sha256", "id", "on")
    if isinstance(value, dict):
        return {key: _everywhere(part, text, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_everywhere(part, text, key) for part in value]
    return text if isinstance(value, str) and key not in fixed and not key.endswith("_on") else value


def _tags(data):
    parser = Tags()
    parser.feed(growth_plan.to_html(growth_plan.check(data), "0" * 64))
    return parser.seen


def test_hostile_text_adds_no_element_anywhere(typical):
    assert _tags(_everywhere(typical, NASTY)) == _tags(_everywhere(typical, BENIGN))


def test_hostile_text_is_printed_as_text(minimal):
    minimal["plan"]["title"] = "<b>7</b> {{ 7*7 }} &amp;"
    text = PdfReader(io.BytesIO(growth_plan.render(minimal))).pages[0].extract_text()
    assert "<b>7</b> {{ 7*7 }} &amp;" in " ".join(text.split())


@pytest.mark.parametrize(
    ("mend", "message"),
    [
        (lambda d: d.update(format="nextrung-growth-plan/2"), "format: Input should be 'nextrung-growth-plan/1'"),
        (lambda d: d.update(surprise=1), "surprise: Extra inputs are not permitted"),
        (lambda d: d["person"].pop("name"), "person.name: Field required"),
        (lambda d: d["plan"].update(start_on="21.11.2026"), "plan.start_on: is not a date like 2026-11-21"),
        (lambda d: d["plan"].update(start_on="2026-02-30"), "plan.start_on: day is out of range for month"),
        (
            lambda d: d["gaps"][3]["expected"].update(statement="x" * 4001),
            "gaps[3].expected.statement: has more than 4,000 characters; shorten it",
        ),
        (lambda d: d.update(gaps=d["gaps"] * 17), "gaps: has 204 rows; at most 200 fit one document"),
        (
            lambda d: d.update(objectives=[d["objectives"][0] | {"projects": ["x"] * 199}] * 6),
            "the plan's lists hold 1,272 entries; at most 1,000 fit one document",
        ),
    ],
)
def test_fault_is_located(typical, mend, message):
    mend(typical)
    with pytest.raises(ReportError) as caught:
        growth_plan.check(typical)
    assert str(caught.value) == message


def test_all_texts_together_have_a_cap(typical):
    for gap in typical["gaps"] * 3:
        gap["expected"] = {"level": "Senior", "statement": "word " * 800}
    typical["gaps"] *= 3
    with pytest.raises(ReportError, match="characters; at most 120,000 fit one document"):
        growth_plan.check(typical)


def test_faults_never_repeat_the_value(typical):
    typical["person"]["name"] = "secret" * 1000
    typical["plan"]["revision"] = "secret"
    with pytest.raises(ReportError) as caught:
        growth_plan.check(typical)
    assert "secret" not in str(caught.value)


def test_lone_surrogate_is_a_fault(typical):
    typical["person"]["name"] = "\ud800"
    with pytest.raises(ReportError, match=r"person\.name: "):
        growth_plan.check(typical)


def test_endless_word_gets_places_to_break():
    assert printable("a" * 61 + " b") == "a" * 60 + BREAK + "a b"
    assert printable("a" * 60) == "a" * 60
    assert printable("\x00a\x1b\n") == "a"


def test_a_sentence_names_a_dozen_and_counts_the_rest():
    names = [f"Skill {number}" for number in range(13)]
    assert growth_plan.some(names[:12]).endswith("Skill 10 and Skill 11")
    assert growth_plan.some(names).endswith("Skill 10 and 2 more")


def test_days_are_in_words_of_no_locale():
    assert growth_plan.day_in_words(date(2026, 3, 1)) == "1 Mar 2026"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"{", "the data is not JSON"),
        (b"[" * 100_000, "the data is not JSON"),
        (b" " * (2 * 1024**2 + 1), "the data is larger than 2 MiB"),
        (b"[]", "the data: "),
    ],
)
def test_source_is_checked(source, message):
    with pytest.raises(ReportError, match=message):
        worker.make("growth-plan", source)


def test_what_a_library_says_is_not_repeated(monkeypatch):
    monkeypatch.setattr(worker.growth_plan, "render", lambda data, _form: data["secret"])
    with pytest.raises(ReportError, match=r"^rendering failed \(KeyError\)$"):
        worker.make("growth-plan", b"{}")


def test_fingerprint_is_stable():
    assert growth_plan.fingerprint() == growth_plan.fingerprint.__wrapped__()


@pytest.mark.parametrize(
    "name", ["templates/gaps.html.j2", "templates/charts.html.j2", "styles/growth_plan.css", "charts.py"]
)
def test_a_changed_template_is_another_document(name, monkeypatch, tmp_path):
    shutil.copytree(ROOT / "reports", tmp_path / "reports", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(growth_plan, "files", tmp_path.joinpath)
    assert growth_plan.fingerprint.__wrapped__() == growth_plan.fingerprint()

    with (tmp_path / "reports" / name).open("a") as file:
        file.write(" ")
    assert growth_plan.fingerprint.__wrapped__() != growth_plan.fingerprint()


def _as_draft(data):
    plan = {name: value for name, value in data["plan"].items() if name not in ("revision", "agreed_on")}
    return data | {"format": DRAFT_FORMAT, "plan": plan, "signatures": []}


def test_a_draft_has_the_same_bytes_each_time_and_says_so_on_each_page(typical):
    draft = _as_draft(typical)
    pdf = growth_plan.render(draft)
    assert growth_plan.render(draft) == pdf
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 1
    assert [text.count("Draft, not agreed") for text in pages] == [1] * len(pages)


@pytest.mark.parametrize("part", ["revision", "agreed_on", "signatures"])
def test_a_draft_holds_nothing_of_an_agreement(typical, part):
    draft = _as_draft(typical)
    (draft if part == "signatures" else draft["plan"])[part] = typical.get(part) or typical["plan"][part]
    with pytest.raises(ReportError, match=part):
        growth_plan.check(draft)


def test_only_a_draft_leaves_something_open(typical):
    typical["objectives"][0]["due_on"] = None
    growth_plan.check(_as_draft(typical))
    with pytest.raises(ReportError, match=r"objectives\[0\]\.due_on: "):
        growth_plan.check(typical)


@pytest.fixture(
    scope="module", params=[(kind, length) for kind in ("promotion", "onboarding") for length in range(1, 7)]
)
def sheets(request):
    """The pages of a plan with 1 to 6 objectives, each as (y, font, text) from top to bottom, without its head and foot."""
    kind, length = request.param
    data = sample("typical")
    data["objectives"] = (data["objectives"] * 2)[:length]
    if kind == "onboarding":
        data |= {"plan": data["plan"] | {"kind": kind}, "attainment": None, "gaps": [], "differences": []}
        data |= {"not_applicable": []}
    pages = [_sheet(page) for page in PdfReader(io.BytesIO(growth_plan.render(data))).pages]
    return [[words for words in page if HEAD < words[0] < PAPER - FOOT] for page in pages]


PAPER, HEAD, FOOT = 1123, 60, 85  # A4 and its margins in CSS pixels


def _sheet(page):
    found = []

    def note(text, _, place, font, __):
        if text.strip():
            found.append((place[5], place[4], font["/BaseFont"], text.strip()))

    page.extract_text(visitor_text=note)
    return [(y, font, text) for y, _, font, text in sorted(found)]


def test_signatures_never_stand_alone(sheets):
    place = next(n for n, page in enumerate(sheets) if any("signed on" in text for _, _, text in page))
    texts = [text for _, _, text in sheets[place]]
    assert (
        texts.index("Check-ins and signatures") < texts.index("Day 90") < texts.index("Manager, signed on 21 Nov 2026")
    )
    assert place < len(sheets) - 1 or texts[0] != "Check-ins and signatures"


def test_no_heading_stands_at_the_foot_of_a_page(sheets):
    assert [page[-1][2] for page in sheets if "Serif" in page[-1][1]] == []


def test_no_page_but_the_last_is_half_empty(sheets):
    assert [page[-1][2] for page in sheets[:-1] if page[-1][0] < PAPER / 2] == []


def test_no_row_of_a_table_is_cut(sheets):
    """Below a head that is repeated at the top of a page, the first line is bold: it begins with the name of a skill."""
    going_on = [page for page in sheets if page[0][2] == "Skill"]
    below = [next(font for y, font, _ in page if y > page[0][0] + 1) for page in going_on]
    assert [font for font in below if "Semi-Bold" not in font] == []
