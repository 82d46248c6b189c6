"""A server on this machine that takes notifications, as a chat would."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from pydantic import SecretStr
from small_league import League

from loaders.settings import Settings

TOKEN = "hook-secret-0123456789"


class Webhook(HTTPServer):
    """Takes notifications, or answers with `status` that it does not."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[dict[str, str]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{TOKEN}"

    def of(self, rule: str) -> list[str]:
        """The subjects of the calls that a rule made."""
        return [one["subject"] for one in self.calls if f": {rule} (" in one["subject"]]


class _Handler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status == 200:
            self.server.calls.append(told)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def listening() -> Iterator[Webhook]:
    """A webhook that is served while the block runs."""
    with Webhook() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def told_to(webhook: Webhook, home: Path) -> Settings:
    """Settings of a home whose alarms go to the webhook."""
    return Settings(home=home, lock_wait_seconds=0.2, alert_webhook=SecretStr(webhook.url))


def copied(built: League, home: Path, webhook: Webhook) -> League:
    """A copy of the league to do harm to."""
    shutil.copy(built.settings.warehouse_path, home)
    return League(told_to(webhook, home), built.manifest)
