import importlib.util
import io
import socket
from itertools import pairwise

import pytest
from jinja2 import DictLoader
from pypdf import PdfReader

from reports import growth_plan, pdf
from reports.errors import ReportError
from reports.forms import Form
from tests.reports.conftest import sample

PAGE = '<!doctype html><html lang="en"><head><title>t</title>%s</head><body><h1>x</h1>%s</body></html>'


@pytest.fixture(scope="module")
def reader(typical_pdf):
    return PdfReader(io.BytesIO(typical_pdf))


def _resolve(item):
    return item.get_object() if item is not None else None


def _elements(item):
    """Every structure element below `item`, each once."""
    item = _resolve(item)
    if isinstance(item, list):
        for kid in item:
            yield from _elements(kid)
    elif isinstance(item, dict) and "/S" in item:
        yield item
        yield from _elements(item.get("/K"))


def _structure(reader):
    return list(_elements(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))


def test_says_that_it_is_pdf_ua(reader):
    metadata = reader.trailer["/Root"]["/Metadata"].get_data()
    assert b"<pdfuaid:part>1<" in metadata or b'pdfuaid:part="1"' in metadata
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_says_that_it_is_pdf_a_3a_with_its_source_inside(reader):
    metadata = reader.trailer["/Root"]["/Metadata"].get_data()
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in metadata
    [intent] = reader.trailer["/Root"]["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    [file] = reader.trailer["/Root"]["/AF"]
    assert (file["/UF"], file["/AFRelationship"]) == ("plan.json", "/Source")
    assert file["/EF"]["/F"]["/Params"]["/ModDate"] == "D:20261121000000Z"
    assert reader.attachments["plan.json"] == [growth_plan.canonical(sample("typical")).encode()]


def test_heads_and_feet_of_pages_are_no_content(reader):
    streams = [page.get_contents().get_data() for page in reader.pages]
    assert [stream.count(b"/Type /Pagination") > 3 for stream in streams] == [True] * len(streams)


def test_streams_end_so_that_nobody_miscounts(typical_pdf):
    assert typical_pdf.count(b"\nendstream") == typical_pdf.count(b"\r\nendstream") > 20


def test_has_language_and_title(reader):
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "From Middle to Senior Product Manager: Ben Okafor, revision 2"
    assert growth_plan.data_hash(sample("typical")) in reader.metadata.subject


def test_dates_are_the_plans_not_the_clocks(reader):
    assert reader.metadata["/CreationDate"].startswith("D:20261121")
    assert "/ModDate" not in reader.metadata


def test_bookmarks_lead_from_the_plan_to_what_it_rests_on(reader):
    assert [mark.title for mark in reader.outline if not isinstance(mark, list)] == [
        "From Middle to Senior Product Manager"
    ]
    sections = next(mark for mark in reader.outline if isinstance(mark, list))
    assert [mark.title for mark in sections if not isinstance(mark, list)] == [
        "Where Ben Okafor stands",
        "The plan at a glance",
        "Objectives",
        "Check-ins and signatures",
        "Gaps to Senior",
        "Where the two views differ",
    ]


def test_every_font_is_embedded_and_a_subset(reader):
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            names.add(below["/BaseFont"].partition("+")[2])
            file = below["/FontDescriptor"].get_object()["/FontFile2"].get_object()
            assert len(file.get_data()) < 60_000
    assert len(names) == 4
    assert all(name.startswith(("Nextrung", "Source")) for name in names), names


def test_is_tagged_with_headings_in_order(reader):
    levels = [int(element["/S"][2]) for element in _structure(reader) if element["/S"] in ("/H1", "/H2", "/H3", "/H4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_table_heads_have_a_scope(reader):
    scopes = [element["/A"]["/Scope"] for element in _structure(reader) if element["/S"] == "/TH"]
    assert {"/Row", "/Column"} == set(scopes)
    heads = [e for e in _structure(reader) if e["/S"] == "/TR" and len(e["/K"]) == 6]
    assert [_resolve(cell)["/S"] for cell in heads[0]["/K"]] == ["/TH"] * 6


def test_figures_have_words(reader):
    figures = [element for element in _structure(reader) if element["/S"] == "/Figure"]
    assert len(figures) == 2
    assert figures[1]["/Alt"].startswith("Staircase of levels: Junior attained")


@pytest.fixture
def canary(tmp_path):
    path = tmp_path / "canary.txt"
    path.write_text("canary")
    return path.as_uri()


VECTORS = [
    ('<link rel="attachment" href="{}">', ""),
    ('<link rel="stylesheet" href="{}">', ""),
    ('<style>@import url("{}");</style>', ""),
    ('<style>@font-face {{ font-family: F; src: url("{}") }} h1 {{ font-family: F }}</style>', ""),
    ("", '<img alt="x" src="{}">'),
    ("", '<h1 style="background: url({})">x</h1>'),
    ("", '<h1 style="list-style: url({}); display: list-item">x</h1>'),
    ("", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title><image href="{}"/></svg>'),
    ("", '<object data="{}">x</object>'),
    ("", '<embed src="{}">'),
]


@pytest.mark.parametrize("place", ["file", "http://127.0.0.1:{}/x", "data:text/plain,x", "nextrung-font:../../pdf.py"])
@pytest.mark.parametrize(("head", "body"), VECTORS)
def test_nothing_outside_the_package_is_fetched(head, body, place, canary):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = canary if place == "file" else place.format(server.getsockname()[1])
        with pytest.raises(ReportError, match="outside the package"):
            pdf.to_pdf(PAGE % (head.format(url), body.format(url)), "")
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_same_page_would_fetch_with_the_stock_fetcher(canary, monkeypatch):
    monkeypatch.setattr(pdf.PinnedFonts, "__init__", lambda self: pdf.URLFetcher.__init__(self))
    monkeypatch.setattr(pdf.PinnedFonts, "fetch", pdf.URLFetcher.fetch)
    monkeypatch.setattr(pdf.PinnedFonts, "refused", [], raising=False)
    document = pdf.to_pdf(PAGE % (VECTORS[0][0].format(canary), ""), "")
    assert list(PdfReader(io.BytesIO(document)).attachments.values()) == [[b"canary"]]


def test_a_planted_template_that_fetches_is_refused(monkeypatch, canary, minimal):
    planted = growth_plan._templates().overlay(
        loader=DictLoader({"growth_plan.html.j2": PAGE % ("", f'<img alt="x" src="{canary}">')})
    )
    monkeypatch.setattr(growth_plan, "_templates", lambda: planted)
    with pytest.raises(ReportError, match="outside the package"):
        growth_plan.render(minimal)


def test_deep_nesting_is_a_clear_error():
    with pytest.raises(ReportError, match="nested too deeply"):
        pdf.to_pdf(PAGE % ("", "<div>" * 600), "")


def test_letter_is_another_page(minimal):
    page = PdfReader(io.BytesIO(growth_plan.render(minimal, Form.LETTER))).pages[0]
    assert [round(float(edge)) for edge in page.mediabox] == [0, 0, 612, 792]


def test_environment_is_fit():
    assert pdf.check_environment() == []


def test_environment_without_the_subsetter_is_refused(monkeypatch):
    monkeypatch.setattr(pdf.ffi, "harfbuzz_subset", None)
    assert ["libharfbuzz-subset0" in problem for problem in pdf.check_environment()] == [True]


def test_environment_without_a_font_is_refused(monkeypatch):
    monkeypatch.setitem(pdf.FONTS, "sans-regular", ("font_source_sans_pro", "files/gone.ttf"))
    assert ["files/gone.ttf" in problem for problem in pdf.check_environment()] == [True]


def test_missing_script_is_told(caplog):
    pdf.to_pdf(PAGE % ("", "<p>x\ue000</p>"), "")
    assert caplog.messages[-1].startswith("No installed font has these scripts, they print as boxes")
    assert caplog.messages[-1].endswith(": unnamed")


def test_signs_come_from_their_source():
    script = growth_plan.files("reports").joinpath("fonts/build_signs.py")
    spec = importlib.util.spec_from_file_location("build_signs", str(script))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.build() == pdf.font("signs")
