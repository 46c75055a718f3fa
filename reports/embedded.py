"""The data inside the PDF of a plan, which anybody may have made: read in the killable child, like all that is heavy."""

import io
import logging

from pypdf import PdfReader

from reports.errors import NOT_READABLE, ReportError
from reports.growth_plan import EMBEDDED
from reports.limits import MAX_INPUT

NO_DATA = "there is no data of a plan in this PDF"


def data_of(pdf: bytes) -> bytes:
    """The attached plan.json. Raises: ReportError where there is not exactly one, or it is larger than any plan may be."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends on the way is not for the reader
    if not pdf.startswith(b"%PDF-"):
        raise ReportError(NOT_READABLE)
    try:
        found = PdfReader(io.BytesIO(pdf)).attachments.get(EMBEDDED, [])
    except (MemoryError, TimeoutError):
        raise
    except Exception:  # whatever a damaged or hostile file makes of the parser
        raise ReportError(NOT_READABLE) from None
    if len(found) != 1 or len(found[0]) > MAX_INPUT:
        raise ReportError(NO_DATA)
    return found[0]
