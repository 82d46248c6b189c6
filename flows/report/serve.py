"""Serves the written report to this machine, and to nobody else."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from flows.defaults import LOOPBACK


class Quiet(SimpleHTTPRequestHandler):
    """Files of one folder; says nothing of who asked for what, and lists no folder."""

    def log_message(self, *args: object) -> None:
        """Nothing: a log of who looked is kept nowhere."""

    def list_directory(self, path: object) -> None:
        """Refuse: there is nothing to find but the pages."""
        self.send_error(404)


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of the folder on the loopback; port 0: any that is free. The caller runs it."""
    return ThreadingHTTPServer((LOOPBACK, port), partial(Quiet, directory=str(folder)))
