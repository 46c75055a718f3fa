"""The data inside a PDF, read from files that anybody may have made."""

import io
import json
import random

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pypdf import PdfWriter

from reports import growth_plan, schema, worker
from reports.child import Renderer
from reports.errors import ReportError
from reports.limits import MAX_INPUT
from tests.reports.conftest import sample
from tests.reports.plans import TEN


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return growth_plan.render(sample("minimal"))


def with_files(*texts: bytes) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for text in texts:
        writer.add_attachment("plan.json", text)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_it_is_the_canonical_data_byte_for_byte(pdf: bytes) -> None:
    assert worker.make("data-of", pdf) == growth_plan.canonical(sample("minimal")).encode()


def test_the_child_reads_it_too(pdf: bytes) -> None:
    with Renderer() as renderer:
        assert renderer.render("data-of", pdf) == growth_plan.canonical(sample("minimal")).encode()
        with pytest.raises(ReportError, match="not a PDF"):
            renderer.render("data-of", b"\x00" * 1000)


@pytest.mark.parametrize("source", [b"", b"PK\x03\x04", b"%PDF-1.7", b"%PDF-1.7\n" + b"1 0 obj << /Type " * 9000])
def test_what_is_no_pdf_is_told(source: bytes) -> None:
    with pytest.raises(ReportError, match="this is not a PDF that can be read"):
        worker.make("data-of", source)


def test_without_exactly_one_plan_there_is_no_data() -> None:
    assert worker.make("data-of", with_files(b"{}")) == b"{}"
    for source in (with_files(), with_files(b"{}", b"[]"), with_files(b" " * (MAX_INPUT + 1))):
        with pytest.raises(ReportError, match="there is no data of a plan"):
            worker.make("data-of", source)


def test_a_damaged_file_never_does_more_than_fail(pdf: bytes) -> None:
    chance = random.Random(7)  # noqa: S311
    answers = set()
    for _ in range(60):
        harmed = bytearray(pdf[: chance.randrange(len(pdf))])
        for _ in range(20):
            harmed[chance.randrange(len(harmed))] = chance.randrange(256)
        try:
            worker.make("data-of", bytes(harmed))
        except ReportError as error:
            answers.add(str(error))
    assert answers <= {"this is not a PDF that can be read", "there is no data of a plan in this PDF"}


def test_a_draft_takes_no_data_along() -> None:
    data = sample("minimal")
    plan = {name: data["plan"][name] for name in ("id", "kind", "title", "start_on")}
    draft = data | {"format": "nextrung-growth-plan-draft/1", "plan": plan, "signatures": []}
    with pytest.raises(ReportError, match="there is no data of a plan"):
        worker.make("data-of", growth_plan.render(draft))


def test_the_published_schema_is_that_of_the_contract() -> None:
    assert schema.published() == schema.text(), "python -m reports schema > reports/schemas/growth-plan-1.json"


def test_the_schema_says_what_the_contract_says() -> None:
    validator = Draft202012Validator(json.loads(schema.published()), format_checker=FormatChecker())
    for make in TEN.values():
        assert list(validator.iter_errors(make())) == []
    for wrong in ({"surprise": 1}, {"format": "nextrung-growth-plan/2"}, {"objectives": [{}]}, {"plan": {"id": "x"}}):
        assert not validator.is_valid(sample("typical") | wrong)
