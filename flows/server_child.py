"""`python -m flows.server_child PORT`: a Prefect server that ends with the process that started it.

Its standard input is a pipe whose other end that process holds: it closes however that one ends.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading

from flows.defaults import LOOPBACK


def _end_with_the_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    sys.argv = ["prefect", "server", "start", "--host", LOOPBACK, "--port", sys.argv[1]]
    runpy.run_module("prefect", run_name="__main__")
