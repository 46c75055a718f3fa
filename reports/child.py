"""Rendering in another process that can be killed, with little to reach for and no secrets to inherit."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Timer
from types import TracebackType
from typing import IO, cast

from reports.errors import ReportError

WALL_SECONDS = 30.0
KEPT = ("PATH", "HOME", "VIRTUAL_ENV", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "LD_LIBRARY_PATH", "XDG_CACHE_HOME")


def render(document: str, data_json: bytes, seconds: float = WALL_SECONDS) -> bytes:
    """One document ("growth-plan") as PDF. For more than one, keep a Renderer: it costs half."""
    with Renderer() as renderer:
        return renderer.render(document, data_json, seconds)


class Renderer:
    """A warm process that makes one document after another, each in a fork of its own. Threads take turns.

    It starts with the first document, and anew after one that had to be killed.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = Lock()
        self._folder = TemporaryDirectory(prefix="nextrung-pdf-")  # a killed child cannot tidy up its fonts

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def render(self, document: str, data_json: bytes, seconds: float = WALL_SECONDS) -> bytes:
        """The PDF. ReportError in one line for faulty data, a crash, the limits, or after `seconds` of wall time."""
        with self._turn:
            process = self._running()
            timer = Timer(seconds, _kill, [process])
            timer.start()
            try:
                word, body = _ask(process, document, data_json)
            except (OSError, ValueError):
                _kill(process)
                raise ReportError(f"rendering took longer than {seconds:g} seconds or broke off") from None
            finally:
                timer.cancel()
        if word != b"ok":
            raise ReportError(body.decode("utf-8", "replace"))
        return body

    def close(self) -> None:
        if self._process is not None:
            _kill(self._process)
        self._folder.cleanup()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = _start(self._folder.name)
        return self._process


def _start(folder: str) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {"LC_ALL": "C.UTF-8"}
    environment["TMPDIR"] = folder
    return subprocess.Popen(
        [sys.executable, "-m", "reports", "worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        env=environment,
        start_new_session=True,
    )


def _ask(process: subprocess.Popen[bytes], document: str, data_json: bytes) -> tuple[bytes, bytes]:
    """(b"ok" or b"error", PDF or words); OSError or ValueError when the process ended instead."""
    questions, answers = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    questions.write(f"{document} {len(data_json)}\n".encode() + data_json)
    questions.flush()
    word, size = answers.readline().split()
    body = answers.read(int(size))
    if len(body) != int(size):
        raise ValueError("cut off")
    return word, body


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and the fork at work in it, and waits until both are gone."""
    if process.poll() is None:
        with suppress(ProcessLookupError):  # it ended between the two lines
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
