"""A warm process that forks once for each document: half the cost of a fresh one, and as easy to kill.

A question on stdin is the line `growth-plan 1234` and as many bytes of JSON, or `data-of 1234` and as many of PDF; the answer
on stdout is the line `ok 5678` or `error 56` and as many bytes of PDF, of JSON, or of words.
"""

import gc
import json
import os
from typing import IO

from reports import embedded, growth_plan
from reports.errors import ReportError
from reports.forms import DOCUMENTS
from reports.limits import ADDRESS_SPACE, CPU_SECONDS, MAX_INPUT, limit


def make(document: str, source: bytes) -> bytes:
    """The PDF, or the data of one; whatever goes wrong is a ReportError of one line that holds nothing of the data."""
    try:
        return _make(document, source)
    except ReportError:
        raise
    except TimeoutError:
        raise ReportError(f"rendering took longer than {CPU_SECONDS} seconds of processor time") from None
    except MemoryError:
        raise ReportError(f"rendering needed more than {ADDRESS_SPACE >> 20} MiB of memory") from None
    except Exception as error:  # a library gave up, often for want of memory; its words may hold the person's data
        raise ReportError(f"rendering failed ({type(error).__name__})") from None


def _make(document: str, source: bytes) -> bytes:
    if document == "data-of":
        return embedded.data_of(source)
    if document not in DOCUMENTS:
        raise ReportError("there is no such document")
    if len(source) > MAX_INPUT:
        raise ReportError(f"the data is larger than {MAX_INPUT >> 20} MiB")
    try:
        data = json.loads(source)
    except (ValueError, RecursionError):
        raise ReportError("the data is not JSON") from None
    return growth_plan.render(data, DOCUMENTS[document])


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answers until the asking side closes, or dies."""
    growth_plan.warm_up()
    gc.collect()
    gc.freeze()
    while line := questions.readline():
        document, size = line.split()
        answer = _in_child(document.decode(), questions.read(int(size)))
        answers.write(answer)
        answers.flush()


def _in_child(document: str, source: bytes) -> bytes:
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        _answer(document, source, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    return answer if status == 0 else framed("error", b"rendering was ended by the limits of the machine")


def _answer(document: str, source: bytes, writing: int) -> None:
    """In the child: never returns, and leaves the parent's temporary fonts alone."""
    try:
        limit()
        try:
            answer = framed("ok", make(document, source))
        except ReportError as error:
            answer = framed("error", str(error).encode())
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
        os._exit(0)
    finally:
        os._exit(1)


def framed(word: str, body: bytes) -> bytes:
    return f"{word} {len(body)}\n".encode() + body
