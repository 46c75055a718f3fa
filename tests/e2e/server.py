"""A real server in a process of its own, which a test may kill. `python -m tests.e2e.server FOLDER PORT` is that process."""

import os
import socket
import subprocess
import sys
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import httpx

from service import clock
from service.cli import run
from service.demo import open_company, styleguide
from service.settings import ROOT


class Server:
    """Serves the company in `folder`, on a free port that it keeps when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        words = [sys.executable, "-m", "tests.e2e.server", str(self.folder), str(self.port)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=log)
        for _ in range(300):
            if self._answers():
                return
            time.sleep(0.2)
        raise AssertionError(f"The server does not answer:\n{self.log.read_text()}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)

    def kill(self) -> None:
        """As when the power goes."""
        self.process.kill()
        self.process.wait(timeout=60)

    def command(self, *words: str, typed: str = "") -> None:
        """`nextrung …` beside the running server, as whoever runs the machine types it."""
        line = [sys.executable, "-m", "service.cli", *words]
        environment = os.environ | {"NEXTRUNG_DATA_DIR": str(self.folder)}
        subprocess.run(line, cwd=ROOT, env=environment, input=typed, text=True, check=True, capture_output=True)

    def move_clock(self, days: int) -> None:
        """From now on this server, which goes on running, is so many days ahead. Whoever was signed in is so no more."""
        part = _ahead(self.folder).with_suffix(".part")
        part.write_text(str(days))
        part.replace(_ahead(self.folder))

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return httpx.get(f"{self.address}/healthz").status_code == 200
        except httpx.TransportError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _ahead(folder: Path) -> Path:
    """Holds how many days the server of this folder is ahead of the machine."""
    return folder.with_suffix(".days")


class _MovedClock(datetime):
    """What `service.clock` reads in the served process: the machine's time, and the days that the test has let pass."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        moved = _ahead(folder)
        return datetime.now(tz) + timedelta(days=int(moved.read_text()) if moved.exists() else 0)


if __name__ == "__main__":
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    clock.datetime = _MovedClock  # type: ignore[misc]
    run(*open_company(port, reset=False, folder=folder), "127.0.0.1", port, more_doors=(styleguide,))
