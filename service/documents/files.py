"""The PDF of a plan: rendered once in a killable process, stored by hash, served from there (decision 9 of service/README.md)."""

import os
import re
import zlib
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from reports import child
from reports.errors import NOT_READABLE, ReportError
from reports.forms import Form

OBJECTS = re.compile(rb"/Type\s*/ObjStm.{0,200}?stream\r?\n", re.DOTALL)
PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")


def key_of(data_sha256: str, form: Form = Form.A4) -> str:
    """What a PDF is stored under: the hash of its data, its form, and everything else its bytes depend on."""
    from reports.growth_plan import fingerprint  # not above: the PDF engine takes a second to load

    return sha256(f"{data_sha256}\n{form}\n{fingerprint()}".encode()).hexdigest()


def render(data: str, form: Form = Form.A4) -> bytes:
    """The PDF of canonical JSON, of a revision or a draft. Raises: reports.errors.ReportError."""
    return child.render(f"growth-plan-{form}", data.encode())


def read_data(pdf: bytes) -> bytes:
    """The data inside a PDF that anybody may have made. Raises: reports.errors.ReportError, with words for the reader."""
    if not pdf.startswith(b"%PDF-"):  # what is plainly something else starts no process
        raise ReportError(NOT_READABLE)
    return child.render("data-of", pdf)


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
    pdf = _read_file(folder, key)
    return pdf if pdf is not None and sha256(pdf).hexdigest() == pdf_sha256 else None


def draft_key(plan_id: UUID, data: str) -> str:
    """What the PDF of a draft is stored under, until its data changes or the service starts anew (`remove_drafts`)."""
    return f"draft-{plan_id}-{sha256(data.encode()).hexdigest()}"


def load_draft(folder: Path, key: str) -> bytes | None:
    """The stored PDF of a draft as it stands, or None where it is still to be made."""
    return _read_file(folder, key)


def remove_drafts(folder: Path, plan_id: UUID | None = None, *, but: str = "") -> None:
    """Take away the PDFs of drafts, of one plan or of all; the one under the key `but` stays."""
    for file in folder.glob(f"draft-{plan_id or '*'}-*.pdf"):
        if file.stem != but:
            file.unlink(missing_ok=True)


def _read_file(folder: Path, key: str) -> bytes | None:
    try:
        return (folder / f"{key}.pdf").read_bytes()
    except OSError:
        return None


def count_pages(pdf: bytes) -> int:
    """Number of pages, from the page tree, which WeasyPrint writes into a compressed stream of objects."""
    streams = [zlib.decompressobj().decompress(pdf[found.end() :]) for found in OBJECTS.finditer(pdf)]
    return max((int(one or other) for text in (pdf, *streams) for one, other in PAGES.findall(text)), default=0)
