"""A revision's PDF: rendered once in a killable process, stored by hash, served from there (decision 9 of service/README.md)."""

import json
import os
import re
import zlib
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

from reports import child, contract
from reports.contract import GrowthPlan

OBJECTS = re.compile(rb"/Type\s*/ObjStm.{0,200}?stream\r?\n", re.DOTALL)
PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")


class DraftHead(contract.Plan):
    agreed_on: Literal[""]  # type: ignore[assignment]


class DraftResult(contract.KeyResult):
    target: contract.Text | None  # type: ignore[assignment]
    due_on: contract.Day | None  # type: ignore[assignment]


class DraftObjective(contract.Objective):
    due_on: contract.Day | None  # type: ignore[assignment]
    key_results: list[DraftResult]  # type: ignore[assignment]


class DraftText(GrowthPlan):
    """A plan on its way to being agreed: the same parts, of which some may still be open."""

    plan: DraftHead
    objectives: list[DraftObjective]  # type: ignore[assignment]


def key_of(data_sha256: str) -> str:
    """What a PDF is stored under: the hash of its data and of everything else its bytes depend on."""
    from reports.growth_plan import fingerprint  # not above: the PDF engine takes a second to load

    return sha256(f"{data_sha256}\n{fingerprint()}".encode()).hexdigest()


def read(data: str) -> GrowthPlan:
    """The parts of a revision's canonical JSON, as the PDF prints them."""
    return GrowthPlan.model_validate(json.loads(data))


def read_draft(data: str) -> DraftText:
    """The same of a draft's canonical JSON, to look at before agreeing. It is not stored."""
    return DraftText.model_validate(json.loads(data))


def render(data: str) -> bytes:
    """The PDF of a revision's canonical JSON. Raises: reports.errors.ReportError."""
    return child.render("growth-plan", data.encode())


def store(folder: Path, key: str, pdf: bytes) -> None:
    """Keep a PDF under its key: whole or not at all, whatever happens on the way."""
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=".new-", delete=False) as file:
        file.write(pdf)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(folder / f"{key}.pdf")


def load(folder: Path, key: str, pdf_sha256: str) -> bytes | None:
    """The stored PDF, or None where it is missing or not the bytes that were stored."""
    try:
        pdf = (folder / f"{key}.pdf").read_bytes()
    except OSError:
        return None
    return pdf if sha256(pdf).hexdigest() == pdf_sha256 else None


def count_pages(pdf: bytes) -> int:
    """Number of pages, from the page tree, which WeasyPrint writes into a compressed stream of objects."""
    streams = [zlib.decompressobj().decompress(pdf[found.end() :]) for found in OBJECTS.finditer(pdf)]
    return max((int(one or other) for text in (pdf, *streams) for one, other in PAGES.findall(text)), default=0)
