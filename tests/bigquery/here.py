"""Nothing beyond this machine, and settings of a BigQuery on it."""

from __future__ import annotations

import ipaddress
import socket
from itertools import count
from pathlib import Path

from emulator import Emulator

from loaders.settings import Settings

TOKEN = "a-token-that-nobody-may-see"
numbers = count(1)
# where a busy machine is no fault
PATIENT = {"bigquery_http_timeout_seconds": 60, "bigquery_retry_deadline_seconds": 120}
# what the guard replaces
UNGUARDED = {
    "connect": socket.socket.connect,
    "connect_ex": socket.socket.connect_ex,
    "getaddrinfo": socket.getaddrinfo,
}


class LeftTheMachine(AssertionError):
    """A test asked for an address beyond the loopback."""


def check_address(host: object) -> None:
    """Raise LeftTheMachine unless this is the machine itself."""
    text = host.decode() if isinstance(host, bytes) else host
    if text in (None, "", "localhost"):
        return
    try:
        is_here = ipaddress.ip_address(text).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise LeftTheMachine(f"{text} is not this machine")


def on_duckdb(settings: Settings, home: Path) -> Settings:
    """The same settings of a DuckDB in a home of its own."""
    return settings.model_copy(update={"home": home}).for_target("duckdb")


def settings_of(running: Emulator, home: Path, **changes: object) -> Settings:
    """Settings of a project of its own, so of an empty BigQuery, with short waits."""
    given = {
        "target": "bigquery",
        "home": home,
        "bigquery_project": f"project-{next(numbers):03}",
        "bigquery_api_endpoint": running.url,
        "bigquery_method": "oauth-secrets",
        "bigquery_token": TOKEN,
        "bigquery_http_timeout_seconds": 5,
        "bigquery_retry_deadline_seconds": 10,
        "bigquery_job_retries": 0,
        "bigquery_threads": 4,
        "http_timeout_seconds": 5,
        "balldontlie_requests_per_minute": 600_000,
        "odds_api_requests_per_minute": 600_000,
    }
    return Settings(**(given | changes))
