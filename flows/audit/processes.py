"""Whether the process of a run is still there."""

from __future__ import annotations

import os
import socket
from datetime import datetime

from flows import defaults
from loaders.files import is_alive

# Runs that go on in this very process.
GOING_ON: set[str] = set()


def host() -> str:
    """The name of this machine."""
    return socket.gethostname()


def process_id() -> int:
    """This process."""
    return os.getpid()


def may_go_on(
    run_id: str, *, on: str | None, process: int | None, started_at: datetime, now: datetime
) -> bool:
    """Whether a run that has not said how it ended may still be going on.

    Of another machine nobody knows: there it may, for as long as a run can take.
    """
    if on != host() or process is None:
        return now - started_at < defaults.LONGEST_RUN
    if process == process_id():
        return run_id in GOING_ON
    return is_alive(process) and now - started_at < defaults.LONGEST_RUN
