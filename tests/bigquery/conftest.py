"""A BigQuery on this machine, shared by all tests of a process, and nothing beyond the machine."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dlt.destinations.impl.bigquery import bigquery as dlt_bigquery
from emulator import Emulator, emulator
from here import check_address, on_duckdb, settings_of
from scan_facts import tiny_warehouse
from scan_reads import Reader
from scan_situations import catalog
from wire import days

from loaders.engines import engine
from loaders.settings import Settings


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


@pytest.fixture(scope="session")
def two_days(shared: Path, kept: Callable) -> tuple[Path, Path]:
    """The warehouse of DuckDB after the first evening, and after the second. Not to be written."""

    def make() -> tuple[Path, Path]:
        settings = Settings(home=shared / "two_days")
        with days(settings) as lived:
            lived.first()
            # the same name, because views carry it
            folder = shared / "first_day"
            folder.mkdir()
            first = Path(shutil.copy(settings.warehouse_path, folder))
            lived.second()
        return first, settings.warehouse_path

    return kept("two_days", make)


@pytest.fixture
def bq_settings(bigquery: Emulator, tmp_path: Path) -> Settings:
    """Settings of an empty BigQuery."""
    return settings_of(bigquery, tmp_path / "bigquery")


@pytest.fixture
def both(bq_settings: Settings, tmp_path: Path) -> tuple[Settings, Settings]:
    """Settings of an empty DuckDB and of an empty BigQuery."""
    return on_duckdb(bq_settings, tmp_path / "duckdb"), bq_settings


@pytest.fixture
def ask(bq_settings: Settings) -> Callable[[str], list[dict]]:
    """Rows of a select on the empty BigQuery."""
    return lambda sql: engine(bq_settings).query(sql).to_pylist()


@pytest.fixture
def connection() -> Iterator[Any]:
    """The tiny warehouse of the scan estimate, in memory."""
    with tiny_warehouse() as made:
        yield made


@pytest.fixture
def reader(connection: Any) -> Reader:
    """Tells what statements read of the tiny warehouse, whose `marts.facts` has partitions."""
    return Reader(*catalog(connection), {"marts.facts"})
