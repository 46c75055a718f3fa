import os
import subprocess
import sys

import pytest

from reports.child import Renderer
from reports.errors import ReportError
from tests.reports.conftest import SAMPLES

ROOT = SAMPLES.parents[2]
MINIMAL = (SAMPLES / "minimal.json").read_bytes()


@pytest.fixture(scope="module")
def renderer():
    with Renderer() as renderer:
        yield renderer


def test_fork_answers_with_the_same_bytes(renderer, typical_pdf):
    assert renderer.render("growth-plan", (SAMPLES / "typical.json").read_bytes()) == typical_pdf
    assert renderer.render("growth-plan", (SAMPLES / "typical.json").read_bytes()) == typical_pdf


def test_fault_is_one_line_and_harms_nothing(renderer):
    with pytest.raises(ReportError, match=r"^the data is not JSON$"):
        renderer.render("growth-plan", b"{")
    with pytest.raises(ReportError, match=r"^there is no such document$"):
        renderer.render("gossip", b"{}")
    assert renderer.render("growth-plan", MINIMAL).startswith(b"%PDF")


def test_late_document_is_ended_and_the_next_one_made(renderer):
    with pytest.raises(ReportError, match=r"longer than 0\.1 seconds"):
        renderer.render("growth-plan", (SAMPLES / "long.json").read_bytes(), seconds=0.1)
    assert renderer.render("growth-plan", MINIMAL).startswith(b"%PDF")


def test_nothing_stays_behind(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Renderer() as renderer, pytest.raises(ReportError):
        renderer.render("growth-plan", MINIMAL, seconds=0.01)
    assert list(tmp_path.iterdir()) == []


def _limited(code):
    """What a process within small limits says on stderr."""
    setup = "import reports.limits as l; l.CPU_SECONDS = 1; l.ADDRESS_SPACE = 1 << 28; l.limit()\n"
    command = [sys.executable, "-c", setup + code]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False).stderr


def test_processor_time_is_limited():
    assert "TimeoutError" in _limited("while True: pass")


def test_memory_is_limited():
    assert "MemoryError" in _limited("bytes(1 << 29)")


def test_command_line_says_how_it_is_used():
    done = subprocess.run([sys.executable, "-m", "reports"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")
