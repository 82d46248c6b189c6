"""A BigQuery on this machine, in a process of its own, so that it can be killed like a service."""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

LISTENING = "listening on "
SERVER = Path(__file__).with_name("emulator_server.py")
PROJECT = "nba-props-test"


@dataclass(frozen=True)
class Emulator:
    """A running emulator: its address and its process."""

    url: str
    process: subprocess.Popen[str]

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
    process = subprocess.Popen(
        [sys.executable, str(SERVER), project, str(port), *kept], stdout=subprocess.PIPE, text=True
    )
    try:
        said = next((line for line in process.stdout if line.startswith(LISTENING)), None)
        if said is None:
            raise RuntimeError(f"the emulator did not start: exit code {process.wait()}")
        # what it says is read on, since a full pipe would stop it
        Thread(target=deque, args=(process.stdout, 100), daemon=True).start()
        yield Emulator(said.removeprefix(LISTENING).strip(), process)
    finally:
        process.kill()
        process.wait()
