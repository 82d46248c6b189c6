"""A BigQuery on this machine, shared by all tests of a process, and nothing beyond the machine."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from dlt.destinations.impl.bigquery import bigquery as dlt_bigquery
from emulator import Emulator, emulator

from loaders.engines import engine
from loaders.settings import Settings

TOKEN = "a-token-that-nobody-may-see"
numbers = count(1)


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


@pytest.fixture(scope="session", autouse=True)
def stay_on_the_machine() -> Iterator[None]:
    """Nothing connects, or looks up a name, beyond the loopback."""

    def guarded(function: Callable) -> Callable:
        def connect(self: socket.socket, address: object) -> object:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                check_address(address[0])
            return function(self, address)

        return connect

    look_up = socket.getaddrinfo

    def guarded_look_up(host: object, *arguments: object, **options: object) -> object:
        check_address(host)
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(scope="session", autouse=True)
def soon_done() -> Iterator[None]:
    """Dlt looks once a second whether a load job is done; the emulator's is done at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dlt_bigquery, "sleep", lambda seconds: time.sleep(seconds / 50))
        yield


@pytest.fixture(scope="session")
def bigquery() -> Iterator[Emulator]:
    """A running emulator."""
    with emulator() as running:
        yield running


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


@pytest.fixture
def bq_settings(bigquery: Emulator, tmp_path: Path) -> Settings:
    """Settings of an empty BigQuery."""
    return settings_of(bigquery, tmp_path / "bigquery")


@pytest.fixture
def both(bq_settings: Settings, tmp_path: Path) -> tuple[Settings, Settings]:
    """Settings of an empty DuckDB and of an empty BigQuery."""
    on_duckdb = bq_settings.model_copy(update={"home": tmp_path / "duckdb"}).for_target("duckdb")
    return on_duckdb, bq_settings


@pytest.fixture
def ask(bq_settings: Settings) -> Callable[[str], list[dict]]:
    """Rows of a select on the empty BigQuery."""
    return lambda sql: engine(bq_settings).query(sql).to_pylist()
