"""A BigQuery on this machine, in a process of its own, so that it can be killed like a service."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

LISTENING = "listening on "
SERVER = Path(__file__).with_name("emulator_server.py")
DUMP_SECONDS = 60
PROJECT = "nba-props-test"


@dataclass(frozen=True)
class Emulator:
    """A running emulator: its address and its process."""

    url: str
    process: subprocess.Popen[str]
    dumped: Path

    def dump(self, path: Path, project: str) -> Path:
        """All tables of a project, as `<project>__<dataset>.<table>` of a DuckDB file."""
        self.dumped.with_suffix(".project").write_text(project)
        self.process.send_signal(signal.SIGUSR1)
        give_up_at = time.monotonic() + DUMP_SECONDS
        while not self.dumped.exists():
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError("the emulator does not write its tables")
            time.sleep(0.05)
        return Path(shutil.move(self.dumped, path))

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def emulator(
    project: str = PROJECT, port: int = 0, folder: Path | None = None
) -> Iterator[Emulator]:
    """An emulator, listening on loopback only; ended with the block.

    folder: what it holds is kept there and found again by the next one; without, it starts empty.
    """
    kept = [str(folder)] if folder else []
    scratch = tempfile.TemporaryDirectory()
    dumped = Path(scratch.name) / "dump.duckdb"
    process = subprocess.Popen(
        [sys.executable, str(SERVER), project, str(port), *kept],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DUMP": str(dumped)},
    )
    try:
        said = next((line for line in process.stdout if line.startswith(LISTENING)), None)
        if said is None:
            raise RuntimeError(f"the emulator did not start: exit code {process.wait()}")
        # what it says is read on, since a full pipe would stop it
        Thread(target=deque, args=(process.stdout, 100), daemon=True).start()
        yield Emulator(said.removeprefix(LISTENING).strip(), process, dumped)
    finally:
        process.kill()
        process.wait()
        scratch.cleanup()
